//! Counting: which method, what every method shares, quorum, seconds, veto, the sentence.

use super::vote::Vote;
use super::{consent, majority, plurality, schulze, score};
use crate::id::RecordId;
use crate::records::governance::ballot::Ballot;
use crate::records::governance::proposal::ABSTAIN;
use crate::records::governance::rule::Rule;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a vote comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It passed, or an option won.
    Passed,
    /// It did not.
    #[default]
    NotPassed,
    /// It was vetoed: it ran on, and its result is not counted.
    Vetoed,
    /// Too few seconded it.
    NotStarted,
    /// A tie that leadership decides.
    ChairDecides,
}

impl Verdict {
    /// The word in records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::NotPassed => "not-passed",
            Self::Vetoed => "vetoed",
            Self::NotStarted => "not-started",
            Self::ChairDecides => "chair-decides",
        }
    }
}

/// Votes for one option; points in a vote by score, first places in a ranking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct OptionCount {
    /// The option; `abstain` comes last.
    pub option: String,
    /// How many.
    #[cfg_attr(test, ts(type = "number"))]
    pub votes: i64,
}

impl OptionCount {
    pub(super) fn is_abstain(&self) -> bool {
        self.option == ABSTAIN
    }
}

/// A count of some ballots.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Count {
    /// How many are on the roll.
    pub roll: u32,
    /// How many voted, abstentions included.
    pub cast: u32,
    /// Percent of the roll that voted, to one decimal: ballots including abstentions ÷ roll.
    pub turnout: String,
    /// Whether enough took part.
    pub quorum_met: bool,
    /// Votes by option, in the proposal's order, abstentions last.
    pub counts: Vec<OptionCount>,
    /// What it comes to.
    pub result: Verdict,
    /// What won.
    pub winner: Option<String>,
    /// The options, the best first, equals together; empty where nothing is ranked.
    pub order: Vec<Vec<String>>,
    /// All of it in a sentence.
    pub sentence: String,
}

/// What is asked.
pub(super) struct Asked<'a> {
    pub rule: &'a Rule,
    /// What can be chosen.
    pub options: &'a [String],
}

/// What a method finds.
pub(super) struct Finding {
    pub counts: Vec<OptionCount>,
    pub result: Verdict,
    pub winner: Option<String>,
    pub order: Vec<Vec<String>>,
    /// The comparison that decided.
    pub why: String,
}

/// Votes for each option and abstentions; in a ranking its first place counts.
pub(super) fn votes_for(asked: &Asked<'_>, ballots: &[&Ballot]) -> Vec<OptionCount> {
    let mut votes: BTreeMap<&str, i64> = BTreeMap::new();
    for ballot in ballots {
        let chosen = match ballot.ranking.first() {
            Some(first) if ballot.choice.is_empty() => first,
            _ => &ballot.choice,
        };
        let vote = votes.entry(chosen.as_str()).or_default();
        *vote = vote.saturating_add(1);
    }
    let all = asked.options.iter().map(String::as_str).chain([ABSTAIN]);
    all.map(|option| OptionCount {
        option: option.to_owned(),
        votes: votes.get(option).copied().unwrap_or(0),
    })
    .collect()
}

impl Asked<'_> {
    /// What a tie comes to.
    pub fn tie(&self, counts: Vec<OptionCount>, why: &str) -> Finding {
        let default = self.rule.default_option.as_deref().unwrap_or_default();
        let (result, winner, why) = match self.rule.tie.as_str() {
            "chair" => (Verdict::ChairDecides, None, format!("{why}, a tie: leadership decides")),
            "default" if !default.is_empty() => {
                (Verdict::NotPassed, None, format!("{why}, a tie: it stays with {default}"))
            }
            _ => (Verdict::NotPassed, None, format!("{why}, a tie passes nothing")),
        };
        Finding { counts, result, winner, order: Vec::new(), why }
    }

    /// What is wrong with what a ballot chooses; nothing when it can be counted.
    pub fn fault(&self, ballot: &Ballot) -> Option<String> {
        if ballot.choice == ABSTAIN && ballot.ranking.is_empty() && ballot.scores.is_empty() {
            return None;
        }
        let known = |option: &String| self.options.contains(option);
        match self.rule.method.as_str() {
            "schulze" => {
                let distinct: BTreeSet<&String> = ballot.ranking.iter().collect();
                let fine = ballot.choice.is_empty()
                    && !ballot.ranking.is_empty()
                    && distinct.len() == ballot.ranking.len()
                    && ballot.ranking.iter().all(known);
                (!fine).then(|| "It does not rank the options, each once.".to_owned())
            }
            "score" => score::points(self, ballot).is_none().then(|| {
                format!("It does not give each option 0 to {} points.", score::MAX_POINTS)
            }),
            _ => (!known(&ballot.choice))
                .then(|| format!("“{}” is none of the options.", ballot.choice)),
        }
    }
}

