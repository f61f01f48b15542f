//! Keeping the keys of a book in order: everybody who may read something has its key, and
//! something new is never sealed under a key that somebody has who may not.

use super::append::Step;
use super::{Error, Identity, Reader, Store};
use crate::authority::{LogCut, Statement, Writer};
use crate::date::Time;
use crate::id::{BookId, Device, Hash, LogId};
use crate::keyring::{self, SealedKeys};
use crate::keys::{KeyId, Secret};
use crate::object::ObjectKind;
use crate::store::receive::Received;
use crate::store::settle::Settling;

/// How often a device complains about one key of which it knows the name alone.
const MOST_COMPLAINTS: usize = 8;

impl Store {
    /// Says something about people, devices and roles as this device, and does what follows from
    /// it; one transaction.
    pub fn say(
        &mut self,
        book: &BookId,
        now: Time,
        statements: &[Statement],
    ) -> Result<Received, Error> {
        let number = self.book_number(book)?;
        let tx = self.reader.writing()?;
        self.reader.writer_now(number, book, &self.identity, now)?;
        let parts = statements.iter().map(Statement::bytes).collect();
        let step = Step { kind: ObjectKind::Statements, parts, ..Step::of(now) };
        self.reader.append(&self.identity, (number, book), step)?;
        let mut received = Received::default();
        let mut settling = Settling::new(&self.reader, &mut self.cache, (number, book))?;
        settling.judge_anew(&mut received)?;
        settling.run(&mut received)?;
        let changed = settling.finish(&mut received)?;
        let erased = self.reader.erase(number, book, &mut received)?;
        self.reader.mend_keys_of(&self.identity, (number, book), now)?;
        tx.commit()?;
        for (n, document) in changed.into_iter().filter(|(n, _)| !erased.contains(n)) {
            self.cache.keep(n, document);
        }
        self.after_erasing(&erased)?;
        Ok(received)
    }

    /// Who this device writes as now; a failure when it does not belong to the service.
    pub fn writer(&self, book: &BookId, now: Time) -> Result<Writer, Error> {
        self.reader.writer_now(self.book_number(book)?, book, &self.identity, now)
    }

    /// Gives keys to devices that lack them and makes new ones where somebody left; call it
    /// before something is handed over. A device that does not belong does nothing.
    pub fn mend_keys(&mut self, book: &BookId, now: Time) -> Result<(), Error> {
        let number = self.book_number(book)?;
        let tx = self.reader.writing()?;
        self.reader.mend_keys_of(&self.identity, (number, book), now)?;
        tx.commit()?;
        Ok(())
    }

    /// Says that nothing opens of what was sealed to this device of a key of the book, where not even
    /// the set that names it can be read: `times` at most, as often as it was sealed in vain. A device
    /// that does not belong says nothing, and the same key is complained about a few times only.
    pub fn complain(
        &mut self,
        book: &BookId,
        id: &KeyId,
        times: usize,
        now: Time,
    ) -> Result<(), Error> {
        let number = self.book_number(book)?;
        let tx = self.reader.writing()?;
        let (authority, keyring) =
            (self.reader.authority_of(number, book)?, self.reader.keyring_of(number, book)?);
        let device = self.identity.device();
        let said = keyring.complaints(keyring::BOOK, id, &device);
        let wrong = keyring.get(id).is_none() && said < times.min(MOST_COMPLAINTS);
        if wrong && authority.state().active(&device).is_some() {
            let set = SealedKeys::of_nothing(keyring::BOOK, *id);
            self.reader.append_keys(&self.identity, (number, book), (&set, now))?;
        }
        tx.commit()?;
        Ok(())
    }

    /// Keeps in mind a key that came beside the objects, until the object that brings it is here.
    /// Answers whether it was sealed to this device.
    pub fn learn_key(&mut self, book: &BookId, id: &KeyId, sealed: &[u8]) -> Result<bool, Error> {
        let number = self.book_number(book)?;
        let keys = self.identity.keys();
        let secret = keyring::open_key(keys, book, keyring::BOOK, id, sealed);
        let opened = secret.is_some();
        if let Some(secret) = secret {
            self.reader.learn(number, secret);
        }
        Ok(opened)
    }

    /// The same with a key sealed under a later one.
    pub fn learn_earlier(
        &mut self,
        book: &BookId,
        later: &KeyId,
        id: &KeyId,
        sealed: &[u8],
    ) -> Result<bool, Error> {
        let number = self.book_number(book)?;
        let keyring = self.keyring(book)?;
        let secret = keyring.get(later);
        let secret = secret.and_then(|later| keyring::open_earlier(later, book, id, sealed));
        let opened = secret.is_some();
        if let Some(secret) = secret {
            self.reader.learn(number, secret);
        }
        Ok(opened)
    }
}

impl Reader {
    /// The key to seal under what leaves for a folder or relay; nothing when this device has none
    /// that nobody else has.
    pub fn sealing_key(&self, book: &BookId, now: Time) -> Result<Option<Secret>, Error> {
        let number = self.book_number(book)?;
        self.current_key((number, book), keyring::BOOK, now)
    }

