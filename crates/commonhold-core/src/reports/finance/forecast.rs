//! The next twelve months: schedules and open bills going out, pledges and what is expected coming
//! in, and what that leaves.

use super::calendar::occurrences;
use super::ledger::{Ledger, all, counting};
use super::payments::{due_dates, expense_id};
use crate::date::{Date, Month};
use crate::id::{BookId, RecordId};
use crate::money::{Currency, Money};
use crate::projection::{State, SumLine};
use crate::records::Kind;
use crate::records::finance::budget::Budget;
use crate::records::finance::donor::Donor;
use crate::records::finance::expense::Expense;
use crate::records::finance::outcome::Outcome;
use crate::records::finance::pledge::Pledge;
use crate::records::finance::schedule::Schedule;
use crate::store::{Error, Reader};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// One payment that is to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ForecastItem {
    /// The kind of the record it is read off: schedule, expense, pledge, budget.
    pub kind: String,
    /// The record.
    #[cfg_attr(test, ts(type = "string"))]
    pub record: RecordId,
    /// What it is.
    pub title: String,
    /// The day it is due.
    #[cfg_attr(test, ts(type = "string"))]
    pub day: Date,
    /// The fund's name.
    pub fund_name: String,
    /// The amount in its own currency: positive comes in, negative goes out.
    pub amount: String,
    /// The same in the reporting currency; empty without a price.
    pub converted: String,
}

/// One month to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ForecastMonth {
    /// `YYYY-MM`.
    pub month: String,
    /// What comes in, all funds.
    pub income: String,
    /// What goes out, all funds.
    pub expense: String,
    /// Unrestricted money at its end.
    pub cash: String,
    /// All money at its end.
    pub total_cash: String,
    /// Whether unrestricted money is below zero at its end.
    pub below_zero: bool,
    /// What it is made of, by day.
    pub items: Vec<ForecastItem>,
}

/// The forecast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Forecast {
    /// The day it starts from.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// The reporting currency.
    #[cfg_attr(test, ts(type = "string"))]
    pub currency: Currency,
    /// Unrestricted money on that day.
    pub cash: String,
    /// All money on that day.
    pub total_cash: String,
    /// The months to come, the rest of the present one included.
    pub months: Vec<ForecastMonth>,
    /// The first month at whose end unrestricted money is below zero, `YYYY-MM`.
    pub first_below_zero: Option<String>,
    /// One sentence for each fund that runs out.
    pub short: Vec<String>,
    /// How it is computed, with the numbers.
    pub formula: String,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}

/// How many months ahead it looks.
const AHEAD: i32 = 12;

/// An item with the fund it belongs to.
struct Item {
    fund: RecordId,
    amount: Money,
    shown: ForecastItem,
}

/// What is gathered while the records are read.
struct Gathering<'a> {
    ledger: &'a Ledger,
    from: Date,
    to: Date,
    items: Vec<Item>,
    unpriced: BTreeSet<Currency>,
    missing: Vec<String>,
}

