//! The graph of statements: which object of statements had seen which others.

use super::forks::Forks;
use super::statement::{Genesis, Statement};
use crate::date::Time;
use crate::id::{BookId, Device, Hash, LogId};
use crate::object::{Object, ObjectKind};
use std::collections::{BTreeMap, BTreeSet};

/// What a log goes on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nothing: its first object has none before it.
    Fresh,
    /// Another log of the same device, up to this number: the profile was copied or restored.
    After(LogId, u64),
    /// It names an object that is not here.
    Unknown,
}

/// One object of statements.
#[derive(Clone, Debug)]
pub struct Node {
    /// The object's hash.
    pub hash: Hash,
    /// Who signed it.
    pub device: Device,
    /// In which log, or branch of one.
    pub log: LogId,
    /// At which place of it.
    pub seq: u64,
    /// When its device says it was said.
    pub time: Time,
    /// The statements its author had seen.
    pub cites: Vec<Hash>,
    /// What it says; nothing where this version cannot read it.
    pub statements: Vec<Option<Statement>>,
    /// The genesis, in the book's first object.
    pub genesis: Option<Genesis>,
}

impl Node {
    /// Reads the statements of an object of this book.
    pub fn of(object: &Object, hash: Hash, book: &BookId) -> Option<Self> {
        if object.kind != ObjectKind::Statements || object.book != *book {
            return None;
        }
        let genesis = object.parts.first().and_then(|part| Genesis::read(part));
        let genesis = genesis.filter(|genesis| {
            let place = object.seq == 1 && genesis.log_nonce == crate::id::hex(&object.nonce);
            place && genesis.book() == *book && genesis.device == object.device
        });
        Some(Self {
            hash,
            device: object.device,
            log: object.log(),
            seq: object.seq,
            time: object.time,
            cites: object.authority.clone(),
            statements: object.parts.iter().map(|part| Statement::read(part)).collect(),
            genesis,
        })
    }
}

/// A set of nodes by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Past(Vec<u64>);

impl Past {
    pub(super) fn add(&mut self, node: usize) {
        let (word, bit) = (node / 64, node % 64);
        if self.0.len() <= word {
            self.0.resize(word.saturating_add(1), 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word |= 1_u64.wrapping_shl(u32::try_from(bit).unwrap_or(0));
        }
    }

    pub(super) fn has(&self, node: usize) -> bool {
        let bit = u32::try_from(node % 64).unwrap_or(0);
        self.0.get(node / 64).is_some_and(|word| word & 1_u64.wrapping_shl(bit) != 0)
    }

    /// The numbers in it.
    pub(super) fn numbers(&self) -> impl Iterator<Item = usize> {
        let bits = |(word, bits): (usize, &u64)| {
            let (bits, first) = (*bits, word.saturating_mul(64));
            let set = move |bit: &u32| bits & 1_u64.wrapping_shl(*bit) != 0;
            let set = (0..u64::BITS).filter(set).filter_map(|bit| usize::try_from(bit).ok());
            set.map(move |bit| first.saturating_add(bit))
        };
        self.0.iter().enumerate().flat_map(bits)
    }

    pub(super) fn join(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine |= theirs;
        }
    }

    /// Where the rest begins, if this begins with all of another and nothing else up to there.
    pub(super) fn goes_on(&self, other: &Self) -> Option<usize> {
        let (words, last) = other.0.iter().enumerate().rfind(|(_, word)| **word != 0)?;
        let end = u64::BITS.saturating_sub(last.leading_zeros());
        let below = u64::MAX.checked_shr(u64::BITS.saturating_sub(end)).unwrap_or(0);
        let same = self.0.get(words).is_some_and(|mine| mine & below == *last)
            && self.0.iter().zip(&other.0).take(words).all(|(mine, theirs)| mine == theirs);
        let end = words.checked_mul(64)?.checked_add(usize::try_from(end).ok()?)?;
        same.then_some(end)
    }

