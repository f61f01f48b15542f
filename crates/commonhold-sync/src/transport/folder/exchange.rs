//! One exchange with a folder: take in what lies there, hand over what is missing there.

use super::{Error, Folder, MAX_NAMED, Report};
use crate::bundle::{self, Name};
use crate::engine::{self, Have, Listing};
use crate::sealing::{self, Closed, Envelope};
use commonhold_core::Time;
use commonhold_core::id::{BookId, LogId};
use commonhold_core::keys::Secret;
use commonhold_core::object::Object;
use commonhold_core::store::{LogInfo, Outcome, Reader, Store};
use std::collections::BTreeSet;

/// Bytes of bundles taken in together, in one transaction.
const BATCH_BYTES: u64 = 8 << 20;

impl Folder {
    /// Takes in what lies here and hands over what is missing here, for one book. `now` is the
    /// moment new keys are dated with, if some are needed. `progress` hears (bundles done, bundles
    /// in all) and may stop by answering false.
    pub fn exchange(
        &self,
        store: &mut Store,
        book: &BookId,
        now: Time,
        progress: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<Report, Error> {
        let mut report = Report::default();
        let mut envelopes = self.learn(store, book)?;
        let (mut listing, ignored) = self.list(book)?;
        report.ignored = ignored;
        self.check_own(store, book, &mut listing, &mut report)?;
        let all = engine::wanted(&have(store, book)?, &listing, u64::MAX);
        let total = u64::try_from(all.len()).unwrap_or(0);
        let mut done: u64 = 0;
        // What came before something it needs, such as its device's admission, is tried again
        // after more has come.
        let mut put_off: Vec<(LogId, Name, String)> = Vec::new();
        let mut seen = report.received;
        loop {
            if !progress(done.min(total), total) {
                return Err(Error::Stopped);
            }
            let batch = engine::wanted(&have(store, book)?, &listing, BATCH_BYTES);
            if batch.is_empty() {
                if put_off.is_empty() || report.received == seen {
                    break;
                }
                seen = report.received;
                for (log, name, _) in put_off.drain(..) {
                    listing.entry(log).or_default().insert(name);
                }
                self.learn(store, book)?;
                continue;
            }
            done = done.saturating_add(u64::try_from(batch.len()).unwrap_or(0));
            for (log, name, why) in self.take_in(store, book, &batch, &mut report)? {
                listing.entry(log).or_default().remove(&name);
                put_off.extend(why.map(|why| (log, name, why)));
            }
        }
        let open = put_off.into_iter().map(|(log, name, why)| (format!("{log}/{name}"), why));
        report.refused.extend(open);
        report.refused.truncate(MAX_NAMED);
        if report.own_log_continued {
            // What this device says next, it says in a new log: let the caller begin that first.
            return Ok(report);
        }
        store.mend_keys(book, now)?;
        let Some(secret) = store.sealing_key(book, now)? else {
            // Who does not belong hands nothing over: it could not be sealed.
            return Ok(report);
        };
        self.hand_over_keys(store, book, &mut envelopes)?;
        for (log, first, last) in engine::owed(&have(store, book)?, &listing) {
            self.hand_over(store, (book, &secret), &log, first, last, &mut report)?;
        }
        Ok(report)
    }

    /// Opens what envelopes hold for this device. Answers the names of those that lie here.
    fn learn(&self, store: &mut Store, book: &BookId) -> Result<BTreeSet<String>, Error> {
        let envelopes = self.envelopes(book)?;
        for (_, envelope) in &envelopes {
            if store.keyring(book)?.get(&envelope.id).is_some() {
                continue;
            }
            for sealed in &envelope.sealed {
                if store.learn_key(book, &envelope.id, sealed)? {
                    break;
                }
            }
        }
        for (_, envelope) in &envelopes {
            for (id, sealed) in &envelope.earlier {
                if store.keyring(book)?.get(id).is_none() {
                    store.learn_earlier(book, &envelope.id, id, sealed)?;
                }
            }
        }
        Ok(envelopes.into_iter().map(|(name, _)| name).collect())
    }

    /// Writes the envelopes that are missing here.
    fn hand_over_keys(
        &self,
        store: &Reader,
        book: &BookId,
        here: &mut BTreeSet<String>,
    ) -> Result<(), Error> {
        let logs = store.logs(book)?;
        let Some(own) = logs.iter().find(|info| info.own) else { return Ok(()) };
        let keyring = store.keyring(book)?;
        for (_, set) in store.book_keys(book)? {
            let secret = keyring.get(&set.id);
            let bytes = secret.and_then(|secret| Envelope::of(&set)?.bytes(secret));
            let Some(bytes) = bytes else { continue };
            if here.insert(format!("{}.chk", Envelope::name(&bytes))) {
                self.write_envelope(book, &bytes, &own.id)?;
            }
        }
        Ok(())
    }

    /// Reads bundles and gives them to the store together. Answers those that were not taken in
    /// whole: with the reason where it may be better once more has come, without one where they
    /// were not what their names claim.
    fn take_in(
        &self,
        store: &mut Store,
        book: &BookId,
        batch: &[(LogId, Name)],
        report: &mut Report,
    ) -> Result<Vec<(LogId, Name, Option<String>)>, Error> {
        let (mut objects, mut bundles) = (Vec::new(), Vec::new());
        let keyring = store.keyring(book)?;
        for (log, name) in batch {
            let bytes = self.read(book, log, name).unwrap_or_default();
            let opened = sealing::open(|id| keyring.get(id), book, log, name, &bytes);
            let count = opened.as_ref().map_or(0, Vec::len);
            let expected = name.last.saturating_sub(name.first).saturating_add(1);
            let short = opened.is_ok() && u64::try_from(count) != Ok(expected);
            bundles.push((
                count,
                if short { Some(Closed::Damaged) } else { opened.as_ref().err().copied() },
            ));
            objects.extend(opened.unwrap_or_default());
        }
        let received = store.receive(book, &objects)?;
        report.waiting = u64::try_from(received.waiting).unwrap_or(u64::MAX);
        report.own_log_continued |= received.own_log_continued;
        let mut outcomes = received.outcomes.into_iter();
        let mut unsound = Vec::new();
        let now = have(store, book)?;
        for ((log, name), (count, closed)) in batch.iter().zip(bundles) {
            let mut broken = closed
                .filter(|closed| *closed == Closed::Damaged)
                .map(|_| "the file is damaged or cut short".to_owned());
            let mut later = closed
                .filter(|closed| *closed == Closed::NoKey)
                .map(|_| "it is sealed with a key this device was not given".to_owned());
            for outcome in outcomes.by_ref().take(count) {
                match outcome {
                    Outcome::Stored => report.received = report.received.saturating_add(1),
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
                report.refused.push((format!("{log}/{name}"), why));
                unsound.push((*log, *name, None));
            } else if later.is_some() || now.get(log).copied().unwrap_or(0) < name.last {
                // Also a bundle of another log in this one's place, which brings nothing.
                let why = later.unwrap_or_else(|| "it holds something else".to_owned());
                unsound.push((*log, *name, Some(why)));
            }
        }
        report.refused.truncate(MAX_NAMED);
        Ok(unsound)
    }

    /// Looks whether what lies here of this installation's own log is what this profile wrote. If
    /// it is not, two copies of the profile wrote the same log: what this one wrote there is given
    /// up, and written again in a log of its own.
    fn check_own(
        &self,
        store: &mut Store,
        book: &BookId,
        listing: &mut Listing,
        report: &mut Report,
    ) -> Result<(), Error> {
        let own: Vec<LogInfo> = store.logs(book)?.into_iter().filter(|info| info.own).collect();
        for info in own {
            let mut differs = None;
            let names: Vec<Name> = listing.get(&info.id).into_iter().flatten().copied().collect();
            // From the newest back: objects follow each other, so where one is the same, all
            // before it are.
            for name in names.iter().filter(|name| name.first <= info.last).rev() {
                let keyring = store.keyring(book)?;
                let bytes = self.read(book, &info.id, name).unwrap_or_default();
                let theirs = sealing::open(|id| keyring.get(id), book, &info.id, name, &bytes);
                let theirs = theirs.unwrap_or_default();
                let expected = name.last.saturating_sub(name.first).saturating_add(1);
                let whole = u64::try_from(theirs.len()) == Ok(expected);
                let at = store.differs(info.n, name.first, &theirs)?;
                // Only what this device signed itself can have been written by a copy of it.
                let ours = |bytes: &Vec<u8>| {
                    Object::open(bytes).is_ok_and(|object| object.log() == info.id)
                };
                if !whole || at.is_some() && !theirs.iter().all(ours) {
                    // Damaged, or put there by somebody: it stands for nothing, and what belongs
                    // there is handed over again.
                    listing.entry(info.id).or_default().remove(name);
                    continue;
                }
                let Some(at) = at else { break };
                differs = Some(at);
                if at > name.first {
                    break;
                }
            }
            if let Some(from) = differs {
                store.give_up(book, &info.id, from)?;
                report.own_log_continued = true;
            }
        }
        Ok(())
    }

    fn hand_over(
        &self,
        store: &Reader,
        (book, secret): (&BookId, &Secret),
        log: &LogId,
        first: u64,
        last: u64,
        report: &mut Report,
    ) -> Result<(), Error> {
        let logs = store.logs(book)?;
        let Some(info) = logs.iter().find(|info| info.id == *log) else { return Ok(()) };
        let tag = logs.iter().find(|info| info.own).map_or(*log, |info| info.id);
        let mut next = first;
        while next <= last {
            let chunk = chunk(store, info, next, last)?;
            let count = u64::try_from(chunk.len()).unwrap_or(0);
            if count == 0 {
                break;
            }
            let last = next.saturating_add(count).saturating_sub(1);
            let Some(bytes) = sealing::seal(secret, book, log, (next, last), &chunk) else { break };
            let name =
                Name { first: next, last, bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX) };
            self.write(book, log, &name, &bytes, &tag)?;
            next = next.saturating_add(count);
            report.sent = report.sent.saturating_add(count);
        }
        Ok(())
    }
}

/// The next objects of a log that fit into one bundle.
fn chunk(store: &Reader, log: &LogInfo, next: u64, last: u64) -> Result<Vec<Vec<u8>>, Error> {
    let most = u32::try_from(bundle::MAX_OBJECTS).unwrap_or(u32::MAX);
    let (mut chunk, mut size) = (Vec::new(), 0_usize);
    for (seq, bytes) in store.objects(log.n, next.saturating_sub(1), most)? {
        if seq > last || (size > 0 && size.saturating_add(bytes.len()) > bundle::TARGET_BYTES) {
            break;
        }
        size = size.saturating_add(bytes.len());
        chunk.push(bytes);
    }
    Ok(chunk)
}

fn have(store: &Reader, book: &BookId) -> Result<Have, Error> {
    Ok(store.logs(book)?.into_iter().map(|log| (log.id, log.last)).collect())
}
