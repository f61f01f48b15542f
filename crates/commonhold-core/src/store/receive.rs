//! Receiving: signed objects of other devices, from anywhere. What is not authentic is refused
//! and leaves no trace; what is authentic is stored, and taken in as soon as it fits.

use super::{Cache, Error, Reader, Store};
use crate::authority::Genesis;
use crate::document::{Document, Key, MAX_NAME, Offer, Refusal};
use crate::id::{BookId, Hash, LogId};
use crate::object::{Object, ObjectKind};
use crate::projection::{Prepared, Projector};
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeSet;

/// Most objects tried together on one document.
const OFFERS_A_BATCH: i64 = 2000;

/// What became of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Stored; taken in, or kept until what it builds on arrives.
    Stored,
    /// It was here already.
    Duplicate,
    /// Earlier objects of the same log are missing: offer it again after them.
    Early,
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
}

struct Pending {
    n: i64,
    log: i64,
    seq: i64,
    offer: Offer,
}

impl Store {
    /// Takes over a book from its first object, as found in a folder or an archive.
    pub fn join(&mut self, first: &[u8]) -> Result<BookId, Error> {
        let object = Object::open(first)?;
        let genesis = object.parts.first().and_then(|part| Genesis::read(part));
        let fits = genesis.is_some_and(|genesis| {
            genesis.book() == object.book && genesis.device == object.device
        });
        if !fits || object.kind != ObjectKind::Statements {
            return Err(crate::object::Error::Damaged("it does not begin a service").into());
        }
        self.reader
            .db()
            .execute("INSERT OR IGNORE INTO book (id) VALUES (?1)", [object.book.0.as_slice()])?;
        Ok(object.book)
    }

    /// Takes in objects of one book, in any order, any number of times; one transaction.
    pub fn receive(&mut self, book: &BookId, batch: &[Vec<u8>]) -> Result<Received, Error> {
        let number = self.book_number(book)?;
        let mut received = Received::default();
        let own_log = self.identity.log(book);
        let tx = self.reader.db().unchecked_transaction()?;
        for bytes in batch {
            let outcome = self.reader.admit_object(number, book, bytes, own_log, &mut received)?;
            received.outcomes.push(outcome);
        }
        let mut settling = Settling {
            reader: &self.reader,
            cache: &mut self.cache,
            projector: Projector::new(&tx, number),
            changed: Vec::new(),
        };
        loop {
            let mut progress = false;
            for (n, name) in self.reader.unsettled(number)? {
                progress |= settling.settle(book, n, &name, &mut received)?;
            }
            if !progress {
                break;
            }
        }
        let Settling { projector, changed, .. } = settling;
        projector.finish()?;
        for (n, document, progress) in &changed {
            if *progress && self.reader.is_stale(*n)? {
                self.reader.snapshot(*n, document)?;
            }
        }
        received.waiting = usize::try_from(self.reader.count_waiting(number)?).unwrap_or(0);
        tx.commit()?;
        for (n, document, _) in changed {
            self.cache.keep(n, document);
        }
        Ok(received)
    }
}

/// Taking in what waits, document by document.
struct Settling<'a> {
    reader: &'a Reader,
    cache: &'a mut Cache,
    projector: Projector<'a>,
    /// Documents taken from the cache, with whether anything got into them.
    changed: Vec<(i64, Document, bool)>,
}

impl Reader {
    /// Checks one object's authenticity and place, and stores it.
    fn admit_object(
        &self,
        number: i64,
        book: &BookId,
        bytes: &[u8],
        own_log: LogId,
        received: &mut Received,
    ) -> Result<Outcome, Error> {
        let refused = |why: &str| Ok(Outcome::Refused(why.to_owned()));
        let object = match Object::open(bytes) {
            Ok(object) => object,
            Err(error) => return Ok(Outcome::Refused(error.to_string())),
        };
        if object.book != *book {
            return refused("it belongs to another service");
        }
        let Ok(seq) = i64::try_from(object.seq) else {
            return refused("its number is impossible");
        };
        let changes = object.kind == ObjectKind::Changes;
        if changes && !is_document_name(&object.document) {
            return refused("it names a document no service has");
        }
        if !changes && !object.document.is_empty() {
            return refused("it says two things at once");
        }
        let log = self.log_row(number, &object)?;
        let Some((log_number, own)) = log else {
            received.own_log_continued |= object.log() == own_log;
            return self.first_object(number, &object, bytes);
        };
        let (last, previous) = self.last(log_number)?.unwrap_or((0, Hash([0; 32])));
        if object.seq <= last {
            let stored: Vec<u8> = self
                .db()
                .prepare_cached("SELECT hash FROM object WHERE log = ?1 AND seq = ?2")?
                .query_row(params![log_number, seq], |row| row.get(0))?;
            if stored == Hash::of(bytes).0 {
                return Ok(Outcome::Duplicate);
            }
            if own {
                self.disown(log_number)?;
                received.own_log_continued = true;
            }
            return refused("its device wrote two different things at the same place of its log");
        }
        if object.seq != last.saturating_add(1) {
            return Ok(Outcome::Early);
        }
        if object.previous != previous {
            if own {
                self.disown(log_number)?;
                received.own_log_continued = true;
            }
            return refused("it does not follow the object before it in its log");
        }
        if own {
            // Somebody else writes under this installation's name: it must take a new one before
            // it writes again, and that must be known even if this process ends now.
            self.disown(log_number)?;
            received.own_log_continued = true;
        }
        self.store_object(number, log_number, &object, bytes)?;
        Ok(Outcome::Stored)
    }

