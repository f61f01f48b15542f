//! An attestation: a person vouches for a requirement of the framework that no record proves, or says why it does not apply.

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// What can be said.
pub const STATUSES: &[&str] = &["attested", "not-applicable"];

/// What somebody vouches for, with evidence and a date.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Attestation {
    /// The id of the requirement, such as finance.self-funded.no-perks.
    pub requirement: String,
    /// attested: it holds; not-applicable: it does not apply here.
    pub status: String,
    /// Why, in a sentence or two.
    pub statement: String,
    /// Where somebody can look: an address, a file hash, a record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// The decision that says so; a requirement does not apply only by a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// The day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The day it must be said again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Who vouches.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
}

impl Record for Attestation {
    const KIND: Kind = Kind::Attestation;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column(
            "requirement",
            T::Text,
            "The id of the requirement, such as finance.self-funded.no-perks.",
        ),
        column(
            "status",
            T::Choice(STATUSES),
            "attested: it holds; not-applicable: it does not apply here.",
        ),
        column("statement", T::Text, "Why, in a sentence or two."),
        column("evidence", T::Text, "Where somebody can look: an address, a file hash, a record."),
        column(
            "decision",
            T::Text,
            "The decision that says so; a requirement does not apply only by a decision.",
        ),
        column("date", T::Date, "The day."),
        column("until", T::Date, "The day it must be said again."),
        column("person", T::Id, "Who vouches."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "requirement", &self.requirement, "The requirement");
        require(problems, "status", &self.status, "What is said");
        require(problems, "statement", &self.statement, "The reason");
        require_some(problems, "date", self.date.is_some(), "The day");
        require_some(problems, "person", !self.person.is_nil(), "The person");
        if self.status == "not-applicable" {
            require(problems, "decision", self.decision.as_deref().unwrap_or(""), "The decision");
        }
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        format!("{}: {}", self.requirement, self.status)
    }

    fn speaks_for(&self) -> Option<RecordId> {
        Some(self.person)
    }
}
