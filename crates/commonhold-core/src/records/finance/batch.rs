//! A batch: expenses written into one file for the bank, or handed to another way of paying.

use crate::date::{Date, Time};
use crate::id::RecordId;
use crate::money::Money;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Link, Record, Relation};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// How it leaves.
pub const CHANNELS: &[&str] = &["bank", "open-collective", "command"];

/// Most payments one batch may hold.
pub const MAX_PAYMENTS: usize = 5_000;

/// One payment file. Two batches that hold one expense are how a double payment shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Batch {
    /// Who wrote it.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// The device that wrote it, by its public key in hexadecimal.
    pub device: String,
    /// The lease it was written under.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub lease: Option<RecordId>,
    /// The account that pays.
    #[cfg_attr(test, ts(type = "string"))]
    pub account: RecordId,
    /// The expenses in it, by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expenses: Vec<String>,
    /// Their amounts, in the same order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub amounts: Vec<String>,
    /// The control sum.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub total: Option<Money>,
    /// How it leaves: bank, open-collective, command.
    pub channel: String,
    /// The format of the file, such as pain.001.001.09.
    pub format: String,
    /// The id of the message in the file.
    pub message_id: String,
    /// SHA-256 of the file.
    pub file_sha256: String,
    /// The day the bank is asked to pay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub execute_on: Option<Date>,
    /// When it was written (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub written: Option<Time>,
}

impl Record for Batch {
    const KIND: Kind = Kind::Batch;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("person", T::Id, "Who wrote it."),
        column("device", T::Text, "The device that wrote it, by its public key in hexadecimal."),
        column("lease", T::Id, "The lease it was written under."),
        column("account", T::Id, "The account that pays."),
        column("expenses", T::List, "The expenses in it, by id."),
        column("amounts", T::List, "Their amounts, in the same order."),
        column("total", T::Money, "The control sum."),
        column("channel", T::Choice(CHANNELS), "How it leaves: bank, open-collective, command."),
        column("format", T::Text, "The format of the file, such as pain.001.001.09."),
        column("message_id", T::Text, "The id of the message in the file."),
        column("file_sha256", T::SealedAttachment, "SHA-256 of the file."),
        column("execute_on", T::Date, "The day the bank is asked to pay."),
        column("written", T::Moment, "When it was written (UTC)."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "person", !self.person.is_nil(), "The person");
        require(problems, "device", &self.device, "The device");
        require_some(problems, "account", !self.account.is_nil(), "The account");
        require_some(problems, "expenses", !self.expenses.is_empty(), "What it pays");
        require_some(problems, "total", self.total.is_some(), "The total");
        require(problems, "channel", &self.channel, "The channel");
        require_some(problems, "written", self.written.is_some(), "When it was written");
        if self.expenses.len() > MAX_PAYMENTS {
            problems.push(Problem::new("expenses", "A batch holds at most 5,000 payments."));
        }
        if self.expenses.len() != self.amounts.len() {
            let message = "A batch names one amount for each expense.";
            problems.push(Problem::new("amounts", message));
        }
    }

    fn home(&self) -> Home {
        Home::Payments
    }

    fn title(&self) -> String {
        format!("{} ({})", self.message_id, self.expenses.len())
    }

    fn speaks_for(&self) -> Option<RecordId> {
        Some(self.person)
    }

    fn links(&self) -> Vec<Link> {
        let ids = self.expenses.iter().filter_map(|id| id.parse::<RecordId>().ok());
        let link = |id| Link { relation: Relation::Concerns, kind: Kind::Expense, id };
        ids.map(link).collect()
    }
}
