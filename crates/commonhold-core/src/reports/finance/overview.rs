//! How are we: balance by fund, income and expense by month, runway and coverage.

use super::ledger::Ledger;
use super::runway::{Coverage, Runway, coverage, runway};
use crate::date::{Date, Month};
use crate::id::RecordId;
use crate::money::Currency;
use serde::Serialize;

/// The money of one fund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct FundBalance {
    /// The fund.
    #[cfg_attr(test, ts(type = "string"))]
    pub fund: RecordId,
    /// Its name.
    pub name: String,
    /// Its restriction.
    pub restriction: String,
    /// The amounts as they are, one a currency.
    pub amounts: Vec<String>,
    /// All in the reporting currency.
    pub total: String,
    /// What was converted, at which rate of which day.
    pub converted: Option<String>,
}

/// Income and expense of one month, both positive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct MonthLine {
    /// `YYYY-MM`.
    pub month: String,
    /// What came in.
    pub income: String,
    /// What went out.
    pub expense: String,
}

/// The overview of a service's money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Overview {
    /// The day it is of.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// The reporting currency.
    #[cfg_attr(test, ts(type = "string"))]
    pub currency: Currency,
    /// Money by fund.
    pub balances: Vec<FundBalance>,
    /// All money.
    pub total: String,
    /// The last months, at most 24, oldest first.
    pub months: Vec<MonthLine>,
    /// How long it lasts.
    pub runway: Runway,
    /// How much recurring income pays.
    pub coverage: Coverage,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}

/// Computes the overview.
pub fn overview(ledger: &Ledger) -> Overview {
    let asset = |line: &crate::projection::SumLine| ledger.type_of(&line.account) == "asset";
    let all = ledger.stock(asset);
    let mut unpriced = all.missing.clone();
    let months = months(ledger);
    let lines = months
        .iter()
        .map(|month| {
            let of = |kind: &str| {
                ledger.flow(std::slice::from_ref(month), |l| ledger.type_of(&l.account) == kind)
            };
            let (income, expense) = (of("income"), of("expense"));
            unpriced.extend(income.missing.iter().chain(&expense.missing));
            MonthLine {
                month: month.to_string(),
                income: ledger.money(income.minor.saturating_neg()).to_string(),
                expense: ledger.money(expense.minor).to_string(),
            }
        })
        .collect();
    let mut missing = ledger.unpriced(&unpriced);
    if ledger.lines.iter().any(|line| !ledger.funds.contains_key(&line.fund)) {
        missing.push("Some entries name funds that have not arrived on this device yet.".into());
    }
    if super::runway::cash(ledger, &["unrestricted"]).minor < 0 {
        missing.push("Unrestricted money is overdrawn, so there is no runway.".into());
    }
    let unknown = ledger.lines.iter().any(|l| !ledger.accounts.contains_key(&l.account));
    if unknown {
        missing.push("Some entries name accounts that have not arrived on this device yet.".into());
    }
    Overview {
        at: ledger.at,
        currency: ledger.currency,
        balances: fund_balances(ledger),
        total: ledger.money(all.minor).to_string(),
        months: lines,
        runway: runway(ledger),
        coverage: coverage(ledger),
        missing,
    }
}

fn months(ledger: &Ledger) -> Vec<Month> {
    let Some(first) = ledger.first_month() else {
        return Vec::new();
    };
    let last = ledger.at.month();
    let start = first.index().max(last.back(23).index());
    (start..=last.index()).map(Month::from_index).collect()
}

fn fund_balances(ledger: &Ledger) -> Vec<FundBalance> {
    let mut balances: Vec<FundBalance> = ledger
        .funds
        .iter()
        .map(|(id, fund)| {
            let wanted = |line: &crate::projection::SumLine| {
                line.fund == *id && ledger.type_of(&line.account) == "asset"
            };
            let amounts = ledger.by_currency(wanted);
            let converted: Vec<String> = amounts
                .iter()
                .filter(|amount| amount.currency != ledger.currency)
                .filter_map(|amount| {
                    let (rate, _, day) = ledger.rate(amount.currency, ledger.at)?;
                    let value = ledger.convert(*amount, ledger.at)?;
                    Some(format!("{amount} = {value} at {rate} of {day}"))
                })
                .collect();
            FundBalance {
                fund: *id,
                name: fund.name.clone(),
                restriction: fund.restriction.clone(),
                amounts: amounts.iter().map(ToString::to_string).collect(),
                total: ledger.money(ledger.stock(wanted).minor).to_string(),
                converted: (!converted.is_empty()).then(|| converted.join("; ")),
            }
        })
        .collect();
    let rank =
        |r: &str| ["unrestricted", "designated", "donor-restricted"].iter().position(|x| *x == r);
    balances.sort_by(|a, b| {
        (rank(&a.restriction), &a.name, a.fund).cmp(&(rank(&b.restriction), &b.name, b.fund))
    });
    balances
}
