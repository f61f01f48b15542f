//! An expense: something to be paid, from the day it is handed in until a statement shows the payment. Its state is derived (`reports/finance/payments.rs`), never written.

use crate::date::Date;
use crate::id::RecordId;
use crate::money::Money;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Types of expenses. Reimbursements and what was paid out of pocket are liabilities until settled.
pub const TYPES: &[&str] = &["bill", "reimbursement", "out-of-pocket", "in-kind"];
/// How it is paid.
pub const CHANNELS: &[&str] = &["bank", "open-collective", "command"];

/// A bill, a reimbursement, or something given in kind. Approvals name its content: whoever changes it needs new ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Expense {
    /// Who is paid.
    #[cfg_attr(test, ts(type = "string"))]
    pub payee: RecordId,
    /// What it is for.
    pub narration: String,
    /// bill, reimbursement, out-of-pocket, in-kind.
    #[serde(rename = "type")]
    pub expense_type: String,
    /// What is to be paid; for something in kind its fair value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub amount: Option<Money>,
    /// The expense account.
    #[cfg_attr(test, ts(type = "string"))]
    pub account: RecordId,
    /// The fund that pays.
    #[cfg_attr(test, ts(type = "string"))]
    pub fund: RecordId,
    /// The day it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// First day of the billed period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_from: Option<Date>,
    /// Last day of the billed period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_to: Option<Date>,
    /// The payee's reference, such as an invoice number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// SHA-256 of receipts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<String>,
    /// Who handed it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub submitter: Option<RecordId>,
    /// The schedule it is an occurrence of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub schedule: Option<RecordId>,
    /// The day the schedule says it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurrence: Option<Date>,
    /// The decision it carries out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// How it is paid: bank, open-collective, command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// How the fair value of something in kind was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
}

impl Record for Expense {
    const KIND: Kind = Kind::Expense;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("payee", T::Id, "Who is paid."),
        column("narration", T::Text, "What it is for."),
        column("type", T::Choice(TYPES), "bill, reimbursement, out-of-pocket, in-kind."),
        column("amount", T::Money, "What is to be paid; for something in kind its fair value."),
        column("account", T::Id, "The expense account."),
        column("fund", T::Id, "The fund that pays."),
        column("due", T::Date, "The day it is due."),
        column("period_from", T::Date, "First day of the billed period."),
        column("period_to", T::Date, "Last day of the billed period."),
        column("reference", T::Text, "The payee's reference, such as an invoice number."),
        column("documents", T::Attachments, "SHA-256 of receipts."),
        column("submitter", T::Id, "Who handed it in."),
        column("schedule", T::Id, "The schedule it is an occurrence of."),
        column("occurrence", T::Date, "The day the schedule says it is due."),
        column("decision", T::Text, "The decision it carries out."),
        column("channel", T::Choice(CHANNELS), "How it is paid: bank, open-collective, command."),
        column("basis", T::Text, "How the fair value of something in kind was found."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "payee", !self.payee.is_nil(), "The payee");
        require(problems, "narration", &self.narration, "What it is for");
        require(problems, "type", &self.expense_type, "The type");
        require_some(problems, "amount", self.amount.is_some(), "The amount");
        require_some(problems, "account", !self.account.is_nil(), "The account");
        require_some(problems, "fund", !self.fund.is_nil(), "The fund");
        require_some(problems, "due", self.due.is_some(), "The day it is due");
        if self.amount.is_some_and(|amount| amount.minor <= 0) {
            problems.push(Problem::new("amount", "The amount must be more than nothing."));
        }
        if let (Some(from), Some(to)) = (self.period_from, self.period_to)
            && to < from
        {
            problems.push(Problem::new("period_to", "The billed period ends before it begins."));
        }
        if self.schedule.is_some() != self.occurrence.is_some() {
            let message = "An occurrence names its schedule and the day the schedule says.";
            problems.push(Problem::new("occurrence", message));
        }
    }

    fn home(&self) -> Home {
        Home::Payments
    }

    fn title(&self) -> String {
        self.narration.clone()
    }

    fn purpose(&self) -> Option<String> {
        Some(format!("{}|{}", self.schedule?, self.occurrence?))
    }
}
