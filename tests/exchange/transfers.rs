//! A payout of a payment service is a line there and a line at the bank, and one transfer.

use super::sorting::{camt, entry, file, met, statement};
use crate::support::{Harbor, Laptop, alice, bob, found, give};
use commonhold_app::commands::imports::{self, AUTO, ImportDone, ImportOptions, ReviewRow};
use commonhold_app::commands::{payments, records, reports};
use commonhold_app::events::unheard;
use commonhold_core::Kind;

const STRIPE: &str = "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC),Description\n\
    txn_1,charge,ch_1,100.00,1.70,98.30,eur,2026-06-10 09:00,2026-06-12 00:00,Donation\n\
    txn_2,payout,po_1,-98.30,0.00,-98.30,eur,2026-06-12 09:00,2026-06-14 00:00,STRIPE PAYOUT\n";

/// A bank's statement: a gift of the payout's amount on the day after it, and a line of a party.
fn bank(party: &str) -> String {
    let entries = [
        entry("2026-06-13", "98.30", "B8", "Jo Sol", "A gift of the same amount"),
        entry("2026-06-15", "98.30", "B7", party, "PO1"),
    ];
    camt(&statement("DE89370400440532013000", "S2", "", &entries.concat()))
}

fn import(laptop: &mut Laptop, harbor: &Harbor, name: &str, text: &str) -> ImportDone {
    let path = file(laptop, name, text);
    imports::run(laptop, &harbor.book, AUTO, &path, &ImportOptions::default(), &mut unheard)
        .unwrap()
}

/// What stands in an account, in all funds.
fn stands(laptop: &Laptop, harbor: &Harbor, path: &str) -> Vec<String> {
    let today = "2026-07-01".parse().unwrap();
    let balances = reports::balances(laptop.reader(), &harbor.book, None, today).unwrap();
    assert!(balances.balanced);
    let rows = balances.rows.iter().filter(|row| row.path == path);
    rows.map(|row| row.amount.to_string()).collect()
}

fn waiting(laptop: &Laptop, harbor: &Harbor) -> Vec<ReviewRow> {
    imports::review(laptop.reader(), &harbor.book, None, 0, 100).unwrap().rows
}

/// One transfer: out of Stripe, into the bank, nothing under way, and the gift is a gift.
fn is_one_transfer(laptop: &Laptop, harbor: &Harbor) {
    assert_eq!(stands(laptop, harbor, "Assets:Bank"), ["196.60 EUR"]);
    for empty in ["Assets:Stripe", "Assets:Transfers"] {
        let found = stands(laptop, harbor, empty);
        assert!(found.iter().all(|amount| amount == "0.00 EUR"), "{empty}: {found:?}");
    }
    let open = waiting(laptop, harbor);
    let gift = open.iter().find(|row| row.payee.as_deref() != Some("Stripe Technology Europe"));
    assert_eq!(open.len(), 1, "{open:?}");
    assert!(gift.is_some_and(|gift| gift.transfer.is_none()));
}

#[test]
fn the_two_lines_of_a_payout_are_one_transfer_whichever_comes_first() {
    for bank_first in [true, false] {
        let mut laptop = alice();
        let harbor = found(&mut laptop);
        let bank = bank("Stripe Technology Europe");
        let files = [("stripe.csv", STRIPE), ("bank.xml", bank.as_str())];
        let order = if bank_first { [files[1], files[0]] } else { files };
        let first = import(&mut laptop, &harbor, order[0].0, order[0].1);
        let second = import(&mut laptop, &harbor, order[1].0, order[1].1);
        assert_eq!((first.transfers, second.transfers), (0, 1), "bank first: {bank_first}");
        assert!(first.notes.is_empty() && second.notes.is_empty(), "{first:?} {second:?}");
        is_one_transfer(&laptop, &harbor);
        let again = import(&mut laptop, &harbor, order[0].0, order[0].1);
        assert_eq!((again.added, again.transfers), (0, 0));
    }
}

#[test]
fn two_laptops_that_pair_them_while_apart_wrote_the_same() {
    let (mut a, mut b) = (alice(), bob());
    let harbor = found(&mut a);
    give(&a, &mut b, &harbor.book);
    import(&mut a, &harbor, "stripe.csv", STRIPE);
    import(&mut b, &harbor, "bank.xml", &bank("Stripe Technology Europe"));
    met(&mut a, &mut b, &harbor);
    assert_eq!(stands(&a, &harbor, "Assets:Transfers"), ["98.30 EUR"], "still under way");
    for laptop in [&mut a, &mut b] {
        let matched = payments::match_payments(laptop, &harbor.book).unwrap();
        assert_eq!(matched.transfers, 1);
    }
    met(&mut a, &mut b, &harbor);
    is_one_transfer(&a, &harbor);
    is_one_transfer(&b, &harbor);
    assert_eq!(payments::match_payments(&mut b, &harbor.book).unwrap().transfers, 0);
}

#[test]
fn what_only_looks_like_it_is_suggested_and_what_was_taken_back_stays_so() {
    let mut laptop = alice();
    let harbor = found(&mut laptop);
    import(&mut laptop, &harbor, "stripe.csv", STRIPE);
    let done = import(&mut laptop, &harbor, "bank.xml", &bank("Nordbank Sammler"));
    assert_eq!(done.transfers, 0, "nothing but the amount speaks for it");
    let open = waiting(&laptop, &harbor);
    let named: Vec<&ReviewRow> = open.iter().filter(|row| row.transfer.is_some()).collect();
    assert_eq!(named.len(), 1, "one line of the two, {open:?}");
    assert_eq!(named[0].suggestion.as_ref().unwrap().path, "Assets:Transfers");

    let mut other = bob();
    let harbor = found(&mut other);
    import(&mut other, &harbor, "stripe.csv", STRIPE);
    import(&mut other, &harbor, "bank.xml", &bank("Stripe Technology Europe"));
    is_one_transfer(&other, &harbor);
    let query = records::Query { limit: 100, ..records::Query::default() };
    let rows = records::list(other.reader(), &harbor.book, Kind::Transaction, &query).unwrap();
    let paired = rows.rows.iter().find(|row| row.fields.contains_key("corrects")).unwrap().id;
    records::withdraw(&mut other, &harbor.book, Kind::Transaction, &paired, "Not that one")
        .unwrap();
    assert_eq!(payments::match_payments(&mut other, &harbor.book).unwrap().transfers, 0);
    assert_eq!(stands(&other, &harbor, "Assets:Transfers"), ["98.30 EUR"]);
}
