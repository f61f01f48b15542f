//! Moments and days as the files of others write them.

use commonhold_core::{Date, Time};

/// A moment with its offset: RFC 3339, `2026-08-12 15:23:28 UTC`, or `2026-08-12 15:23:28 +0200`;
/// whole seconds are kept. The year 1 stands for “not yet” (Go's zero time) and is nothing.
pub(super) fn moment(text: &str) -> Option<Time> {
    let text = text.trim();
    if text.len() > 40 || text.starts_with("0001-") || !text.is_ascii() {
        return None;
    }
    let joined = match text.split_once(' ') {
        Some((day, rest)) => {
            let rest = rest.replace(" UTC", "Z").replace(' ', "");
            format!("{day}T{rest}")
        }
        None => text.to_owned(),
    };
    let found: jiff::Timestamp = offset(&joined).parse().ok()?;
    seconds(found.as_second())
}

/// The offset with a colon: `+0200` is written so by git and GitLab.
fn offset(text: &str) -> String {
    let (head, tail) = text.split_at_checked(text.len().saturating_sub(5)).unwrap_or((text, ""));
    let digits = tail.get(1..).is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    if tail.starts_with(['+', '-']) && digits && head.contains(':') {
        let (hours, minutes) = tail.split_at_checked(3).unwrap_or((tail, ""));
        return format!("{head}{hours}:{minutes}");
    }
    text.to_owned()
}

/// Seconds since 1970, between the years 1970 and 9999.
pub(super) fn seconds(count: i64) -> Option<Time> {
    let fits = (0..=253_402_300_799).contains(&count);
    fits.then(|| Time(count.saturating_mul(1_000)))
}

/// A day `2026-08-12`, also at the beginning of a moment.
pub(super) fn day(text: &str) -> Option<Date> {
    text.trim().get(..10)?.parse().ok()
}

/// Midnight (UTC) of a day.
pub(super) fn midnight(day: Date) -> Option<Time> {
    moment(&format!("{day}T00:00:00Z"))
}
