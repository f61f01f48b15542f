//! A review of an incident, without blame (postmortem; `operations.incidents.learned`).

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require_some};
use crate::record::{Form, Home, Link, Record, Relation};
use crate::records::Kind;
use crate::records::checks;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// What was learned from an incident.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Review {
    /// The incident.
    #[cfg_attr(test, ts(type = "string"))]
    pub incident: RecordId,
    /// What set it off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<String>,
    /// What led to it; a root cause is one of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contributing_factors: Vec<String>,
    /// What happened and what was learned, Markdown.
    pub summary: String,
    /// What went well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub went_well: Option<String>,
    /// What went poorly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub went_poorly: Option<String>,
    /// Where we were lucky.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lucky: Option<String>,
    /// The day it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Date>,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub person: Option<RecordId>,
}

impl Record for Review {
    const KIND: Kind = Kind::Review;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("incident", T::Id, "The incident."),
        column("trigger", T::Text, "What set it off."),
        column("contributing_factors", T::List, "What led to it; a root cause is one of them."),
        column("summary", T::LongText, "What happened and what was learned, Markdown."),
        column("went_well", T::Text, "What went well."),
        column("went_poorly", T::Text, "What went poorly."),
        column("lucky", T::Text, "Where we were lucky."),
        column("published", T::Date, "The day it was published."),
        column("person", T::Id, "Who wrote it."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "incident", !self.incident.is_nil(), "The incident");
        checks::few(problems, "contributing_factors", &self.contributing_factors);
    }

    fn home(&self) -> Home {
        Home::Own
    }

    fn title(&self) -> String {
        checks::first_line(&self.summary).unwrap_or_else(|| "Review".to_owned())
    }

    fn words(&self) -> String {
        format!("{} {}", self.contributing_factors.join(" "), self.summary)
    }

    fn links(&self) -> Vec<Link> {
        vec![Link { relation: Relation::Concerns, kind: Kind::Incident, id: self.incident }]
    }
}
