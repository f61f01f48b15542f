//! A contribution of any kind. How much is never recorded.

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Kinds of help.
pub const TYPES: &[&str] =
    &["code", "triage", "docs", "talk", "design", "funding", "operations", "community"];

/// Somebody helped.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Contribution {
    /// Who helped.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// code, triage, docs, talk, design, funding, operations, community.
    #[serde(rename = "type")]
    pub contribution_type: String,
    /// The day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Where somebody can look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// What it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Record for Contribution {
    const KIND: Kind = Kind::Contribution;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("person", T::Id, "Who helped."),
        column(
            "type",
            T::Choice(TYPES),
            "code, triage, docs, talk, design, funding, operations, community.",
        ),
        column("date", T::Date, "The day."),
        column("link", T::Text, "Where somebody can look."),
        column("note", T::Text, "What it was."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "person", !self.person.is_nil(), "The person");
        require(problems, "type", &self.contribution_type, "The kind");
        require_some(problems, "date", self.date.is_some(), "The day");
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.contribution_type.clone()
    }
}