    pub(super) fn holds(&self, other: &Self) -> bool {
        let mine = self.0.iter().copied().chain(std::iter::repeat(0));
        other.0.iter().zip(mine).all(|(theirs, mine)| theirs & !mine == 0)
    }
}

/// Nodes in an order in which each comes after all it had seen: the same order for the same set.
#[derive(Default)]
pub(super) struct Graph {
    pub nodes: Vec<Node>,
    /// All that a node had seen, without itself.
    pub past: Vec<Past>,
    /// Numbers by hash.
    pub by_hash: BTreeMap<Hash, usize>,
    /// For each node the one whose past, with itself, is all it had seen.
    pub base: Vec<Option<usize>>,
    /// Every object of statements by its place, also those left out.
    said: BTreeMap<(LogId, u64), Hash>,
    /// What the book's logs and branches go on from.
    pub logs: BTreeMap<LogId, Origin>,
    /// The log each goes on from, where that leaves one line of statements, and whether that one
    /// was forked.
    lines: BTreeMap<LogId, (LogId, bool)>,
}

impl Graph {
    /// Orders nodes; those that cite something that is not here are left out.
    pub(super) fn new(all: Vec<Node>, logs: BTreeMap<LogId, Origin>) -> Self {
        let all: BTreeMap<Hash, Node> = all.into_iter().map(|node| (node.hash, node)).collect();
        let mut said = BTreeMap::new();
        for node in all.values() {
            said.entry((node.log, node.seq)).or_insert(node.hash);
        }
        let mut graph = Self { said, logs, ..Self::default() };
        let mut waiting: BTreeMap<Hash, (Node, BTreeSet<Hash>)> = BTreeMap::new();
        let mut after: BTreeMap<Hash, Vec<Hash>> = BTreeMap::new();
        for node in all.into_values() {
            let mut parents: BTreeSet<Hash> = node.cites.iter().copied().collect();
            parents.extend(graph.said_before(node.log, node.seq));
            for parent in &parents {
                after.entry(*parent).or_default().push(node.hash);
            }
            waiting.insert(node.hash, (node, parents));
        }
        let mut ready: BTreeSet<Hash> =
            waiting.iter().filter(|(_, (_, p))| p.is_empty()).map(|(hash, _)| *hash).collect();
        let mut missing: BTreeMap<Hash, usize> =
            waiting.iter().map(|(hash, (_, parents))| (*hash, parents.len())).collect();
        while let Some(hash) = ready.pop_first() {
            let Some((node, parents)) = waiting.remove(&hash) else { continue };
            graph.place(node, &parents);
            for later in after.remove(&hash).unwrap_or_default() {
                let left = missing.entry(later).or_default();
                *left = left.saturating_sub(1);
                if *left == 0 {
                    ready.insert(later);
                }
            }
        }
        graph
    }

    fn place(&mut self, node: Node, parents: &BTreeSet<Hash>) {
        let (mut past, mut last) = (Past::default(), None);
        for parent in parents.iter().filter_map(|hash| self.by_hash.get(hash)) {
            past.add(*parent);
            last = last.max(Some(*parent));
            if let Some(earlier) = self.past.get(*parent) {
                past.join(earlier);
            }
        }
        let whole = |last: &usize| {
            let mut whole = self.past.get(*last).cloned().unwrap_or_default();
            whole.add(*last);
            whole.holds(&past)
        };
        self.base.push(last.filter(whole));
        self.by_hash.insert(node.hash, self.nodes.len());
        self.past.push(past);
        self.nodes.push(node);
    }

    /// All that somebody had seen who cites these and writes at a place of a log; nothing when
    /// one of them is not here.
    pub(super) fn seen_by(&self, cites: &[Hash], log: LogId, seq: u64) -> Option<Past> {
        let mut past = Past::default();
        for hash in cites.iter().copied().chain(self.said_before(log, seq)) {
            let number = *self.by_hash.get(&hash)?;
            past.add(number);
            past.join(self.past.get(number)?);
        }
        Some(past)
    }