impl Gathering<'_> {
    fn add(
        &mut self,
        kind: Kind,
        record: RecordId,
        title: &str,
        day: Date,
        fund: RecordId,
        amount: Money,
    ) {
        let converted = self.ledger.convert(amount, self.ledger.at);
        if converted.is_none() {
            self.unpriced.insert(amount.currency);
        }
        let shown = ForecastItem {
            kind: kind.name().to_owned(),
            record,
            title: title.to_owned(),
            day,
            fund_name: self.ledger.fund_name(&fund),
            amount: amount.to_string(),
            converted: converted.map_or_else(String::new, |amount| amount.to_string()),
        };
        let amount = converted.unwrap_or_else(|| self.ledger.money(0));
        self.items.push(Item { fund, amount, shown });
    }

    /// Open bills: what is left to pay of each, on the day it is due, at once when that is over.
    fn expenses(&mut self, reader: &Reader, book: &BookId) -> Result<BTreeSet<RecordId>, Error> {
        let mut paid: BTreeMap<(RecordId, Currency), i64> = BTreeMap::new();
        for (expense, amount) in
            reader.by_expense(book, &self.ledger.accounts_of("asset"), self.ledger.at)?
        {
            paid.insert((expense, amount.currency), amount.minor.saturating_neg());
        }
        let mut ended = BTreeSet::new();
        for (_, outcome) in counting::<Outcome>(reader, book, Kind::Outcome)? {
            if matches!(outcome.result.as_str(), "rejected" | "cancelled") {
                ended.insert(outcome.expense);
            }
        }
        let mut known = BTreeSet::new();
        let mut open = Vec::new();
        reader.each(book, Kind::Expense, &mut |row| {
            known.insert(row.id);
            if row.state == State::Ok && !ended.contains(&row.id) {
                open.push((row.id, row.fields));
            }
            true
        })?;
        for (id, fields) in open {
            let Ok(Expense {
                amount: Some(amount),
                due: Some(due),
                fund,
                narration,
                expense_type,
                ..
            }) = serde_json::from_value(Value::Object(fields))
            else {
                continue;
            };
            let left = amount
                .minor
                .saturating_sub(paid.get(&(id, amount.currency)).copied().unwrap_or(0).max(0));
            if left > 0 && expense_type != "in-kind" && due <= self.to {
                let amount = Money::new(left.saturating_neg(), amount.currency);
                self.add(Kind::Expense, id, &narration, due.max(self.from), fund, amount);
            }
        }
        Ok(known)
    }

    /// Bills to come of which no expense is written yet.
    fn schedules(
        &mut self,
        reader: &Reader,
        book: &BookId,
        written: &BTreeSet<RecordId>,
    ) -> Result<(), Error> {
        let mut limits = 0_u32;
        for (id, schedule) in counting::<Schedule>(reader, book, Kind::Schedule)? {
            let Some(amount) = schedule.amount else {
                continue;
            };
            let days = due_dates(&schedule, self.from, self.to);
            limits =
                limits.saturating_add(u32::from(schedule.amount_is == "max" && !days.is_empty()));
            for due in days {
                if !written.contains(&expense_id(book, &id, due)) {
                    let title = &schedule.narration;
                    self.add(Kind::Schedule, id, title, due, schedule.fund, amount.negated());
                }
            }
        }
        if limits > 0 {
            self.missing.push(format!(
                "Schedules without a fixed amount are counted at the most they may cost ({limits})."
            ));
        }
        Ok(())
    }

    /// What is pledged, and what the budget expects.
    fn expected(&mut self, reader: &Reader, book: &BookId) -> Result<(), Error> {
        let names: BTreeMap<RecordId, Donor> = all(reader, book, Kind::Donor)?;
        for (id, pledge) in counting::<Pledge>(reader, book, Kind::Pledge)? {
            let (Some(amount), Some(first)) = (pledge.amount, pledge.from) else {
                continue;
            };
            let title = names.get(&pledge.donor).map_or("A donor", |donor| donor.name.as_str());
            for day in occurrences(first, &pledge.interval, pledge.until, self.from, self.to) {
                self.add(Kind::Pledge, id, title, day, pledge.fund, amount);
            }
        }
        for (id, line) in counting::<Budget>(reader, book, Kind::Budget)? {
            let (Some(amount), Some(first), "expected") =
                (line.amount, line.from, line.basis.as_str())
            else {
                continue;
            };
            let amount = match self.ledger.type_of(&line.account) {
                "income" => amount,
                "expense" => amount.negated(),
                _ => {
                    let what = "its account is no account of income or expense here";
                    self.missing.push(format!("“{}” is left out: {what}.", line.narration));
                    continue;
                }
            };
            for day in occurrences(first, &line.per, line.until, self.from, self.to) {
                self.add(Kind::Budget, id, &line.narration, day, line.fund, amount);
            }
        }
        Ok(())
    }
}

/// What each fund holds while the months go by.
struct Funds<'a> {
    ledger: &'a Ledger,
    holds: BTreeMap<RecordId, i64>,
    short: BTreeMap<RecordId, String>,
}

impl<'a> Funds<'a> {
    fn of(ledger: &'a Ledger) -> Self {
        let mut holds: BTreeMap<RecordId, i64> =
            ledger.funds.keys().map(|fund| (*fund, 0)).collect();
        holds.extend(ledger.lines.iter().map(|line| (line.fund, 0)));
        for (fund, minor) in &mut holds {
            let of_fund =
                |line: &SumLine| line.fund == *fund && ledger.type_of(&line.account) == "asset";
            *minor = ledger.stock(of_fund).minor;
        }
        Self { ledger, holds, short: BTreeMap::new() }
    }

