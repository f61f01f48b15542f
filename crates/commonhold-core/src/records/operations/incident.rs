//! An incident: the service did not do what it promises (`operations.incidents.recorded`).

use crate::date::{Date, Time};
use crate::id::RecordId;
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::records::checks;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// How bad an incident is.
pub const SEVERITIES: &[&str] = &["sev1", "sev2", "sev3", "sev4"];
/// Who notices incidents.
pub const DETECTIONS: &[&str] = &["monitor", "user", "member", "other"];
/// What became of data.
pub const LOST: &[&str] = &["no", "some", "unknown"];
/// Who may know of an incident.
pub const VISIBILITIES: &[&str] = &["public", "embargoed"];

/// One incident. What happened in it are its lines.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Incident {
    /// What it is called.
    pub title: String,
    /// sev1 (worst) to sev4.
    pub severity: String,
    /// What was affected, by the names of components.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<String>,
    /// When it began (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub started: Option<Time>,
    /// When it was noticed (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub detected: Option<Time>,
    /// When somebody took it on (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub acknowledged: Option<Time>,
    /// When users no longer felt it (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub mitigated: Option<Time>,
    /// When it was over (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub resolved: Option<Time>,
    /// monitor, user, member, other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detection: Option<String>,
    /// What it meant for users.
    pub impact: String,
    /// How many users it touched, about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number | null"))]
    pub users_affected: Option<i64>,
    /// no, some, unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_lost: Option<String>,
    /// Who leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub lead: Option<RecordId>,
    /// Who speaks to users.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub communications: Option<RecordId>,
    /// Who writes it down.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub scribe: Option<RecordId>,
    /// public or embargoed.
    pub visibility: String,
    /// The last day it is not published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embargo_until: Option<Date>,
    /// Where it was imported from, with its id there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Where somebody can look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// Longest embargo, in days from the start of the incident.
pub const EMBARGO_DAYS: i32 = 90;

impl Incident {
    /// An embargo has an end, which comes soon enough.
    fn check_embargo(&self, problems: &mut Vec<Problem>) {
        if self.visibility != "embargoed" {
            return;
        }
        let mut wrong = |message: &str| problems.push(Problem::new("embargo_until", message));
        let Some(until) = self.embargo_until else {
            return wrong("Say until which day it is kept back.");
        };
        match self.started.or(self.detected).map(|moment| moment.date()) {
            None => wrong("Say when it started: an embargo ends 90 days later at the latest."),
            Some(start) if until.days_since(start) > EMBARGO_DAYS => {
                wrong(
                    "An embargo ends at most 90 days after the start; please name an earlier day.",
                );
            }
            Some(start) if until < start => wrong("The embargo ends before the incident started."),
            Some(_) => {}
        }
    }
}

impl Record for Incident {
    const KIND: Kind = Kind::Incident;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("title", T::Text, "What it is called."),
        column("severity", T::Choice(SEVERITIES), "sev1 (worst) to sev4."),
        column("components", T::List, "What was affected, by the names of components."),
        column("started", T::Moment, "When it began (UTC)."),
        column("detected", T::Moment, "When it was noticed (UTC)."),
        column("acknowledged", T::Moment, "When somebody took it on (UTC)."),
        column("mitigated", T::Moment, "When users no longer felt it (UTC)."),
        column("resolved", T::Moment, "When it was over (UTC)."),
        column("detection", T::Choice(DETECTIONS), "monitor, user, member, other."),
        column("impact", T::LongText, "What it meant for users."),
        column("users_affected", T::Integer, "How many users it touched, about."),
        column("data_lost", T::Choice(LOST), "no, some, unknown."),
        column("lead", T::Id, "Who leads."),
        column("communications", T::Id, "Who speaks to users."),
        column("scribe", T::Id, "Who writes it down."),
        column("visibility", T::Choice(VISIBILITIES), "public or embargoed."),
        column("embargo_until", T::Date, "The last day it is not published."),
        column("origin", T::Text, "Where it was imported from, with its id there."),
        column("url", T::Text, "Where somebody can look."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "title", &self.title, "What it is called");
        require(problems, "severity", &self.severity, "How bad it is");
        require(problems, "visibility", &self.visibility, "Who may know of it");
        checks::in_order(
            problems,
            &[
                ("started", "started", self.started),
                ("detected", "detected", self.detected),
                ("resolved", "resolved", self.resolved),
            ],
        );
        for (field, word, at) in [
            ("acknowledged", "taken on", self.acknowledged),
            ("mitigated", "mitigated", self.mitigated),
        ] {
            let rest = [
                ("started", "started", self.started),
                (field, word, at),
                ("resolved", "resolved", self.resolved),
            ];
            checks::in_order(problems, &rest);
        }
        checks::few(problems, "components", &self.components);
        checks::number(problems, "users_affected", self.users_affected);
        self.check_embargo(problems);
    }

    fn home(&self) -> Home {
        Home::Own
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn words(&self) -> String {
        format!("{} {} {}", self.title, self.components.join(" "), self.impact)
    }

    fn purpose(&self) -> Option<String> {
        self.origin.clone()
    }
}
