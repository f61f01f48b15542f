//! A signature under a manifesto (`operations.manifesto`). It is taken back by a withdrawal.

use crate::date::Date;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::records::checks;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// As what somebody signs.
pub const CAPACITIES: &[&str] = &["founding", "supporting", "individual"];

/// An organisation or a person signed a manifesto.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Signature {
    /// SHA-256 of the text that was signed.
    pub manifesto_sha256: String,
    /// Who signed.
    pub organisation: String,
    /// Where it is found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The name of the logo’s file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
    /// The person who signed for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signatory: Option<String>,
    /// What this person is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signatory_role: Option<String>,
    /// The decision that says so, by its id, or declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mandate: Option<String>,
    /// founding, supporting, individual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<String>,
    /// The day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Where it was imported from, with its id there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Record for Signature {
    const KIND: Kind = Kind::Signature;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("manifesto_sha256", T::Text, "SHA-256 of the text that was signed."),
        column("organisation", T::Text, "Who signed."),
        column("url", T::Text, "Where it is found."),
        column("logo", T::Text, "The name of the logo’s file."),
        column("signatory", T::Text, "The person who signed for it."),
        column("signatory_role", T::Text, "What this person is there."),
        column("mandate", T::Text, "The decision that says so, by its id, or declared."),
        column("capacity", T::Choice(CAPACITIES), "founding, supporting, individual."),
        column("date", T::Date, "The day."),
        column("origin", T::Text, "Where it was imported from, with its id there."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "manifesto_sha256", &self.manifesto_sha256, "SHA-256 of the text");
        require(problems, "organisation", &self.organisation, "Who signed");
        require_some(problems, "date", self.date.is_some(), "The day");
        checks::sha256(problems, "manifesto_sha256", Some(&self.manifesto_sha256));
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.organisation.clone()
    }

    fn purpose(&self) -> Option<String> {
        self.origin.clone()
    }
}
