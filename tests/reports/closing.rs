//! Two laptops close a period, correct it and post forward while apart.

use crate::support::{alice, bob, fields, found, give, person};
use commonhold_app::commands::closing::{
    NewReconciliation, close_list, close_preview, close_write, post_forward, reconcile,
};
use commonhold_app::commands::records;
use commonhold_app::commands::reports::statements;
use commonhold_core::{Date, Kind};
use serde_json::json;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn a_closed_month_stays_as_it_was_whoever_posts_forward() {
    let (mut a, mut b) = (alice(), bob());
    let harbor = found(&mut a);
    let book = harbor.book;
    let bill = harbor.pay(&mut a, 40_000, "Hosting");
    let (from, to) = (day("2026-05-01"), day("2026-05-31"));
    let today = a.today();
    let preview = close_preview(a.reader(), &book, from, to, today).unwrap();
    assert_eq!((preview.transactions, preview.problems), (1, vec![]));
    let close = close_write(&mut a, &book, from, to, Some("May")).unwrap();
    let hash = close_list(a.reader(), &book).unwrap().closes[0].sha256.clone();
    assert_eq!(hash, preview.sha256);
    assert!(close_write(&mut a, &book, day("2026-05-15"), day("2026-06-15"), None).is_err());
    let me = person(&mut a, &book);
    let word = json!({"kind": "close", "target": close, "person": me, "verdict": "approve",
        "content": hash});
    records::add(&mut a, &book, Kind::Approval, fields(word)).unwrap();
    give(&a, &mut b, &book);

    // Apart: one finds a late bill, the other a wrong amount; each posts forward what it sees, and
    // both deal with the late bill once they have met.
    let late = harbor.pay(&mut a, 750, "Bank fee");
    let right = harbor.bill(41_235, "Hosting");
    let right = records::correct(&mut b, &book, &bill, fields(right)).unwrap();
    give(&a, &mut b, &book);
    give(&b, &mut a, &book);
    let closes = close_list(a.reader(), &book).unwrap();
    assert_eq!((closes.open_from, closes.closes[0].late_count), (Some(day("2026-06-01")), 3));
    assert!(post_forward(&mut a, &book, &late, to).is_err());
    let open = day("2026-06-03");
    let one = post_forward(&mut a, &book, &late, open).unwrap();
    assert_eq!(post_forward(&mut b, &book, &late, open).unwrap(), one);
    let other = post_forward(&mut a, &book, &bill, open).unwrap();
    assert_eq!(post_forward(&mut b, &book, &right, open).unwrap(), other);
    give(&a, &mut b, &book);
    give(&b, &mut a, &book);
    for laptop in [&a, &b] {
        let closes = close_list(laptop.reader(), &book).unwrap();
        let view = &closes.closes[0];
        assert_eq!((view.late_count, &view.changed), (0, &vec![]), "{:?}", view.late);
        assert_eq!(view.sentence, "Unchanged since it was closed; signed by 1.");
    }
    assert!(post_forward(&mut a, &book, &late, open).is_err());

    // 400.00 in May; 7.50 and the missing 12.35 in June.
    let said = NewReconciliation {
        account: harbor.bank,
        date: open,
        statement_balance: "-419.85 EUR".parse().unwrap(),
        note: None,
    };
    let agreed = reconcile(&mut a, &book, &said).unwrap();
    assert_eq!(
        (agreed.ledger_balance.as_str(), agreed.difference.as_str()),
        ("-419.85 EUR", "0.00 EUR")
    );
    let said = NewReconciliation { date: to, ..said };
    let off = reconcile(&mut a, &book, &said).unwrap();
    assert_eq!(
        (off.ledger_balance.as_str(), off.difference.as_str()),
        ("-400.00 EUR", "-19.85 EUR")
    );
    let shown = statements(a.reader(), &book, None, today).unwrap();
    assert_eq!(shown.accounts[0].reconciliations.len(), 2);
}
