//! What was planned and what came of it, by account and fund.

use super::ledger::{Ledger, counting};
use crate::date::{Date, Month};
use crate::id::{BookId, RecordId};
use crate::money::{Currency, Money};
use crate::records::Kind;
use crate::records::finance::budget::Budget;
use crate::store::{Error, Reader};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One month of a line of the budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct BudgetMonth {
    /// `YYYY-MM`.
    pub month: String,
    /// What was planned.
    pub planned: String,
    /// What was posted.
    pub actual: String,
    /// Posted less planned.
    pub difference: String,
}

/// An account and a fund in one currency: what was planned and what was posted, both positive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct BudgetLine {
    /// The account.
    #[cfg_attr(test, ts(type = "string"))]
    pub account: RecordId,
    /// Its path; the id when the account has not arrived yet.
    pub path: String,
    /// `income` or `expense`.
    #[serde(rename = "type")]
    pub account_type: String,
    /// The fund.
    #[cfg_attr(test, ts(type = "string"))]
    pub fund: RecordId,
    /// The fund's name.
    pub fund_name: String,
    /// The records of the budget this line is made of.
    #[cfg_attr(test, ts(type = "Array<string>"))]
    pub budgets: Vec<RecordId>,
    /// What they are for.
    pub narration: String,
    /// What was planned for the period.
    pub planned: String,
    /// What was posted in it.
    pub actual: String,
    /// Posted less planned.
    pub difference: String,
    /// What the difference means.
    pub sentence: String,
    /// The same by month.
    pub months: Vec<BudgetMonth>,
}

/// The budget of a period beside what was posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct BudgetReport {
    /// The day it is of.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// The reporting currency.
    #[cfg_attr(test, ts(type = "string"))]
    pub currency: Currency,
    /// First day of the period.
    #[cfg_attr(test, ts(type = "string"))]
    pub from: Date,
    /// Last day of the period.
    #[cfg_attr(test, ts(type = "string"))]
    pub to: Date,
    /// One line an account, fund and currency: income first, then by path.
    pub lines: Vec<BudgetLine>,
    /// Income planned, in the reporting currency.
    pub planned_income: String,
    /// Income posted.
    pub actual_income: String,
    /// Expense planned.
    pub planned_expense: String,
    /// Expense posted.
    pub actual_expense: String,
    /// Income less expense, planned.
    pub planned_result: String,
    /// Income less expense, posted.
    pub actual_result: String,
    /// How it is computed, with the numbers.
    pub formula: String,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}

/// What the lines of the budget and the books say of one account, fund and currency, by month.
#[derive(Default)]
struct Cell {
    budgets: Vec<RecordId>,
    narrations: Vec<String>,
    planned: BTreeMap<i32, i64>,
    actual: BTreeMap<i32, i64>,
}

type Cells = BTreeMap<(RecordId, RecordId, Currency), Cell>;

/// What a line of the budget plans for a month, in minor units: the amount of a quarter or a year is
/// spread over its months by largest remainder, beginning with the line's first month.
pub(super) fn planned_in(line: &Budget, month: Month) -> i64 {
    let (Some(amount), Some(from)) = (line.amount, line.from) else {
        return 0;
    };
    let distance = month.index().saturating_sub(from.month().index());
    let over = line.until.is_some_and(|until| month > until.month());
    let Ok(distance) = u32::try_from(distance) else {
        return 0;
    };
    let parts: u32 = match line.per.as_str() {
        "month" => 1,
        "quarter" => 3,
        "year" => 12,
        _ if distance > 0 => return 0,
        _ => 1,
    };
    if over { 0 } else { amount.part(parts, distance.checked_rem(parts).unwrap_or(0)).minor }
}

fn add(map: &mut BTreeMap<i32, i64>, month: Month, minor: i64) {
    let sum = map.entry(month.index()).or_default();
    *sum = sum.saturating_add(minor);
}

fn cells(
    reader: &Reader,
    book: &BookId,
    ledger: &Ledger,
    months: &[Month],
    missing: &mut Vec<String>,
) -> Result<Cells, Error> {
    let mut cells = Cells::new();
    for (id, line) in counting::<Budget>(reader, book, Kind::Budget)? {
        let Some(amount) = line.amount else {
            continue;
        };
        if !matches!(ledger.type_of(&line.account), "income" | "expense") {
            missing.push(format!(
                "“{}” is left out: its account is no account of income or expense here.",
                line.narration
            ));
            continue;
        }
        let planned: Vec<(Month, i64)> =
            months.iter().map(|m| (*m, planned_in(&line, *m))).filter(|(_, m)| *m != 0).collect();
        if planned.is_empty() {
            continue;
        }
        let cell = cells.entry((line.account, line.fund, amount.currency)).or_default();
        cell.budgets.push(id);
        if !cell.narrations.contains(&line.narration) {
            cell.narrations.push(line.narration);
        }
        planned.into_iter().for_each(|(month, minor)| add(&mut cell.planned, month, minor));
    }
    for line in ledger.lines.iter().filter(|line| months.contains(&line.month)) {
        let minor = match ledger.type_of(&line.account) {
            "income" => line.amount.minor.saturating_neg(),
            "expense" => line.amount.minor,
            _ => continue,
        };
        let cell = cells.entry((line.account, line.fund, line.amount.currency)).or_default();
        add(&mut cell.actual, line.month, minor);
    }
    cells.retain(|_, cell| {
        !cell.planned.is_empty() || cell.actual.values().any(|minor| *minor != 0)
    });
    Ok(cells)
}

