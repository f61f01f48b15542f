//! A session: people of a community of practice met or will meet (`operations.community`).

use crate::date::Time;
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::records::checks;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// One meeting at a venue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Session {
    /// What it is about.
    pub title: String,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub venue: Option<RecordId>,
    /// When it begins (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub starts: Option<Time>,
    /// When it ends (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub ends: Option<Time>,
    /// Whether it was held.
    pub held: bool,
    /// What was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Its UID in calendars (RFC 5545).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// Where it was imported from, with its id there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Record for Session {
    const KIND: Kind = Kind::Session;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("title", T::Text, "What it is about."),
        column("venue", T::Id, "Where."),
        column("starts", T::Moment, "When it begins (UTC)."),
        column("ends", T::Moment, "When it ends (UTC)."),
        column("held", T::Boolean, "Whether it was held."),
        column("notes", T::Text, "What was said."),
        column("uid", T::Text, "Its UID in calendars (RFC 5545)."),
        column("origin", T::Text, "Where it was imported from, with its id there."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "title", &self.title, "What it is about");
        require_some(problems, "starts", self.starts.is_some(), "When it begins");
        checks::in_order(
            problems,
            &[("starts", "begun", self.starts), ("ends", "ended", self.ends)],
        );
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn words(&self) -> String {
        format!("{} {}", self.title, self.notes.as_deref().unwrap_or_default())
    }

    fn purpose(&self) -> Option<String> {
        self.origin.clone()
    }
}
