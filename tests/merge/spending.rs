//! What may be paid, and what is paid by itself: funds, bank details, runs.

use super::payments::{add, pair, refused as refused_with};
use crate::support::{fields, person};
use commonhold_app::Code;
use commonhold_app::commands::payments::{self, NewOutcome, RunOptions};
use commonhold_app::commands::records;
use commonhold_core::{Kind, RecordId};
use serde_json::json;
use std::collections::BTreeMap;

#[test]
fn money_under_a_restriction_pays_for_its_purpose_alone() {
    let mut pair = pair();
    let book = pair.money.book;
    let a = &mut pair.laptops[0];
    let grant = json!({"name": "grant-mirrors", "restriction": "donor-restricted",
        "purpose": "Mirrors in three countries"});
    let grant = add(a, &book, Kind::Fund, grant);
    let gift = json!({"date": "2026-06-01", "narration": "Grant", "postings": [
        {"account": pair.money.bank, "amount": "1500.00 EUR", "fund": grant},
        {"account": crate::support::harbor::named(a.reader(), &book, Kind::Account,
            "Income:Donations:OneTime"), "amount": "-1500.00 EUR", "fund": grant}]});
    add(a, &book, Kind::Transaction, gift);
    let mut bill = pair.money.bill("Hosting", "412.35 EUR");
    bill["fund"] = json!(grant);
    bill["submitter"] = json!(person(a, &book));
    let id = add(a, &book, Kind::Expense, bill);
    payments::expense_approve(a, &book, Kind::Expense, &id, "approve", "").unwrap();
    payments::lease_take(a, &book, 30, "").unwrap();
    let (order, path) = (pair.money.order(&[id]), pair.file("a.xml"));
    let why = refused_with(
        payments::batch_write(&mut pair.laptops[0], &book, &order, &path),
        Code::Invalid,
    );
    assert!(why.contains("grant-mirrors") && why.contains("Mirrors in three countries"), "{why}");
    assert!(!path.exists());
    let now = pair.laptops[0].now();
    let preview = payments::batch_preview(pair.laptops[0].reader(), &book, now, &order).unwrap();
    assert!(preview.problems[0].contains("Mirrors in three countries"), "{preview:?}");
}

#[test]
fn a_run_pays_what_it_can_in_due_order_and_leaves_the_rest_to_a_person() {
    let mut pair = pair();
    let book = pair.money.book;
    let me = person(&mut pair.laptops[0], &book);
    let unsaid = json!({"name": "Ned", "bank": "He will say."});
    let unsaid = add(&mut pair.laptops[0], &book, Kind::Contact, unsaid);
    let ned = json!({"name": "Ned", "contact": unsaid});
    let ned = add(&mut pair.laptops[0], &book, Kind::Payee, ned);
    let mut ids = Vec::new();
    for (what, amount, due, payee) in [
        ("Second", "3000.00 EUR", "2026-07-08", pair.money.payee),
        ("First", "1500.00 EUR", "2026-07-04", pair.money.payee),
        ("Third", "600.00 EUR", "2026-07-10", pair.money.payee),
        ("Unsaid", "1.00 EUR", "2026-07-02", ned),
        ("Far", "1.00 EUR", "2026-09-02", pair.money.payee),
    ] {
        let mut bill = pair.money.bill(what, amount);
        bill["due"] = json!(due);
        bill["payee"] = json!(payee);
        bill["submitter"] = json!(me);
        let a = &mut pair.laptops[0];
        let id = add(a, &book, Kind::Expense, bill);
        payments::expense_approve(a, &book, Kind::Expense, &id, "approve", "").unwrap();
        ids.push(id);
    }
    pair.meet();
    let (dir, options) = (pair.file("out"), RunOptions::default());
    let report = payments::payment_run(&mut pair.laptops[0], &book, &dir, &options).unwrap();
    assert_eq!((report.batches.len(), report.batches[0].count), (1, 2), "{report:#?}");
    assert_eq!(report.batches[0].total, "4500.00 EUR");
    assert!(report.needs_person);
    let left = |title: &str| report.left.iter().find(|left| left.title == title).unwrap();
    assert!(left("Third").why.contains("runs out"), "{report:#?}");
    assert!(left("Unsaid").why.contains("contact of Ned has no IBAN"), "{report:#?}");
    assert_eq!(report.left.len(), 2);
    let again = payments::payment_run(&mut pair.laptops[0], &book, &dir, &options).unwrap();
    assert!(again.batches.is_empty());
    // The other laptop leaves it to the one that holds the lease.
    pair.meet();
    let other = payments::payment_run(&mut pair.laptops[1], &book, &dir, &options).unwrap();
    assert!(other.batches.is_empty());
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 1);
    // What the bank refused is tried again by a person only.
    let outcome = |result: &str| NewOutcome {
        expense: ids[1],
        batch: None,
        result: result.into(),
        code: Some("AC04".into()),
        reason: None,
    };
    payments::outcome_add(&mut pair.laptops[0], &book, &outcome("rejected")).unwrap();
    let report = payments::payment_run(&mut pair.laptops[0], &book, &dir, &options).unwrap();
    let refused = report.left.iter().find(|left| left.title == "First").unwrap();
    assert!(refused.why.contains("AC04") && report.batches.len() == 1, "{report:#?}");
    let order = pair.money.order(&[ids[1]]);
    let path = pair.file("again.xml");
    let a = &mut pair.laptops[0];
    let why = refused_with(payments::batch_write(a, &book, &order, &path), Code::Invalid);
    assert!(why.contains("runs out"), "the third took its place: {why}");
    payments::batch_withdraw(a, &book, &report.batches[0].id, "The first goes first").unwrap();
    payments::batch_write(a, &book, &order, &path).unwrap();
}

#[test]
fn bank_details_that_changed_after_the_approval_are_not_paid_to_by_itself() {
    let mut pair = pair();
    let book = pair.money.book;
    let a = &mut pair.laptops[0];
    let mut bill = pair.money.bill("Hosting", "10.00 EUR");
    bill["submitter"] = json!(person(a, &book));
    let id = add(a, &book, Kind::Expense, bill);
    payments::expense_approve(a, &book, Kind::Expense, &id, "approve", "").unwrap();
    let payee = a.reader().record(&book, Kind::Payee, &pair.money.payee).unwrap().unwrap();
    let contact: RecordId = payee.fields["contact"].as_str().unwrap().parse().unwrap();
    let change = fields(json!({"iban": "DE89370400440532013000"}));
    records::edit(a, &book, Kind::Contact, &contact, change, &BTreeMap::new()).unwrap();
    let dir = pair.file("out");
    let report =
        payments::payment_run(&mut pair.laptops[0], &book, &dir, &RunOptions::default()).unwrap();
    assert!(report.batches.is_empty() && report.needs_person, "{report:#?}");
    assert!(report.left[0].why.contains("bank details"), "{report:#?}");
    let (order, now) = (pair.money.order(&[id]), pair.laptops[0].now());
    let reader = pair.laptops[0].reader();
    let preview = payments::batch_preview(reader, &book, now, &order).unwrap();
    assert!(preview.warnings[0].contains("bank details"), "{preview:?}");
    assert_eq!(preview.lines[0].iban, "DE89 … 3000");
}
