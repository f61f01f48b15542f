//! A channel: a way to give (`finance.self-funded.channels`), with its health and what to use when it fails.

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// How it is.
pub const HEALTH: &[&str] = &["working", "trouble", "down", "unknown"];

/// A way to give.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Channel {
    /// What it is called.
    pub name: String,
    /// Where people give.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether people can give once.
    pub one_time: bool,
    /// Whether people can give at an interval.
    pub recurring: bool,
    /// Whether the giver sets the amount.
    pub amount_open: bool,
    /// The account the money arrives in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub account: Option<RecordId>,
    /// working, trouble, down, unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<String>,
    /// The day somebody last looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<Date>,
    /// The channel to use when this one fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub fallback: Option<RecordId>,
    /// The day it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<Date>,
}

impl Record for Channel {
    const KIND: Kind = Kind::Channel;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("name", T::Text, "What it is called."),
        column("url", T::Text, "Where people give."),
        column("one_time", T::Boolean, "Whether people can give once."),
        column("recurring", T::Boolean, "Whether people can give at an interval."),
        column("amount_open", T::Boolean, "Whether the giver sets the amount."),
        column("account", T::Id, "The account the money arrives in."),
        column("health", T::Choice(HEALTH), "working, trouble, down, unknown."),
        column("checked", T::Date, "The day somebody last looked."),
        column("fallback", T::Id, "The channel to use when this one fails."),
        column("closed", T::Date, "The day it was closed."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "name", &self.name, "The name");
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.name.clone()
    }
}
