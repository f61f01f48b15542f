//! A donor: somebody who gives, under the name they want to be known by. Personal data lies in their contact, which is sealed and can be erased.

use crate::id::RecordId;
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Who gives (`finance.self-funded.sources`).
pub const TYPES: &[&str] =
    &["individual", "public-entity", "non-profit", "company", "for-profit-owner"];

/// A giver, by a pseudonym unless they agreed to more.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Donor {
    /// The name or pseudonym the record shows.
    pub name: String,
    /// individual, public-entity, non-profit, company, for-profit-owner.
    #[serde(rename = "type")]
    pub donor_type: String,
    /// Whether they agreed that the public page shows the name.
    pub consent: bool,
    /// The contact that holds personal data.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub contact: Option<RecordId>,
}

impl Record for Donor {
    const KIND: Kind = Kind::Donor;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("name", T::Text, "The name or pseudonym the record shows."),
        column(
            "type",
            T::Choice(TYPES),
            "individual, public-entity, non-profit, company, for-profit-owner.",
        ),
        column("consent", T::Boolean, "Whether they agreed that the public page shows the name."),
        column("contact", T::Id, "The contact that holds personal data."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "name", &self.name, "The name");
        require(problems, "type", &self.donor_type, "Who gives");
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.name.clone()
    }
}
