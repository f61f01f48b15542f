//! One profile's SQLite file: the object log as the truth, and the read model beside it. Every
//! write is one SQLite transaction with `synchronous=FULL`: when it returns, it survives kill -9.

mod again;
mod append;
mod erase;
mod heads;
mod history;
mod identity;
mod job;
mod judge;
mod keys;
mod reader;
mod receive;
mod records;
mod settle;
mod trust;
mod waiting;

pub use append::{Act, Planned};
pub use heads::Head;
pub use history::{HistoryStep, RefusedObject, RefusedState, Standing};
pub use identity::Identity;
pub use reader::{BookInfo, DocumentInfo, LogInfo, Reader, View};
pub use receive::{Outcome, Received};

use crate::authority::{Founder, Genesis, Role};
use crate::date::Time;
use crate::document::Document;
use crate::id::{BookId, Device, RecordId};
use crate::projection::{self, Prepared, Projector};
use crate::records::Kind;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// SQLite's own words for what went wrong, for those who turn them into sentences.
pub mod sqlite {
    pub use rusqlite::{Error, ErrorCode};
}

/// Version of the tables of truth this program writes.
const VERSION: i64 = 2;
/// Most documents kept loaded.
const CACHED_DOCUMENTS: usize = 12;
/// Objects after which a document is saved whole, so that loading need not replay them.
const STALE_OBJECTS: i64 = 32;

