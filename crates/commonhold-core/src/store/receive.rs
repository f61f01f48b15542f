//! Receiving: signed objects of other devices, from anywhere. What is not authentic, or from a
//! device nobody admitted, is refused and leaves no trace; what is authentic is stored, and taken
//! in as soon as it fits.

use super::forks::Place;
use super::settle::Settling;
use super::{Error, Reader, Store};
use crate::authority::{Authority, Genesis, Node};
use crate::document::{Key, MAX_NAME};
use crate::id::{BookId, Hash, LogId};
use crate::object::{self, Object, ObjectKind};
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeSet;

/// What became of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Stored; taken in, or kept until what it builds on arrives.
    Stored,
    /// It was here already.
    Duplicate,
    /// Earlier objects of the same log are missing: offer it again after them.
    Early,
    /// Nobody admitted its device, as far as is known here: offer it again when more is known.
    Stranger,
    /// It is not authentic or contradicts what is here, for this reason.
    Refused(String),
}

/// What a batch of objects brought.
#[derive(Debug, Default)]
pub struct Received {
    /// One outcome an object, in their order.
    pub outcomes: Vec<Outcome>,
    /// Records that changed.
    pub touched: BTreeSet<Key>,
    /// Objects stored that still wait for what they build on.
    pub waiting: usize,
    /// Whether a log of this very device went on elsewhere: this profile is a copy or was
    /// restored from an old backup, and [`Store::renew`] must be called before the next write.
    pub own_log_continued: bool,
    /// Whether something this device wrote is held back now, since its log or one it built on was
    /// forked: [`Store::write_again`] writes it once more.
    pub say_again: bool,
}

/// The log a log goes on from, and the number of its object there.
pub(super) type Origin = (Vec<u8>, i64);

/// What is the same for every object of a batch.
pub(super) struct Batch<'a> {
    pub number: i64,
    pub book: &'a BookId,
    own_log: LogId,
    authority: &'a Authority,
}

impl Store {
    /// Takes over a book whose id is known from an invitation; nothing of it is here yet.
    pub fn expect(&mut self, book: &BookId) -> Result<(), Error> {
        self.reader
            .db()
            .execute("INSERT OR IGNORE INTO book (id) VALUES (?1)", [book.0.as_slice()])?;
        Ok(())
    }

    /// Takes over a book from its first object, as found in an archive.
    pub fn join(&mut self, first: &[u8]) -> Result<BookId, Error> {
        let object = Object::open(first)?;
        let genesis = object.parts.first().and_then(|part| Genesis::read(part));
        let fits = genesis.is_some_and(|genesis| {
            genesis.book() == object.book && genesis.device == object.device
        });
        if !fits || object.kind != ObjectKind::Statements {
            return Err(object::Error::Damaged("it does not begin a service").into());
        }
        self.expect(&object.book)?;
        Ok(object.book)
    }

    /// Takes in objects of one book, in any order, any number of times; one transaction.
    pub fn receive(&mut self, book: &BookId, batch: &[Vec<u8>]) -> Result<Received, Error> {
        let number = self.book_number(book)?;
        let tx = self.reader.writing()?;
        let before = self.reader.authority_of(number, book)?;
        let keys_before = self.reader.keyring_of(number, book)?;
        let own_log = self.identity.log(book);
        let mut received = self.reader.store_batch(number, book, batch, own_log)?;
        let after = self.reader.authority_of(number, book)?;
        let keys_after = self.reader.keyring_of(number, book)?;
        if !std::sync::Arc::ptr_eq(&keys_before, &keys_after) {
            self.reader.unlock(number)?;
        }
        let mut settling = Settling::new(&self.reader, &mut self.cache, (number, book))?;
        if !std::sync::Arc::ptr_eq(&before, &after) {
            settling.judge_anew(&mut received)?;
        }
        settling.run(&mut received)?;
        let changed = settling.finish(&mut received)?;
        let erased = self.reader.erase(number, book, &mut received)?;
        if received.own_log_continued {
            received.say_again |= self.reader.keep_statements(book, &own_log)?;
        }
        tx.commit()?;
        for (n, document) in changed.into_iter().filter(|(n, _)| !erased.contains(n)) {
            self.cache.keep(n, document);
        }
        self.after_erasing(&erased)?;
        Ok(received)
    }
}

