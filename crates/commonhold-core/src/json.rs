//! Canonical JSON (RFC 8785) of records, and how JSON values lie in an automerge document.

use serde::Deserializer;
use serde::de::{self, Visitor};
use serde_json::{Map, Value};
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

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

/// Reads a value that is written as a text, without a copy of the text.
pub fn parsed<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    struct Text<T>(PhantomData<T>);

    impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }

    deserializer.deserialize_str(Text(PhantomData))
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
