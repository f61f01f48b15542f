//! A meeting: a talk that was held, and its minutes (`governance.open-talk`).

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// One talk.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Meeting {
    /// What it was about.
    pub topic: String,
    /// The day it was held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<Date>,
    /// Whether outsiders could not listen.
    pub private: bool,
    /// The page with the minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub minutes: Option<RecordId>,
    /// The day the minutes were published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Date>,
}

impl Record for Meeting {
    const KIND: Kind = Kind::Meeting;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("topic", T::Text, "What it was about."),
        column("held", T::Date, "The day it was held."),
        column("private", T::Boolean, "Whether outsiders could not listen."),
        column("minutes", T::Id, "The page with the minutes."),
        column("published", T::Date, "The day the minutes were published."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "topic", &self.topic, "What it was about");
        require_some(problems, "held", self.held.is_some(), "The day");
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.topic.clone()
    }
}
