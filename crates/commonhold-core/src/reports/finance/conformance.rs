//! The numbers behind the framework's finance requirements (`finance.*`): what the records prove.

use crate::date::Date;
use serde::Serialize;

/// What the records say about one requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct FinanceRequirement {
    /// The requirement's id, such as `finance.history.timely`.
    pub id: String,
    /// Whether the records prove it; nothing where they cannot decide.
    pub met: Option<bool>,
    /// The number, with its unit.
    pub value: String,
    /// How it is computed, with the numbers.
    pub formula: String,
    /// What is missing, a sentence each.
    pub missing: Vec<String>,
}

/// All finance requirements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct FinanceConformance {
    /// The day it is of.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// One row a requirement.
    pub rows: Vec<FinanceRequirement>,
}
