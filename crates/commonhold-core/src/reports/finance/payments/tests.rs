use super::occurrences::of_key;
use super::*;
use crate::authority::Role;
use crate::date::{Date, Time};
use crate::id::{BookId, RecordId, mint};
use crate::json::{self, Fields};
use crate::money::{Currency, Money};
use crate::records::Kind;
use crate::records::finance::approval::Approval;
use crate::records::finance::batch::Batch;
use crate::records::finance::expense::Expense;
use crate::records::finance::fund::Fund;
use crate::records::finance::lease::Lease;
use crate::records::finance::outcome::Outcome;
use crate::records::finance::payee::Payee;
use crate::records::finance::policy::Policy;
use crate::records::finance::schedule::Schedule;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

const NOW: Time = Time(1_782_864_000_000); // 2026-07-01T00:00:00Z

fn id(n: u8) -> RecordId {
    mint(1_782_864_000_000, [n; 10])
}

const ANN: u8 = 1;
const BEN: u8 = 2;
const CLEO: u8 = 3;
const PAYEE: u8 = 10;
const CLEOS: u8 = 11;
const FUND: u8 = 20;
const GRANT: u8 = 21;
const ACCOUNT: u8 = 30;
const BILL: u8 = 40;
const PLAN: u8 = 41;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

/// Ann, Ben and Cleo in leadership; 1,000 EUR without and with a restriction.
fn facts() -> Facts {
    let roles = BTreeSet::from([Role::Leadership]);
    let people = [(ANN, "Ann"), (BEN, "Ben"), (CLEO, "Cleo")];
    let fund = |name: &str, restriction: &str| Fund {
        name: name.into(),
        restriction: restriction.into(),
        purpose: "Mirrors in three countries.".into(),
        ..Fund::default()
    };
    let payee = |name: &str, person: Option<RecordId>| Payee {
        name: name.into(),
        person,
        ..Payee::default()
    };
    Facts {
        now: NOW,
        book: BookId([7; 32]),
        currency: Currency::EUR,
        policy: None,
        team: Team { members: people.map(|(n, _)| (id(n), roles.clone())).into() },
        names: people.map(|(n, name)| (id(n), name.to_owned())).into(),
        funds: [
            (id(FUND), fund("general", "unrestricted")),
            (id(GRANT), fund("grant-mirrors", "donor-restricted")),
        ]
        .into(),
        accounts: [(id(ACCOUNT), "Expenses:Hosting".to_owned())].into(),
        cash: [((id(FUND), Currency::EUR), 100_000), ((id(GRANT), Currency::EUR), 100_000)].into(),
        payees: [(id(PAYEE), payee("Hosting", None)), (id(CLEOS), payee("Cleo", Some(id(CLEO))))]
            .into(),
        schedules: BTreeMap::new(),
        expenses: BTreeMap::new(),
        words: BTreeMap::new(),
        batches: BTreeMap::new(),
        outcomes: BTreeMap::new(),
        leases: Vec::new(),
        paid: BTreeMap::new(),
    }
}

fn fields_of(record: &impl serde::Serialize) -> Fields {
    json::fields(record)
}

fn bill(amount: &str) -> Expense {
    Expense {
        payee: id(PAYEE),
        narration: "Cables".into(),
        expense_type: "bill".into(),
        amount: Some(money(amount)),
        account: id(ACCOUNT),
        fund: id(FUND),
        due: Some(day("2026-07-05")),
        submitter: Some(id(CLEO)),
        ..Expense::default()
    }
}

impl Facts {
    fn put(&mut self, n: RecordId, expense: Expense) {
        let content = content(Kind::Expense, &fields_of(&expense));
        let in_rules = expense.amount;
        self.expenses.insert(n, Item { record: expense, content, in_rules, ..Item::default() });
    }

    fn plan(&mut self, schedule: Schedule) {
        let content = content(Kind::Schedule, &fields_of(&schedule));
        let in_rules = schedule.limit_per_occurrence.or(schedule.amount);
        let item = Item { record: schedule, content, in_rules, ..Item::default() };
        self.schedules.insert(id(PLAN), item);
    }