    /// Unrestricted money, and all money.
    fn cash(&self) -> (i64, i64) {
        let mut sums = (0_i64, 0_i64);
        for (fund, minor) in &self.holds {
            if self.ledger.restriction_of(fund) == "unrestricted" {
                sums.0 = sums.0.saturating_add(*minor);
            }
            sums.1 = sums.1.saturating_add(*minor);
        }
        sums
    }

    fn close(&mut self, month: Month) {
        for (fund, minor) in self.holds.iter().filter(|(_, minor)| **minor < 0) {
            self.short.entry(*fund).or_insert_with(|| {
                format!(
                    "The fund {} is below zero at the end of {month}: {}.",
                    self.ledger.fund_name(fund),
                    self.ledger.money(*minor)
                )
            });
        }
    }

    fn month(&mut self, month: Month, items: Vec<Item>) -> ForecastMonth {
        let (mut income, mut expense) = (0_i64, 0_i64);
        let mut shown = Vec::new();
        for item in items {
            let held = self.holds.entry(item.fund).or_default();
            *held = held.saturating_add(item.amount.minor);
            let side = if item.amount.minor < 0 { &mut expense } else { &mut income };
            *side = side.saturating_add(item.amount.minor.saturating_abs());
            shown.push(item.shown);
        }
        self.close(month);
        let (cash, total) = self.cash();
        let money = |minor: i64| self.ledger.money(minor).to_string();
        ForecastMonth {
            month: month.to_string(),
            income: money(income),
            expense: money(expense),
            cash: money(cash),
            total_cash: money(total),
            below_zero: cash < 0,
            items: shown,
        }
    }
}

/// Computes the forecast from the ledger's day to the end of the twelfth month after it.
pub fn forecast(reader: &Reader, book: &BookId, ledger: &Ledger) -> Result<Forecast, Error> {
    let present = ledger.at.month();
    let last = Month::from_index(present.index().saturating_add(AHEAD));
    let (unpriced, missing) = (BTreeSet::new(), Vec::new());
    let (from, to) = (ledger.at.next(), last.last_day());
    let mut gathering = Gathering { ledger, from, to, items: Vec::new(), unpriced, missing };
    let written = gathering.expenses(reader, book)?;
    gathering.schedules(reader, book, &written)?;
    gathering.expected(reader, book)?;
    let Gathering { mut items, unpriced, mut missing, .. } = gathering;
    missing.extend(ledger.unpriced(&unpriced));
    if !items.iter().any(|item| item.amount.minor > 0) {
        missing.push(
            "Nothing is recorded that is to come in; add pledges, or income the budget expects."
                .to_owned(),
        );
    }
    items.sort_by(|a, b| {
        (a.shown.day, &a.shown.title, a.shown.record).cmp(&(
            b.shown.day,
            &b.shown.title,
            b.shown.record,
        ))
    });
    let mut by_month: BTreeMap<Month, Vec<Item>> = BTreeMap::new();
    for item in items {
        by_month.entry(item.shown.day.month()).or_default().push(item);
    }
    let free = |item: &&Item| ledger.restriction_of(&item.fund) == "unrestricted";
    let side = |incoming: bool| {
        let wanted = by_month.values().flatten().filter(free);
        wanted
            .map(|item| item.amount.minor)
            .filter(|minor| (*minor > 0) == incoming)
            .fold(0_i64, i64::saturating_add)
    };
    let (incoming, outgoing) = (side(true), side(false));
    let mut funds = Funds::of(ledger);
    let (cash, total) = funds.cash();
    let start = from.month().index();
    let months: Vec<ForecastMonth> = (start..=last.index())
        .map(Month::from_index)
        .map(|month| funds.month(month, by_month.remove(&month).unwrap_or_default()))
        .collect();
    Ok(Forecast {
        at: ledger.at,
        currency: ledger.currency,
        cash: ledger.money(cash).to_string(),
        total_cash: ledger.money(total).to_string(),
        first_below_zero: months.iter().find(|m| m.below_zero).map(|m| m.month.clone()),
        short: funds.short.into_values().collect(),
        formula: format!(
            "unrestricted money {} on {} + {} to come in − {} to go out by {to} = {}",
            ledger.money(cash),
            ledger.at,
            ledger.money(incoming),
            ledger.money(outgoing.saturating_neg()),
            ledger.money(cash.saturating_add(incoming).saturating_add(outgoing))
        ),
        months,
        missing,
    })
}
