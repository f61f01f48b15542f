//! Files that may not hold what their names say. Names are believed as long as nobody lacks what they
//! promise: else all would be read again and again. Where somebody who was here lacks it, whoever
//! has it looks, and lays down what is not there. So nobody keeps anything from the others by laying
//! something else down under its name.

use super::listing::bundle_name;
use super::{Error, Exchange, Receipt};
use crate::bundle::Name;
use crate::engine::Listing;
use crate::keep::lent;
use commonhold_core::id::{BookId, LogId};
use commonhold_core::store::{self, LogInfo, Reader};
use std::collections::{BTreeMap, BTreeSet};

/// Most bundles, and most bytes of them, looked at in one exchange; the others are in the next.
const MOST: (usize, u64) = (64, 8 << 20);

/// The logs of others that are here whole, of which those who left these receipts have less: up to
/// where they all have them. Of receipts that may be older than what they lack, those count that
/// are not older by their clocks.
fn lacking(
    store: &Reader,
    book: &BookId,
    (said, all): (&[Receipt], bool),
) -> Result<BTreeMap<LogId, u64>, store::Error> {
    let (heads, authority) = (store.log_heads(book)?, store.authority(book)?);
    let own: BTreeSet<LogId> =
        store.logs(book)?.into_iter().filter(|info| info.own).map(|info| info.id).collect();
    let mut lacking: BTreeMap<LogId, u64> = BTreeMap::new();
    for receipt in said.iter().filter(|r| authority.state().active(&r.device).is_some()) {
        let has: BTreeMap<LogId, u64> =
            receipt.heads.iter().map(|(log, last, _)| (*log, *last)).collect();
        for (log, last, _) in heads.iter().filter(|(log, ..)| !own.contains(log)) {
            let there = has.get(log).copied().unwrap_or(0);
            let late = || -> Result<bool, store::Error> {
                let next = store.first_after(book, log, there)?;
                Ok(next.is_some_and(|next| next <= receipt.time))
            };
            if there < *last && (all || late()?) {
                lacking.entry(*log).and_modify(|least| *least = there.min(*least)).or_insert(there);
            }
        }
    }
    Ok(lacking)
}

impl Exchange<'_> {
    /// Looks at bundles that should hold what somebody lacks.
    pub(super) fn look_at_doubtful(&mut self) -> Result<(), Error> {
        let (said, been) = (std::mem::take(&mut self.said), self.visit.been);
        let logs: BTreeMap<LogId, LogInfo> = lent(self.keep, |store| {
            Ok(store.logs(self.book)?.into_iter().map(|info| (info.id, info)).collect())
        })?;
        if !said.is_empty() {
            let lacking = lent(self.keep, |store| lacking(store, self.book, (&said, been)))?;
            for (log, after) in lacking {
                let names = self.listed.bundles.get(&log).into_iter().flatten();
                let full = names.filter(|name| name.last > after).map(|n| bundle_name(&log, n));
                let new = full.filter(|full| {
                    !self.visit.known.contains(full) && !self.visit.hollow.contains(full)
                });
                self.visit.doubtful.extend(new);
            }
        }
        let (mut files, mut bytes) = MOST;
        for (log, name) in self.listed.bundles.clone().iter().flat_map(pairs) {
            if !self.visit.doubtful.contains(&bundle_name(&log, &name)) {
                continue;
            }
            let Some(info) = logs.get(&log).filter(|_| files > 0 && bytes > 0) else { continue };
            (files, bytes) = (files.saturating_sub(1), bytes.saturating_sub(name.bytes));
            self.look_at(info, name)?;
        }
        Ok(())
    }

    /// Looks at one bundle: whether what it should hold is what is here.
    pub(super) fn look_at(&mut self, info: &LogInfo, name: Name) -> Result<(), Error> {
        let full = bundle_name(&info.id, &name);
        self.visit.doubtful.remove(&full);
        let Some((theirs, whole)) = self.read_whole(&info.id, &name)? else {
            return Ok(());
        };
        let differs = lent(self.keep, |store| store.differs(info.n, name.first, &theirs))?;
        if whole && differs.is_none() {
            self.visit.know(&full);
            return Ok(());
        }
        self.visit.hollow.insert(full);
        if differs.is_some() {
            self.receive_again(&theirs)?; // it may be of a branch
        }
        Ok(())
    }

    /// What lies here, without what does not hold what its name says.
    pub(super) fn without_hollow(&self) -> Listing {
        let mut listing = self.listed.bundles.clone();
        if !self.visit.hollow.is_empty() {
            for (log, names) in &mut listing {
                names.retain(|name| !self.visit.hollow.contains(&bundle_name(log, name)));
            }
        }
        listing
    }
}

fn pairs<'a>(
    (log, names): (&'a LogId, &'a BTreeSet<Name>),
) -> impl Iterator<Item = (LogId, Name)> + 'a {
    names.iter().map(|name| (*log, *name))
}