    fn say(&mut self, n: u8, who: u8, kind: Kind, target: RecordId, verdict: &str) {
        let content = match kind {
            Kind::Schedule => self.schedules[&target].content.clone(),
            _ => self.expenses[&target].content.clone(),
        };
        let word = Approval {
            kind: kind.name().into(),
            target,
            person: id(who),
            verdict: verdict.into(),
            content: Some(content),
            ..Approval::default()
        };
        self.words.entry(target).or_default().push((id(n), word));
    }

    fn batch(&mut self, n: u8, expense: RecordId, amount: &str) {
        let batch = Batch {
            person: id(ANN),
            device: "ab".repeat(32),
            expenses: vec![expense.to_string()],
            amounts: vec![amount.into()],
            file_sha256: format!("hash-{n}"),
            written: Some(NOW),
            ..Batch::default()
        };
        self.batches.insert(id(n), (batch, false));
    }

    fn outcome(&mut self, n: u8, result: &str, batch: Option<u8>) {
        let outcome = Outcome {
            expense: id(BILL),
            batch: batch.map(id),
            result: result.into(),
            code: (result == "rejected").then(|| "AC04".into()),
            person: id(ANN),
            at: Some(Time(NOW.0 + i64::from(n))),
            ..Outcome::default()
        };
        self.outcomes.entry(id(BILL)).or_default().push((id(n), outcome));
    }

    fn pay(&mut self, n: u8, minor: i64) {
        let line = PaidLine { transaction: id(n), paid: Some(minor) };
        self.paid.entry(id(BILL)).or_default().push(line);
    }

    fn state(&self) -> (ExpenseState, u32) {
        let desk = Desk::new(self.clone());
        let standing = &desk.expenses[&id(BILL)];
        (standing.state, standing.needs())
    }
}

fn one_bill(amount: &str) -> Facts {
    let mut facts = facts();
    facts.put(id(BILL), bill(amount));
    facts
}

fn hosting() -> Schedule {
    Schedule {
        payee: id(PAYEE),
        narration: "Hosting".into(),
        amount: Some(money("412.35 EUR")),
        amount_is: "fixed".into(),
        account: id(ACCOUNT),
        fund: id(FUND),
        rule: "monthly".into(),
        from: Some(day("2026-07-05")),
        limit_per_occurrence: Some(money("450.00 EUR")),
        ..Schedule::default()
    }
}

fn due(schedule: &Schedule, from: &str, to: &str) -> Vec<String> {
    due_dates(schedule, day(from), day(to)).iter().map(Date::to_string).collect()
}

#[test]
fn months_are_counted_from_the_first_day() {
    let mut plan = Schedule { from: Some(day("2026-01-31")), ..hosting() };
    let months = ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"];
    assert_eq!(due(&plan, "2026-01-01", "2026-05-01"), months);
    assert_eq!(due(&plan, "2026-03-01", "2026-03-31"), ["2026-03-31"]);
    plan.rule = "quarterly".into();
    assert_eq!(due(&plan, "2026-02-01", "2026-12-31"), ["2026-04-30", "2026-07-31", "2026-10-31"]);
    plan.rule = "yearly".into();
    plan.from = Some(day("2024-02-29"));
    let years = ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"];
    assert_eq!(due(&plan, "2020-01-01", "2028-12-31"), years);
    plan.rule = "weekly".into();
    plan.until = Some(day("2024-03-14"));
    assert_eq!(due(&plan, "2024-03-01", "2030-01-01"), ["2024-03-07", "2024-03-14"]);
    assert_eq!(next_due(&plan, day("2024-03-08")), Some(day("2024-03-14")));
    assert_eq!(next_due(&plan, day("2024-03-15")), None);
    plan.rule = "never".into();
    assert!(due(&plan, "2020-01-01", "2030-01-01").is_empty());
}

#[test]
fn the_ends_of_the_calendar_end_the_list() {
    let plan = Schedule { from: Some(day("9999-11-30")), ..hosting() };
    assert_eq!(due(&plan, "0001-01-01", "9999-12-31"), ["9999-11-30", "9999-12-30"]);
    let plan = Schedule { from: Some(day("0001-01-01")), rule: "weekly".into(), ..hosting() };
    assert_eq!(due(&plan, "0001-01-01", "9999-12-31").len(), 1_000);
    assert!(due(&plan, "9999-01-01", "9999-12-31").is_empty());
}