fn sum(map: &BTreeMap<i32, i64>) -> i64 {
    map.values().fold(0, |sum, minor| sum.saturating_add(*minor))
}

fn sentence(planned: Money, actual: Money, budgeted: bool) -> String {
    let difference = Money::new(actual.minor.saturating_sub(planned.minor), actual.currency);
    match difference.minor {
        _ if !budgeted => "Nothing was planned.".to_owned(),
        0 => "As planned.".to_owned(),
        _ if actual.minor == 0 => format!("Nothing was posted of the {planned} planned."),
        1.. => format!("{difference} more than planned."),
        _ => format!("{} less than planned.", difference.negated()),
    }
}

impl Cell {
    fn line(
        &self,
        ledger: &Ledger,
        months: &[Month],
        (account, fund, currency): (RecordId, RecordId, Currency),
    ) -> BudgetLine {
        let money = |minor| Money::new(minor, currency);
        let (planned, actual) = (money(sum(&self.planned)), money(sum(&self.actual)));
        let month = |month: &Month| {
            let at = |map: &BTreeMap<i32, i64>| map.get(&month.index()).copied().unwrap_or(0);
            let (planned, actual) = (at(&self.planned), at(&self.actual));
            BudgetMonth {
                month: month.to_string(),
                planned: money(planned).to_string(),
                actual: money(actual).to_string(),
                difference: money(actual.saturating_sub(planned)).to_string(),
            }
        };
        BudgetLine {
            account,
            path: ledger.path_of(&account),
            account_type: ledger.type_of(&account).to_owned(),
            fund,
            fund_name: ledger.fund_name(&fund),
            budgets: self.budgets.clone(),
            narration: self.narrations.join("; "),
            planned: planned.to_string(),
            actual: actual.to_string(),
            difference: money(actual.minor.saturating_sub(planned.minor)).to_string(),
            sentence: sentence(planned, actual, !self.budgets.is_empty()),
            months: months.iter().map(month).collect(),
        }
    }
}

/// What cells of a type of account sum to in the reporting currency.
fn converted(
    ledger: &Ledger,
    cells: &Cells,
    kind: &str,
    of: fn(&Cell) -> &BTreeMap<i32, i64>,
    unpriced: &mut BTreeSet<Currency>,
) -> i64 {
    let mut total = 0_i64;
    for ((_, _, currency), cell) in
        cells.iter().filter(|((account, ..), _)| ledger.type_of(account) == kind)
    {
        for (month, minor) in of(cell) {
            let day = Month::from_index(*month).last_day().min(ledger.at);
            match ledger.convert(Money::new(*minor, *currency), day) {
                Some(amount) => total = total.saturating_add(amount.minor),
                None => {
                    unpriced.insert(*currency);
                }
            }
        }
    }
    total
}

/// Computes the budget of the year of the ledger's day, up to that day.
pub fn budget(reader: &Reader, book: &BookId, ledger: &Ledger) -> Result<BudgetReport, Error> {
    let first = Date::new(ledger.at.year(), 1, 1).unwrap_or(ledger.at);
    let months: Vec<Month> =
        (first.month().index()..=ledger.at.month().index()).map(Month::from_index).collect();
    let mut missing = Vec::new();
    let cells = cells(reader, book, ledger, &months, &mut missing)?;
    let mut unpriced = BTreeSet::new();
    let mut total = |kind, of| converted(ledger, &cells, kind, of, &mut unpriced);
    let (planned_in, actual_in) = (total("income", |c| &c.planned), total("income", |c| &c.actual));
    let (planned_out, actual_out) =
        (total("expense", |c| &c.planned), total("expense", |c| &c.actual));
    missing.extend(ledger.unpriced(&unpriced));
    if cells.values().all(|cell| cell.budgets.is_empty()) {
        missing.push("No budget is recorded for this year.".to_owned());
    }
    if ledger.at != ledger.at.month().last_day() {
        missing.push(format!(
            "{} is not over: its plan is of the whole month, what was posted goes to {}.",
            ledger.at.month(),
            ledger.at
        ));
    }
    let mut lines: Vec<BudgetLine> =
        cells.iter().map(|(key, cell)| cell.line(ledger, &months, *key)).collect();
    lines.sort_by(|a, b| {
        let key = |l: &BudgetLine| {
            (l.account_type != "income", l.path.clone(), l.fund_name.clone(), l.planned.clone())
        };
        key(a).cmp(&key(b))
    });
    let money = |minor: i64| ledger.money(minor).to_string();
    let (planned, actual) =
        (planned_in.saturating_sub(planned_out), actual_in.saturating_sub(actual_out));
    Ok(BudgetReport {
        at: ledger.at,
        currency: ledger.currency,
        from: first,
        to: ledger.at,
        lines,
        formula: format!(
            "planned: income {} − expense {} = {}; posted: income {} − expense {} = {}",
            money(planned_in),
            money(planned_out),
            money(planned),
            money(actual_in),
            money(actual_out),
            money(actual)
        ),
        planned_income: money(planned_in),
        actual_income: money(actual_in),
        planned_expense: money(planned_out),
        actual_expense: money(actual_out),
        planned_result: money(planned),
        actual_result: money(actual),
        missing,
    })
}
