//! What this device shows a live peer: the files it would lay down, made when they are asked for.
//! A long log is cut into bundles at the same places each time, so that one more object is one
//! more small file and nothing else changes.

use crate::attachments;
use crate::bundle::{self, Name};
use crate::exchange::{Error, bundle_of, envelopes, receipt_of};
use crate::keep::{Keep, lent};
use crate::shelf::Item;
use commonhold_core::Time;
use commonhold_core::id::{BookId, Device, LogId};
use commonhold_core::store::{self, Store};
use std::collections::BTreeMap;

/// How the objects of one log are cut into bundles.
#[derive(Clone, Debug)]
struct Cut {
    /// Number of the first object: 1, or where a branch begins.
    begins: u64,
    /// Full bundles, which stay: first and last.
    full: Vec<(u64, u64)>,
    /// Lengths of the objects after them, in bytes.
    rest: Vec<u64>,
}

impl Cut {
    fn next(&self) -> u64 {
        let full = self.full.last().map_or(self.begins, |(_, last)| last.saturating_add(1));
        full.saturating_add(u64::try_from(self.rest.len()).unwrap_or(0))
    }

    fn new(begins: u64) -> Self {
        Self { begins, full: Vec::new(), rest: Vec::new() }
    }

    /// Takes in the lengths of objects that follow.
    fn add(&mut self, lengths: impl IntoIterator<Item = u64>) {
        for length in lengths {
            let size = self.rest.iter().fold(length, |sum, one| sum.saturating_add(*one));
            let count = self.rest.len();
            if count > 0 && (size > bundle::TARGET_BYTES as u64 || count == bundle::MAX_OBJECTS) {
                let first = self.next().saturating_sub(u64::try_from(count).unwrap_or(0));
                self.full.push((first, self.next().saturating_sub(1)));
                self.rest.clear();
            }
            self.rest.push(length);
        }
    }

    /// All bundles: the full ones, then hundreds, tens and ones of what follows.
    fn bundles(&self) -> Vec<(u64, u64)> {
        let mut found = self.full.clone();
        let end = self.next();
        let mut first = end.saturating_sub(u64::try_from(self.rest.len()).unwrap_or(0));
        while first < end {
            let left = end.saturating_sub(first);
            let piece = [100, 10, 1].into_iter().find(|piece| *piece <= left).unwrap_or(1);
            let after = first.saturating_add(piece);
            found.push((first, after.saturating_sub(1)));
            first = after;
        }
        found
    }
}

/// What is remembered of one book between questions.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    cuts: BTreeMap<LogId, Cut>,
}

/// A file's name does not tell its length here: it is sealed only when it is asked for.
fn name_of((first, last): (u64, u64)) -> Name {
    Name { first, last, bytes: 0 }
}

fn may(store: &Store, peer: &Device, book: &BookId) -> Result<bool, store::Error> {
    if !store.has(book)? {
        return Ok(false);
    }
    Ok(store.authority(book)?.state().active(peer).is_some())
}

impl Offer {
    /// The files of a book for a peer; nothing when there is no such book here, or the peer's
    /// device does not belong to it as far as is known here.
    pub fn list(
        &mut self,
        keep: &mut dyn Keep,
        (peer, book): (&Device, &BookId),
        now: Time,
    ) -> Result<Option<Vec<Item>>, Error> {
        lent(keep, |store| {
            if !may(store, peer, book)? {
                return Ok(None);
            }
            store.show(book)?;
            let mut names: Vec<String> =
                envelopes(store, book)?.into_iter().map(|(name, _)| name).collect();
            for log in store.logs(book)?.into_iter().filter(|log| log.last >= log.first) {
                let cut = self.cuts.entry(log.id).or_insert_with(|| Cut::new(log.first));
                if cut.next() > log.last.saturating_add(1) {
                    *cut = Cut::new(log.first); // the end of the log is a branch by now, or gone
                }
                let after = cut.next().saturating_sub(1);
                cut.add(store.object_lengths(book, &log.id, after)?);
                let files =
                    cut.bundles().into_iter().map(|at| format!("{}/{}", log.id, name_of(at)));
                names.extend(files);
            }
            if let Some(secret) = store.sealing_key(book, now)? {
                names.extend(receipt_of(store, (book, &secret), None)?.map(|(name, _)| name));
            }
            let mut items: Vec<Item> =
                names.into_iter().map(|name| Item { name, bytes: 0 }).collect();
            // Only records say how long a bundle will be; of an attachment that is known.
            for name in attachments::offered(store, book, now)?.into_keys() {
                let bytes = attachments::read_file_name(&name).map_or(0, |(_, bytes)| bytes);
                items.push(Item { name, bytes });
            }
            Ok(Some(items))
        })
    }

    /// One of these files, sealed under the key used now; nothing where it cannot be made.
    pub fn get(
        &self,
        keep: &mut dyn Keep,
        (peer, book): (&Device, &BookId),
        name: &str,
        now: Time,
    ) -> Result<Option<Vec<u8>>, Error> {
        lent(keep, |store| {
            if !may(store, peer, book)? {
                return Ok(None);
            }
            if name.starts_with("keys/") {
                let found = envelopes(store, book)?.into_iter().find(|(other, _)| other == name);
                return Ok(found.map(|(_, bytes)| bytes));
            }
            let Some(secret) = store.sealing_key(book, now)? else { return Ok(None) };
            if name.starts_with("seen/") {
                let receipt = receipt_of(store, (book, &secret), Some(now))?;
                return Ok(receipt.filter(|(other, _)| other == name).map(|(_, bytes)| bytes));
            }
            if name.starts_with("files/") {
                return attachments::offered_file(store, book, name, now);
            }
            let Some((log, file)) = name.split_once('/') else { return Ok(None) };
            let Some((log, file)) = LogId::from_hex(log).zip(Name::parse(file)) else {
                return Ok(None);
            };
            let made = bundle_of(store, (book, &secret), &log, (file.first, file.last))?;
            Ok(made.filter(|(made, _)| made.last == file.last).map(|(_, bytes)| bytes))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_more_object_is_one_more_file() {
        let mut cut = Cut::new(1);
        cut.add((0..1237).map(|_| 300));
        let before = cut.bundles();
        assert_eq!(before.first(), Some(&(1, 1000)));
        assert_eq!(before.len(), 1 + 2 + 3 + 7);
        assert_eq!(before.last(), Some(&(1237, 1237)));
        cut.add([300]);
        let after = cut.bundles();
        assert_eq!(after[..before.len()], before);
        assert_eq!(after.last(), Some(&(1238, 1238)));
        let whole: u64 = after.iter().map(|(first, last)| last - first + 1).sum();
        assert_eq!(whole, 1238, "nothing twice, nothing left out");
    }

    #[test]
    fn large_objects_make_short_bundles() {
        let mut cut = Cut::new(1);
        cut.add([3 << 20, 3 << 20, 1, 1, 9 << 20, 1]);
        assert_eq!(cut.bundles(), [(1, 1), (2, 4), (5, 5), (6, 6)]);
        let mut branch = Cut::new(17);
        branch.add((0..11).map(|_| 300));
        assert_eq!(branch.bundles(), [(17, 26), (27, 27)]);
    }
}
