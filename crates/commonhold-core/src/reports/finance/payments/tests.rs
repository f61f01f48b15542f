//! The engine over made-up facts; what stores and merges do to them is tested in `tests/merge`.

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

mod money;
mod people;
mod schedules;
