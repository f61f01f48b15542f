//! A scenario: a measurable trigger for starting, going on or stopping, and what then happens.

use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// What a scenario is for.
pub const TYPES: &[&str] = &["start", "continue", "stop"];
/// What can be measured.
pub const METRICS: &[&str] =
    &["runway-months", "coverage-percent", "balance", "donors", "members", "contributors"];
/// How it is compared.
pub const COMPARISONS: &[&str] = &["below", "above"];
/// What then happens.
pub const THEN: &[&str] = &["notify", "open-vote", "propose-phase"];
/// Phases that can be proposed.
pub const PHASES: &[&str] = &["operating", "closing", "closed"];
/// The rule a vote goes by where the scenario names none.
pub const DEFAULT_RULE: &str = "phase-change";

/// When a number has been beyond a limit for some months, something is proposed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Scenario {
    /// What it is called.
    pub name: String,
    /// start, continue, stop.
    #[serde(rename = "type")]
    pub scenario_type: String,
    /// What is measured.
    pub metric: String,
    /// below or above the limit.
    pub comparison: String,
    /// The limit, a decimal number.
    pub limit: String,
    /// For how many months in a row.
    #[cfg_attr(test, ts(type = "number"))]
    pub months: i64,
    /// notify, open-vote, propose-phase.
    pub then: String,
    /// The phase that is proposed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// The rule its vote is decided by; empty: phase-change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The decision it was adopted by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
}

impl Record for Scenario {
    const KIND: Kind = Kind::Scenario;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("name", T::Text, "What it is called."),
        column("type", T::Choice(TYPES), "start, continue, stop."),
        column("metric", T::Choice(METRICS), "What is measured."),
        column("comparison", T::Choice(COMPARISONS), "below or above the limit."),
        column("limit", T::Text, "The limit, a decimal number."),
        column("months", T::Integer, "For how many months in a row."),
        column("then", T::Choice(THEN), "notify, open-vote, propose-phase."),
        column("phase", T::Choice(PHASES), "The phase that is proposed."),
        column("rule", T::Text, "The rule its vote is decided by; empty: phase-change."),
        column("decision", T::Text, "The decision it was adopted by."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "name", &self.name, "The name");
        require(problems, "type", &self.scenario_type, "What it is for");
        require(problems, "metric", &self.metric, "What is measured");
        require(problems, "comparison", &self.comparison, "How it is compared");
        require(problems, "limit", &self.limit, "The limit");
        require(problems, "then", &self.then, "What then happens");
        if !(1..=120).contains(&self.months) {
            problems.push(Problem::new("months", "It is watched for 1 to 120 months in a row."));
        }
        if self.then == "propose-phase" && self.phase.is_none() {
            problems.push(Problem::new("phase", "The phase that is proposed is missing."));
        }
        let plain = |c: char| c.is_ascii_digit() || c == '.';
        let number = self.limit.chars().all(plain) && self.limit.matches('.').count() <= 1;
        if !number || self.limit.len() > 15 {
            problems.push(Problem::new("limit", "The limit is a number such as 80 or 3.5."));
        }
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.name.clone()
    }
}
