//! What if: runway and coverage as they would be without the largest donor, at other prices, or
//! without some of the bills.

use super::runway::{Coverage, Runway};
use crate::date::Date;
use crate::id::RecordId;
use crate::money::Currency;
use serde::{Deserialize, Serialize};

/// What is supposed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct WhatIfQuestion {
    /// The donor who gave most over twelve months gives no more.
    pub lose_top_donor: bool,
    /// All expenses change by so many percent, -100 to 1000.
    pub price_change_percent: i32,
    /// These schedules end.
    #[cfg_attr(test, ts(type = "Array<string>"))]
    pub drop_schedules: Vec<RecordId>,
}

/// How long the money lasts and how much is covered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Outlook {
    /// How long it lasts.
    pub runway: Runway,
    /// How much recurring income pays; gifts paid ahead are spread over their months.
    pub coverage: Coverage,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct WhatIf {
    /// The day it is of.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// The reporting currency.
    #[cfg_attr(test, ts(type = "string"))]
    pub currency: Currency,
    /// What is supposed, with the amounts, one sentence each.
    pub supposed: Vec<String>,
    /// As it is.
    pub before: Outlook,
    /// As it would be.
    pub after: Outlook,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}
