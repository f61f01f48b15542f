//! The clock of publication: every entry is public within one working day
//! (`finance.history.timely`).

use crate::date::Date;
use crate::id::{BookId, RecordId};
use crate::money::ratio;
use crate::projection::Numbered;
use crate::records::Kind;
use crate::store::{Error, Reader};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// An entry that was published late, or is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ClockLine {
    /// The transaction.
    #[cfg_attr(test, ts(type = "string"))]
    pub transaction: RecordId,
    /// What it is called.
    pub title: String,
    /// Its day.
    #[cfg_attr(test, ts(type = "string"))]
    pub date: Date,
    /// The day the public saw it first; nothing while it has not.
    pub published: Option<Date>,
    /// Working days from the one to the other, or to the day of this report.
    pub working_days: u32,
}

/// How fast entries become public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Clock {
    /// The day it is of.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// How many entries there are up to that day.
    pub entries: u32,
    /// How many of them are public.
    pub published: u32,
    /// How many are not.
    pub unpublished: u32,
    /// How many were public within one working day.
    pub in_time: u32,
    /// How many were not, or are not public and should be.
    pub breaches: u32,
    /// Share of the entries that were due and were public in time, with the unit; empty while none
    /// was due.
    pub share: String,
    /// The day of the last publication.
    pub last_publication: Option<Date>,
    /// The newest breaches, at most two hundred.
    pub rows: Vec<ClockLine>,
    /// How it is computed, with the numbers.
    pub formula: String,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}

/// Most breaches that are listed.
const LISTED: usize = 200;
/// How many working days an entry may take (`finance.history.timely`).
const ALLOWED: u32 = 1;

/// When the public saw each transaction first.
struct Seen {
    /// By id.
    first: Vec<(RecordId, Date)>,
    last: Option<Date>,
}

impl Seen {
    fn read(reader: &Reader, book: &BookId, at: Date) -> Result<Self, Error> {
        let publications = reader.publications(book, at)?;
        let last = publications.last().map(|(day, _)| *day);
        let each = |(day, ids): (Date, Vec<RecordId>)| ids.into_iter().map(move |id| (id, day));
        let mut first: Vec<(RecordId, Date)> = publications.into_iter().flat_map(each).collect();
        // Each publication lists its ids in order, which a sort by runs takes as it is.
        first.sort();
        first.dedup_by_key(|(id, _)| *id);
        let mut seen = Self { first, last };
        let corrections = reader.corrections(book)?;
        seen.correct(&corrections.into_iter().map(|c| (c.id, c.corrects)).collect());
        Ok(seen)
    }

    fn place(&self, id: &RecordId) -> Option<usize> {
        self.first.binary_search_by(|(other, _)| other.cmp(id)).ok()
    }

    fn of(&self, id: &RecordId) -> Option<Date> {
        self.first.get(self.place(id)?).map(|(_, day)| *day)
    }

    /// A mistake put right later was public when the mistake was, but it is not public itself until
    /// it is published.
    fn correct(&mut self, corrects: &BTreeMap<RecordId, RecordId>) {
        let mut earlier = Vec::new();
        for id in corrects.keys() {
            let Some((place, mut day)) = self.place(id).zip(self.of(id)) else {
                continue;
            };
            let mut at = *id;
            // A circle of corrections ends after as many steps as there are corrections.
            for _ in 0..corrects.len() {
                let Some(before) = corrects.get(&at) else {
                    break;
                };
                at = *before;
                day = self.of(&at).map_or(day, |first| first.min(day));
            }
            earlier.push((place, day));
        }
        for (place, day) in earlier {
            if let Some(entry) = self.first.get_mut(place) {
                entry.1 = day;
            }
        }
    }
}

/// An entry that was published late, or is due; its first day in public, and how long it took.
type Breach = (Numbered, Option<Date>, u32);

/// What came of the entries up to a day.
#[derive(Default)]
struct Told {
    entries: usize,
    published: u32,
    in_time: u32,
    /// By day.
    breaches: Vec<Breach>,
}

