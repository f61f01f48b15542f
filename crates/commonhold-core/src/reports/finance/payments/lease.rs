//! Who writes payment files: one device at a time, as far as that can be had.

use crate::date::Time;
use crate::id::RecordId;
use crate::records::finance::lease::Lease;
use std::collections::BTreeSet;

/// How far ahead another device's clock may be, in milliseconds: a lease that seems to begin within
/// a day has begun, or a device whose clock is slow would see that nobody holds one.
const SKEW: i64 = 86_400_000;

/// The leases that hold at a moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Leases {
    /// The one that is followed.
    pub holder: Option<(RecordId, Lease)>,
    /// Others that were taken while apart.
    pub rivals: Vec<(RecordId, Lease)>,
}

/// The lease that is followed at a moment, and its rivals. Of several the one that was taken last
/// is, its id deciding between equals, so that every device follows the same one.
pub fn leases(all: &[(RecordId, Lease)], now: Time) -> Leases {
    let soon = Time(now.0.saturating_add(SKEW));
    let runs = |lease: &Lease| {
        lease.from.is_some_and(|from| from <= soon) && lease.until.is_some_and(|until| now < until)
    };
    let running: Vec<&(RecordId, Lease)> = all.iter().filter(|(_, lease)| runs(lease)).collect();
    let taken: BTreeSet<RecordId> = running
        .iter()
        .filter_map(|(id, lease)| lease.takes_over.filter(|over| over != id))
        .collect();
    let mut standing: Vec<_> = running.iter().filter(|(id, _)| !taken.contains(id)).collect();
    if standing.is_empty() {
        // Leases that take each other over: somebody made them by hand.
        standing = running.iter().collect();
    }
    standing.sort_by_key(|(id, lease)| (lease.from, *id));
    let holder = standing.pop().map(|found| (**found).clone());
    Leases { holder, rivals: standing.into_iter().map(|found| (**found).clone()).collect() }
}