#[test]
fn an_occurrence_has_one_name_everywhere() {
    let book = BookId([7; 32]);
    let expense = occurrence(&id(PLAN), &hosting(), day("2026-07-05"));
    let name = expense_id(&book, &id(PLAN), day("2026-07-05"));
    let judged = (Kind::Expense.info().judge)(&fields_of(&expense));
    assert!(judged.problems.is_empty(), "{:?}", judged.problems);
    assert_eq!(name, Kind::Expense.info().id(&book, &judged, id(99)));
    let end_to_end = end_to_end_id(&name, &expense);
    let key = format!("{}|2026-07-05", id(PLAN));
    assert_eq!(end_to_end, of_key(&key).simple().to_string().to_uppercase());
    assert_eq!(end_to_end.len(), 32);
    // UUIDv5 as RFC 9562 has it, worked out elsewhere.
    let known = of_key("5f1d7f2e-hosting|2026-07-05").simple().to_string();
    assert_eq!(known, "fb74b702791a51dbb14b38f7068fcec5");
    let single = bill("1.00 EUR");
    let own = id(BILL).simple().to_string().to_uppercase();
    assert_eq!(end_to_end_id(&id(BILL), &single), own);
}

#[test]
fn a_content_is_what_is_approved_and_nothing_else() {
    let base = fields_of(&bill("480.00 EUR"));
    let of = |change: serde_json::Value| {
        let mut fields = base.clone();
        fields.extend(change.as_object().cloned().unwrap());
        content(Kind::Expense, &fields)
    };
    let approved = of(json!({}));
    assert_eq!(approved.len(), 64);
    assert_eq!(of(json!({"documents": [], "reference": null})), approved);
    assert_eq!(of(json!({"basis": "A remark", "unknown": 1})), approved);
    for change in [
        json!({"amount": "840.00 EUR"}),
        json!({"payee": id(CLEOS)}),
        json!({"fund": id(GRANT)}),
        json!({"documents": ["ab"]}),
        json!({"submitter": id(ANN)}),
        json!({"decision": "Vote 7"}),
        json!({"type": "in-kind"}),
    ] {
        assert_ne!(of(change.clone()), approved, "{change}");
    }
    let schedule = fields_of(&hosting());
    assert_ne!(content(Kind::Schedule, &schedule), content(Kind::Expense, &schedule));
    let close = json!({"sha256": "aa", "note": "x"});
    let other = json!({"sha256": "aa", "note": "y"});
    let of_close = |value: &serde_json::Value| content(Kind::Close, value.as_object().unwrap());
    assert_eq!(of_close(&close), of_close(&other));
}

#[test]
fn the_rules_say_how_many() {
    let built_in = Rules::of(None, Currency::EUR);
    assert!(built_in.is_default);
    for (amount, needed) in [("500.00 EUR", 1), ("500.01 EUR", 2), ("90000.00 EUR", 2)] {
        assert_eq!(built_in.approvals_for(Some(money(amount))), needed, "{amount}");
    }
    assert_eq!(Rules::of(None, "JPY".parse().unwrap()).one_up_to.to_string(), "500 JPY");
    let policy = Policy {
        one_up_to: Some(money("100.00 EUR")),
        two_up_to: Some(money("1000.00 EUR")),
        ..Policy::default()
    };
    let own = Rules::of(Some(&policy), Currency::EUR);
    for (amount, needed) in [("100.00 EUR", 1), ("1000.00 EUR", 2), ("1000.01 EUR", 3)] {
        assert_eq!(own.approvals_for(Some(money(amount))), needed, "{amount}");
    }
    // Without a price as many as the rules ever ask for.
    assert_eq!(own.approvals_for(None), 3);
    assert_eq!(own.approvals_for(Some(money("1.00 USD"))), 3);
    assert!(own.sentence().contains("100.00 EUR"));
}

