//! Trial balance, statements, the clock of publication.

use super::*;
use crate::reports::finance::clock::clock;
use crate::reports::finance::statements::statements;
use crate::reports::finance::trial_balance::trial_balance;

#[test]
fn a_trial_balance_balances_on_any_day() {
    let (mut book, _) = Book::quarter();
    let (grant, bank, once) = (book.grant, book.bank, book.once);
    book.add(
        Kind::Transaction,
        json!({"date": "2026-06-11", "narration": "Grant", "postings": [
        {"account": bank, "amount": "70.00 USD", "fund": grant},
        {"account": once, "amount": "-70.00 USD", "fund": grant}]}),
    );
    let found = trial_balance(&book.ledger(END));
    assert!(found.balanced);
    let row = found.rows.iter().find(|row| row.path == "Assets:Bank" && row.fund == grant).unwrap();
    assert_eq!(
        [row.debit.as_str(), row.credit.as_str(), row.total.as_str()],
        ["70.00 USD", "", ""]
    );
    assert_eq!(found.totals.len(), 2);
    assert_eq!(
        (found.totals[0].debit.as_str(), found.totals[0].difference.as_str()),
        ("1330.00 EUR", "0.00 EUR")
    );
    assert_eq!(found.missing.len(), 1);
    // In the middle of a month only what came by then: 1000.00 − 100.00 + 60.00 + 120.00 − 100.00.
    let middle = trial_balance(&book.ledger("2026-05-09"));
    assert_eq!(middle.rows[0].debit, "980.00 EUR");
    assert!(middle.balanced);
}

#[test]
fn statements_chain_or_the_gap_the_overlap_and_the_mismatch_are_named() {
    let (mut book, _) = Book::quarter();
    let bank = book.bank;
    let mut statement = |number: &str, from: &str, to: &str, opening: &str, closing: &str| {
        book.add(
            Kind::Statement,
            json!({"account": bank, "number": number, "from": from, "to": to,
            "opening": opening, "closing": closing, "lines": 3,
            "file_sha256": number.repeat(64), "position": 0}),
        );
    };
    statement("1", "2026-04-01", "2026-04-30", "0.00 EUR", "1080.00 EUR");
    statement("2", "2026-05-01", "2026-05-31", "1080.00 EUR", "1070.00 EUR");
    let ask = |book: &Book| statements(&book.store, &book.id, day("2026-12-31")).unwrap();
    let found = ask(&book);
    assert_eq!((found.findings, found.accounts[0].chained), (0, true));
    let rows = &found.accounts[0].rows;
    // The books hold 1080.00 and, with the 30.00 of nobody known, 1070.00.
    assert_eq!(
        (rows[0].difference.as_str(), rows[1].difference.as_str()),
        ("0.00 EUR", "0.00 EUR")
    );
    assert!(found.accounts[0].sentence.contains("agree on 2026-05-31: 1070.00 EUR"));
    let mut statement = |number: &str, from: &str, to: &str, opening: &str, closing: &str| {
        book.add(
            Kind::Statement,
            json!({"account": bank, "number": number, "from": from, "to": to,
            "opening": opening, "closing": closing, "lines": 3,
            "file_sha256": number.repeat(64), "position": 0}),
        );
    };
    statement("3", "2026-05-20", "2026-06-02", "1070.00 EUR", "1070.00 EUR");
    statement("4", "2026-06-10", "2026-06-20", "970.00 EUR", "1000.00 EUR");
    statement("5", "2026-06-21", "2026-06-30", "1001.00 EUR", "1031.00 EUR");
    let found = ask(&book);
    let links: Vec<&str> = found.accounts[0].rows.iter().map(|row| row.link.as_str()).collect();
    assert_eq!(links, ["start", "chained", "overlap", "gap", "mismatch"]);
    let say = |place: usize| found.accounts[0].rows[place].finding.as_str();
    assert!(say(2).starts_with("Overlap: 2026-05-20 to 2026-05-31"), "{}", say(2));
    assert!(say(3).contains("nothing of 2026-06-03 to 2026-06-09"), "{}", say(3));
    assert!(say(3).contains("from 1070.00 EUR to 970.00 EUR, -100.00 EUR apart"), "{}", say(3));
    assert!(say(4).contains("ends with 1000.00 EUR, this one begins with 1001.00 EUR"));
    assert_eq!((found.findings, found.accounts[0].rows[4].difference.as_str()), (3, "1.00 EUR"));

    book.add(
        Kind::Reconciliation,
        json!({"account": bank, "date": "2026-05-31", "person": book.me,
        "statement_balance": "1070.00 EUR", "ledger_balance": "1070.00 EUR"}),
    );
    let hosting = book.hosting;
    book.pay("2026-05-30", bank, hosting, "5.00", json!({}));
    let found = ask(&book);
    let row = &found.accounts[0].reconciliations[0];
    assert_eq!(
        (row.difference.as_str(), row.ledger_balance_now.as_str()),
        ("0.00 EUR", "1065.00 EUR")
    );
    assert!(
        row.sentence.contains("said 1070.00 EUR when this was compared and say 1065.00 EUR now")
    );
}

