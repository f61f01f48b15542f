//! The authority set and the keys of a book as the store holds them. Both are made from objects,
//! and made again when others have come.

use super::{Error, Reader};
use crate::authority::{Authority, Forks, Node, Origin, Stance, Statement, Witness, Writer};
use crate::date::Time;
use crate::id::{BookId, Device, Hash, LogId};
use crate::keyring::{self, Keyring, SealedKeys};
use crate::keys::{DeviceKeys, Secret};
use crate::object::Object;
use crate::projection::Authors;
use rusqlite::{OptionalExtension, params};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What tells whether something was made from the objects that are here now.
type Mark = (i64, Vec<u8>, i64, Option<(i64, i64)>);
/// What was made for each book, and from what.
type Made<M, T> = BTreeMap<i64, (M, Arc<T>)>;

/// What was made from objects, with what it was made from.
#[derive(Default)]
pub(super) struct Trust {
    /// Opens sealed keys; nothing for a reader without the device's keys.
    pub keys: Option<DeviceKeys>,
    authority: RefCell<Made<Mark, Authority>>,
    keyrings: RefCell<Made<(Mark, Mark), Keyring>>,
    /// Keys learned beside the objects, from a folder's envelopes.
    learned: RefCell<BTreeMap<i64, Vec<Secret>>>,
}

/// The kinds of objects as the database numbers them.
pub(super) const CHANGES: i64 = 1;
pub(super) const STATEMENTS: i64 = 3;
pub(super) const KEYS: i64 = 4;

/// Statements cited, as one blob and back.
pub(super) fn cites_blob(cites: &[Hash]) -> Vec<u8> {
    cites.iter().flat_map(|hash| hash.0).collect()
}

pub(super) fn cites_from(blob: &[u8]) -> Vec<Hash> {
    blob.chunks_exact(32).filter_map(Hash::from_slice).collect()
}

