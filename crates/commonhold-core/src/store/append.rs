//! Writing: this device's own changes, one signed object a document.

use super::job::{Done, Job, in_step};
use super::{Error, Identity, Reader, Store, trust};
use crate::authority::{Genesis, Writer};
use crate::date::Time;
use crate::document::{self, Document, Edit, Key};
use crate::id::{BookId, Hash, RecordId};
use crate::keyring;
use crate::object::{self, Object, ObjectKind};
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

/// A setting and what it is to hold; nothing where it is to be forgotten.
pub(super) type Setting<'a> = (&'a str, Option<Vec<u8>>);

/// How many entries each document has and how many this batch adds, so that parts are chosen
/// rightly.
#[derive(Default)]
pub struct Planned {
    there: BTreeMap<String, i64>,
    added: BTreeMap<String, i64>,
}

impl Store {
    /// Begins a book with its first records: its genesis is the first object of this device's
    /// log. All of it or nothing.
    pub fn begin(&mut self, genesis: &Genesis, now: Time, acts: &[Act]) -> Result<(), Error> {
        self.write_all(&genesis.book(), (Some(genesis), None), now, acts, &mut |_| true)?;
        Ok(())
    }

    /// Writes edits and changes a setting, or forgets it where there is no value: both or neither.
    pub(super) fn write_and_set(
        &mut self,
        book: &BookId,
        now: Time,
        acts: &[Act],
        setting: Setting<'_>,
    ) -> Result<(), Error> {
        self.write_all(book, (None, Some(setting)), now, acts, &mut |_| true)?;
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
        self.write_all(book, (None, None), now, acts, progress)
    }

