//! The set as a whole: which statements have effect, and who was removed.
//!
//! A removal voids what its target stated beside it and beyond its cut; but what is voided may
//! have made somebody else able to sign a removal. So the whole is gone through again with the
//! removals found, until the answer stays the same. Where two removals void each other, or what each
//! other rests on, both hold (strong removal): in doubt somebody is out rather than in.

use super::effect::Effect;
use super::forks::Forks;
use super::graph::{Graph, Node, Origin, Past};
use super::state::{Action, State};
use super::statement::Statement;
use super::tally::Tally;
use crate::id::{Device, Hash, LogId, RecordId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Most rounds of going through the set again. More would need as many people who voided each
/// other's removals in a row.
const MAX_ROUNDS: usize = 50;
/// Most states kept while the set is gone through; others are made again.
const MAX_STATES: usize = 32;
/// How much of them is kept of points of the graph that were asked for, in effects.
const MAX_KEPT: usize = 400_000;
/// Most statements an object can cite.
const MAX_HEADS: usize = crate::object::MAX_HEADS;

/// Up to where each log of a removed device stays as it is.
pub type Cut = BTreeMap<LogId, u64>;

/// A point of the graph: what is cited, and what the log had stated before.
type Point = (Vec<Hash>, LogId, u64);

/// A device that was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Up to where its logs were seen by those who removed it.
    pub cut: Cut,
    /// Their signatures.
    pub tally: Tally,
}

/// Removed devices.
type Devices = BTreeMap<Device, Removed>;

/// The authority set of one book, evaluated.
#[derive(Default)]
pub struct Authority {
    pub(super) graph: Graph,
    pub(super) forks: Forks,
    /// Up to where others had seen the logs of devices that forked one.
    pub(super) acknowledged: BTreeMap<LogId, u64>,
    /// Whether all branches count.
    pub(super) unfrozen: bool,
    /// Devices that branches name which do not count.
    pub(super) named: BTreeSet<Device>,
    pub(super) effects: Vec<Vec<Effect>>,
    /// Removals that hold though they void each other's grounds, by their node.
    insisted: BTreeMap<usize, Vec<Effect>>,
    state: Arc<State>,
    removed: Devices,
    heads: Vec<Hash>,
    kept: Mutex<BTreeMap<Point, Option<Arc<State>>>>,
    latest: Mutex<Option<(Past, Arc<State>)>>,
}

impl Authority {
    /// Evaluates a set of statements, given in any order, and what the book's logs go on from.
    pub fn new(nodes: Vec<Node>, logs: BTreeMap<LogId, Origin>) -> Self {
        let mut all = Self::over(nodes, logs, Forks::default());
        all.evaluate();
        all
    }

    pub(super) fn over(nodes: Vec<Node>, logs: BTreeMap<LogId, Origin>, forks: Forks) -> Self {
        Self { graph: Graph::new(nodes, logs), forks, ..Self::default() }
    }

    /// Works out what has effect, with what of the branches is acknowledged so far.
    pub(super) fn evaluate(&mut self) {
        let all = self;
        all.graph.draw_lines(&all.forks);
        all.insisted = BTreeMap::new();
        all.kept = Mutex::default();
        let mut rounds = MAX_ROUNDS;
        let removed = loop {
            let (most, least) = all.settle(&mut rounds);
            if most == least {
                break most;
            }
            if rounds == 0 {
                // Leaves the effects that go with the removals found.
                all.pass(&most);
                break most;
            }
            // The removals in doubt are made, as if nothing spoke against them.
            all.pass(&least);
            all.insist();
        };
        all.removed = removed;
        all.state = Arc::new(all.fold());
        all.heads = all.find_heads();
    }

    /// Who is removed: at most, when all in doubt is taken for made, and at least. Where both are
    /// the same, the last pass has left the effects that go with them.
    fn settle(&mut self, rounds: &mut usize) -> (Devices, Devices) {
        let mut most = self.pass(&BTreeMap::new());
        if most.is_empty() {
            return (BTreeMap::new(), most);
        }
        loop {
            let least = self.pass(&most);
            let again = if least == most { break (most, least) } else { self.pass(&least) };
            *rounds = rounds.saturating_sub(1);
            if again == most || *rounds == 0 {
                break (most, least);
            }
            most = again;
        }
    }

    /// Keeps the removals of the last pass, whatever else comes out.
    fn insist(&mut self) {
        for (number, effects) in self.effects.iter().enumerate() {
            let removal = |effect: &&Effect| {
                let Effect::Sign(action, ..) = effect else { return false };
                matches!(action, Action::Remove(..) | Action::RemoveDevice(..))
            };
            let removals: Vec<Effect> = effects.iter().filter(removal).cloned().collect();
            if !removals.is_empty() {
                self.insisted.insert(number, removals);
            }
        }
    }

