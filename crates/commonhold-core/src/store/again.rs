//! Writing again: what this installation wrote under a name that another copy of the profile used
//! at the same time. Where the other copy's objects came first to where everybody looks, they stay;
//! what was written here is taken out of the log, kept, and written once more in a new log. Where
//! both are with others already, they are branches, and what of this device's is held back is kept
//! and written once more, too. So is what it built on a branch that counts no more.

mod said;

use super::append::{Act, check_role};
use super::receive::Received;
use super::settle::Settling;
use super::{Error, Store};
use crate::authority::Statement;
use crate::date::Time;
use crate::document::{Document, Edit, Key};
use crate::id::{BookId, LogId, RecordId};
use crate::json::Fields;
use crate::object::{Object, ObjectKind};
use rusqlite::{OptionalExtension, params};
use said::{said, without_what_is_there};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What is to be written once more.
#[derive(Default, Serialize, Deserialize)]
struct Again {
    acts: Vec<Saved>,
    statements: Vec<Statement>,
}

/// One edit, as it is kept.
#[derive(Serialize, Deserialize)]
struct Saved {
    document: String,
    kind: String,
    id: RecordId,
    what: What,
}

#[derive(Serialize, Deserialize)]
enum What {
    Entry(Fields),
    Fields(Fields),
    Text { field: String, base: String, text: String },
}

impl Saved {
    fn key(&self) -> Key {
        Key { kind: self.kind.clone(), id: self.id }
    }
}

/// What came of writing again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenAgain {
    /// How many edits were written.
    pub edits: usize,
    /// The records of the edits that stay kept, one for each: their author may not write them now.
    pub kept: Vec<Key>,
}

fn setting(book: &BookId) -> String {
    format!("again/{book}")
}

impl Store {
    /// Takes the end of a log of this device, from a number on, out of the book and keeps what it
    /// said for [`Store::write_again`]; one transaction. What somebody was shown is never taken out
    /// otherwise.
    pub fn give_up(&mut self, book: &BookId, log: &LogId, from: u64) -> Result<(), Error> {
        let number = self.book_number(book)?;
        let seq = i64::try_from(from).unwrap_or(i64::MAX);
        let tx = self.reader.writing()?;
        let log: i64 = tx.query_row(
            "SELECT n FROM log WHERE book = ?1 AND id = ?2 AND device = ?3",
            params![number, log.0.as_slice(), self.identity.device().0.as_slice()],
            |row| row.get(0),
        )?;
        let mut again = self.reader.kept(book)?;
        let mut touched: BTreeMap<String, Vec<Object>> = BTreeMap::new();
        for bytes in self.reader.objects_from(log, seq)? {
            let object = Object::reopen(&bytes)?;
            match object.kind {
                ObjectKind::Changes => {
                    let name = object.document.clone();
                    touched.entry(name).or_default().extend(self.reader.readable(book, object)?);
                }
                ObjectKind::Statements => again
                    .statements
                    .extend(object.parts.iter().filter_map(|part| Statement::read(part))),
                ObjectKind::Keys => {} // new ones are made where they are missing
            }
        }
        let mut documents = Vec::new();
        for (name, mut objects) in touched {
            let n = self.reader.document_number(number, &name)?;
            let own = self.reader.own_in(n)?;
            objects.extend(self.reader.own_objects(book, &own)?);
            documents.push((n, self.cache.take(&self.reader, book, n, &name)?, objects));
        }
        tx.execute(
            "DELETE FROM change WHERE object IN
               (SELECT n FROM object WHERE log = ?1 AND seq >= ?2)",
            params![log, seq],
        )?;
        tx.execute("DELETE FROM object WHERE log = ?1 AND seq >= ?2", params![log, seq])?;
        tx.execute("UPDATE log SET own = 0 WHERE n = ?1", [log])?;
        let mut received = Received::default();
        let mut settling = Settling::new(&self.reader, &mut self.cache, (number, book))?;
        settling.judge_anew(&mut received)?;
        for (n, document, _) in &documents {
            settling.begin_anew(*n, document)?;
        }
        settling.run(&mut received)?;
        let changed = settling.finish(&mut received)?;
        for (n, old, objects) in &documents {
            let new = changed.iter().find(|(other, _)| other == n).map(|(_, document)| document);
            again.acts.extend(new.map(|new| said(old, new, objects)).unwrap_or_default());
        }
        self.reader.keep(book, &again)?;
        tx.commit()?;
        for (n, document) in changed {
            self.cache.keep(n, document);
        }
        Ok(())
    }

