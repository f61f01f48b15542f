//! Whether what lies on a shelf of this installation's own log is what this profile wrote.

use super::listing::bundle_name;
use super::{Error, Exchange};
use crate::bundle::{self, Name};
use crate::keep::lent;
use crate::sealing;
use commonhold_core::id::{BookId, LogId};
use commonhold_core::object::Object;
use commonhold_core::store::{self, LogInfo, Store};

/// How often a file is read that arrives damaged, where much hangs on it.
pub(super) const READS: usize = 3;

/// The objects of a bundle, and whether they are all there.
type Objects = (Vec<Vec<u8>>, bool);

impl Exchange<'_> {
    /// Looks whether what lies here of this installation's own log is what this profile wrote. If
    /// it is not, two copies of the profile wrote the same log: what this one wrote there is given
    /// up when the other is taken in ([`give_up_what_differs`]), and written again in a log of its
    /// own. Answers where the own logs ended.
    pub(super) fn check_own(&mut self) -> Result<Vec<(LogId, u64)>, Error> {
        let own = lent(self.keep, |store| own_logs(store, self.book))?;
        self.checked = own.iter().map(|info| (info.id, info.last)).collect();
        for info in &own {
            if let Some(from) = self.differs_from(info)? {
                self.differing.insert(info.id, from);
            }
        }
        Ok(own.iter().map(|info| (info.id, info.last)).collect())
    }

    /// Where the own logs end now.
    pub(super) fn own_ends(&mut self) -> Result<Vec<(LogId, u64)>, Error> {
        let own = lent(self.keep, |store| own_logs(store, self.book))?;
        Ok(own.iter().map(|info| (info.id, info.last)).collect())
    }

    /// The first object of an own log that is another one on the shelf. What lies there as it is here
    /// was shown by somebody.
    fn differs_from(&mut self, info: &LogInfo) -> Result<Option<u64>, Error> {
        let mut differs = None;
        let names = self.listed.bundles.get(&info.id);
        let names: Vec<Name> = names.into_iter().flatten().copied().collect();
        // From the newest back: objects follow each other, so where one is the same, all before
        // it are, and were handed over before it. What a name claims beyond that is looked at,
        // too: somebody may have laid a file down for numbers this log had not reached yet.
        let mut sure_from = u64::MAX;
        for name in names.iter().filter(|name| name.first <= info.last).rev() {
            if name.last < sure_from && sure_from != u64::MAX {
                continue;
            }
            let full = bundle_name(&info.id, name);
            // Reading it each time would show damage, which is worth it only where it costs little.
            let thorough = self.shelf.is_near() && self.options.fold;
            if (!thorough || sure_from < u64::MAX) && self.visit.known.contains(&full) {
                sure_from = name.first.min(sure_from);
                continue;
            }
            let Some((theirs, whole)) = self.read_whole(&info.id, name)? else {
                self.listed.forget(&info.id, name);
                continue;
            };
            let at = lent(self.keep, |store| {
                let at = store.differs(info.n, name.first, &theirs)?;
                let next = at.unwrap_or_else(|| name.first.saturating_add(count(&theirs)));
                let seen = next.saturating_sub(1).min(info.last);
                if seen >= name.first {
                    store.was_shown(info.n, seen)?; // before anybody joins it
                }
                Ok(at)
            })?;
            if !whole || at.is_some() && !are_of(&theirs, &info.id) {
                // Damaged, or put there by somebody: it stands for nothing, and what belongs
                // there is handed over again.
                self.listed.forget(&info.id, name);
                continue;
            }
            match at {
                Some(at) => {
                    differs = Some(differs.map_or(at, |other: u64| other.min(at)));
                    if at > name.first {
                        sure_from = name.first.min(sure_from);
                    }
                }
                None => {
                    self.visit.know(&full);
                    sure_from = name.first.min(sure_from);
                }
            }
        }
        Ok(differs)
    }

    /// Reads a bundle of a log something of which is here, and says whether it is whole; nothing
    /// where it is gone. It is read again where it arrived damaged: taken for nothing, it would be
    /// written over with what this profile has, and of an own log there would be two objects for one
    /// place.
    pub(super) fn read_whole(
        &mut self,
        log: &LogId,
        name: &Name,
    ) -> Result<Option<Objects>, Error> {
        let expected = name.last.saturating_sub(name.first).saturating_add(1);
        let (mut theirs, mut before) = (Vec::new(), None);
        for _ in 0..READS {
            let Some(bytes) = self.shelf.get(&bundle_name(log, name), bundle::MAX_BYTES)? else {
                return Ok(None);
            };
            if before.as_ref() == Some(&bytes) {
                break; // that is what lies there
            }
            let keyring = lent(self.keep, |store| store.keyring(self.book))?;
            let opened = sealing::open(|id| keyring.get(id), self.book, log, name, &bytes);
            theirs = opened.unwrap_or_default();
            if u64::try_from(theirs.len()) == Ok(expected) {
                return Ok(Some((theirs, true)));
            }
            before = Some(bytes);
        }
        Ok(Some((theirs, false)))
    }
}

fn count(objects: &[Vec<u8>]) -> u64 {
    u64::try_from(objects.len()).unwrap_or(u64::MAX)
}

pub(super) fn own_logs(store: &Store, book: &BookId) -> Result<Vec<LogInfo>, store::Error> {
    Ok(store.logs(book)?.into_iter().filter(|info| info.own).collect())
}

/// Whether objects are signed steps of a log: only what this device signed itself can have been
/// written by a copy of it.
fn are_of(objects: &[Vec<u8>], log: &LogId) -> bool {
    let fits = |bytes: &Vec<u8>| Object::open(bytes).is_ok_and(|object| object.log() == *log);
    objects.iter().all(fits)
}

/// Gives up what this profile wrote at places of its own log that are taken on the shelf, just
/// before what lies there is taken in: afterwards the two could not be told apart, and earlier a
/// new log would go on from where nothing was given up yet. Answers the logs it did that to.
pub(super) fn give_up_what_differs(
    store: &mut Store,
    book: &BookId,
    batch: &[(LogId, Name)],
    (objects, counts): (&[Vec<u8>], impl Iterator<Item = usize>),
) -> Result<Vec<LogId>, store::Error> {
    let own = own_logs(store, book)?;
    let (mut rest, mut given_up) = (objects, Vec::new());
    for ((log, name), count) in batch.iter().zip(counts) {
        let (theirs, after) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        rest = after;
        let Some(info) = own.iter().find(|info| info.id == *log) else { continue };
        let at = store.differs(info.n, name.first, theirs)?;
        if let Some(at) = at.filter(|_| are_of(theirs, log)) {
            store.give_up(book, log, at)?;
            given_up.push(*log);
        }
    }
    Ok(given_up)
}
