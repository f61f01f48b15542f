//! An outcome: what became of an expense that no statement shows: it was handed to the bank, or the bank refused it.

use crate::date::Time;
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Link, Record, Relation};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// What can become of it.
pub const RESULTS: &[&str] = &["sent", "rejected", "cancelled"];

/// What a person or a connector says became of a payment. Paid and returned are read off the books.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Outcome {
    /// The expense.
    #[cfg_attr(test, ts(type = "string"))]
    pub expense: RecordId,
    /// The batch it was in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub batch: Option<RecordId>,
    /// sent, rejected, cancelled.
    pub result: String,
    /// The reason code of the bank (ISO 20022 external code set).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who says so.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// When it was said (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub at: Option<Time>,
}

impl Record for Outcome {
    const KIND: Kind = Kind::Outcome;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("expense", T::Id, "The expense."),
        column("batch", T::Id, "The batch it was in."),
        column("result", T::Choice(RESULTS), "sent, rejected, cancelled."),
        column("code", T::Text, "The reason code of the bank (ISO 20022 external code set)."),
        column("reason", T::Text, "Why."),
        column("person", T::Id, "Who says so."),
        column("at", T::Moment, "When it was said (UTC)."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "expense", !self.expense.is_nil(), "The expense");
        require(problems, "result", &self.result, "The result");
        require_some(problems, "person", !self.person.is_nil(), "The person");
        require_some(problems, "at", self.at.is_some(), "When it was said");
    }

    fn home(&self) -> Home {
        Home::Payments
    }

    fn title(&self) -> String {
        self.result.clone()
    }

    fn speaks_for(&self) -> Option<RecordId> {
        Some(self.person)
    }

    fn links(&self) -> Vec<Link> {
        vec![Link { relation: Relation::Concerns, kind: Kind::Expense, id: self.expense }]
    }
}
