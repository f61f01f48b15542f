//! What is approved: the hash of the fields an approval stands for.

use crate::id::Hash;
use crate::json::{self, Fields};
use crate::records::Kind;
use serde_json::{Value, json};

/// What an approval of an expense stands for: whom, how much, from what, why. Who handed it in is
/// among it, since that person may not approve it.
const EXPENSE: &[&str] = &[
    "payee",
    "narration",
    "type",
    "amount",
    "account",
    "fund",
    "due",
    "period_from",
    "period_to",
    "reference",
    "documents",
    "submitter",
    "schedule",
    "occurrence",
    "decision",
    "channel",
];

/// What an approval of a schedule stands for.
const SCHEDULE: &[&str] = &[
    "payee",
    "narration",
    "amount",
    "amount_is",
    "account",
    "fund",
    "rule",
    "from",
    "until",
    "limit_per_occurrence",
    "limit_per_year",
    "expires",
    "decision",
    "channel",
];

/// The fields of a kind an approval stands for.
pub(super) fn names(kind: Kind) -> Vec<&'static str> {
    match kind {
        Kind::Expense => EXPENSE.to_vec(),
        Kind::Schedule => SCHEDULE.to_vec(),
        Kind::Close => vec!["sha256"],
        other => other.info().columns.iter().map(|column| column.name).collect(),
    }
}

/// BLAKE3 over the canonical JSON (RFC 8785) of what is approved of a record, hexadecimal. Fields
/// that are absent, null or an empty list are the same.
pub fn content(kind: Kind, fields: &Fields) -> String {
    let mut approved = Fields::new();
    for name in names(kind) {
        if let Some(value) = fields.get(name).filter(|value| !is_empty(value)) {
            approved.insert(name.to_owned(), value.clone());
        }
    }
    Hash::of(json::canonical(&json!({"kind": kind, "fields": approved})).as_bytes()).to_string()
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}