impl Reader {
    /// Stores what is authentic of a batch; again and again, since one object may admit the
    /// device of another.
    fn store_batch(
        &self,
        number: i64,
        book: &BookId,
        batch: &[Vec<u8>],
        own_log: LogId,
    ) -> Result<Received, Error> {
        let mut received = Received::default();
        received.outcomes.resize(batch.len(), Outcome::Early);
        // Log by log in their order, so that going through once is enough for each.
        let mut order: Vec<(usize, &Vec<u8>)> = batch.iter().enumerate().collect();
        order.sort_by_cached_key(|(at, bytes)| {
            let place = Object::peek(bytes).ok().map(|object| (object.log(), object.seq));
            (place, *at)
        });
        loop {
            let authority = self.authority_of(number, book)?;
            let batch_of = Batch { number, book, own_log, authority: &authority };
            let mut progress = false;
            for (at, bytes) in &order {
                let open =
                    |outcome: &Outcome| matches!(outcome, Outcome::Early | Outcome::Stranger);
                if !received.outcomes.get(*at).is_some_and(open) {
                    continue;
                }
                let outcome = self.admit_object(&batch_of, bytes, &mut received)?;
                progress |= !open(&outcome);
                if let Some(place) = received.outcomes.get_mut(*at) {
                    *place = outcome;
                }
            }
            let again = |outcome: &Outcome| matches!(outcome, Outcome::Early | Outcome::Stranger);
            if !progress || !received.outcomes.iter().any(again) {
                return Ok(received);
            }
        }
    }

    /// Makes room for an object that follows nothing's end: a branch, or the log anew if all of it
    /// was given up. Answers the number of that, or why there is none.
    fn beside(
        &self,
        batch: &Batch<'_>,
        (log, after): (i64, Option<(i64, u64)>),
        (object, hash): (&Object, &Hash),
    ) -> Result<Result<i64, Outcome>, Error> {
        let origin = match after {
            Some(_) => None,
            None => match self.origin(batch, object)? {
                Ok(origin) => origin,
                Err(outcome) => return Ok(Err(outcome)),
            },
        };
        if after.is_none() && self.is_given_up(log)? {
            self.begin_anew_from(log, origin)?;
            return Ok(Ok(log));
        }
        if self.is_one_too_many(batch, (log, after), (object, hash))? {
            let why = "its device said too many things at the same places";
            return Ok(Err(Outcome::Refused(why.to_owned())));
        }
        self.branch_off(batch, log, after, (object, hash), origin).map(Ok)
    }

    /// Checks one object's authenticity and place, and stores it.
    fn admit_object(
        &self,
        batch: &Batch<'_>,
        bytes: &[u8],
        received: &mut Received,
    ) -> Result<Outcome, Error> {
        let refused = |why: &str| Ok(Outcome::Refused(why.to_owned()));
        // Only the header is read before it is known whether anybody admitted the device.
        let object = match Object::peek(bytes) {
            Ok(object) if object.book != *batch.book => {
                return refused("it belongs to another service");
            }
            Ok(object)
                if !batch.authority.knows(&object.device)
                    && !begins(&object, bytes, batch.book) =>
            {
                return Ok(Outcome::Stranger);
            }
            Ok(_) => Object::open(bytes),
            Err(error) => Err(error),
        };
        let object = match object {
            Ok(object) => object,
            Err(error) => return Ok(Outcome::Refused(error.to_string())),
        };
        if let Some(why) = wrong_form(&object) {
            return refused(why);
        }
        let hash = object::hash(bytes);
        let Some((log, own)) = self.log_row(batch.number, &object)? else {
            received.own_log_continued |= object.log() == batch.own_log;
            return self.first_object(batch, &object, bytes);
        };
        if self.has_object(batch.number, &hash)? {
            if own {
                self.note_seen(log, object.seq)?;
            }
            return Ok(Outcome::Duplicate);
        }
        if object.is_erased() && !batch.authority.state().erased().contains(&object.document) {
            // Nobody said yet that what it held is destroyed: it may come whole.
            return Ok(Outcome::Early);
        }
        let last = self.last(log)?.map_or(0, |(last, _)| last);
        if own && object.seq <= last.saturating_add(1) {
            // Somebody else writes under this installation's name: it must take a new one before
            // it writes again, and that must be known even if this process ends now.
            self.db().execute("UPDATE log SET own = 0 WHERE n = ?1", [log])?;
            received.own_log_continued = true;
        }
        let part = match self.place(log, &object)? {
            Place::Early => return Ok(Outcome::Early),
            Place::Nowhere => return refused("it does not follow the object before it in its log"),
            Place::End(part) => part,
            Place::Beside(after) => match self.beside(batch, (log, after), (&object, &hash))? {
                Ok(part) => part,
                Err(outcome) => return Ok(outcome),
            },
        };
        self.store_object(batch, part, &object, bytes)?;
        Ok(Outcome::Stored)
    }

