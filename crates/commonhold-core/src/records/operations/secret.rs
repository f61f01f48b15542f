//! An entry of the register of secrets: what there is, who holds it, when it was changed last. The
//! value itself never lies here.

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// A secret of the service (`infra.secrets`): never with one person only, changed after each
/// removal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Secret {
    /// What it is called among those who hold it.
    pub label: String,
    /// What it is.
    pub kind: String,
    /// The system it opens.
    pub system: String,
    /// How much harm it does in wrong hands: 1 (little) to 5 (everything).
    #[cfg_attr(test, ts(type = "number"))]
    pub blast_radius: i64,
    /// Who holds it, by their person records.
    #[cfg_attr(test, ts(type = "string[]"))]
    pub holders: Vec<RecordId>,
    /// The day it was changed last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotated: Option<Date>,
    /// After how many days it should be changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number | null"))]
    pub rotate_every: Option<i64>,
    /// How to get back in without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery: Option<String>,
    /// Where the value lies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
}

impl Record for Secret {
    const KIND: Kind = Kind::Secret;
    const FORM: Form = Form::Living;
    const SEALED: bool = true;
    const COLUMNS: &'static [Column] = &[
        column("label", T::Text, "What it is called among those who hold it."),
        column(
            "kind",
            T::Choice(&["password", "key", "token", "certificate", "recovery-code", "other"]),
            "What it is.",
        ),
        column("system", T::Text, "The system it opens."),
        column("blast_radius", T::Integer, "How much harm it does in wrong hands, 1 to 5."),
        column("holders", T::List, "Who holds it, by their person records."),
        column("rotated", T::Date, "The day it was changed last."),
        column("rotate_every", T::Integer, "After how many days it should be changed."),
        column("recovery", T::Text, "How to get back in without it."),
        column("pointer", T::Text, "Where the value lies."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "label", &self.label, "The label");
        require(problems, "system", &self.system, "The system it opens");
        if !(1..=5).contains(&self.blast_radius) {
            let message = "Say how much harm it does in wrong hands: 1 (little) to 5 (everything).";
            problems.push(Problem::new("blast_radius", message));
        }
        if self.rotate_every.is_some_and(|days| !(1..=3660).contains(&days)) {
            problems
                .push(Problem::new("rotate_every", "That is not a number of days from 1 to 3660."));
        }
    }

    fn home(&self) -> Home {
        Home::Vault
    }

    fn title(&self) -> String {
        self.label.clone()
    }

    fn words(&self) -> String {
        format!("{} {}", self.label, self.system)
    }
}
