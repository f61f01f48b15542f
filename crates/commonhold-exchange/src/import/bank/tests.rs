//! Bounds and references.

use super::*;
use commonhold_core::Currency;

fn entry(reference: Option<&str>) -> Entry {
    Entry {
        bank_ref: reference.map(str::to_owned),
        ..Entry::new(1, Date::new(2026, 6, 1).unwrap(), Money::new(100, Currency::EUR))
    }
}

#[test]
fn a_reference_that_says_nothing_is_none() {
    let of = |reference| key("camt", "A", &entry(reference));
    assert_eq!(of(None), of(Some(" NonRef ")));
    assert_eq!(of(None), of(Some("")));
    assert_ne!(of(None), of(Some("R1")));
    assert_ne!(of(Some("R1")), key("camt", "B", &entry(Some("R1"))));
    assert_eq!(of(Some("R 1")), of(Some("r1")));
}

#[test]
fn warnings_and_statements_have_bounds() {
    let mut ledger = Ledger::new("camt");
    for at in 0..100 {
        ledger.warn(format!("{at}."));
    }
    for _ in 0..MAX_STATEMENTS {
        ledger.begin(1).unwrap();
    }
    assert!(ledger.begin(1).unwrap_err().to_string().contains("100,000"));
    let reading = ledger.finish();
    assert_eq!(reading.warnings.len(), MAX_WARNINGS + 1);
    assert!(reading.warnings.last().unwrap().contains("80 more"));
}

#[test]
fn an_entry_without_a_statement_gets_one() {
    let mut ledger = Ledger::new("camt");
    ledger.book(entry(None)).unwrap();
    let reading = ledger.finish();
    assert_eq!((reading.statements.len(), reading.drafts[0].statement), (1, Some(0)));
    assert!(reading.accounts().is_empty());
}