/// A part of a whole in percent to one decimal, rounded half up.
pub(super) fn percent(part: u32, whole: u32) -> String {
    let (part, whole) = (u64::from(part), u64::from(whole));
    let doubled = whole.saturating_mul(2);
    let tenths = part.saturating_mul(2_000).saturating_add(whole).checked_div(doubled).unwrap_or(0);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Whether enough took part. Exact: no rounding decides.
fn quorum(vote: &Vote, cast: u32, abstained: u32) -> bool {
    let counts = match vote.rule.quorum_counts_abstentions {
        true => cast,
        false => cast.saturating_sub(abstained),
    };
    let needed = u64::try_from(vote.rule.quorum_percent.unwrap_or(0)).unwrap_or(0);
    let roll = u64::try_from(vote.roll.len()).unwrap_or(u64::MAX);
    u64::from(counts).saturating_mul(100) >= roll.saturating_mul(needed)
}

/// Counts one ballot a voter, and what was said beside them.
pub(super) fn count(
    vote: &Vote,
    ballots: &BTreeMap<RecordId, (RecordId, &Ballot)>,
    words: &BTreeSet<RecordId>,
) -> Count {
    let asked = vote.asked();
    let chosen: Vec<&Ballot> = ballots.values().map(|(_, ballot)| *ballot).collect();
    let mut found = match vote.rule.method.as_str() {
        "plurality" => plurality::count(&asked, &chosen),
        "schulze" => schulze::count(&asked, &chosen),
        "score" => score::count(&asked, &chosen),
        "consent" | "lazy-consensus" => {
            consent::count(&asked, &chosen, vote.objections(words).len())
        }
        _ => majority::count(&asked, &chosen),
    };
    let (cast, roll) = (small(chosen.len()), small(vote.roll.len()));
    let abstained = chosen.iter().filter(|ballot| ballot.choice == ABSTAIN).count();
    let quorum_met = quorum(vote, cast, small(abstained));
    let turnout = percent(cast, roll);
    let mut took_part = format!("turnout {cast} of {roll} ({turnout} %)");
    if let Some(needed) = vote.rule.quorum_percent {
        if !vote.rule.quorum_counts_abstentions && abstained > 0 {
            let without = cast.saturating_sub(small(abstained));
            took_part.push_str(&format!(", {without} without abstentions"));
        }
        let sign = if quorum_met { "≥" } else { "<" };
        took_part.push_str(&format!(" {sign} {needed} %"));
    }
    let fell_short = found.result == Verdict::Passed && !quorum_met;
    if !quorum_met && found.result == Verdict::ChairDecides || fell_short {
        (found.result, found.winner) = (Verdict::NotPassed, None);
    }
    let but = if fell_short { "but " } else { "" };
    let mut sentence = match found.result {
        Verdict::Passed => format!("Passed: {}, {took_part}", found.why),
        Verdict::ChairDecides => format!("Undecided: {}, {took_part}", found.why),
        _ => format!("Not passed: {}, {but}{took_part}", found.why),
    };
    let (seconds, needed) = (vote.seconds(words).len(), vote.rule.seconds_needed.unwrap_or(0));
    if i64::try_from(seconds).unwrap_or(i64::MAX) < needed {
        (found.result, found.winner) = (Verdict::NotStarted, None);
        sentence = format!("Not started: seconded by {seconds} of {needed}");
    } else if !vote.vetoes(words).is_empty() {
        (found.result, found.winner) = (Verdict::Vetoed, None);
        sentence = format!("Vetoed, so the result is not counted ({sentence})");
    }
    Count {
        roll,
        cast,
        turnout,
        quorum_met,
        counts: found.counts,
        result: found.result,
        winner: found.winner,
        order: found.order,
        sentence,
    }
}

pub(super) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
