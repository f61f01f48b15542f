//! Counting days and months from a day.

use super::{Date, Month};

impl Date {
    /// The day so many days later (earlier when negative); nothing outside the calendar.
    pub fn plus_days(&self, days: i32) -> Option<Self> {
        let span = jiff::Span::new().try_days(days).ok()?;
        self.0.checked_add(span).ok().map(Self)
    }

    /// The day so many days later; the last day of the calendar where there is none.
    pub fn days_later(&self, days: u16) -> Self {
        let span = jiff::Span::new().try_days(i64::from(days));
        let later = span.ok().and_then(|span| self.0.checked_add(span).ok());
        Self(later.unwrap_or(jiff::civil::Date::MAX))
    }

    /// The day so many days earlier; the first day of the calendar where there is none.
    pub fn days_earlier(&self, days: u16) -> Self {
        let span = jiff::Span::new().try_days(i64::from(days));
        let earlier = span.ok().and_then(|span| self.0.checked_sub(span).ok());
        Self(earlier.unwrap_or(jiff::civil::Date::MIN))
    }

    /// The same day so many months later, or the last day of that month when it has no such day:
    /// 31 January, 28 February, 31 March. Count from the first day each time, not from the one
    /// before. Nothing outside the calendar.
    pub fn plus_months(&self, months: i32) -> Option<Self> {
        let index = self.month().index().checked_add(months)?;
        if !(0..=9999_i32.saturating_mul(12).saturating_add(11)).contains(&index) {
            return None;
        }
        let month = Month::from_index(index);
        let last = month.last_day();
        Self::new(last.year(), last.month_of_year(), self.day().min(last.day()))
    }

    /// How many days this day is after another; negative when it is before.
    pub fn days_since(&self, earlier: Self) -> i32 {
        let hours = earlier.0.duration_until(self.0).as_hours();
        hours.checked_div(24).and_then(|days| i32::try_from(days).ok()).unwrap_or(0)
    }

    /// The day of the week: Monday 1 to Sunday 7 (ISO 8601).
    pub fn weekday(&self) -> i8 {
        self.0.weekday().to_monday_one_offset()
    }

    /// How many working days (Monday to Friday) come after this day, up to and with another: from
    /// Friday to Monday it is one. Public holidays differ from place to place and are not known.
    pub fn working_days_until(&self, day: Self) -> u32 {
        let days = u32::try_from(day.days_since(*self)).unwrap_or(0);
        let weeks = days.checked_div(7).unwrap_or(0);
        let rest = days.checked_rem(7).unwrap_or(0);
        let mut weekday = self.weekday();
        let mut count = weeks.saturating_mul(5);
        for _ in 0..rest {
            weekday = if weekday >= 7 { 1 } else { weekday.saturating_add(1) };
            count = count.saturating_add(u32::from(weekday <= 5));
        }
        count
    }

    /// The first day of the twelve months that end with this day.
    pub fn year_before(&self) -> Self {
        self.plus_months(-12).map_or(*self, |day| day.next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn months_are_counted_from_the_first_day() {
        let first = day("2026-01-31");
        let found: Vec<String> =
            (0..4).filter_map(|n| first.plus_months(n)).map(|d| d.to_string()).collect();
        assert_eq!(found, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]);
        assert_eq!(day("2024-02-29").plus_months(12), Some(day("2025-02-28")));
        assert_eq!(day("2026-01-15").plus_months(-13), Some(day("2024-12-15")));
        assert_eq!(day("9999-12-01").plus_months(1), None);
        assert_eq!(day("2026-06-30").year_before(), day("2025-07-01"));
        assert_eq!(day("2024-02-29").year_before(), day("2023-03-01"));
        assert_eq!(day("9999-12-31").plus_days(1), None);
        assert_eq!(day("2026-02-27").days_later(2), day("2026-03-01"));
        assert_eq!(day("9999-12-31").days_later(2), day("9999-12-31"));
        assert_eq!(day("2026-03-01").days_since(day("2025-03-01")), 365);
        assert_eq!(day("2025-03-01").days_since(day("2026-03-01")), -365);
    }

    #[test]
    fn working_days_leave_out_weekends() {
        // 2026-06-05 is a Friday.
        assert_eq!(day("2026-06-05").weekday(), 5);
        for (from, to, wanted) in [
            ("2026-06-05", "2026-06-05", 0),
            ("2026-06-05", "2026-06-07", 0),
            ("2026-06-05", "2026-06-08", 1),
            ("2026-06-06", "2026-06-08", 1),
            ("2026-06-04", "2026-06-08", 2),
            ("2026-06-01", "2026-06-30", 21),
            ("2026-06-08", "2026-06-05", 0),
        ] {
            assert_eq!(day(from).working_days_until(day(to)), wanted, "{from} {to}");
        }
        // The short way of counting agrees with going day by day.
        let mut there = day("2026-01-01");
        let (start, mut count) = (there, 0);
        for _ in 0..400 {
            there = there.next();
            count += u32::from(there.weekday() <= 5);
            assert_eq!(start.working_days_until(there), count, "{there}");
        }
    }
}