#[test]
fn nobody_approves_their_own_and_a_change_voids_what_was_said() {
    let mut facts = one_bill("480.00 EUR");
    facts.say(50, CLEO, Kind::Expense, id(BILL), "approve");
    let desk = Desk::new(facts.clone());
    let void = desk.expenses[&id(BILL)].decision.words[0].void.clone().unwrap();
    assert!(void.contains("handed in"), "{void}");
    assert_eq!(facts.state(), (ExpenseState::Proposed, 1));
    facts.say(51, ANN, Kind::Expense, id(BILL), "approve");
    assert_eq!(facts.state(), (ExpenseState::Approved, 0));
    facts.put(id(BILL), bill("840.00 EUR"));
    assert_eq!(facts.state(), (ExpenseState::Proposed, 2));
    let desk = Desk::new(facts.clone());
    let words = &desk.expenses[&id(BILL)].decision.words;
    assert!(words.iter().all(|word| word.void.as_ref().is_some_and(|v| v.contains("content"))));
    // Who is paid is no more entitled than who handed it in.
    let mut own = bill("10.00 EUR");
    (own.payee, own.submitter) = (id(CLEOS), Some(id(ANN)));
    facts.put(id(BILL), own);
    assert!(Desk::new(facts).barred_from_expense(&id(BILL), &id(CLEO)).is_some());
}

#[test]
fn an_approval_and_a_rejection_hold_whatever_came_first() {
    for order in
        [[(50, ANN, "approve"), (51, BEN, "reject")], [(51, BEN, "reject"), (50, ANN, "approve")]]
    {
        let mut facts = one_bill("840.00 EUR");
        for (n, who, verdict) in order {
            facts.say(n, who, Kind::Expense, id(BILL), verdict);
        }
        assert_eq!(facts.state().0, ExpenseState::Held);
        let reason = Desk::new(facts).reason(&id(BILL));
        assert!(reason.contains("Ann") && reason.contains("Ben"), "{reason}");
    }
    let mut facts = one_bill("840.00 EUR");
    facts.say(51, BEN, Kind::Expense, id(BILL), "reject");
    assert_eq!(facts.state().0, ExpenseState::Rejected);
}

#[test]
fn a_small_team_needs_all_others_and_a_founder_alone_is_seen_to_be() {
    let mut facts = one_bill("840.00 EUR");
    facts.team.members.remove(&id(BEN));
    facts.say(50, ANN, Kind::Expense, id(BILL), "approve");
    assert_eq!(facts.state(), (ExpenseState::Approved, 0));
    facts.team.members.remove(&id(ANN));
    facts.words.clear();
    facts.say(50, CLEO, Kind::Expense, id(BILL), "approve");
    assert_eq!(facts.state(), (ExpenseState::Approved, 0));
    assert!(Desk::new(facts.clone()).expenses[&id(BILL)].one_person_only);
    // As soon as somebody else belongs, one's own word is none.
    facts.team.members.insert(id(ANN), BTreeSet::new());
    assert_eq!(facts.state(), (ExpenseState::Proposed, 1));
    assert!(Desk::new(facts).reason(&id(BILL)).contains("Nobody here may give one"));
}

#[test]
fn without_a_submitter_a_second_looks() {
    let mut facts = facts();
    facts.put(id(BILL), Expense { submitter: None, ..bill("10.00 EUR") });
    facts.say(50, ANN, Kind::Expense, id(BILL), "approve");
    assert_eq!(facts.state(), (ExpenseState::Proposed, 1));
}

/// Facts with an approved schedule and its bill of July.
fn approved_plan(plan: Schedule) -> (Facts, RecordId) {
    let mut facts = facts();
    facts.plan(plan.clone());
    facts.say(60, ANN, Kind::Schedule, id(PLAN), "approve");
    let july = expense_id(&facts.book, &id(PLAN), day("2026-07-05"));
    facts.put(july, occurrence(&id(PLAN), &plan, day("2026-07-05")));
    (facts, july)
}

fn reached(facts: &Facts, bill: &RecordId) -> Option<String> {
    let desk = Desk::new(facts.clone());
    let standing = &desk.expenses[bill];
    assert_eq!(standing.preapproved, standing.not_preapproved.is_none());
    assert_eq!(standing.state == ExpenseState::Approved, standing.preapproved);
    standing.not_preapproved.clone()
}

