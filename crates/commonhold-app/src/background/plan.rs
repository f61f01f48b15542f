//! When a place is to be used next: soon after a change here, at once when it says that something
//! changed there, now and then in any case, and after trouble ever more rarely. A pure function of
//! what happened and of the moment, in milliseconds of a clock that never goes back.

/// How long changes are gathered before they are handed over.
const GATHER: u64 = 400;
/// Longest pause after trouble.
const LONGEST: u64 = 15 * 60 * 1000;
/// First pause after trouble.
const FIRST: u64 = 2000;
/// How often others are told what this device has, at most.
const THOROUGH: u64 = 60 * 1000;

/// The plan for one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How often to look when nothing happens.
    every: u64,
    due: u64,
    failures: u32,
    /// When others were told last what this device has.
    thorough: Option<u64>,
    /// Whether something happened since.
    moved: bool,
}

impl Plan {
    /// To be used at once, then every so many milliseconds at least.
    pub fn new(every: u64, now: u64) -> Self {
        Self { every, due: now, failures: 0, thorough: None, moved: true }
    }

    /// Something was written here.
    pub fn changed(&mut self, now: u64) {
        self.moved = true;
        if self.failures == 0 {
            self.due = self.due.min(now.saturating_add(GATHER));
        }
    }

    /// The place says that something is new there, or somebody asks for it.
    pub fn called(&mut self, now: u64) {
        self.moved = true;
        self.due = self.due.min(now);
    }

    /// The network came back: what failed is tried soon, not by all devices at the same moment.
    /// `chance` is any number.
    pub fn network_is_back(&mut self, now: u64, chance: u64) {
        if self.failures > 0 {
            self.failures = 1;
            let soon = chance.checked_rem(FIRST).unwrap_or(0);
            self.due = self.due.min(now.saturating_add(soon));
        }
    }

    /// How long to wait, in milliseconds; nothing when it is time.
    pub fn wait(&self, now: u64) -> Option<u64> {
        self.due.checked_sub(now).filter(|wait| *wait > 0)
    }

    /// Whether the exchange that begins now should also say what this device has.
    pub fn begin(&mut self, now: u64) -> bool {
        self.due = u64::MAX;
        let rested = |last: u64| now.saturating_sub(last) >= THOROUGH;
        let thorough = self.moved && self.thorough.is_none_or(rested);
        if thorough {
            self.thorough = Some(now);
            self.moved = false;
        }
        thorough
    }

    /// It worked; `moved` says whether anything was handed over or taken in.
    pub fn done(&mut self, now: u64, moved: bool, chance: u64) {
        self.failures = 0;
        self.moved |= moved;
        let tenth = self.every.checked_div(10).unwrap_or(0).max(1);
        let spread = chance.checked_rem(tenth).unwrap_or(0);
        let mut next = now.saturating_add(self.every).saturating_add(spread);
        if let Some(last) = self.thorough.filter(|_| self.moved) {
            next = next.min(last.saturating_add(THOROUGH)).max(now.saturating_add(GATHER));
        }
        self.due = self.due.min(next);
    }

    /// It did not work. The pause doubles each time, and its second half is left to chance, so that
    /// devices that lost a place together do not come back to it together.
    pub fn failed(&mut self, now: u64, chance: u64) {
        let doubled = FIRST.checked_shl(self.failures.min(20)).unwrap_or(LONGEST).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        self.moved = true;
        let half = doubled.checked_div(2).unwrap_or(0).max(1);
        let pause = half.saturating_add(chance.checked_rem(half).unwrap_or(0));
        self.due = now.saturating_add(pause);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_gathered_and_calls_are_not() {
        let mut plan = Plan::new(300_000, 0);
        assert_eq!(plan.wait(0), None, "at once");
        assert!(plan.begin(0), "others are told at the first exchange");
        plan.done(100, true, 7);
        plan.changed(1000);
        plan.changed(1200);
        assert_eq!(plan.wait(1200), Some(200), "the first change decides");
        assert_eq!(plan.wait(1400), None);
        assert!(!plan.begin(1400), "others are told once a minute");
        plan.called(1450);
        plan.done(1500, true, 0);
        assert_eq!(plan.wait(1500), None, "a call while it ran is not forgotten");
        plan.begin(1500);
        plan.done(1600, false, 0);
        assert_eq!(plan.wait(1600), Some(58_400), "and then what others should know is said");
        assert!(plan.begin(60_000));
        plan.done(60_100, false, 0);
        assert_eq!(plan.wait(60_100), Some(300_000), "then it rests");
        assert!(!plan.begin(400_000), "nothing moved: nothing to say");
    }

    #[test]
    fn trouble_is_tried_ever_more_rarely_and_again_when_the_network_is_back() {
        let mut plan = Plan::new(300_000, 0);
        let (mut now, mut pauses) = (0, Vec::new());
        for chance in 0..14_u64 {
            plan.begin(now);
            plan.failed(now, chance.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let pause = plan.wait(now).unwrap();
            plan.changed(now);
            assert_eq!(plan.wait(now), Some(pause), "a change does not hurry what is away");
            now += pause;
            pauses.push(pause);
        }
        assert!(pauses[0] < 2000 && pauses[13] >= LONGEST / 2, "{pauses:?}");
        assert!(pauses.iter().all(|pause| *pause <= LONGEST));
        plan.failed(now, 5);
        plan.network_is_back(now, 123_456_789);
        assert!(plan.wait(now).unwrap_or(0) < FIRST);
    }
}
