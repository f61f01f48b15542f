//! Which secrets must be changed since somebody who held them left (`infra.secrets`), and the little
//! of the register that is public.

use crate::date::Date;
use crate::id::{BookId, RecordId};
use crate::projection::{Row, State};
use crate::records::Kind;
use crate::records::operations::secret::Secret;
use crate::store::{Error, Reader};
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A secret to be changed.
#[derive(Clone, Debug, PartialEq)]
pub struct ToRotate {
    /// The secret's record.
    pub id: RecordId,
    /// The secret.
    pub secret: Secret,
    /// Whether nobody who belongs holds it any more.
    pub sole: bool,
    /// Those of its holders who belong.
    pub remaining: Vec<RecordId>,
}

/// What follows for secrets from who left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rotation {
    /// Secrets to be changed: those nobody holds any more first, then by the harm they do.
    pub items: Vec<ToRotate>,
    /// How many secrets there are.
    pub total: usize,
    /// How many of them are held by fewer than two who belong.
    pub single_holder: usize,
    /// Those secrets.
    pub alone: Vec<RecordId>,
    /// Every secret with those of its holders who belong.
    pub held: Vec<(RecordId, BTreeSet<RecordId>)>,
    /// Secrets that are to be changed every so many days, with the day it is time: the first of
    /// the calendar where they were never changed.
    pub timed: Vec<(Date, RecordId)>,
    /// The day the one was changed that was not changed for longest.
    pub oldest: Option<Date>,
}

/// Who belonged and was removed, with the day.
fn gone(reader: &Reader, book: &BookId) -> Result<BTreeMap<RecordId, Date>, Error> {
    let authority = reader.authority(book)?;
    let state = authority.state();
    let mut gone: BTreeMap<RecordId, Date> = BTreeMap::new();
    for (device, admitted) in state.devices().filter(|(_, a)| !state.is_active(a.person)) {
        let day = state.removal_of(device).and_then(|tally| tally.time).map(|time| time.date());
        let last = gone.entry(admitted.person).or_default();
        *last = day.unwrap_or_default().max(*last);
    }
    Ok(gone)
}

/// Who can hold a secret or the keys to the domain: everybody the record knows who was not removed.
/// Who has no device here can hold them all the same.
pub fn holding(reader: &Reader, book: &BookId) -> Result<BTreeSet<RecordId>, Error> {
    let mut known = reader.authority(book)?.state().people();
    reader.each(book, Kind::Person, &mut |row: Row| {
        known.extend((row.state == State::Ok).then_some(row.id));
        true
    })?;
    let gone = gone(reader, book)?;
    Ok(known.into_iter().filter(|person| !gone.contains_key(person)).collect())
}

/// Works it out. `also_gone` is somebody to be thought of as having left on a day, besides those
/// who have.
pub fn rotation(
    reader: &Reader,
    book: &BookId,
    also_gone: Option<(RecordId, Date)>,
) -> Result<Rotation, Error> {
    let mut gone = gone(reader, book)?;
    gone.extend(also_gone);
    let mut found = Rotation::default();
    reader.each(book, Kind::Secret, &mut |row: Row| {
        if row.state == State::Ok
            && let Ok(secret) = serde_json::from_value::<Secret>(Value::Object(row.fields))
        {
            found.take(row.id, secret, &gone);
        }
        true
    })?;
    found.items.sort_by_key(|item| {
        let (label, harm) = (item.secret.label.clone(), Reverse(item.secret.blast_radius));
        (!item.sole, harm, label, item.id)
    });
    Ok(found)
}

impl Rotation {
    /// The secrets whose time to be changed has come by a day, the longest overdue first.
    pub fn due(&self, at: Date) -> Vec<(Date, RecordId)> {
        let mut due: Vec<_> = self.timed.iter().copied().filter(|(day, _)| *day <= at).collect();
        due.sort_unstable();
        due
    }

    fn take(&mut self, id: RecordId, secret: Secret, gone: &BTreeMap<RecordId, Date>) {
        let holders = secret.holders.iter().copied();
        let (left, remaining): (Vec<_>, Vec<_>) = holders.partition(|h| gone.contains_key(h));
        self.total = self.total.saturating_add(1);
        let belong: BTreeSet<RecordId> = remaining.iter().copied().collect();
        if belong.len() < 2 {
            self.single_holder = self.single_holder.saturating_add(1);
            self.alone.push(id);
        }
        self.held.push((id, belong));
        if let Some(days) = secret.rotate_every.and_then(|days| u16::try_from(days).ok()) {
            let next = secret.rotated.map(|day| day.days_later(days)).unwrap_or_default();
            self.timed.push((next, id));
        }
        self.oldest = match (self.oldest, secret.rotated) {
            (Some(old), Some(new)) => Some(old.min(new)),
            (old, new) => old.or(new),
        };
        let since = left.iter().filter_map(|holder| gone.get(holder)).max();
        let stale = since.is_some_and(|since| secret.rotated.is_none_or(|day| day < *since));
        if stale {
            let sole = remaining.is_empty();
            self.items.push(ToRotate { id, secret, sole, remaining });
        }
    }
}
