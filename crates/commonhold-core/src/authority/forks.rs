//! Devices that said several things at one place of a log. What came after that place is a branch
//! for each of them, and none of it counts by itself: somebody who was ended in one could go on as
//! of before in another. What others had seen of a branch when they wrote stays, in whichever it
//! is: so nobody can take back what others know by forking their log afterwards.

use super::effect::Effect;
use super::evaluate::Authority;
use super::graph::{Node, Origin};
use super::statement::{LogCut, Statement};
use crate::id::{Device, Hash, LogId, RecordId};
use std::collections::{BTreeMap, BTreeSet};

/// Most rounds in which those whose admission was acknowledged acknowledge more.
const MAX_ROUNDS: usize = 20;

/// What the branches of a book's logs are, and who had seen what.
#[derive(Clone, Debug, Default)]
pub struct Forks {
    /// Each branch, with the log its objects name, and who signs it.
    pub branches: BTreeMap<LogId, (LogId, Device)>,
    /// What objects cite, of whatever kind; only needed where there are branches.
    pub witnesses: Vec<Witness>,
    /// Where the objects lie that removals name as cuts: in which log or branch, at which number.
    pub places: BTreeMap<Hash, (LogId, u64)>,
}

/// Somebody who had seen something.
#[derive(Clone, Debug)]
pub struct Witness {
    /// Who signed it.
    pub device: Device,
    /// In which log or branch.
    pub log: LogId,
    /// At which place of it at the earliest.
    pub seq: u64,
    /// The statements cited.
    pub cites: Vec<Hash>,
}

impl Forks {
    /// Whether a log is a branch of one.
    pub fn is_branch(&self, log: &LogId) -> bool {
        self.branches.contains_key(log)
    }

    /// The log the objects of a log or branch name.
    pub(super) fn signed(&self, log: LogId) -> LogId {
        self.branches.get(&log).map_or(log, |(signed, _)| *signed)
    }

    /// Whether a log or branch is of a log that was forked.
    pub(super) fn is_forked(&self, log: LogId) -> bool {
        let signed = self.signed(log);
        self.branches.values().any(|(other, _)| *other == signed)
    }

    /// The way from the beginning of a log to a place in it or one of its branches: up to which
    /// number each part of it belongs to that way.
    pub(super) fn path(
        &self,
        logs: &BTreeMap<LogId, Origin>,
        log: LogId,
        seq: u64,
    ) -> BTreeMap<LogId, u64> {
        let (mut path, signed) = (BTreeMap::new(), self.signed(log));
        let mut at = Some((log, seq));
        while let Some((log, seq)) = at {
            if self.signed(log) != signed || path.insert(log, seq).is_some() {
                break;
            }
            at = match logs.get(&log) {
                Some(Origin::After(earlier, end)) if self.is_branch(&log) => Some((*earlier, *end)),
                _ => None,
            };
        }
        path
    }

    /// Names the branches in the cuts of removals: who signed one may not have known of the fork,
    /// and the object it names tells which branch they had.
    pub(super) fn settle_cuts(&self, nodes: &mut [Node], logs: &BTreeMap<LogId, Origin>) {
        if self.branches.is_empty() {
            return;
        }
        let forked: BTreeSet<LogId> = self.branches.values().map(|(signed, _)| *signed).collect();
        let statements = nodes.iter_mut().flat_map(|node| &mut node.statements).flatten();
        for statement in statements {
            let Statement::Remove { cuts, .. } = statement else { continue };
            let mut settled: BTreeMap<LogId, u64> = BTreeMap::new();
            for cut in cuts.iter().filter(|cut| forked.contains(&self.signed(cut.log))) {
                let place = self.places.get(&cut.hash).copied();
                let same = |(log, _): &(LogId, u64)| self.signed(*log) == self.signed(cut.log);
                // Without the object itself only what came before all branches is sure.
                let (log, seq) = place.filter(same).unwrap_or((cut.log, cut.seq));
                for (log, end) in self.path(logs, log, seq) {
                    let known = settled.entry(log).or_default();
                    *known = end.max(*known);
                }
            }
            let hash = Hash([0; 32]);
            cuts.retain(|cut| !forked.contains(&self.signed(cut.log)));
            cuts.extend(settled.into_iter().map(|(log, seq)| LogCut { log, seq, hash }));
        }
    }
}

impl Authority {
    /// Evaluates a set of statements of logs some of which were forked.
    pub fn with_forks(
        mut nodes: Vec<Node>,
        logs: BTreeMap<LogId, Origin>,
        mut forks: Forks,
    ) -> Self {
        if forks.branches.is_empty() {
            return Self::new(nodes, logs);
        }
        forks.settle_cuts(&mut nodes, &logs);
        forks.witnesses.extend(nodes.iter().map(|node| Witness {
            device: node.device,
            log: node.log,
            seq: node.seq,
            cites: node.cites.clone(),
        }));
        let mut all = Self::over(nodes, logs, forks);
        all.acknowledge_all();
        if all.nobody_else() && all.acknowledge(true) {
            // Whoever could bear witness was let in on a branch: then their word is taken.
            all.acknowledge_all();
        }
        if all.nobody_else() {
            // Nobody else was ever here: all of it counts, else a service of one would end where
            // its founder's profile was once brought back from a backup.
            all.unfrozen = true;
            all.evaluate();
        }
        all.named = all.find_named();
        all
    }

