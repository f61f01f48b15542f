//! What to fetch and what to hand over, decided from two lists without any input or output.

use crate::bundle::{MAX_OBJECTS, Name, TARGET_BYTES};
use commonhold_core::id::LogId;
use std::collections::{BTreeMap, BTreeSet};

/// The first and the last object of each log that this device has.
pub type Have = BTreeMap<LogId, (u64, u64)>;
/// The bundles of each log that lie on the other side, whole ones only.
pub type Listing = BTreeMap<LogId, BTreeSet<Name>>;

/// What a bundle of unknown length counts.
const UNKNOWN_BYTES: u64 = TARGET_BYTES as u64;

/// Bundles to read next, up to about `most` bytes, in an order in which every object comes after
/// the one before it in its log. What a bundle claims is not believed: whoever reads them asks
/// again afterwards, with what really came and without those that were not what they claimed.
pub fn wanted(have: &Have, there: &Listing, most: u64) -> Vec<(LogId, Name)> {
    let (mut wanted, mut bytes) = (Vec::new(), 0_u64);
    for (log, names) in there {
        // A log not known here begins where it begins there.
        let beginning = names.first().map_or(1, |name| name.first);
        let mut next = have.get(log).map_or(beginning, |(_, last)| last.saturating_add(1));
        while let Some(name) = reaching_furthest(names, next) {
            // A peer that makes a bundle only when it is asked for does not know its length.
            let size = if name.bytes == 0 { UNKNOWN_BYTES } else { name.bytes };
            if bytes > 0 && bytes.saturating_add(size) > most {
                return wanted;
            }
            wanted.push((*log, name));
            bytes = bytes.saturating_add(size);
            next = name.last.saturating_add(1);
        }
    }
    wanted
}

/// Of the bundles that hold an object, the one that goes on longest.
fn reaching_furthest(names: &BTreeSet<Name>, number: u64) -> Option<Name> {
    // Sorted by first number. Those that begin too early to reach it are passed over: a bundle
    // holds so many objects at most.
    let earliest = number.saturating_sub(MAX_OBJECTS as u64);
    let from = Name { first: earliest, last: 0, bytes: 0 };
    let beginning_in_time = names.range(from..).take_while(|name| name.first <= number);
    let holding = beginning_in_time.filter(|name| name.last >= number);
    holding.max_by_key(|name| (name.last, std::cmp::Reverse(name.bytes))).copied()
}

/// Ranges of objects this device has and the other side lacks: (log, first, last).
pub fn owed(have: &Have, there: &Listing) -> Vec<(LogId, u64, u64)> {
    let mut owed = Vec::new();
    for (log, (first, last)) in have {
        let mut next = *first;
        for name in there.get(log).into_iter().flatten() {
            if name.first > next {
                owed.push((*log, next, name.first.saturating_sub(1).min(*last)));
            }
            next = next.max(name.last.saturating_add(1));
        }
        if next <= *last {
            owed.push((*log, next, *last));
        }
    }
    owed.retain(|(_, first, last)| first <= last);
    owed
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: LogId = LogId([1; 16]);

    fn listing(ranges: &[(u64, u64)]) -> Listing {
        let names =
            ranges.iter().map(|(first, last)| Name { first: *first, last: *last, bytes: 1 });
        BTreeMap::from([(LOG, names.collect())])
    }

    fn have(last: u64) -> Have {
        BTreeMap::from([(LOG, (1, last))])
    }

    #[test]
    fn only_what_is_missing_is_fetched() {
        let there = listing(&[(1, 5), (6, 6), (3, 9), (12, 14)]);
        let ranges = |last, most| -> Vec<_> {
            wanted(&have(last), &there, most).iter().map(|(_, n)| (n.first, n.last)).collect()
        };
        assert_eq!(ranges(0, 100), [(1, 5), (3, 9)]);
        assert_eq!(ranges(0, 1), [(1, 5)]);
        assert_eq!(ranges(5, 100), [(3, 9)]);
        assert_eq!(ranges(9, 100), []);
        assert_eq!(ranges(11, 100), [(12, 14)]);
        assert_eq!(engine_of(&[(1, 1), (2, 2), (1, 10), (9, 9)]), [(1, 10)], "one instead of many");
        assert_eq!(engine_of(&[(7, 8), (9, 9)]), [(7, 8), (9, 9)], "a branch begins later");
    }

    fn engine_of(ranges: &[(u64, u64)]) -> Vec<(u64, u64)> {
        let wanted = wanted(&BTreeMap::new(), &listing(ranges), 100);
        wanted.iter().map(|(_, n)| (n.first, n.last)).collect()
    }

    #[test]
    fn only_what_lacks_is_handed_over() {
        let ranges = |last, there: &[(u64, u64)]| -> Vec<_> {
            owed(&have(last), &listing(there)).iter().map(|(_, a, b)| (*a, *b)).collect()
        };
        assert_eq!(ranges(9, &[]), [(1, 9)]);
        assert_eq!(ranges(9, &[(1, 3), (6, 7)]), [(4, 5), (8, 9)]);
        assert_eq!(ranges(5, &[(1, 3), (7, 9)]), [(4, 5)]);
        assert_eq!(ranges(3, &[(1, 9)]), []);
        assert_eq!(ranges(0, &[]), []);
    }
}
