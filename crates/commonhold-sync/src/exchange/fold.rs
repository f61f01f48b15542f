//! Joining many small bundles of this device's own log into larger ones, so that a place does not
//! fill up with files. Nobody else folds a log, so no two devices take away what the other needs;
//! should a place keep the old and lose the new, what is missing is handed over again.

use super::hand::bundle_of;
use super::listing::bundle_name;
use super::{Error, Exchange};
use crate::bundle::{self, Name};
use crate::keep::lent;
use commonhold_core::id::LogId;
use commonhold_core::keys::Secret;
use std::collections::BTreeSet;

/// How many bundles are worth joining.
const WORTH: usize = 8;

/// The newest bundles that are worth joining into one; empty when none are. An older one is joined
/// in only when it is not much larger than all after it, so each object is written again only a
/// few times however long the log gets.
pub(crate) fn worth_folding(names: &BTreeSet<Name>) -> Vec<Name> {
    let (mut pieces, mut objects, mut bytes) = (Vec::new(), 0_u64, 0_u64);
    let mut before = None;
    for name in names.iter().rev() {
        if before.is_some_and(|first: u64| name.last.saturating_add(1) != first) {
            break;
        }
        let count = name.last.saturating_sub(name.first).saturating_add(1);
        let much = objects.saturating_mul(2).max(WORTH as u64);
        let (sum, size) = (objects.saturating_add(count), bytes.saturating_add(name.bytes));
        let fits = sum <= bundle::MAX_OBJECTS as u64 && size <= bundle::TARGET_BYTES as u64;
        if count > much || !fits {
            break;
        }
        (objects, bytes, before) = (sum, size, Some(name.first));
        pieces.push(*name);
    }
    if pieces.len() < WORTH {
        pieces.clear();
    }
    pieces
}

/// Bundles that lie wholly within another one.
fn covered(names: &BTreeSet<Name>) -> Vec<(Name, Name)> {
    let mut found = Vec::new();
    let mut widest: Option<Name> = None;
    // By first number, the longest first: what ends before the widest so far lies within it.
    let mut sorted: Vec<&Name> = names.iter().collect();
    sorted.sort_by_key(|name| (name.first, std::cmp::Reverse(name.last)));
    for name in sorted {
        match widest {
            Some(wide) if name.last <= wide.last => found.push((wide, *name)),
            _ => widest = Some(*name),
        }
    }
    found
}

impl Exchange<'_> {
    /// Joins small bundles of the log this installation writes, and takes away what lies within
    /// larger ones of it that are known to be right.
    pub(super) fn fold(&mut self, secret: &Secret) -> Result<(), Error> {
        let own = lent(self.keep, |store| {
            Ok(store.logs(self.book)?.into_iter().find(|info| info.own).map(|info| info.id))
        })?;
        let Some(log) = own else { return Ok(()) };
        let names = self.listed.bundles.get(&log).cloned().unwrap_or_default();
        let pieces = worth_folding(&names);
        if let (Some(newest), Some(oldest)) = (pieces.first(), pieces.last()) {
            let range = (oldest.first, newest.last);
            let made = lent(self.keep, |store| bundle_of(store, (self.book, secret), &log, range))?;
            // All of them or none: else the pieces would have to stay.
            if let Some((name, bytes)) = made.filter(|(name, _)| name.last == newest.last) {
                self.put_bundle(&log, name, &bytes)?;
            }
        }
        self.take_away_covered(&log)
    }

    fn take_away_covered(&mut self, log: &LogId) -> Result<(), Error> {
        let names = self.listed.bundles.get(log).cloned().unwrap_or_default();
        for (wide, name) in covered(&names) {
            if self.visit.known.contains(&bundle_name(log, &wide)) {
                self.shelf.remove(&bundle_name(log, &name))?;
                self.listed.forget(log, &name);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(first: u64, last: u64) -> Name {
        Name { first, last, bytes: 100 }
    }

    #[test]
    fn each_object_is_written_again_a_few_times_only() {
        let (mut names, mut written, mut most) = (BTreeSet::new(), 0, 0);
        for n in 1..=5000_u64 {
            names.insert(name(n, n));
            let pieces = worth_folding(&names);
            if let (Some(new), Some(old)) = (pieces.first(), pieces.last()) {
                written += new.last - old.first + 1;
                let (first, last) = (old.first, new.last);
                pieces.iter().for_each(|piece| assert!(names.remove(piece)));
                names.insert(name(first, last));
            }
            most = most.max(names.len());
        }
        assert!(most < 60, "{most} bundles at once");
        assert!(written < 5000 * 6, "{written} objects written again");
        assert_eq!(names.iter().map(|n| n.last - n.first + 1).sum::<u64>(), 5000);
    }

    #[test]
    fn gaps_are_not_joined_over_and_what_lies_within_is_found() {
        let mut names: BTreeSet<Name> = (1..=20).map(|n| name(n, n)).collect();
        names.remove(&name(15, 15));
        assert!(worth_folding(&names).is_empty());
        let names: BTreeSet<Name> = [(1, 3), (4, 6), (1, 6), (5, 9), (9, 9)]
            .iter()
            .map(|(first, last)| name(*first, *last))
            .collect();
        let inner: Vec<Name> = covered(&names).into_iter().map(|(_, inner)| inner).collect();
        assert_eq!(inner, [name(1, 3), name(4, 6), name(9, 9)]);
    }
}
