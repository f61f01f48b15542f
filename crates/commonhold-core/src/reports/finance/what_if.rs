//! What if: runway and coverage as they would be without the largest donor, at other prices, or
//! without some of the bills.

use super::concentration::Giving;
use super::coverage::Spread;
use super::ledger::{Ledger, counting};
use super::runway::{Coverage, Figures, Runway};
use crate::date::{Date, Month};
use crate::id::{BookId, RecordId};
use crate::money::{Currency, divide_half_even};
use crate::projection::SumLine;
use crate::records::Kind;
use crate::records::finance::schedule::Schedule;
use crate::store::{Error, Reader};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// What is supposed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct WhatIfQuestion {
    /// The donor who gave most over twelve months gives no more.
    pub lose_top_donor: bool,
    /// All expenses change by so many percent, -100 to 1000.
    pub price_change_percent: i32,
    /// These schedules end.
    #[cfg_attr(test, ts(type = "Array<string>"))]
    pub drop_schedules: Vec<RecordId>,
}

/// How long the money lasts and how much is covered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Outlook {
    /// How long it lasts.
    pub runway: Runway,
    /// How much recurring income pays; gifts paid ahead are spread over their months.
    pub coverage: Coverage,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct WhatIf {
    /// The day it is of.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// The reporting currency.
    #[cfg_attr(test, ts(type = "string"))]
    pub currency: Currency,
    /// What is supposed, with the amounts, one sentence each.
    pub supposed: Vec<String>,
    /// As it is.
    pub before: Outlook,
    /// As it would be.
    pub after: Outlook,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}

/// Least and greatest change of prices, in percent.
const CHANGES: RangeInclusive<i32> = -100..=1000;

/// What supposing does to the figures.
struct Supposing<'a> {
    ledger: &'a Ledger,
    figures: Figures,
    supposed: Vec<String>,
    missing: Vec<String>,
}

impl Supposing<'_> {
    fn lose_top_donor(&mut self, reader: &Reader, book: &BookId) -> Result<(), Error> {
        let mut giving = Giving::read(reader, book, self.ledger)?;
        self.missing.append(&mut giving.missing);
        let Some((donor, given)) = giving.donors.first().filter(|(_, given)| *given > 0) else {
            let sentence =
                "No gift of the last twelve months names its donor, so none can be lost.";
            self.missing.push(sentence.to_owned());
            return Ok(());
        };
        let three = self.ledger.last_three();
        let spread = Spread::read(reader, book, self.ledger, &three, Some(*donor))?;
        let mut unpriced = BTreeSet::new();
        let earned = spread.earned(self.ledger, &mut unpriced).max(0);
        self.missing.extend(self.ledger.unpriced(&unpriced));
        self.figures.earned = self.figures.earned.saturating_sub(earned).max(0);
        self.supposed.push(format!(
            "{} gives no more: {} in twelve months, of which {} are recurring unrestricted income \
             for the last {} months.",
            giving.name(donor),
            self.ledger.money(*given),
            self.ledger.money(earned),
            self.figures.recent
        ));
        Ok(())
    }

    /// Takes a schedule's share off the expense of the months averages are taken over, but never
    /// more than was spent there on its account from its fund.
    fn drop_schedule(&mut self, schedule: &Schedule) {
        let (Some(amount), ledger) = (schedule.amount, self.ledger) else {
            return;
        };
        let name = &schedule.narration;
        if ledger.restriction_of(&schedule.fund) != "unrestricted" {
            self.missing.push(format!(
                "“{name}” is not paid from unrestricted money, so runway and coverage stay."
            ));
            return;
        }
        let Some(amount) = ledger.convert(amount, ledger.at) else {
            self.missing.extend(ledger.unpriced(&BTreeSet::from([amount.currency])));
            return;
        };
        let spent = |months: &[Month]| {
            let of_it =
                |line: &SumLine| line.account == schedule.account && line.fund == schedule.fund;
            ledger.flow(months, of_it).minor.max(0)
        };
        let (window, three) = (ledger.window(), ledger.last_three());
        let (whole, recent) =
            (costs(ledger, schedule, window.len()), costs(ledger, schedule, three.len()));
        let (long, short) = (whole.min(spent(&window)), recent.min(spent(&three)));
        self.figures.expense = self.figures.expense.saturating_sub(long).max(0);
        self.figures.spent = self.figures.spent.saturating_sub(short).max(0);
        self.supposed.push(format!(
            "“{name}” ends: {amount} {}, {} in {} months.",
            schedule.rule,
            ledger.money(long),
            window.len()
        ));
        if long < whole {
            self.missing.push(format!(
                "Of “{name}” only {} were posted in these months; no more is taken off.",
                ledger.money(long)
            ));
        }
    }

    fn change_prices(&mut self, percent: i32) {
        let factor = i128::from(percent).saturating_add(100);
        let changed = |minor: i64| {
            let whole = i128::from(minor).saturating_mul(factor);
            divide_half_even(whole, 100).and_then(|m| i64::try_from(m).ok()).unwrap_or(minor)
        };
        let before = self.figures.average();
        self.figures.expense = changed(self.figures.expense);
        self.figures.spent = changed(self.figures.spent);
        self.supposed.push(format!(
            "All expenses change by {percent} %: {} instead of {} a month.",
            self.ledger.money(self.figures.average()),
            self.ledger.money(before)
        ));
    }

    fn outlook(&self) -> Outlook {
        let runway = self.figures.runway(self.ledger);
        Outlook { runway, coverage: self.figures.coverage(self.ledger) }
    }
}

