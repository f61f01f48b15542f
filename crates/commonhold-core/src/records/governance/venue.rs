//! A venue of a community of practice: where people meet or write to each other (`operations.community`).

use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// How people meet there.
pub const MODES: &[&str] = &["synchronous", "asynchronous"];

/// A channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Venue {
    /// What it is called.
    pub name: String,
    /// synchronous or asynchronous.
    pub mode: String,
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Record for Venue {
    const KIND: Kind = Kind::Venue;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("name", T::Text, "What it is called."),
        column("mode", T::Choice(MODES), "synchronous or asynchronous."),
        column("address", T::Text, "Where it is."),
        column("description", T::Text, "What it is for."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "name", &self.name, "The name");
        require(problems, "mode", &self.mode, "How people meet there");
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.name.clone()
    }

    fn words(&self) -> String {
        format!("{} {}", self.name, self.description.as_deref().unwrap_or_default())
    }
}
