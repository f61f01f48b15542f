//! A runbook: what to do when something happens (`operations.knowledge.shared`).

pub mod steps;

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::records::checks;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Steps that anybody on duty can follow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Runbook {
    /// The heading.
    pub title: String,
    /// What one sees when it is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub symptom: Option<String>,
    /// The alerts it answers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<String>,
    /// The components it is for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<String>,
    /// What one must have before the first step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prerequisites: Option<String>,
    /// The steps, Markdown: a numbered list; lines expect:, verify:, undo: inside a step.
    pub body: String,
    /// Whom to ask when it does not help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalation: Option<String>,
    /// Who sees to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub owner: Option<RecordId>,
    /// Who sees to it otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub backup: Option<RecordId>,
    /// The day it was last checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Date>,
    /// The last day it may be relied on without a check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    /// Whether everybody may read it.
    pub public: bool,
    /// Where it was taken over from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adopted_from: Option<String>,
    /// SHA-256 of the text as it was taken over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adopted_sha256: Option<String>,
    /// Its licence (SPDX).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
}

impl Record for Runbook {
    const KIND: Kind = Kind::Runbook;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("title", T::Text, "The heading."),
        column("symptom", T::Text, "What one sees when it is needed."),
        column("alerts", T::List, "The alerts it answers."),
        column("components", T::List, "The components it is for."),
        column("prerequisites", T::Text, "What one must have before the first step."),
        column(
            "body",
            T::LongText,
            "The steps, Markdown: a numbered list; lines expect:, verify:, undo: inside a step.",
        ),
        column("escalation", T::Text, "Whom to ask when it does not help."),
        column("owner", T::Id, "Who sees to it."),
        column("backup", T::Id, "Who sees to it otherwise."),
        column("reviewed", T::Date, "The day it was last checked."),
        column("expires", T::Date, "The last day it may be relied on without a check."),
        column("public", T::Boolean, "Whether everybody may read it."),
        column("adopted_from", T::Text, "Where it was taken over from."),
        column("adopted_sha256", T::Text, "SHA-256 of the text as it was taken over."),
        column("licence", T::Text, "Its licence (SPDX)."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "title", &self.title, "The title");
        checks::few(problems, "alerts", &self.alerts);
        checks::few(problems, "components", &self.components);
        checks::sha256(problems, "adopted_sha256", self.adopted_sha256.as_deref());
        checks::span(problems, ("reviewed", self.reviewed), ("expires", self.expires));
    }

    fn home(&self) -> Home {
        Home::Own
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn words(&self) -> String {
        let symptom = self.symptom.as_deref().unwrap_or_default();
        let names = [self.alerts.join(" "), self.components.join(" ")].join(" ");
        format!("{} {symptom} {names} {}", self.title, self.body)
    }
}
