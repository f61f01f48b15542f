//! A deploy: a change of the service went to where it runs (`infra.automatic`).

use crate::date::Time;
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Link, Record, Relation};
use crate::records::Kind;
use crate::records::checks;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// What can begin a deploy.
pub const TRIGGERS: &[&str] = &["commit", "manual", "schedule", "rollback", "unknown"];
/// How a deploy ends.
pub const RESULTS: &[&str] = &["succeeded", "failed", "cancelled"];

/// One deploy, with its result.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Deploy {
    /// Where it went, such as production.
    pub environment: String,
    /// The repository it came from.
    pub repository: String,
    /// The commit that was deployed.
    pub commit: String,
    /// The branch or tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// commit, manual, schedule, rollback, unknown.
    pub trigger: String,
    /// When it began (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub started: Option<Time>,
    /// When it ended (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub ended: Option<Time>,
    /// succeeded, failed, cancelled.
    pub result: String,
    /// When the oldest change in it was committed (UTC): the lead time begins there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub committed: Option<Time>,
    /// The failed deploy it undoes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub rolls_back: Option<RecordId>,
    /// Whether it went to a preview that users do not see.
    pub preview: bool,
    /// What changed, in one to a few lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changelog: Option<String>,
    /// The log as it was written; leadership and treasurers alone read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
    /// The log with personal data masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_log: Option<String>,
    /// How many places were masked in the public log.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number | null"))]
    pub findings: Option<i64>,
    /// Where somebody can look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Where it was imported from, with its id there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Who deployed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub person: Option<RecordId>,
}

impl Record for Deploy {
    const KIND: Kind = Kind::Deploy;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("environment", T::Text, "Where it went, such as production."),
        column("repository", T::Text, "The repository it came from."),
        column("commit", T::Text, "The commit that was deployed."),
        column("reference", T::Text, "The branch or tag."),
        column("trigger", T::Choice(TRIGGERS), "commit, manual, schedule, rollback, unknown."),
        column("started", T::Moment, "When it began (UTC)."),
        column("ended", T::Moment, "When it ended (UTC)."),
        column("result", T::Choice(RESULTS), "succeeded, failed, cancelled."),
        column(
            "committed",
            T::Moment,
            "When the oldest change in it was committed (UTC): the lead time begins there.",
        ),
        column("rolls_back", T::Id, "The failed deploy it undoes."),
        column("preview", T::Boolean, "Whether it went to a preview that users do not see."),
        column("changelog", T::Text, "What changed, in one to a few lines."),
        column(
            "log",
            T::SealedAttachment,
            "The log as it was written; leadership and treasurers alone read it.",
        ),
        column("public_log", T::Attachment, "The log with personal data masked."),
        column("findings", T::Integer, "How many places were masked in the public log."),
        column("url", T::Text, "Where somebody can look."),
        column("origin", T::Text, "Where it was imported from, with its id there."),
        column("person", T::Id, "Who deployed."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "environment", &self.environment, "Where it went");
        require(problems, "repository", &self.repository, "The repository");
        require(problems, "commit", &self.commit, "The commit");
        require(problems, "trigger", &self.trigger, "What began it");
        require_some(problems, "started", self.started.is_some(), "When it began");
        require(problems, "result", &self.result, "The result");
        checks::in_order(
            problems,
            &[("started", "started", self.started), ("ended", "ended", self.ended)],
        );
        checks::number(problems, "findings", self.findings);
    }

    fn home(&self) -> Home {
        self.started.map_or(Home::Charter, |moment| Home::Operations(moment.date()))
    }

    fn title(&self) -> String {
        let what = self.reference.clone().unwrap_or_else(|| self.commit.chars().take(12).collect());
        format!("{}: {what}", self.environment)
    }

    fn words(&self) -> String {
        let changelog = self.changelog.as_deref().unwrap_or_default();
        format!("{} {} {} {changelog}", self.title(), self.repository, self.commit)
    }

    fn purpose(&self) -> Option<String> {
        self.origin.clone()
    }

    fn links(&self) -> Vec<Link> {
        let link = |(kind, id): (Kind, Option<RecordId>)| {
            Some(Link { relation: Relation::Concerns, kind, id: id? })
        };
        [(Kind::Deploy, self.rolls_back)].into_iter().filter_map(link).collect()
    }
}
