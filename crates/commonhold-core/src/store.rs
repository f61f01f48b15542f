//! One profile's SQLite file: the object log as the truth, and the read model beside it. Every
//! write is one SQLite transaction with `synchronous=FULL`: when it returns, it survives kill -9.

mod again;
mod append;
mod attachments;
mod branches;
mod erase;
mod forks;
mod heads;
mod history;
mod identity;
mod job;
mod judge;
mod keys;
mod money;
mod open;
mod reader;
mod receive;
mod records;
mod settle;
mod trust;
mod unshown;
mod waiting;

pub use again::WrittenAgain;
pub use append::{Act, Planned};
pub use attachments::{Attachment, Taken};
pub use forks::Fork;
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
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;
use std::path::Path;

/// SQLite's own words for what went wrong, for those who turn them into sentences.
pub mod sqlite {
    pub use rusqlite::{Error, ErrorCode};
}

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
    /// A file is larger than an attachment may be.
    #[error(
        "the file has {0} bytes; an attachment may have at most {max}",
        max = crate::attachment::MAX_BYTES
    )]
    TooLarge(u64),
    /// What is kept of an attachment does not have its SHA-256 any more: the disk failed.
    #[error("what is kept of the file {0} is damaged")]
    Damaged(crate::id::Sha256),
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
    /// From how many objects on what was not shown yet is joined.
    joins_from: usize,
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
        open::configure(&db)?;
        open::migrate(&db)?;
        db.pragma_update(None, "secure_delete", "ON")?;
        // Earlier versions saved what is sealed in the clear.
        db.execute(
            "DELETE FROM snapshot WHERE document IN
               (SELECT n FROM document WHERE name = 'vault' OR name LIKE 'private/%')",
            [],
        )?;
        let reader = Reader::over(db).opening_with(identity.keys().clone());
        let joins_from = unshown::WORTH;
        let mut store = Self { reader, identity, cache: Cache::default(), joins_from };
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
        self.reader.set_setting_to(key, value)
    }

    /// Forgets a small value.
    pub fn remove_setting(&self, key: &str) -> Result<(), Error> {
        self.reader.db().execute("DELETE FROM setting WHERE key = ?1", [key])?;
        Ok(())
    }

    /// Deletes the read model and fills it again from the documents.
    pub fn rebuild(&mut self) -> Result<(), Error> {
        let tx = self.reader.writing()?;
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
    fn set_setting_to(&self, key: &str, value: &[u8]) -> Result<(), Error> {
        self.db().execute(
            "INSERT OR REPLACE INTO setting (key, value) VALUES (?1, ?2)",
            params![key, value],
        )?;
        Ok(())
    }

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

    /// Saves a document. What is sealed is kept as sealed objects alone, and read from them: a
    /// saved document would lie open in the file.
    fn snapshot(&self, n: i64, document: &Document) -> Result<(), Error> {
        if crate::keyring::readers(document.name()).is_some() {
            return Ok(());
        }
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

#[cfg(test)]
mod tests;
