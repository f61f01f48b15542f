//! A change: one line of the changelog (Keep a Changelog 1.1).

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Link, Record, Relation};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// The sections of Keep a Changelog.
pub const CATEGORIES: &[&str] = &["added", "changed", "deprecated", "removed", "fixed", "security"];

/// One line of the changelog.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Change {
    /// added, changed, deprecated, removed, fixed, security.
    pub category: String,
    /// What changed, for those who use the service.
    pub text: String,
    /// The version it is in; none while it is unreleased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Whether it breaks what others build on.
    pub breaking: bool,
    /// The public interface it breaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub interface: Option<RecordId>,
    /// The deploy it came with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub deploy: Option<RecordId>,
    /// The commit it came with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Where somebody can look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Where it was imported from, with its id there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Record for Change {
    const KIND: Kind = Kind::Change;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column(
            "category",
            T::Choice(CATEGORIES),
            "added, changed, deprecated, removed, fixed, security.",
        ),
        column("text", T::Text, "What changed, for those who use the service."),
        column("version", T::Text, "The version it is in; none while it is unreleased."),
        column("date", T::Date, "The day."),
        column("breaking", T::Boolean, "Whether it breaks what others build on."),
        column("interface", T::Id, "The public interface it breaks."),
        column("deploy", T::Id, "The deploy it came with."),
        column("commit", T::Text, "The commit it came with."),
        column("url", T::Text, "Where somebody can look."),
        column("origin", T::Text, "Where it was imported from, with its id there."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "category", &self.category, "The category");
        require(problems, "text", &self.text, "What changed");
        require_some(problems, "date", self.date.is_some(), "The day");
    }

    fn home(&self) -> Home {
        self.date.map_or(Home::Charter, Home::Operations)
    }

    fn title(&self) -> String {
        self.text.clone()
    }

    fn words(&self) -> String {
        format!("{} {}", self.text, self.version.as_deref().unwrap_or_default())
    }

    fn purpose(&self) -> Option<String> {
        self.origin.clone()
    }

    fn links(&self) -> Vec<Link> {
        let link = |(kind, id): (Kind, Option<RecordId>)| {
            Some(Link { relation: Relation::Concerns, kind, id: id? })
        };
        [(Kind::Deploy, self.deploy), (Kind::Interface, self.interface)]
            .into_iter()
            .filter_map(link)
            .collect()
    }
}
