//! Scenarios: numbers that were beyond their limit for some months in a row, decided from the
//! records alone and so the same on every device.

use super::facts::Records;
use crate::date::{Date, Month};
use crate::id::{BookId, RecordId};
use crate::money::ratio;
use crate::projection::SumLine;
use crate::records::product::scenario::Scenario;
use crate::reports::finance::ledger::Ledger;
use crate::reports::finance::runway;
use crate::store::{Error, Reader};
use serde::Serialize;

/// Decimals numbers are compared with.
const DECIMALS: u32 = 3;
/// Most months a run is followed back.
const MAX_RUN: u16 = 240;

/// How a scenario stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ScenarioView {
    /// The scenario.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What it is called.
    pub name: String,
    /// The months looked at, with their numbers, oldest first; a number that is not known is empty.
    pub values: Vec<(String, String)>,
    /// For how many months in a row, up to the last, the condition was met.
    pub run: u32,
    /// For how many it must be.
    pub months: u32,
    /// Whether it fires.
    pub fires: bool,
    /// What then happens.
    pub then: String,
    /// The firing of the run that lasts, where one does.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub fired: Option<Fired>,
}

/// What is written down of a run: the same on every device, on whatever later day it looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fired {
    /// The month in which the run had lasted long enough, YYYY-MM.
    pub month: String,
    /// The months until then, with their numbers, oldest first.
    pub values: Vec<(String, String)>,
}

/// Computes how every scenario stands at the end of the last complete month of a day. `people`
/// tells how many of a role there were, which does not depend on money.
pub fn scenarios(
    reader: &Reader,
    book: &BookId,
    scenarios: &Records<Scenario>,
    at: Date,
    people: &dyn Fn(&str, Date) -> Option<i64>,
) -> Result<Vec<ScenarioView>, Error> {
    let last = if at == at.month().last_day() { at.month() } else { at.month().back(1) };
    let mut found = Vec::new();
    for (id, scenario) in scenarios {
        let months = u32::try_from(scenario.months).unwrap_or(1).clamp(1, 120);
        let mut values = Vec::new();
        let mut run = 0_u32;
        for back in 0..MAX_RUN {
            let month = last.back(back);
            let value = metric(reader, book, &scenario.metric, month, at, people)?;
            let beyond = value.as_deref().is_some_and(|value| is_beyond(scenario, value));
            let looked = u32::from(back);
            run = run.saturating_add(u32::from(beyond && run == looked));
            values.push((month.to_string(), value.unwrap_or_default()));
            // Where the run began is looked for however long it lasts: it fires once.
            if run <= looked && looked.saturating_add(1) >= months {
                break;
            }
        }
        let fired = fired(&values, run, months);
        values.truncate(usize::try_from(months).unwrap_or(usize::MAX));
        values.reverse();
        found.push(ScenarioView {
            id: *id,
            name: scenario.name.clone(),
            values,
            run: run.min(months),
            months,
            fires: run >= months,
            then: scenario.then.clone(),
            fired,
        });
    }
    Ok(found)
}

/// The firing of a run of so many months, the newest first: its first months, as many as it takes.
fn fired(values: &[(String, String)], run: u32, months: u32) -> Option<Fired> {
    let later = usize::try_from(run.checked_sub(months)?).ok()?;
    let end = usize::try_from(run).ok()?;
    let mut values = values.get(later..end)?.to_vec();
    values.reverse();
    Some(Fired { month: values.last()?.0.clone(), values })
}

/// The number of one month's end.
fn metric(
    reader: &Reader,
    book: &BookId,
    metric: &str,
    month: Month,
    today: Date,
    people: &dyn Fn(&str, Date) -> Option<i64>,
) -> Result<Option<String>, Error> {
    let day = month.last_day();
    if ["members", "contributors", "donors"].contains(&metric) {
        return Ok(people(metric, day).map(|number| number.to_string()));
    }
    let ledger = Ledger::load(reader, book, Some(day), today)?;
    if ledger.first_month().is_none_or(|first| first > month) {
        return Ok(None);
    }
    Ok(match metric {
        "runway-months" => runway::runway(&ledger).months,
        "coverage-percent" => coverage(&ledger, month),
        "balance" => {
            let minor = runway::cash(&ledger, &["unrestricted"]).minor;
            Some(ledger.money(minor).decimal())
        }
        _ => None,
    })
}

/// Recurring income of one month as percent of its expense, unrestricted money only.
fn coverage(ledger: &Ledger, month: Month) -> Option<String> {
    let free = |line: &SumLine| ledger.restriction_of(&line.fund) == "unrestricted";
    let recurring = |line: &SumLine| {
        let account = ledger.accounts.get(&line.account);
        let often = account.and_then(|account| account.recurrence.as_deref());
        ledger.type_of(&line.account) == "income" && matches!(often, Some("monthly" | "yearly"))
    };
    let earned = ledger.flow(&[month], |line| recurring(line) && free(line)).minor;
    let spent =
        ledger.flow(&[month], |line| ledger.type_of(&line.account) == "expense" && free(line));
    let percent = earned.saturating_neg().checked_mul(100)?;
    ratio(percent, spent.minor, 1).filter(|_| spent.minor > 0)
}

/// A decimal number in thousandths; what has more digits is cut.
fn thousandths(text: &str) -> Option<i128> {
    let (sign, plain) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let places = usize::try_from(DECIMALS).unwrap_or(3);
    let fraction: String = fraction.chars().chain(std::iter::repeat('0')).take(places).collect();
    format!("{whole}{fraction}").parse::<i128>().ok()?.checked_mul(sign)
}

fn is_beyond(scenario: &Scenario, value: &str) -> bool {
    match (thousandths(value), thousandths(&scenario.limit)) {
        (Some(value), Some(limit)) if scenario.comparison == "below" => value < limit,
        (Some(value), Some(limit)) => value > limit,
        _ => false,
    }
}
