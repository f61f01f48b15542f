//! Who wrote what, and what was not taken in.

use super::judge::{FORKED, Written};
use super::trust::cites_from;
use super::{Error, Reader};
use crate::authority::{Role, Stance};
use crate::date::{Date, Time};
use crate::document::{Document, Key, Named, Refusal};
use crate::id::{BookId, Device, Hash, LogId, RecordId};
use crate::object::Object;
use crate::projection::Row;
use crate::record::Form;
use crate::records::Kind;
use rusqlite::params;
use std::collections::{BTreeMap, BTreeSet};

/// Most statements listed that do not count since their log was forked.
const MAX_REFUSED: usize = 1000;

/// How far an object is to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its device belonged to the service when it was written.
    Verified,
    /// It was written while its device was being removed.
    Flagged,
    /// Its device had been removed or said something else at the same place, and somebody who
    /// belongs built on it or let it in.
    Vouched,
    /// Nothing is known of its device.
    Unknown,
}

/// What became of an object that was not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedState {
    /// It waits for what it builds on.
    Waiting,
    /// It breaks a rule.
    Refused,
    /// It is held back, since its device was removed.
    Held,
    /// It was not its writer's to write.
    NotAllowed,
    /// It is sealed with a key this device does not have.
    Locked,
}

/// An authentic object that was not taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedObject {
    /// Its hash.
    pub hash: Hash,
    /// Who signed it.
    pub device: Device,
    /// When its device says it was written.
    pub time: Time,
    /// The document it is about.
    pub document: String,
    /// What became of it.
    pub state: RefusedState,
    /// Why, in a sentence.
    pub reason: String,
}

/// One step in the history of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryStep {
    /// When the device says it wrote it.
    pub time: Time,
    /// The device.
    pub device: Device,
    /// The person, by what its writer had seen; nothing when it did not belong.
    pub person: Option<RecordId>,
    /// Whether it was this installation.
    pub own: bool,
    /// How far it is to be trusted.
    pub standing: Standing,
    /// The object that holds it.
    pub object: Hash,
}

/// When the changes of one object were made, newest first: each at its own second, the last at the
/// object's millisecond. None says that it was later than the object.
fn moments(object: Time, seconds: &BTreeSet<i64>) -> impl Iterator<Item = Time> {
    let exact = |second: &i64| match *second == object.0.div_euclid(1000) {
        true => object,
        false => Time(second.saturating_mul(1000)).min(object),
    };
    let mut found: Vec<Time> = seconds.iter().rev().map(exact).collect();
    found.dedup();
    if found.is_empty() {
        found.push(object);
    }
    found.into_iter()
}

