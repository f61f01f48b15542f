//! A manifesto as it read when it was looked at (`operations.manifesto`).

use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::records::checks;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// The text that is signed, by its hash.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Manifesto {
    /// What it is called.
    pub title: String,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// SHA-256 of the text.
    pub sha256: String,
    /// Where it is from: address and commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Its licence (SPDX).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// The text itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

impl Record for Manifesto {
    const KIND: Kind = Kind::Manifesto;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("title", T::Text, "What it is called."),
        column("version", T::Text, "Its version."),
        column("sha256", T::Text, "SHA-256 of the text."),
        column("source", T::Text, "Where it is from: address and commit."),
        column("licence", T::Text, "Its licence (SPDX)."),
        column("file", T::Attachment, "The text itself."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "title", &self.title, "The title");
        require(problems, "sha256", &self.sha256, "SHA-256 of the text");
        checks::sha256(problems, "sha256", Some(&self.sha256));
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn purpose(&self) -> Option<String> {
        Some(self.sha256.clone())
    }
}
