//! Logs as trees: where a device signed several objects for one place of its log, the log ends
//! before it, and each of them begins a branch of its own. What is here decides what is a branch,
//! not what came first.

use super::receive::{Batch, Origin};
use super::trust::cites_blob;
use super::{Error, Reader};
use crate::authority::Authority;
use crate::document::Document;
use crate::id::{BookId, Device, Hash, LogId};
use crate::object::{Object, ObjectKind};
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeMap;

/// Most branches kept of one device, apart from those that shorten what counts of a log, and those
/// that something of others which is here builds on.
pub const MAX_BRANCHES: i64 = 64;

/// A place where a device said several things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fork {
    /// The log its objects name.
    pub log: LogId,
    /// Who signed all of them.
    pub device: Device,
    /// The number they all have.
    pub seq: u64,
    /// The branches, each with the hash of its first object.
    pub branches: Vec<(LogId, Hash)>,
}

/// Where an object belongs, of a log something of which is here.
pub(super) enum Place {
    /// At the end of a log or branch, by its number in the database.
    End(i64),
    /// Beside what follows a place already: the log or branch and the number it comes after;
    /// nothing where it is the first of its log.
    Beside(Option<(i64, u64)>),
    /// What comes before it is not here.
    Early,
    /// Nowhere.
    Nowhere,
}