    /// Writes once more what was given up, in the log this installation writes now. What others
    /// wrote meanwhile stays beside it. What its author may not write any more is kept, and
    /// written should they be let again. Does nothing while nothing is kept.
    pub fn write_again(&mut self, book: &BookId, now: Time) -> Result<WrittenAgain, Error> {
        let again = self.reader.kept(book)?;
        if again.acts.is_empty() && again.statements.is_empty() {
            return Ok(WrittenAgain::default());
        }
        let writer = match self.writer(book, now) {
            Ok(writer) => writer,
            Err(Error::NotMember { .. }) => {
                let kept = again.acts.iter().map(Saved::key).collect();
                return Ok(WrittenAgain { edits: 0, kept });
            }
            Err(other) => return Err(other),
        };
        let (mut acts, mut rest) = (Vec::new(), Again::default());
        let mut entries = BTreeSet::new();
        for saved in again.acts {
            // Kept twice where it was given up again before it was written.
            let entry = matches!(saved.what, What::Entry(_)).then(|| saved.key());
            if entry.is_some_and(|key| !entries.insert((saved.document.clone(), key))) {
                continue;
            }
            match check_role(&writer, &saved.key()) {
                Ok(()) => acts.extend(self.act(book, saved)?),
                Err(_) => rest.acts.push(saved),
            }
        }
        let (edits, kept) = (acts.len(), rest.acts.iter().map(Saved::key).collect());
        // First what is harmless when it is said twice: should this end in between, all of it is
        // still kept.
        if !again.statements.is_empty() {
            self.say(book, now, &again.statements)?;
        }
        let value = (!rest.acts.is_empty()).then(|| serde_json::to_vec(&rest).unwrap_or_default());
        self.write_and_set(book, now, &acts, (&setting(book), value))?;
        Ok(WrittenAgain { edits, kept })
    }

    /// The edit that was kept; nothing for what is there by now, since another copy of the profile
    /// said it again before.
    fn act(&self, book: &BookId, saved: Saved) -> Result<Option<Act>, Error> {
        let Saved { document, kind, id, what } = saved;
        let key = Key { kind, id };
        let number = self.book_number(book)?;
        let n = self.reader.document_number(number, &document)?;
        let there = self.reader.load(book, n, &document)?.read(&key);
        let edit = match what {
            What::Entry(_) if there.is_some() && !self.reader.is_nobodys(number, &key)? => {
                return Ok(None);
            }
            What::Entry(fields) => Edit::Entry(key, fields),
            What::Fields(fields) => Edit::Fields(key, fields),
            What::Text { field, base, text } => {
                let now = there.as_ref().and_then(|raw| raw.fields.get(&field)?.as_str());
                let text = without_what_is_there(&base, &text, now.unwrap_or(&base));
                if text == base {
                    return Ok(None);
                }
                Edit::Text { key, field, base: Some(base), text }
            }
        };
        Ok(Some(Act { document, edit }))
    }
}

/// What a document held that is begun anew, and which objects of this device it held.
pub(super) struct Former {
    pub n: i64,
    pub document: Document,
    pub own: Vec<i64>,
}

impl super::Reader {
    fn kept(&self, book: &BookId) -> Result<Again, Error> {
        let bytes = self.setting(&setting(book))?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
    }

    fn keep(&self, book: &BookId, again: &Again) -> Result<(), Error> {
        self.set_setting_to(&setting(book), &serde_json::to_vec(again).unwrap_or_default())
    }

