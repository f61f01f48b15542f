//! What is owed to people: an expense once, a liability until it is paid, the same on every laptop.

use super::payments::{Pair, add, pair};
use crate::support::{fields, person};
use commonhold_app::commands::reports::balances;
use commonhold_app::commands::{payments, records};
use commonhold_core::reports::finance::payments::{ExpenseState, end_to_end_id};
use commonhold_core::{Date, Kind, RecordId};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn sums(pair: &Pair, who: usize) -> BTreeMap<String, String> {
    let day: Date = "2026-12-31".parse().unwrap();
    let rows = balances(pair.laptops[who].reader(), &pair.money.book, Some(day), day).unwrap().rows;
    rows.into_iter().map(|row| (row.path, row.amount)).collect()
}

fn of<'a>(sums: &'a BTreeMap<String, String>, path: &str) -> &'a str {
    sums.get(path).map_or("0.00 EUR", String::as_str)
}

/// Something somebody paid themselves, handed in and approved on the first laptop.
fn handed_in(pair: &mut Pair, kind: &str, amount: &str) -> RecordId {
    let book = pair.money.book;
    let mut bill = pair.money.bill("A disk", amount);
    bill["type"] = json!(kind);
    if kind == "in-kind" {
        bill["basis"] = json!("What a shop asks.");
    }
    bill["submitter"] = json!(person(&mut pair.laptops[0], &book));
    let a = &mut pair.laptops[0];
    let id = add(a, &book, Kind::Expense, bill);
    payments::expense_approve(a, &book, Kind::Expense, &id, "approve", "").unwrap();
    id
}

fn state(pair: &mut Pair, who: usize, id: &RecordId) -> ExpenseState {
    let all = pair.show(who);
    all.expenses.iter().find(|one| one.id == *id).unwrap().state
}

#[test]
fn a_reimbursement_is_owed_until_the_statement_shows_its_payment() {
    let mut pair = pair();
    let id = handed_in(&mut pair, "reimbursement", "120.00 EUR");
    let owed = sums(&pair, 0);
    assert_eq!(of(&owed, "Liabilities:Reimbursements"), "-120.00 EUR");
    assert_eq!(of(&owed, "Expenses:Program:Hosting"), "120.00 EUR");
    pair.meet();
    let until = "2026-07-14".parse().unwrap();
    let book = pair.money.book;
    for laptop in &mut pair.laptops {
        payments::payments_prepare(laptop, &book, until).unwrap();
    }
    pair.meet();
    assert_eq!(sums(&pair, 1), owed, "posted once, wherever it is posted");
    let row = pair.laptops[1].reader().record(&book, Kind::Expense, &id).unwrap().unwrap();
    let expense = serde_json::from_value(Value::Object(row.fields)).unwrap();
    let line = pair.money.line(&end_to_end_id(&id, &expense), "120.00 EUR", 1);
    add(&mut pair.laptops[1], &book, Kind::Transaction, line);
    assert_eq!(payments::match_payments(&mut pair.laptops[1], &book).unwrap().lines.len(), 1);
    pair.meet();
    let paid = sums(&pair, 0);
    assert_eq!(of(&paid, "Liabilities:Reimbursements"), "0.00 EUR", "{paid:?}");
    assert_eq!(of(&paid, "Expenses:Program:Hosting"), "120.00 EUR", "an expense once");
    assert_eq!(of(&paid, "Assets:Bank"), "4880.00 EUR");
    assert_eq!(state(&mut pair, 0, &id), ExpenseState::Paid);
}

#[test]
fn what_was_changed_or_withdrawn_is_owed_no_more() {
    let mut pair = pair();
    let book = pair.money.book;
    let id = handed_in(&mut pair, "out-of-pocket", "80.00 EUR");
    assert_eq!(of(&sums(&pair, 0), "Liabilities:Reimbursements"), "-80.00 EUR");
    let a = &mut pair.laptops[0];
    let change = fields(json!({"amount": "90.00 EUR"}));
    records::edit(a, &book, Kind::Expense, &id, change, &BTreeMap::new()).unwrap();
    payments::post_liabilities(a, &book).unwrap();
    assert_eq!(of(&sums(&pair, 0), "Liabilities:Reimbursements"), "0.00 EUR", "not approved so");
    let a = &mut pair.laptops[0];
    payments::expense_approve(a, &book, Kind::Expense, &id, "approve", "").unwrap();
    assert_eq!(of(&sums(&pair, 0), "Liabilities:Reimbursements"), "-90.00 EUR");
    let a = &mut pair.laptops[0];
    records::withdraw(a, &book, Kind::Expense, &id, "Given up").unwrap();
    assert_eq!(payments::post_liabilities(a, &book).unwrap(), 1);
    assert_eq!(payments::post_liabilities(a, &book).unwrap(), 0);
    assert_eq!(of(&sums(&pair, 0), "Liabilities:Reimbursements"), "0.00 EUR");
    assert_eq!(of(&sums(&pair, 0), "Expenses:Program:Hosting"), "0.00 EUR");
}

#[test]
fn what_is_given_in_kind_is_income_and_expense_and_settled() {
    let mut pair = pair();
    let id = handed_in(&mut pair, "in-kind", "60.00 EUR");
    let given = sums(&pair, 0);
    assert_eq!(of(&given, "Income:InKind"), "-60.00 EUR");
    assert_eq!(of(&given, "Expenses:Program:Hosting"), "60.00 EUR");
    assert_eq!(of(&given, "Assets:Bank"), "5000.00 EUR");
    assert_eq!(state(&mut pair, 0, &id), ExpenseState::Settled);
}
