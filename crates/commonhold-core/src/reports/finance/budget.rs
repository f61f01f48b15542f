//! What was planned and what came of it, by account and fund.

use crate::date::Date;
use crate::id::RecordId;
use crate::money::Currency;
use serde::Serialize;

/// One month of a line of the budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct BudgetMonth {
    /// `YYYY-MM`.
    pub month: String,
    /// What was planned.
    pub planned: String,
    /// What was posted.
    pub actual: String,
    /// Posted less planned.
    pub difference: String,
}

/// An account and a fund in one currency: what was planned and what was posted, both positive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct BudgetLine {
    /// The account.
    #[cfg_attr(test, ts(type = "string"))]
    pub account: RecordId,
    /// Its path; the id when the account has not arrived yet.
    pub path: String,
    /// `income` or `expense`.
    #[serde(rename = "type")]
    pub account_type: String,
    /// The fund.
    #[cfg_attr(test, ts(type = "string"))]
    pub fund: RecordId,
    /// The fund's name.
    pub fund_name: String,
    /// The records of the budget this line is made of.
    #[cfg_attr(test, ts(type = "Array<string>"))]
    pub budgets: Vec<RecordId>,
    /// What they are for.
    pub narration: String,
    /// What was planned for the period.
    pub planned: String,
    /// What was posted in it.
    pub actual: String,
    /// Posted less planned.
    pub difference: String,
    /// What the difference means.
    pub sentence: String,
    /// The same by month.
    pub months: Vec<BudgetMonth>,
}

/// The budget of a period beside what was posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct BudgetReport {
    /// The day it is of.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// The reporting currency.
    #[cfg_attr(test, ts(type = "string"))]
    pub currency: Currency,
    /// First day of the period.
    #[cfg_attr(test, ts(type = "string"))]
    pub from: Date,
    /// Last day of the period.
    #[cfg_attr(test, ts(type = "string"))]
    pub to: Date,
    /// One line an account, fund and currency: income first, then by path.
    pub lines: Vec<BudgetLine>,
    /// Income planned, in the reporting currency.
    pub planned_income: String,
    /// Income posted.
    pub actual_income: String,
    /// Expense planned.
    pub planned_expense: String,
    /// Expense posted.
    pub actual_expense: String,
    /// Income less expense, planned.
    pub planned_result: String,
    /// Income less expense, posted.
    pub actual_result: String,
    /// How it is computed, with the numbers.
    pub formula: String,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}