    /// Where the logs of some devices end here: what a removal leaves as it is. Of branches that
    /// is what others had seen of them.
    pub fn cuts(&self, book: &BookId, devices: &[Device]) -> Result<Vec<LogCut>, Error> {
        let number = self.book_number(book)?;
        let authority = self.authority_of(number, book)?;
        let mut statement = self.db().prepare_cached(
            "SELECT log.id, device, max(seq), hash, trunk IS NOT NULL FROM object JOIN log ON log.n = object.log
             WHERE log.book = ?1 GROUP BY log.n ORDER BY log.id",
        )?;
        let rows = statement.query_map([number], |row| {
            let blob = |index| row.get::<_, Vec<u8>>(index);
            Ok((blob(0)?, blob(1)?, row.get::<_, i64>(2)?, blob(3)?, row.get::<_, bool>(4)?))
        })?;
        let mut cuts = Vec::new();
        for row in rows {
            let (log, device, seq, hash, branch) = row?;
            let parts = (LogId::from_slice(&log), Device::from_slice(&device));
            let (Some(log), Some(device)) = parts else { continue };
            if !devices.contains(&device) {
                continue;
            }
            let (mut seq, mut hash) = (u64::try_from(seq).unwrap_or(0), Hash::from_slice(&hash));
            if branch {
                let Some(seen) = authority.acknowledged(&log) else { continue };
                (seq, hash) = (seen, self.object_hash(book, &log, seen)?);
            }
            cuts.push(LogCut { log, seq, hash: hash.unwrap_or(Hash([0; 32])) });
        }
        Ok(cuts)
    }

    /// Who this device writes as now; a failure when it does not belong to the service.
    pub(super) fn writer_now(
        &self,
        number: i64,
        book: &BookId,
        identity: &Identity,
        now: Time,
    ) -> Result<Writer, Error> {
        let authority = self.authority_of(number, book)?;
        let (state, device) = (authority.state(), identity.device());
        match state.active(&device) {
            Some(admitted) => Ok(Writer {
                person: admitted.person,
                roles: state.roles(admitted.person, now.date()),
                apart: false,
            }),
            None => Err(Error::NotMember { removed: state.admitted(&device).is_some() }),
        }
    }

    /// The key a document is sealed with now; nothing for one everybody in the book reads.
    pub(super) fn current_key(
        &self,
        (number, book): (i64, &BookId),
        scope: &str,
        now: Time,
    ) -> Result<Option<Secret>, Error> {
        if scope != keyring::BOOK && keyring::readers(scope).is_none() {
            return Ok(None);
        }
        let (authority, keyring) =
            (self.authority_of(number, book)?, self.keyring_of(number, book)?);
        match keyring.current(scope, authority.state(), now.date()) {
            Some(secret) => Ok(Some(secret.clone())),
            None if scope == keyring::BOOK => Ok(None),
            None => Err(Error::Locked(scope.to_owned())),
        }
    }

    /// Makes sure that a document that needs a key of its own has one.
    pub(super) fn prepare_key(
        &self,
        identity: &Identity,
        (number, book): (i64, &BookId),
        scope: &str,
        now: Time,
    ) -> Result<(), Error> {
        if keyring::readers(scope).is_none() {
            return Ok(());
        }
        let authority = self.authority_of(number, book)?;
        if authority.state().erased().contains(scope) {
            return Err(Error::Erased(scope.to_owned()));
        }
        self.mend_scope(identity, (number, book), scope, now)
    }

    pub(super) fn mend_keys_of(
        &self,
        identity: &Identity,
        (number, book): (i64, &BookId),
        now: Time,
    ) -> Result<(), Error> {
        let authority = self.authority_of(number, book)?;
        let mut scopes = self.keyring_of(number, book)?.scopes();
        scopes.insert(keyring::BOOK.to_owned());
        for scope in scopes.iter().filter(|scope| !authority.state().erased().contains(*scope)) {
            self.mend_scope(identity, (number, book), scope, now)?;
        }
        Ok(())
    }

    fn mend_scope(
        &self,
        identity: &Identity,
        (number, book): (i64, &BookId),
        scope: &str,
        now: Time,
    ) -> Result<(), Error> {
        let (authority, keyring) =
            (self.authority_of(number, book)?, self.keyring_of(number, book)?);
        let (state, day) = (authority.state(), now.date());
        let (device, at) = (identity.device(), (state, day));
        let Some(admitted) = state.active(&device) else { return Ok(()) };
        if !keyring::may_read(state, &device, scope, day) {
            return Ok(());
        }
        if let Some(id) = keyring.sealed_wrongly(scope, at, &device) {
            let set = SealedKeys::of_nothing(scope, id);
            self.append_keys(identity, (number, book), (&set, now))?;
        }
        let (secret, devices) = match keyring.current(scope, state, day) {
            Some(secret) => {
                let lacking = keyring.lacking(&secret.id(), scope, at, admitted.person);
                (secret.clone(), lacking)
            }
            // A key nobody was given yet is lacked by everybody who may read.
            None => {
                let all = state.devices().map(|(device, _)| *device);
                let all = all.filter(|device| keyring::may_read(state, device, scope, day));
                (Secret::new(identity.chance()), all.collect())
            }
        };
        if devices.is_empty() {
            return Ok(());
        }
        let mut chance = || identity.chance();
        let set = keyring.seal(book, scope, &secret, &devices, state, &mut chance);
        self.append_keys(identity, (number, book), (&set, now))
    }

    fn append_keys(
        &self,
        identity: &Identity,
        (number, book): (i64, &BookId),
        (set, now): (&SealedKeys, Time),
    ) -> Result<(), Error> {
        let document = match set.scope.as_str() {
            keyring::BOOK => None,
            name => Some((self.document_number(number, name)?, name)),
        };
        let parts = vec![set.bytes()];
        let step = Step { kind: ObjectKind::Keys, document, parts, ..Step::of(now) };
        self.append(identity, (number, book), step)
    }
}
