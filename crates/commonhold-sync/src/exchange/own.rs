//! Whether what lies on a shelf of this installation's own log is what this profile wrote.

use super::listing::bundle_name;
use super::{Error, Exchange};
use crate::bundle::{self, Name};
use crate::keep::lent;
use crate::sealing;
use commonhold_core::object::Object;
use commonhold_core::store::LogInfo;

impl Exchange<'_> {
    /// Looks whether what lies here of this installation's own log is what this profile wrote. If
    /// it is not, two copies of the profile wrote the same log: what this one wrote there is given
    /// up, and written again in a log of its own.
    pub(super) fn check_own(&mut self) -> Result<(), Error> {
        let own = lent(self.keep, |store| {
            Ok(store.logs(self.book)?.into_iter().filter(|info| info.own).collect::<Vec<_>>())
        })?;
        for info in own {
            if let Some(from) = self.differs_from(&info)? {
                lent(self.keep, |store| store.give_up(self.book, &info.id, from))?;
                self.report.own_log_continued = true;
            }
        }
        Ok(())
    }

    /// The first object of an own log that is another one on the shelf.
    fn differs_from(&mut self, info: &LogInfo) -> Result<Option<u64>, Error> {
        let mut differs = None;
        let names = self.listed.bundles.get(&info.id);
        let names: Vec<Name> = names.into_iter().flatten().copied().collect();
        // From the newest back: objects follow each other, so where one is the same, all before
        // it are.
        for name in names.iter().filter(|name| name.first <= info.last).rev() {
            let full = bundle_name(&info.id, name);
            // Reading it each time would show damage, which is worth it only where it costs little.
            let thorough = self.shelf.is_near() && self.options.fold;
            if !thorough && self.visit.known.contains(&full) {
                break;
            }
            let Some(bytes) = self.shelf.get(&full, bundle::MAX_BYTES)? else {
                self.listed.forget(&info.id, name);
                continue;
            };
            let keyring = lent(self.keep, |store| store.keyring(self.book))?;
            let theirs = sealing::open(|id| keyring.get(id), self.book, &info.id, name, &bytes);
            let theirs = theirs.unwrap_or_default();
            let expected = name.last.saturating_sub(name.first).saturating_add(1);
            let whole = u64::try_from(theirs.len()) == Ok(expected);
            let at = lent(self.keep, |store| store.differs(info.n, name.first, &theirs))?;
            // Only what this device signed itself can have been written by a copy of it.
            let ours =
                |bytes: &Vec<u8>| Object::open(bytes).is_ok_and(|object| object.log() == info.id);
            if !whole || at.is_some() && !theirs.iter().all(ours) {
                // Damaged, or put there by somebody: it stands for nothing, and what belongs
                // there is handed over again.
                self.listed.forget(&info.id, name);
                continue;
            }
            self.visit.know(&full);
            let Some(at) = at else { break };
            differs = Some(at);
            if at > name.first {
                break;
            }
        }
        Ok(differs)
    }
}
