//! Story S2: two overlapping statements of one account. Rows in both are taken in once, an import
//! is undone whole, and two people who import the same file while apart have it once.

use crate::support::{Harbor, Laptop, alice, bob, dump, fixture, found, give};
use commonhold_app::commands::imports::{self, ImportDone, ImportOptions};
use commonhold_app::commands::records::{self, Query};
use commonhold_app::events::unheard;
use commonhold_core::{Kind, RecordId};
use commonhold_exchange::import::CsvMapping;
use serde_json::json;
use std::collections::BTreeSet;

fn options() -> ImportOptions {
    let mapping = json!({"separator": ";", "encoding": "utf-8", "decimal": ",",
        "date_format": "YYYY-MM-DD", "skip_lines": 0, "date": "date", "amount": "amount",
        "debit": null, "credit": null, "currency": null, "fixed_currency": "EUR", "payee": null,
        "narration": "text", "reference": "ref"});
    let mapping: CsvMapping = serde_json::from_value(mapping).unwrap();
    ImportOptions { mapping: Some(mapping), ..ImportOptions::default() }
}

fn import(laptop: &mut Laptop, harbor: &Harbor, file: &str) -> ImportDone {
    let path = fixture("import").join(file);
    imports::run(laptop, &harbor.book, "csv", &path, &options(), &mut unheard).unwrap()
}

fn numbers(done: &ImportDone) -> (u32, u32, u32) {
    (done.added, done.duplicates, done.not_understood)
}

/// What counts: the ids of effective transactions, and the kept sums.
fn effective(laptop: &Laptop, harbor: &Harbor) -> (BTreeSet<RecordId>, String) {
    let query = Query { limit: 500, ..Query::default() };
    let page = records::list(laptop.reader(), &harbor.book, Kind::Transaction, &query).unwrap();
    assert_eq!(page.total as usize, page.rows.len());
    let sums = laptop.reader().sums(&harbor.book).unwrap();
    (page.rows.iter().map(|row| row.id).collect(), format!("{sums:?}"))
}

fn undo(laptop: &mut Laptop, harbor: &Harbor, done: &ImportDone) -> u32 {
    let id: RecordId = done.import.parse().unwrap();
    imports::undo(laptop, &harbor.book, &id, "twice").unwrap()
}

#[test]
fn an_overlapping_statement_adds_only_what_is_new_and_is_undone_whole() {
    let mut laptop = alice();
    let harbor = found(&mut laptop);
    let first = import(&mut laptop, &harbor, "statement-w1.csv");
    assert_eq!(numbers(&first), (4, 0, 0));
    let before = effective(&laptop, &harbor);
    assert_eq!(before.0.len(), 4);
    let second = import(&mut laptop, &harbor, "statement-w2.csv");
    assert_eq!(numbers(&second), (2, 3, 0));
    assert_eq!(effective(&laptop, &harbor).0.len(), 6);
    assert_eq!(undo(&mut laptop, &harbor, &second), 2);
    assert_eq!(effective(&laptop, &harbor), before, "undone to the last cent");
    let again = import(&mut laptop, &harbor, "statement-w2.csv");
    assert_eq!(numbers(&again), (2, 3, 0), "what was undone can be done again");
    assert_eq!(effective(&laptop, &harbor).0.len(), 6);
    let nothing = import(&mut laptop, &harbor, "statement-w2.csv");
    assert_eq!((numbers(&nothing), nothing.import.as_str()), ((0, 5, 0), ""));
    assert_eq!(undo(&mut laptop, &harbor, &again), 2);
    assert_eq!(effective(&laptop, &harbor), before);
}

#[test]
fn a_preview_says_the_same_as_the_import_and_writes_nothing() {
    let mut laptop = alice();
    let harbor = found(&mut laptop);
    import(&mut laptop, &harbor, "statement-w1.csv");
    let before = dump(laptop.reader(), &harbor.book);
    let path = fixture("import/statement-w2.csv");
    let preview =
        imports::preview(laptop.reader(), &harbor.book, "csv", &path, &options()).unwrap();
    assert_eq!((preview.total, preview.new, preview.duplicates), (5, 2, 3));
    assert!(preview.sure && preview.not_understood.is_empty());
    assert_eq!(dump(laptop.reader(), &harbor.book), before);
    let unsure = ImportOptions::default();
    let refused = imports::run(&mut laptop, &harbor.book, "csv", &path, &unsure, &mut unheard);
    assert!(refused.unwrap_err().message.contains("currency"));
    assert_eq!(dump(laptop.reader(), &harbor.book), before);
}

#[test]
fn the_same_file_imported_on_two_laptops_while_apart_is_there_once() {
    let (mut a, mut b) = (alice(), bob());
    let harbor = found(&mut a);
    give(&a, &mut b, &harbor.book);
    import(&mut a, &harbor, "statement-w1.csv");
    import(&mut a, &harbor, "statement-w2.csv");
    import(&mut b, &harbor, "statement-w2.csv");
    import(&mut b, &harbor, "statement-w1.csv");
    for _ in 0..2 {
        give(&a, &mut b, &harbor.book);
        give(&b, &mut a, &harbor.book);
    }
    assert_eq!(dump(a.reader(), &harbor.book), dump(b.reader(), &harbor.book));
    let (ids, _) = effective(&a, &harbor);
    assert_eq!(ids.len(), 6, "each row of the bank once");
    let again = import(&mut b, &harbor, "statement-w2.csv");
    assert_eq!(numbers(&again), (0, 5, 0));
}

#[test]
fn undoing_on_one_laptop_what_both_imported_leaves_the_rows_of_the_other_file() {
    let (mut a, mut b) = (alice(), bob());
    let harbor = found(&mut a);
    import(&mut a, &harbor, "statement-w1.csv");
    let second = import(&mut a, &harbor, "statement-w2.csv");
    give(&a, &mut b, &harbor.book);
    undo(&mut b, &harbor, &second);
    give(&b, &mut a, &harbor.book);
    assert_eq!(effective(&a, &harbor).0.len(), 4);
    assert_eq!(dump(a.reader(), &harbor.book), dump(b.reader(), &harbor.book));
}
