//! The next twelve months: schedules and open bills going out, pledges and what is expected coming
//! in, and what that leaves.

use crate::date::Date;
use crate::id::RecordId;
use crate::money::Currency;
use serde::Serialize;

/// One payment that is to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ForecastItem {
    /// The kind of the record it is read off: schedule, expense, pledge, budget.
    pub kind: String,
    /// The record.
    #[cfg_attr(test, ts(type = "string"))]
    pub record: RecordId,
    /// What it is.
    pub title: String,
    /// The day it is due.
    #[cfg_attr(test, ts(type = "string"))]
    pub day: Date,
    /// The fund's name.
    pub fund_name: String,
    /// The amount in its own currency: positive comes in, negative goes out.
    pub amount: String,
    /// The same in the reporting currency; empty without a price.
    pub converted: String,
}

/// One month to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ForecastMonth {
    /// `YYYY-MM`.
    pub month: String,
    /// What comes in, all funds.
    pub income: String,
    /// What goes out, all funds.
    pub expense: String,
    /// Unrestricted money at its end.
    pub cash: String,
    /// All money at its end.
    pub total_cash: String,
    /// Whether unrestricted money is below zero at its end.
    pub below_zero: bool,
    /// What it is made of, by day.
    pub items: Vec<ForecastItem>,
}

/// The forecast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Forecast {
    /// The day it starts from.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// The reporting currency.
    #[cfg_attr(test, ts(type = "string"))]
    pub currency: Currency,
    /// Unrestricted money on that day.
    pub cash: String,
    /// All money on that day.
    pub total_cash: String,
    /// The months to come, the rest of the present one included.
    pub months: Vec<ForecastMonth>,
    /// The first month at whose end unrestricted money is below zero, `YYYY-MM`.
    pub first_below_zero: Option<String>,
    /// One sentence for each fund that runs out.
    pub short: Vec<String>,
    /// How it is computed, with the numbers.
    pub formula: String,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}
