//! How to reach somebody, and what else is nobody's business: in a document of its own, sealed to
//! leadership and treasurer, that can be destroyed.

use crate::iban::{Bic, Iban};
use crate::id::RecordId;
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// A private entry of the address book: a donor, a supplier, a member.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Contact {
    /// The name.
    pub name: String,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Bank details.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank: Option<String>,
    /// The bank account (ISO 13616), for payment files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iban: Option<String>,
    /// The bank (ISO 9362), where it is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bic: Option<String>,
    /// Town of the postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub town: Option<String>,
    /// Country of the postal address (ISO 3166, two letters).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Whose contact it is, if they have a person record.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub person: Option<RecordId>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Record for Contact {
    const KIND: Kind = Kind::Contact;
    const FORM: Form = Form::Living;
    const SEALED: bool = true;
    const COLUMNS: &'static [Column] = &[
        column("name", T::Text, "The name."),
        column("email", T::Text, "E-mail address."),
        column("phone", T::Text, "Telephone number."),
        column("address", T::Text, "Postal address."),
        column("bank", T::Text, "Bank details."),
        column("iban", T::Text, "The bank account (ISO 13616)."),
        column("bic", T::Text, "The bank (ISO 9362)."),
        column("town", T::Text, "Town of the postal address."),
        column("country", T::Text, "Country of the postal address (ISO 3166)."),
        column("person", T::Id, "Whose contact it is, if they have a person record."),
        column("note", T::Text, "A remark."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "name", &self.name, "The name");
        if let Some(Err(sentence)) = self.iban.as_deref().map(str::parse::<Iban>) {
            problems.push(Problem::new("iban", sentence));
        }
        if let Some(Err(sentence)) = self.bic.as_deref().map(str::parse::<Bic>) {
            problems.push(Problem::new("bic", sentence));
        }
    }

    fn home(&self) -> Home {
        Home::Private
    }

    fn title(&self) -> String {
        self.name.clone()
    }
}
