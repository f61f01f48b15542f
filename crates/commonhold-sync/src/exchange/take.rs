//! Taking in what lies on a shelf.

use super::listing::bundle_name;
use super::own::{READS, give_up_what_differs, own_logs};
use super::{Error, Exchange, receipts};
use crate::bundle::{self, Name};
use crate::engine::{self, Have};
use crate::keep::{Keep, lent};
use crate::sealing::{self, Closed, Envelope};
use crate::shelf::Shelf;
use commonhold_core::id::{BookId, LogId};
use commonhold_core::keys::KeyId;
use commonhold_core::store::{self, Outcome, Reader};
use std::collections::BTreeSet;

/// Bytes of bundles taken in together, in one transaction.
const BATCH_BYTES: u64 = 8 << 20;
/// Most bundles of one log read again to find a branch.
const MAX_LOOKED: usize = 64;

/// A bundle that was not taken in whole: why it may be better once more has come, or nothing where
/// it is not what its name claims.
type Unsound = (LogId, Name, Option<String>);

/// What was found in one bundle.
#[derive(Clone, Copy)]
enum Read {
    /// So many objects, and why not more.
    Some(usize, Option<Closed>),
    /// It is not there any more.
    Gone,
    /// It was not read: the one before it could not be.
    Skipped,
}

impl Read {
    fn count(self) -> usize {
        match self {
            Self::Some(count, _) => count,
            Self::Gone | Self::Skipped => 0,
        }
    }
}

pub(super) fn have(store: &Reader, book: &BookId) -> Result<Have, store::Error> {
    let logs = store.logs(book)?.into_iter().filter(|log| log.last >= log.first);
    Ok(logs.map(|log| (log.id, (log.first, log.last))).collect())
}

/// What an envelope brought.
pub(super) struct Learned {
    /// Whether it held a key that is new here.
    pub new: bool,
    /// The key it is of, where nothing in it opens it for this device.
    pub closed: Option<KeyId>,
}

/// Opens what an envelope holds for this device. Nothing when what was read is not the envelope of
/// that name: it may arrive whole another time.
pub(super) fn learn(
    keep: &mut dyn Keep,
    shelf: &mut dyn Shelf,
    book: &BookId,
    name: &str,
) -> Result<Option<Learned>, Error> {
    let most = u64::try_from(sealing::MAX_ENVELOPE).unwrap_or(u64::MAX);
    let mut read = None;
    for _ in 0..READS {
        let Some(bytes) = shelf.get(name, most)? else { return Ok(None) };
        let fits = name == format!("keys/{}.chk", Envelope::name(&bytes));
        read = Envelope::read(&bytes).filter(|_| fits);
        if read.is_some() {
            break;
        }
    }
    let Some(envelope) = read else { return Ok(None) };
    lent(keep, |store| {
        let mut new = false;
        if store.keyring(book)?.get(&envelope.id).is_none() {
            for sealed in &envelope.sealed {
                if store.learn_key(book, &envelope.id, sealed)? {
                    new = true;
                    break;
                }
            }
        }
        for (id, sealed) in &envelope.earlier {
            if store.keyring(book)?.get(id).is_none() {
                new |= store.learn_earlier(book, &envelope.id, id, sealed)?;
            }
        }
        let closed = store.keyring(book)?.get(&envelope.id).is_none().then_some(envelope.id);
        Ok(Some(Learned { new, closed }))
    })
}

