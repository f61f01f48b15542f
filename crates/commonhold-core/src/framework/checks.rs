//! The checks that prove requirements, one file an area. Each is a pure function of the facts.

pub mod finance;
pub mod governance;
pub mod infrastructure;
pub mod operations;
pub mod product;

use super::{Evidence, Finding};
use crate::id::RecordId;
use crate::records::Kind;

/// Nothing in the records proves it: a person has to vouch.
pub fn vouched() -> Finding {
    Finding::unmet("Nobody has vouched for it yet.")
}

/// Names a record.
pub fn names(kind: Kind, id: RecordId, title: &str) -> Evidence {
    Evidence { kind, id, title: title.to_owned() }
}

/// A count with its word: `1 secret`, `3 secrets`.
pub fn some(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
