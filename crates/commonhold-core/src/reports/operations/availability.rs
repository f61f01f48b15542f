//! Uptime: of a component in a month, 1 − down ÷ measured, with the measured share of the month
//! beside it. What nobody measured is unknown and counts for nothing. Where records overlap the
//! worst state wins. Degraded and maintained count as measured and not as down.

use super::share;
use crate::date::{Month, Time};
use crate::records::operations::availability::{Availability, STATES};
use crate::reports::Records;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Most months looked at.
pub const MAX_MONTHS: i32 = 120;

/// One component in one month, in seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Uptime {
    /// The component.
    pub component: String,
    /// The month, `YYYY-MM`.
    pub month: String,
    /// Seconds up.
    #[cfg_attr(test, ts(type = "number"))]
    pub up: i64,
    /// Seconds degraded.
    #[cfg_attr(test, ts(type = "number"))]
    pub degraded: i64,
    /// Seconds of maintenance.
    #[cfg_attr(test, ts(type = "number"))]
    pub maintenance: i64,
    /// Seconds down.
    #[cfg_attr(test, ts(type = "number"))]
    pub down: i64,
    /// Seconds nobody measured, of those that have passed.
    #[cfg_attr(test, ts(type = "number"))]
    pub unknown: i64,
    /// 1 − down ÷ measured, in thousandths of a per cent; nothing where nothing was measured.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub uptime_thousandths: Option<i64>,
    /// Measured ÷ passed, in tenths of a per cent; nothing for a month that has not begun.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub measured_tenths: Option<i64>,
}

/// States from the best to the worst; where records overlap the later of these holds.
const ORDER: [&str; 4] = ["up", "maintenance", "degraded", "down"];

/// From second, until second, place in [`ORDER`].
type Stretch = (i64, i64, usize);

/// Works it out for every component that is named or measured and every month from one to another,
/// up to a moment; [`MAX_MONTHS`] at most, the newest.
pub fn availability(
    records: &Records<Availability>,
    components: &[String],
    (from, to): (Month, Month),
    now: Time,
) -> Vec<Uptime> {
    let mut by_component: BTreeMap<&str, Vec<Stretch>> = BTreeMap::new();
    for name in components {
        by_component.entry(name).or_default();
    }
    for (_, record) in records {
        let rank = ORDER.iter().position(|state| *state == record.state);
        if let (Some(from), Some(until), Some(rank)) = (record.from, record.until, rank) {
            let stretch = (from.0.div_euclid(1000), until.0.div_euclid(1000), rank);
            by_component.entry(&record.component).or_default().push(stretch);
        }
    }
    let first = from.index().max(to.index().saturating_sub(MAX_MONTHS.saturating_sub(1)));
    let now = now.0.div_euclid(1000);
    let mut found = Vec::new();
    for (component, stretches) in &by_component {
        for month in (first..=to.index()).map(Month::from_index) {
            found.push(one_month(component, stretches, month, now));
        }
    }
    found
}

/// The second a month begins.
fn begins(month: Month) -> i64 {
    let first = format!("{}T00:00:00Z", month.first_day()).parse::<Time>().unwrap_or_default();
    first.0.div_euclid(1000)
}

fn one_month(component: &str, stretches: &[Stretch], month: Month, now: i64) -> Uptime {
    let start = begins(month);
    let end = begins(Month::from_index(month.index().saturating_add(1))).min(now).max(start);
    let seconds = in_each_state(stretches, start, end);
    let [up, maintenance, degraded, down] = seconds;
    let measured = seconds.iter().fold(0_i64, |sum, part| sum.saturating_add(*part));
    let passed = end.saturating_sub(start);
    Uptime {
        component: component.to_owned(),
        month: month.to_string(),
        up,
        degraded,
        maintenance,
        down,
        unknown: passed.saturating_sub(measured),
        uptime_thousandths: share(measured.saturating_sub(down), measured, 100_000),
        measured_tenths: share(measured, passed, 1000),
    }
}

/// Seconds in each state of [`ORDER`] between two moments, each second in its worst one.
fn in_each_state(stretches: &[Stretch], start: i64, end: i64) -> [i64; 4] {
    let mut edges: BTreeMap<i64, [i64; 4]> = BTreeMap::new();
    for (from, until, rank) in stretches {
        let (from, until) = ((*from).max(start), (*until).min(end));
        if from >= until {
            continue;
        }
        for (at, change) in [(from, 1), (until, -1)] {
            if let Some(open) = edges.entry(at).or_default().get_mut(*rank) {
                *open = open.saturating_add(change);
            }
        }
    }
    let mut seconds = [0_i64; 4];
    let (mut open, mut last) = ([0_i64; 4], start);
    for (at, changes) in edges {
        if let Some(worst) = open.iter().rposition(|number| *number > 0)
            && let Some(sum) = seconds.get_mut(worst)
        {
            *sum = sum.saturating_add(at.saturating_sub(last));
        }
        for (number, change) in open.iter_mut().zip(changes) {
            *number = number.saturating_add(change);
        }
        last = at;
    }
    seconds
}

/// The components that were measured, by name.
pub fn measured(records: &Records<Availability>) -> BTreeSet<String> {
    let known = records.iter().filter(|(_, record)| STATES.contains(&record.state.as_str()));
    known.map(|(_, record)| record.component.clone()).collect()
}
