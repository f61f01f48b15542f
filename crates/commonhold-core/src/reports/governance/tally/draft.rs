//! A teller's count, and whether a signed one holds.

use super::count::{Count, count};
use super::vote::{Vote, content};
use crate::date::Time;
use crate::id::{RecordId, hex};
use crate::json;
use crate::records::governance::ballot::Ballot;
use crate::records::governance::tally::Tally;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// How a signed tally stands by what is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum TallyStanding {
    /// Counted again here, it comes to the same.
    Holds,
    /// It names ballots that have not arrived here.
    Waits,
    /// Counted again here, it comes to something else, or names what may not count.
    Differs,
    /// It was made before ballots had had the time to arrive.
    Early,
    /// It was corrected, withdrawn or rejected.
    NoEffect,
}

/// One ballot a voter.
pub(super) type Chosen<'a> = BTreeMap<RecordId, (RecordId, &'a Ballot)>;

/// The count as canonical JSON: the same ballots, words, roll and terms give the same bytes on
/// every device, whatever order they arrived in.
pub(super) fn tally_bytes(
    vote: &Vote,
    chosen: &Chosen<'_>,
    words: &BTreeSet<RecordId>,
    count: &Count,
) -> Vec<u8> {
    let digest = |text: &str| hex(&Sha256::digest(text.as_bytes()));
    let mut ballots: Vec<_> =
        chosen.iter().map(|(voter, (id, ballot))| (*id, voter, content(ballot))).collect();
    ballots.sort_unstable();
    let value = json!({
        "v": 1,
        "proposal": vote.id,
        "terms": digest(&vote.proposal.terms),
        "options": vote.proposal.options,
        "roll": vote.roll,
        "ballots": ballots,
        "interventions": words,
        "cast": count.cast,
        "counts": count.counts,
        "result": count.result,
        "winner": count.winner,
        "order": count.order,
        "sentence": count.sentence,
    });
    json::canonical(&value).into_bytes()
}

/// Counts as a teller would now: all ballots and words that are here, except those that had
/// arrived at this device after the time allowed, as far as that is known. `arrived` is empty for
/// a re-count, which takes in what was late.
pub fn draft(vote: &Vote, arrived: &BTreeMap<RecordId, Time>) -> (Tally, Count) {
    let end = vote.grace_until();
    let in_time = |id: &RecordId| arrived.get(id).is_none_or(|at| *at <= end);
    let chosen = vote.last_of_each(in_time);
    let words: BTreeSet<RecordId> =
        vote.sound_words().into_iter().filter(|id| in_time(id)).collect();
    let count = count(vote, &chosen, &words);
    let mut counted: Vec<(String, String)> =
        chosen.values().map(|(id, ballot)| (id.to_string(), content(ballot))).collect();
    counted.sort_unstable();
    let (counted, contents) = counted.into_iter().unzip();
    let ids = |wanted: &dyn Fn(&RecordId, bool) -> bool| -> Vec<String> {
        let ballots = vote.ballots.iter();
        let found = ballots.filter(|(id, voice)| wanted(id, voice.fault.is_some()));
        found.map(|(id, _)| id.to_string()).collect()
    };
    let counts: BTreeMap<&str, i64> =
        count.counts.iter().map(|c| (c.option.as_str(), c.votes)).collect();
    let tally = Tally {
        proposal: vote.id,
        counted,
        contents,
        late: ids(&|id, wrong| !wrong && !in_time(id)),
        ineligible: ids(&|_, wrong| wrong),
        interventions: words.iter().map(ToString::to_string).collect(),
        counts: json::canonical(&counts),
        result: count.result.name().to_owned(),
        winner: count.winner.clone(),
        statement: count.sentence.clone(),
        sha256: hex(&Sha256::digest(tally_bytes(vote, &chosen, &words, &count))),
        ..Tally::default()
    };
    (tally, count)
}

impl Vote {
    /// Until when ballots that were cast in time may still arrive.
    pub fn grace_until(&self) -> Time {
        self.proposal.closes.unwrap_or_default().plus_hours(self.rule.grace())
    }

    /// The ballots a tally counted, as they were when it did; else how it stands.
    pub(super) fn as_counted<'v>(
        &'v self,
        tally: &Tally,
    ) -> Result<(Chosen<'v>, BTreeSet<RecordId>), TallyStanding> {
        let mut chosen = Chosen::new();
        let mut missing = false;
        for (id, said) in tally.counted.iter().zip(&tally.contents) {
            let id: RecordId = id.parse().map_err(|_| TallyStanding::Differs)?;
            let Some(voice) = self.ballots.get(&id) else {
                missing = true;
                continue;
            };
            let ballot = voice.versions.iter().find(|ballot| content(ballot) == *said);
            let fine = ballot.filter(|ballot| {
                let sound = voice.fault.is_none() || voice.versions.len() > 1;
                sound && self.roll.contains(&ballot.voter) && self.asked().fault(ballot).is_none()
            });
            let ballot = fine.ok_or(TallyStanding::Differs)?;
            if chosen.insert(ballot.voter, (id, ballot)).is_some() {
                return Err(TallyStanding::Differs);
            }
        }
        let mut words = BTreeSet::new();
        for id in &tally.interventions {
            let id: RecordId = id.parse().map_err(|_| TallyStanding::Differs)?;
            match self.words.get(&id) {
                None => missing = true,
                Some(word) if word.fault.is_some() => return Err(TallyStanding::Differs),
                Some(_) => {
                    words.insert(id);
                }
            }
        }
        if missing { Err(TallyStanding::Waits) } else { Ok((chosen, words)) }
    }

    /// How a signed tally stands, and its count where it holds.
    pub(super) fn stands<'v>(
        &'v self,
        tally: &Tally,
        in_effect: bool,
    ) -> Result<(Chosen<'v>, BTreeSet<RecordId>, Count), TallyStanding> {
        if !in_effect {
            return Err(TallyStanding::NoEffect);
        }
        if tally.at.is_none_or(|at| at < self.grace_until()) {
            return Err(TallyStanding::Early);
        }
        let (chosen, words) = self.as_counted(tally)?;
        let count = count(self, &chosen, &words);
        let same = hex(&Sha256::digest(tally_bytes(self, &chosen, &words, &count))) == tally.sha256;
        if same { Ok((chosen, words, count)) } else { Err(TallyStanding::Differs) }
    }
}