    /// The first object of a log that is not here yet; nothing else begins one. A log may go on
    /// from another of the same device.
    fn first_object(
        &self,
        batch: &Batch<'_>,
        object: &Object,
        bytes: &[u8],
    ) -> Result<Outcome, Error> {
        if object.seq != 1 {
            return Ok(Outcome::Early);
        }
        let origin = match self.origin(batch, object)? {
            Ok(origin) => origin,
            Err(outcome) => return Ok(outcome),
        };
        let (log, seq) = origin.unzip();
        self.db().execute(
            "INSERT INTO log (book, id, device, before_log, before_seq)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![batch.number, object.log().0.as_slice(), object.device.0.as_slice(), log, seq],
        )?;
        self.store_object(batch, self.db().last_insert_rowid(), object, bytes)?;
        Ok(Outcome::Stored)
    }

    /// Where the log goes on from which an object begins, if from any; or why it cannot be taken.
    fn origin(
        &self,
        batch: &Batch<'_>,
        object: &Object,
    ) -> Result<Result<Option<Origin>, Outcome>, Error> {
        let before: Option<(Vec<u8>, i64, Vec<u8>)> = self
            .db()
            .prepare_cached(
                "SELECT log.id, seq, device FROM object JOIN log ON log.n = object.log
                 WHERE hash = ?1 AND log.book = ?2",
            )?
            .query_row(params![object.previous.0.as_slice(), batch.number], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        Ok(match before {
            _ if object.previous == Hash([0; 32]) => Ok(None),
            None => Err(Outcome::Early),
            Some((_, _, device)) if device != object.device.0 => {
                Err(Outcome::Refused("it goes on from another device's log".into()))
            }
            Some((log, seq, _)) => Ok(Some((log, seq))),
        })
    }

    fn store_object(
        &self,
        batch: &Batch<'_>,
        log: i64,
        object: &Object,
        bytes: &[u8],
    ) -> Result<(), Error> {
        let document = match object.document.as_str() {
            "" => None,
            name => Some(self.document_number(batch.number, name)?),
        };
        let stance = self.stance_number((log, object.seq), &object.authority, batch.authority)?;
        // Statements and keys are never applied to anything.
        let state = i64::from(object.kind == ObjectKind::Changes);
        let n = self.insert_object(log, object, document, (bytes, state, false), stance)?;
        if state == 0 { self.mark_applied(n) } else { Ok(()) }
    }

    /// Number of the log an object names, and whether this installation writes it.
    fn log_row(&self, number: i64, object: &Object) -> Result<Option<(i64, bool)>, Error> {
        Ok(self
            .db()
            .prepare_cached("SELECT n, own FROM log WHERE book = ?1 AND id = ?2")?
            .query_row(params![number, object.log().0.as_slice()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?)
    }

    /// Tries again what was sealed with keys this device did not have.
    fn unlock(&self, book: i64) -> Result<(), Error> {
        self.db().execute(
            "UPDATE object SET state = 1 WHERE state = 5
             AND log IN (SELECT n FROM log WHERE book = ?1)",
            [book],
        )?;
        Ok(())
    }
}

/// Whether an object is the one a book begins with: its signature fits, and its genesis gives the
/// book its name. What is no statement need not be opened for that.
fn begins(header: &Object, bytes: &[u8], book: &BookId) -> bool {
    if header.kind != ObjectKind::Statements {
        return false;
    }
    let Ok(object) = Object::open(bytes) else { return false };
    Node::of(&object, object::hash(bytes), book).is_some_and(|node| node.genesis.is_some())
}

/// What is wrong about an object's kind and names, if anything.
fn wrong_form(object: &Object) -> Option<&'static str> {
    if i64::try_from(object.seq).is_err() || object.seq == 0 {
        return Some("its number is impossible");
    }
    match object.kind {
        ObjectKind::Changes if !is_document_name(&object.document) => {
            Some("it names a document no service has")
        }
        ObjectKind::Statements if !object.document.is_empty() => Some("it says two things at once"),
        ObjectKind::Keys if !object.document.is_empty() && !is_document_name(&object.document) => {
            Some("it names a document no service has")
        }
        _ => None,
    }
}

/// Whether a name may be a document's: short, plain, and never a way out of a folder.
fn is_document_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty()
        && name.len() <= MAX_NAME
        && name.split('/').all(|part| !part.is_empty() && part.chars().all(plain))
}