    /// Notes that a log is no longer this installation's to write.
    fn disown(&self, log: i64) -> Result<(), Error> {
        self.db().execute("UPDATE log SET own = 0 WHERE n = ?1", [log])?;
        Ok(())
    }

    /// The first object of a log that is not here yet; nothing else begins one.
    fn first_object(&self, number: i64, object: &Object, bytes: &[u8]) -> Result<Outcome, Error> {
        if object.seq != 1 {
            return Ok(Outcome::Early);
        }
        if object.previous != Hash([0; 32]) {
            return Ok(Outcome::Refused("it does not begin its log".into()));
        }
        self.db().execute(
            "INSERT INTO log (book, id, device) VALUES (?1, ?2, ?3)",
            params![number, object.log().0.as_slice(), object.device.0.as_slice()],
        )?;
        self.store_object(number, self.db().last_insert_rowid(), object, bytes)?;
        Ok(Outcome::Stored)
    }

    fn store_object(
        &self,
        number: i64,
        log: i64,
        object: &Object,
        bytes: &[u8],
    ) -> Result<(), Error> {
        if object.kind == ObjectKind::Statements {
            self.insert_object(log, object, None, bytes, 0)?;
            return self.mark_applied(log, object.seq);
        }
        let document = self.document_number(number, &object.document)?;
        self.insert_object(log, object, Some(document), bytes, 1)
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

    /// Documents that have objects waiting.
    fn unsettled(&self, book: i64) -> Result<Vec<(i64, String)>, Error> {
        let mut statement = self.db().prepare_cached(
            "SELECT DISTINCT document.n, document.name FROM object JOIN document
             ON document.n = object.document WHERE state = 1 AND document.book = ?1 ORDER BY 2",
        )?;
        let found = statement.query_map([book], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    fn count_waiting(&self, book: i64) -> Result<i64, Error> {
        Ok(self
            .db()
            .prepare_cached(
                "SELECT count(*) FROM object JOIN log ON log.n = object.log
                 WHERE state = 1 AND log.book = ?1",
            )?
            .query_row([book], |row| row.get(0))?)
    }
}

impl Settling<'_> {
    /// Tries the waiting objects of one document, a page at a time; says whether any got in.
    fn settle(
        &mut self,
        book: &BookId,
        n: i64,
        name: &str,
        received: &mut Received,
    ) -> Result<bool, Error> {
        let place = self.changed.iter().position(|(other, ..)| *other == n);
        let (mut document, earlier) = match place {
            Some(place) => {
                let (_, document, earlier) = self.changed.swap_remove(place);
                (document, earlier)
            }
            None => (self.cache.take(self.reader, book, n, name)?, false),
        };
        let (mut progress, mut after) = (false, 0);
        loop {
            let pending = self.reader.pending(n, after)?;
            let Some(last) = pending.last() else { break };
            after = last.n;
            progress |= self.settle_page(n, &mut document, pending, received)?;
        }
        self.changed.push((n, document, earlier || progress));
        Ok(progress)
    }

    fn settle_page(
        &mut self,
        n: i64,
        document: &mut Document,
        pending: Vec<Pending>,
        received: &mut Received,
    ) -> Result<bool, Error> {
        let (pending, offers): (Vec<_>, Vec<_>) =
            pending.into_iter().map(|p| ((p.n, p.log, p.seq), p.offer)).unzip();
        let admission = document.admit(&offers);
        let mut progress = false;
        for ((object, log, seq), outcome) in pending.into_iter().zip(admission.outcomes) {
            match outcome {
                Ok(()) => {
                    self.reader.mark_applied(log, u64::try_from(seq).unwrap_or(0))?;
                    progress = true;
                }
                Err(Refusal::Waiting) => {}
                Err(Refusal::Broken(why)) => self.reader.mark_refused(object, &why)?,
            }
        }
        *document = admission.document;
        for key in &admission.touched {
            match document.read(key) {
                Some(raw) => self.projector.put(n, &Prepared::new(key.clone(), raw))?,
                None => self.projector.take_out(n, key)?,
            }
        }
        received.touched.extend(admission.touched);
        Ok(progress)
    }
}

impl Reader {
    fn mark_refused(&self, object: i64, why: &str) -> Result<(), Error> {
        self.db()
            .prepare_cached("UPDATE object SET state = 2, reason = ?2 WHERE n = ?1")?
            .execute(params![object, why])?;
        Ok(())
    }

    /// Waiting objects of one document that were stored after a number.
    fn pending(&self, document: i64, after: i64) -> Result<Vec<Pending>, Error> {
        let mut statement = self.db().prepare_cached(
            "SELECT object.n, log, seq, bytes FROM object
             WHERE state = 1 AND document = ?1 AND object.n > ?3 ORDER BY object.n LIMIT ?2",
        )?;
        let rows = statement.query_map(params![document, OFFERS_A_BATCH, after], |row| {
            let bytes: Vec<u8> = row.get(3)?;
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, bytes))
        })?;
        let mut pending = Vec::new();
        for row in rows {
            let (n, log, seq, bytes) = row?;
            let object = Object::reopen(&bytes)?;
            let offer = Offer { log: object.log(), device: object.device, parts: object.parts };
            pending.push(Pending { n, log, seq, offer });
        }
        Ok(pending)
    }
}

/// Whether a name may be a document's: short, plain, and never a way out of a folder.
fn is_document_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty()
        && name.len() <= MAX_NAME
        && name.split('/').all(|part| !part.is_empty() && part.chars().all(plain))
}
