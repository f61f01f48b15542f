//! A schedule: a bill that comes again and again, with what may be paid without asking.

use crate::date::Date;
use crate::id::RecordId;
use crate::money::Money;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Whether the amount is always the same, or a limit.
pub const AMOUNT_IS: &[&str] = &["fixed", "max"];
/// How often bills come.
pub const RULES: &[&str] = &["weekly", "monthly", "quarterly", "yearly"];
/// How bills are paid.
pub const CHANNELS: &[&str] = &["bank", "open-collective", "command"];

/// A recurring bill and its pre-approval. Its approvals name its content: whoever changes it needs new ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Schedule {
    /// Who is paid.
    #[cfg_attr(test, ts(type = "string"))]
    pub payee: RecordId,
    /// What it is for.
    pub narration: String,
    /// The amount of one occurrence, or the most it may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub amount: Option<Money>,
    /// fixed: always this amount; max: at most this amount.
    pub amount_is: String,
    /// The expense account.
    #[cfg_attr(test, ts(type = "string"))]
    pub account: RecordId,
    /// The fund that pays.
    #[cfg_attr(test, ts(type = "string"))]
    pub fund: RecordId,
    /// How often: weekly, monthly, quarterly, yearly.
    pub rule: String,
    /// The day the first bill is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day a bill may be due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The most one occurrence may cost without a further approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub limit_per_occurrence: Option<Money>,
    /// The most a calendar year may cost without a further approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub limit_per_year: Option<Money>,
    /// The last day bills may be due that need no further approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    /// The decision it carries out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// How it is paid: bank, open-collective, command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// How the contract is cancelled, and how long before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel: Option<String>,
}

impl Record for Schedule {
    const KIND: Kind = Kind::Schedule;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("payee", T::Id, "Who is paid."),
        column("narration", T::Text, "What it is for."),
        column("amount", T::Money, "The amount of one occurrence, or the most it may be."),
        column(
            "amount_is",
            T::Choice(AMOUNT_IS),
            "fixed: always this amount; max: at most this amount.",
        ),
        column("account", T::Id, "The expense account."),
        column("fund", T::Id, "The fund that pays."),
        column("rule", T::Choice(RULES), "How often: weekly, monthly, quarterly, yearly."),
        column("from", T::Date, "The day the first bill is due."),
        column("until", T::Date, "The last day a bill may be due."),
        column(
            "limit_per_occurrence",
            T::Money,
            "The most one occurrence may cost without a further approval.",
        ),
        column(
            "limit_per_year",
            T::Money,
            "The most a calendar year may cost without a further approval.",
        ),
        column("expires", T::Date, "The last day bills may be due that need no further approval."),
        column("decision", T::Text, "The decision it carries out."),
        column("channel", T::Choice(CHANNELS), "How it is paid: bank, open-collective, command."),
        column("cancel", T::Text, "How the contract is cancelled, and how long before."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "payee", !self.payee.is_nil(), "The payee");
        require(problems, "narration", &self.narration, "What it is for");
        require_some(problems, "amount", self.amount.is_some(), "The amount");
        require(problems, "amount_is", &self.amount_is, "Whether the amount is fixed");
        require_some(problems, "account", !self.account.is_nil(), "The account");
        require_some(problems, "fund", !self.fund.is_nil(), "The fund");
        require(problems, "rule", &self.rule, "How often it comes");
        require_some(problems, "from", self.from.is_some(), "The first day");
        if self.amount.is_some_and(|amount| amount.minor <= 0) {
            problems.push(Problem::new("amount", "The amount must be more than nothing."));
        }
        if self.limit_per_occurrence.is_some_and(|amount| amount.minor <= 0) {
            problems.push(Problem::new(
                "limit_per_occurrence",
                "The amount must be more than nothing.",
            ));
        }
        if self.limit_per_year.is_some_and(|amount| amount.minor <= 0) {
            problems.push(Problem::new("limit_per_year", "The amount must be more than nothing."));
        }
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until < from
        {
            problems.push(Problem::new("until", "It ends before it begins."));
        }
    }

    fn home(&self) -> Home {
        Home::Payments
    }

    fn title(&self) -> String {
        self.narration.clone()
    }
}
