//! The gate every text passes that people wrote: what must not be public is masked, and said to be.

use commonhold_core::id::RecordId;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// A place that was masked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The kind of the record; `report` for a sentence the program made.
    pub kind: &'static str,
    /// The record.
    pub id: RecordId,
    /// The field.
    pub field: String,
    /// The line of the text, from 1.
    pub line: u32,
    /// What was found: `email`, `ipv4`, `name` and so on.
    pub what: &'static str,
}

/// Masks texts and remembers what it found.
pub struct Gate {
    names: Vec<String>,
    found: RefCell<BTreeSet<Finding>>,
}

impl Gate {
    /// A gate that also masks some names: those of people who did not agree to be named.
    pub fn new(names: BTreeSet<String>) -> Self {
        // A name of one or two letters would be found in every word.
        let long = |name: &String| name.chars().count() >= 3;
        let names = names.into_iter().filter(long).collect();
        Self { names, found: RefCell::default() }
    }

    /// A text as it may be shown.
    pub fn pass(&self, kind: &'static str, id: RecordId, field: &str, text: &str) -> String {
        let (text, found) = masked(&self.names, text);
        if !found.is_empty() {
            let mut all = self.found.borrow_mut();
            for (line, what) in found {
                all.insert(Finding { kind, id, field: field.to_owned(), line, what });
            }
        }
        text
    }

    /// What was masked so far, by record.
    pub fn findings(&self) -> Vec<Finding> {
        self.found.borrow().iter().cloned().collect()
    }
}

/// The text masked, and the lines and kinds of what was found.
fn masked(names: &[String], text: &str) -> (String, Vec<(u32, &'static str)>) {
    let mut out = text.to_owned();
    let mut found = Vec::new();
    for name in names.iter().filter(|name| text.contains(name.as_str())) {
        for (line, number) in text.lines().zip(1_u32..) {
            if line.contains(name.as_str()) {
                found.push((number, "name"));
            }
        }
        out = out.replace(name.as_str(), "[name]");
    }
    (out, found)
}