impl Exchange<'_> {
    /// What this device has of the book, without what another copy of it wrote otherwise, and
    /// without what it wrote since that was looked at: what lies at those places must be read.
    pub(super) fn have(&mut self) -> Result<Have, Error> {
        let (mut have, own) =
            lent(self.keep, |store| Ok((have(store, self.book)?, own_logs(store, self.book)?)))?;
        for info in own {
            let end = self.checked.get(&info.id).copied().unwrap_or(0);
            have.entry(info.id).and_modify(|(_, last)| *last = end.min(*last));
        }
        for (log, from) in &self.differing {
            have.entry(*log).and_modify(|(_, last)| *last = from.saturating_sub(1).min(*last));
        }
        have.retain(|_, (_, last)| *last > 0);
        Ok(have)
    }

    /// Reads the envelopes not read before; says whether that brought a key.
    pub(super) fn learn_all(&mut self) -> Result<bool, Error> {
        let mut new = false;
        // An envelope may hold the key another one's earlier keys are sealed under.
        for round in 0..2 {
            for name in self.listed.envelopes.clone() {
                if round > 0 || !self.visit.known.contains(&name) {
                    let learned = learn(self.keep, self.shelf, self.book, &name)?;
                    new |= learned.as_ref().is_some_and(|learned| learned.new);
                    match learned {
                        Some(Learned { closed, .. }) => {
                            if let Some(id) = closed.filter(|_| !self.visit.known.contains(&name)) {
                                self.visit.close(id);
                            }
                            self.visit.know(&name);
                        }
                        // Whoever can make it lays it down again.
                        None => drop(self.listed.envelopes.remove(&name)),
                    }
                }
            }
            if !new {
                break;
            }
        }
        Ok(new)
    }

    /// Takes in all that is wanted and can be had.
    pub(super) fn take_all(&mut self) -> Result<(), Error> {
        for (log, names) in &mut self.listed.bundles {
            names.retain(|name| !self.visit.spent.contains(&bundle_name(log, name)));
        }
        let all = engine::wanted(&self.have()?, &self.listed.bundles, u64::MAX);
        let total = u64::try_from(all.len()).unwrap_or(0);
        let mut done: u64 = 0;
        // What came before something it needs, such as its device's admission, is tried again
        // after more has come.
        let mut put_off: Vec<(LogId, Name, String)> = Vec::new();
        let mut seen = self.report.received;
        loop {
            if !(self.on)(done.min(total), total) {
                return Err(Error::Stopped);
            }
            let batch = engine::wanted(&self.have()?, &self.listed.bundles, BATCH_BYTES);
            if batch.is_empty() {
                let more = self.report.received != seen;
                if put_off.is_empty() || !(self.learn_all()? || more) {
                    break;
                }
                seen = self.report.received;
                for (log, name, _) in put_off.drain(..) {
                    self.listed.bundles.entry(log).or_default().insert(name);
                }
                continue;
            }
            done = done.saturating_add(u64::try_from(batch.len()).unwrap_or(0));
            for (log, name, why) in self.take_in(&batch)? {
                self.listed.forget(&log, &name);
                put_off.extend(why.map(|why| (log, name, why)));
            }
        }
        for (log, name, why) in put_off {
            self.report.refuse(bundle_name(&log, &name), why);
        }
        Ok(())
    }

    /// Reads a batch of bundles, without the store, and opens them.
    fn read_batch(&mut self, batch: &[(LogId, Name)]) -> Result<(Vec<Vec<u8>>, Vec<Read>), Error> {
        let (mut objects, mut bundles) = (Vec::new(), Vec::new());
        let mut broken_off: BTreeSet<LogId> = BTreeSet::new();
        for (log, name) in batch {
            // What follows something that could not be read cannot be placed. Of an own log it
            // would also look as if this installation had to take a new name before it gave up
            // what differs.
            if broken_off.contains(log) {
                bundles.push(Read::Skipped);
                continue;
            }
            // Taken away since it was listed: others joined it into a larger one.
            let read = self.shelf.get(&bundle_name(log, name), bundle::MAX_BYTES)?;
            let Some(bytes) = read else {
                broken_off.insert(*log);
                bundles.push(Read::Gone);
                continue;
            };
            let keyring = lent(self.keep, |store| store.keyring(self.book))?;
            let opened = sealing::open(|id| keyring.get(id), self.book, log, name, &bytes);
            let count = opened.as_ref().map_or(0, Vec::len);
            let expected = name.last.saturating_sub(name.first).saturating_add(1);
            let short = opened.is_ok() && u64::try_from(count) != Ok(expected);
            let closed = if short { Some(Closed::Damaged) } else { opened.as_ref().err().copied() };
            if closed.is_some() {
                broken_off.insert(*log);
            }
            if let Some(Closed::NoKey(id)) = closed {
                self.missing.insert(id);
            }
            bundles.push(Read::Some(count, closed));
            objects.extend(opened.unwrap_or_default());
        }
        Ok((objects, bundles))
    }

    /// Reads bundles and gives them to the store together. Answers those that were not taken in
    /// whole.
    fn take_in(&mut self, batch: &[(LogId, Name)]) -> Result<Vec<Unsound>, Error> {
        let (objects, bundles) = self.read_batch(batch)?;
        let (book, counts) = (self.book, bundles.iter().map(|read| read.count()));
        let (received, given_up) = lent(self.keep, |store| {
            let given_up = give_up_what_differs(store, book, batch, (&objects, counts))?;
            Ok((store.receive(book, &objects)?, given_up))
        })?;
        for log in given_up {
            self.report.own_log_continued = true;
            self.differing.remove(&log);
        }
        self.report.waiting = u64::try_from(received.waiting).unwrap_or(u64::MAX);
        self.report.own_log_continued |= received.own_log_continued;
        self.report.say_again |= received.say_again;
        let mut outcomes = received.outcomes.into_iter();
        let mut unsound = Vec::new();
        let now = lent(self.keep, |store| have(store, self.book))?;
        for ((log, name), read) in batch.iter().zip(bundles) {
            let (count, closed) = match read {
                Read::Some(count, closed) => (count, closed),
                Read::Gone => {
                    unsound.push((*log, *name, None));
                    continue;
                }
                Read::Skipped => continue,
            };
            if closed.is_none() {
                // Of an own log it was compared when it was read.
                let end = self.checked.entry(*log).or_default();
                *end = name.last.max(*end);
            }
            let mut broken = (closed == Some(Closed::Damaged))
                .then(|| "the file is damaged or cut short".to_owned());
            let mut later = matches!(closed, Some(Closed::NoKey(_)))
                .then(|| "it is sealed with a key this device was not given".to_owned());
            for outcome in outcomes.by_ref().take(count) {
                match outcome {
                    Outcome::Stored => {
                        self.report.received = self.report.received.saturating_add(1);
                    }
                    Outcome::Duplicate => {}
                    Outcome::Early => {
                        later.get_or_insert("it does not follow what is here".to_owned());
                    }
                    Outcome::Stranger => {
                        later.get_or_insert("it is from a device nobody admitted".to_owned());
                    }
                    Outcome::Refused(reason) => {
                        broken.get_or_insert(reason);
                    }
                }
            }
            if let Some(why) = broken {
                self.report.refuse(bundle_name(log, name), why);
                unsound.push((*log, *name, None));
            } else if later.is_some() {
                // What follows something else than is here may be a branch of the log.
                if closed.is_none() && now.get(log).is_some_and(|(_, last)| name.first <= *last) {
                    self.suspicious.insert(*log);
                }
                unsound.push((*log, *name, later));
            } else if now.get(log).is_none_or(|(_, last)| *last < name.last) {
                // All of it is here, and not as the end of this log: it is of another log, or of
                // a branch that is a log of its own by now.
                self.visit.spend(&bundle_name(log, name));
                unsound.push((*log, *name, None));
            }
        }
        Ok(unsound)
    }

    /// Says of keys that were sealed to others, under which something lies here and whose envelopes
    /// hold nothing that opens for this device, that it cannot open them: what names those keys may
    /// itself lie under them, so that nothing of it is known here ([`store::Store::complain`]).
    pub(super) fn complain(&mut self) -> Result<(), Error> {
        let now = self.options.now;
        for id in std::mem::take(&mut self.missing) {
            if let Some(times) = self.visit.closed.get(&id).copied() {
                lent(self.keep, |store| store.complain(self.book, &id, times, now))?;
            }
        }
        Ok(())
    }

    /// Looks whether somebody was told something else than this device at the same place of a log,
    /// and takes in what of that lies here: then all hold both, whatever each heard first.
    pub(super) fn look_for_branches(&mut self) -> Result<(), Error> {
        let told = lent(self.keep, |store| {
            let mut told = BTreeSet::new();
            for (log, last, hash) in receipts(store, self.book)?.into_iter().flat_map(|r| r.heads) {
                let here = store.object_hash(self.book, &log, last)?;
                if here.is_some_and(|here| here != hash) {
                    told.insert(log);
                }
            }
            Ok(told)
        })?;
        self.suspicious.extend(told);
        if self.report.received > 0 {
            self.visit.unsure.clear();
        }
        for log in std::mem::take(&mut self.suspicious) {
            if self.differing.contains_key(&log) {
                // Of an own log what differs is given up first, as soon as it can be read.
                continue;
            }
            let names = self.listed.bundles.get(&log).cloned().unwrap_or_default();
            for name in names.into_iter().rev().take(MAX_LOOKED) {
                let full = bundle_name(&log, &name);
                if self.visit.looked.contains(&full) || self.visit.unsure.contains(&full) {
                    continue;
                }
                match self.read_again(&log, name)? {
                    true => self.visit.looked.insert(full),
                    false => self.visit.unsure.insert(full),
                };
            }
        }
        Ok(())
    }

    /// Reads one bundle whose objects seem to be here: some may be of another branch. Says whether
    /// nothing of it will ever come out otherwise.
    fn read_again(&mut self, log: &LogId, name: Name) -> Result<bool, Error> {
        let (objects, bundles) = self.read_batch(&[(*log, name)])?;
        let read = bundles.iter().all(|read| matches!(read, Read::Some(_, None)));
        Ok(self.receive_again(&objects)? && read)
    }

    /// Takes in objects for whose places there are others here; says whether none of them will ever
    /// come out otherwise.
    pub(super) fn receive_again(&mut self, objects: &[Vec<u8>]) -> Result<bool, Error> {
        let received = lent(self.keep, |store| store.receive(self.book, objects))?;
        self.report.own_log_continued |= received.own_log_continued;
        self.report.say_again |= received.say_again;
        let stored = received.outcomes.iter().filter(|outcome| **outcome == Outcome::Stored);
        let count = u64::try_from(stored.count()).unwrap_or(0);
        self.report.received = self.report.received.saturating_add(count);
        let open = |outcome: &Outcome| matches!(outcome, Outcome::Early | Outcome::Stranger);
        Ok(!received.outcomes.iter().any(open))
    }
}
