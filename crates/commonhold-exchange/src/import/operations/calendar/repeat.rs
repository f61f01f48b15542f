//! Rules by which meetings come again (RFC 5545 3.3.10): daily, weekly, monthly, yearly, with
//! weekdays, days of the month and months. Other parts of a rule are refused, not guessed.

use super::{Said, Zone, said};
use commonhold_core::Time;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::{Span, ToSpan};

/// Most dates of one rule.
pub(super) const MOST: usize = 1_000;
/// Most days, weeks, months or years that are looked at for all rules of a calendar.
pub(super) const STEPS: usize = 500_000;

/// The dates of a rule, and whether there are more.
pub(super) struct Times {
    pub(super) times: Vec<Said>,
    pub(super) cut: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Every {
    Day,
    Week,
    Month,
    Year,
}

struct Rule {
    every: Every,
    interval: i64,
    count: Option<usize>,
    until: Option<Until>,
    /// A weekday, and which of the month it is (0: each, -1: the last).
    days: Vec<(i8, Weekday)>,
    month_days: Vec<i8>,
    months: Vec<i8>,
    week_start: Weekday,
}

/// The last time: with `Z` a moment, without it a local time (old programs write it so).
enum Until {
    Moment(Time),
    Local(DateTime),
}

/// Writes a rule out, from its first date up to `far`.
///
/// # Errors
/// One sentence, when the rule has parts that are not read.
pub(super) fn expand(
    rule: &str,
    first: Said,
    zone: &Zone,
    far: Time,
    steps: &mut usize,
) -> Result<Times, String> {
    let rule = parse(rule)?;
    let mut times = vec![first];
    let limit = rule.count.unwrap_or(usize::MAX);
    let mut step = 0_i64;
    while *steps > 0 {
        *steps = steps.saturating_sub(1);
        let at = step;
        step = step.saturating_add(rule.interval);
        let Some(days) = period(&rule, first.local.date(), at) else {
            return Ok(Times { times, cut: false });
        };
        for day in days {
            let local = day.to_datetime(first.local.time());
            let Some(utc) = zone.utc(local) else { continue };
            if local <= first.local {
                continue;
            }
            let over = match rule.until {
                Some(Until::Moment(last)) => utc > last,
                Some(Until::Local(last)) => local > last,
                None => false,
            };
            if over || times.len() >= limit {
                return Ok(Times { times, cut: false });
            }
            if utc > far || times.len() >= MOST {
                return Ok(Times { times, cut: true });
            }
            times.push(Said { local, utc });
        }
    }
    Ok(Times { times, cut: true })
}

fn parse(text: &str) -> Result<Rule, String> {
    let shown = super::super::clip(text, 100);
    let wrong = || format!("The rule “{shown}” is not read; enter the meetings by hand.");
    let mut rule = Rule {
        every: Every::Day,
        interval: 1,
        count: None,
        until: None,
        days: Vec::new(),
        month_days: Vec::new(),
        months: Vec::new(),
        week_start: Weekday::Monday,
    };
    let mut every = None;
    for part in text.trim().trim_end_matches(';').split(';') {
        let (name, value) = part.split_once('=').ok_or_else(wrong)?;
        let small = || -> Result<Vec<i8>, String> {
            value.split(',').take(64).map(|one| one.parse().map_err(|_| wrong())).collect()
        };
        match name.to_ascii_uppercase().as_str() {
            "FREQ" => every = Some(frequency(value).ok_or_else(wrong)?),
            "INTERVAL" => {
                rule.interval =
                    value.parse().ok().filter(|n| (1..=1_000).contains(n)).ok_or_else(wrong)?;
            }
            "COUNT" => rule.count = Some(value.parse().map_err(|_| wrong())?),
            "UNTIL" => rule.until = Some(until(value)?),
            "BYDAY" => {
                let days: Option<Vec<_>> = value.split(',').take(64).map(weekday).collect();
                rule.days = days.ok_or_else(wrong)?;
            }
            "BYMONTHDAY" => rule.month_days = small()?,
            "BYMONTH" => rule.months = small()?,
            "WKST" => rule.week_start = weekday(value).ok_or_else(wrong)?.1,
            _ => return Err(wrong()),
        }
    }
    rule.every = every.ok_or_else(wrong)?;
    let numbered = rule.days.iter().any(|(which, _)| *which != 0);
    let plain = match rule.every {
        Every::Day => rule.days.iter().all(|(which, _)| *which == 0),
        Every::Week => !numbered && rule.month_days.is_empty(),
        Every::Month => true,
        // The nth weekday of a year needs its month to be the nth of that month.
        Every::Year => !numbered || !rule.months.is_empty(),
    };
    if plain { Ok(rule) } else { Err(wrong()) }
}

fn frequency(value: &str) -> Option<Every> {
    match value.to_ascii_uppercase().as_str() {
        "DAILY" => Some(Every::Day),
        "WEEKLY" => Some(Every::Week),
        "MONTHLY" => Some(Every::Month),
        "YEARLY" => Some(Every::Year),
        _ => None,
    }
}

/// `MO`, `2TU`, `-1SU`.
fn weekday(text: &str) -> Option<(i8, Weekday)> {
    let text = text.trim().to_ascii_uppercase();
    let (number, name) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let day = match name {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    };
    let which = if number.is_empty() { 0 } else { number.trim_start_matches('+').parse().ok()? };
    (-5..=5).contains(&which).then_some((which, day))
}

/// A day alone includes all of that day.
fn until(value: &str) -> Result<Until, String> {
    let found = said(value, &Zone::Utc)?;
    if value.ends_with(['Z', 'z']) {
        return Ok(Until::Moment(found.utc));
    }
    let last = if value.contains('T') { found.local } else { found.local.date().at(23, 59, 59, 0) };
    Ok(Until::Local(last))
}

/// The days of the period so many steps after the first one, in order; nothing beyond the calendar.
fn period(rule: &Rule, first: Date, step: i64) -> Option<Vec<Date>> {
    let step_by = |span: Span, from: Date| from.checked_add(span).ok();
    let in_month = |day: &Date| rule.months.is_empty() || rule.months.contains(&day.month());
    let named =
        |day: &Date| rule.days.is_empty() || rule.days.iter().any(|(_, of)| *of == day.weekday());
    let mut days = match rule.every {
        Every::Day => {
            let day = step_by(step.days(), first)?;
            let fits = |day: &Date| rule.month_days.is_empty() || month_day(&rule.month_days, *day);
            vec![day].into_iter().filter(|day| named(day) && fits(day)).collect()
        }
        Every::Week => {
            let back = i64::from(first.weekday().since(rule.week_start));
            let start = step_by(step.weeks(), step_by((back.checked_neg()?).days(), first)?)?;
            let week = (0..7).filter_map(|day: i64| start.checked_add(day.days()).ok());
            let same = |day: &Date| rule.days.is_empty() && day.weekday() == first.weekday();
            week.filter(|day| same(day) || (!rule.days.is_empty() && named(day))).collect()
        }
        Every::Month => {
            let start = step_by(step.months(), first.first_of_month())?;
            month(rule, start, first.day())
        }
        Every::Year => {
            let start = step_by(step.years(), first.first_of_year())?;
            let months: Vec<i8> =
                if rule.months.is_empty() { vec![first.month()] } else { rule.months.clone() };
            let of = |month: &i8| Date::new(start.year(), *month, 1).ok();
            months.iter().filter_map(of).flat_map(|start| month(rule, start, first.day())).collect()
        }
    };
    days.retain(|day: &Date| in_month(day));
    days.sort_unstable();
    days.dedup();
    Some(days)
}

/// Whether the day's number is among them, from the end where it is negative.
fn month_day(numbers: &[i8], day: Date) -> bool {
    let from_end = day.day().saturating_sub(day.days_in_month()).saturating_sub(1);
    numbers.iter().any(|number| *number == day.day() || *number == from_end)
}

/// The days of a month that the rule names; without any, the day of the first date.
fn month(rule: &Rule, start: Date, first_day: i8) -> Vec<Date> {
    let count = start.days_in_month();
    let all = (1..=count).filter_map(|day| Date::new(start.year(), start.month(), day).ok());
    all.filter(|day| {
        if rule.days.is_empty() && rule.month_days.is_empty() {
            return day.day() == first_day;
        }
        let numbered = rule.month_days.is_empty() || month_day(&rule.month_days, *day);
        let named = rule.days.is_empty()
            || rule.days.iter().any(|(which, of)| *of == day.weekday() && nth(*day, *which, count));
        numbered && named
    })
    .collect()
}

/// Whether the day is the nth of its weekday in the month, from the end where it is negative.
fn nth(day: Date, which: i8, count: i8) -> bool {
    let weeks = |days: i8| days.checked_div(7).unwrap_or(0).saturating_add(1);
    match which {
        0 => true,
        1.. => weeks(day.day().saturating_sub(1)) == which,
        _ => weeks(count.saturating_sub(day.day())) == which.saturating_neg(),
    }
}
