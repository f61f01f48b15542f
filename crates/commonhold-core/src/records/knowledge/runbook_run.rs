//! A run of a runbook: somebody followed it, in earnest or as a drill.

use crate::date::Time;
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Link, Record, Relation};
use crate::records::Kind;
use crate::records::checks;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Most steps of one run.
const MAX_STEPS: usize = 500;
/// How a step can go.
pub const OUTCOMES: &[&str] = &["done", "skipped", "failed"];

/// Whether a text reads `n done|skipped|failed`, with an optional `: note`.
fn is_step(text: &str) -> bool {
    let Some((number, rest)) = text.split_once(' ') else { return false };
    let outcome = rest.split_once(':').map_or(rest, |(outcome, _)| outcome);
    number.parse::<u16>().is_ok_and(|number| number > 0) && OUTCOMES.contains(&outcome.trim())
}

/// How the steps of a runbook went once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct RunbookRun {
    /// The runbook.
    #[cfg_attr(test, ts(type = "string"))]
    pub runbook: RecordId,
    /// SHA-256 of the text that was followed.
    pub sha256: String,
    /// When it began (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub started: Option<Time>,
    /// When it ended (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub ended: Option<Time>,
    /// The incident it was for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub incident: Option<RecordId>,
    /// How each step went: “n done|skipped|failed: note”.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<String>,
    /// Where one had to do something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deviations: Option<String>,
    /// Whether it was a drill.
    pub drill: bool,
    /// Who followed it.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
}

impl Record for RunbookRun {
    const KIND: Kind = Kind::RunbookRun;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("runbook", T::Id, "The runbook."),
        column("sha256", T::Text, "SHA-256 of the text that was followed."),
        column("started", T::Moment, "When it began (UTC)."),
        column("ended", T::Moment, "When it ended (UTC)."),
        column("incident", T::Id, "The incident it was for."),
        column("steps", T::List, "How each step went: “n done|skipped|failed: note”."),
        column("deviations", T::Text, "Where one had to do something else."),
        column("drill", T::Boolean, "Whether it was a drill."),
        column("person", T::Id, "Who followed it."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "runbook", !self.runbook.is_nil(), "The runbook");
        require(problems, "sha256", &self.sha256, "SHA-256 of the text that was followed");
        require_some(problems, "started", self.started.is_some(), "When it began");
        require_some(problems, "person", !self.person.is_nil(), "The person");
        checks::sha256(problems, "sha256", Some(&self.sha256));
        checks::in_order(
            problems,
            &[("started", "started", self.started), ("ended", "ended", self.ended)],
        );
        if self.steps.len() > MAX_STEPS || !self.steps.iter().all(|step| is_step(step)) {
            let message = "A step reads “2 done”, “3 skipped: why” or “4 failed: what happened”.";
            problems.push(Problem::new("steps", message));
        }
    }

    fn home(&self) -> Home {
        self.started.map_or(Home::Charter, |moment| Home::Operations(moment.date()))
    }

    fn title(&self) -> String {
        self.started.map(|moment| moment.to_string()).unwrap_or_default()
    }

    fn words(&self) -> String {
        self.deviations.clone().unwrap_or_default()
    }

    fn links(&self) -> Vec<Link> {
        let link = |(kind, id): (Kind, Option<RecordId>)| {
            Some(Link { relation: Relation::Concerns, kind, id: id? })
        };
        [(Kind::Runbook, Some(self.runbook)), (Kind::Incident, self.incident)]
            .into_iter()
            .filter_map(link)
            .collect()
    }

    fn speaks_for(&self) -> Option<RecordId> {
        Some(self.person)
    }
}
