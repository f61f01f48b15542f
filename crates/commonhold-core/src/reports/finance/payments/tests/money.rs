//! Funds, payment files, statements, leases.

use super::*;

#[test]
fn money_under_a_restriction_stays_there() {
    let mut facts = facts();
    facts.put(id(BILL), Expense { fund: id(GRANT), ..bill("10.00 EUR") });
    facts.say(50, ANN, Kind::Expense, id(BILL), "approve");
    let desk = Desk::new(facts.clone());
    let reason = desk.reason(&id(BILL));
    assert!(reason.contains("grant-mirrors") && reason.contains("Mirrors in three countries"));
    assert!(!desk.expenses[&id(BILL)].may_pay());
    let decided = Expense { fund: id(GRANT), decision: Some("Vote 7".into()), ..bill("10.00 EUR") };
    facts.put(id(BILL), decided);
    facts.words.clear();
    facts.say(50, ANN, Kind::Expense, id(BILL), "approve");
    assert!(Desk::new(facts.clone()).expenses[&id(BILL)].may_pay());
    facts.funds.get_mut(&id(GRANT)).unwrap().until = Some(day("2026-06-30"));
    assert!(Desk::new(facts).reason(&id(BILL)).contains("until 2026-06-30"));
}

#[test]
fn money_runs_out_in_the_order_bills_are_due() {
    let mut facts = facts();
    for (n, due) in [(40, "2026-07-09"), (41, "2026-07-05"), (42, "2026-07-20")] {
        facts.put(id(n), Expense { due: Some(day(due)), ..bill("400.00 EUR") });
        facts.say(n + 10, ANN, Kind::Expense, id(n), "approve");
    }
    let desk = Desk::new(facts.clone());
    let chosen = desk.in_order(&[id(42), id(40), id(41)]);
    let ids: Vec<RecordId> = chosen.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, [id(41), id(40), id(42)]);
    let why = chosen[2].1.clone().unwrap();
    assert!(why.contains("200.00 EUR is left") && why.contains("400.00 EUR"), "{why}");
    // What is in a payment file is spoken for.
    facts.batch(70, id(40), "400.00 EUR");
    facts.batch(71, id(41), "400.00 EUR");
    let desk = Desk::new(facts);
    assert!(!desk.expenses[&id(42)].may_pay());
    assert!(desk.reason(&id(42)).contains("runs out"));
}

#[test]
fn a_bill_goes_from_file_to_statement() {
    let mut facts = one_bill("480.00 EUR");
    facts.say(50, ANN, Kind::Expense, id(BILL), "approve");
    facts.batch(70, id(BILL), "480.00 EUR");
    assert_eq!(facts.state().0, ExpenseState::InBatch);
    assert!(Desk::new(facts.clone()).reason(&id(BILL)).contains("not sent until a statement"));
    facts.outcome(80, "sent", Some(70));
    assert_eq!(facts.state().0, ExpenseState::Sent);
    let mut refused = facts.clone();
    refused.outcome(81, "rejected", None);
    assert_eq!(refused.state().0, ExpenseState::Refused);
    let desk = Desk::new(refused.clone());
    assert!(desk.reason(&id(BILL)).contains("AC04"));
    // It may go into another file, and that is no double payment.
    assert!(desk.expenses[&id(BILL)].may_pay());
    refused.batch(71, id(BILL), "480.00 EUR");
    refused.batches.get_mut(&id(71)).unwrap().0.written = Some(Time(NOW.0 + 100));
    let desk = Desk::new(refused);
    assert_eq!(desk.expenses[&id(BILL)].state, ExpenseState::InBatch);
    assert!(!desk.expenses[&id(BILL)].double);
    facts.pay(90, 20_000);
    assert_eq!(facts.state().0, ExpenseState::Partial);
    facts.pay(91, 28_000);
    assert_eq!(facts.state().0, ExpenseState::Paid);
    assert!(!Desk::new(facts.clone()).expenses[&id(BILL)].double, "two halves are one whole");
    facts.pay(92, 48_000);
    assert!(Desk::new(facts.clone()).alarms()[0].contains("paid more than once"));
    facts.pay(93, -48_000);
    assert!(!Desk::new(facts.clone()).expenses[&id(BILL)].double, "given back");
    facts.pay(94, -48_000);
    assert_eq!(facts.state().0, ExpenseState::Returned);
}

#[test]
fn two_files_with_one_bill_are_an_alarm_until_one_is_withdrawn() {
    let mut facts = one_bill("480.00 EUR");
    facts.batch(70, id(BILL), "480.00 EUR");
    facts.batch(71, id(BILL), "480.00 EUR");
    let alarms = Desk::new(facts.clone()).alarms();
    assert!(alarms[0].contains("hash-70") && alarms[0].contains("hash-71"), "{alarms:?}");
    facts.batches.get_mut(&id(71)).unwrap().1 = true;
    assert!(Desk::new(facts.clone()).alarms().is_empty());
    // What was changed after it went into the file is said.
    facts.put(id(BILL), bill("840.00 EUR"));
    assert!(Desk::new(facts).alarms()[0].contains("480.00 EUR"));
}

#[test]
fn the_lease_taken_last_is_followed_and_rivals_are_named() {
    let lease = |n: u8, from: i64, days: i64, over: Option<u8>| {
        let at = |days: i64| Some(Time(NOW.0 + days * 86_400_000));
        let (from, until) = (at(from), at(from + days));
        (id(n), Lease { person: id(n), from, until, takes_over: over.map(id), ..Lease::default() })
    };
    let of = |all: &[(RecordId, Lease)]| {
        let found = leases(all, NOW);
        (found.holder.map(|(id, _)| id), found.rivals.len())
    };
    assert_eq!(of(&[]), (None, 0));
    assert_eq!(of(&[lease(1, -30, 30, None)]), (None, 0), "over");
    assert_eq!(of(&[lease(1, 2, 30, None)]), (None, 0), "to come");
    assert_eq!(of(&[lease(1, 1, 30, None)]), (Some(id(1)), 0), "a clock that is ahead");
    assert_eq!(of(&[lease(1, -3, 30, None), lease(2, -1, 30, Some(1))]), (Some(id(2)), 0));
    assert_eq!(of(&[lease(2, -1, 30, None), lease(1, -3, 30, None)]), (Some(id(2)), 1));
    assert_eq!(of(&[lease(1, -1, 30, None), lease(2, -1, 30, None)]), (Some(id(2)), 1));
    // What took it over has ended: the first holds again.
    assert_eq!(of(&[lease(1, -9, 30, None), lease(2, -8, 2, Some(1))]), (Some(id(1)), 0));
    assert_eq!(of(&[lease(1, -2, 30, Some(2)), lease(2, -1, 30, Some(1))]), (Some(id(2)), 1));
}
