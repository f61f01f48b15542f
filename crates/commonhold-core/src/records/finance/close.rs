//! A close: a period is closed with its trial balance. What comes later with a day inside it is a late entry.

use crate::date::{Date, Time};
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// The close of a period. It is never changed; approvals of it are its signatures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Close {
    /// First day of the period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Last day of the period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// The balances at its end: account, fund and amount, separated by tabs, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trial_balance: Vec<String>,
    /// The transactions of the period that counted, by id, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transactions: Vec<String>,
    /// SHA-256 over both lists (`docs/FORMAT.md`).
    pub sha256: String,
    /// Where the logs of the book ended: log and number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub heads: Vec<String>,
    /// Who closed it.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// When (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub at: Option<Time>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Record for Close {
    const KIND: Kind = Kind::Close;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("from", T::Date, "First day of the period."),
        column("to", T::Date, "Last day of the period."),
        column(
            "trial_balance",
            T::List,
            "The balances at its end: account, fund and amount, separated by tabs, sorted.",
        ),
        column(
            "transactions",
            T::List,
            "The transactions of the period that counted, by id, sorted.",
        ),
        column("sha256", T::Text, "SHA-256 over both lists (`docs/FORMAT.md`)."),
        column("heads", T::List, "Where the logs of the book ended: log and number."),
        column("person", T::Id, "Who closed it."),
        column("at", T::Moment, "When (UTC)."),
        column("note", T::Text, "A remark."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "from", self.from.is_some(), "The first day");
        require_some(problems, "to", self.to.is_some(), "The last day");
        require(problems, "sha256", &self.sha256, "The hash");
        require_some(problems, "person", !self.person.is_nil(), "The person");
        require_some(problems, "at", self.at.is_some(), "The moment");
        if let (Some(from), Some(to)) = (self.from, self.to)
            && to < from
        {
            problems.push(Problem::new("to", "The period ends before it begins."));
        }
    }

    fn home(&self) -> Home {
        self.to.map_or(Home::Charter, Home::Ledger)
    }

    fn title(&self) -> String {
        match (self.from, self.to) {
            (Some(from), Some(to)) => format!("{from} – {to}"),
            _ => String::new(),
        }
    }

    fn speaks_for(&self) -> Option<RecordId> {
        Some(self.person)
    }
}