    /// The objects of this installation a document holds; never those of a copy, who may be
    /// anybody who got hold of the key.
    pub(super) fn own_in(&self, n: i64) -> Result<Vec<i64>, Error> {
        let mut statement = self.db().prepare_cached(
            "SELECT n FROM object WHERE document = ?1 AND kind = 1 AND state = 0 AND own
             ORDER BY n",
        )?;
        let rows = statement.query_map([n], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// An object that can be read here.
    fn readable(&self, book: &BookId, object: Object) -> Result<Option<Object>, Error> {
        match self.unsealed(book, object) {
            Ok(object) => Ok(Some(object)),
            Err(Error::Locked(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Objects by their numbers, in the order they were stored.
    fn own_objects(&self, book: &BookId, numbers: &[i64]) -> Result<Vec<Object>, Error> {
        let mut objects = Vec::new();
        for n in numbers {
            let bytes: Option<Vec<u8>> = self
                .db()
                .prepare_cached("SELECT bytes FROM object WHERE n = ?1")?
                .query_row([n], |row| row.get(0))
                .optional()?;
            if let Some(bytes) = bytes {
                objects.extend(self.readable(book, Object::reopen(&bytes)?)?);
            }
        }
        Ok(objects)
    }

    /// Keeps for [`Store::write_again`] what this installation wrote to a document that holds it no
    /// more; says whether there was anything.
    pub(super) fn keep_own(
        &self,
        book: &BookId,
        former: &Former,
        now: &Document,
    ) -> Result<bool, Error> {
        let saved = said(&former.document, now, &self.own_objects(book, &former.own)?);
        if saved.is_empty() {
            return Ok(false);
        }
        let mut again = self.kept(book)?;
        again.acts.extend(saved);
        self.keep(book, &again)?;
        Ok(true)
    }

    /// Keeps for [`Store::write_again`] what this installation stated in a log that another copy of it
    /// went on with, where that counts for nothing now; says whether there was anything.
    pub(super) fn keep_statements(&self, book: &BookId, log: &LogId) -> Result<bool, Error> {
        let number = self.book_number(book)?;
        let authority = self.authority_of(number, book)?;
        let void: BTreeSet<Vec<u8>> =
            authority.without_effect().map(|node| node.hash.0.to_vec()).collect();
        let mut statement = self.db().prepare_cached(
            "SELECT hash, bytes FROM object JOIN log ON log.n = object.log
             JOIN log trunk ON trunk.n = log.trunk
             WHERE object.kind = 3 AND object.own AND log.book = ?1 AND trunk.id = ?2
             ORDER BY object.n",
        )?;
        let rows = statement.query_map(params![number, log.0.as_slice()], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?))
        })?;
        let mut again = self.kept(book)?;
        let before = again.statements.len();
        for row in rows {
            let (hash, bytes) = row?;
            if void.contains(&hash) {
                let parts = Object::reopen(&bytes)?.parts;
                again.statements.extend(parts.iter().filter_map(|part| Statement::read(part)));
            }
        }
        let more = again.statements.len() > before;
        if more {
            self.keep(book, &again)?;
        }
        Ok(more)
    }

    fn objects_from(&self, log: i64, seq: i64) -> Result<Vec<Vec<u8>>, Error> {
        let mut statement = self
            .db()
            .prepare_cached("SELECT bytes FROM object WHERE log = ?1 AND seq >= ?2 ORDER BY seq")?;
        let rows = statement.query_map(params![log, seq], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Where a log of this device differs from objects somebody else has of it: the first number
    /// from `first` on whose object is another here; nothing when none is.
    pub fn differs(&self, log: i64, first: u64, theirs: &[Vec<u8>]) -> Result<Option<u64>, Error> {
        for (bytes, seq) in theirs.iter().zip(first..) {
            let place = i64::try_from(seq).unwrap_or(i64::MAX);
            let ours: Option<Vec<u8>> = self
                .db()
                .prepare_cached("SELECT hash FROM object WHERE log = ?1 AND seq = ?2")?
                .query_row(params![log, place], |row| row.get(0))
                .optional()?;
            if ours.is_some_and(|ours| ours != crate::object::hash(bytes).0) {
                return Ok(Some(seq));
            }
        }
        Ok(None)
    }
}
