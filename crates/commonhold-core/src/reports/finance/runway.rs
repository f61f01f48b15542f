//! Runway, coverage and closing reserve (`docs/GLOSSARY.md`). Only unrestricted money counts for
//! runway: a grant for mirrors does not pay the hosting bill.

use super::ledger::{Ledger, Total};
use crate::money::ratio;
use crate::projection::SumLine;
use serde::Serialize;

/// How long the money lasts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Runway {
    /// Months without any income, one decimal; nothing while no expense is known.
    pub months: Option<String>,
    /// Whether recurring income alone pays the expenses (last three months).
    pub covered: bool,
    /// Months with recurring income only; nothing when covered or not known.
    pub recurring_only_months: Option<String>,
    /// How it is computed, with the numbers.
    pub formula: String,
    /// Unrestricted money.
    pub cash: String,
    /// Average monthly expense from unrestricted money.
    pub average_expense: String,
    /// Months the designated reserve lasts.
    pub reserve_months: Option<String>,
}

/// How much of the expense recurring income pays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Coverage {
    /// Percent, one decimal; nothing while no expense is known.
    pub percent: Option<String>,
    /// How it is computed, with the numbers.
    pub formula: String,
}

/// Money in asset accounts of funds with one of these restrictions.
pub fn cash(ledger: &Ledger, restrictions: &[&str]) -> Total {
    ledger.stock(|line| {
        ledger.type_of(&line.account) == "asset"
            && restrictions.contains(&ledger.restriction_of(&line.fund))
    })
}

fn is_unrestricted(ledger: &Ledger, line: &SumLine) -> bool {
    ledger.restriction_of(&line.fund) == "unrestricted"
}

fn is_recurring(ledger: &Ledger, line: &SumLine) -> bool {
    let recurrence = ledger.accounts.get(&line.account).and_then(|a| a.recurrence.as_deref());
    ledger.type_of(&line.account) == "income" && matches!(recurrence, Some("monthly" | "yearly"))
}

fn is_expense(ledger: &Ledger, line: &SumLine) -> bool {
    ledger.type_of(&line.account) == "expense" && is_unrestricted(ledger, line)
}

fn count(months: usize) -> i64 {
    i64::try_from(months).unwrap_or(1).max(1)
}

/// Computes the runway.
pub fn runway(ledger: &Ledger) -> Runway {
    let window = ledger.window();
    let cash_minor = cash(ledger, &["unrestricted"]).minor;
    let expense = ledger.flow(&window, |line| is_expense(ledger, line)).minor;
    let months = count(window.len());
    let average = expense.checked_div(months).unwrap_or(0);
    let three = ledger.last_three();
    let spent = ledger.flow(&three, |line| is_expense(ledger, line)).minor;
    let earned =
        ledger.flow(&three, |l| is_recurring(ledger, l) && is_unrestricted(ledger, l)).minor;
    let gap = spent.saturating_add(earned); // income is negative in double entry
    let covered = gap <= 0 && spent > 0;
    let designated = cash(ledger, &["designated"]).minor;
    // cash ÷ (expense ÷ months), without rounding in between
    let lasts = |amount: i64, cost: i64, months: usize| {
        ratio(amount.checked_mul(count(months))?, cost, 1).filter(|_| cost > 0 && amount >= 0)
    };
    Runway {
        months: lasts(cash_minor, expense, window.len()),
        covered,
        recurring_only_months: if covered { None } else { lasts(cash_minor, gap, three.len()) },
        formula: format!(
            "unrestricted money {} ÷ average monthly expense from it {} ({} over {} months)",
            ledger.money(cash_minor),
            ledger.money(average),
            ledger.money(expense),
            window.len()
        ),
        cash: ledger.money(cash_minor).to_string(),
        average_expense: ledger.money(average).to_string(),
        reserve_months: lasts(designated, expense, window.len()),
    }
}

/// Computes the coverage of the last three months.
pub fn coverage(ledger: &Ledger) -> Coverage {
    let three = ledger.last_three();
    let spent = ledger.flow(&three, |line| is_expense(ledger, line)).minor;
    let earned = ledger
        .flow(&three, |l| is_recurring(ledger, l) && is_unrestricted(ledger, l))
        .minor
        .saturating_neg();
    Coverage {
        percent: earned.checked_mul(100).and_then(|e| ratio(e, spent, 1)).filter(|_| spent > 0),
        formula: format!(
            "recurring income {} ÷ expense {} of the last {} months, unrestricted money only",
            ledger.money(earned),
            ledger.money(spent),
            three.len()
        ),
    }
}
