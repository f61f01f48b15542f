//! A statement: what a bank says an account held at the beginning and the end of some days.

use crate::date::Date;
use crate::id::RecordId;
use crate::money::Money;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Link, Record, Relation};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// The head of one statement of a file. Statements of an account chain: one's closing balance is the next one's opening balance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Statement {
    /// The account it is about.
    #[cfg_attr(test, ts(type = "string"))]
    pub account: RecordId,
    /// The import it came in with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub import: Option<RecordId>,
    /// Its number or id at the bank.
    pub number: String,
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// The balance before the first line.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub opening: Option<Money>,
    /// The balance after the last line.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub closing: Option<Money>,
    /// How many lines it has.
    #[cfg_attr(test, ts(type = "number"))]
    pub lines: i64,
    /// SHA-256 of the file it was in.
    pub file_sha256: String,
    /// Which statement of the file it is, from 0.
    #[cfg_attr(test, ts(type = "number"))]
    pub position: i64,
}

impl Record for Statement {
    const KIND: Kind = Kind::Statement;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("account", T::Id, "The account it is about."),
        column("import", T::Id, "The import it came in with."),
        column("number", T::Text, "Its number or id at the bank."),
        column("from", T::Date, "First day."),
        column("to", T::Date, "Last day."),
        column("opening", T::Money, "The balance before the first line."),
        column("closing", T::Money, "The balance after the last line."),
        column("lines", T::Integer, "How many lines it has."),
        column("file_sha256", T::SealedAttachment, "SHA-256 of the file it was in."),
        column("position", T::Integer, "Which statement of the file it is, from 0."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "account", !self.account.is_nil(), "The account");
        require(problems, "file_sha256", &self.file_sha256, "The file's SHA-256");
    }

    fn home(&self) -> Home {
        Home::Imports
    }

    fn title(&self) -> String {
        self.number.clone()
    }

    fn purpose(&self) -> Option<String> {
        Some(format!("{}/{}/{}", self.file_sha256, self.account, self.position))
    }

    fn links(&self) -> Vec<Link> {
        let link = |id| Link { relation: Relation::ImportedBy, kind: Kind::Import, id };
        self.import.map(link).into_iter().collect()
    }
}
