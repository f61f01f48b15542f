//! A firing: a scenario's condition was met. It is recorded once, whichever device saw it first.

use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// One firing of a scenario.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Firing {
    /// The scenario.
    #[cfg_attr(test, ts(type = "string"))]
    pub scenario: RecordId,
    /// The last month of the run, YYYY-MM.
    pub month: String,
    /// The month and value of each month of the run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// What the scenario said happens then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
}

impl Record for Firing {
    const KIND: Kind = Kind::Firing;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("scenario", T::Id, "The scenario."),
        column("month", T::Text, "The last month of the run, YYYY-MM."),
        column("values", T::List, "The month and value of each month of the run."),
        column("then", T::Text, "What the scenario said happens then."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "scenario", !self.scenario.is_nil(), "The scenario");
        require(problems, "month", &self.month, "The month");
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.month.clone()
    }

    fn purpose(&self) -> Option<String> {
        Some(format!("{}/{}", self.scenario, self.month))
    }
}
