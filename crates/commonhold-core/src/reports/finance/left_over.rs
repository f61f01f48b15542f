//! Money that is left over, and where it goes: running costs, developers, the beneficiary.

use crate::date::Date;
use crate::money::Currency;
use serde::Serialize;

/// One step of the order in which money is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct LeftOverStep {
    /// `running-costs`, `developers`, `beneficiary`.
    pub id: String,
    /// Who or what gets it.
    pub label: String,
    /// How much.
    pub amount: String,
    /// How it is computed, with the numbers.
    pub formula: String,
}

/// What is left over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct LeftOver {
    /// The day it is of.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// The reporting currency.
    #[cfg_attr(test, ts(type = "string"))]
    pub currency: Currency,
    /// Unrestricted money.
    pub cash: String,
    /// Average monthly expense from it.
    pub average_expense: String,
    /// Months of expense the policy keeps; nothing while no policy says.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub reserve_months: Option<i64>,
    /// What is left over; nothing while no policy says what is kept.
    pub left_over: Option<String>,
    /// The steps, in order; they sum to the unrestricted money.
    pub steps: Vec<LeftOverStep>,
    /// The sentence a proposal can be made of; empty when nothing is left over.
    pub proposal: String,
    /// How it is computed, with the numbers.
    pub formula: String,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}
