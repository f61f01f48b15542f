//! Reading a profile: books, documents, logs, records. A reader never writes.

use super::Error;
use super::trust::Trust;
use crate::authority::Genesis;
use crate::date::Time;
use crate::document::Document;
use crate::id::{BookId, Device, Hash, LogId};
use crate::keys::DeviceKeys;
use crate::object::Object;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::cell::Cell;

/// One book of the profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookInfo {
    /// Its number inside this database.
    pub n: i64,
    /// Its id.
    pub id: BookId,
}

/// One document of a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentInfo {
    /// Its number inside this database.
    pub n: i64,
    /// Its name.
    pub name: String,
    /// How many objects were applied since its last snapshot.
    pub stale: u64,
}

/// One device's log in a book, or a branch of one: where a device said several things at one
/// place, its log ends before that, and each of them begins a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogInfo {
    /// Its number inside this database.
    pub n: i64,
    /// Its id.
    pub id: LogId,
    /// Who writes it.
    pub device: Device,
    /// Whether this installation writes it.
    pub own: bool,
    /// Number of its first object: 1, in a branch the place where it begins.
    pub first: u64,
    /// Number of its last object here; 0 when there is none.
    pub last: u64,
    /// When its device says it wrote that.
    pub last_time: Time,
}

impl LogInfo {
    /// How many objects of it are here.
    pub fn count(&self) -> u64 {
        self.last.saturating_add(1).saturating_sub(self.first)
    }
}

/// One moment of the file; see [`Reader::view`].
pub struct View<'a>(#[allow(dead_code)] Option<rusqlite::Transaction<'a>>);

/// Reads one profile's file.
pub struct Reader {
    db: Connection,
    pub(super) trust: Trust,
    /// Documents loaded since it was opened.
    loaded: Cell<u64>,
}

impl Reader {
    pub(super) fn over(db: Connection) -> Self {
        Self { db, trust: Trust::default(), loaded: Cell::new(0) }
    }

    /// With a device's keys, so that sealed documents can be loaded.
    pub fn opening_with(mut self, keys: DeviceKeys) -> Self {
        self.trust.keys = Some(keys);
        self
    }

    pub(super) fn db(&self) -> &Connection {
        &self.db
    }

    /// The file it reads.
    pub fn file(&self) -> Option<std::path::PathBuf> {
        self.db.path().filter(|path| !path.is_empty()).map(Into::into)
    }

    /// How many documents were loaded since this profile was opened: what costs most, and what reading
    /// and an exchange with nothing new must do without.
    pub fn documents_loaded(&self) -> u64 {
        self.loaded.get()
    }