    /// Goes through the set once, with some devices removed; answers who is removed then.
    fn pass(&mut self, removed: &Devices) -> Devices {
        self.effects = Vec::new();
        self.latest = Mutex::default();
        let mut uses = vec![0_usize; self.graph.nodes.len()];
        for base in self.graph.base.iter().flatten() {
            if let Some(uses) = uses.get_mut(*base) {
                *uses = uses.saturating_add(1);
            }
        }
        let mut kept: BTreeMap<usize, State> = BTreeMap::new();
        for number in 0..self.graph.nodes.len() {
            let mut state = self.before(number, &mut kept, &mut uses);
            let mut effects = self.work_out(number, &mut state, removed);
            for effect in self.insisted.get(&number).into_iter().flatten() {
                state.fold(effect);
                effects.push(effect.clone());
            }
            self.effects.push(effects);
            if uses.get(number).is_some_and(|uses| *uses > 0) {
                kept.insert(number, state);
                if kept.len() > MAX_STATES {
                    kept.pop_first();
                }
            }
        }
        let state = self.fold();
        state
            .devices()
            .filter_map(|(device, _)| {
                let tally = state.removal_of(device)?;
                Some((*device, Removed { cut: tally.cuts.clone(), tally }))
            })
            .collect()
    }

    /// The state a node's author had seen. Where he had seen one node and all before it, that
    /// node's state is taken, by the last who needs it without copying.
    fn before(
        &self,
        number: usize,
        kept: &mut BTreeMap<usize, State>,
        uses: &mut [usize],
    ) -> State {
        let Some(past) = self.graph.past.get(number) else { return State::default() };
        if let Some(base) = self.graph.base.get(number).copied().flatten()
            && let Some(left) = uses.get_mut(base)
        {
            *left = left.saturating_sub(1);
            let state = if *left == 0 { kept.remove(&base) } else { kept.get(&base).cloned() };
            if let Some(state) = state {
                return state;
            }
        }
        self.state_of(past.clone()).as_ref().clone()
    }

    /// The state of the whole graph.
    fn fold(&self) -> State {
        let mut state = State::default();
        self.effects.iter().flatten().for_each(|effect| state.fold(effect));
        state
    }

    /// Whether a node is of a removed device and beyond its cut.
    fn is_beyond(&self, number: usize, removed: &Devices) -> bool {
        self.graph.nodes.get(number).is_some_and(|node| {
            let removed = removed.get(&node.device);
            removed.is_some_and(|removed| removed.cut.get(&node.log).is_none_or(|c| node.seq > *c))
        })
    }

    /// What a node's statements do, and the state after them. Beyond the cut of its device only
    /// removals count, and each takes as many as before all that is beyond: else somebody who was
    /// removed could remove the one other who decides, and then everybody alone.
    fn work_out(&self, number: usize, state: &mut State, removed: &Devices) -> Vec<Effect> {
        let Some(node) = self.graph.nodes.get(number) else { return Vec::new() };
        if let Some(genesis) = &node.genesis {
            return state.begin(genesis, self.forks.signed(node.log));
        }
        let author = state.active(&node.device).map(|admitted| (admitted.person, admitted.log));
        let Some((person, root)) = author else { return Vec::new() };
        let place = (node.log, node.seq);
        if !removed.contains_key(&node.device) && self.is_frozen(place) {
            return Vec::new();
        }
        if !self.has_acknowledged(place) {
            match self.graph.speaks(self.forks.signed(node.log), root) {
                None => return Vec::new(),
                Some(true) if !self.had_seen_what_is_acknowledged(number) => return Vec::new(),
                Some(_) => {}
            }
        }
        let mut said: Vec<&Statement> = node.statements.iter().flatten().collect();
        let roll = self.is_beyond(number, removed).then(|| {
            said.retain(|statement| matches!(statement, Statement::Remove { .. }));
            let past = self.graph.past.get(number).filter(|_| !said.is_empty());
            let seen = |node: &usize| past.is_some_and(|past| past.has(*node));
            let within = (0..number).filter(seen).filter(|node| !self.is_beyond(*node, removed));
            let mut before = Past::default();
            within.for_each(|node| before.add(node));
            self.state_of(before)
        });
        let mut all = Vec::new();
        for statement in said {
            let mut effects =
                roll.as_deref().unwrap_or(state).effects(person, node.time, statement);
            for effect in &mut effects {
                self.widen_cuts(number, effect, state, statement);
                state.fold(effect);
            }
            all.extend(effects);
        }
        all
    }

