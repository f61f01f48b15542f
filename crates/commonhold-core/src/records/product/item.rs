//! An item of the roadmap: what is meant to be done, by whom, at what cost.

use crate::date::Date;
use crate::id::RecordId;
use crate::money::Money;
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// How far it is.
pub const STATUSES: &[&str] = &["idea", "planned", "doing", "done", "dropped"];

/// One thing to do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Item {
    /// What is to be done.
    pub name: String,
    /// Why.
    pub why: String,
    /// idea, planned, doing, done, dropped.
    pub status: String,
    /// Who sees to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub owner: Option<RecordId>,
    /// What it costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub cost: Option<Money>,
    /// The day it is meant to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// The decision it carries out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
}

impl Record for Item {
    const KIND: Kind = Kind::Item;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("name", T::Text, "What is to be done."),
        column("why", T::Text, "Why."),
        column("status", T::Choice(STATUSES), "idea, planned, doing, done, dropped."),
        column("owner", T::Id, "Who sees to it."),
        column("cost", T::Money, "What it costs."),
        column("due", T::Date, "The day it is meant to be done."),
        column("decision", T::Text, "The decision it carries out."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "name", &self.name, "What is to be done");
        require(problems, "status", &self.status, "How far it is");
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.name.clone()
    }
}
