//! Days, months and moments, without a time zone and without a clock.

mod arithmetic;

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A day of the calendar, written `YYYY-MM-DD` (ISO 8601).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, type = "string"))]
#[serde(transparent)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// The day, or nothing when the calendar has no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        jiff::civil::Date::new(year, month, day).ok().map(Self)
    }

    /// The year, 1 to 9999 in everything a person writes.
    pub fn year(&self) -> i16 {
        self.0.year()
    }

    /// Month of the year, 1 to 12.
    pub fn month_of_year(&self) -> i8 {
        self.0.month()
    }

    /// Day of the month, 1 to 31.
    pub fn day(&self) -> i8 {
        self.0.day()
    }

    /// The month this day is in.
    pub fn month(&self) -> Month {
        Month { year: self.0.year(), month: self.0.month() }
    }

    /// The next day; the last day of the calendar stays itself.
    pub fn next(&self) -> Self {
        Self(self.0.tomorrow().unwrap_or(self.0))
    }

    /// The day some months and then some days later; a month that is too short ends the month. The
    /// last day of the calendar where there is none.
    pub fn plus(&self, months: i64, days: i64) -> Self {
        let span = |s: jiff::Span| s.try_months(months).and_then(|s| s.try_days(days));
        let later = span(jiff::Span::new()).and_then(|span| self.0.checked_add(span));
        Self(later.unwrap_or(jiff::civil::Date::MAX))
    }
}

impl FromStr for Date {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        // jiff accepts more than ISO 8601's calendar form; records hold one form only.
        let plain = text.len() == 10 && text.as_bytes().get(4) == Some(&b'-');
        match text.parse::<jiff::civil::Date>() {
            Ok(date) if plain && date.year() >= 1 => Ok(Self(date)),
            _ => Err(format!("“{text}” is not a day of the form 2026-07-31.")),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

/// A month of the calendar, written `YYYY-MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month `count` months earlier; the calendar's first month when there is none.
    pub fn back(&self, count: u16) -> Self {
        let index = self.index().saturating_sub(i32::from(count)).max(0);
        Self::from_index(index)
    }

    /// The first day.
    pub fn first_day(&self) -> Date {
        Date::new(self.year, self.month, 1).unwrap_or_default()
    }

    /// The last day.
    pub fn last_day(&self) -> Date {
        Date(self.first_day().0.last_of_month())
    }

    /// Months since the year 0, for distances.
    pub fn index(&self) -> i32 {
        i32::from(self.year)
            .saturating_mul(12)
            .saturating_add(i32::from(self.month))
            .saturating_sub(1)
    }

    /// The month with this index; the inverse of [`Month::index`].
    pub fn from_index(index: i32) -> Self {
        let year = i16::try_from(index.div_euclid(12)).unwrap_or(0);
        let month = i8::try_from(index.rem_euclid(12)).unwrap_or(0).saturating_add(1);
        Self { year, month }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let day: Date = format!("{text}-01")
            .parse()
            .map_err(|_| format!("“{text}” is not a month of the form 2026-07."))?;
        Ok(day.month())
    }
}

/// A moment: milliseconds since 1970-01-01T00:00:00Z, as claimed by the device that wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(pub i64);

impl Time {
    /// The day in UTC; the first day of the calendar for a moment outside it.
    pub fn date(&self) -> Date {
        jiff::Timestamp::from_millisecond(self.0)
            .map(|t| Date(t.to_zoned(jiff::tz::TimeZone::UTC).date()))
            .unwrap_or_default()
    }

    /// The moment some hours later.
    pub fn plus_hours(&self, hours: i64) -> Self {
        Self(self.0.saturating_add(hours.saturating_mul(3_600_000)))
    }

    /// Milliseconds since 1970 as an unsigned number; 0 for a moment before.
    pub fn milliseconds(&self) -> u64 {
        u64::try_from(self.0).unwrap_or(0)
    }
}

impl FromStr for Time {
    type Err = String;

    /// RFC 3339 in UTC, to the second: the one form records hold.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("“{text}” is not a moment of the form 2026-07-31T09:30:00Z.");
        let moment: jiff::Timestamp = text.parse().map_err(|_| wrong())?;
        let time = Self(moment.as_millisecond());
        if time.to_string() == text { Ok(time) } else { Err(wrong()) }
    }
}

impl Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        crate::json::parsed(d)
    }
}

impl fmt::Display for Time {
    /// RFC 3339 in UTC, to the second.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.0.div_euclid(1000).saturating_mul(1000);
        match jiff::Timestamp::from_millisecond(whole) {
            Ok(moment) => write!(f, "{moment}"),
            Err(_) => write!(f, "(a moment outside the calendar)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_one_form() {
        assert_eq!("2026-02-28".parse::<Date>().unwrap().next().to_string(), "2026-03-01");
        for bad in ["2026-02-30", "20260228", "2026-2-28", "2026-02-28T00:00", "", "2026-13-01"] {
            assert!(bad.parse::<Date>().is_err(), "{bad}");
        }
    }

    #[test]
    fn months_step_over_years() {
        let month: Month = "2026-02".parse().unwrap();
        assert_eq!(month.back(3).to_string(), "2025-11");
        assert_eq!(month.last_day().to_string(), "2026-02-28");
        assert_eq!(Month::from_index(month.index()), month);
    }

    #[test]
    fn a_moment_prints_as_rfc_3339() {
        assert_eq!(Time(1_767_225_600_123).to_string(), "2026-01-01T00:00:00Z");
        assert_eq!(Time(1_767_225_600_123).date().to_string(), "2026-01-01");
    }
}
