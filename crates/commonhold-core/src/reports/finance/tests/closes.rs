//! A closed period stays as it was.

use super::*;
use crate::reports::finance::closing::{CloseView, contents, digest, forward, list, preview};

const FROM: &str = "2026-04-01";
const TO: &str = "2026-04-30";

fn close(book: &mut Book, from: &str, to: &str) -> RecordId {
    let held = contents(&book.store, &book.id, day(from), day(to)).unwrap();
    assert_eq!(held.sha256, digest(&held.trial_balance, &held.transactions));
    book.add(
        Kind::Close,
        json!({"from": from, "to": to, "trial_balance": held.trial_balance,
        "transactions": held.transactions, "sha256": held.sha256, "person": book.me,
        "at": "2026-05-02T09:00:00Z"}),
    )
}

fn only(book: &Book) -> CloseView {
    let mut closes = list(&book.store, &book.id).unwrap().closes;
    assert_eq!(closes.len(), 1);
    closes.remove(0)
}

fn refused(book: &Book, id: &RecordId, to: &str) -> String {
    forward(&book.store, &book.id, id, day(to)).unwrap().unwrap_err()
}

/// Does what posting forward says.
fn post(book: &mut Book, id: &RecordId, to: &str) -> RecordId {
    let what = forward(&book.store, &book.id, id, day(to)).unwrap().unwrap();
    let id = crate::id::from_purpose(&book.id, &format!("transaction/{}", what.purpose));
    book.clock += 1000;
    book.write(Kind::Transaction, id, what.fields);
    what.withdraw.into_iter().for_each(|target| {
        book.withdraw(Kind::Transaction, target);
    });
    id
}

fn text(book: &Book, id: &RecordId, field: &str) -> String {
    let row = book.store.record(&book.id, Kind::Transaction, id).unwrap().unwrap();
    row.fields[field].as_str().unwrap().to_owned()
}

#[test]
fn a_late_entry_is_listed_and_posted_forward() {
    let (mut book, _) = Book::quarter();
    let id = close(&mut book, FROM, TO);
    let view = only(&book);
    assert!(view.intact);
    assert_eq!((view.id, view.late_count, view.changed.len()), (id, 0, 0));
    assert_eq!(view.transactions, 4);
    let bank = view.trial_balance.iter().find(|line| line.path == "Assets:Bank").unwrap();
    assert_eq!((bank.fund_name.as_str(), bank.amount.as_str()), ("general", "1080.00 EUR"));
    assert_eq!(view.sentence, "Unchanged since it was closed; nobody has signed it yet.");
    let (bank, fees) = (book.bank, book.fees);
    let late = book.pay("2026-04-28", bank, fees, "7.50", json!({"narration": "Bank fee"}));
    let view = only(&book);
    assert_eq!((view.late_count, view.late[0].transaction), (1, late));
    assert_eq!((view.late[0].what.as_str(), view.late[0].can_post_forward), ("late", true));
    assert_eq!(view.late[0].amounts, ["-7.50 EUR"]);
    let changed = "Assets:Bank (general): 1080.00 EUR when closed, 1072.50 EUR now.";
    assert!(view.changed.iter().any(|said| said == changed), "{:?}", view.changed);
    assert!(refused(&book, &late, "2026-04-30").contains("closed period 2026-04-01 to 2026-04-30"));
    let posted = post(&mut book, &late, "2026-05-02");
    let view = only(&book);
    assert_eq!((view.late_count, view.changed.len()), (0, 0));
    assert_eq!(
        text(&book, &posted, "narration"),
        "Prior-period adjustment of 2026-04-28: Bank fee"
    );
    let now = book.ledger("2026-05-02");
    assert_eq!(super::super::runway::cash(&now, &["unrestricted"]).minor, 107_250);
    assert!(refused(&book, &posted, "2026-05-03").contains("in no closed period"));
}

