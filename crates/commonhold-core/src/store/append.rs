//! Writing: this device's own changes, one signed object a document.

use super::job::{Done, Job, in_step};
use super::{Error, Identity, Reader, Store};
use crate::authority::Genesis;
use crate::date::Time;
use crate::document::{self, Document, Edit, Key};
use crate::id::{BookId, Hash, RecordId};
use crate::object::{Object, ObjectKind};
use crate::projection::Projector;
use crate::record::Home;
use crate::records::Kind;
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeMap;

/// Entries after which a ledger goes on in a new part.
const ENTRIES_A_PART: i64 = 10_000;

/// One edit and the document it goes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// The document's name.
    pub document: String,
    /// What to write there.
    pub edit: Edit,
}

impl Edit {
    pub(super) fn key(&self) -> &Key {
        match self {
            Self::Entry(key, _) | Self::Fields(key, _) | Self::Text { key, .. } => key,
        }
    }
}

/// How many entries each document has and how many this batch adds, so that parts are chosen
/// rightly.
#[derive(Default)]
pub struct Planned {
    there: BTreeMap<String, i64>,
    added: BTreeMap<String, i64>,
}

impl Store {
    /// The genesis of a book this device may begin with [`Store::begin`].
    pub fn genesis_of(&self, name: &str, now: Time, nonce: [u8; 16]) -> Genesis {
        Genesis::new(name, self.device(), now, nonce)
    }

    /// Begins a book with its first records: its genesis is the first object of this device's
    /// log. All of it or nothing.
    pub fn begin(&mut self, genesis: &Genesis, now: Time, acts: &[Act]) -> Result<(), Error> {
        self.write_all(&genesis.book(), Some(genesis), now, acts, &mut |_| true)?;
        Ok(())
    }

    /// Writes edits as this device: all of them or none. `progress` hears how many are done and
    /// may stop the whole by answering false; then nothing is written and the answer is false.
    pub fn write(
        &mut self,
        book: &BookId,
        now: Time,
        acts: &[Act],
        progress: &mut dyn FnMut(usize) -> bool,
    ) -> Result<bool, Error> {
        self.write_all(book, None, now, acts, progress)
    }

    fn write_all(
        &mut self,
        book: &BookId,
        genesis: Option<&Genesis>,
        now: Time,
        acts: &[Act],
        progress: &mut dyn FnMut(usize) -> bool,
    ) -> Result<bool, Error> {
        let mut by_document: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
        for act in acts {
            by_document.entry(&act.document).or_default().push(&act.edit);
        }
        let tx = self.reader.db().unchecked_transaction()?;
        let number = match genesis {
            Some(genesis) => self.reader.begin(&self.identity, genesis, now)?,
            None => self.reader.book_number(book)?,
        };
        // The cached documents of this write are taken out and put back only after the commit.
        let mut jobs = Vec::new();
        for (name, edits) in by_document {
            let n = self.reader.document_number(number, name)?;
            let document = self.cache.take(&self.reader, book, n, name)?;
            let actor = document::actor(&self.identity.log(book), name);
            jobs.push(Job { n, name, document, actor, edits });
        }
        let mut filling = Filling {
            reader: &self.reader,
            identity: &self.identity,
            book: (number, book),
            now,
            projector: Projector::new(&tx, number),
            changed: Vec::new(),
            done: 0,
        };
        let device = self.identity.device();
        if !in_step(jobs, &device, now, &mut |done| filling.take(done, progress))? {
            return Ok(false);
        }
        let Filling { projector, changed, .. } = filling;
        projector.finish()?;
        tx.commit()?;
        for (n, document) in changed {
            self.cache.keep(n, document);
        }
        Ok(true)
    }
}

/// Storing what was worked on, document by document.
struct Filling<'a> {
    reader: &'a Reader,
    identity: &'a Identity,
    book: (i64, &'a BookId),
    now: Time,
    projector: Projector<'a>,
    changed: Vec<(i64, Document)>,
    done: usize,
}

impl Filling<'_> {
    /// Signs and stores one document's changes and fills its rows; false when it was stopped.
    fn take(
        &mut self,
        done: Done<'_>,
        progress: &mut dyn FnMut(usize) -> bool,
    ) -> Result<bool, Error> {
        let Done { n, name, document, parts, records } = done;
        if !parts.is_empty() {
            let (document, heads) = (Some((n, name)), document.heads());
            let step = Step { document, heads, parts, ..Step::of(self.now) };
            self.reader.append(self.identity, self.book.0, self.book.1, step)?;
        }
        for record in &records {
            self.projector.put(n, record)?;
            self.done = self.done.saturating_add(1);
            if self.done.is_multiple_of(500) && !progress(self.done) {
                return Ok(false);
            }
        }
        self.changed.push((n, document));
        Ok(true)
    }
}

/// What the next object of this device's log says.
struct Step<'a> {
    kind: ObjectKind,
    document: Option<(i64, &'a str)>,
    heads: Vec<Hash>,
    parts: Vec<Vec<u8>>,
    time: Time,
}

impl Step<'_> {
    fn of(time: Time) -> Self {
        let (heads, parts) = (Vec::new(), Vec::new());
        Self { kind: ObjectKind::Changes, document: None, heads, parts, time }
    }
}

