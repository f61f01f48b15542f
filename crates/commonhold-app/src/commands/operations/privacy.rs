//! What is taken out of a text before everybody may read it: what the masking rules know, the
//! names of people in the book, and the values of its secrets.

use crate::failure::Failure;
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Kind};
use commonhold_exchange::mask::{Finding, Masked, Masker};
use serde_json::Value;

/// Shortest value of a secret that is looked for; a shorter one would stand in every text.
const SHORTEST_VALUE: usize = 4;
/// Shortest line of a value of several lines that is looked for.
const SHORTEST_LINE: usize = 8;
/// Shortest part of a name that is masked alone.
const SHORTEST_PART: usize = 4;
/// Stands where the value of a secret was.
const MARK: &str = "[token]";

/// The rules for the texts of one book.
pub struct Privacy {
    masker: Masker,
    /// Values of secrets, the longest first.
    values: Vec<String>,
}

impl Privacy {
    /// Reads whose names and which secrets there are, as far as this device may.
    pub fn read(reader: &Reader, book: &BookId) -> Result<Self, Failure> {
        let mut names = Vec::new();
        let kinds = [(Kind::Person, "public_name"), (Kind::Contact, "name"), (Kind::Donor, "name")];
        for (kind, field) in kinds {
            reader.each(book, kind, &mut |row| {
                if let Some(name) = row.fields.get(field).and_then(Value::as_str) {
                    add_name(&mut names, name);
                }
                true
            })?;
        }
        names.sort();
        names.dedup();
        let mut values = Vec::new();
        for row in reader.unmasked(book, Kind::SealedValue)? {
            if let Some(value) = row.fields.get("value").and_then(Value::as_str) {
                add_value(&mut values, value);
            }
        }
        values.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        values.dedup();
        Ok(Self { masker: Masker::new(&names), values })
    }

    /// Masks a text. It has as many lines as before.
    pub fn mask(&self, text: &str) -> Masked {
        let (text, mut findings) = self.without_values(text);
        let masked = self.masker.mask(&text);
        findings.extend(masked.findings);
        findings.sort_by_key(|finding| finding.line);
        Masked { text: masked.text, findings }
    }

    /// A text without the values of secrets this device can read, and where they stood.
    pub fn without_values(&self, text: &str) -> (String, Vec<Finding>) {
        let (mut out, mut findings) = (String::with_capacity(text.len()), Vec::new());
        let mut number = 0_u32;
        for line in text.split_inclusive('\n') {
            number = number.saturating_add(1);
            let mut line = line.to_owned();
            for value in self.values.iter().filter(|value| !value.is_empty()) {
                let count = line.matches(value.as_str()).count();
                if count > 0 {
                    line = line.replace(value.as_str(), MARK);
                    let finding = Finding { line: number, kind: "token" };
                    findings.extend(std::iter::repeat_n(finding, count));
                }
            }
            out.push_str(&line);
        }
        (out, findings)
    }
}

/// A name as a whole, and its parts where they say whose it is.
fn add_name(names: &mut Vec<String>, name: &str) {
    let name = name.trim();
    let mut parts: Vec<&str> = name.split_whitespace().collect();
    if parts.len() > 1 {
        parts.retain(|part| part.chars().count() >= SHORTEST_PART);
        names.extend(parts.into_iter().map(str::to_owned));
    }
    names.push(name.to_owned());
}

/// A value as it would stand in a line.
fn add_value(values: &mut Vec<String>, value: &str) {
    let value = value.trim();
    if !value.contains('\n') {
        if value.len() >= SHORTEST_VALUE {
            values.push(value.to_owned());
        }
        return;
    }
    let lines = value.lines().map(str::trim).filter(|line| line.len() >= SHORTEST_LINE);
    values.extend(lines.map(str::to_owned));
}
