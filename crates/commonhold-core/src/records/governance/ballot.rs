//! A ballot: one person's choice in one vote. Whoever votes again writes another with the next number.

use crate::id::RecordId;
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// One ballot (`governance.votes`). It counts only from a device of its voter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Ballot {
    /// The proposal voted on.
    #[cfg_attr(test, ts(type = "string"))]
    pub proposal: RecordId,
    /// The voter, by their person record.
    #[cfg_attr(test, ts(type = "string"))]
    pub voter: RecordId,
    /// Which of the voter's ballots on this proposal it is, from 1; the last counts.
    #[cfg_attr(test, ts(type = "number"))]
    pub seq: i64,
    /// The option chosen; empty where options are ranked.
    pub choice: String,
    /// The options in order, the best first.
    pub ranking: Vec<String>,
    /// Points for each option, in the order of the proposal's options, each from 0 to 5.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Record for Ballot {
    const KIND: Kind = Kind::Ballot;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("proposal", T::Id, "The proposal voted on."),
        column("voter", T::Id, "The voter, by their person record."),
        column("seq", T::Integer, "Which of the voter's ballots on this proposal it is, from 1."),
        column("choice", T::Text, "The option chosen."),
        column("ranking", T::List, "The options in order, the best first."),
        column(
            "scores",
            T::List,
            "Points for each option, in the order of the proposal's options.",
        ),
        column("reason", T::Text, "Why."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        if self.proposal.is_nil() {
            problems.push(Problem::new("proposal", "The proposal voted on is missing."));
        }
        if self.voter.is_nil() {
            problems.push(Problem::new("voter", "The voter is missing."));
        }
        if self.seq < 1 {
            problems.push(Problem::new("seq", "Ballots are numbered from 1."));
        }
        if self.ranking.is_empty() && self.scores.is_empty() {
            require(problems, "choice", &self.choice, "The choice");
        }
    }

    fn home(&self) -> Home {
        Home::Proposal(self.proposal)
    }

    fn title(&self) -> String {
        match self.choice.as_str() {
            "" if self.ranking.is_empty() => self.scores.join(" · "),
            "" => self.ranking.join(" › "),
            choice => choice.to_owned(),
        }
    }

    fn purpose(&self) -> Option<String> {
        Some(format!("{}/{}/{}", self.proposal, self.voter, self.seq))
    }

    fn speaks_for(&self) -> Option<RecordId> {
        Some(self.voter)
    }
}
