//! What a vote comes to by all that is here: the tally that holds, what arrived after it, and
//! whether that would have changed anything.

use super::count::{Count, Verdict, count};
use super::draft::{Chosen, TallyStanding};
use super::vote::Vote;
use crate::date::{Date, Time};
use crate::id::RecordId;
use crate::projection::State;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most late ballots that are tried out one by one; beyond that only together.
const MAX_TRIED: usize = 200;

/// Where a vote stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "VoteStage"))]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Its roll or terms are not what they should be, or it was written twice: it has no result.
    Irregular,
    /// Its proposer took it back before it was counted.
    Retracted,
    /// Too few have seconded it yet.
    NeedsSeconds,
    /// People vote.
    Open,
    /// Closed; ballots cast in time may still arrive.
    Grace,
    /// A teller should count.
    ToCount,
    /// Tellers disagree: none of their counts has effect until one corrects the other.
    Disputed,
    /// Counted and signed.
    Counted,
}

/// A ballot that arrived after the count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "LateBallot"))]
pub struct Late {
    /// The ballot, or the intervention.
    #[cfg_attr(test, ts(type = "string"))]
    pub ballot: RecordId,
    /// Whose.
    #[cfg_attr(test, ts(type = "string"))]
    pub voter: RecordId,
    /// Whether the result would have been another with it alone; nothing when there are too many
    /// to try.
    pub would_change: Option<bool>,
}

/// A ballot that may not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "IneligibleBallot"))]
pub struct Ineligible {
    /// The ballot.
    #[cfg_attr(test, ts(type = "string"))]
    pub ballot: RecordId,
    /// Whose it says it is.
    #[cfg_attr(test, ts(type = "string"))]
    pub voter: RecordId,
    /// Why.
    pub why: String,
}

/// A signed tally.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct TallyLine {
    /// The tally.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// Who counted.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// When, as they say.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub at: Option<Time>,
    /// Its hash.
    pub sha256: String,
    /// The result as it says.
    pub statement: String,
    /// How it stands by what is here.
    pub standing: TallyStanding,
}

/// What a vote comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "VoteOutcome"))]
pub struct Outcome {
    /// Where it stands.
    pub stage: Stage,
    /// The signed count; before there is one, all that is here counted as if it were to end now.
    pub count: Count,
    /// Whether the count is signed and holds.
    pub is_final: bool,
    /// The ballots in the count, by id.
    #[cfg_attr(test, ts(type = "Array<string>"))]
    pub counted: Vec<RecordId>,
    /// Ballots that may count and arrived after the signed count.
    pub late: Vec<Late>,
    /// Whether the result would have been another with all of them.
    pub late_would_change: bool,
    /// Ballots that may not count.
    pub ineligible: Vec<Ineligible>,
    /// All tallies, by id.
    pub tallies: Vec<TallyLine>,
    /// Whether it should be counted anew: what arrived late would change the result, a counted
    /// ballot may no longer count, or somebody on the roll asks for it.
    pub recount_due: bool,
    /// From when it holds; nothing when it did not pass or is not counted.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub effective_from: Option<Date>,
    /// Until when ballots may arrive.
    #[cfg_attr(test, ts(type = "string"))]
    pub grace_until: Time,
    /// In how many days or hours nothing is left to wait for is not said: whether voting has ended.
    pub closed: bool,
}

/// The count that holds, with its ballots and words.
type Held<'v> = (Chosen<'v>, BTreeSet<RecordId>, Count);

/// Works a vote out. `irregular` says that its roll or terms are not what they should be.
pub fn outcome(vote: &Vote, now: Time, irregular: bool) -> Outcome {
    let (lines, mut holding) = tallies(vote);
    holding.dedup_by(|a, b| a.0 == b.0);
    let disputed = holding.len() > 1;
    let differs = lines.iter().any(|line| line.standing == TallyStanding::Differs);
    let held = holding.pop().filter(|_| !disputed).map(|(_, held)| held);
    let signed = held.is_some();
    let (chosen, words, counted) = held.unwrap_or_else(|| provisional(vote));
    let stage = stage(vote, now, (irregular, disputed, signed), &words);
    let late = if signed { late(vote, &chosen, &words, &counted) } else { Vec::new() };
    let late_would_change = signed && differs_with_all(vote, &chosen, &words, &counted);
    let asked_for =
        |word: &super::vote::Word| word.fault.is_none() && word.said.kind == "recount-request";
    let requested =
        vote.words.iter().any(|(id, word)| asked_for(word) && !(signed && words.contains(id)));
    let passed = stage == Stage::Counted && counted.result == Verdict::Passed;
    let ended = vote.proposal.closes.is_some_and(|closes| closes <= now);
    Outcome {
        recount_due: late_would_change
            || late.iter().any(|late| late.would_change == Some(true))
            || (differs && !signed)
            || requested,
        stage,
        is_final: stage == Stage::Counted,
        counted: chosen.values().map(|(id, _)| *id).collect::<BTreeSet<_>>().into_iter().collect(),
        count: counted,
        late,
        late_would_change,
        ineligible: ineligible(vote),
        tallies: lines,
        effective_from: vote.effect_from().filter(|_| passed),
        grace_until: vote.grace_until(),
        closed: ended,
    }
}