    /// Evaluates again and again, since those whose admission was acknowledged may acknowledge
    /// more.
    fn acknowledge_all(&mut self) {
        for _ in 0..MAX_ROUNDS {
            self.evaluate();
            if !self.acknowledge(false) {
                break;
            }
        }
    }

    /// Whether nobody is known but people with a device that forked a log.
    fn nobody_else(&self) -> bool {
        self.state().people().is_subset(&self.forked_people())
    }

    fn forked_people(&self) -> BTreeSet<RecordId> {
        let devices = self.forks.branches.values().map(|(_, device)| device);
        devices.filter_map(|d| self.state().admitted(d)).map(|admitted| admitted.person).collect()
    }

    /// Takes in what of the branches others had seen who belong, or with `anybody` whoever they
    /// are; says whether that is more than before.
    fn acknowledge(&mut self, anybody: bool) -> bool {
        let devices: BTreeSet<Device> = self.forks.branches.values().map(|(_, d)| *d).collect();
        let person =
            |device: &Device| self.state().admitted(device).map(|admitted| admitted.person);
        let mut seen: Vec<(LogId, u64)> = Vec::new();
        let mut note = |by: Option<RecordId>, node: &Node| {
            if devices.contains(&node.device) && (anybody || person(&node.device) != by) {
                seen.push((node.log, node.seq));
            }
        };
        for witness in &self.forks.witnesses {
            let place = (witness.log, witness.seq);
            let by = person(&witness.device);
            let may = if anybody { !devices.contains(&witness.device) } else { by.is_some() };
            if !may || self.is_void(&witness.device, place) {
                continue;
            }
            for number in self.graph.known(&witness.cites).numbers() {
                if let Some(node) = self.graph.nodes.get(number) {
                    note(by, node);
                }
            }
        }
        for (node, effects) in self.graph.nodes.iter().zip(&self.effects) {
            let by = person(&node.device);
            for effect in effects {
                let Effect::Release(object) = effect else { continue };
                let number = self.graph.by_hash.get(object);
                if let Some(node) = number.and_then(|number| self.graph.nodes.get(*number)) {
                    note(by, node);
                }
            }
        }
        let mut grown = false;
        for (log, seq) in seen {
            for (log, seq) in self.forks.path(&self.graph.logs, log, seq) {
                let known = self.acknowledged.entry(log).or_default();
                grown |= seq > *known;
                *known = seq.max(*known);
            }
        }
        grown
    }

    /// Whether an object of a device counts for nothing by its place.
    fn is_void(&self, device: &Device, (log, seq): (LogId, u64)) -> bool {
        match self.removed().get(device) {
            Some(removed) => removed.cut.get(&log).is_none_or(|cut| seq > *cut),
            None => self.is_frozen((log, seq)),
        }
    }

    /// Whether a place is on a branch, beyond what others had seen of it. It says nothing of
    /// devices that were removed: their cuts do.
    pub(super) fn is_frozen(&self, (log, seq): (LogId, u64)) -> bool {
        !self.unfrozen && self.forks.is_branch(&log) && !self.has_acknowledged((log, seq))
    }

    /// Whether others had seen what a forked device stated at a place, or after it.
    pub(super) fn has_acknowledged(&self, (log, seq): (LogId, u64)) -> bool {
        self.acknowledged.get(&log).is_some_and(|seen| seq <= *seen)
    }

    /// Up to which number others had seen a log or branch of a device that forked one; nothing
    /// where they had not.
    pub fn acknowledged(&self, log: &LogId) -> Option<u64> {
        self.acknowledged.get(log).copied()
    }

    /// Whether the author of a node had seen all that others acknowledged of the same device. A
    /// log that goes on from a forked one states nothing without: else somebody could go on as of
    /// before what others know.
    pub(super) fn had_seen_what_is_acknowledged(&self, number: usize) -> bool {
        let (Some(node), Some(past)) = (self.graph.nodes.get(number), self.graph.past.get(number))
        else {
            return false;
        };
        let all = self.graph.nodes.iter().enumerate();
        let mut own = all.filter(|(other, n)| n.device == node.device && *other != number);
        own.all(|(other, n)| past.has(other) || !self.has_acknowledged((n.log, n.seq)))
    }

    /// Statements that do not count since they stand on a branch and nobody had seen them.
    pub fn frozen(&self) -> impl Iterator<Item = &Node> {
        let frozen = |node: &&Node| {
            let removed = self.removed().contains_key(&node.device);
            !removed && self.is_frozen((node.log, node.seq)) && node.genesis.is_none()
        };
        self.graph.nodes.iter().filter(frozen)
    }

    /// The devices named by what does not count since it stands on a branch: what they write is
    /// kept until somebody decides, so that all have the same.
    fn find_named(&self) -> BTreeSet<Device> {
        let statements = self.frozen().flat_map(|node| node.statements.iter().flatten());
        let named = statements.filter_map(|statement| match statement {
            Statement::Device { device, .. } => Some(*device),
            _ => None,
        });
        named.collect()
    }
}
