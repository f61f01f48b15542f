//! Writing: this device's own changes, one signed object a document.

use super::{Error, Identity, Reader, Store};
use crate::authority::Genesis;
use crate::date::Time;
use crate::document::{self, Document, Edit, Key};
use crate::id::{BookId, Device, Hash, RecordId};
use crate::object::{Object, ObjectKind};
use crate::projection::{Prepared, Projector};
use crate::record::Home;
use crate::records::Kind;
use rusqlite::{OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet};

/// Most edits in one automerge change: large enough to compress, small enough to check.
const EDITS_A_CHANGE: usize = 1000;
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
    fn key(&self) -> &Key {
        match self {
            Self::Entry(key, _) | Self::Fields(key, _) | Self::Text { key, .. } => key,
        }
    }
}

/// How many entries this batch adds to each document, so that parts are chosen rightly.
pub type Planned = BTreeMap<String, i64>;

impl Store {
    /// Begins a book: its genesis is the first object of this device's log. Returns the id.
    pub fn create_book(&mut self, name: &str, now: Time, nonce: [u8; 16]) -> Result<BookId, Error> {
        let genesis = Genesis::new(name, self.device(), now, nonce);
        let book = genesis.book();
        let tx = self.reader.db().unchecked_transaction()?;
        tx.execute("INSERT INTO book (id) VALUES (?1)", [book.0.as_slice()])?;
        let step = Step {
            kind: ObjectKind::Statements,
            parts: vec![genesis.bytes()],
            ..Step::of(now)
        };
        self.reader
            .append(&self.identity, tx.last_insert_rowid(), &book, step)?;
        tx.commit()?;
        Ok(book)
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
        let number = self.book_number(book)?;
        let mut by_document: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
        for act in acts {
            by_document
                .entry(&act.document)
                .or_default()
                .push(&act.edit);
        }
        let tx = self.reader.db().unchecked_transaction()?;
        // The cached documents of this write are taken out and put back only after the commit.
        let mut jobs = Vec::new();
        for (name, edits) in by_document {
            let n = self.reader.document_number(number, name)?;
            let document = self.cache.take(&self.reader, book, n, name)?;
            let actor = document::actor(&self.identity.install, book, name);
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

/// What one document is to be given.
struct Job<'a> {
    n: i64,
    name: &'a str,
    document: Document,
    actor: [u8; 16],
    edits: Vec<&'a Edit>,
}

/// One document after it was given that: its changes, and its records for the read model.
struct Done<'a> {
    n: i64,
    name: &'a str,
    document: Document,
    parts: Vec<Vec<u8>>,
    records: Vec<Prepared>,
}

impl<'a> Job<'a> {
    fn work(mut self, device: &Device, now: Time) -> Result<Done<'a>, Error> {
        let mut parts = Vec::new();
        for chunk in self.edits.chunks(EDITS_A_CHANGE) {
            parts.extend(self.document.write(self.actor, device, now, chunk)?);
        }
        let touched: BTreeSet<&Key> = self.edits.iter().map(|edit| edit.key()).collect();
        let read = |key: &Key| Some(Prepared::new(key.clone(), self.document.read(key)?));
        let records = touched.into_iter().filter_map(read).collect();
        let Self { n, name, document, .. } = self;
        Ok(Done { n, name, document, parts, records })
    }
}

/// Works on documents one after the other and hands each over when it is done. With several, the
/// next one is worked on while the one before is taken.
fn in_step<'a>(
    jobs: Vec<Job<'a>>,
    device: &Device,
    now: Time,
    take: &mut dyn FnMut(Done<'a>) -> Result<bool, Error>,
) -> Result<bool, Error> {
    if jobs.len() == 1 {
        return jobs.into_iter().try_fold(true, |_, job| take(job.work(device, now)?));
    }
    std::thread::scope(|scope| {
        let (send, receive) = std::sync::mpsc::sync_channel(1);
        scope.spawn(move || {
            for job in jobs {
                if send.send(job.work(device, now)).is_err() {
                    break; // nobody wants the rest
                }
            }
        });
        for done in receive {
            if !take(done?)? {
                return Ok(false);
            }
        }
        Ok(true)
    })
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
        Self {
            kind: ObjectKind::Changes,
            document: None,
            heads,
            parts,
            time,
        }
    }
}

impl Reader {
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
            Home::With(other) => self
                .document_of(book, other)?
                .unwrap_or_else(|| "charter".to_owned()),
            Home::Ledger(date) => self.ledger_part(book, date.year(), planned)?,
        };
        let count = planned.entry(name.clone()).or_default();
        *count = count.saturating_add(1);
        Ok(name)
    }

    /// The part of a year's ledger that still has room; the last one there is, or the next.
    fn ledger_part(&self, book: &BookId, year: i16, planned: &Planned) -> Result<String, Error> {
        let book = self.book_number(book)?;
        for part in 1_u32.. {
            let name = match part {
                1 => format!("ledger/{year:04}"),
                _ => format!("ledger/{year:04}/{part}"),
            };
            let records: Option<i64> = self
                .db()
                .prepare_cached(
                    "SELECT records FROM document_size JOIN document ON n = document
                     WHERE book = ?1 AND name = ?2",
                )?
                .query_row(params![book, name], |row| row.get(0))
                .optional()?;
            let planned = planned.get(&name).copied().unwrap_or(0);
            if records.unwrap_or(0).saturating_add(planned) < ENTRIES_A_PART {
                return Ok(name);
            }
        }
        Ok(format!("ledger/{year:04}"))
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
        let log_number: i64 = db
            .prepare_cached("SELECT n FROM log WHERE book = ?1 AND id = ?2")?
            .query_row(params![number, log.0.as_slice()], |row| row.get(0))?;
        let (last, previous) = self.last(log_number)?.unwrap_or((0, Hash([0; 32])));
        let seq = last.saturating_add(1);
        let object = Object {
            kind: step.kind,
            book: *book,
            log,
            seq,
            device,
            previous,
            time: step.time,
            document: step
                .document
                .map_or_else(String::new, |(_, name)| name.to_owned()),
            authority: Vec::new(),
            heads: step.heads,
            parts: step.parts,
        };
        let bytes = object.seal(&identity.key)?;
        self.insert_object(
            log_number,
            &object,
            step.document.map(|(n, _)| n),
            &bytes,
            0,
        )?;
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
