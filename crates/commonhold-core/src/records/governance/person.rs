//! A person, as the book shows them: a name or pseudonym and what they agreed to show.

use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Somebody who belongs to the service. No address or bank detail belongs here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Person {
    /// The name or pseudonym used in the record.
    pub public_name: String,
    /// Whether the public page may show the name.
    pub show_name: bool,
    /// Whether the public page may show the roles.
    pub show_roles: bool,
    /// Whether the same person may be named in other services they belong to.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub show_elsewhere: bool,
    /// A remark for the team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Record for Person {
    const KIND: Kind = Kind::Person;
    const FORM: Form = Form::Living;
    const OWN: bool = true;
    const COLUMNS: &'static [Column] = &[
        column("public_name", T::Text, "The name or pseudonym used in the record."),
        column("show_name", T::Boolean, "Whether the public page may show the name."),
        column("show_roles", T::Boolean, "Whether the public page may show the roles."),
        column(
            "show_elsewhere",
            T::Boolean,
            "Whether the same person may be named in other services they belong to.",
        ),
        column("note", T::Text, "A remark for the team."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "public_name", &self.public_name, "The name");
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.public_name.clone()
    }
}
