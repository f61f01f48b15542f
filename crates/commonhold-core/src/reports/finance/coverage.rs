//! Coverage with gifts paid ahead spread over the months they are for: a yearly gift pays the bills
//! of twelve months, not of the one it arrived in.

use crate::date::Date;
use crate::id::RecordId;
use crate::money::Currency;
use serde::Serialize;

/// One of the months the coverage is taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct CoverageMonth {
    /// `YYYY-MM`.
    pub month: String,
    /// Recurring income received in it.
    pub received: String,
    /// Recurring income that is for it.
    pub spread: String,
    /// Expense of it.
    pub expense: String,
}

/// A gift paid ahead of which a part is for these months.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct PrepaidGift {
    /// The transaction.
    #[cfg_attr(test, ts(type = "string"))]
    pub transaction: RecordId,
    /// The day it was received.
    #[cfg_attr(test, ts(type = "string"))]
    pub date: Date,
    /// The whole gift.
    pub amount: String,
    /// First day it is for.
    #[cfg_attr(test, ts(type = "string"))]
    pub from: Date,
    /// Last day it is for.
    #[cfg_attr(test, ts(type = "string"))]
    pub to: Date,
    /// How many months that is.
    pub months: u32,
    /// What of it is for the months of this report.
    pub counted: String,
}

/// How much of the expense recurring income pays, by the months it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct PrepaidCoverage {
    /// The day it is of.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// The reporting currency.
    #[cfg_attr(test, ts(type = "string"))]
    pub currency: Currency,
    /// Percent, one decimal; nothing while no expense is known.
    pub percent: Option<String>,
    /// How it is computed, with the numbers.
    pub formula: String,
    /// The same by the month the money arrived in.
    pub received_percent: Option<String>,
    /// How that is computed.
    pub received_formula: String,
    /// The months.
    pub months: Vec<CoverageMonth>,
    /// Gifts paid ahead that are in it, at most a hundred, the largest part first.
    pub gifts: Vec<PrepaidGift>,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}
