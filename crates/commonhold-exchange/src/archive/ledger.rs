//! Both ledgers, with the records in effect only, ordered by day. The source is ordered by id, so
//! the days are taken in windows: each window is one reading, sorted in memory.

use super::book::{Book, transaction};
use super::{Error, Export, Progress, Source, each, ledger_beancount, ledger_journal};
use commonhold_core::date::Date;
use commonhold_core::id::RecordId;
use commonhold_core::money::Currency;
use commonhold_core::records::Kind;
use commonhold_core::records::finance::price::Price;
use commonhold_core::records::finance::transaction::Transaction;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;

/// Most transactions held in memory at once (about 500 bytes each); one day is never split.
const WINDOW: u32 = 50_000;

/// One transaction to write.
pub(super) struct Entry<'a> {
    pub id: RecordId,
    pub day: Date,
    pub transaction: &'a Transaction,
}

/// A price to write: one unit of `base` is `rate` of `quote`.
pub(super) struct Rate<'a> {
    pub day: Date,
    pub base: Currency,
    pub quote: Currency,
    pub rate: &'a str,
}

/// How one program wants its ledger.
pub(super) struct Style {
    pub path: &'static str,
    pub head: fn(&Book) -> String,
    pub price: fn(&Rate<'_>) -> String,
    pub entry: fn(&Book, &Entry<'_>) -> String,
    pub foot: fn(&Book) -> String,
}

/// A day all programs accept: Ledger knows the years 1400 to 9999 only. The true day of anything
/// outside lies in the tables and in a remark.
pub(super) fn clamp(day: Date) -> Date {
    let first = Date::new(1400, 1, 1).unwrap_or(day);
    let last = Date::new(9999, 12, 30).unwrap_or(day);
    day.clamp(first, last)
}

/// Writes both ledgers.
pub(super) fn write(work: &mut Export<'_>) -> Result<(), Error> {
    for style in [&ledger_beancount::STYLE, &ledger_journal::STYLE] {
        work.progress.at(style.path)?;
        work.bag.start(style.path, true)?;
        write_one(work.source, &work.book, &mut work.progress, style, &mut work.bag)?;
        work.bag.end();
    }
    Ok(())
}

/// Writes the entries of a ledger between its head and its foot.
pub(super) type Entries<'a> =
    dyn FnMut(&mut dyn Write, &mut Progress<'_>) -> Result<(), Error> + 'a;

/// Writes a ledger around its entries; needs a book that has seen all records and was settled.
pub(super) fn write_around(
    source: &dyn Source,
    book: &Book,
    progress: &mut Progress<'_>,
    style: &Style,
    out: &mut dyn Write,
    entries: &mut Entries<'_>,
) -> Result<(), Error> {
    out.write_all((style.head)(book).as_bytes())?;
    each(source, Kind::Price, progress, &mut |record| {
        if record.state != "ok" {
            return Ok(());
        }
        let price: Price = serde_json::from_value(Value::Object(record.fields)).unwrap_or_default();
        if let (Some(day), Some(base), Some(quote)) = (price.date, price.base, price.quote) {
            let rate = price.rate.trim_end_matches('.');
            let rate = Rate { day: clamp(day), base, quote, rate };
            out.write_all((style.price)(&rate).as_bytes())?;
        }
        Ok(())
    })?;
    entries(out, progress)?;
    Ok(out.write_all((style.foot)(book).as_bytes())?)
}

/// Writes one ledger; needs a book that has seen all records and was settled.
pub(super) fn write_one(
    source: &dyn Source,
    book: &Book,
    progress: &mut Progress<'_>,
    style: &Style,
    out: &mut dyn Write,
) -> Result<(), Error> {
    write_around(source, book, progress, style, out, &mut |out, progress| {
        write_entries(source, book, progress, style, out)
    })
}

fn write_entries(
    source: &dyn Source,
    book: &Book,
    progress: &mut Progress<'_>,
    style: &Style,
    out: &mut dyn Write,
) -> Result<(), Error> {
    for (from, to) in windows(&book.days) {
        let mut texts: BTreeMap<(Date, RecordId, usize), String> = BTreeMap::new();
        each(source, Kind::Transaction, progress, &mut |record| {
            let id = record.id;
            if let Some((day, transaction)) = transaction(record)
                && (from..=to).contains(&day)
            {
                let entry = Entry { id, day, transaction: &transaction };
                let place = (day, id, texts.len());
                texts.insert(place, (style.entry)(book, &entry));
            }
            Ok(())
        })?;
        for text in texts.values() {
            out.write_all(text.as_bytes())?;
        }
    }
    Ok(())
}

/// Spans of days that hold at most [`WINDOW`] transactions each.
pub(super) fn windows<D: Copy>(days: &BTreeMap<D, u32>) -> Vec<(D, D)> {
    windows_of(days, WINDOW)
}

/// Spans of keys that count at most `most` together; one key is never split.
pub(super) fn windows_of<D: Copy>(days: &BTreeMap<D, u32>, most: u32) -> Vec<(D, D)> {
    let mut out: Vec<(D, D)> = Vec::new();
    let mut held: u32 = 0;
    for (day, count) in days {
        held = held.saturating_add(*count);
        match out.last_mut() {
            Some((_, to)) if held <= most => *to = *day,
            _ => {
                held = *count;
                out.push((*day, *day));
            }
        }
    }
    out
}