    /// All that was seen with these, as far as it is here.
    pub(super) fn known(&self, cites: &[Hash]) -> Past {
        let mut past = Past::default();
        for number in cites.iter().filter_map(|hash| self.by_hash.get(hash)) {
            past.add(*number);
            if let Some(earlier) = self.past.get(*number) {
                past.join(earlier);
            }
        }
        past
    }

    /// What the same device said before in the same log, or in those that one goes on from: it
    /// has seen that, whatever it cites. So nobody can say something as if he had not said the
    /// rest.
    fn said_before(&self, log: LogId, seq: u64) -> Option<Hash> {
        let (mut log, mut before) = (log, seq);
        for _ in 0..=self.logs.len() {
            if let Some((_, hash)) = self.said.range((log, 0)..(log, before)).next_back() {
                return Some(*hash);
            }
            let Some(Origin::After(earlier, end)) = self.logs.get(&log) else { return None };
            (log, before) = (*earlier, end.saturating_add(1));
        }
        None
    }

    /// The place of what a log stated last before a place of it; 0 when it stated nothing.
    pub(super) fn last_said(&self, log: LogId, seq: u64) -> u64 {
        self.said.range((log, 0)..(log, seq)).next_back().map_or(0, |((_, place), _)| *place)
    }

    /// Between two places of a log: the first, and each after one where the log stated something.
    pub(super) fn turns(
        &self,
        log: LogId,
        first: u64,
        last: u64,
    ) -> impl Iterator<Item = u64> + '_ {
        let stated = self.said.range((log, first)..(log, last.max(first)));
        std::iter::once(first).chain(stated.map(|((_, place), _)| place.saturating_add(1)))
    }

    /// Draws the lines in which devices speak.
    pub(super) fn draw_lines(&mut self, forks: &Forks) {
        self.lines = lines(&self.said, &self.logs, forks);
    }

    /// Whether what is stated in a log counts for a device that was admitted with `root`; if so,
    /// whether a log before it was forked. A device speaks in one line of logs: the first, and
    /// each that goes on where the one before ends. A copy that states something beside it could
    /// state it as of an earlier day.
    pub(super) fn speaks(&self, log: LogId, root: LogId) -> Option<bool> {
        let (mut log, mut after_fork) = (log, false);
        for _ in 0..=self.lines.len() {
            if log == root {
                return Some(after_fork);
            }
            let (earlier, forked) = self.lines.get(&log)?;
            (log, after_fork) = (*earlier, after_fork || *forked);
        }
        None
    }
}

/// The log each goes on from where the one before states nothing after that; of several the one
/// with the smallest id. Only logs that state something, or lead to one that does, count. A log
/// that was forked is one with its branches, and any number of logs may go on from it: what these
/// state counts by what they had seen.
fn lines(
    said: &BTreeMap<(LogId, u64), Hash>,
    logs: &BTreeMap<LogId, Origin>,
    forks: &Forks,
) -> BTreeMap<LogId, (LogId, bool)> {
    let after = |log: &LogId| match logs.get(log) {
        Some(Origin::After(earlier, end)) => Some((*earlier, *end)),
        _ => None,
    };
    let mut stating: BTreeSet<LogId> = BTreeSet::new();
    for (log, _) in said.keys() {
        let mut log = forks.signed(*log);
        while stating.insert(log) {
            let Some((earlier, _)) = after(&log) else { break };
            log = forks.signed(earlier);
        }
    }
    let (mut lines, mut taken) = (BTreeMap::new(), BTreeSet::new());
    for log in &stating {
        let Some((earlier, end)) = after(log) else { continue };
        let (whole, forked) = (forks.signed(earlier), forks.is_forked(earlier));
        let end = forks.path(logs, earlier, end).get(&whole).copied().unwrap_or(0);
        let beyond = (whole, end.saturating_add(1))..=(whole, u64::MAX);
        let first = said.range(beyond).next().is_none() && (forked || taken.insert(whole));
        if whole != *log && first {
            lines.insert(*log, (whole, forked));
        }
    }
    lines
}
