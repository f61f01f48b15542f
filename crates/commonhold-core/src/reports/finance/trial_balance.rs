//! The trial balance: what every account holds of every fund on a day, in debit and credit.

use crate::date::Date;
use crate::id::RecordId;
use crate::money::Currency;
use serde::Serialize;

/// One account's balance of one fund in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct TrialRow {
    /// The account.
    #[cfg_attr(test, ts(type = "string"))]
    pub account: RecordId,
    /// Its path; the id when the account has not arrived yet.
    pub path: String,
    /// Its type.
    #[serde(rename = "type")]
    pub account_type: String,
    /// The fund.
    #[cfg_attr(test, ts(type = "string"))]
    pub fund: RecordId,
    /// The fund's name.
    pub fund_name: String,
    /// The balance: debit positive, credit negative.
    pub amount: String,
    /// The amount when it is a debit; else empty.
    pub debit: String,
    /// The amount when it is a credit; else empty.
    pub credit: String,
    /// The balance in the reporting currency; empty without a price.
    pub total: String,
}

/// What one currency of one fund sums to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct TrialTotal {
    /// The fund.
    #[cfg_attr(test, ts(type = "string"))]
    pub fund: RecordId,
    /// The fund's name.
    pub fund_name: String,
    /// The currency.
    #[cfg_attr(test, ts(type = "string"))]
    pub currency: Currency,
    /// All debits.
    pub debit: String,
    /// All credits.
    pub credit: String,
    /// Debits less credits: zero.
    pub difference: String,
}

/// All balances on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct TrialBalance {
    /// The day.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// The reporting currency.
    #[cfg_attr(test, ts(type = "string"))]
    pub currency: Currency,
    /// One row an account, fund and currency, by path.
    pub rows: Vec<TrialRow>,
    /// One a fund and currency.
    pub totals: Vec<TrialTotal>,
    /// Whether every currency of every fund sums to zero, as it must.
    pub balanced: bool,
    /// The rule, with the numbers.
    pub formula: String,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}
