//! An item of the register of continuity: what the service hangs on, and who holds it.

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::records::checks;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// What a service can hang on.
pub const TYPES: &[&str] = &[
    "domain",
    "registrar",
    "bank",
    "host",
    "store",
    "payment",
    "trademark",
    "mail",
    "forge",
    "other",
];

/// A domain, an account or a place the service would miss if it was gone. At least two people should hold it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Continuity {
    /// What it is.
    pub name: String,
    /// domain, registrar, bank, host, store, payment, trademark, mail, forge, other.
    #[serde(rename = "type")]
    pub continuity_type: String,
    /// Who holds it, by their person records; two or more are wanted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(type = "string[]"))]
    pub holders: Vec<RecordId>,
    /// Who owns it in law.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_owner: Option<String>,
    /// The day it must be renewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renewal: Option<Date>,
    /// The recurring cost of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub schedule: Option<RecordId>,
    /// How it is handed over, step by step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handover: Option<String>,
}

impl Record for Continuity {
    const KIND: Kind = Kind::Continuity;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("name", T::Text, "What it is."),
        column(
            "type",
            T::Choice(TYPES),
            "domain, registrar, bank, host, store, payment, trademark, mail, forge, other.",
        ),
        column(
            "holders",
            T::List,
            "Who holds it, by their person records; two or more are wanted.",
        ),
        column("legal_owner", T::Text, "Who owns it in law."),
        column("renewal", T::Date, "The day it must be renewed."),
        column("schedule", T::Id, "The recurring cost of it."),
        column("handover", T::Text, "How it is handed over, step by step."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "name", &self.name, "What it is");
        require(problems, "type", &self.continuity_type, "The kind");
        checks::few(problems, "holders", &self.holders);
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.name.clone()
    }

    fn words(&self) -> String {
        format!("{} {}", self.name, self.legal_owner.as_deref().unwrap_or_default())
    }
}