fn as_i64(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Reader {
    /// Whether an object is here.
    pub(super) fn has_object(&self, book: i64, hash: &Hash) -> Result<bool, Error> {
        Ok(self
            .db()
            .prepare_cached(
                "SELECT 1 FROM object JOIN log ON log.n = object.log
                 WHERE hash = ?1 AND log.book = ?2",
            )?
            .exists(params![hash.0.as_slice(), book])?)
    }

    /// Where an object belongs whose log, `root`, is here.
    pub(super) fn place(&self, root: i64, object: &Object) -> Result<Place, Error> {
        if object.seq == 1 {
            return Ok(Place::Beside(None));
        }
        let before: Option<(i64, i64, i64)> = self
            .db()
            .prepare_cached(
                "SELECT log.n, seq, coalesce(trunk, log.n) FROM object
                 JOIN log ON log.n = object.log
                 WHERE hash = ?1 AND log.book = (SELECT book FROM log WHERE n = ?2)",
            )?
            .query_row(params![object.previous.0.as_slice(), root], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let Some((part, seq, signed)) = before else { return Ok(Place::Early) };
        if signed != root || as_i64(object.seq).checked_sub(1) != Some(seq) {
            return Ok(Place::Nowhere);
        }
        let followed: bool = self
            .db()
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM object WHERE log = ?1 AND seq > ?2)
                   OR EXISTS (SELECT 1 FROM log branch JOIN log part ON part.n = ?1
                     WHERE branch.trunk = ?3 AND branch.before_log = part.id)",
            )?
            .query_row(params![part, seq, root], |row| row.get(0))?;
        let seq = u64::try_from(seq).unwrap_or(0);
        Ok(if followed { Place::Beside(Some((part, seq))) } else { Place::End(part) })
    }

    /// Whether nothing of a log is left, in it or in branches: all of it was given up. What comes
    /// now stands beside nothing.
    pub(super) fn is_given_up(&self, log: i64) -> Result<bool, Error> {
        let something: bool = self
            .db()
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM object WHERE log = ?1)
                   OR EXISTS (SELECT 1 FROM log WHERE trunk = ?1)",
            )?
            .query_row([log], |row| row.get(0))?;
        Ok(!something)
    }

    /// Notes what a log that begins again goes on from.
    pub(super) fn begin_anew_from(&self, log: i64, origin: Option<Origin>) -> Result<(), Error> {
        let (before, seq) = origin.unzip();
        self.db().execute(
            "UPDATE log SET before_log = ?2, before_seq = ?3 WHERE n = ?1",
            params![log, before, seq],
        )?;
        self.db().execute("UPDATE stance SET verdict = NULL WHERE log = ?1", [log])?;
        Ok(())
    }

    /// Whether one more branch of a device is too many.
    pub(super) fn is_one_too_many(
        &self,
        batch: &Batch<'_>,
        (root, after): (i64, Option<(i64, u64)>),
        (object, hash): (&Object, &Hash),
    ) -> Result<bool, Error> {
        let there: i64 = self
            .db()
            .prepare_cached(
                "SELECT count(*) FROM log WHERE book = ?1 AND device = ?2 AND trunk IS NOT NULL",
            )?
            .query_row(params![batch.number, object.device.0.as_slice()], |row| row.get(0))?;
        if there < MAX_BRANCHES {
            return Ok(false);
        }
        // What comes before all branches counts: everybody must know where that ends.
        let end = match after {
            Some((part, seq)) => (part == root).then_some(seq),
            None => Some(0),
        };
        let shortens = match end {
            Some(end) => self.last(root)?.is_some_and(|(last, _)| last > end),
            None => false,
        };
        Ok(!shortens && !self.is_built_on(batch, object, hash)?)
    }

    /// Whether something of another device that is here cites or builds on an object.
    fn is_built_on(&self, batch: &Batch<'_>, object: &Object, hash: &Hash) -> Result<bool, Error> {
        if object.kind != ObjectKind::Changes {
            let cited = self
                .db()
                .prepare_cached(
                    "SELECT 1 FROM stance JOIN log ON log.n = stance.log
                     WHERE book = ?1 AND device <> ?2 AND instr(cites, ?3) > 0",
                )?
                .exists(params![
                    batch.number,
                    object.device.0.as_slice(),
                    cites_blob(std::slice::from_ref(hash))
                ])?;
            return Ok(cited);
        }
        let n = self.document_number(batch.number, &object.document)?;
        let nothing = Document::new(batch.book, &object.document)?;
        let mine: Vec<Hash> =
            object.parts.iter().map(|part| crate::document::change_hash(part)).collect();
        for pending in self.pending(n, 0)? {
            if pending.written.device == object.device {
                continue;
            }
            let Ok(theirs) = self.unsealed(batch.book, Object::reopen(&pending.bytes)?) else {
                continue;
            };
            let needed = nothing.missing(&theirs.parts);
            if mine.iter().any(|change| needed.contains(change)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Begins a branch with an object and ends what it stands beside; answers the branch's number.
    pub(super) fn branch_off(
        &self,
        batch: &Batch<'_>,
        root: i64,
        after: Option<(i64, u64)>,
        (object, hash): (&Object, &Hash),
        origin: Option<Origin>,
    ) -> Result<i64, Error> {
        let (part, end) = after.unwrap_or((root, 0));
        self.split(root, part, end.saturating_add(1))?;
        let origin = match after {
            Some((part, end)) => Some((self.log_id(part)?, as_i64(end))),
            None => origin,
        };
        let (log, seq) = origin.unzip();
        self.db().execute(
            "INSERT INTO log (book, id, device, before_log, before_seq, first, trunk)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                batch.number,
                object.log().branch(hash).0.as_slice(),
                object.device.0.as_slice(),
                log,
                seq,
                as_i64(object.seq),
                root
            ],
        )?;
        Ok(self.db().last_insert_rowid())
    }

    fn log_id(&self, n: i64) -> Result<Vec<u8>, Error> {
        Ok(self
            .db()
            .prepare_cached("SELECT id FROM log WHERE n = ?1")?
            .query_row([n], |row| row.get(0))?)
    }

    /// Ends a log or branch before a number: what follows becomes a branch.
    fn split(&self, root: i64, part: i64, at: u64) -> Result<(), Error> {
        let at = as_i64(at);
        let first: Option<Vec<u8>> = self
            .db()
            .prepare_cached("SELECT hash FROM object WHERE log = ?1 AND seq = ?2")?
            .query_row([part, at], |row| row.get(0))
            .optional()?;
        let Some(first) = first.as_deref().and_then(Hash::from_slice) else { return Ok(()) };
        let signed = LogId::from_slice(&self.log_id(root)?).unwrap_or(LogId([0; 16]));
        let id = signed.branch(&first);
        let db = self.db();
        // Where nothing is left before it, it goes on from what the whole log goes on from.
        db.execute(
            "INSERT INTO log (book, id, device, before_log, before_seq, first, trunk)
             SELECT book, ?3, device, CASE ?2 WHEN 1 THEN before_log ELSE id END,
                    CASE ?2 WHEN 1 THEN before_seq ELSE ?2 - 1 END, ?2, ?4
             FROM log WHERE n = ?1",
            params![part, at, id.0.as_slice(), root],
        )?;
        let new = db.last_insert_rowid();
        if at == 1 {
            db.execute("UPDATE log SET before_log = NULL, before_seq = NULL WHERE n = ?1", [part])?;
        }
        db.execute(
            "UPDATE log SET before_log = ?4 WHERE n <> ?3 AND before_seq >= ?2
               AND before_log = (SELECT id FROM log WHERE n = ?1)
               AND book = (SELECT book FROM log WHERE n = ?1)",
            params![part, at, new, id.0.as_slice()],
        )?;
        db.execute("UPDATE object SET log = ?3 WHERE log = ?1 AND seq >= ?2", [part, at, new])?;
        db.execute(
            "INSERT OR IGNORE INTO stance (log, cites) SELECT ?1, cites FROM stance
             WHERE n IN (SELECT stance FROM object WHERE log = ?1)",
            [new],
        )?;
        db.execute(
            "UPDATE object SET stance = (SELECT own.n FROM stance own WHERE own.log = ?1
               AND own.cites = (SELECT cites FROM stance WHERE n = object.stance))
             WHERE log = ?1",
            [new],
        )?;
        db.execute("UPDATE stance SET verdict = NULL WHERE log = ?1", [part])?;
        Ok(())
    }

    /// The object a new log of this device goes on from: the end of the one it wrote last, if
    /// there is one, so that what it says there follows what it said before. Of branches that is
    /// one of which others had seen something, where there is such.
    pub(super) fn goes_on_from(
        &self,
        log: i64,
        (number, device): (i64, &Device),
        authority: &Authority,
    ) -> Result<Hash, Error> {
        let mut statement = self.db().prepare_cached(
            "SELECT hash, log.id, max(seq),
                    (SELECT max(applied) FROM object every WHERE every.log = log.n)
             FROM object JOIN log ON log.n = object.log
             WHERE log.book = ?1 AND log.device = ?2 AND log.n <> ?3
               AND NOT EXISTS (SELECT 1 FROM log later WHERE later.before_log = log.id)
             GROUP BY log.n",
        )?;
        let rows = statement.query_map(params![number, device.0.as_slice(), log], |row| {
            let (hash, earlier): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
            Ok((row.get::<_, i64>(3)?, hash, earlier, row.get::<_, i64>(2)?))
        })?;
        let ends = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        let seen = |log: &[u8]| LogId::from_slice(log).and_then(|log| authority.acknowledged(&log));
        let last = ends.into_iter().max_by_key(|end| (seen(&end.2).is_some(), end.0));
        let Some((_, hash, earlier, seq)) = last else { return Ok(Hash([0; 32])) };
        self.db().execute(
            "UPDATE log SET before_log = ?2, before_seq = ?3 WHERE n = ?1",
            params![log, earlier, seq],
        )?;
        Ok(Hash::from_slice(&hash).unwrap_or(Hash([0; 32])))
    }

    /// The places where devices said several things, by log and number.
    pub fn forks(&self, book: &BookId) -> Result<Vec<Fork>, Error> {
        let number = self.book_number(book)?;
        let mut statement = self.db().prepare_cached(
            "SELECT trunk.id, log.device, log.first, log.before_log, log.id, hash FROM log
             JOIN log trunk ON trunk.n = log.trunk
             JOIN object ON object.log = log.n AND object.seq = log.first
             WHERE log.book = ?1 ORDER BY log.id",
        )?;
        let rows = statement.query_map([number], |row| {
            let blob = |index| row.get::<_, Vec<u8>>(index);
            let before: Option<Vec<u8>> = row.get(3)?;
            Ok((blob(0)?, blob(1)?, row.get::<_, i64>(2)?, before, blob(4)?, blob(5)?))
        })?;
        let mut forks: BTreeMap<(LogId, u64, Option<Vec<u8>>), Fork> = BTreeMap::new();
        for row in rows {
            let (log, device, seq, before, branch, hash) = row?;
            let ids = LogId::from_slice(&log).zip(LogId::from_slice(&branch));
            let signed = Device::from_slice(&device).zip(Hash::from_slice(&hash));
            let (Some((log, branch)), Some((device, hash))) = (ids, signed) else { continue };
            let seq = u64::try_from(seq).unwrap_or(0);
            // Firsts of one log stand at one place whatever each goes on from.
            let before = before.filter(|_| seq > 1);
            let fork = forks.entry((log, seq, before));
            let fork = fork.or_insert_with(|| Fork { log, device, seq, branches: Vec::new() });
            fork.branches.push((branch, hash));
        }
        Ok(forks.into_values().collect())
    }
}