    fn write_all(
        &mut self,
        book: &BookId,
        (genesis, setting): (Option<&Genesis>, Option<Setting<'_>>),
        now: Time,
        acts: &[Act],
        progress: &mut dyn FnMut(usize) -> bool,
    ) -> Result<bool, Error> {
        let mut by_document: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
        for act in acts {
            by_document.entry(&act.document).or_default().push(&act.edit);
        }
        let tx = self.reader.writing()?;
        let number = match genesis {
            Some(genesis) => self.reader.begin(&self.identity, genesis, now)?,
            None => self.reader.book_number(book)?,
        };
        let writer = self.reader.writer_now(number, book, &self.identity, now)?;
        check_roles(&writer, acts)?;
        // The cached documents of this write are taken out and put back only after the commit.
        let mut jobs = Vec::new();
        for (name, edits) in by_document {
            self.reader.prepare_key(&self.identity, (number, book), name, now)?;
            let n = self.reader.document_number(number, name)?;
            let document = self.cache.take(&self.reader, book, n, name)?;
            let actor = document::actor(&self.identity.log(book), name);
            let (edits, beside) = self.reader.told_apart(number, &document, edits)?;
            jobs.push(Job { n, name, document, actor, edits, beside, writer: &writer });
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
        match setting {
            Some((key, Some(value))) => self.reader.set_setting_to(key, &value)?,
            Some((key, None)) => drop(tx.execute("DELETE FROM setting WHERE key = ?1", [key])?),
            None => {}
        }
        tx.commit()?;
        for (n, document) in changed {
            self.cache.keep(n, document);
        }
        Ok(true)
    }
}

/// Whether somebody may write all of this. What an entry says of its author is asked by those
/// who make it, and judged when it is read.
fn check_roles(writer: &Writer, acts: &[Act]) -> Result<(), Error> {
    acts.iter().try_for_each(|act| check_role(writer, act.edit.key()))
}

/// Whether somebody may write a record; one of a kind this version does not know anybody may.
pub(super) fn check_role(writer: &Writer, key: &Key) -> Result<(), Error> {
    let Ok(kind) = key.kind.parse::<Kind>() else { return Ok(()) };
    let info = kind.info();
    match writer.may(info.writers, info.own && key.id == writer.person) {
        true => Ok(()),
        false => Err(Error::NotAllowed { kind, roles: info.writers }),
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
            self.reader.append(self.identity, self.book, step)?;
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
pub(super) struct Step<'a> {
    pub kind: ObjectKind,
    pub document: Option<(i64, &'a str)>,
    pub heads: Vec<Hash>,
    pub parts: Vec<Vec<u8>>,
    pub time: Time,
}

impl Step<'_> {
    pub(super) fn of(time: Time) -> Self {
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
        self.append(identity, (number, &book), step)?;
        self.mend_keys_of(identity, (number, &book), now)?;
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
            Home::Payments => "payments".to_owned(),
            Home::Own => format!("{}/{id}", kind.name()),
            Home::Vault => keyring::VAULT.to_owned(),
            Home::Private => format!("{}{id}", keyring::PRIVATE),
            Home::Proposal(proposal) => format!("proposal/{proposal}"),
            Home::With(other) => {
                self.document_of(book, other)?.unwrap_or_else(|| "charter".to_owned())
            }
            Home::Ledger(_) | Home::Operations(_) => {
                self.part(book, &home.first_part().unwrap_or_default(), planned)?
            }
        };
        let count = planned.added.entry(name.clone()).or_default();
        *count = count.saturating_add(1);
        Ok(name)
    }

    /// The part of a year's ledger or a quarter's operations that still has room; the last one
    /// there is, or the next.
    fn part(&self, book: &BookId, first: &str, planned: &mut Planned) -> Result<String, Error> {
        if !self.has(book)? {
            return Ok(first.to_owned()); // a book that is about to begin
        }
        let book = self.book_number(book)?;
        for part in 1_u32.. {
            let name = match part {
                1 => first.to_owned(),
                _ => format!("{first}/{part}"),
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
        Ok(first.to_owned())
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
    pub(super) fn append(
        &self,
        identity: &Identity,
        (number, book): (i64, &BookId),
        step: Step<'_>,
    ) -> Result<(), Error> {
        let authority = self.authority_of(number, book)?;
        let log = self.own_log(identity, number, book)?;
        let (last, previous) = match self.last(log)? {
            Some(last) => last,
            None => (0, self.goes_on_from(log, (number, &identity.device()), &authority)?),
        };
        let document = step.document.map_or_else(String::new, |(_, name)| name.to_owned());
        // What everybody must read to open anything else is not sealed with a key of its own.
        let secret = match step.kind {
            ObjectKind::Changes => self.current_key((number, book), &document, step.time)?,
            ObjectKind::Statements | ObjectKind::Keys => None,
        };
        let object = Object {
            kind: step.kind,
            book: *book,
            nonce: identity.nonce(),
            seq: last.saturating_add(1),
            device: identity.device(),
            previous,
            time: step.time,
            document,
            authority: authority.heads().to_vec(),
            heads: step.heads,
            parts: step.parts,
            sealed: None,
        };
        let bytes = object.seal(identity.keys.signing(), secret.as_ref())?;
        let stance = self.stance_number((log, object.seq), &object.authority, &authority)?;
        let document = step.document.map(|(n, _)| n);
        let n = self.insert_object(log, &object, document, (&bytes, 0, true), stance)?;
        if object.kind == ObjectKind::Changes {
            self.note_changes(n, &object.parts)?;
        }
        self.mark_applied(n)
    }

    /// The number of the log this installation writes, made when it is new.
    fn own_log(&self, identity: &Identity, number: i64, book: &BookId) -> Result<i64, Error> {
        let (log, device) = (identity.log(book), identity.device());
        self.db()
            .prepare_cached(
                "INSERT OR IGNORE INTO log (book, id, device, own) VALUES (?1, ?2, ?3, 1)",
            )?
            .execute(params![number, log.0.as_slice(), device.0.as_slice()])?;
        let (log, own): (i64, bool) = self
            .db()
            .prepare_cached("SELECT n, own FROM log WHERE book = ?1 AND id = ?2")?
            .query_row(params![number, log.0.as_slice()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if own { Ok(log) } else { Err(Error::Copied) }
    }

    /// Stores an object's bytes and state; answers its number.
    pub(super) fn insert_object(
        &self,
        log: i64,
        object: &Object,
        document: Option<i64>,
        (bytes, state, own): (&[u8], i64, bool),
        stance: i64,
    ) -> Result<i64, Error> {
        let kind = match object.kind {
            ObjectKind::Changes => trust::CHANGES,
            ObjectKind::Statements => trust::STATEMENTS,
            ObjectKind::Keys => trust::KEYS,
        };
        self.db()
            .prepare_cached(
                "INSERT INTO object
                   (log, seq, kind, document, stance, hash, time, state, bytes, own)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                log,
                i64::try_from(object.seq).unwrap_or(i64::MAX),
                kind,
                document,
                stance,
                object::hash(bytes).0.as_slice(),
                object.time.0,
                state,
                bytes,
                own
            ])?;
        Ok(self.db().last_insert_rowid())
    }
}
