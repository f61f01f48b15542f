//! Canonical JSON (RFC 8785) of records, and how JSON values lie in an automerge document.

use serde_json::{Map, Value};

/// The fields of a record, by name.
pub type Fields = Map<String, Value>;

/// Canonical JSON text: the same value gives the same bytes on every device.
pub fn canonical(value: &impl serde::Serialize) -> String {
    serde_json_canonicalizer::to_string(value).unwrap_or_default()
}

/// The fields of a serialisable record, without those that are null.
pub fn fields(record: &impl serde::Serialize) -> Fields {
    match serde_json::to_value(record) {
        Ok(Value::Object(fields)) => fields.into_iter().filter(|(_, v)| !v.is_null()).collect(),
        _ => Fields::new(),
    }
}

/// Largest whole number that canonical JSON keeps exactly (RFC 8785 writes numbers as doubles).
const MAX_WHOLE: u64 = (1 << 53) - 1;

/// Whether a value holds a number that is not whole, or too large to be kept exactly.
pub fn has_inexact_number(value: &Value) -> bool {
    match value {
        Value::Number(number) => {
            number.as_i64().is_none_or(|whole| whole.unsigned_abs() > MAX_WHOLE)
        }
        Value::Array(items) => items.iter().any(has_inexact_number),
        Value::Object(fields) => fields.values().any(has_inexact_number),
        _ => false,
    }
}