/// Why the store could not do something.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite or the disk said no.
    #[error("the book's file could not be read or written: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A document could not be read or written.
    #[error(transparent)]
    Document(#[from] crate::document::Error),
    /// An object could not be made or read.
    #[error(transparent)]
    Object(#[from] crate::object::Error),
    /// The file was written by a later version.
    #[error("this book was written by a newer Commonhold (form {0}); please update this one")]
    Newer(i64),
    /// This installation's log goes on elsewhere: [`Store::renew`] must be called before writing.
    #[error("this profile is a copy of another that went on writing")]
    Copied,
    /// This device does not belong to the service, or no longer.
    #[error("this device does not belong to the service")]
    NotMember {
        /// Whether it did once.
        removed: bool,
    },
    /// Its person has none of the roles that may write it.
    #[error("to write this kind of record ({}) one must be {}", kind.name(), Role::in_words(roles))]
    NotAllowed {
        /// The kind of record.
        kind: Kind,
        /// The roles that may.
        roles: &'static [Role],
    },
    /// A document is sealed with a key this device does not have.
    #[error("{0} is sealed with a key this device does not have")]
    Locked(String),
    /// A document was destroyed.
    #[error("{0} was erased")]
    Erased(String),
    /// The read model is of another version, and this is only a reader.
    #[error("this profile was last used by another version and must be opened for writing once")]
    Stale,
    /// There is no such book in this profile.
    #[error("this profile has no service with the id {0}")]
    NoBook(BookId),
    /// The file is something else.
    #[error("this file is not a Commonhold book, or it is damaged: {0}")]
    Foreign(String),
}

/// The one writer of a profile. Whoever opens it holds the profile's lock.
pub struct Store {
    reader: Reader,
    identity: Identity,
    cache: Cache,
}

/// Documents kept loaded, the ones used last.
#[derive(Default)]
struct Cache {
    documents: BTreeMap<i64, Document>,
    used: Vec<i64>,
}

impl Cache {
    /// Takes a document out or loads it. It is put back with [`Cache::keep`] only after the
    /// transaction that changed it is committed, so that a failed write leaves nothing behind.
    fn take(
        &mut self,
        from: &Reader,
        book: &BookId,
        n: i64,
        name: &str,
    ) -> Result<Document, Error> {
        self.used.retain(|other| *other != n);
        match self.documents.remove(&n) {
            Some(document) => Ok(document),
            None => from.load(book, n, name),
        }
    }

    fn forget(&mut self, n: i64) {
        self.documents.remove(&n);
        self.used.retain(|other| *other != n);
    }

    fn keep(&mut self, n: i64, document: Document) {
        self.documents.insert(n, document);
        self.used.retain(|other| *other != n);
        self.used.push(n);
        while self.used.len() > CACHED_DOCUMENTS {
            let oldest = self.used.remove(0);
            self.documents.remove(&oldest);
        }
    }
}

impl std::ops::Deref for Store {
    type Target = Reader;
    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl Store {
    /// Opens the file for writing, creating it, and brings it to this version.
    pub fn open(path: &Path, identity: Identity) -> Result<Self, Error> {
        let db = Connection::open(path)?;
        configure(&db)?;
        migrate(&db)?;
        db.pragma_update(None, "secure_delete", "ON")?;
        let reader = Reader::over(db).opening_with(identity.keys().clone());
        let mut store = Self { reader, identity, cache: Cache::default() };
        if !projection::is_current(store.reader.db())? {
            store.rebuild()?;
        }
        Ok(store)
    }

    /// This device.
    pub fn device(&self) -> Device {
        self.identity.device()
    }

    /// This device and the installation it writes from.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The genesis of a book this device may begin with [`Store::begin`]. `person` is the id the
    /// founder's person record gets.
    pub fn genesis_of(
        &self,
        name: &str,
        now: Time,
        nonce: [u8; 16],
        person: RecordId,
        label: &str,
    ) -> Genesis {
        let (device, sealing) = (self.device(), self.identity.keys.sealing());
        let (label, log_nonce) = (label.to_owned(), self.identity.nonce());
        let founder = Founder { device, sealing, person, label, log_nonce };
        Genesis::new(name, founder, now, nonce)
    }

    /// Makes this installation write new logs from now on: after its own log turned out to
    /// continue elsewhere, which means that this profile is a copy or was restored.
    pub fn renew(&mut self, install: [u8; 16]) -> Result<(), Error> {
        self.reader.db().execute("UPDATE log SET own = 0", [])?;
        self.identity.install = install;
        Ok(())
    }

    /// Keeps a small value beside the books, such as a saved column mapping.
    pub fn set_setting(&self, key: &str, value: &[u8]) -> Result<(), Error> {
        self.reader.db().execute(
            "INSERT OR REPLACE INTO setting (key, value) VALUES (?1, ?2)",
            params![key, value],
        )?;
        Ok(())
    }

    /// Forgets a small value.
    pub fn remove_setting(&self, key: &str) -> Result<(), Error> {
        self.reader.db().execute("DELETE FROM setting WHERE key = ?1", [key])?;
        Ok(())
    }

    /// Deletes the read model and fills it again from the documents.
    pub fn rebuild(&mut self) -> Result<(), Error> {
        let tx = self.reader.db().unchecked_transaction()?;
        projection::recreate(&tx)?;
        for book in self.reader.books()? {
            let mut projector = Projector::new(&tx, book.n);
            let mut writers = self.reader.writers(book.n)?;
            for info in self.reader.documents(&book.id)? {
                let document = match self.reader.load(&book.id, info.n, &info.name) {
                    Err(Error::Locked(_)) => continue,
                    other => other?,
                };
                for key in document.keys() {
                    if let Some(raw) = document.read(&key) {
                        projector.put(info.n, &Prepared::new(key, raw, &mut writers))?;
                    }
                }
            }
            projector.finish()?;
        }
        tx.commit()?;
        Ok(())
    }

    /// Saves what loading would otherwise replay; call it when there is time.
    pub fn tidy(&mut self) -> Result<(), Error> {
        for book in self.reader.books()? {
            for info in self.reader.documents(&book.id)? {
                if !self.reader.is_stale(info.n)? {
                    continue;
                }
                let document = match self.cache.take(&self.reader, &book.id, info.n, &info.name) {
                    Err(Error::Locked(_)) => continue,
                    other => other?,
                };
                self.reader.snapshot(info.n, &document)?;
                self.cache.keep(info.n, document);
            }
        }
        self.reader.db().execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(PASSIVE);")?;
        Ok(())
    }
}

/// What writing needs besides reading; only the store calls it, inside its transactions.
impl Reader {
    /// Whether so many objects were applied to a document since its last snapshot that a new one
    /// is worth its bytes: a few large objects load as quickly as a snapshot of them.
    fn is_stale(&self, n: i64) -> Result<bool, Error> {
        let stale: i64 = self
            .db()
            .prepare_cached(
                "SELECT count(*) FROM object WHERE document = ?1 AND applied >
                   coalesce((SELECT applied FROM snapshot WHERE document = ?1), 0)",
            )?
            .query_row([n], |row| row.get(0))?;
        Ok(stale >= STALE_OBJECTS)
    }

    fn snapshot(&self, n: i64, document: &Document) -> Result<(), Error> {
        self.db().execute(
            "INSERT OR REPLACE INTO snapshot (document, applied, bytes)
             SELECT ?1, coalesce(max(applied), 0), ?2 FROM object WHERE document = ?1",
            params![n, document.save()],
        )?;
        Ok(())
    }

    /// The number of a document, made when it is new.
    fn document_number(&self, book: i64, name: &str) -> Result<i64, Error> {
        let found = self
            .db()
            .prepare_cached("SELECT n FROM document WHERE book = ?1 AND name = ?2")?
            .query_row(params![book, name], |row| row.get(0))
            .optional()?;
        if let Some(n) = found {
            return Ok(n);
        }
        self.db()
            .execute("INSERT INTO document (book, name) VALUES (?1, ?2)", params![book, name])?;
        Ok(self.db().last_insert_rowid())
    }
}

fn configure(db: &Connection) -> Result<(), Error> {
    db.busy_timeout(Duration::from_secs(5))?;
    db.pragma_update(None, "journal_mode", "WAL").map_err(foreign)?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", true)?;
    tune(db)
}

/// What holds for every connection. A plan stays the same whatever values are bound (QPSG): else
/// SQLite prepares a statement anew at each use once it has statistics.
fn tune(db: &Connection) -> Result<(), Error> {
    db.pragma_update(None, "trusted_schema", false)?;
    db.pragma_update(None, "cache_size", -16_000)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// Not-a-database and corruption, in words; everything else stays what it is.
fn foreign(error: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode as Code;
    match error.sqlite_error_code() {
        Some(Code::NotADatabase | Code::DatabaseCorrupt) => Error::Foreign(error.to_string()),
        _ => Error::Sqlite(error),
    }
}

fn migrate(db: &Connection) -> Result<(), Error> {
    let version: i64 =
        db.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(foreign)?;
    match version {
        0 => {
            let tables: i64 =
                db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
            if tables != 0 {
                return Err(Error::Foreign("it holds other tables".into()));
            }
            let tx = db.unchecked_transaction()?;
            tx.execute_batch(include_str!("store/schema.sql"))?;
            tx.pragma_update(None, "user_version", VERSION)?;
            tx.commit()?;
            Ok(())
        }
        VERSION => Ok(()),
        older if older < VERSION => {
            Err(Error::Foreign("it is from before the first release of this program".into()))
        }
        newer => Err(Error::Newer(newer)),
    }
}

impl Reader {
    /// Opens the file for reading only; the writer may go on meanwhile.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let (db, version) = open_to_read(path).map_err(foreign)?;
        db.busy_timeout(Duration::from_secs(5))?;
        tune(&db)?;
        if version > VERSION {
            return Err(Error::Newer(version));
        }
        if version < VERSION || !projection::is_current(&db)? {
            return Err(Error::Stale);
        }
        Ok(Self::over(db))
    }
}

/// Opens a file for reading only, and reads its version. Reading needs small files beside the
/// book; on a disk that is read-only there can be none, but nobody writes to the book either, and
/// unless a writer left something unfinished it is read just as it lies there.
fn open_to_read(path: &Path) -> rusqlite::Result<(Connection, i64)> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = |path: &str, flags| -> rusqlite::Result<(Connection, i64)> {
        let db = Connection::open_with_flags(path, flags)?;
        let version = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        Ok((db, version))
    };
    let unfinished = std::fs::metadata(path.with_extension("sqlite-wal"));
    let finished = unfinished.map_or(true, |meta| meta.len() == 0);
    let Some(name) = path.to_str() else {
        return Err(rusqlite::Error::InvalidPath(path.to_owned()));
    };
    match open(name, flags) {
        Err(error)
            if finished
                && error.sqlite_error_code() == Some(rusqlite::ErrorCode::CannotOpen)
                && path.is_file() =>
        {
            let name = name.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
            let flags = flags | OpenFlags::SQLITE_OPEN_URI;
            open(&format!("file:{name}?immutable=1"), flags).map_err(|_| error)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests;