impl Reader {
    /// Whether a device other than one signed anything between two moments, as it says.
    pub fn others_wrote(
        &self,
        book: &BookId,
        own: &Device,
        (from, to): (Time, Time),
    ) -> Result<bool, Error> {
        let number = self.book_number(book)?;
        Ok(self
            .db()
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM object JOIN log ON log.n = object.log
                 WHERE log.book = ?1 AND log.device <> ?2 AND time BETWEEN ?3 AND ?4)",
            )?
            .query_row(params![number, own.0.as_slice(), from.0, to.0], |row| row.get(0))?)
    }

    /// Objects that were authentic but not taken in, and why: newest first, after statements of
    /// devices that said something else at the same place.
    pub fn refused(&self, book: &BookId) -> Result<Vec<RefusedObject>, Error> {
        let number = self.book_number(book)?;
        let mut statement = self.db().prepare_cached(
            "SELECT hash, device, coalesce(document.name, ''), state, reason, time FROM object
             JOIN log ON log.n = object.log LEFT JOIN document ON document.n = object.document
             WHERE state <> 0 AND reason <> 'erased' AND log.book = ?1
             ORDER BY object.n DESC LIMIT 1000",
        )?;
        let rows = statement.query_map([number], |row| {
            let (hash, device): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
            let state = match row.get::<_, i64>(3)? {
                1 => RefusedState::Waiting,
                3 => RefusedState::Held,
                4 => RefusedState::NotAllowed,
                5 => RefusedState::Locked,
                _ => RefusedState::Refused,
            };
            let reason: String = row.get(4)?;
            let waiting = state == RefusedState::Waiting;
            Ok(RefusedObject {
                hash: Hash::from_slice(&hash).unwrap_or(Hash([0; 32])),
                device: Device::from_slice(&device).unwrap_or(Device([0; 32])),
                time: Time(row.get(5)?),
                document: row.get(2)?,
                state,
                reason: if waiting { Refusal::Waiting.to_string() } else { reason },
            })
        })?;
        let authority = self.authority_of(number, book)?;
        let stated = authority.frozen().map(|node| RefusedObject {
            hash: node.hash,
            device: node.device,
            time: node.time,
            document: String::new(),
            state: RefusedState::Held,
            reason: FORKED.to_owned(),
        });
        let mut refused: Vec<RefusedObject> = stated.take(MAX_REFUSED).collect();
        refused.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
        Ok(refused)
    }

    /// The records an object that is here writes to; none when it is sealed or writes inside a
    /// text.
    pub fn records_of(&self, book: &BookId, hash: &Hash) -> Result<Vec<Key>, Error> {
        let number = self.book_number(book)?;
        let mut statement = self.db().prepare_cached(
            "SELECT bytes FROM object JOIN log ON log.n = object.log
             WHERE hash = ?1 AND log.book = ?2",
        )?;
        let rows = statement.query_map(params![hash.0.as_slice(), number], |row| row.get(0))?;
        let mut keys = std::collections::BTreeSet::new();
        for bytes in rows.collect::<rusqlite::Result<Vec<Vec<u8>>>>()? {
            let Ok(object) = self.unsealed(book, Object::reopen(&bytes)?) else { continue };
            keys.extend(Document::named(&object.parts).into_iter().filter_map(
                |named| match named {
                    Named::Entry(key) | Named::Field(key) => Some(key),
                    Named::Inside | Named::Other => None,
                },
            ));
        }
        Ok(keys.into_iter().collect())
    }

    /// Who wrote to a record, when, newest first.
    pub fn history(&self, book: &BookId, row: &Row, kind: Kind) -> Result<Vec<HistoryStep>, Error> {
        let number = self.book_number(book)?;
        let authority = self.authority_of(number, book)?;
        let key = Key { kind: kind.name().to_owned(), id: row.id };
        let own_document = [
            format!("{}/{}", kind.name(), row.id),
            format!("{}{}", crate::keyring::PRIVATE, row.id),
        ];
        // Beside a living record nothing lies in its document; beside an entry, such as a proposal,
        // there do.
        let own_document = own_document.contains(&row.document) && kind.info().form == Form::Living;
        let mut statement = self.db().prepare_cached(
            "SELECT hash, time, device, log.own, bytes, log.id, seq, cites, released FROM object
             JOIN log ON log.n = object.log JOIN document ON document.n = object.document
             JOIN stance ON stance.n = object.stance
             WHERE document.book = ?1 AND document.name = ?2 AND state = 0 AND object.kind = 1
             ORDER BY object.applied DESC",
        )?;
        let mut rows = statement.query(params![number, row.document])?;
        let mut steps = Vec::new();
        while let Some(found) = rows.next()? {
            let blob = |index| found.get::<_, Vec<u8>>(index);
            let object = self.unsealed(book, Object::reopen(&blob(4)?)?);
            let asked = (!own_document).then_some(&key);
            let times = object.map(|object| Document::times(&object.parts, asked));
            let times = times.unwrap_or_default();
            if times.is_empty() && !own_document {
                continue;
            }
            let seq: i64 = found.get(6)?;
            let written = Written {
                log: LogId::from_slice(&blob(5)?).unwrap_or(LogId([0; 16])),
                device: Device::from_slice(&blob(2)?).unwrap_or(Device([0; 32])),
                seq: u64::try_from(seq).unwrap_or(0),
                time: Time(found.get(1)?),
                cites: cites_from(&blob(7)?),
            };
            let (person, standing) = match written.stance(&authority) {
                Stance::Member(writer) if writer.apart => (Some(writer.person), Standing::Flagged),
                Stance::Member(writer) => (Some(writer.person), Standing::Verified),
                Stance::Forked(writer) => (Some(writer.person), Standing::Vouched),
                Stance::Late => (None, Standing::Vouched),
                Stance::Stranger | Stance::Unknown => (None, Standing::Unknown),
            };
            let step = HistoryStep {
                time: written.time,
                device: written.device,
                person,
                own: found.get(3)?,
                standing,
                object: Hash::from_slice(&blob(0)?).unwrap_or(Hash([0; 32])),
            };
            steps.extend(
                moments(written.time, &times).map(|time| HistoryStep { time, ..step.clone() }),
            );
        }
        Ok(steps)
    }

    /// Who belonged and with which roles on a day, as far as the author of an entry had seen when it
    /// was written; nothing when the object that brought it is not here. Of several objects of
    /// that author that brought it, the one that says it is the oldest.
    pub fn seen_by_author(
        &self,
        book: &BookId,
        (row, kind): (&Row, Kind),
        (author, day): (RecordId, Date),
    ) -> Result<Option<BTreeMap<RecordId, BTreeSet<Role>>>, Error> {
        let number = self.book_number(book)?;
        let authority = self.authority_of(number, book)?;
        let key = Key { kind: kind.name().to_owned(), id: row.id };
        let mut statement = self.db().prepare_cached(
            "SELECT bytes, log.id, device, seq, time, cites, hash FROM object
             JOIN log ON log.n = object.log JOIN document ON document.n = object.document
             JOIN stance ON stance.n = object.stance
             WHERE document.book = ?1 AND document.name = ?2 AND state = 0 AND object.kind = 1
             ORDER BY time, hash",
        )?;
        let mut rows = statement.query(params![number, row.document])?;
        while let Some(found) = rows.next()? {
            let blob = |index| found.get::<_, Vec<u8>>(index);
            let Ok(object) = self.unsealed(book, Object::reopen(&blob(0)?)?) else { continue };
            if !Document::mentions(&object.parts, &key) {
                continue;
            }
            let seq: i64 = found.get(3)?;
            let written = Written {
                log: LogId::from_slice(&blob(1)?).unwrap_or(LogId([0; 16])),
                device: Device::from_slice(&blob(2)?).unwrap_or(Device([0; 32])),
                seq: u64::try_from(seq).unwrap_or(0),
                time: Time(found.get(4)?),
                cites: cites_from(&blob(5)?),
            };
            let (Stance::Member(writer) | Stance::Forked(writer)) = written.stance(&authority)
            else {
                continue;
            };
            let state = authority.at(&written.cites, written.log, written.seq);
            let Some(state) = state.filter(|_| writer.person == author) else { continue };
            let active = state.people().into_iter().filter(|person| state.is_active(*person));
            return Ok(Some(active.map(|person| (person, state.roles(person, day))).collect()));
        }
        Ok(None)
    }
}