#[test]
fn a_schedule_approves_its_own_bills_within_its_limits() {
    let (facts, july) = approved_plan(hosting());
    assert_eq!(reached(&facts, &july), None);
    assert!(Desk::new(facts.clone()).expenses[&july].may_pay());
    type Change = fn(&mut Expense);
    let changes: [(Change, &str); 5] = [
        (|e| e.amount = Some("412.36 EUR".parse().unwrap()), "412.35"),
        (|e| e.payee = id(CLEOS), "payee"),
        (|e| e.fund = id(GRANT), "fund"),
        (|e| e.amount = Some("412.35 USD".parse().unwrap()), "currency"),
        (|e| e.occurrence = Some("2026-07-06".parse().unwrap()), "no bill"),
    ];
    for (change, said) in changes {
        let mut changed = facts.clone();
        let mut expense = changed.expenses[&july].record.clone();
        change(&mut expense);
        changed.put(july, expense);
        let why = reached(&changed, &july).unwrap();
        assert!(why.contains(said), "{why}");
    }
    // The same bill under another id is none of the schedule's.
    let mut copied = facts.clone();
    copied.put(id(BILL), facts.expenses[&july].record.clone());
    assert!(reached(&copied, &id(BILL)).unwrap().contains("no bill of its own"));
    // A rejection of the one bill holds it.
    let mut held = facts.clone();
    held.say(61, BEN, Kind::Expense, july, "reject");
    assert_eq!(Desk::new(held).expenses[&july].state, ExpenseState::Held);
}

#[test]
fn limits_of_a_schedule_hold() {
    let (facts, july) =
        approved_plan(Schedule { limit_per_occurrence: Some(money("400.00 EUR")), ..hosting() });
    assert!(reached(&facts, &july).unwrap().contains("400.00"));
    let expired = Schedule { expires: Some(day("2026-07-04")), ..hosting() };
    let (facts, july) = approved_plan(expired);
    assert!(reached(&facts, &july).unwrap().contains("expired"));
    // Two bills of the year fit, the third does not, in whatever order they were prepared.
    let yearly = Schedule { limit_per_year: Some(money("900.00 EUR")), ..hosting() };
    let (mut facts, july) = approved_plan(yearly.clone());
    let later: Vec<RecordId> = ["2026-09-05", "2026-08-05", "2027-01-05"]
        .map(|due| {
            let name = expense_id(&facts.book, &id(PLAN), day(due));
            facts.put(name, occurrence(&id(PLAN), &yearly, day(due)));
            name
        })
        .into();
    assert_eq!(reached(&facts, &july), None);
    assert!(reached(&facts, &later[0]).unwrap().contains("year"));
    assert_eq!(reached(&facts, &later[1]), None);
    assert_eq!(reached(&facts, &later[2]), None);
    let desk = Desk::new(facts);
    assert_eq!(desk.schedules[&id(PLAN)].year_spent.to_string(), "1237.05 EUR");
    // An open amount waits for the bill.
    let open = Schedule { amount_is: "max".into(), ..hosting() };
    let (mut facts, july) = approved_plan(open);
    assert!(reached(&facts, &july).unwrap().contains("open"));
    let mut came = facts.expenses[&july].record.clone();
    (came.amount, came.reference) = (Some(money("399.10 EUR")), Some("R-7".into()));
    facts.put(july, came);
    assert_eq!(reached(&facts, &july), None);
}

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
    assert_eq!(of(&[lease(1, 1, 30, None)]), (None, 0), "to come");
    assert_eq!(of(&[lease(1, -3, 30, None), lease(2, -1, 30, Some(1))]), (Some(id(2)), 0));
    assert_eq!(of(&[lease(2, -1, 30, None), lease(1, -3, 30, None)]), (Some(id(2)), 1));
    assert_eq!(of(&[lease(1, -1, 30, None), lease(2, -1, 30, None)]), (Some(id(2)), 1));
    // What took it over has ended: the first holds again.
    assert_eq!(of(&[lease(1, -9, 30, None), lease(2, -8, 2, Some(1))]), (Some(id(1)), 0));
    assert_eq!(of(&[lease(1, -2, 30, Some(2)), lease(2, -1, 30, Some(1))]), (Some(id(2)), 1));
}

#[test]
fn who_pays_is_leadership_while_nobody_is_treasurer() {
    let mut facts = facts();
    let rules = Rules::of(None, Currency::EUR);
    assert_eq!(rules.payers(&facts.team).len(), 3);
    facts.team.members.get_mut(&id(BEN)).unwrap().insert(Role::Treasurer);
    assert_eq!(rules.payers(&facts.team), BTreeSet::from([id(BEN)]));
}
