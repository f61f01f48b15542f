//! Feedback on a runbook, a process, a page or a review, and its answer (`operations.process.public`).

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Link, Record, Relation};
use crate::records::Kind;
use crate::records::checks;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Who gives feedback.
pub const FROM: &[&str] = &["member", "public"];
/// What can come of feedback.
pub const STATES: &[&str] = &["open", "accepted", "declined"];

/// What somebody said about a text, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Feedback {
    /// The runbook, process, page or review.
    #[cfg_attr(test, ts(type = "string"))]
    pub about: RecordId,
    /// member or public.
    pub from: String,
    /// What was said.
    pub text: String,
    /// The day it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<Date>,
    /// What was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// The day it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered: Option<Date>,
    /// open, accepted, declined.
    pub state: String,
    /// Who gave it, or who wrote it down.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub person: Option<RecordId>,
    /// Where it was imported from, with its id there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Record for Feedback {
    const KIND: Kind = Kind::Feedback;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("about", T::Id, "The runbook, process, page or review."),
        column("from", T::Choice(FROM), "member or public."),
        column("text", T::Text, "What was said."),
        column("received", T::Date, "The day it came."),
        column("answer", T::Text, "What was answered."),
        column("answered", T::Date, "The day it was answered."),
        column("state", T::Choice(STATES), "open, accepted, declined."),
        column("person", T::Id, "Who gave it, or who wrote it down."),
        column("origin", T::Text, "Where it was imported from, with its id there."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "about", !self.about.is_nil(), "What it is about");
        require(problems, "from", &self.from, "Who it is from");
        require(problems, "text", &self.text, "What was said");
        require_some(problems, "received", self.received.is_some(), "The day it came");
        require(problems, "state", &self.state, "What came of it");
        checks::span(problems, ("received", self.received), ("answered", self.answered));
        if ["accepted", "declined"].contains(&self.state.as_str()) && self.answered.is_none() {
            let message = "Say on which day it was answered.";
            problems.push(Problem::new("answered", message));
        }
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.text.clone()
    }

    fn words(&self) -> String {
        format!("{} {}", self.text, self.answer.as_deref().unwrap_or_default())
    }

    fn purpose(&self) -> Option<String> {
        self.origin.clone()
    }

    fn links(&self) -> Vec<Link> {
        let link = |kind| Link { relation: Relation::Concerns, kind, id: self.about };
        [Kind::Runbook, Kind::Process, Kind::Page, Kind::Review].map(link).to_vec()
    }
}
