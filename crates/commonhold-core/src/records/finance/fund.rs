//! A fund: money with one purpose, restricted by a donor, set aside by the board, or free.

use crate::date::Date;
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Restrictions of funds (FASB ASC 958: with and without donor restrictions; reserves that the
/// service sets aside itself are designated).
pub const RESTRICTIONS: &[&str] = &["unrestricted", "designated", "donor-restricted"];

/// Money with one purpose.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Fund {
    /// What it is called.
    pub name: String,
    /// unrestricted, designated or donor-restricted.
    pub restriction: String,
    /// What it may be spent on.
    pub purpose: String,
    /// The last day it may be spent, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// SHA-256 of the donor's document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub donor_document: Option<String>,
    /// The day it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<Date>,
}

impl Record for Fund {
    const KIND: Kind = Kind::Fund;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("name", T::Text, "What it is called."),
        column(
            "restriction",
            T::Choice(RESTRICTIONS),
            "unrestricted, designated or donor-restricted.",
        ),
        column("purpose", T::Text, "What it may be spent on."),
        column("until", T::Date, "The last day it may be spent."),
        column("donor_document", T::SealedAttachment, "SHA-256 of the donor's document."),
        column("closed", T::Date, "The day it was closed."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "name", &self.name, "The fund's name");
        require(problems, "restriction", &self.restriction, "The restriction");
        if self.restriction == "donor-restricted" {
            require(problems, "purpose", &self.purpose, "The purpose a donor restricted it to");
        }
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.name.clone()
    }

    fn words(&self) -> String {
        format!("{} {}", self.name, self.purpose)
    }

    fn purpose(&self) -> Option<String> {
        Some(self.name.clone())
    }
}
