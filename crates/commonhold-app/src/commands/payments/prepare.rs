//! Preparing the expenses of bills that come due. Devices that do so while apart make the same
//! ones: an occurrence has one id and one content everywhere.

use super::liability::post_liabilities;
use super::orders::Prepared;
use super::{Seen, change, checked};
use crate::app::App;
use crate::commands::records::acts;
use crate::failure::{Code, Failure};
use commonhold_core::id::BookId;
use commonhold_core::reports::finance::payments::{due_dates, expense_id, occurrence};
use commonhold_core::store::Act;
use commonhold_core::{Date, Kind, RecordId, Time};

/// Most expenses prepared in one go; the next go does the rest.
const MOST: usize = 1_000;
/// Furthest that is prepared ahead, in months.
const AHEAD: i32 = 13;

/// When a record was made, by its id (UUIDv7, RFC 9562).
pub(super) fn made(id: &RecordId) -> Option<Time> {
    let (seconds, nanos) = id.get_timestamp()?.to_unix();
    let millis = i64::try_from(seconds).ok()?.checked_mul(1000)?;
    Some(Time(millis.saturating_add(i64::from(nanos / 1_000_000))))
}

/// Adds the expenses of bills that are due until a day, where they are not there yet. Bills that
/// were due before their schedule was entered are left out: they were paid in another way, and who
/// enters an old contract must not pay its past.
pub fn payments_prepare(app: &mut App, book: &BookId, until: Date) -> Result<Prepared, Failure> {
    let seen = Seen::of(app, book)?;
    let facts = &seen.desk.facts;
    let horizon = facts.now.date().month().index().saturating_add(AHEAD);
    if until.month().index() > horizon {
        return Err(Failure::new(Code::Invalid, format!("{until} is more than a year away."))
            .hint("Prepare what is due within a year."));
    }
    let known = |person: RecordId| facts.team.members.contains_key(&person);
    if !seen.me.person.is_some_and(known) {
        return Err(Failure::new(Code::NotAllowed, "This device does not belong to the service."));
    }
    let (mut added, mut all): (Vec<RecordId>, Vec<Act>) = (Vec::new(), Vec::new());
    for (schedule, item) in facts.schedules.iter().filter(|(_, item)| !item.withdrawn) {
        let Some(first) = item.record.from else { continue };
        let from = made(schedule).map_or(first, |made| made.date().max(first));
        for due in due_dates(&item.record, from, until) {
            let id = expense_id(book, schedule, due);
            let there = app.reader().state(book, Kind::Expense, &id)?.is_some();
            if there || added.len() >= MOST {
                continue;
            }
            let fields = checked(Kind::Expense, &occurrence(schedule, &item.record, due))?;
            let judged = (Kind::Expense.info().judge)(&fields);
            all.extend(acts(app, book, Kind::Expense, id, &judged, fields)?);
            added.push(id);
        }
    }
    if !all.is_empty() {
        app.write(book, &all, change(book, Kind::Expense, None), &mut |_| true)?;
    }
    post_liabilities(app, book)?;
    Ok(Prepared { added, until: until.to_string() })
}
