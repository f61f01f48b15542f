//! The gate every text passes that people wrote: what must not be public is masked, and said to be.

use commonhold_core::id::RecordId;
use commonhold_exchange::mask::Masker;
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
    masker: Masker,
    names: Vec<String>,
    found: RefCell<BTreeSet<Finding>>,
    recent: RefCell<BTreeSet<Finding>>,
}

impl Gate {
    /// A gate that also masks some names: those of people who did not agree to be named.
    pub fn new(names: BTreeSet<String>) -> Self {
        let names: Vec<String> = names.into_iter().collect();
        let masker = Masker::new(&names);
        Self { masker, names, found: RefCell::default(), recent: RefCell::default() }
    }

    /// The names it masks, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Notes what was found at an earlier time in a text that did not change.
    pub fn note(&self, finding: Finding) {
        self.found.borrow_mut().insert(finding);
    }

    /// What was found since this was asked last.
    pub fn recent(&self) -> BTreeSet<Finding> {
        self.recent.take()
    }

    /// A text as it may be shown.
    pub fn pass(&self, kind: &'static str, id: RecordId, field: &str, text: &str) -> String {
        let masked = self.masker.mask(text);
        if !masked.findings.is_empty() {
            let (mut all, mut recent) = (self.found.borrow_mut(), self.recent.borrow_mut());
            for found in masked.findings {
                let (line, what) = (found.line, found.kind);
                let finding = Finding { kind, id, field: field.to_owned(), line, what };
                recent.insert(finding.clone());
                all.insert(finding);
            }
        }
        masked.text
    }

    /// What was masked so far, by record.
    pub fn findings(&self) -> Vec<Finding> {
        self.found.borrow().iter().cloned().collect()
    }
}
