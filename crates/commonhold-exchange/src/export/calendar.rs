//! A calendar others subscribe to (iCalendar 2.0, RFC 5545): sessions, and days something is due.

use commonhold_core::{Date, Time};
use std::fmt::Write as _;

/// Longest line in bytes (RFC 5545 3.1); longer ones are folded.
const LINE: usize = 75;

/// When an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// From a moment, to another where it is known.
    Moment(Time, Option<Time>),
    /// A whole day, such as one on which something is due.
    Day(Date),
}

/// An entry of the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The same for the same thing in every export (RFC 5545 3.8.4.7), such as a record's id with
    /// `@` and the book.
    pub uid: String,
    /// What it is.
    pub title: String,
    /// When it is.
    pub when: When,
    /// More about it, in several lines.
    pub description: Option<String>,
    /// Where somebody can look.
    pub url: Option<String>,
}

/// Writes the calendar. `stamp` is when it is made (`DTSTAMP`); everything else is of the records,
/// so the same records at the same moment give the same bytes.
pub fn write(name: &str, stamp: Time, entries: &[Entry]) -> String {
    let mut out = String::new();
    let head = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Commonhold//Commonhold//EN".to_owned(),
        "CALSCALE:GREGORIAN".to_owned(),
        format!("NAME:{}", escaped(name)),
        format!("X-WR-CALNAME:{}", escaped(name)),
    ];
    head.iter().for_each(|line| put(&mut out, line));
    for entry in entries {
        put(&mut out, "BEGIN:VEVENT");
        put(&mut out, &format!("UID:{}", escaped(&entry.uid)));
        put(&mut out, &format!("DTSTAMP:{}", moment(stamp)));
        match entry.when {
            When::Moment(starts, ends) => {
                put(&mut out, &format!("DTSTART:{}", moment(starts)));
                if let Some(ends) = ends.filter(|ends| *ends >= starts) {
                    put(&mut out, &format!("DTEND:{}", moment(ends)));
                }
            }
            When::Day(day) => {
                put(&mut out, &format!("DTSTART;VALUE=DATE:{}", plain(day)));
                put(&mut out, &format!("DTEND;VALUE=DATE:{}", plain(day.next())));
                // Nobody is busy because something is due.
                put(&mut out, "TRANSP:TRANSPARENT");
            }
        }
        put(&mut out, &format!("SUMMARY:{}", escaped(&entry.title)));
        if let Some(text) = &entry.description {
            put(&mut out, &format!("DESCRIPTION:{}", escaped(text)));
        }
        if let Some(url) = entry.url.as_deref().filter(|url| !url.contains(char::is_control)) {
            put(&mut out, &format!("URL:{url}"));
        }
        put(&mut out, "END:VEVENT");
    }
    put(&mut out, "END:VCALENDAR");
    out
}

/// `20260731T093000Z`.
fn moment(at: Time) -> String {
    at.to_string().replace(['-', ':'], "")
}

/// `20260731`.
fn plain(day: Date) -> String {
    day.to_string().replace('-', "")
}

/// A text (RFC 5545 3.3.11): separators behind a backslash, line ends as `\n`, no other control
/// characters.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\\' | ';' | ',' => {
                let _ = write!(out, "\\{character}");
            }
            '\n' => out.push_str("\\n"),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

/// Adds a line, folded so that no part is longer than 75 bytes and no character is cut.
fn put(out: &mut String, line: &str) {
    let mut used = 0_usize;
    for character in line.chars() {
        if used.saturating_add(character.len_utf8()) > LINE {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(character);
        used = used.saturating_add(character.len_utf8());
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::operations::{About, calendar, read};

    #[test]
    fn what_is_written_is_read_back_and_lines_are_short() {
        let at = |text: &str| text.parse::<Time>().unwrap();
        let entry = |uid: &str, when| Entry {
            uid: uid.into(),
            title: "Board; money, “plans” \\ ends".into(),
            when,
            description: Some(format!("one\ntwo {}", "é—".repeat(60))),
            url: Some("https://harbor.example/x".into()),
        };
        let entries = [
            entry(
                "a@b",
                When::Moment(at("2026-05-01T10:00:00Z"), Some(at("2026-05-01T11:00:00Z"))),
            ),
            entry("c@b", When::Day("2026-12-31".parse().unwrap())),
        ];
        let text = write("Harbor, e.V.", at("2026-04-01T00:00:00Z"), &entries);
        assert!(text.split("\r\n").all(|line| line.len() <= LINE), "{text}");
        assert!(text.contains("DTEND;VALUE=DATE:20270101"));
        let found = read(calendar::FORMAT, text.as_bytes(), &About::default()).unwrap();
        assert_eq!(found.refused, []);
        let [session, day] = &found.drafts[..] else { panic!("{found:?}") };
        assert_eq!(session.fields["title"], entries[0].title);
        assert_eq!(session.fields["ends"], "2026-05-01T11:00:00Z");
        assert!(session.fields["notes"].as_str().unwrap().starts_with("one\ntwo é—é"));
        assert_eq!(day.fields["starts"], "2026-12-31T00:00:00Z");
    }
}
