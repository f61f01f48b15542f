//! What is wrong with data, as a sentence for a person. A problem is never an error of the program.

use serde::{Deserialize, Serialize};

/// One thing that is wrong (or odd) about one field of a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Problem {
    /// The field's name as in the record's JSON, empty when the whole record is meant.
    pub field: String,
    /// One sentence: what is wrong and what to do.
    pub message: String,
}

impl Problem {
    /// A problem of one field.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// The field of a problem that is about the record's author, not about what it says.
pub const AUTHOR: &str = "@author";
/// The field of the problem of a record written while its author was being removed.
pub const APART: &str = "@apart";

/// Adds a problem when a text that must say something is empty.
pub fn require(problems: &mut Vec<Problem>, field: &str, value: &str, what: &str) {
    if value.trim().is_empty() {
        problems.push(Problem::new(field, format!("{what} is missing.")));
    }
}

/// Adds a problem when a value that must be there is not.
pub fn require_some(problems: &mut Vec<Problem>, field: &str, there: bool, what: &str) {
    if !there {
        problems.push(Problem::new(field, format!("{what} is missing.")));
    }
}
