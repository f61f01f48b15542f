//! The trial balance: what every account holds of every fund on a day, in debit and credit.

use super::ledger::Ledger;
use crate::date::Date;
use crate::id::RecordId;
use crate::money::{Currency, Money};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

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

/// What every account holds of every fund and currency, without zeros.
pub type Stand = BTreeMap<(RecordId, RecordId, Currency), i64>;

/// Adds up the kept sums to the end of a day.
pub fn stand(ledger: &Ledger) -> Stand {
    let mut stand = Stand::new();
    for line in &ledger.lines {
        let sum = stand.entry((line.account, line.fund, line.amount.currency)).or_default();
        *sum = sum.wrapping_add(line.amount.minor);
    }
    stand.retain(|_, minor| *minor != 0);
    stand
}

/// Computes the trial balance.
pub fn trial_balance(ledger: &Ledger) -> TrialBalance {
    let stand = stand(ledger);
    let mut sums: BTreeMap<(RecordId, Currency), (i64, i64)> = BTreeMap::new();
    let mut unpriced = BTreeSet::new();
    let mut rows: Vec<TrialRow> = Vec::new();
    for ((account, fund, currency), minor) in stand {
        let amount = Money::new(minor, currency);
        let sum = sums.entry((fund, currency)).or_default();
        let side = if minor < 0 { &mut sum.1 } else { &mut sum.0 };
        *side = side.wrapping_add(minor.saturating_abs());
        let total = ledger.convert(amount, ledger.at);
        if total.is_none() {
            unpriced.insert(currency);
        }
        rows.push(TrialRow {
            account,
            path: ledger.path_of(&account),
            account_type: ledger.type_of(&account).to_owned(),
            fund,
            fund_name: ledger.fund_name(&fund),
            amount: amount.to_string(),
            debit: if minor > 0 { amount.to_string() } else { String::new() },
            credit: if minor < 0 { amount.negated().to_string() } else { String::new() },
            total: total.map_or_else(String::new, |total| total.to_string()),
        });
    }
    rows.sort_by(|a, b| {
        (&a.path, &a.fund_name, &a.amount, a.account, a.fund).cmp(&(
            &b.path,
            &b.fund_name,
            &b.amount,
            b.account,
            b.fund,
        ))
    });
    let balanced = sums.values().all(|(debit, credit)| debit == credit);
    let mut totals: Vec<TrialTotal> = sums
        .into_iter()
        .map(|((fund, currency), (debit, credit))| TrialTotal {
            fund,
            fund_name: ledger.fund_name(&fund),
            currency,
            debit: Money::new(debit, currency).to_string(),
            credit: Money::new(credit, currency).to_string(),
            difference: Money::new(debit.wrapping_sub(credit), currency).to_string(),
        })
        .collect();
    totals.sort_by(|a, b| {
        (&a.fund_name, a.fund, a.currency).cmp(&(&b.fund_name, b.fund, b.currency))
    });
    let all: Vec<String> = totals
        .iter()
        .map(|t| {
            format!("{}: {} debit − {} credit = {}", t.fund_name, t.debit, t.credit, t.difference)
        })
        .collect();
    TrialBalance {
        at: ledger.at,
        currency: ledger.currency,
        rows,
        totals,
        balanced,
        formula: all.join("; "),
        missing: ledger.unpriced(&unpriced),
    }
}
