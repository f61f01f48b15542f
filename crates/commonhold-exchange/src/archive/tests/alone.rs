//! The exports that are no archive say the same as the archive, and add up.

use super::super::{Progress, alone};
use super::book::{Memory, rich};
use super::{WRITTEN, text, zipped};
use crate::export::ledger::{Files, beancount, journal, tables};
use crate::outside::{run, venv};
use commonhold_core::money::{Currency, Money};
use commonhold_core::records::Kind;
use std::collections::BTreeMap;
use std::path::Path;

fn written(book: &Memory) -> (String, String, Files) {
    let mut texts = [Vec::new(), Vec::new()];
    beancount(book, &mut texts[0], &mut |_, _, _| true).unwrap();
    journal(book, &mut texts[1], &mut |_, _, _| true).unwrap();
    let [beancount, journal] = texts.map(|text| String::from_utf8(text).unwrap());
    let mut files = Files::default();
    tables(book, &mut files, WRITTEN, &mut |_, _, _| true).unwrap();
    (beancount, journal, files)
}

#[test]
fn every_file_is_the_archives_own() {
    for book in [rich(), Memory::default()] {
        let (zip, _) = zipped(&book);
        let (beancount, journal, files) = written(&book);
        assert!(beancount == text(&zip, "finance/ledger.beancount"));
        assert!(journal == text(&zip, "finance/ledger.journal"));
        assert!(files.files.len() > Kind::ALL.len());
        for (path, bytes) in files.files.iter().filter(|(path, _)| path != "datapackage.json") {
            let there = text(&zip, &format!("/data/{path}"));
            assert!(String::from_utf8(bytes.clone()).unwrap() == there, "{path}");
        }
        assert_eq!(written(&book).2.files, files.files);
    }
}

#[test]
fn the_tables_explain_themselves_to_frictionless() {
    for book in [rich(), Memory::default()] {
        let folder = tempfile::tempdir().unwrap();
        for (path, bytes) in written(&book).2.files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            assert!(!path.exists(), "{}", path.display());
            std::fs::write(path, bytes).unwrap();
        }
        let frictionless = venv().join("bin/frictionless");
        let validate = ["validate", "datapackage.json"];
        run("frictionless", &frictionless, &validate, folder.path());
    }
}

/// What each account holds in each currency, added up from the records alone; zero is left out.
fn sums(book: &Memory) -> BTreeMap<(String, Currency), Option<i64>> {
    let mut tell = |_: u64, _: Option<u64>, _: &str| true;
    let mut progress = Progress { tell: &mut tell, done: 0, note: String::new() };
    let named = alone::seen(book, &mut progress).unwrap();
    let mut sums: BTreeMap<(String, Currency), Option<i64>> = BTreeMap::new();
    super::super::each(book, Kind::Transaction, &mut progress, &mut |record| {
        let lines = record.fields.get("postings").and_then(|lines| lines.as_array());
        for line in lines.filter(|_| record.state == "ok").into_iter().flatten() {
            let money: Money = line["amount"].as_str().unwrap().parse().unwrap();
            let account = line["account"].as_str().unwrap().parse().unwrap();
            let name = named.accounts[&account].journal.clone();
            let sum = sums.entry((name, money.currency)).or_insert(Some(0));
            *sum = sum.and_then(|sum| sum.checked_add(money.minor));
        }
        Ok(())
    })
    .unwrap();
    sums.retain(|_, sum| *sum != Some(0));
    sums
}

/// The balances hledger reports.
fn hledger(journal: &str) -> Option<BTreeMap<(String, Currency), Option<i64>>> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("all.journal"), journal).unwrap();
    let strict = ["-f", "all.journal", "check", "--strict", "ordereddates", "payees"];
    run("hledger", Path::new("hledger"), &strict, folder.path());
    let pedantic = ["-f", "all.journal", "--strict", "--pedantic", "bal"];
    run("ledger", Path::new("ledger"), &pedantic, folder.path());
    let balance =
        ["-f", "all.journal", "balance", "--flat", "--no-total", "--layout=bare", "-O", "csv"];
    let said = run("hledger", Path::new("hledger"), &balance, folder.path())?;
    let mut out = BTreeMap::new();
    for row in csv::Reader::from_reader(said.as_bytes()).records() {
        let row = row.unwrap();
        let currency: Currency = row[1].parse().unwrap();
        // Whole units stand with a decimal mark and nothing after it.
        let money = Money::from_decimal(row[2].trim_end_matches('.'), currency);
        let minor = money.ok().map(|money| money.minor);
        if minor != Some(0) {
            out.insert((row[0].to_owned(), currency), minor);
        }
    }
    Some(out)
}

#[test]
fn hledger_and_beancount_hold_the_same_balances() {
    let large = Memory { generated: 3000, ..rich() };
    for book in [rich(), large] {
        let (beancount, journal, _) = written(&book);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("all.beancount"), beancount).unwrap();
        run("bean-check", &venv().join("bin/bean-check"), &["all.beancount"], folder.path());
        let expected = sums(&book);
        assert!(expected.values().flatten().count() >= 10, "{expected:?}");
        let Some(found) = hledger(&journal) else { return };
        assert_eq!(found, expected);
    }
    // The comparison can fail.
    let (_, journal, _) = written(&Memory { generated: 9, ..rich() });
    assert_ne!(hledger(&journal).unwrap(), sums(&rich()));
}
