//! Who pays for the service: income by kind of source over twelve months
//! (`finance.self-funded.sources`).

use crate::date::Date;
use crate::money::Currency;
use serde::Serialize;

/// What came from one kind of source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct SourceShare {
    /// Who gives: individual, public-entity and so on; `unknown` where no donor is named.
    #[serde(rename = "type")]
    pub donor_type: String,
    /// How many donors.
    pub donors: u32,
    /// What they gave.
    pub amount: String,
    /// Its share of all income, with the unit.
    pub share: String,
}

/// Income by kind of source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct SelfFunded {
    /// The day it is of.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// The reporting currency.
    #[cfg_attr(test, ts(type = "string"))]
    pub currency: Currency,
    /// First day of the twelve months.
    #[cfg_attr(test, ts(type = "string"))]
    pub from: Date,
    /// All income of them.
    pub income: String,
    /// By kind of source, in a fixed order.
    pub sources: Vec<SourceShare>,
    /// Whether nothing came from a for-profit owner or investor; nothing while income of unknown
    /// source leaves that open.
    pub met: Option<bool>,
    /// The same as a sentence, with the amounts.
    pub sentence: String,
    /// How it is computed.
    pub formula: String,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}
