//! An interface promise (`product.compatibility`): what others may build on, since when.

use crate::date::Date;
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// A public interface.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Interface {
    /// What it is called.
    pub name: String,
    /// The day it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// Where it is described.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spec: Option<String>,
    /// What is promised about it.
    pub promise: String,
    /// The day it was broken, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<Date>,
    /// What was broken and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_broken: Option<String>,
}

impl Record for Interface {
    const KIND: Kind = Kind::Interface;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("name", T::Text, "What it is called."),
        column("since", T::Date, "The day it was published."),
        column("spec", T::Text, "Where it is described."),
        column("promise", T::Text, "What is promised about it."),
        column("broken", T::Date, "The day it was broken, if it was."),
        column("why_broken", T::Text, "What was broken and why."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "name", &self.name, "The name");
        require(problems, "promise", &self.promise, "The promise");
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.name.clone()
    }
}
