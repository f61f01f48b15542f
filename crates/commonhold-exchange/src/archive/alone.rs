//! Parts of the archive as files of their own: both ledgers, the tables, and a sheet of all
//! postings for spreadsheet programs. They are the archive's own writers, so that the same record
//! reads the same everywhere.

use super::book::Book;
use super::ledger::{Style, windows, write_one};
use super::months::Hand;
use super::{
    Error, Export, Folder, Progress, Source, Tell, bag, datapackage, each, ledger_beancount,
    ledger_journal, postings, tables, texts,
};
use commonhold_core::date::{Date, Time};
use commonhold_core::id::RecordId;
use commonhold_core::records::Kind;
use commonhold_core::records::finance::transaction::Transaction;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;

/// A book that has seen all its records but transactions, and is not settled yet.
pub(super) fn observe_others(
    source: &dyn Source,
    progress: &mut Progress<'_>,
) -> Result<Book, Error> {
    let mut book = Book::new(&source.name());
    progress.at("records")?;
    for kind in Kind::ALL.iter().copied().filter(|kind| *kind != Kind::Transaction) {
        each(source, kind, progress, &mut |record| {
            book.observe(kind, &record);
            Ok(())
        })?;
    }
    Ok(book)
}

/// A book that has seen all its records.
pub(super) fn seen(source: &dyn Source, progress: &mut Progress<'_>) -> Result<Book, Error> {
    let mut book = observe_others(source, progress)?;
    each(source, Kind::Transaction, progress, &mut |record| {
        book.observe(Kind::Transaction, &record);
        Ok(())
    })?;
    book.settle();
    Ok(book)
}

fn ledger(
    source: &dyn Source,
    out: &mut dyn Write,
    tell: &mut Tell<'_>,
    style: &Style,
) -> Result<(), Error> {
    let mut progress = Progress { tell, done: 0, note: String::new() };
    let book = seen(source, &mut progress)?;
    progress.at(style.path)?;
    write_one(source, &book, &mut progress, style, out)?;
    Ok(out.flush()?)
}

/// The ledger for Beancount.
pub(crate) fn beancount(
    source: &dyn Source,
    out: &mut dyn Write,
    tell: &mut Tell<'_>,
) -> Result<(), Error> {
    ledger(source, out, tell, &ledger_beancount::STYLE)
}

/// The ledger for hledger and Ledger.
pub(crate) fn journal(
    source: &dyn Source,
    out: &mut dyn Write,
    tell: &mut Tell<'_>,
) -> Result<(), Error> {
    ledger(source, out, tell, &ledger_journal::STYLE)
}

/// All tables and long texts, with their description.
pub(crate) fn all_tables<'a>(
    source: &'a dyn Source,
    folder: &'a mut dyn Folder,
    written: Time,
    tell: &'a mut Tell<'a>,
) -> Result<(), Error> {
    tables_from(source, folder, written, (Book::new(&source.name()), None), tell)
}

/// The same, where the book has seen all records, and transactions are handed in by months.
pub(super) fn tables_of_months<'a>(
    source: &'a dyn Source,
    folder: &'a mut dyn Folder,
    written: Time,
    (book, hand): (Book, &'a mut Hand<'a>),
    tell: &'a mut Tell<'a>,
) -> Result<(), Error> {
    tables_from(source, folder, written, (book, Some(hand)), tell)
}

fn tables_from<'a>(
    source: &'a dyn Source,
    folder: &'a mut dyn Folder,
    written: Time,
    (book, months): (Book, Option<&'a mut Hand<'a>>),
    tell: &'a mut Tell<'a>,
) -> Result<(), Error> {
    let mut work = Export {
        source,
        bag: bag::Bag::folder(folder),
        progress: Progress { tell, done: 0, note: String::new() },
        written,
        book,
        months,
        tables: Vec::new(),
        records: 0,
        attachments: super::attachments::Counts::default(),
        names: super::pages::Names::default(),
        pages: Vec::new(),
        reports: Vec::new(),
    };
    tables::write(&mut work)?;
    if work.months.is_none() {
        work.book.settle();
    }
    postings::write(&mut work)?;
    texts::write(&mut work)?;
    datapackage::write(&mut work, &datapackage::TABLES)?;
    Ok(work.bag.flush()?)
}

/// A transaction of any state, with names for what it refers to.
pub(crate) struct Sheet<'a> {
    book: &'a Book,
    /// The record's id.
    pub id: RecordId,
    /// The record's state; only `ok` counts.
    pub state: &'static str,
    /// What of the record can be read.
    pub transaction: &'a Transaction,
}

impl Sheet<'_> {
    /// The path of an account, or its id in words.
    pub fn account(&self, id: &RecordId) -> String {
        self.book.account_path(id)
    }

    /// The name of a fund, or its id in words.
    pub fn fund(&self, id: &RecordId) -> String {
        self.book.fund_name(id)
    }
}

/// What of a transaction can be read; of one that makes no sense as a whole, day and texts.
fn readable(fields: commonhold_core::json::Fields) -> Transaction {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
    let rest = Transaction {
        date: text("date").and_then(|day| day.parse().ok()),
        payee: text("payee"),
        narration: text("narration").unwrap_or_default(),
        ..Transaction::default()
    };
    serde_json::from_value(Value::Object(fields)).unwrap_or(rest)
}

/// Visits every transaction in any state, ordered by day and id, those without a day first.
pub(crate) fn each_in_order(
    source: &dyn Source,
    tell: &mut Tell<'_>,
    visit: &mut dyn FnMut(&Sheet<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut progress = Progress { tell, done: 0, note: String::new() };
    let book = seen(source, &mut progress)?;
    progress.at("transactions")?;
    let mut days: BTreeMap<Option<Date>, u32> = BTreeMap::new();
    each(source, Kind::Transaction, &mut progress, &mut |record| {
        let count = days.entry(readable(record.fields).date).or_default();
        *count = count.saturating_add(1);
        Ok(())
    })?;
    for (from, to) in windows(&days) {
        let mut held = BTreeMap::new();
        each(source, Kind::Transaction, &mut progress, &mut |record| {
            let transaction = readable(record.fields);
            if (from..=to).contains(&transaction.date) {
                // An id may come twice: rivals share one.
                let place = (transaction.date, record.id, held.len());
                held.insert(place, (record.state, transaction));
            }
            Ok(())
        })?;
        for ((_, id, _), (state, transaction)) in &held {
            visit(&Sheet { book: &book, id: *id, state, transaction })?;
        }
    }
    Ok(())
}
