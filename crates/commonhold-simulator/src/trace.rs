//! What happened in a run: its last steps in words, a hash over all of them, and counts.

use std::collections::{BTreeMap, VecDeque};

/// Steps kept to be shown when a run fails.
const KEPT: usize = 40;

/// What happened.
#[derive(Default)]
pub struct Trace {
    /// The last steps, in words.
    pub last: VecDeque<String>,
    /// How often each kind of fault and each kind of step happened.
    pub counts: BTreeMap<&'static str, u64>,
    /// Steps so far.
    pub steps: u64,
    /// Whether to print every step to stderr.
    pub loud: bool,
    hasher: blake3::Hasher,
}

impl Trace {
    /// Nothing yet.
    pub fn new(loud: bool) -> Self {
        Self { loud, ..Self::default() }
    }

    /// Notes a step.
    pub fn say(&mut self, line: String) {
        if self.loud {
            eprintln!("{line}");
        }
        self.hasher.update(line.as_bytes());
        self.hasher.update(b"\n");
        self.last.push_back(line);
        if self.last.len() > KEPT {
            self.last.pop_front();
        }
    }

    /// Counts something.
    pub fn count(&mut self, what: &'static str) {
        self.add(what, 1);
    }

    /// Counts something several times.
    pub fn add(&mut self, what: &'static str, times: u64) {
        let count = self.counts.entry(what).or_default();
        *count = count.saturating_add(times);
    }

    /// A hash over all that was said so far.
    pub fn hash(&self) -> String {
        self.hasher.finalize().to_hex().to_string()
    }
}
