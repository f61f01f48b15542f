//! Objects that wait to be taken in: which there are, and what became of them.

use super::judge::Written;
use super::trust::cites_from;
use super::{Error, Reader};
use crate::date::Time;
use crate::document::{Refusal, change_hash};
use crate::id::{Device, Hash, LogId};
use rusqlite::{OptionalExtension, params};

/// Most objects tried together on one document.
const OFFERS_A_BATCH: i64 = 2000;

/// An object that waits.
pub(super) struct Pending {
    pub n: i64,
    pub written: Written,
    pub released: bool,
    pub hash: Hash,
    pub bytes: Vec<u8>,
    /// The branch it lies on, by its number in the database.
    pub branch: Option<i64>,
}

impl Reader {
    /// Documents that have objects waiting.
    pub(super) fn unsettled(&self, book: i64) -> Result<Vec<i64>, Error> {
        let mut statement = self.db().prepare_cached(
            "SELECT DISTINCT document.n, document.name FROM object JOIN document
             ON document.n = object.document WHERE state = 1 AND document.book = ?1 ORDER BY 2",
        )?;
        let found = statement.query_map([book], |row| row.get(0))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    pub(super) fn count_waiting(&self, book: i64) -> Result<i64, Error> {
        Ok(self
            .db()
            .prepare_cached(
                "SELECT count(*) FROM object JOIN log ON log.n = object.log
                 WHERE state = 1 AND log.book = ?1",
            )?
            .query_row([book], |row| row.get(0))?)
    }

    pub(super) fn document_name(&self, n: i64) -> Result<String, Error> {
        Ok(self
            .db()
            .prepare_cached("SELECT name FROM document WHERE n = ?1")?
            .query_row([n], |row| row.get(0))?)
    }

    pub(super) fn mark(&self, object: i64, why: &Refusal) -> Result<(), Error> {
        let state = match why {
            Refusal::Waiting => return Ok(()),
            Refusal::Broken(_) => 2,
            Refusal::Held(_) => 3,
            Refusal::NotAllowed(_) => 4,
        };
        self.db()
            .prepare_cached("UPDATE object SET state = ?3, reason = ?2 WHERE n = ?1")?
            .execute(params![object, why.to_string(), state])?;
        Ok(())
    }

    pub(super) fn mark_locked(&self, object: i64) -> Result<(), Error> {
        let why = "it is sealed with a key this device was not given";
        self.db()
            .prepare_cached("UPDATE object SET state = 5, reason = ?2 WHERE n = ?1")?
            .execute(params![object, why])?;
        Ok(())
    }

    /// Notes which object brings changes, so that their author can be found.
    pub(super) fn note_changes(&self, object: i64, parts: &[Vec<u8>]) -> Result<(), Error> {
        for part in parts {
            self.db()
                .prepare_cached("INSERT OR IGNORE INTO change (hash, object) VALUES (?1, ?2)")?
                .execute(params![change_hash(part).0.as_slice(), object])?;
        }
        Ok(())
    }

    /// Gives an object its place in the order this device took things in.
    pub(super) fn mark_applied(&self, object: i64) -> Result<(), Error> {
        self.mark_all_applied(&[object])
    }

    /// Gives objects their places in the order this device took things in.
    pub(super) fn mark_all_applied(&self, objects: &[i64]) -> Result<(), Error> {
        let counter: i64 = self
            .db()
            .prepare_cached("SELECT value FROM setting WHERE key = 'applied'")?
            .query_row([], |row| row.get::<_, Vec<u8>>(0))
            .optional()?
            .and_then(|bytes| bytes.try_into().ok().map(i64::from_be_bytes))
            .unwrap_or(0);
        let mut last = counter;
        for object in objects {
            last = last.saturating_add(1);
            self.db()
                .prepare_cached(
                    "UPDATE object SET applied = ?2, state = 0, reason = '' WHERE n = ?1",
                )?
                .execute(params![object, last])?;
        }
        self.db()
            .prepare_cached("INSERT OR REPLACE INTO setting (key, value) VALUES ('applied', ?1)")?
            .execute([last.to_be_bytes().as_slice()])?;
        Ok(())
    }

    /// Waiting objects of one document that were stored after a number.
    pub(super) fn pending(&self, document: i64, after: i64) -> Result<Vec<Pending>, Error> {
        let mut statement = self.db().prepare_cached(
            "SELECT object.n, log.id, device, seq, time, cites, released, hash, bytes,
                    CASE WHEN trunk IS NULL THEN NULL ELSE log.n END FROM object
             JOIN log ON log.n = object.log JOIN stance ON stance.n = object.stance
             WHERE state = 1 AND object.kind = 1 AND document = ?1 AND object.n > ?3
             ORDER BY object.n LIMIT ?2",
        )?;
        let rows = statement.query_map(params![document, OFFERS_A_BATCH, after], |row| {
            let blob = |index| row.get::<_, Vec<u8>>(index);
            let seq: i64 = row.get(3)?;
            let written = Written {
                log: LogId::from_slice(&blob(1)?).unwrap_or(LogId([0; 16])),
                device: Device::from_slice(&blob(2)?).unwrap_or(Device([0; 32])),
                seq: u64::try_from(seq).unwrap_or(0),
                time: Time(row.get(4)?),
                cites: cites_from(&blob(5)?),
            };
            Ok(Pending {
                n: row.get(0)?,
                written,
                released: row.get(6)?,
                hash: Hash::from_slice(&blob(7)?).unwrap_or(Hash([0; 32])),
                bytes: blob(8)?,
                branch: row.get(9)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
