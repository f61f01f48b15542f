//! Rules that several kinds share.

use crate::date::{Date, Time};
use crate::id::Sha256;
use crate::problem::Problem;

/// Most names in one list of a record, such as components or alerts.
pub const MAX_LIST: usize = 200;
/// Largest number of people, places and the like.
const MAX_COUNT: i64 = 1_000_000_000_000;

/// Adds a problem where a moment comes before one that is named before it. Each is the field, the
/// word for what happened, and the moment.
pub fn in_order(problems: &mut Vec<Problem>, moments: &[(&str, &str, Option<Time>)]) {
    let mut last: Option<(&str, Time)> = None;
    for (field, word, moment) in moments {
        let Some(moment) = moment else { continue };
        match last {
            Some((before, earlier)) if *moment < earlier => {
                let message = format!("It says {word} before {before}; please correct the times.");
                problems.push(Problem::new(*field, message));
            }
            _ => last = Some((word, *moment)),
        }
    }
}

/// Adds a problem where a span ends before it begins.
pub fn span(
    problems: &mut Vec<Problem>,
    (_, from): (&str, Option<Date>),
    (field, until): (&str, Option<Date>),
) {
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        let message = "This day comes too early; please correct one of the two days.";
        problems.push(Problem::new(field, message));
    }
}

/// Adds a problem where a list has more entries than anybody means.
pub fn few<T>(problems: &mut Vec<Problem>, field: &str, list: &[T]) {
    if list.len() > MAX_LIST {
        problems.push(Problem::new(field, format!("At most {MAX_LIST} entries fit here.")));
    }
}

/// Adds a problem where a count is below zero or larger than anybody means.
pub fn number(problems: &mut Vec<Problem>, field: &str, number: Option<i64>) {
    if number.is_some_and(|number| !(0..=MAX_COUNT).contains(&number)) {
        problems.push(Problem::new(field, "That is not a number from 0 to 1,000,000,000,000."));
    }
}

/// Adds a problem where a text is no SHA-256; an empty one is missing, which is another's to say.
pub fn sha256(problems: &mut Vec<Problem>, field: &str, text: Option<&str>) {
    let sound = |text: &str| text.parse().is_ok_and(|hash: Sha256| hash.to_string() == text);
    if text.is_some_and(|text| !text.is_empty() && !sound(text)) {
        let message = "A SHA-256 is 64 digits 0 to 9 and a to f.";
        problems.push(Problem::new(field, message));
    }
}

/// The first line of a text that says something, without the marks of a heading, cut to 100
/// letters.
pub fn first_line(text: &str) -> Option<String> {
    let lines = text.lines().map(|line| line.trim_start_matches('#').trim());
    let line = lines.into_iter().find(|line| !line.is_empty())?;
    Some(line.chars().take(100).collect())
}
