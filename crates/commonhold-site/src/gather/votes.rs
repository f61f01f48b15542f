//! Votes as the public sees them: the question, the rule in a sentence, every ballot, what came of
//! it.

use crate::Error;
use crate::public::Public;
use commonhold_core::date::{Date, Time};
use commonhold_core::id::RecordId;
use commonhold_core::records::governance::ballot::Ballot;
use commonhold_core::records::governance::decision::Decision;
use commonhold_core::records::governance::intervention::Intervention;
use commonhold_core::records::governance::proposal::Proposal;
use commonhold_core::reports::governance::tally::{Count, Stage, Vote, outcome, sentence};
use std::collections::{BTreeMap, BTreeSet};

/// One ballot.
pub struct BallotView {
    /// The ballot.
    pub id: RecordId,
    /// Whose.
    pub voter: RecordId,
    /// What it chooses, in words.
    pub choice: String,
    /// Why.
    pub reason: Option<String>,
    /// Whether it is in the count.
    pub counted: bool,
}

/// One vote.
pub struct VoteView {
    /// The proposal.
    pub id: RecordId,
    /// The question, as it is shown.
    pub proposal: Proposal,
    /// The rule in a sentence, with this roll's numbers.
    pub rule: String,
    /// Where it stands: `open`, `counted` and so on.
    pub stage: Stage,
    /// How many may vote.
    pub roll: usize,
    /// The count; nothing while it is hidden.
    pub count: Option<Count>,
    /// Whether the count is signed and holds.
    pub is_final: bool,
    /// From when it holds.
    pub effective_from: Option<Date>,
    /// Ballots; nothing where they are not shown.
    pub ballots: Option<Vec<BallotView>>,
    /// What was said beside voting: objections, vetoes and so on.
    pub words: Vec<(RecordId, Intervention)>,
    /// How many ballots arrived after the count, and whether they would have changed the result.
    pub late: (usize, bool),
    /// The decisions that rest on it.
    pub decisions: Vec<(RecordId, Decision)>,
}

/// What a ballot chooses, in words.
fn in_words(options: &[String], ballot: &Ballot) -> String {
    match () {
        () if !ballot.choice.is_empty() => ballot.choice.clone(),
        () if !ballot.ranking.is_empty() => ballot.ranking.join(" › "),
        () => {
            let pairs = options.iter().zip(&ballot.scores);
            pairs
                .map(|(option, points)| format!("{option} {points}"))
                .collect::<Vec<_>>()
                .join(", ")
        }
    }
}

type Grouped<R> = BTreeMap<RecordId, Vec<(RecordId, R)>>;

fn group<R>(all: Vec<(RecordId, R)>, by: impl Fn(&R) -> Option<RecordId>) -> Grouped<R> {
    let mut groups: Grouped<R> = BTreeMap::new();
    for (id, record) in all {
        if let Some(key) = by(&record) {
            groups.entry(key).or_default().push((id, record));
        }
    }
    groups
}

/// Each voter's last ballot that may count, by voter.
fn ballots(
    public: &Public<'_>,
    vote: &Vote,
    shown: Vec<(RecordId, Ballot)>,
    counted: &BTreeSet<RecordId>,
) -> Option<Vec<BallotView>> {
    if !public.shows_ballots(&vote.id) {
        return None;
    }
    let mut last: BTreeMap<RecordId, (i64, RecordId, Ballot)> = BTreeMap::new();
    for (id, ballot) in shown {
        let sound = vote.ballots.get(&id).is_some_and(|voice| voice.fault.is_none());
        let newer =
            last.get(&ballot.voter).is_none_or(|(seq, other, _)| (*seq, *other) < (ballot.seq, id));
        if sound && newer {
            last.insert(ballot.voter, (ballot.seq, id, ballot));
        }
    }
    let view = |(_, id, ballot): (i64, RecordId, Ballot)| BallotView {
        id,
        voter: ballot.voter,
        choice: in_words(&vote.proposal.options, &ballot),
        counted: counted.contains(&id),
        reason: ballot.reason,
    };
    Some(last.into_values().map(view).collect())
}

/// Reads all votes.
pub fn read(public: &Public<'_>) -> Result<Vec<VoteView>, Error> {
    let mut proposals: BTreeMap<RecordId, Proposal> =
        public.read("proposal")?.into_iter().collect();
    let mut cast = group(public.read::<Ballot>("ballot")?, |ballot| Some(ballot.proposal));
    let mut said = group(public.read::<Intervention>("intervention")?, |word| Some(word.proposal));
    let mut decided = group(public.read::<Decision>("decision")?, |decision| decision.proposal);
    let mut views = Vec::new();
    for vote in Vote::all(public.reader, &public.book)? {
        let Some(proposal) = proposals.remove(&vote.id) else { continue };
        let found = outcome(&vote, public.at, vote.is_irregular(public.reader, &public.book)?);
        let open = proposal.closes.is_none_or(|closes| public.at < closes);
        let hidden = vote.rule.hidden_until_close && open;
        let counted: BTreeSet<RecordId> = found.counted.iter().copied().collect();
        let mut count = found.count;
        count.sentence = public.sentence("result", &count.sentence);
        let mut words = said.remove(&vote.id).unwrap_or_default();
        words.retain(|(id, _)| vote.words.get(id).is_some_and(|word| word.fault.is_none()));
        let shown = cast.remove(&vote.id).unwrap_or_default();
        views.push(VoteView {
            id: vote.id,
            rule: public.sentence("rule", &sentence(&vote.rule, vote.roll.len())),
            stage: found.stage,
            roll: vote.roll.len(),
            count: (!hidden).then_some(count),
            is_final: found.is_final,
            effective_from: found.effective_from,
            ballots: ballots(public, &vote, shown, &counted),
            words,
            late: (found.late.len(), found.late_would_change),
            decisions: decided.remove(&vote.id).unwrap_or_default(),
            proposal,
        });
    }
    let opened = |view: &VoteView| view.proposal.opened.unwrap_or(Time(0));
    views.sort_by(|a, b| (opened(b), a.id).cmp(&(opened(a), b.id)));
    Ok(views)
}