#[test]
fn a_correction_of_a_closed_entry_leaves_it_and_posts_the_difference() {
    let (mut book, _) = Book::quarter();
    let (bank, hosting) = (book.bank, book.hosting);
    let bill = book.pay("2026-04-12", bank, hosting, "50.00", json!({"payee": "Repair"}));
    close(&mut book, FROM, TO);
    let corrected = |book: &Book, of: RecordId, date: &str, amount: &str| {
        book.entry(date, bank, hosting, amount, json!({"payee": "Repair", "corrects": of}))
    };
    let first = corrected(&book, bill, "2026-04-12", "55.00");
    let first = book.add(Kind::Transaction, first);
    let second = corrected(&book, first, "2026-04-13", "58.00");
    let second = book.add(Kind::Transaction, second);
    let view = only(&book);
    let what: Vec<(&str, RecordId)> =
        view.late.iter().map(|late| (late.what.as_str(), late.transaction)).collect();
    assert_eq!(what, [("correction", second), ("gone", bill)]);
    // Whichever of the three is named, the same is written.
    let named = |id: &RecordId| forward(&book.store, &book.id, id, day("2026-05-04")).unwrap();
    assert_eq!(named(&bill), named(&second));
    assert_eq!(named(&first), named(&second));
    let mut both = vec![first, second];
    both.sort_unstable();
    assert_eq!(named(&second).unwrap().withdraw, both);
    let posted = post(&mut book, &bill, "2026-05-04");
    let view = only(&book);
    assert_eq!((view.late_count, view.changed.len()), (0, 0), "{:?}", view.late);
    let row = book.store.record(&book.id, Kind::Transaction, &posted).unwrap().unwrap();
    let amounts: Vec<&str> = row.fields["postings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|posting| posting["amount"].as_str().unwrap())
        .collect();
    assert_eq!(amounts.len(), 2);
    assert!(amounts.contains(&"-8.00 EUR") && amounts.contains(&"8.00 EUR"), "{amounts:?}");
    assert!(refused(&book, &bill, "2026-05-05").contains("as it was closed"));
    // A correction that changes no amount has nothing to post.
    let same = corrected(&book, bill, "2026-04-12", "50.00");
    let same = book.add(Kind::Transaction, same);
    assert!(refused(&book, &same, "2026-05-05").contains("changes no amount"));
    book.withdraw(Kind::Transaction, same);
    // What was closed and is withdrawn shows, and cannot be posted forward.
    book.withdraw(Kind::Transaction, bill);
    let view = only(&book);
    assert_eq!((view.late[0].what.as_str(), view.late[0].can_post_forward), ("gone", false));
    assert_eq!(view.late[0].state, "withdrawn");
}

#[test]
fn approvals_sign_one_content_and_a_broken_close_says_so() {
    let (mut book, _) = Book::quarter();
    let id = close(&mut book, FROM, TO);
    let hash = only(&book).sha256;
    for content in [hash.as_str(), "another"] {
        book.add(
            Kind::Approval,
            json!({"kind": "close", "target": id, "person": book.me,
            "verdict": "approve", "content": content}),
        );
    }
    let view = only(&book);
    assert_eq!(view.signatures.len(), 2);
    assert_eq!(view.signatures.iter().filter(|signature| signature.valid).count(), 1);
    assert!(view.sentence.ends_with("signed by 1."), "{}", view.sentence);
    let broken = json!({"from": "2026-05-01", "to": "2026-05-31", "trial_balance": ["nonsense"],
        "transactions": ["x"], "sha256": hash, "person": book.me, "at": "2026-06-02T09:00:00Z"});
    book.add(Kind::Close, broken);
    let closes = list(&book.store, &book.id).unwrap();
    assert_eq!(closes.open_from, Some(day("2026-06-01")));
    assert!(!closes.closes[0].intact);
    assert!(closes.closes[0].sentence.starts_with("Its lists do not give its hash"));
    // An entry before the first closed day changes the balances of both.
    let (bank, fees) = (book.bank, book.fees);
    book.pay("2026-03-31", bank, fees, "1.00", json!({}));
    let closes = list(&book.store, &book.id).unwrap();
    assert_eq!((closes.closes[1].late_count, closes.closes[1].changed.len()), (0, 2));
}

#[test]
fn a_preview_names_what_speaks_against_closing() {
    let (mut book, _) = Book::quarter();
    let ask = |book: &Book, from: &str, to: &str, today: &str| {
        preview(&book.store, &book.id, day(from), day(to), day(today)).unwrap()
    };
    let fine = ask(&book, FROM, TO, "2026-05-01");
    assert_eq!((fine.problems.len(), fine.warnings.len(), fine.transactions), (0, 0, 4));
    assert_eq!(ask(&book, FROM, TO, "2026-04-30").problems.len(), 1);
    assert_eq!(ask(&book, TO, FROM, "2026-05-01").problems.len(), 1);
    close(&mut book, FROM, TO);
    assert_eq!(ask(&book, FROM, TO, "2026-05-01").warnings.len(), 1);
    assert_eq!(ask(&book, "2026-04-15", "2026-05-31", "2026-06-01").problems.len(), 1);
    let gap = ask(&book, "2026-05-03", "2026-05-31", "2026-06-01");
    assert_eq!(gap.warnings, ["2026-05-01 to 2026-05-02, before it, is not closed."]);
}