    /// Holds one view of the file: until it is dropped, everything read is of the same moment,
    /// whatever a writer does meanwhile. Inside another view it is that one.
    pub fn view(&self) -> Result<View<'_>, Error> {
        let free = self.db.is_autocommit();
        Ok(View(free.then(|| self.db.unchecked_transaction()).transpose()?))
    }

    /// A transaction to write in, which waits for whoever else writes: begun later, it would fail if
    /// somebody noted what is shown meanwhile.
    pub(super) fn writing(&self) -> Result<Transaction<'_>, Error> {
        Ok(Transaction::new_unchecked(&self.db, TransactionBehavior::Immediate)?)
    }

    /// The books of this profile, oldest first.
    pub fn books(&self) -> Result<Vec<BookInfo>, Error> {
        let mut statement = self.db.prepare_cached(
            "SELECT n, id FROM book WHERE EXISTS (SELECT 1 FROM log WHERE log.book = book.n)
             ORDER BY n",
        )?;
        let rows = statement
            .query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(rows
            .into_iter()
            .filter_map(|(n, id)| Some(BookInfo { n, id: BookId::from_slice(&id)? }))
            .collect())
    }

    /// Whether this profile has a book, also one of which nothing has arrived yet.
    pub fn has(&self, book: &BookId) -> Result<bool, Error> {
        match self.book_number(book) {
            Ok(_) => Ok(true),
            Err(Error::NoBook(_)) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// The number of a book in this database.
    pub(super) fn book_number(&self, book: &BookId) -> Result<i64, Error> {
        self.db
            .prepare_cached("SELECT n FROM book WHERE id = ?1")?
            .query_row([book.0.as_slice()], |row| row.get(0))
            .optional()?
            .ok_or(Error::NoBook(*book))
    }

    /// The genesis statement of a book; nothing while its first object has not arrived.
    pub fn genesis(&self, book: &BookId) -> Result<Option<Genesis>, Error> {
        let number = self.book_number(book)?;
        let mut statement = self.db.prepare_cached(
            "SELECT bytes FROM object JOIN log ON log.n = object.log
             WHERE log.book = ?1 AND seq = 1 AND object.kind = 3",
        )?;
        let mut rows = statement.query([number])?;
        while let Some(row) = rows.next()? {
            let bytes: Vec<u8> = row.get(0)?;
            let part =
                Object::reopen(&bytes).ok().and_then(|object| object.parts.into_iter().next());
            let genesis = part.and_then(|part| Genesis::read(&part));
            if let Some(genesis) = genesis.filter(|genesis| genesis.book() == *book) {
                return Ok(Some(genesis));
            }
        }
        Ok(None)
    }

    /// The documents of a book, by name.
    pub fn documents(&self, book: &BookId) -> Result<Vec<DocumentInfo>, Error> {
        let number = self.book_number(book)?;
        let mut statement = self.db.prepare_cached(
            "SELECT document.n, name, (SELECT count(*) FROM object WHERE document = document.n
               AND object.document = document.n
               AND object.applied > coalesce(snapshot.applied, 0))
             FROM document LEFT JOIN snapshot ON snapshot.document = document.n
             WHERE book = ?1 ORDER BY name",
        )?;
        let rows = statement.query_map([number], |row| {
            let stale: i64 = row.get(2)?;
            let stale = u64::try_from(stale).unwrap_or(0);
            Ok(DocumentInfo { n: row.get(0)?, name: row.get(1)?, stale })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Loads a document: its snapshot and what was applied since; without the snapshot if that is
    /// damaged, since it is a cache.
    pub fn load(&self, book: &BookId, n: i64, name: &str) -> Result<Document, Error> {
        self.loaded.set(self.loaded.get().saturating_add(1));
        let snapshot: Option<(i64, Vec<u8>)> = self
            .db
            .prepare_cached("SELECT applied, bytes FROM snapshot WHERE document = ?1")?
            .query_row([n], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let loaded = snapshot
            .and_then(|(applied, bytes)| Some((applied, Document::load(name, &bytes).ok()?)));
        let (applied, mut document) = match loaded {
            Some(found) => found,
            None => (0, Document::new(book, name)?),
        };
        let mut statement = self.db.prepare_cached(
            "SELECT bytes FROM object WHERE document = ?1 AND applied > ?2 AND state = 0
             AND kind = 1 ORDER BY applied",
        )?;
        let mut rows = statement.query(params![n, applied])?;
        while let Some(row) = rows.next()? {
            let bytes: Vec<u8> = row.get(0)?;
            let object = self.unsealed(book, Object::reopen(&bytes)?)?;
            document.replay(&object.parts)?;
        }
        Ok(document)
    }

    /// Number of the last object of a log, and its hash.
    pub(super) fn last(&self, log: i64) -> Result<Option<(u64, Hash)>, Error> {
        let row: Option<(i64, Vec<u8>)> = self
            .db
            .prepare_cached(
                "SELECT seq, hash FROM object WHERE log = ?1 ORDER BY seq DESC LIMIT 1",
            )?
            .query_row([log], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(row.and_then(|(seq, hash)| Some((u64::try_from(seq).ok()?, Hash::from_slice(&hash)?))))
    }

    /// The logs of a book and their branches, by id: the same on every device that has the same
    /// objects.
    pub fn logs(&self, book: &BookId) -> Result<Vec<LogInfo>, Error> {
        let number = self.book_number(book)?;
        let mut statement = self.db.prepare_cached(
            "SELECT log.n, id, device, log.own, coalesce(seq, 0), coalesce(time, 0), first
             FROM log LEFT JOIN object ON object.log = log.n AND object.seq =
               (SELECT max(last.seq) FROM object last WHERE last.log = log.n)
             WHERE book = ?1 ORDER BY id",
        )?;
        let rows = statement.query_map([number], |row| {
            let (id, device): (Vec<u8>, Vec<u8>) = (row.get(1)?, row.get(2)?);
            let (last, first): (i64, i64) = (row.get(4)?, row.get(6)?);
            Ok(LogInfo {
                n: row.get(0)?,
                id: LogId::from_slice(&id).unwrap_or(LogId([0; 16])),
                device: Device::from_slice(&device).unwrap_or(Device([0; 32])),
                own: row.get(3)?,
                first: u64::try_from(first).unwrap_or(1),
                last: u64::try_from(last).unwrap_or(0),
                last_time: Time(row.get(5)?),
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Objects of a log after a number, in order: number and bytes.
    pub fn objects(&self, log: i64, after: u64, limit: u32) -> Result<Vec<(u64, Vec<u8>)>, Error> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let mut statement = self.db.prepare_cached(
            "SELECT seq, bytes FROM object WHERE log = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
        )?;
        let rows = statement.query_map(params![log, after, limit], |row| {
            let seq: i64 = row.get(0)?;
            Ok((u64::try_from(seq).unwrap_or(0), row.get(1)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// A small value kept beside the books, such as a saved column mapping.
    pub fn setting(&self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(self
            .db
            .prepare_cached("SELECT value FROM setting WHERE key = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()?)
    }

    /// Small values whose key begins with a text: the rest of the key, and the value.
    pub fn settings(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, Error> {
        let mut statement = self.db.prepare_cached(
            "SELECT substr(key, length(?1) + 1), value FROM setting
             WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key",
        )?;
        let rows = statement.query_map([prefix], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
