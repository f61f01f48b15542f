//! The traps of PayPal's files.

use super::*;
use crate::import::tests::fixture;
use std::collections::BTreeMap;

/// The drafts of each currency add up to the balance PayPal itself writes in the last row.
#[test]
fn drafts_add_up_to_the_balance() {
    let reading = read(&fixture("paypal-de.csv")).unwrap();
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for draft in &reading.drafts {
        *sums.entry(draft.amount.currency.to_string()).or_default() += draft.amount.minor;
    }
    assert_eq!(sums, [("EUR".to_owned(), 5562), ("USD".to_owned(), 0)].into());
}

#[test]
fn only_what_came_or_went_is_income_or_expense() {
    let reading = read(&fixture("paypal-de.csv")).unwrap();
    let flows: Vec<String> = reading
        .drafts
        .iter()
        .flat_map(|draft| &draft.legs)
        .filter(|(account, _)| account.starts_with("Income") || account.starts_with("Expenses"))
        .map(|(account, amount)| format!("{account} {amount}"))
        .collect();
    assert_eq!(
        flows,
        [
            "Income:Donations:Recurring -1025.00 EUR",
            "Expenses:Fundraising:ProcessorFees 25.98 EUR",
            "Expenses:Uncategorised 20.00 USD",
            "Expenses:Uncategorised 12.00 EUR",
            "Income:Uncategorised 25.00 EUR",
        ]
    );
}

#[test]
fn words_with_hold_in_them_are_no_holds() {
    let text = String::from_utf8(fixture("paypal-en.csv")).unwrap();
    let text = text.replace("General Authorization", "Household Payment");
    assert_eq!(read(text.as_bytes()).unwrap().drafts.len(), 3);
}

#[test]
fn a_reordered_file_with_open_days_says_so() {
    let text = "Date,Name,Type,Status,Currency,Gross,Fee,Net,Transaction ID,Balance Impact\n\
        01/02/2026,A,Payment,Completed,EUR,5.00,0.00,5.00,X1,Credit\n";
    let reading = read(text.as_bytes()).unwrap();
    assert!(!reading.sure && reading.warnings[0].contains("DD/MM/YYYY"));
    assert_eq!(reading.drafts[0].date.to_string(), "2026-02-01");
}
