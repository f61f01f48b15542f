//! Values of a JSON file by their path. What is missing or of another type is nothing.

use super::{Error, line, long, url, when};
use crate::import::refuse;
use commonhold_core::Time;
use serde_json::Value;

/// The file as JSON. Depth is bounded by the reader (128).
pub(super) fn parse(bytes: &[u8]) -> Result<Value, Error> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| match refuse::check(bytes) {
        Err(Error::OtherFile(sentence)) if !sentence.contains("JSON") => {
            Error::Json(sentence.replace("CSV", "JSON"))
        }
        _ => Error::Json(format!(
            "The file is not readable as JSON at line {}, column {}; save it again.",
            error.line(),
            error.column()
        )),
    })
}

/// The value at a path of names with dots; nothing where there is none or it is null.
pub(super) fn get<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let found = path.split('.').try_fold(value, |inner, name| inner.as_object()?.get(name))?;
    (!found.is_null()).then_some(found)
}

/// A text or number of one line.
pub(super) fn text(value: &Value, path: &str) -> Option<String> {
    scalar(get(value, path)?)
}

/// The first of several paths that has a text.
pub(super) fn first(value: &Value, paths: &[&str]) -> Option<String> {
    paths.iter().find_map(|path| text(value, path))
}

/// A text or number as one line.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => line(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A text of many lines.
pub(super) fn body(value: &Value, path: &str) -> Option<String> {
    long(get(value, path)?.as_str()?)
}

/// A web address.
pub(super) fn address(value: &Value, path: &str) -> Option<String> {
    url(get(value, path)?.as_str()?)
}

/// A moment: RFC 3339, what GitLab writes, or seconds since 1970.
pub(super) fn moment(value: &Value, path: &str) -> Option<Time> {
    match get(value, path)? {
        Value::String(text) => when::moment(text),
        Value::Number(number) => when::seconds(number.as_i64()?),
        _ => None,
    }
}

/// A list; an empty one where there is none.
pub(super) fn list<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    get(value, path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Whether it is `true`.
pub(super) fn is(value: &Value, path: &str) -> bool {
    get(value, path).and_then(Value::as_bool).unwrap_or(false)
}
