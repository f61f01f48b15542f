//! An import: one file taken in at one time. Withdrawing it takes out all it brought in.

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// The register entry of one import.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Import {
    /// The format it was read as.
    pub format: String,
    /// The file's name, without folders.
    pub file_name: String,
    /// SHA-256 of the file, hexadecimal.
    pub file_sha256: String,
    /// The account the file is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub account: Option<RecordId>,
    /// First day in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Last day in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// How many transactions it brought in.
    #[cfg_attr(test, ts(type = "number"))]
    pub count: i64,
    /// The how-manieth import of this file into this account, from 1: an undone import can be
    /// done again.
    #[cfg_attr(test, ts(type = "number"))]
    pub attempt: i64,
}

impl Record for Import {
    const KIND: Kind = Kind::Import;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("format", T::Text, "The format it was read as."),
        column("file_name", T::Text, "The file's name."),
        column("file_sha256", T::SealedAttachment, "SHA-256 of the file."),
        column("account", T::Id, "The account the file is about."),
        column("from", T::Date, "First day in the file."),
        column("to", T::Date, "Last day in the file."),
        column("count", T::Integer, "How many transactions it brought in."),
        column("attempt", T::Integer, "The how-manieth import of this file, from 1."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "format", &self.format, "The format");
        require(problems, "file_sha256", &self.file_sha256, "The file's SHA-256");
    }

    fn home(&self) -> Home {
        Home::Imports
    }

    fn title(&self) -> String {
        format!("{} ({})", self.file_name, self.format)
    }

    fn purpose(&self) -> Option<String> {
        let account = self.account.unwrap_or_default();
        Some(format!("{}/{account}/{}", self.file_sha256, self.attempt))
    }
}
