//! Joining many small bundles of a log into larger ones, so that a place does not fill up with files.
//!
//! The device that writes a log does it while it goes on. A log that ended, because its device was
//! removed or nothing was written in it for long (its device is gone, or writes another one), is
//! joined by whoever comes by. That needs no lock: only what lies wholly within another file is taken
//! away, and that file was written or compared before. So the widest always stays, whoever takes away
//! what at the same time. Should a place keep the old and lose the new, what is missing is handed over
//! again.

use super::hand::bundle_of;
use super::listing::bundle_name;
use super::{Error, Exchange};
use crate::bundle::{self, Name};
use crate::keep::lent;
use commonhold_core::date::Time;
use commonhold_core::id::LogId;
use commonhold_core::keys::Secret;
use commonhold_core::store::LogInfo;
use std::collections::BTreeSet;

/// How many bundles are worth joining.
const WORTH: usize = 8;
/// A log nothing was written in for so many milliseconds, 90 days, is taken for ended. If it goes on
/// after all, its device joins what it adds, as before.
pub(super) const QUIET: i64 = 90 * 86_400_000;
/// Most bundles of ended logs that are joined or compared in one exchange; the others are in the next.
const MOST_ENDED: usize = 64;

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

/// Neighbouring bundles of a log that ended, the first and the last number of each group that fits
/// into one: nothing comes after them, so each object is written again once.
pub(crate) fn ended_groups(names: &BTreeSet<Name>) -> Vec<(u64, u64, usize)> {
    let mut groups: Vec<(u64, u64, usize)> = Vec::new();
    let mut bytes = 0_u64;
    for name in names {
        let sum = bytes.saturating_add(name.bytes);
        let fits = |first: u64, last: u64| {
            let count = name.last.max(last).saturating_sub(first).saturating_add(1);
            count <= bundle::MAX_OBJECTS as u64 && sum <= bundle::TARGET_BYTES as u64
        };
        match groups.last_mut() {
            Some((first, last, pieces))
                if name.first <= last.saturating_add(1) && fits(*first, *last) =>
            {
                (*last, *pieces, bytes) = (name.last.max(*last), pieces.saturating_add(1), sum);
            }
            _ => {
                groups.push((name.first, name.last, 1));
                bytes = name.bytes;
            }
        }
    }
    groups.retain(|(_, _, pieces)| *pieces > 1);
    groups
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
    /// Joins small bundles of the log this installation writes and of logs that ended, and takes away
    /// what lies within larger ones of them that are known to be right.
    pub(super) fn fold(&mut self, secret: &Secret) -> Result<(), Error> {
        let (now, book) = (self.options.now, self.book);
        let (own, ended) = lent(self.keep, |store| {
            let authority = store.authority(book)?;
            let (own, others): (Vec<_>, Vec<_>) =
                store.logs(book)?.into_iter().partition(|info| info.own);
            let belongs = |info: &LogInfo| authority.state().active(&info.device).is_some();
            let ended = |info: &LogInfo| !belongs(info) || is_quiet(info.last_time, now);
            Ok((own.into_iter().next(), others.into_iter().filter(ended).collect::<Vec<_>>()))
        })?;
        if let Some(LogInfo { id: log, .. }) = own {
            let pieces = worth_folding(&self.listed.bundles.get(&log).cloned().unwrap_or_default());
            if let (Some(newest), Some(oldest)) = (pieces.first(), pieces.last()) {
                self.join(secret, &log, (oldest.first, newest.last))?;
            }
            self.take_away_covered(&log)?;
        }
        let mut most = MOST_ENDED;
        for info in ended {
            self.fold_ended(secret, &info, &mut most)?;
        }
        Ok(())
    }

    /// Lays down one bundle of a range of a log: all of it or nothing, else the pieces would have to
    /// stay.
    fn join(&mut self, secret: &Secret, log: &LogId, range: (u64, u64)) -> Result<(), Error> {
        let made = lent(self.keep, |store| bundle_of(store, (self.book, secret), log, range))?;
        if let Some((name, bytes)) = made.filter(|(name, _)| (name.first, name.last) == range) {
            self.put_bundle(log, name, &bytes)?;
        }
        Ok(())
    }

    /// Joins what lies here of a log that ended. Nothing is taken away that was not read and is what
    /// is here: a file may hold objects of a branch nobody else has.
    fn fold_ended(
        &mut self,
        secret: &Secret,
        info: &LogInfo,
        most: &mut usize,
    ) -> Result<(), Error> {
        let log = &info.id;
        let mut names = self.listed.bundles.get(log).cloned().unwrap_or_default();
        names.retain(|name| {
            let hollow = self.visit.hollow.contains(&bundle_name(log, name));
            name.first >= info.first && name.last <= info.last && !hollow
        });
        let within_others = covered(&names);
        let mut inner: BTreeSet<Name> = within_others.iter().map(|(_, name)| *name).collect();
        let outer: BTreeSet<Name> = names.difference(&inner).copied().collect();
        let groups = ended_groups(&outer);
        let within = |name: &Name| {
            groups.iter().any(|(first, last, _)| *first <= name.first && name.last <= *last)
        };
        inner.extend(outer.iter().filter(|name| within(name)));
        if inner.is_empty() {
            return Ok(());
        }
        // Those that stay because others lie within them are compared, too.
        for name in within_others.iter().map(|(wide, _)| wide).chain(&inner) {
            if !self.visit.known.contains(&bundle_name(log, name)) {
                let Some(left) = most.checked_sub(1) else { return Ok(()) };
                *most = left;
                self.look_at(info, *name)?;
            }
        }
        for (first, last, _) in groups {
            self.join(secret, log, (first, last))?;
        }
        self.take_away_covered(log)
    }

    /// Takes away what lies wholly within a bundle that was written or compared. Of a log others write
    /// what is taken away was compared, too.
    fn take_away_covered(&mut self, log: &LogId) -> Result<(), Error> {
        let own = lent(self.keep, |store| {
            Ok(store.logs(self.book)?.iter().any(|info| info.own && info.id == *log))
        })?;
        let names = self.listed.bundles.get(log).cloned().unwrap_or_default();
        for (wide, name) in covered(&names) {
            let known = |name: &Name| self.visit.known.contains(&bundle_name(log, name));
            if known(&wide) && (own || known(&name)) {
                self.shelf.remove(&bundle_name(log, &name))?;
                self.listed.forget(log, &name);
            }
        }
        Ok(())
    }
}

/// Whether a moment lies so long ago that a device which wrote nothing since is taken for gone.
pub(super) fn is_quiet(last: Time, now: Time) -> bool {
    now.0.saturating_sub(last.0) > QUIET
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