impl Told {
    fn of(reader: &Reader, book: &BookId, seen: &Seen, at: Date) -> Result<Self, Error> {
        let entries = reader.numbered(book, at)?;
        let public = reader.numbers(book, Kind::Transaction, &seen.first)?;
        let mut told = Self { entries: entries.len(), ..Self::default() };
        // Entries come by day, so what was counted for one mostly holds for the next.
        let mut last: Option<((Date, Date), u32)> = None;
        for entry in entries {
            let place = public.binary_search_by(|(n, _)| n.cmp(&entry.n)).ok();
            let day = place.and_then(|place| public.get(place)).map(|(_, day)| *day);
            let span = (entry.date, day.unwrap_or(at));
            if last.is_none_or(|(same, _)| same != span) {
                last = Some((span, span.0.working_days_until(span.1)));
            }
            let took = last.map_or(0, |(_, took)| took);
            told.published = told.published.saturating_add(u32::from(day.is_some()));
            if took > ALLOWED {
                told.breaches.push((entry, day, took));
            } else {
                told.in_time = told.in_time.saturating_add(u32::from(day.is_some()));
            }
        }
        Ok(told)
    }

    /// The newest breaches, newest first; those of one day by id, which is the same everywhere.
    fn newest(self, reader: &Reader) -> Result<Vec<(RecordId, Breach)>, Error> {
        let mut breaches = self.breaches;
        breaches.reverse();
        if let Some(last) = breaches.get(LISTED.saturating_sub(1)).map(|(entry, ..)| entry.date) {
            breaches.truncate(breaches.partition_point(|(entry, ..)| entry.date >= last));
        }
        let named = breaches.into_iter().map(|breach| Ok((reader.id_of(breach.0.n)?, breach)));
        let mut newest = named.collect::<Result<Vec<_>, Error>>()?;
        newest.sort_by_key(|(id, breach)| (Reverse(breach.0.date), *id));
        newest.truncate(LISTED);
        Ok(newest)
    }
}

/// Days for which an entry that was late is held against a service.
const HELD_DAYS: u16 = 90;

/// How many entries were public in time, and how many were or are due in all. What lay there before
/// the first publication and was public with it was not late: there was no page before. An entry
/// that was late, and is public since, is held against the service for 90 days.
pub fn in_time(reader: &Reader, book: &BookId, at: Date) -> Result<(u64, u64), Error> {
    let seen = Seen::read(reader, book, at)?;
    let began = seen.first.iter().map(|(_, day)| *day).min();
    let told = Told::of(reader, book, &seen, at)?;
    let since = at.days_earlier(HELD_DAYS);
    let held = |(entry, day, _): &&Breach| match day {
        Some(day) => *day >= since && !(Some(*day) == began && entry.date < *day),
        None => true,
    };
    let late = u64::try_from(told.breaches.iter().filter(held).count()).unwrap_or(u64::MAX);
    let all = u64::from(told.in_time)
        .saturating_add(u64::try_from(told.breaches.len()).unwrap_or(u64::MAX));
    Ok((all.saturating_sub(late), all))
}

/// Computes how fast the entries up to a day became public.
pub fn clock(reader: &Reader, book: &BookId, at: Date) -> Result<Clock, Error> {
    let seen = Seen::read(reader, book, at)?;
    let told = Told::of(reader, book, &seen, at)?;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let (all, published, in_time) = (count(told.entries), told.published, told.in_time);
    let late = count(told.breaches.len());
    let mut rows = Vec::new();
    for (transaction, (entry, published, working_days)) in told.newest(reader)? {
        let title = title(reader, book, &transaction)?;
        rows.push(ClockLine { transaction, title, date: entry.date, published, working_days });
    }
    let due = i64::from(in_time).saturating_add(i64::from(late));
    let share = ratio(i64::from(in_time).saturating_mul(100), due, 1);
    let mut missing = vec![
        "Saturdays and Sundays are no working days; public holidays are not known.".to_owned(),
    ];
    if seen.last.is_none() && all > 0 {
        missing.push("Nothing was published yet.".to_owned());
    }
    Ok(Clock {
        at,
        entries: all,
        published,
        unpublished: all.saturating_sub(published),
        in_time,
        breaches: late,
        share: share.map_or_else(String::new, |share| format!("{share} %")),
        last_publication: seen.last,
        rows,
        formula: format!(
            "{in_time} entries public within {ALLOWED} working day ÷ {due} that are public or due"
        ),
        missing,
    })
}

/// What a transaction is called.
pub(super) fn title(reader: &Reader, book: &BookId, id: &RecordId) -> Result<String, Error> {
    let row = reader.record(book, Kind::Transaction, id)?;
    let title = row.map(|row| (Kind::Transaction.info().judge)(&row.fields).title);
    Ok(title.filter(|title| !title.is_empty()).unwrap_or_else(|| id.to_string()))
}
