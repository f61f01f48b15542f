//! Two laptops that fall out over the lease, from a number: whatever they do while apart, a bill
//! that a bank carries out twice is an alarm on both, before and after the statement.

use super::payments::{Pair, add, pair};
use crate::support::{Chance, person};
use commonhold_app::commands::payments::{self, NewOutcome};
use commonhold_core::reports::finance::payments::ExpenseState;
use commonhold_core::{Kind, RecordId};
use serde_json::json;
use std::collections::BTreeMap;

const ROUNDS: u64 = 10;
const STEPS: usize = 14;

/// What the bank carried out: how often each payment, by its id.
type Bank = BTreeMap<String, u32>;

fn bills(pair: &mut Pair, number: usize) {
    let book = pair.money.book;
    let me = person(&mut pair.laptops[0], &book);
    for n in 0..number {
        let mut bill = pair.money.bill(&format!("Bill {n}."), "10.00 EUR");
        bill["submitter"] = json!(me);
        let a = &mut pair.laptops[0];
        let id = add(a, &book, Kind::Expense, bill);
        payments::expense_approve(a, &book, Kind::Expense, &id, "approve", "").unwrap();
    }
    let plan = pair.money.schedule();
    let a = &mut pair.laptops[0];
    let plan = add(a, &book, Kind::Schedule, plan);
    payments::expense_approve(a, &book, Kind::Schedule, &plan, "approve", "").unwrap();
}

/// One of them does something; what is not allowed is not done.
fn step(pair: &mut Pair, chance: &mut Chance, bank: &mut Bank, n: usize) {
    let (who, book) = (chance.below(2), pair.money.book);
    match chance.below(8) {
        0 => pair.meet(),
        1 | 2 => {
            let _ = payments::lease_take(&mut pair.laptops[who], &book, 30, "I need it");
        }
        3 => {
            let until = "2026-07-31".parse().unwrap();
            payments::payments_prepare(&mut pair.laptops[who], &book, until).unwrap();
        }
        4 => {
            let _ = payments::lease_end(&mut pair.laptops[who], &book, "");
        }
        5 => {
            let all = pair.show(who).expenses;
            let waits = all.iter().find(|expense| expense.state == ExpenseState::InBatch);
            if let Some(expense) = waits.map(|expense| expense.id) {
                let (batch, code, reason) = (None, None, None);
                let new = NewOutcome { expense, batch, result: "sent".into(), code, reason };
                payments::outcome_add(&mut pair.laptops[who], &book, &new).unwrap();
            }
        }
        _ => {
            let all = pair.show(who).expenses;
            let ready: Vec<_> = all.iter().filter(|expense| expense.may_pay).collect();
            let some: Vec<_> = ready.into_iter().filter(|_| chance.below(3) > 0).collect();
            let ids: Vec<RecordId> = some.iter().map(|expense| expense.id).collect();
            let (order, path) = (pair.money.order(&ids), pair.file(&format!("{n}.xml")));
            if payments::batch_write(&mut pair.laptops[who], &book, &order, &path).is_ok() {
                // It is taken to the bank at once.
                for expense in some {
                    *bank.entry(expense.end_to_end_id.clone()).or_default() += 1;
                }
            }
        }
    }
}

/// What was carried out twice is an alarm on both, and nothing else is.
fn assert_heard(pair: &mut Pair, bank: &Bank, when: &str) -> usize {
    let (first, second) = (pair.show(0), pair.show(1));
    assert_eq!(first.alarms, second.alarms, "{when}");
    let mut doubles = 0;
    for expense in &first.expenses {
        let times = bank.get(&expense.end_to_end_id).copied().unwrap_or(0);
        assert_eq!(expense.double, times > 1, "{when}: {times} times {expense:#?}");
        let heard = first.alarms.iter().any(|alarm| alarm.starts_with(&expense.title));
        assert_eq!(heard, times > 1, "{when}: {:#?}", first.alarms);
        doubles += usize::from(times > 1);
    }
    doubles
}

#[test]
fn a_quarrel_over_the_lease_never_pays_twice_without_an_alarm() {
    let (mut doubles, mut singles) = (0, 0);
    for seed in 0..ROUNDS {
        let (mut pair, mut chance, mut bank) = (pair(), Chance(7_000 + seed), Bank::new());
        bills(&mut pair, 4);
        pair.meet();
        for n in 0..STEPS {
            step(&mut pair, &mut chance, &mut bank, n);
        }
        pair.meet();
        let expenses = pair.show(0).expenses;
        doubles += assert_heard(&mut pair, &bank, &format!("seed {seed}, before the statement"));
        singles += bank.values().filter(|times| **times == 1).count();
        // The statement shows what the bank did.
        let (book, mut n) = (pair.money.book, 0);
        for (end_to_end_id, times) in &bank {
            let expense = expenses.iter().find(|e| e.end_to_end_id == *end_to_end_id).unwrap();
            for _ in 0..*times {
                n += 1;
                let line = pair.money.line(end_to_end_id, &expense.amount, n);
                add(&mut pair.laptops[seed as usize % 2], &book, Kind::Transaction, line);
            }
        }
        payments::match_payments(&mut pair.laptops[seed as usize % 2], &book).unwrap();
        pair.meet();
        payments::match_payments(&mut pair.laptops[0], &book).unwrap();
        payments::match_payments(&mut pair.laptops[1], &book).unwrap();
        pair.meet();
        assert_heard(&mut pair, &bank, &format!("seed {seed}, after the statement"));
        assert_eq!(pair.show(1).expenses.len(), expenses.len(), "no second expense");
        for expense in pair.show(0).expenses {
            let paid = bank.contains_key(&expense.end_to_end_id);
            assert_eq!(expense.state == ExpenseState::Paid, paid, "seed {seed}: {expense:#?}");
        }
    }
    println!("{doubles} bills were carried out twice, {singles} once");
    assert!(doubles >= 5 && singles >= 5, "{doubles} twice, {singles} once");
}
