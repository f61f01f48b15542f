//! How often one address may ask. What is kept of addresses is bounded and in memory only.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use tokio::time::Instant;

/// Addresses remembered in each of two halves; when one is full, the older half is forgotten.
const MOST: usize = 1 << 15;

/// Who asks, as far as limits go: an IPv4 address, or an IPv6 network, for a home has all of one.
pub fn asker(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
    }
}

/// Lets through so many in so much time.
pub struct Pace {
    /// Microseconds each takes.
    each: u64,
    /// Microseconds that may be taken at once.
    burst: u64,
    start: Instant,
    taken: Mutex<[HashMap<IpAddr, u64>; 2]>,
}

impl Pace {
    /// So many in so many seconds, and so many at once; of 0, none at all.
    pub fn new(count: u64, seconds: u64, at_once: u64) -> Self {
        let each = seconds.saturating_mul(1_000_000).checked_div(count).unwrap_or(u64::MAX);
        let burst = each.saturating_mul(at_once.max(1));
        Self { each, burst, start: Instant::now(), taken: Mutex::default() }
    }

    /// Takes one for this address, or says after how many seconds to try again.
    pub fn take(&self, address: IpAddr) -> Result<(), u64> {
        let now = u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.take_at(address, now)
    }

    fn take_at(&self, address: IpAddr, now: u64) -> Result<(), u64> {
        if self.each == u64::MAX {
            return Err(3600);
        }
        let mut halves = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let [young, old] = &mut *halves;
        let until = young.get(&address).or_else(|| old.get(&address)).copied().unwrap_or(0);
        let until = until.max(now).saturating_add(self.each);
        let ahead = until.saturating_sub(now);
        if ahead > self.burst {
            let wait = ahead.saturating_sub(self.burst);
            return Err(wait.div_ceil(1_000_000).clamp(1, 3600));
        }
        if young.len() >= MOST {
            *old = std::mem::take(young);
        }
        young.insert(address, until);
        Ok(())
    }
}

/// How many of something each address has now.
#[derive(Default)]
pub struct Counts(Mutex<HashMap<IpAddr, u64>>);

impl Counts {
    /// One more, if it has fewer than so many.
    pub fn add(&self, address: IpAddr, most: u64) -> bool {
        self.add_some(address, 1, most)
    }

    /// So many more, if it then has no more than so many.
    pub fn add_some(&self, address: IpAddr, more: u64, most: u64) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_insert(0);
        let fits = count.saturating_add(more) <= most;
        *count = count.saturating_add(if fits { more } else { 0 });
        if *count == 0 {
            counts.remove(&address);
        }
        fits
    }

    /// One less.
    pub fn remove(&self, address: IpAddr) {
        self.remove_some(address, 1);
    }

    /// So many less.
    pub fn remove_some(&self, address: IpAddr, less: u64) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&address) {
            *count = count.saturating_sub(less);
            if *count == 0 {
                counts.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_held_to_its_pace() {
        let pace = Pace::new(10, 1, 5);
        let at = |n: u8, now: u64| pace.take_at(IpAddr::from([10, 0, 0, n]), now);
        assert_eq!((0..100).filter(|_| at(1, 0).is_ok()).count(), 5);
        assert_eq!(at(1, 50_000), Err(1));
        assert_eq!(at(2, 50_000), Ok(()));
        assert_eq!((0..100).filter(|n| at(1, n * 100_000 + 100_000).is_ok()).count(), 100);
        assert_eq!(Pace::new(0, 3600, 9).take_at(IpAddr::from([10, 0, 0, 1]), 0), Err(3600));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let pace = Pace::new(1, 1, 1);
        for n in 0..200_000_u32 {
            let _ = pace.take_at(IpAddr::from(n.to_be_bytes()), 0);
        }
        let kept: usize = pace.taken.lock().unwrap().iter().map(HashMap::len).sum();
        assert!(kept <= 2 * MOST, "{kept}");
    }

    #[test]
    fn counts_end_where_they_began() {
        let (counts, home) = (Counts::default(), IpAddr::from([127, 0, 0, 1]));
        assert!(counts.add(home, 2) && counts.add(home, 2) && !counts.add(home, 2));
        counts.remove(home);
        counts.remove(home);
        assert!(counts.0.lock().unwrap().is_empty() && !counts.add(home, 0));
    }

    #[test]
    fn an_ipv6_home_is_one() {
        let home = |text: &str| asker(text.parse().unwrap());
        assert_eq!(home("2001:db8::1"), home("2001:db8::ffff:1"));
        assert_ne!(home("2001:db8::1"), home("2001:db8:0:1::1"));
        assert_eq!(home("::ffff:10.0.0.1"), home("10.0.0.1"));
    }
}
