//! A stretch of time in which a component was seen to be up or not. What no record covers is unknown.

use crate::date::Time;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// How a component can stand.
pub const STATES: &[&str] = &["up", "degraded", "down", "maintenance"];

/// How a component stood for a while.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Availability {
    /// The component.
    pub component: String,
    /// From when (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub from: Option<Time>,
    /// Until when (UTC), not included.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub until: Option<Time>,
    /// up, degraded, down, maintenance.
    pub state: String,
    /// What saw it.
    pub source: String,
    /// Where it was imported from, with its id there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Record for Availability {
    const KIND: Kind = Kind::Availability;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("component", T::Text, "The component."),
        column("from", T::Moment, "From when (UTC)."),
        column("until", T::Moment, "Until when (UTC), not included."),
        column("state", T::Choice(STATES), "up, degraded, down, maintenance."),
        column("source", T::Text, "What saw it."),
        column("origin", T::Text, "Where it was imported from, with its id there."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "component", &self.component, "The component");
        require_some(problems, "from", self.from.is_some(), "From when");
        require_some(problems, "until", self.until.is_some(), "Until when");
        require(problems, "state", &self.state, "How it stood");
        require(problems, "source", &self.source, "What saw it");
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until <= from
        {
            problems.push(Problem::new("until", "It ends before it begins."));
        }
    }

    fn home(&self) -> Home {
        self.from.map_or(Home::Charter, |moment| Home::Operations(moment.date()))
    }

    fn title(&self) -> String {
        format!("{}: {}", self.component, self.state)
    }

    fn purpose(&self) -> Option<String> {
        self.origin.clone()
    }
}
