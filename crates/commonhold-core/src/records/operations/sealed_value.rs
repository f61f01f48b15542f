//! The value of a secret, in the sealed register. It is in no search and no title.

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Link, Record, Relation};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// What opens the system. Leadership alone reads it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct SealedValue {
    /// The secret of the register.
    #[cfg_attr(test, ts(type = "string"))]
    pub secret: RecordId,
    /// The value.
    pub value: String,
    /// The day it was changed last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotated: Option<Date>,
}

impl Record for SealedValue {
    const KIND: Kind = Kind::SealedValue;
    const FORM: Form = Form::Living;
    const SEALED: bool = true;
    const MASKED: &'static [&'static str] = &["value"];
    const COLUMNS: &'static [Column] = &[
        column("secret", T::Id, "The secret of the register."),
        column("value", T::Text, "The value."),
        column("rotated", T::Date, "The day it was changed last."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "secret", !self.secret.is_nil(), "The secret");
        require(problems, "value", &self.value, "The value");
    }

    fn home(&self) -> Home {
        Home::Vault
    }

    fn title(&self) -> String {
        "Sealed value".to_owned()
    }

    fn words(&self) -> String {
        String::new()
    }

    fn purpose(&self) -> Option<String> {
        Some(self.secret.to_string())
    }

    fn links(&self) -> Vec<Link> {
        vec![Link { relation: Relation::Concerns, kind: Kind::Secret, id: self.secret }]
    }
}