impl Reader {
    /// Stores a book's genesis and answers its number.
    fn begin(&self, identity: &Identity, genesis: &Genesis, now: Time) -> Result<i64, Error> {
        let book = genesis.book();
        self.db().execute("INSERT INTO book (id) VALUES (?1)", [book.0.as_slice()])?;
        let number = self.db().last_insert_rowid();
        let step =
            Step { kind: ObjectKind::Statements, parts: vec![genesis.bytes()], ..Step::of(now) };
        self.append(identity, number, &book, step)?;
        Ok(number)
    }

    /// Names the document a record goes to.
    pub fn document_for(
        &self,
        book: &BookId,
        kind: Kind,
        id: &RecordId,
        home: &Home,
        planned: &mut Planned,
    ) -> Result<String, Error> {
        let name = match home {
            Home::Charter => "charter".to_owned(),
            Home::Imports => "ledger/imports".to_owned(),
            Home::Own => format!("{}/{id}", kind.name()),
            Home::With(other) => {
                self.document_of(book, other)?.unwrap_or_else(|| "charter".to_owned())
            }
            Home::Ledger(date) => self.ledger_part(book, date.year(), planned)?,
        };
        let count = planned.added.entry(name.clone()).or_default();
        *count = count.saturating_add(1);
        Ok(name)
    }

    /// The part of a year's ledger that still has room; the last one there is, or the next.
    fn ledger_part(
        &self,
        book: &BookId,
        year: i16,
        planned: &mut Planned,
    ) -> Result<String, Error> {
        if !self.has(book)? {
            return Ok(format!("ledger/{year:04}")); // a book that is about to begin
        }
        let book = self.book_number(book)?;
        for part in 1_u32.. {
            let name = match part {
                1 => format!("ledger/{year:04}"),
                _ => format!("ledger/{year:04}/{part}"),
            };
            let there = match planned.there.get(&name) {
                Some(there) => *there,
                None => {
                    let found = self.records_in(book, &name)?;
                    planned.there.insert(name.clone(), found);
                    found
                }
            };
            let added = planned.added.get(&name).copied().unwrap_or(0);
            if there.saturating_add(added) < ENTRIES_A_PART {
                return Ok(name);
            }
        }
        Ok(format!("ledger/{year:04}"))
    }

    /// How many records a document holds.
    fn records_in(&self, book: i64, document: &str) -> Result<i64, Error> {
        let records: Option<i64> = self
            .db()
            .prepare_cached(
                "SELECT records FROM document_size JOIN document ON n = document
                 WHERE book = ?1 AND name = ?2",
            )?
            .query_row(params![book, document], |row| row.get(0))
            .optional()?;
        Ok(records.unwrap_or(0))
    }

    /// Signs and stores the next object of this device's log.
    fn append(
        &self,
        identity: &Identity,
        number: i64,
        book: &BookId,
        step: Step<'_>,
    ) -> Result<(), Error> {
        let db = self.db();
        let log = identity.log(book);
        let device = identity.device();
        db.prepare_cached(
            "INSERT OR IGNORE INTO log (book, id, device, own) VALUES (?1, ?2, ?3, 1)",
        )?
        .execute(params![number, log.0.as_slice(), device.0.as_slice()])?;
        let (log_number, own): (i64, bool) = db
            .prepare_cached("SELECT n, own FROM log WHERE book = ?1 AND id = ?2")?
            .query_row(params![number, log.0.as_slice()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if !own {
            return Err(Error::Copied);
        }
        let (last, previous) = self.last(log_number)?.unwrap_or((0, Hash([0; 32])));
        let seq = last.saturating_add(1);
        let object = Object {
            kind: step.kind,
            book: *book,
            nonce: identity.nonce(book),
            seq,
            device,
            previous,
            time: step.time,
            document: step.document.map_or_else(String::new, |(_, name)| name.to_owned()),
            authority: Vec::new(),
            heads: step.heads,
            parts: step.parts,
        };
        let bytes = object.seal(&identity.key)?;
        self.insert_object(log_number, &object, step.document.map(|(n, _)| n), &bytes, 0)?;
        self.mark_applied(log_number, seq)
    }

    pub(super) fn insert_object(
        &self,
        log: i64,
        object: &Object,
        document: Option<i64>,
        bytes: &[u8],
        state: i64,
    ) -> Result<(), Error> {
        self.db()
            .prepare_cached(
                "INSERT INTO object (log, seq, document, hash, time, state, bytes)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                log,
                i64::try_from(object.seq).unwrap_or(i64::MAX),
                document,
                Hash::of(bytes).0.as_slice(),
                object.time.0,
                state,
                bytes
            ])?;
        Ok(())
    }

    /// Gives an object its place in the order this device took things in.
    pub(super) fn mark_applied(&self, log: i64, seq: u64) -> Result<(), Error> {
        let seq = i64::try_from(seq).unwrap_or(i64::MAX);
        let counter: i64 = self
            .db()
            .prepare_cached("SELECT value FROM setting WHERE key = 'applied'")?
            .query_row([], |row| row.get::<_, Vec<u8>>(0))
            .optional()?
            .and_then(|bytes| bytes.try_into().ok().map(i64::from_be_bytes))
            .unwrap_or(0);
        let next = counter.saturating_add(1);
        self.db()
            .prepare_cached("INSERT OR REPLACE INTO setting (key, value) VALUES ('applied', ?1)")?
            .execute([next.to_be_bytes().as_slice()])?;
        self.db()
            .prepare_cached(
                "UPDATE object SET applied = ?3, state = 0, reason = '' WHERE log = ?1 AND seq = ?2",
            )?
            .execute(params![log, seq, next])?;
        Ok(())
    }
}
