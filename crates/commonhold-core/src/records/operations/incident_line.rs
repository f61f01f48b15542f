//! A line of an incident: what was seen, done, decided or said at one moment.

use crate::date::Time;
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Link, Record, Relation};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// What a line can be.
pub const TYPES: &[&str] = &["observation", "action", "decision", "communication"];
/// How far an incident is, in an update.
pub const STATUSES: &[&str] = &["investigating", "identified", "monitoring", "resolved"];

/// One line of the timeline of an incident. It is written once and corrected by a later one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct IncidentLine {
    /// The incident.
    #[cfg_attr(test, ts(type = "string"))]
    pub incident: RecordId,
    /// When it was (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub at: Option<Time>,
    /// observation, action, decision, communication.
    #[serde(rename = "type")]
    pub incident_line_type: String,
    /// What happened.
    pub text: String,
    /// Whether it is an update for everybody.
    pub public: bool,
    /// investigating, identified, monitoring, resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// A file that shows it; leadership and treasurers alone read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Who saw, did, decided or said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub person: Option<RecordId>,
    /// Where it was imported from, with its id there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Record for IncidentLine {
    const KIND: Kind = Kind::IncidentLine;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("incident", T::Id, "The incident."),
        column("at", T::Moment, "When it was (UTC)."),
        column("type", T::Choice(TYPES), "observation, action, decision, communication."),
        column("text", T::Text, "What happened."),
        column("public", T::Boolean, "Whether it is an update for everybody."),
        column("status", T::Choice(STATUSES), "investigating, identified, monitoring, resolved."),
        column(
            "evidence",
            T::SealedAttachment,
            "A file that shows it; leadership and treasurers alone read it.",
        ),
        column("person", T::Id, "Who saw, did, decided or said it."),
        column("origin", T::Text, "Where it was imported from, with its id there."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "incident", !self.incident.is_nil(), "The incident");
        require_some(problems, "at", self.at.is_some(), "When it was");
        require(problems, "type", &self.incident_line_type, "What it is");
        require(problems, "text", &self.text, "What happened");
    }

    fn home(&self) -> Home {
        self.at.map_or(Home::Charter, |moment| Home::Operations(moment.date()))
    }

    fn title(&self) -> String {
        self.text.clone()
    }

    fn purpose(&self) -> Option<String> {
        self.origin.clone()
    }

    fn links(&self) -> Vec<Link> {
        vec![Link { relation: Relation::Concerns, kind: Kind::Incident, id: self.incident }]
    }
}
