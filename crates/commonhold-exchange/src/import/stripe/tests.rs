//! The traps of Stripe's files.

use super::*;
use crate::import::tests::fixture;

#[test]
fn both_reports_give_a_row_the_same_identity_and_legs() {
    let history = read(&fixture("stripe.csv")).unwrap();
    let itemized = read(&fixture("stripe-itemized.csv")).unwrap();
    for draft in &itemized.drafts {
        let other = history.drafts.iter().find(|other| other.identity == draft.identity).unwrap();
        assert_eq!((draft.date, draft.amount), (other.date, other.amount));
        assert_eq!(draft.legs, other.legs);
    }
    assert_eq!(itemized.drafts.len(), 3);
}

#[test]
fn payouts_are_no_expense() {
    let reading = read(&fixture("stripe.csv")).unwrap();
    let payout = reading.drafts.iter().find(|draft| draft.identity == "stripe:txn_4").unwrap();
    assert_eq!(payout.legs, [(TRANSFERS.to_owned(), payout.amount.negated())]);
}
