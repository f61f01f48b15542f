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

pub(super) fn is_unrestricted(ledger: &Ledger, line: &SumLine) -> bool {
    ledger.restriction_of(&line.fund) == "unrestricted"
}

/// Whether a line is income that comes again and again, as its account says.
pub(super) fn is_recurring(ledger: &Ledger, line: &SumLine) -> bool {
    let recurrence = ledger.accounts.get(&line.account).and_then(|a| a.recurrence.as_deref());
    ledger.type_of(&line.account) == "income" && matches!(recurrence, Some("monthly" | "yearly"))
}

/// Whether a line is expense of unrestricted money.
pub(super) fn is_expense(ledger: &Ledger, line: &SumLine) -> bool {
    ledger.type_of(&line.account) == "expense" && is_unrestricted(ledger, line)
}

/// The amounts runway and coverage are made of, in minor units of the reporting currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Unrestricted money.
    pub cash: i64,
    /// Money set aside.
    pub designated: i64,
    /// Expense of unrestricted money in the months averages are taken over.
    pub expense: i64,
    /// How many months these are.
    pub months: usize,
    /// The same in the last of them, three at most.
    pub spent: i64,
    /// Recurring unrestricted income in the last of them.
    pub earned: i64,
    /// How many months these are.
    pub recent: usize,
}

fn count(months: usize) -> i64 {
    i64::try_from(months).unwrap_or(1).max(1)
}

impl Figures {
    /// Reads them off a ledger.
    pub fn of(ledger: &Ledger) -> Self {
        let (window, three) = (ledger.window(), ledger.last_three());
        let recurring = |l: &SumLine| is_recurring(ledger, l) && is_unrestricted(ledger, l);
        Self {
            cash: cash(ledger, &["unrestricted"]).minor,
            designated: cash(ledger, &["designated"]).minor,
            expense: ledger.flow(&window, |line| is_expense(ledger, line)).minor,
            months: window.len(),
            spent: ledger.flow(&three, |line| is_expense(ledger, line)).minor,
            earned: ledger.flow(&three, recurring).minor.saturating_neg(),
            recent: three.len(),
        }
    }

    /// The average expense of a month.
    pub fn average(&self) -> i64 {
        self.expense.checked_div(count(self.months)).unwrap_or(0)
    }

    /// The runway these amounts give.
    pub fn runway(&self, ledger: &Ledger) -> Runway {
        let gap = self.spent.saturating_sub(self.earned);
        let covered = gap <= 0 && self.spent > 0;
        // cash ÷ (expense ÷ months), without rounding in between
        let lasts = |amount: i64, cost: i64, months: usize| {
            ratio(amount.checked_mul(count(months))?, cost, 1).filter(|_| cost > 0 && amount >= 0)
        };
        Runway {
            months: lasts(self.cash, self.expense, self.months),
            covered,
            recurring_only_months: if covered { None } else { lasts(self.cash, gap, self.recent) },
            formula: format!(
                "unrestricted money {} ÷ average monthly expense from it {} ({} over {} months)",
                ledger.money(self.cash),
                ledger.money(self.average()),
                ledger.money(self.expense),
                self.months
            ),
            cash: ledger.money(self.cash).to_string(),
            average_expense: ledger.money(self.average()).to_string(),
            reserve_months: lasts(self.designated, self.expense, self.months),
        }
    }

    /// How many percent of the expense recurring income pays.
    pub fn covered_percent(&self) -> Option<String> {
        let hundredfold = self.earned.checked_mul(100)?;
        ratio(hundredfold, self.spent, 1).filter(|_| self.spent > 0)
    }

    /// The coverage these amounts give.
    pub fn coverage(&self, ledger: &Ledger) -> Coverage {
        Coverage {
            percent: self.covered_percent(),
            formula: format!(
                "recurring income {} ÷ expense {} of the last {} months, unrestricted money only",
                ledger.money(self.earned),
                ledger.money(self.spent),
                self.recent
            ),
        }
    }
}

/// Computes the runway.
pub fn runway(ledger: &Ledger) -> Runway {
    Figures::of(ledger).runway(ledger)
}

/// Computes the coverage of the last three months.
pub fn coverage(ledger: &Ledger) -> Coverage {
    Figures::of(ledger).coverage(ledger)
}
