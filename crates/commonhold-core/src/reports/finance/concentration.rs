//! How much of the income hangs on few donors, over twelve months.

use super::efficiency::Ratio;
use crate::date::Date;
use crate::id::RecordId;
use crate::money::Currency;
use serde::Serialize;

/// What one donor gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct DonorShare {
    /// The donor.
    #[cfg_attr(test, ts(type = "string"))]
    pub donor: RecordId,
    /// The name or pseudonym; the id when the donor has not arrived yet.
    pub name: String,
    /// Who gives: individual, public-entity and so on; empty when not known.
    #[serde(rename = "type")]
    pub donor_type: String,
    /// What they gave.
    pub amount: String,
    /// Its share of all income, with the unit.
    pub share: String,
}

/// The concentration of income.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Concentration {
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
    /// What of it names no donor.
    pub unnamed: String,
    /// How many donors gave.
    pub count: u32,
    /// The ten who gave most.
    pub donors: Vec<DonorShare>,
    /// The shares: `largest`, `top-three`, `top-ten`.
    pub rows: Vec<Ratio>,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}
