//! Handing over what is missing on a shelf.

use super::listing::bundle_name;
use super::{Error, Exchange};
use crate::bundle::{self, Name};
use crate::engine;
use crate::keep::lent;
use crate::sealing::{self, Envelope};
use commonhold_core::id::{BookId, LogId};
use commonhold_core::keys::Secret;
use commonhold_core::store::{self, Reader, Store};

/// The envelopes of all keys of the book this device can make, with their names.
pub(crate) fn envelopes(
    store: &Reader,
    book: &BookId,
) -> Result<Vec<(String, Vec<u8>)>, store::Error> {
    let keyring = store.keyring(book)?;
    let mut made = Vec::new();
    let sets = store.book_keys(book)?.into_iter().map(|(_, set)| set);
    for set in sets.filter(|set| !set.recipients.is_empty()) {
        let secret = keyring.get(&set.id);
        let bytes = secret.and_then(|secret| Envelope::of(&set)?.bytes(secret));
        made.extend(bytes.map(|bytes| (format!("keys/{}.chk", Envelope::name(&bytes)), bytes)));
    }
    Ok(made)
}

/// The bundle of the next objects of a log, from a number on up to another one at most: its name
/// and bytes; nothing where there are none.
pub(crate) fn bundle_of(
    store: &mut Store,
    (book, secret): (&BookId, &Secret),
    log: &LogId,
    (first, last): (u64, u64),
) -> Result<Option<(Name, Vec<u8>)>, store::Error> {
    store.show(book)?;
    let most = u32::try_from(bundle::MAX_OBJECTS).unwrap_or(u32::MAX);
    let (mut chunk, mut end) = (Vec::new(), first);
    let limits = (most, bundle::TARGET_BYTES);
    for (seq, bytes) in store.objects_of(book, log, first.saturating_sub(1), limits)? {
        if seq > last {
            break;
        }
        chunk.push(bytes);
        end = seq;
    }
    if chunk.is_empty() {
        return Ok(None);
    }
    let sealed = sealing::seal(secret, book, log, (first, end), &chunk);
    Ok(sealed.map(|bytes| {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        (Name { first, last: end, bytes: length }, bytes)
    }))
}

impl Exchange<'_> {
    /// Hands over the keys, the objects and the receipt that are missing here.
    pub(super) fn hand_over_all(&mut self) -> Result<(), Error> {
        let now = self.options.now;
        let secret = lent(self.keep, |store| store.sealing_key(self.book, now))?;
        // Who does not belong hands nothing over: it could not be sealed.
        let Some(secret) = secret else { return Ok(()) };
        self.report.sealed = true;
        for (name, bytes) in lent(self.keep, |store| envelopes(store, self.book))? {
            if self.listed.envelopes.insert(name.clone()) {
                self.shelf.put(&name, &bytes)?;
                self.visit.know(&name);
            }
        }
        // What was entered in a row goes out as one.
        let (own, end) = lent(self.keep, |store| {
            store.show(self.book)?;
            let own = store.identity().log(self.book);
            let info = store.logs(self.book)?.into_iter().find(|info| info.id == own);
            Ok((own, info.map_or(0, |info| info.last)))
        })?;
        let mut have = self.have()?;
        // What was written since is handed over next time: it may still be joined.
        have.entry(own).and_modify(|(_, last)| *last = end.min(*last));
        for (log, first, last) in engine::owed(&have, &self.without_hollow()) {
            self.hand_over(&secret, &log, first, last)?;
        }
        self.report.handed = have.get(&own).map(|(_, last)| (own, *last));
        if self.options.fold {
            self.fold(&secret)?;
            self.take_away_receipts()?;
        }
        if self.options.receipt {
            self.leave_receipt(&secret)?;
        }
        Ok(())
    }

    fn hand_over(
        &mut self,
        secret: &Secret,
        log: &LogId,
        first: u64,
        last: u64,
    ) -> Result<(), Error> {
        let mut next = first;
        while next <= last {
            let made =
                lent(self.keep, |store| bundle_of(store, (self.book, secret), log, (next, last)))?;
            let Some((name, bytes)) = made else { break };
            self.put_bundle(log, name, &bytes)?;
            let count = name.last.saturating_sub(name.first).saturating_add(1);
            self.report.sent = self.report.sent.saturating_add(count);
            next = name.last.saturating_add(1);
            if !(self.on)(self.report.sent, self.report.sent) {
                return Err(Error::Stopped);
            }
        }
        Ok(())
    }

    pub(super) fn put_bundle(
        &mut self,
        log: &LogId,
        name: Name,
        bytes: &[u8],
    ) -> Result<(), Error> {
        let full = bundle_name(log, &name);
        self.shelf.put(&full, bytes)?;
        self.visit.know(&full);
        self.visit.hollow.remove(&full);
        self.listed.bundles.entry(*log).or_default().insert(name);
        Ok(())
    }
}
