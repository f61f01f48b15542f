//! Numbers of bank accounts (IBAN, ISO 13616), with or without spaces.

use super::IBAN;
use super::spans::{Spans, before, is_word};
use commonhold_core::iban::Iban;

/// Most characters of an IBAN.
const LONGEST: usize = 34;
/// Fewest.
const SHORTEST: usize = 15;

/// Notes every IBAN whose length is its country's and whose check digits fit.
pub(super) fn find(line: &str, spans: &mut Spans) {
    let bytes = line.as_bytes();
    let mut next = 0;
    while let Some(found) = bytes.get(next..).and_then(|rest| {
        rest.windows(4).position(|four| match four {
            [a, b, c, d] => {
                a.is_ascii_alphabetic()
                    && b.is_ascii_alphabetic()
                    && c.is_ascii_digit()
                    && d.is_ascii_digit()
            }
            _ => false,
        })
    }) {
        let start = next.saturating_add(found);
        next = start.saturating_add(1);
        if is_word(before(line, start)) {
            continue;
        }
        if let Some(end) = number(line, start) {
            spans.add(start, end, IBAN);
            next = end;
        }
    }
}

/// Where the number that begins at `start` ends. Groups may be parted by one space or dash.
fn number(line: &str, start: usize) -> Option<usize> {
    let mut compact = String::with_capacity(LONGEST);
    let mut gap = false;
    let mut ends = Vec::new();
    for (offset, character) in line.get(start..)?.char_indices() {
        let at = start.saturating_add(offset);
        if character.is_ascii_alphanumeric() {
            if compact.len() == LONGEST {
                ends.retain(|(_, end)| *end < at);
                break;
            }
            if !gap {
                // The number goes on here, so it did not end before this character.
                ends.retain(|(_, end)| *end != at);
            }
            compact.push(character);
            gap = false;
            if compact.len() >= SHORTEST {
                ends.push((compact.len(), at.saturating_add(1)));
            }
        } else if matches!(character, ' ' | '\u{a0}' | '\u{202f}' | '-') && !gap {
            gap = true;
        } else {
            if character.is_alphanumeric() {
                ends.retain(|(_, end)| *end != at);
            }
            break;
        }
    }
    let valid = |(length, _): &&(usize, usize)| {
        compact.get(..*length).is_some_and(|text| text.parse::<Iban>().is_ok())
    };
    ends.iter().find(valid).map(|(_, end)| *end)
}