/// Computes runway and coverage as they are and as they would be.
pub fn what_if(
    reader: &Reader,
    book: &BookId,
    ledger: &Ledger,
    question: &WhatIfQuestion,
) -> Result<WhatIf, Error> {
    let spread = Spread::read(reader, book, ledger, &ledger.last_three(), None)?;
    let mut unpriced = BTreeSet::new();
    let figures = Figures { earned: spread.earned(ledger, &mut unpriced), ..Figures::of(ledger) };
    let missing = ledger.unpriced(&unpriced);
    let mut supposing = Supposing { ledger, figures, supposed: Vec::new(), missing };
    let before = supposing.outlook();
    if question.lose_top_donor {
        supposing.lose_top_donor(reader, book)?;
    }
    let wanted: BTreeSet<RecordId> = question.drop_schedules.iter().copied().collect();
    if !wanted.is_empty() {
        let schedules: BTreeMap<RecordId, Schedule> =
            counting(reader, book, Kind::Schedule)?.into_iter().collect();
        for id in &wanted {
            match schedules.get(id) {
                Some(schedule) => supposing.drop_schedule(schedule),
                None => supposing.missing.push(format!("There is no schedule {id} that counts.")),
            }
        }
    }
    match question.price_change_percent {
        0 => {}
        percent if CHANGES.contains(&percent) => supposing.change_prices(percent),
        percent => supposing
            .missing
            .push(format!("Prices cannot change by {percent} %; it is left out (−100 to 1000).")),
    }
    supposing.missing.sort();
    supposing.missing.dedup();
    Ok(WhatIf {
        at: ledger.at,
        currency: ledger.currency,
        before,
        after: supposing.outlook(),
        supposed: supposing.supposed,
        missing: supposing.missing,
    })
}

/// What a schedule costs in some months, in minor units of the reporting currency;
/// nothing without a price.
fn costs(ledger: &Ledger, schedule: &Schedule, months: usize) -> i64 {
    let amount = schedule.amount.and_then(|amount| ledger.convert(amount, ledger.at));
    let a_year: i128 = match schedule.rule.as_str() {
        "weekly" => 52,
        "monthly" => 12,
        "quarterly" => 4,
        _ => 1,
    };
    let months = i128::try_from(months).unwrap_or(0);
    let whole = amount.map_or(0, |amount| i128::from(amount.minor));
    let whole = whole.saturating_mul(a_year).saturating_mul(months);
    divide_half_even(whole, 12).and_then(|minor| i64::try_from(minor).ok()).unwrap_or(0)
}
