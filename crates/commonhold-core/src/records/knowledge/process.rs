//! A process: how the service does something again and again (`operations.process.public`).

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::records::checks;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// A way of working, open to feedback.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Process {
    /// The heading.
    pub title: String,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// What it begins with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inputs: Option<String>,
    /// What comes out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outputs: Option<String>,
    /// How it is done, Markdown.
    pub body: String,
    /// Who sees to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub owner: Option<RecordId>,
    /// The day it was last checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Date>,
    /// The last day it may be relied on without a check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    /// Whether everybody may read it.
    pub public: bool,
    /// Where it was taken over from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adopted_from: Option<String>,
    /// SHA-256 of the text as it was taken over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adopted_sha256: Option<String>,
    /// Its licence (SPDX).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
}

impl Record for Process {
    const KIND: Kind = Kind::Process;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("title", T::Text, "The heading."),
        column("purpose", T::Text, "What it is for."),
        column("inputs", T::Text, "What it begins with."),
        column("outputs", T::Text, "What comes out."),
        column("body", T::LongText, "How it is done, Markdown."),
        column("owner", T::Id, "Who sees to it."),
        column("reviewed", T::Date, "The day it was last checked."),
        column("expires", T::Date, "The last day it may be relied on without a check."),
        column("public", T::Boolean, "Whether everybody may read it."),
        column("adopted_from", T::Text, "Where it was taken over from."),
        column("adopted_sha256", T::Text, "SHA-256 of the text as it was taken over."),
        column("licence", T::Text, "Its licence (SPDX)."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "title", &self.title, "The title");
        checks::sha256(problems, "adopted_sha256", self.adopted_sha256.as_deref());
        checks::span(problems, ("reviewed", self.reviewed), ("expires", self.expires));
    }

    fn home(&self) -> Home {
        Home::Own
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn words(&self) -> String {
        format!("{} {}", self.title, self.body)
    }
}
