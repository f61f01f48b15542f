//! Where each log ends, and what follows from comparing ends: what two devices exchange to know
//! what the other has, read from indexes alone.

use super::{Error, Reader};
use crate::date::Time;
use crate::id::{BookId, Hash, LogId};
use rusqlite::{OptionalExtension, params};

/// The end of a log: its id, the number of its last object here, and that object's hash.
pub type Head = (LogId, u64, Hash);

impl Reader {
    /// Where each log of a book that has objects here ends, by id.
    pub fn log_heads(&self, book: &BookId) -> Result<Vec<Head>, Error> {
        let number = self.book_number(book)?;
        let mut statement = self.db().prepare_cached(
            "SELECT log.id, object.seq, object.hash FROM log JOIN object ON object.log = log.n
               AND object.seq = (SELECT max(seq) FROM object WHERE log = log.n)
             WHERE log.book = ?1 ORDER BY log.id",
        )?;
        let rows = statement.query_map([number], |row| {
            let (id, seq, hash): (Vec<u8>, i64, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok((
                LogId::from_slice(&id).unwrap_or(LogId([0; 16])),
                u64::try_from(seq).unwrap_or(0),
                Hash::from_slice(&hash).unwrap_or(Hash([0; 32])),
            ))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The hash of one object of a log, if it is here.
    pub fn object_hash(&self, book: &BookId, log: &LogId, seq: u64) -> Result<Option<Hash>, Error> {
        let number = self.book_number(book)?;
        let seq = i64::try_from(seq).unwrap_or(i64::MAX);
        let hash: Option<Vec<u8>> = self
            .db()
            .prepare_cached(
                "SELECT hash FROM object JOIN log ON log.n = object.log
                 WHERE log.book = ?1 AND log.id = ?2 AND seq = ?3",
            )?
            .query_row(params![number, log.0.as_slice(), seq], |row| row.get(0))
            .optional()?;
        Ok(hash.and_then(|hash| Hash::from_slice(&hash)))
    }

    /// When the first object of a log after a number was written, as its device says; nothing if
    /// there is none.
    pub fn first_after(&self, book: &BookId, log: &LogId, seq: u64) -> Result<Option<Time>, Error> {
        let number = self.book_number(book)?;
        let seq = i64::try_from(seq).unwrap_or(i64::MAX);
        Ok(self
            .db()
            .prepare_cached(
                "SELECT time FROM object JOIN log ON log.n = object.log
                 WHERE log.book = ?1 AND log.id = ?2 AND seq > ?3 ORDER BY seq LIMIT 1",
            )?
            .query_row(params![number, log.0.as_slice(), seq], |row| row.get(0))
            .optional()?
            .map(Time))
    }

    /// Consecutive objects of a log after a number: number and bytes, at most so many, and no
    /// more once they have so many bytes together.
    pub fn objects_of(
        &self,
        book: &BookId,
        log: &LogId,
        after: u64,
        (limit, bytes): (u32, usize),
    ) -> Result<Vec<(u64, Vec<u8>)>, Error> {
        let number = self.book_number(book)?;
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let mut statement = self.db().prepare_cached(
            "SELECT seq, bytes FROM object JOIN log ON log.n = object.log
             WHERE log.book = ?1 AND log.id = ?2 AND seq > ?3 ORDER BY seq LIMIT ?4",
        )?;
        let mut rows = statement.query(params![number, log.0.as_slice(), after, limit])?;
        let (mut objects, mut size) = (Vec::new(), 0_usize);
        while let Some(row) = rows.next()? {
            let (seq, object): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
            size = size.saturating_add(object.len());
            if size > bytes && !objects.is_empty() {
                break;
            }
            objects.push((u64::try_from(seq).unwrap_or(0), object));
        }
        Ok(objects)
    }

    /// A hash over where every log ends: equal on devices that have the same objects.
    pub fn heads_fingerprint(&self, book: &BookId) -> Result<Hash, Error> {
        let mut bytes = Vec::new();
        for (log, last, hash) in self.log_heads(book)? {
            bytes.extend_from_slice(&log.0);
            bytes.extend_from_slice(&last.to_be_bytes());
            bytes.extend_from_slice(&hash.0);
        }
        Ok(Hash::of(&bytes))
    }

    /// The lengths of the objects of a log after a number, in bytes.
    pub fn object_lengths(
        &self,
        book: &BookId,
        log: &LogId,
        after: u64,
    ) -> Result<Vec<u64>, Error> {
        let number = self.book_number(book)?;
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let mut statement = self.db().prepare_cached(
            "SELECT length(bytes) FROM object JOIN log ON log.n = object.log
             WHERE log.book = ?1 AND log.id = ?2 AND seq > ?3 ORDER BY seq",
        )?;
        let rows = statement.query_map(params![number, log.0.as_slice(), after], |row| {
            Ok(u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
