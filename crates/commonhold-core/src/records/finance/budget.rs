//! A budget line: what is planned for an account and a fund, or expected to come.

use crate::date::Date;
use crate::id::RecordId;
use crate::money::Money;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// What the amount is for.
pub const PER: &[&str] = &["once", "month", "quarter", "year"];
/// Why it is here.
pub const BASES: &[&str] = &["planned", "expected"];

/// A line of the budget.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Budget {
    /// What it is for.
    pub narration: String,
    /// The income or expense account.
    #[cfg_attr(test, ts(type = "string"))]
    pub account: RecordId,
    /// The fund.
    #[cfg_attr(test, ts(type = "string"))]
    pub fund: RecordId,
    /// The amount, positive for income and for expense.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub amount: Option<Money>,
    /// The amount is for: once, month, quarter, year.
    pub per: String,
    /// The day it begins, or the one day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The day it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// planned: what the service means to do; expected: what it expects to come.
    pub basis: String,
}

impl Record for Budget {
    const KIND: Kind = Kind::Budget;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("narration", T::Text, "What it is for."),
        column("account", T::Id, "The income or expense account."),
        column("fund", T::Id, "The fund."),
        column("amount", T::Money, "The amount, positive for income and for expense."),
        column("per", T::Choice(PER), "The amount is for: once, month, quarter, year."),
        column("from", T::Date, "The day it begins, or the one day."),
        column("until", T::Date, "The day it ends."),
        column(
            "basis",
            T::Choice(BASES),
            "planned: what the service means to do; expected: what it expects to come.",
        ),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "narration", &self.narration, "What it is for");
        require_some(problems, "account", !self.account.is_nil(), "The account");
        require_some(problems, "fund", !self.fund.is_nil(), "The fund");
        require_some(problems, "amount", self.amount.is_some(), "The amount");
        require(problems, "per", &self.per, "What the amount is for");
        require_some(problems, "from", self.from.is_some(), "The first day");
        require(problems, "basis", &self.basis, "The basis");
        if self.amount.is_some_and(|amount| amount.minor <= 0) {
            problems.push(Problem::new("amount", "The amount must be more than nothing."));
        }
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until < from
        {
            problems.push(Problem::new("until", "It ends before it begins."));
        }
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.narration.clone()
    }
}
