//! A tally: a teller's signed count of one vote. The ballots it names are the ones that count, whenever they say they were written.

use crate::date::Time;
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Link, Record, Relation};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// What it comes to.
pub const RESULTS: &[&str] = &["passed", "not-passed", "vetoed", "not-started", "chair-decides"];

/// Most ballots one tally may name.
pub const MAX_BALLOTS: usize = 20_000;

/// A count by one teller. Two that come to the same support each other; two that differ are a conflict until one corrects the other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Tally {
    /// The proposal.
    #[cfg_attr(test, ts(type = "string"))]
    pub proposal: RecordId,
    /// Who counted.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// When it was counted (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub at: Option<Time>,
    /// The ballots counted, by id, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub counted: Vec<String>,
    /// What each of them said: the first 32 hexadecimal digits of SHA-256 over its canonical JSON.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contents: Vec<String>,
    /// Ballots that had arrived too late, by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub late: Vec<String>,
    /// Ballots that may not count, by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ineligible: Vec<String>,
    /// Seconds, vetoes and objections that were counted, by id, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub interventions: Vec<String>,
    /// Votes by option, as canonical JSON.
    pub counts: String,
    /// passed, not-passed, vetoed, not-started, chair-decides.
    pub result: String,
    /// The option that won.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub winner: Option<String>,
    /// The result in a sentence.
    pub statement: String,
    /// SHA-256 over the count as canonical JSON (`tally_bytes`).
    pub sha256: String,
    /// The tally this one counts anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub corrects: Option<RecordId>,
}

impl Record for Tally {
    const KIND: Kind = Kind::Tally;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("proposal", T::Id, "The proposal."),
        column("person", T::Id, "Who counted."),
        column("at", T::Moment, "When it was counted (UTC)."),
        column("counted", T::List, "The ballots counted, by id, sorted."),
        column(
            "contents",
            T::List,
            "What each of them said: the first 32 hexadecimal digits of SHA-256 over its canonical JSON.",
        ),
        column("late", T::List, "Ballots that had arrived too late, by id."),
        column("ineligible", T::List, "Ballots that may not count, by id."),
        column(
            "interventions",
            T::List,
            "Seconds, vetoes and objections that were counted, by id, sorted.",
        ),
        column("counts", T::Text, "Votes by option, as canonical JSON."),
        column(
            "result",
            T::Choice(RESULTS),
            "passed, not-passed, vetoed, not-started, chair-decides.",
        ),
        column("winner", T::Text, "The option that won."),
        column("statement", T::Text, "The result in a sentence."),
        column("sha256", T::Text, "SHA-256 over the count as canonical JSON (`tally_bytes`)."),
        column("corrects", T::Id, "The tally this one counts anew."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "proposal", !self.proposal.is_nil(), "The proposal");
        require_some(problems, "person", !self.person.is_nil(), "The teller");
        require_some(problems, "at", self.at.is_some(), "When it was counted");
        require(problems, "result", &self.result, "The result");
        require(problems, "statement", &self.statement, "The result in a sentence");
        require(problems, "sha256", &self.sha256, "SHA-256 of the count");
        if self.counted.len() > MAX_BALLOTS || self.late.len() > MAX_BALLOTS {
            problems.push(Problem::new("counted", "A tally names at most 20,000 ballots."));
        }
        if self.counted.len() != self.contents.len() {
            let message = "A tally says of each ballot it counts what that ballot said.";
            problems.push(Problem::new("contents", message));
        }
    }

    fn home(&self) -> Home {
        Home::Proposal(self.proposal)
    }

    fn title(&self) -> String {
        self.statement.clone()
    }

    fn speaks_for(&self) -> Option<RecordId> {
        Some(self.person)
    }

    fn links(&self) -> Vec<Link> {
        let link = |id| Link { relation: Relation::Corrects, kind: Kind::Tally, id };
        self.corrects.map(link).into_iter().collect()
    }
}
