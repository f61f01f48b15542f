//! What the tests and the programs they start have in common: a world in which the clock and
//! chance do the same every time.

use commonhold_app::clock::World;
use commonhold_core::Time;

/// Chance from a seed (SplitMix64).
#[derive(Clone, Debug)]
pub struct Chance(pub u64);

impl Chance {
    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not zero.
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() % end as u64) as usize
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Puts things into another order.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            let other = self.below(last + 1);
            things.swap(last, other);
        }
    }
}

/// A world of its own: each look at the clock is a second later.
pub struct Still {
    /// Milliseconds since 1970.
    pub now: i64,
    /// Where its random bytes come from.
    pub chance: Chance,
}

impl Still {
    /// The first of July 2026, with chance from a seed.
    pub fn new(seed: u64) -> Self {
        Self { now: 1_782_864_000_000, chance: Chance(seed) }
    }
}

impl World for Still {
    fn now(&mut self) -> Time {
        self.now += 1000;
        Time(self.now)
    }

    fn random(&mut self, bytes: &mut [u8]) -> Result<(), String> {
        for byte in bytes {
            *byte = self.chance.number() as u8;
        }
        Ok(())
    }
}