/// All tallies, and the counts that hold, by their hashes.
fn tallies(vote: &Vote) -> (Vec<TallyLine>, Vec<(String, Held<'_>)>) {
    let (mut lines, mut holding) = (Vec::new(), Vec::new());
    for (id, signed) in &vote.tallies {
        let tally = &signed.tally;
        let standing = match vote.stands(tally, signed.state == State::Ok) {
            Ok(held) => {
                holding.push((tally.sha256.clone(), held));
                TallyStanding::Holds
            }
            Err(standing) => standing,
        };
        lines.push(TallyLine {
            id: *id,
            person: tally.person,
            at: tally.at,
            sha256: tally.sha256.clone(),
            statement: tally.statement.clone(),
            standing,
        });
    }
    holding.sort_by(|(a, _), (b, _)| a.cmp(b));
    (lines, holding)
}

/// All that is here, counted as if it were to end now.
fn provisional(vote: &Vote) -> Held<'_> {
    let chosen = vote.last_of_each(|_| true);
    let words = vote.sound_words();
    let counted = count(vote, &chosen, &words);
    (chosen, words, counted)
}

fn stage(
    vote: &Vote,
    now: Time,
    (irregular, disputed, signed): (bool, bool, bool),
    words: &BTreeSet<RecordId>,
) -> Stage {
    let seconds = i64::try_from(vote.seconds(words).len()).unwrap_or(i64::MAX);
    let closes = vote.proposal.closes.unwrap_or_default();
    match () {
        () if irregular || vote.written_twice => Stage::Irregular,
        () if disputed => Stage::Disputed,
        () if signed => Stage::Counted,
        () if vote.is_retracted() => Stage::Retracted,
        () if now >= vote.grace_until() => Stage::ToCount,
        () if now >= closes => Stage::Grace,
        () if seconds < vote.rule.seconds_needed.unwrap_or(0) => Stage::NeedsSeconds,
        () => Stage::Open,
    }
}

/// What decides whether two counts come to the same.
fn says(count: &Count) -> (Verdict, &Option<String>) {
    (count.result, &count.winner)
}

/// Ballots that may count, were not counted and are newer than what was counted of their voter;
/// and what else was said that the count does not know.
fn late(vote: &Vote, chosen: &Chosen<'_>, words: &BTreeSet<RecordId>, was: &Count) -> Vec<Late> {
    let all = vote.last_of_each(|_| true);
    let newer = all.iter().filter(|(voter, (id, ballot))| {
        chosen
            .get(voter)
            .is_none_or(|(counted, kept)| counted != id && (ballot.seq, *id) > (kept.seq, *counted))
    });
    let mut found: Vec<Late> = Vec::new();
    for (voter, (id, ballot)) in newer {
        let would_change = (found.len() < MAX_TRIED).then(|| {
            let mut with = chosen.clone();
            with.insert(*voter, (*id, ballot));
            says(&count(vote, &with, words)) != says(was)
        });
        found.push(Late { ballot: *id, voter: *voter, would_change });
    }
    let heard = |kind: &str| ["second", "veto", "objection", "resolved"].contains(&kind);
    let sound = vote.words.iter().filter(|(_, word)| word.fault.is_none());
    for (id, word) in sound.filter(|(id, word)| !words.contains(id) && heard(&word.said.kind)) {
        let would_change = (found.len() < MAX_TRIED).then(|| {
            let mut with = words.clone();
            with.insert(*id);
            says(&count(vote, chosen, &with)) != says(was)
        });
        found.push(Late { ballot: *id, voter: word.said.person, would_change });
    }
    found.sort_by_key(|late| late.ballot);
    found
}

fn differs_with_all(
    vote: &Vote,
    chosen: &Chosen<'_>,
    words: &BTreeSet<RecordId>,
    was: &Count,
) -> bool {
    let mut with = chosen.clone();
    for (voter, found) in vote.last_of_each(|_| true) {
        let kept = with.entry(voter).or_insert(found);
        if (found.1.seq, found.0) > (kept.1.seq, kept.0) {
            *kept = found;
        }
    }
    let all: BTreeSet<RecordId> = vote.sound_words().union(words).copied().collect();
    says(&count(vote, &with, &all)) != says(was)
}

fn ineligible(vote: &Vote) -> Vec<Ineligible> {
    let wrong = vote.ballots.iter().filter_map(|(id, voice)| {
        let why = voice.fault.clone()?;
        Some(Ineligible { ballot: *id, voter: voice.ballot.voter, why })
    });
    wrong.collect()
}
