//! A pairing: people of the team, or of two services, worked on something together.

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::records::checks;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Somebody learned from somebody.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Pairing {
    /// The day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Who took part, by their person records.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(type = "string[]"))]
    pub persons: Vec<RecordId>,
    /// What it was about.
    pub subject: String,
    /// The other service, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
}

impl Record for Pairing {
    const KIND: Kind = Kind::Pairing;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("date", T::Date, "The day."),
        column("persons", T::List, "Who took part, by their person records."),
        column("subject", T::Text, "What it was about."),
        column("with", T::Text, "The other service, if there was one."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "date", self.date.is_some(), "The day");
        require_some(problems, "persons", !self.persons.is_empty(), "Who took part");
        require(problems, "subject", &self.subject, "What it was about");
        checks::few(problems, "persons", &self.persons);
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.subject.clone()
    }
}
