//! A text of other people, preserved with its source and licence.

use crate::date::Date;
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::records::checks;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// What is preserved.
pub const TYPES: &[&str] = &["postmortem", "runbook", "process", "text"];

/// A postmortem, runbook or other text that others published.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Commons {
    /// The heading.
    pub title: String,
    /// postmortem, runbook, process, text.
    #[serde(rename = "type")]
    pub commons_type: String,
    /// The service or organisation it is from.
    pub source: String,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Where somebody can look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The day it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// SHA-256 of the text.
    pub sha256: String,
    /// Its licence (SPDX).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// How it asks to be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
    /// The text itself, where it is short.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The text itself, as a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

impl Record for Commons {
    const KIND: Kind = Kind::Commons;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("title", T::Text, "The heading."),
        column("type", T::Choice(TYPES), "postmortem, runbook, process, text."),
        column("source", T::Text, "The service or organisation it is from."),
        column("author", T::Text, "Who wrote it."),
        column("url", T::Text, "Where somebody can look."),
        column("date", T::Date, "The day it was published."),
        column("sha256", T::Text, "SHA-256 of the text."),
        column("licence", T::Text, "Its licence (SPDX)."),
        column("attribution", T::Text, "How it asks to be named."),
        column("text", T::Text, "The text itself, where it is short."),
        column("file", T::Attachment, "The text itself, as a file."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "title", &self.title, "The title");
        require(problems, "type", &self.commons_type, "What it is");
        require(problems, "source", &self.source, "Where it is from");
        require(problems, "sha256", &self.sha256, "SHA-256 of the text");
        checks::sha256(problems, "sha256", Some(&self.sha256));
    }

    fn home(&self) -> Home {
        Home::Own
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn words(&self) -> String {
        format!("{} {} {}", self.title, self.source, self.text.as_deref().unwrap_or_default())
    }
}
