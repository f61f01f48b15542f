//! A phase: the service moves from one phase to the next (`product.phases`), with what the gate said at that moment.

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Phases a service can leave.
pub const FROM: &[&str] = &["evaluating", "starting", "operating", "closing"];
/// Phases a service can enter.
pub const TO: &[&str] = &["starting", "operating", "closing", "closed"];

/// The moves there are; no other exists.
pub const MOVES: &[(&str, &str)] = &[
    ("evaluating", "starting"),
    ("starting", "operating"),
    ("operating", "closing"),
    ("closing", "closed"),
    ("evaluating", "closed"),
    ("starting", "closing"),
];

/// One move between phases. No move is ever taken back: a closed service stays closed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Phase {
    /// The phase it leaves.
    pub from: String,
    /// The phase it enters.
    pub to: String,
    /// The day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The decision that approved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// What the public is told.
    pub statement: String,
    /// For closing: the last day of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<Date>,
    /// What the gate said at that moment: requirement and status.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gate: Vec<String>,
    /// Who wrote it down.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
}

impl Record for Phase {
    const KIND: Kind = Kind::Phase;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("from", T::Choice(FROM), "The phase it leaves."),
        column("to", T::Choice(TO), "The phase it enters."),
        column("date", T::Date, "The day."),
        column("decision", T::Text, "The decision that approved it."),
        column("statement", T::Text, "What the public is told."),
        column("ends", T::Date, "For closing: the last day of the service."),
        column("gate", T::List, "What the gate said at that moment: requirement and status."),
        column("person", T::Id, "Who wrote it down."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "from", &self.from, "The phase it leaves");
        require(problems, "to", &self.to, "The phase it enters");
        require_some(problems, "date", self.date.is_some(), "The day");
        require(problems, "statement", &self.statement, "The public statement");
        require_some(problems, "person", !self.person.is_nil(), "The person");
        let known = MOVES.contains(&(self.from.as_str(), self.to.as_str()));
        if !self.from.is_empty() && !self.to.is_empty() && !known {
            let message = format!("A service does not go from {} to {}.", self.from, self.to);
            problems.push(Problem::new("to", message));
        }
        if self.to == "closing" && self.ends.is_none() {
            problems.push(Problem::new("ends", "The last day of the service is missing."));
        }
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        format!("{} → {}", self.from, self.to)
    }

    fn speaks_for(&self) -> Option<RecordId> {
        Some(self.person)
    }
}
