//! A component of the service: the word incidents, availability and runbooks use for it.

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::records::checks;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// A part of the service that can fail by itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Component {
    /// The word used for it.
    pub name: String,
    /// What it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The names of its alerts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<String>,
    /// Who sees to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub owner: Option<RecordId>,
    /// The day it was taken out of service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired: Option<Date>,
}

impl Record for Component {
    const KIND: Kind = Kind::Component;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("name", T::Text, "The word used for it."),
        column("description", T::Text, "What it does."),
        column("alerts", T::List, "The names of its alerts."),
        column("owner", T::Id, "Who sees to it."),
        column("retired", T::Date, "The day it was taken out of service."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "name", &self.name, "The name");
        checks::few(problems, "alerts", &self.alerts);
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.name.clone()
    }

    fn words(&self) -> String {
        format!(
            "{} {} {}",
            self.name,
            self.description.as_deref().unwrap_or_default(),
            self.alerts.join(" ")
        )
    }

    fn purpose(&self) -> Option<String> {
        Some(self.name.clone())
    }
}
