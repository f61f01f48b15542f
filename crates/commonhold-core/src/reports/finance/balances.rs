//! What every account holds of every fund, and whether the whole adds up (trial balance).

use super::ledger::Ledger;
use crate::id::RecordId;
use crate::money::{Currency, Money};
use serde::Serialize;
use std::collections::BTreeMap;

/// One account's balance of one fund in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct BalanceRow {
    /// The account.
    #[cfg_attr(test, ts(type = "string"))]
    pub account: RecordId,
    /// Its path; the id when the account has not arrived yet.
    pub path: String,
    /// Its type.
    #[serde(rename = "type")]
    pub account_type: String,
    /// The fund's name.
    pub fund: String,
    /// The balance in its own currency.
    pub amount: String,
    /// The same in the reporting currency; empty without a price.
    pub total: String,
}

/// All balances on a day. The amounts of each currency sum to zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Balances {
    /// The day.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: crate::date::Date,
    /// The reporting currency.
    #[cfg_attr(test, ts(type = "string"))]
    pub currency: Currency,
    /// One row an account, fund and currency, by path.
    pub rows: Vec<BalanceRow>,
    /// Whether every currency and fund sums to zero, as it must.
    pub balanced: bool,
}

/// Computes the balances.
pub fn balances(ledger: &Ledger) -> Balances {
    let mut sums: BTreeMap<(RecordId, RecordId, Currency), i64> = BTreeMap::new();
    let mut checks: BTreeMap<(RecordId, Currency), i64> = BTreeMap::new();
    for line in &ledger.lines {
        let Money { minor, currency } = line.amount;
        let sum = sums.entry((line.account, line.fund, currency)).or_default();
        *sum = sum.wrapping_add(minor);
        let check = checks.entry((line.fund, currency)).or_default();
        *check = check.wrapping_add(minor);
    }
    let mut rows: Vec<BalanceRow> = sums
        .into_iter()
        .filter(|(_, minor)| *minor != 0)
        .map(|((account, fund, currency), minor)| {
            let amount = Money::new(minor, currency);
            let total = ledger.convert(amount, ledger.at);
            let path = ledger.accounts.get(&account).map(|a| a.path.clone());
            BalanceRow {
                account,
                path: path.unwrap_or_else(|| account.to_string()),
                account_type: ledger.type_of(&account).to_owned(),
                fund: ledger.funds.get(&fund).map_or_else(|| fund.to_string(), |f| f.name.clone()),
                amount: amount.to_string(),
                total: total.map_or_else(String::new, |total| total.to_string()),
            }
        })
        .collect();
    rows.sort_by(|a, b| (&a.path, &a.fund, &a.amount).cmp(&(&b.path, &b.fund, &b.amount)));
    let balanced = checks.values().all(|sum| *sum == 0);
    Balances { at: ledger.at, currency: ledger.currency, rows, balanced }
}