impl Reader {
    fn made_from(&self, book: i64, kind: i64) -> Result<Mark, Error> {
        let (count, last): (i64, Option<i64>) = self
            .db()
            .prepare_cached(
                "SELECT count(*), max(object.n) FROM object JOIN log ON log.n = object.log
                 WHERE object.kind = ?2 AND object.kind <> 1 AND log.book = ?1",
            )?
            .query_row([book, kind], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let hash: Option<Vec<u8>> = self
            .db()
            .prepare_cached("SELECT hash FROM object WHERE n = ?1")?
            .query_row([last], |row| row.get(0))
            .optional()?;
        let logs = self
            .db()
            .prepare_cached("SELECT count(*) FROM log WHERE book = ?1")?
            .query_row([book], |row| row.get(0))?;
        // Where a log was forked, what others had seen counts, and what cuts name.
        let forked = self
            .db()
            .prepare_cached(
                "SELECT (SELECT count(*) FROM stance JOIN log ON log.n = stance.log WHERE book = ?1),
                        (SELECT count(*) FROM object JOIN log ON log.n = object.log
                         WHERE book = ?1 AND trunk IS NOT NULL)
                 WHERE EXISTS (SELECT 1 FROM log WHERE book = ?1 AND trunk IS NOT NULL)",
            )?
            .query_row([book], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok((count, hash.unwrap_or_default(), logs, forked))
    }

    /// The authority set of a book, evaluated over everything that is here.
    pub fn authority(&self, book: &BookId) -> Result<Arc<Authority>, Error> {
        self.authority_of(self.book_number(book)?, book)
    }

    pub(super) fn authority_of(&self, number: i64, book: &BookId) -> Result<Arc<Authority>, Error> {
        let mark = self.made_from(number, STATEMENTS)?;
        if let Some((made_from, known)) = self.trust.authority.borrow().get(&number)
            && *made_from == mark
        {
            return Ok(Arc::clone(known));
        }
        let mut nodes = Vec::new();
        let mut statement = self.db().prepare_cached(
            "SELECT bytes, hash, cites, log.id FROM object JOIN log ON log.n = object.log
             JOIN stance ON stance.n = object.stance WHERE object.kind = 3 AND log.book = ?1",
        )?;
        let mut rows = statement.query([number])?;
        while let Some(row) = rows.next()? {
            let (bytes, hash): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
            let object = Object::reopen(&bytes)?;
            let node = Hash::from_slice(&hash).and_then(|hash| Node::of(&object, hash, book));
            // Whatever an earlier object of the log cites was seen, whether or not this one says so.
            let cites = cites_from(&row.get::<_, Vec<u8>>(2)?);
            let log: Vec<u8> = row.get(3)?;
            let log = LogId::from_slice(&log).unwrap_or(object.log());
            nodes.extend(node.map(|node| Node { cites, log, ..node }));
        }
        let forks = self.forks_for(number, &nodes)?;
        let made = Arc::new(Authority::with_forks(nodes, self.origins(number)?, forks));
        self.trust.authority.borrow_mut().insert(number, (mark, Arc::clone(&made)));
        Ok(made)
    }

    /// The branches of a book's logs, with what is needed to judge them.
    fn forks_for(&self, number: i64, nodes: &[Node]) -> Result<Forks, Error> {
        let mut forks = Forks::default();
        let id = |blob: Vec<u8>| LogId::from_slice(&blob).unwrap_or(LogId([0; 16]));
        let device = |blob: Vec<u8>| Device::from_slice(&blob).unwrap_or(Device([0; 32]));
        let mut statement = self.db().prepare_cached(
            "SELECT log.id, trunk.id, log.device FROM log JOIN log trunk ON trunk.n = log.trunk
             WHERE log.book = ?1",
        )?;
        let mut rows = statement.query([number])?;
        while let Some(row) = rows.next()? {
            forks.branches.insert(id(row.get(0)?), (id(row.get(1)?), device(row.get(2)?)));
        }
        if forks.branches.is_empty() {
            return Ok(forks);
        }
        let mut statement = self.db().prepare_cached(
            "SELECT device, log.id, min(seq), cites FROM object JOIN log ON log.n = object.log
             JOIN stance ON stance.n = object.stance
             WHERE book = ?1 AND object.kind <> 3 GROUP BY stance.n",
        )?;
        let mut rows = statement.query([number])?;
        while let Some(row) = rows.next()? {
            let seq: i64 = row.get(2)?;
            forks.witnesses.push(Witness {
                device: device(row.get(0)?),
                log: id(row.get(1)?),
                seq: u64::try_from(seq).unwrap_or(0),
                cites: cites_from(&row.get::<_, Vec<u8>>(3)?),
            });
        }
        for statement in nodes.iter().flat_map(|node| node.statements.iter().flatten()) {
            let Statement::Remove { cuts, .. } = statement else { continue };
            for cut in cuts {
                let place: Option<(Vec<u8>, i64)> = self
                    .db()
                    .prepare_cached(
                        "SELECT log.id, seq FROM object JOIN log ON log.n = object.log
                         WHERE hash = ?1 AND book = ?2",
                    )?
                    .query_row(params![cut.hash.0.as_slice(), number], |row| {
                        Ok((row.get(0)?, row.get(1)?))
                    })
                    .optional()?;
                forks.places.extend(
                    place.map(|(log, seq)| (cut.hash, (id(log), u64::try_from(seq).unwrap_or(0)))),
                );
            }
        }
        Ok(forks)
    }

    /// What each log of a book goes on from.
    fn origins(&self, number: i64) -> Result<BTreeMap<LogId, Origin>, Error> {
        let mut statement = self
            .db()
            .prepare_cached("SELECT id, before_log, before_seq FROM log WHERE book = ?1")?;
        let rows = statement.query_map([number], |row| {
            let (id, before): (Vec<u8>, Option<Vec<u8>>) = (row.get(0)?, row.get(1)?);
            let seq: Option<i64> = row.get(2)?;
            let origin = match before.as_deref().and_then(LogId::from_slice).zip(seq) {
                Some((log, seq)) => Origin::After(log, u64::try_from(seq).unwrap_or(0)),
                None => Origin::Fresh,
            };
            Ok((LogId::from_slice(&id).unwrap_or(LogId([0; 16])), origin))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The keys of a book this device has.
    pub fn keyring(&self, book: &BookId) -> Result<Arc<Keyring>, Error> {
        self.keyring_of(self.book_number(book)?, book)
    }

    pub(super) fn keyring_of(&self, number: i64, book: &BookId) -> Result<Arc<Keyring>, Error> {
        let authority = self.authority_of(number, book)?;
        let mark = (self.made_from(number, KEYS)?, self.made_from(number, STATEMENTS)?);
        if let Some((made_from, known)) = self.trust.keyrings.borrow().get(&number)
            && *made_from == mark
        {
            return Ok(Arc::clone(known));
        }
        let mut keyring = Keyring::default();
        if let Some(keys) = &self.trust.keys {
            for secret in self.trust.learned.borrow().get(&number).into_iter().flatten() {
                keyring.add(book, secret.clone());
            }
            for (_, maker, set) in self.key_sets(number, &authority)? {
                keyring.take(book, keys, (maker, &set));
            }
        }
        let made = Arc::new(keyring);
        self.trust.keyrings.borrow_mut().insert(number, (mark, Arc::clone(&made)));
        Ok(made)
    }

    /// The sets of sealed keys of a book, with the hash of the object that brought each and the
    /// device that made it.
    fn key_sets(
        &self,
        number: i64,
        authority: &Authority,
    ) -> Result<Vec<(Hash, Device, SealedKeys)>, Error> {
        let mut statement = self.db().prepare_cached(
            "SELECT bytes, hash, cites, log.id FROM object JOIN log ON log.n = object.log
             JOIN stance ON stance.n = object.stance
             WHERE object.kind = 4 AND state = 0 AND log.book = ?1 ORDER BY hash",
        )?;
        let mut rows = statement.query([number])?;
        let mut sets = Vec::new();
        while let Some(row) = rows.next()? {
            let (bytes, hash): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
            let object = Object::reopen(&bytes)?;
            let cites = cites_from(&row.get::<_, Vec<u8>>(2)?);
            let log: Vec<u8> = row.get(3)?;
            let place = (LogId::from_slice(&log).unwrap_or(object.log()), object.seq);
            // A key of somebody who may not read what it is for could have been made by anybody.
            let may = match authority.judge(&object.device, place, &cites, object.time) {
                Stance::Member(writer) => {
                    let readers = keyring::readers(&object.document);
                    readers.is_none_or(|r| writer.may(r, false)) && !writer.apart
                }
                // On a branch that counts for nothing: what others sealed under its keys can be
                // opened as long as its maker could make one now.
                Stance::Forked(_) => {
                    let (state, day) = (authority.state(), object.time.date());
                    keyring::may_read(state, &object.device, &object.document, day)
                }
                Stance::Late | Stance::Stranger | Stance::Unknown => continue,
            };
            let set = object.parts.first().and_then(|part| SealedKeys::read(part));
            let set = set.filter(|set| set.scope == object.document && may);
            let set = Hash::from_slice(&hash).zip(set);
            sets.extend(set.map(|(hash, set)| (hash, object.device, set)));
        }
        Ok(sets)
    }

    /// The sets of sealed keys of the book itself: what a device needs before it can open
    /// anything else.
    pub fn book_keys(&self, book: &BookId) -> Result<Vec<(Hash, SealedKeys)>, Error> {
        let number = self.book_number(book)?;
        let sets = self.key_sets(number, &*self.authority_of(number, book)?)?.into_iter();
        let sets = sets.filter(|(_, _, set)| set.scope.is_empty());
        Ok(sets.map(|(hash, _, set)| (hash, set)).collect())
    }

    /// Keeps a key in mind that came beside the objects.
    pub(super) fn learn(&self, number: i64, secret: Secret) {
        let mut learned = self.trust.learned.borrow_mut();
        let known = learned.entry(number).or_default();
        if !known.iter().any(|other| other.id() == secret.id()) {
            known.push(secret);
            self.trust.keyrings.borrow_mut().remove(&number);
        }
    }

    /// Forgets all that was made from objects of a book: some were destroyed.
    pub(super) fn forget_trust(&self, number: i64) {
        self.trust.keyrings.borrow_mut().remove(&number);
        self.trust.learned.borrow_mut().remove(&number);
    }

    /// An object with its payload readable.
    pub(super) fn unsealed(&self, book: &BookId, mut object: Object) -> Result<Object, Error> {
        let Some(key) = object.sealed.as_ref().and_then(|sealed| sealed.key) else {
            return Ok(object);
        };
        let keyring = self.keyring(book)?;
        let secret = keyring.get(&key).ok_or_else(|| Error::Locked(object.document.clone()))?;
        object.unseal(secret)?;
        Ok(object)
    }

    /// Tells who wrote the changes of a book.
    pub(super) fn writers(&self, number: i64) -> Result<Writers<'_>, Error> {
        let id: Vec<u8> = self
            .db()
            .prepare_cached("SELECT id FROM book WHERE n = ?1")?
            .query_row([number], |row| row.get(0))?;
        let book = BookId::from_slice(&id).unwrap_or(BookId([0; 32]));
        let authority = self.authority_of(number, &book)?;
        Ok(Writers { reader: self, authority, known: HashMap::new(), last: None })
    }
}

/// Who wrote what, looked up and remembered.
pub(super) struct Writers<'a> {
    reader: &'a Reader,
    authority: Arc<Authority>,
    known: HashMap<i64, Option<Writer>>,
    last: Option<(Hash, Option<Writer>)>,
}

impl Writers<'_> {
    fn look_up(&self, change: &Hash) -> Result<Option<(i64, Stance)>, Error> {
        let row = self
            .reader
            .db()
            .prepare_cached(
                "SELECT object.n, seq, time, log.id, log.device, cites FROM change
                 JOIN object ON object.n = change.object JOIN log ON log.n = object.log
                 JOIN stance ON stance.n = object.stance WHERE change.hash = ?1",
            )?
            .query_row(params![change.0.as_slice()], |row| {
                let seq: i64 = row.get(1)?;
                let blob = |index| row.get::<_, Vec<u8>>(index);
                Ok((row.get(0)?, seq, row.get(2)?, blob(3)?, blob(4)?, blob(5)?))
            })
            .optional()?;
        Ok(row.map(|(n, seq, time, log, device, cites)| {
            let log = LogId::from_slice(&log).unwrap_or(LogId([0; 16]));
            let device = Device::from_slice(&device).unwrap_or(Device([0; 32]));
            let place = (log, u64::try_from(seq).unwrap_or(0));
            (n, self.authority.judge(&device, place, &cites_from(&cites), Time(time)))
        }))
    }
}

impl Authors for Writers<'_> {
    fn writer(&mut self, change: &Hash) -> Option<Writer> {
        if let Some((last, writer)) = &self.last
            && last == change
        {
            return writer.clone();
        }
        // A database that cannot be read is noticed by whoever asks it next.
        let (object, stance) = self.look_up(change).ok().flatten()?;
        let writer = match stance {
            // On a branch only what others built on or let in lies in a document.
            Stance::Member(writer) | Stance::Forked(writer) => writer,
            Stance::Late | Stance::Stranger | Stance::Unknown => {
                Writer { apart: true, ..Writer::default() }
            }
        };
        let known = self.known.entry(object).or_insert(Some(writer)).clone();
        self.last = Some((*change, known.clone()));
        known
    }
}
