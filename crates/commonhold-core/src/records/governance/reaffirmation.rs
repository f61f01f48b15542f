//! A reaffirmation: each January members and leadership say whether they go on (`governance.reaffirmation`).

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// What can be answered.
pub const ANSWERS: &[&str] = &["yes", "no"];

/// One person's answer of one year.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Reaffirmation {
    /// Who answers.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// The year.
    #[cfg_attr(test, ts(type = "number"))]
    pub year: i64,
    /// yes or no.
    pub answer: String,
    /// The day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
}

impl Record for Reaffirmation {
    const KIND: Kind = Kind::Reaffirmation;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("person", T::Id, "Who answers."),
        column("year", T::Integer, "The year."),
        column("answer", T::Choice(ANSWERS), "yes or no."),
        column("date", T::Date, "The day."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "person", !self.person.is_nil(), "The person");
        require(problems, "answer", &self.answer, "The answer");
        require_some(problems, "date", self.date.is_some(), "The day");
        if !(2000..=9999).contains(&self.year) {
            problems.push(Problem::new("year", "The year is one from 2000."));
        }
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        format!("{}: {}", self.year, self.answer)
    }

    fn purpose(&self) -> Option<String> {
        Some(format!("{}/{}", self.person, self.year))
    }

    fn speaks_for(&self) -> Option<RecordId> {
        Some(self.person)
    }
}
