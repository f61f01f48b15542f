//! The signatures for something it may take several people to bring about.

use super::effect::Signature;
use super::statement::Basis;
use crate::date::Time;
use crate::id::{LogId, RecordId};
use std::collections::BTreeMap;

/// The signatures for an action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Who signed, with how many it took as far as they had seen.
    pub votes: BTreeMap<RecordId, u32>,
    /// Why, by who signed.
    pub reasons: BTreeMap<RecordId, String>,
    /// What a role rests on, and the decision behind the action.
    pub basis: Option<(Basis, Option<RecordId>)>,
    /// Up to where the logs of removed devices were seen by any of them, without what a device
    /// says about its own removal.
    pub cuts: BTreeMap<LogId, u64>,
    /// When the first of them says it was signed.
    pub time: Option<Time>,
    /// Who signed with a device that is not removed by it.
    others: BTreeMap<RecordId, u32>,
    /// What devices say about their own removal.
    own_cuts: BTreeMap<LogId, u64>,
}

impl Tally {
    /// Takes a signature in; in any order it comes to the same.
    pub(super) fn sign(&mut self, person: RecordId, signature: &Signature) {
        let Signature { needed, reason, basis, cuts, own, time } = signature;
        let vote = |votes: &mut BTreeMap<RecordId, u32>| {
            let vote = votes.entry(person).or_insert(*needed);
            *vote = (*vote).min(*needed);
        };
        vote(&mut self.votes);
        if !own {
            vote(&mut self.others);
        }
        let known = self.reasons.entry(person).or_default();
        if known.is_empty() || (!reason.is_empty() && reason < &*known) {
            known.clone_from(reason);
        }
        self.basis = self.basis.max(*basis);
        self.time = Some(self.time.map_or(*time, |earlier| earlier.min(*time)));
        merge(if *own { &mut self.own_cuts } else { &mut self.cuts }, cuts);
    }

    /// Whether enough people signed: some of them are as many as each of those thought it takes.
    pub fn in_force(&self) -> bool {
        enough(&self.votes)
    }

    /// How many signatures it takes by what its signers had seen.
    pub fn needed(&self) -> u32 {
        self.votes.values().copied().min().unwrap_or(1)
    }

    /// Up to where logs stay as they are. What the removed say of their own logs counts only
    /// where they left by themselves: else they could sign, too, and keep all they wrote.
    pub(super) fn cut(&self) -> BTreeMap<LogId, u64> {
        let mut cut = self.cuts.clone();
        if !enough(&self.others) {
            merge(&mut cut, &self.own_cuts);
        }
        cut
    }
}

fn enough(votes: &BTreeMap<RecordId, u32>) -> bool {
    let mut needed: Vec<u32> = votes.values().copied().collect();
    needed.sort_unstable();
    needed.iter().zip(1_u32..).any(|(needed, signed)| signed >= *needed)
}

/// Takes the later of each log's cuts.
pub(super) fn merge(cuts: &mut BTreeMap<LogId, u64>, others: &BTreeMap<LogId, u64>) {
    for (log, seq) in others {
        let cut = cuts.entry(*log).or_default();
        *cut = (*cut).max(*seq);
    }
}