    /// Who signs a removal has seen at least what he cites, so the cut reaches at least there.
    fn widen_cuts(&self, number: usize, effect: &mut Effect, state: &State, statement: &Statement) {
        let (Effect::Sign(_, _, signature), Statement::Remove { person, device, .. }) =
            (effect, statement)
        else {
            return;
        };
        let (Some(past), Some(all)) = (self.graph.past.get(number), state.by_person.get(person))
        else {
            return;
        };
        let is_removed = |signs: &Node| match device {
            Some(device) => signs.device == *device,
            None => all.contains(&signs.device),
        };
        signature.own = self.graph.nodes.get(number).is_some_and(is_removed);
        let own = std::iter::once(number);
        let seen = (0..number).filter(|other| past.has(*other)).chain(own);
        for node in seen.filter_map(|other| self.graph.nodes.get(other)) {
            if all.contains(&node.device) {
                for (log, seq) in self.forks.path(&self.graph.logs, node.log, node.seq) {
                    let cut = signature.cuts.entry(log).or_default();
                    *cut = seq.max(*cut);
                }
            }
        }
    }

    /// The statements with effect that no other of them has seen.
    fn find_heads(&self) -> Vec<Hash> {
        let with_effect: Vec<usize> = (0..self.graph.nodes.len())
            .filter(|number| self.effects.get(*number).is_some_and(|e| !e.is_empty()))
            .collect();
        let mut seen = Past::default();
        for number in &with_effect {
            if let Some(past) = self.graph.past.get(*number) {
                seen.join(past);
            }
        }
        // Should they be too many for an object, all people get their first ones in: nobody can
        // keep others from writing with a crowd of devices.
        let mut turns: BTreeMap<Option<RecordId>, usize> = BTreeMap::new();
        let heads = with_effect.into_iter().filter(|number| !seen.has(*number));
        let nodes = heads.filter_map(|number| self.graph.nodes.get(number));
        let mut heads: Vec<(usize, Hash)> = nodes
            .map(|node| {
                let person = self.state.admitted(&node.device).map(|admitted| admitted.person);
                let turn = turns.entry(person).or_default();
                *turn = turn.saturating_add(1);
                (*turn, node.hash)
            })
            .collect();
        heads.sort_unstable();
        heads.truncate(MAX_HEADS);
        let mut heads: Vec<Hash> = heads.into_iter().map(|(_, hash)| hash).collect();
        heads.sort_unstable();
        heads
    }

    /// The statements to cite: with them all others that have effect were seen.
    pub fn heads(&self) -> &[Hash] {
        &self.heads
    }

    /// Who is who by everything that is here.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The devices that were removed.
    pub fn removed(&self) -> &BTreeMap<Device, Removed> {
        &self.removed
    }

    /// Who is who for somebody who cites these statements and writes at a place of a log; nothing
    /// while one of them is not here.
    pub fn at(&self, cites: &[Hash], log: LogId, seq: u64) -> Option<Arc<State>> {
        let said = self.graph.last_said(log, seq);
        let key = (cites.to_vec(), log, said);
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(&key) {
            return known.clone();
        }
        let past = self.graph.seen_by(cites, log, seq);
        drop(kept);
        let state = past.map(|past| self.state_of(past));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len().saturating_mul(self.effects.len()) >= MAX_KEPT {
            kept.clear();
        }
        kept.insert(key, state.clone());
        state
    }

    /// The state of a part of the graph. Where it begins with the part asked for last, that part's
    /// state is gone on from: objects are mostly judged in the order they were written.
    fn state_of(&self, past: Past) -> Arc<State> {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut state, mut from) = (State::default(), 0);
        if let Some((earlier, known)) = latest.as_ref()
            && let Some(end) = past.goes_on(earlier)
        {
            (state, from) = (known.as_ref().clone(), end);
        }
        for (number, effects) in self.effects.iter().enumerate().skip(from) {
            if past.has(number) {
                effects.iter().for_each(|effect| state.fold(effect));
            }
        }
        let state = Arc::new(state);
        *latest = Some((past, Arc::clone(&state)));
        state
    }

    pub(super) fn has_seen(&self, cites: &[Hash], earlier: &[Hash]) -> bool {
        let nowhere = LogId([0; 16]);
        let past = |hashes: &[Hash]| self.graph.seen_by(hashes, nowhere, 0);
        past(cites).zip(past(earlier)).is_some_and(|(seen, earlier)| seen.holds(&earlier))
    }

    /// Statements without effect: their object, author's device and place.
    pub fn without_effect(&self) -> impl Iterator<Item = &Node> {
        let nodes = self.graph.nodes.iter().zip(&self.effects);
        nodes.filter(|(_, effects)| effects.is_empty()).map(|(node, _)| node)
    }
}
