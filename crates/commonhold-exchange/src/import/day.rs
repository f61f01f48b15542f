//! Days as other programs write them.

use super::DateFormat;
use commonhold_core::Date;

/// Reads a day; a time of day after it is left out. The year has four digits and is not before
/// 1900: where it has not, something else stands there or a placeholder.
pub(super) fn parse(text: &str, format: DateFormat) -> Result<Date, String> {
    let wrong =
        || format!("“{}” is not a day of the form {}.", super::text::clip(text, 40), format.name());
    let (day, time) = split_time(text.trim());
    if !is_time(time) {
        return Err(wrong());
    }
    let parts = match format {
        DateFormat::Iso => split(day, '-'),
        DateFormat::Dots => split(day, '.').map(|[d, m, y]| [y, m, d]),
        DateFormat::DayFirst => split(day, '/').map(|[d, m, y]| [y, m, d]),
        DateFormat::MonthFirst => split(day, '/').map(|[m, d, y]| [y, m, d]),
        DateFormat::Compact => match (day.get(..4), day.get(4..6), day.get(6..)) {
            (Some(y), Some(m), Some(d)) => Some([y, m, d]),
            _ => None,
        },
    };
    let [year, month, day] = parts.ok_or_else(wrong)?;
    let fixed = matches!(format, DateFormat::Iso | DateFormat::Compact);
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let short = |t: &str| digits(t) && (t.len() == 2 || (t.len() == 1 && !fixed));
    if year.len() != 4 || !digits(year) || !short(month) || !short(day) {
        return Err(wrong());
    }
    let year: i16 = year.parse().map_err(|_| wrong())?;
    let month: i8 = month.parse().map_err(|_| wrong())?;
    let day: i8 = day.parse().map_err(|_| wrong())?;
    if year < 1900 {
        return Err(format!("The day “{text}” is before 1900, which is likely a placeholder."));
    }
    Date::new(year, month, day).ok_or_else(wrong)
}

/// Reads a moment in UTC (`2026-01-06T23:15:23`, also with a space or a `Z`) as its day. A moment
/// of another zone is an error: its day in UTC may be another.
pub(super) fn parse_utc(text: &str) -> Result<Date, String> {
    let (_, time) = split_time(text.trim());
    let clock = time.trim_end_matches(['Z', 'z']).trim_end();
    let clock = clock.strip_suffix("+00:00").or(clock.strip_suffix("+0000")).unwrap_or(clock);
    if clock.contains(['+', '-']) {
        return Err(format!("“{}” is not a moment in UTC.", super::text::clip(text, 40)));
    }
    parse(text, DateFormat::Iso)
}

fn split_time(text: &str) -> (&str, &str) {
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    (day, time.trim())
}

/// Whether a text looks like a time of day, with or without a zone; empty does.
fn is_time(text: &str) -> bool {
    let known = |b: u8| b.is_ascii_digit() || b" :.+-ZzAaPpMmUTC".contains(&b);
    text.bytes().next().is_none_or(|b| b.is_ascii_digit()) && text.bytes().all(known)
}

/// Three parts, exactly.
fn split(text: &str, mark: char) -> Option<[&str; 3]> {
    let mut parts = text.split(mark);
    let three = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(three)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_five_forms() {
        for (text, format, day) in [
            ("2026-06-01", DateFormat::Iso, "2026-06-01"),
            ("2026-06-01T23:59:59.999Z", DateFormat::Iso, "2026-06-01"),
            ("2023-05-07 21:45:50 +0200", DateFormat::Iso, "2023-05-07"),
            ("1.6.2026", DateFormat::Dots, "2026-06-01"),
            ("31/12/2026", DateFormat::DayFirst, "2026-12-31"),
            ("8/6/2026 12:00 PM", DateFormat::MonthFirst, "2026-08-06"),
            ("20260601", DateFormat::Compact, "2026-06-01"),
        ] {
            assert_eq!(parse(text, format).unwrap().to_string(), day, "{text}");
        }
    }

    #[test]
    fn refuses_all_else() {
        for (text, format) in [
            ("", DateFormat::Iso),
            ("2026-6-1", DateFormat::Iso),
            ("2026-02-30", DateFormat::Iso),
            ("2026-06-01 soon", DateFormat::Iso),
            ("2026-06-01-02", DateFormat::Iso),
            ("0001-01-01T00:00:00Z", DateFormat::Iso),
            ("01.06.26", DateFormat::Dots),
            ("13/13/2026", DateFormat::MonthFirst),
            ("2026061", DateFormat::Compact),
            ("２026-06-01", DateFormat::Iso),
            ("20ä60601", DateFormat::Compact),
        ] {
            assert!(parse(text, format).is_err(), "{text}");
        }
    }

    #[test]
    fn moments_are_in_utc() {
        for text in ["2026-01-06T23:15:23", "2026-01-06 23:15:23Z", "2026-01-06T23:15:23+00:00"] {
            assert_eq!(parse_utc(text).unwrap().to_string(), "2026-01-06");
        }
        assert!(parse_utc("2026-01-06T23:15:23+02:00").is_err());
    }
}
