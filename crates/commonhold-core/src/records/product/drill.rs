//! A drill: somebody tried whether an export or a restore works (`product.export`).

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// What is tried.
pub const TYPES: &[&str] = &["user-export", "archive", "restore"];
/// How it went.
pub const RESULTS: &[&str] = &["worked", "failed"];

/// One try, with its result.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Drill {
    /// The day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// user-export, archive, restore.
    #[serde(rename = "type")]
    pub drill_type: String,
    /// worked or failed.
    pub result: String,
    /// What was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// SHA-256 of what came out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Who tried.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
}

impl Record for Drill {
    const KIND: Kind = Kind::Drill;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("date", T::Date, "The day."),
        column("type", T::Choice(TYPES), "user-export, archive, restore."),
        column("result", T::Choice(RESULTS), "worked or failed."),
        column("note", T::Text, "What was found."),
        column("sha256", T::Text, "SHA-256 of what came out."),
        column("person", T::Id, "Who tried."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "date", self.date.is_some(), "The day");
        require(problems, "type", &self.drill_type, "What was tried");
        require(problems, "result", &self.result, "How it went");
        require_some(problems, "person", !self.person.is_nil(), "The person");
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.drill_type.clone()
    }

    fn speaks_for(&self) -> Option<RecordId> {
        Some(self.person)
    }
}
