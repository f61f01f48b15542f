//! An action: what is done so that an incident does not come again (`operations.incidents.learned`).

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Link, Record, Relation};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// What a follow-up is for.
pub const TYPES: &[&str] = &["prevent", "detect", "mitigate", "process"];

/// One follow-up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Action {
    /// What is to be done.
    pub text: String,
    /// The review or incident it follows from.
    #[cfg_attr(test, ts(type = "string"))]
    pub about: RecordId,
    /// prevent, detect, mitigate, process.
    #[serde(rename = "type")]
    pub action_type: String,
    /// Who sees to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub owner: Option<RecordId>,
    /// The day it is to be done by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// The day it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<Date>,
    /// Where somebody can see that it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

impl Record for Action {
    const KIND: Kind = Kind::Action;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("text", T::Text, "What is to be done."),
        column("about", T::Id, "The review or incident it follows from."),
        column("type", T::Choice(TYPES), "prevent, detect, mitigate, process."),
        column("owner", T::Id, "Who sees to it."),
        column("due", T::Date, "The day it is to be done by."),
        column("done", T::Date, "The day it was done."),
        column("proof", T::Text, "Where somebody can see that it was done."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "text", &self.text, "What is to be done");
        require_some(problems, "about", !self.about.is_nil(), "What it follows from");
        require(problems, "type", &self.action_type, "What it is for");
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.text.clone()
    }

    fn links(&self) -> Vec<Link> {
        let link = |kind| Link { relation: Relation::Concerns, kind, id: self.about };
        [Kind::Review, Kind::Incident].map(link).to_vec()
    }
}
