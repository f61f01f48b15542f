//! An intervention: what somebody says to a proposal beside voting: they second it, veto it, object, or ask for a re-count.

use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// What is said. An objection stands until its author says that it is resolved; only the proposer takes a proposal back.
pub const KINDS: &[&str] =
    &["second", "veto", "objection", "resolved", "retract", "recount-request"];

/// One word on a proposal. It counts only from a device of its author.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Intervention {
    /// The proposal.
    #[cfg_attr(test, ts(type = "string"))]
    pub proposal: RecordId,
    /// Who says it, by their person record.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// Which of this person's on this proposal it is, from 1.
    #[cfg_attr(test, ts(type = "number"))]
    pub seq: i64,
    /// second, veto, objection, resolved, retract, recount-request.
    pub kind: String,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Record for Intervention {
    const KIND: Kind = Kind::Intervention;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("proposal", T::Id, "The proposal."),
        column("person", T::Id, "Who says it, by their person record."),
        column("seq", T::Integer, "Which of this person's on this proposal it is, from 1."),
        column(
            "kind",
            T::Choice(KINDS),
            "second, veto, objection, resolved, retract, recount-request.",
        ),
        column("reason", T::Text, "Why."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "proposal", !self.proposal.is_nil(), "The proposal");
        require_some(problems, "person", !self.person.is_nil(), "The person");
        require(problems, "kind", &self.kind, "What is said");
        if self.seq < 1 {
            problems.push(Problem::new("seq", "Interventions are numbered from 1."));
        }
        if ["veto", "objection", "retract"].contains(&self.kind.as_str()) {
            let reason = self.reason.as_deref().unwrap_or_default();
            require(problems, "reason", reason, "The reason");
        }
    }

    fn home(&self) -> Home {
        Home::Proposal(self.proposal)
    }

    fn title(&self) -> String {
        self.kind.clone()
    }

    fn speaks_for(&self) -> Option<RecordId> {
        Some(self.person)
    }
}
