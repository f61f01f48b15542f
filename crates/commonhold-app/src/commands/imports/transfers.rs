//! Money that goes from one account of the service to another, such as a payout of a payment
//! service to the bank: a line in the file of each. Both are true and both stand; what makes them
//! one transfer is that both go to `Assets:Transfers`, which then holds nothing.

use super::super::records::acts;
use super::super::sample::of_purpose;
use super::assign::{Assignment, moved};
use super::review::Chart;
use crate::app::App;
use crate::failure::Failure;
use commonhold_core::id::{BookId, from_purpose};
use commonhold_core::projection::Line;
use commonhold_core::records::finance::transaction::Transaction;
use commonhold_core::store::{Act, Reader};
use commonhold_core::{Date, Kind, RecordId};
use commonhold_exchange::import::{TRANSFERS, csv};
use serde_json::{Value, json};
use std::cmp::Reverse;

/// How long money may be under way, in days; either side may have the earlier date.
const LONGEST: u16 = 10;

/// A line that waits to be sorted and is the other side of money under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arrival {
    /// The line.
    pub line: RecordId,
    /// The transaction that sent the money, or is still to receive it.
    pub other: Line,
    /// Whether the line names the service the other side is with, rather than having its amount and
    /// day alone.
    pub sure: bool,
}

/// The account money under way is in.
pub(super) fn account(book: &BookId) -> RecordId {
    of_purpose(book, Kind::Account, TRANSFERS)
}

/// How many days lie between the two sides, if they can be one transfer.
fn apart(one: &Line, other: &Line) -> Option<u32> {
    let days = one.date.days_since(other.date).unsigned_abs();
    let undone = one.minor.checked_neg() == Some(other.minor) && one.currency == other.currency;
    (undone && days <= u32::from(LONGEST)).then_some(days)
}

/// What is under way: lines of the account that no other one undoes. Of several that fit the
/// nearest by day does.
fn under_way(mut lines: Vec<Line>) -> Vec<Line> {
    lines.sort_by_key(|line| (line.date, line.transaction));
    let mut open: Vec<Line> = Vec::new();
    for line in lines {
        match open.iter().rposition(|other| apart(other, &line).is_some()) {
            Some(at) => drop(open.remove(at)),
            None => open.push(line),
        }
    }
    open
}

/// Lines that wait to be sorted and fit something under way, each of both once.
pub(super) fn arrivals(
    reader: &Reader,
    book: &BookId,
    chart: &Chart,
) -> Result<Vec<Arrival>, Failure> {
    let (first, last) = (Date::default(), Date::new(9999, 12, 31).unwrap_or_default());
    let lines = reader.lines_between(book, &account(book), first, last)?;
    let open = under_way(lines);
    let days = || open.iter().map(|line| line.date);
    let (Some(first), Some(last)) = (days().min(), days().max()) else { return Ok(Vec::new()) };
    let mut waiting: Vec<Line> = Vec::new();
    for path in [csv::INCOME, csv::EXPENSE] {
        let room = of_purpose(book, Kind::Account, path);
        let (from, to) = (first.days_earlier(LONGEST), last.days_later(LONGEST));
        waiting.extend(reader.lines_between(book, &room, from, to)?);
    }
    let mut found = Vec::new();
    for other in open {
        // The waiting room has the line's other side, so what fits undoes what is under way.
        let name = service(reader, book, chart, &other)?;
        let mut best: Option<(bool, Reverse<u32>, usize)> = None;
        for (at, line) in waiting.iter().enumerate() {
            let Some(days) = apart(line, &other) else { continue };
            let named = name.as_ref().is_some_and(|name| says(reader, book, line, name));
            let rank = (named, Reverse(days), at);
            if best.is_none_or(|best| (rank.0, rank.1) > (best.0, best.1)) {
                best = Some(rank);
            }
        }
        if let Some((sure, _, at)) = best {
            let line = waiting.remove(at).transaction;
            found.push(Arrival { line, other, sure });
        }
    }
    Ok(found)
}

/// What the account on the other end is called, in small letters: `stripe`.
fn service(
    reader: &Reader,
    book: &BookId,
    chart: &Chart,
    line: &Line,
) -> Result<Option<String>, Failure> {
    let row = reader.record(book, Kind::Transaction, &line.transaction)?;
    let record =
        row.and_then(|row| serde_json::from_value::<Transaction>(Value::Object(row.fields)).ok());
    let ends = record.into_iter().flat_map(|record| record.postings);
    let mut names = ends.filter(|posting| posting.account != account(book)).filter_map(|posting| {
        let path = &chart.get(&posting.account)?.path;
        path.rsplit(':').next().map(str::to_lowercase)
    });
    Ok(names.next())
}

/// Whether a line's texts name a service.
fn says(reader: &Reader, book: &BookId, line: &Line, name: &str) -> bool {
    let row = reader.record(book, Kind::Transaction, &line.transaction).ok().flatten();
    row.is_some_and(|row| {
        ["payee", "narration"].iter().any(|field| {
            let text = row.fields.get(*field).and_then(Value::as_str).unwrap_or_default();
            text.to_lowercase().contains(name)
        })
    })
}

/// Sorts lines that surely are the other side of money under way. The id of the correction is made
/// from both, so two devices that pair them while apart write the same; what somebody took back
/// stays taken back. Returns how many were sorted.
pub(crate) fn pair(app: &mut App, book: &BookId) -> Result<u32, Failure> {
    let chart = Chart::read(app.reader(), book)?;
    let (mut all, mut paired): (Vec<Act>, u32) = (Vec::new(), 0);
    for arrival in arrivals(app.reader(), book, &chart)?.into_iter().filter(|found| found.sure) {
        let Some(row) = app.reader().record(book, Kind::Transaction, &arrival.line)? else {
            continue;
        };
        let Ok(mut record) = serde_json::from_value::<Transaction>(Value::Object(row.fields))
        else {
            continue;
        };
        let to = Assignment {
            transaction: arrival.line,
            account: account(book),
            ..Assignment::default()
        };
        let Some(postings) = moved(&chart, &record.postings, &to) else { continue };
        record.postings = postings;
        record.corrects = Some(arrival.line);
        let fields = json!(record).as_object().cloned().unwrap_or_default();
        let judged = (Kind::Transaction.info().judge)(&fields);
        let purpose = format!("transfer/{}/{}", arrival.line, arrival.other.transaction);
        let id = from_purpose(book, &purpose);
        if !judged.problems.is_empty()
            || app.reader().state(book, Kind::Transaction, &id)?.is_some()
        {
            continue;
        }
        all.extend(acts(app, book, Kind::Transaction, id, &judged, fields)?);
        paired = paired.saturating_add(1);
    }
    if !all.is_empty() {
        let kind = Kind::Transaction.name().to_owned();
        let change = crate::events::Change { book: *book, kind, id: None, source: "import".into() };
        app.write(book, &all, change, &mut |_| true)?;
    }
    Ok(paired)
}
