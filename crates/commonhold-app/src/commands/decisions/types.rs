//! What is shown of votes.

use commonhold_core::records::governance::rule::Rule;
use commonhold_core::reports::governance::tally::{Outcome, Stage, Verdict};
use commonhold_core::{Date, Kind, RecordId, Time};
use serde::Serialize;

/// A rule of deciding.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RuleView {
    /// The rule.
    #[cfg_attr(test, ts(type = "import(\"./Rule\").Rule"))]
    pub rule: Rule,
    /// The service's own record of it; nothing for a rule of the framework.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub record: Option<RecordId>,
    /// The rule in one sentence, with who could vote today.
    pub sentence: String,
    /// How many could vote today.
    pub roll: u32,
    /// Whether the person at this device may open a proposal under it.
    pub may_propose: bool,
}

/// One proposal in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ProposalRow {
    /// The proposal.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// The question.
    pub title: String,
    /// The name of its rule.
    pub rule: String,
    /// Where it stands.
    #[cfg_attr(test, ts(type = "import(\"./VoteStage\").VoteStage"))]
    pub stage: Stage,
    /// When it was opened.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub opened: Option<Time>,
    /// When it closes.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub closes: Option<Time>,
    /// Until when ballots may arrive.
    #[cfg_attr(test, ts(type = "string"))]
    pub grace_until: Time,
    /// How many voted.
    pub cast: u32,
    /// How many may vote.
    pub roll: u32,
    /// The result of a signed count.
    #[cfg_attr(test, ts(type = "import(\"./Verdict\").Verdict | null"))]
    pub result: Option<Verdict>,
    /// The result in a sentence; before it is counted what it would come to, unless hidden.
    pub sentence: Option<String>,
    /// Whether the person at this device may vote, it is open, and they have not voted.
    pub my_vote_missing: bool,
    /// Whether the person at this device may count it now.
    pub my_count_missing: bool,
    /// Whether it should be counted anew.
    pub recount_due: bool,
}

/// A ballot as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct BallotLine {
    /// The ballot.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// Which of its voter's it is.
    pub seq: u32,
    /// What was chosen, in words; nothing while that is hidden.
    pub choice: Option<String>,
    /// Why; nothing while it is hidden.
    pub reason: Option<String>,
    /// Whether it is in the count.
    pub counted: bool,
}

/// Somebody on the roll.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Voter {
    /// Who.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// Their name.
    pub name: String,
    /// Their last ballot.
    pub ballot: Option<BallotLine>,
    /// Interests they declared, as sentences.
    pub interests: Vec<String>,
    /// What the service pays them, as sentences (`governance.paid-work`).
    pub paid: Vec<String>,
}

/// Something said beside voting.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct WordLine {
    /// The record.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// Who.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// Their name.
    pub name: String,
    /// What: second, veto, objection, resolved, retract, recount-request.
    pub kind: String,
    /// Why.
    pub reason: Option<String>,
    /// Why it does not count, if so.
    pub fault: Option<String>,
}

/// What the person at this device may do.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct MyPart {
    /// Who it is.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub person: Option<RecordId>,
    /// Whether they are on the roll.
    pub on_roll: bool,
    /// Their last ballot.
    pub ballot: Option<BallotLine>,
    /// Whether it is open and they have not voted.
    pub vote_missing: bool,
    /// Whether they may vote now.
    pub may_vote: bool,
    /// Whether they may second it, and have not.
    pub may_second: bool,
    /// Whether they may veto it, and have not.
    pub may_veto: bool,
    /// Whether their objection stands.
    pub objects: bool,
    /// Whether they may take it back.
    pub may_retract: bool,
    /// Whether they may sign a count now.
    pub may_count: bool,
}

/// A record that carried a decision out.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Executed {
    /// Its kind.
    #[cfg_attr(test, ts(type = "import(\"./Kind\").Kind"))]
    pub kind: Kind,
    /// The record.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What it is called.
    pub title: String,
}

/// A decision that rests on a proposal.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct DecisionLine {
    /// The decision.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What was decided.
    pub title: String,
    /// The day.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub date: Option<Date>,
    /// From when it holds.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub effective_from: Option<Date>,
}

impl ProposalRow {
    /// Whether it was counted and passed.
    pub fn passed(&self) -> bool {
        self.stage == Stage::Counted && self.result == Some(Verdict::Passed)
    }
}

/// A proposal with all that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ProposalView {
    /// As in a list.
    #[serde(flatten)]
    pub row: ProposalRow,
    /// What is proposed, and why (Markdown).
    pub text: String,
    /// What can be chosen, beside abstaining.
    pub options: Vec<String>,
    /// The rule as it was frozen.
    #[cfg_attr(test, ts(type = "import(\"./Rule\").Rule"))]
    pub terms: Rule,
    /// The rule in one sentence, with the numbers of this roll.
    pub rule_sentence: String,
    /// Who proposes it.
    #[cfg_attr(test, ts(type = "string"))]
    pub proposer: RecordId,
    /// Their name.
    pub proposer_name: String,
    /// Conflicts of interest the proposer named.
    pub conflicts: Vec<String>,
    /// The record it is about.
    pub about: Option<Executed>,
    /// The phase the service enters if it passes.
    #[cfg_attr(test, ts(optional = nullable))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// Those on the roll, by name.
    pub voters: Vec<Voter>,
    /// What was said beside voting.
    pub words: Vec<WordLine>,
    /// What the person at this device may do.
    pub mine: MyPart,
    /// Whether counts and choices are hidden now.
    pub hidden: bool,
    /// What it comes to; without numbers while they are hidden.
    #[cfg_attr(test, ts(type = "import(\"./VoteOutcome\").VoteOutcome"))]
    pub outcome: Outcome,
    /// What arrived after the count, in a sentence.
    pub late_sentence: Option<String>,
    /// Why it has no result, if so, and what else is to be minded.
    pub remarks: Vec<String>,
    /// Decisions that rest on it.
    pub decisions: Vec<DecisionLine>,
    /// What carried it out.
    pub executed_by: Vec<Executed>,
}

/// A signed count.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct TallyDone {
    /// The tally; nothing when it was only tried.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub id: Option<RecordId>,
    /// The result in a sentence.
    pub sentence: String,
    /// SHA-256 of the count.
    pub sha256: String,
    /// How many ballots count.
    pub counted: u32,
    /// How many arrived too late.
    pub late: u32,
    /// How many may not count.
    pub ineligible: u32,
}
