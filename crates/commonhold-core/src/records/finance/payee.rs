//! A payee: somebody bills are paid to. How to pay them lies in their contact, which is sealed.

use crate::id::RecordId;
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Somebody the service pays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Payee {
    /// The name, as the record shows it.
    pub name: String,
    /// Who it is, if they belong to the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub person: Option<RecordId>,
    /// The contact that holds the bank details.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub contact: Option<RecordId>,
    /// The country (ISO 3166, two letters).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Record for Payee {
    const KIND: Kind = Kind::Payee;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("name", T::Text, "The name, as the record shows it."),
        column("person", T::Id, "Who it is, if they belong to the service."),
        column("contact", T::Id, "The contact that holds the bank details."),
        column("country", T::Text, "The country (ISO 3166, two letters)."),
        column("note", T::Text, "A remark."),
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
