//! The days something comes again.

use crate::date::Date;

/// Most days that are given out at once.
const MAX: usize = 1000;

/// The days from `from` to `to` on which something comes that comes first on `first` and then by a
/// rule, up to `until`. Months are counted from the first day, so that what comes on the 31st comes
/// on the last day of shorter months and on the 31st again after. Rules are named as schedules,
/// pledges and budgets name them; any other word means once.
pub fn occurrences(
    first: Date,
    rule: &str,
    until: Option<Date>,
    from: Date,
    to: Date,
) -> Vec<Date> {
    let last = until.map_or(to, |until| until.min(to));
    let distance = from.month().index().saturating_sub(first.month().index()).max(0);
    let months: i32 = match rule {
        "weekly" => {
            let weeks = from.days_since(first).max(0).checked_div(7).unwrap_or(0);
            return days(weeks, first, from, last, |n| first.plus_days(n.checked_mul(7)?));
        }
        "monthly" | "month" => 1,
        "quarterly" | "quarter" => 3,
        "yearly" | "year" => 12,
        _ => {
            let within = first >= from && first <= last;
            return if within { vec![first] } else { Vec::new() };
        }
    };
    let start = distance.checked_div(months).unwrap_or(0);
    days(start, first, from, last, |n| first.plus_months(n.checked_mul(months)?))
}

fn days(
    start: i32,
    first: Date,
    from: Date,
    last: Date,
    day: impl Fn(i32) -> Option<Date>,
) -> Vec<Date> {
    let steps = start..=i32::MAX;
    let days = steps.map_while(|n| day(n).filter(|day| *day <= last));
    days.filter(|day| *day >= from && *day >= first).take(MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn found(first: &str, rule: &str, until: Option<&str>, from: &str, to: &str) -> String {
        let days = occurrences(day(first), rule, until.map(day), day(from), day(to));
        days.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn days_come_by_their_rule_and_end() {
        assert_eq!(
            found("2026-01-31", "monthly", None, "2026-02-01", "2026-04-30"),
            "2026-02-28 2026-03-31 2026-04-30"
        );
        assert_eq!(
            found("2026-01-31", "quarterly", Some("2026-10-01"), "2026-01-31", "2027-12-31"),
            "2026-01-31 2026-04-30 2026-07-31"
        );
        assert_eq!(
            found("2024-02-29", "yearly", None, "2027-01-01", "2028-12-31"),
            "2027-02-28 2028-02-29"
        );
        assert_eq!(
            found("2026-06-01", "weekly", None, "2026-06-10", "2026-06-23"),
            "2026-06-15 2026-06-22"
        );
        assert_eq!(found("2026-07-05", "one-time", None, "2026-07-01", "2026-08-01"), "2026-07-05");
        assert_eq!(found("2026-07-05", "once", None, "2026-07-06", "2026-08-01"), "");
        // What begins later has nothing before it, and a day long ago is reached at once.
        assert_eq!(found("2026-09-15", "monthly", None, "2026-07-01", "2026-10-14"), "2026-09-15");
        assert_eq!(found("0001-01-01", "weekly", None, "2026-06-01", "2026-06-07").len(), 10);
    }
}
