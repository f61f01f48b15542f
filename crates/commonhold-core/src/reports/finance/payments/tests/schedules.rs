//! Schedules: when bills are due, what they are called, what their approval reaches.

use super::super::occurrences::of_key;
use super::*;

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
