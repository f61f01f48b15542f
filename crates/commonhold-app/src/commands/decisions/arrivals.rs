//! When this device first saw what was said to a vote: nothing else tells what arrived in time.
//!
//! What is here at the first look after the time allowed counts as having arrived in time: nobody
//! was looking before. What is first seen at a later look is late.

use super::load;
use crate::app::App;
use crate::failure::Failure;
use commonhold_core::id::BookId;
use commonhold_core::reports::governance::tally::Vote;
use commonhold_core::{RecordId, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What this device saw of one vote.
#[derive(Default, Serialize, Deserialize)]
struct Seen {
    /// Whether it looked after the time allowed.
    after: bool,
    /// When it first saw each ballot and intervention.
    at: BTreeMap<RecordId, Time>,
}

fn key(book: &BookId, vote: &RecordId) -> String {
    format!("arrived/{book}/{vote}")
}

/// Notes what arrived; to be called after an exchange and before a count. Does nothing where
/// nothing can be written.
pub fn notice(app: &mut App, book: &BookId) -> Result<(), Failure> {
    if app.read_only().is_some() {
        return Ok(());
    }
    for vote in Vote::all(app.reader(), book)? {
        arrived(app, book, &vote)?;
    }
    Ok(())
}

/// Half a year, in hours: who votes or counts so long after the end, by a clock nobody else's
/// agrees with, has a wrong clock.
const HALF_A_YEAR: i64 = 4_380;

/// Whether this device's clock may be years off: by it a moment has long passed, but no other device
/// signed anything in the half year after it.
pub(super) fn clock_is_odd(app: &mut App, book: &BookId, end: Time) -> Result<bool, Failure> {
    let (now, until) = (app.now(), end.plus_hours(HALF_A_YEAR));
    let own = app.store()?.device();
    if now <= until {
        return Ok(false);
    }
    let wrote = |from, to| app.reader().others_wrote(book, &own, (from, to));
    // Whoever keeps the book alone has nobody to compare with.
    Ok(wrote(Time(i64::MIN), Time(i64::MAX))? && !wrote(end, until)?)
}

/// When what was said to a vote arrived here; notes what is new.
pub(super) fn arrived(
    app: &mut App,
    book: &BookId,
    vote: &Vote,
) -> Result<BTreeMap<RecordId, Time>, Failure> {
    let (now, end, key) = (app.now(), vote.grace_until(), key(book, &vote.id));
    let bytes = app.reader().setting(&key)?;
    let mut seen: Seen =
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    // A clock that was ahead and was put right: nobody knows when that arrived, so it is not late.
    let ahead = seen.at.values().any(|at| *at > now) || now <= end && seen.after;
    if ahead {
        seen.after = now > end;
        seen.at.values_mut().filter(|at| **at > now).for_each(|at| *at = now.min(end));
    }
    let first_after = now > end && !seen.after;
    let time = if first_after { end } else { now };
    let mut changed = first_after || ahead;
    for id in vote.ballots.keys().chain(vote.words.keys()) {
        seen.at.entry(*id).or_insert_with(|| {
            changed = true;
            time
        });
    }
    seen.after |= first_after;
    if changed {
        let bytes = serde_json::to_vec(&seen).unwrap_or_default();
        app.store()?.set_setting(&key, &bytes)?;
    }
    Ok(seen.at)
}

/// Reads a vote and notes what is new of it.
pub(super) fn looked_at(
    app: &mut App,
    book: &BookId,
    id: &RecordId,
) -> Result<(Vote, BTreeMap<RecordId, Time>), Failure> {
    let vote = load(app.reader(), book, id)?;
    let arrived = arrived(app, book, &vote)?;
    Ok((vote, arrived))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_kept_as_they_were() {
        let mut seen = Seen::default();
        seen.at.insert(RecordId::from_u128(7), Time(1_782_864_000_000));
        let bytes = serde_json::to_vec(&seen).unwrap();
        let again: Seen = serde_json::from_slice(&bytes).unwrap();
        assert_eq!((again.after, again.at), (false, seen.at));
    }
}