#[test]
fn the_clock_counts_working_days() {
    let mut book = Book::new();
    let (bank, hosting) = (book.bank, book.hosting);
    // A Friday, public on Monday; a Thursday, public on Monday; a Monday, not public.
    let friday = book.pay("2026-06-05", bank, hosting, "1.00", json!({}));
    let thursday = book.pay("2026-06-04", bank, hosting, "2.00", json!({}));
    let monday = book.pay("2026-06-08", bank, hosting, "3.00", json!({}));
    let ask = |book: &Book, at: &str| clock(&book.store, &book.id, day(at)).unwrap();
    assert_eq!(ask(&book, "2026-06-05").breaches, 0);
    assert_eq!(ask(&book, "2026-06-05").share, "");
    let mut publish = |date: &str, ids: &[RecordId]| {
        book.add(
            Kind::Publication,
            json!({"date": date, "at": format!("{date}T09:00:00Z"),
            "place": "site", "transactions": ids, "sha256": "", "person": book.me}),
        );
    };
    publish("2026-06-08", &[friday, thursday]);
    publish("2026-06-09", &[friday]);
    let found = ask(&book, "2026-06-09");
    assert_eq!((found.entries, found.published, found.unpublished), (3, 2, 1));
    assert_eq!((found.in_time, found.breaches, found.share.as_str()), (1, 1, "50.0 %"));
    assert_eq!((found.rows[0].transaction, found.rows[0].working_days), (thursday, 2));
    // On Wednesday the third should have been public.
    let found = ask(&book, "2026-06-10");
    assert_eq!((found.breaches, found.rows[0].transaction), (2, monday));
    assert_eq!(found.rows[0].published, None);
    // A correction was public when what it corrects was, once it is published.
    let fixed = book.entry("2026-06-05", bank, hosting, "1.50", json!({"corrects": friday}));
    let fixed = book.add(Kind::Transaction, fixed);
    let mut publish = |date: &str, ids: &[RecordId]| {
        book.add(
            Kind::Publication,
            json!({"date": date, "at": format!("{date}T09:00:00Z"),
            "place": "site", "transactions": ids, "sha256": "", "person": book.me}),
        );
    };
    publish("2026-07-01", &[fixed]);
    let found = ask(&book, "2026-07-01");
    assert_eq!((found.in_time, found.breaches), (1, 2));
}

#[test]
fn of_many_late_entries_of_one_day_the_clock_lists_the_same_everywhere() {
    let mut book = Book::new();
    let (bank, hosting) = (book.bank, book.hosting);
    let older = book.pay("2026-06-03", bank, hosting, "1.00", json!({}));
    let mut late: Vec<_> =
        (0..205).map(|_| book.pay("2026-06-04", bank, hosting, "1.00", json!({}))).collect();
    let newer = book.pay("2026-06-05", bank, hosting, "1.00", json!({}));
    late.sort();
    let found = clock(&book.store, &book.id, day("2026-06-30")).unwrap();
    assert_eq!((found.breaches, found.rows.len()), (207, 200));
    let listed: Vec<_> = found.rows.iter().map(|row| row.transaction).collect();
    assert_eq!(listed[0], newer);
    assert_eq!(listed[1..], late[..199], "by id, not by the order they arrived in");
    assert!(!listed.contains(&older));
}
