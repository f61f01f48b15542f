//! YAML as far as these files need it: one document, no aliases, bounded depth and size. Numbers
//! stay texts, as they are written.

use super::Error;
use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};

/// Deepest nesting; real files have less than ten.
const DEPTH: usize = 32;
/// Most values of a document.
const NODES: usize = 200_000;
/// Largest document, in bytes.
const BYTES: usize = 4 * 1024 * 1024;

/// A list or mapping that is being read.
enum Open {
    List(Vec<Value>),
    /// What is read so far, and the name whose value comes next.
    Fields(Map<String, Value>, Option<String>),
}

/// Reads the document of the text.
///
/// # Errors
/// One sentence with the line, when it is no YAML or more than is allowed.
pub(super) fn parse(text: &str) -> Result<Value, Error> {
    if text.len() > BYTES {
        return Err(Error::Unusable("The YAML is larger than 4 MiB; no such file is.".into()));
    }
    let mut open: Vec<Open> = Vec::new();
    let mut nodes = 0_usize;
    for event in Parser::new_from_str(text) {
        let (event, span) =
            event.map_err(|error| wrong(error.marker().line(), "is no YAML that can be read"))?;
        nodes = nodes.saturating_add(1);
        if nodes > NODES || open.len() > DEPTH {
            return Err(wrong(
                span.start.line(),
                "holds more or goes deeper than such a file does",
            ));
        }
        let done = match event {
            Event::Alias(_) => {
                return Err(wrong(span.start.line(), "uses an alias (*), which is not read"));
            }
            Event::Scalar(text, style, ..) => Some(scalar(&text, style)),
            Event::SequenceStart(..) => {
                open.push(Open::List(Vec::new()));
                None
            }
            Event::MappingStart(..) => {
                open.push(Open::Fields(Map::new(), None));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(closed),
            Event::StreamEnd => return Ok(Value::Null),
            _ => None,
        };
        let Some(value) = done else { continue };
        match open.last_mut() {
            None => return Ok(value),
            Some(Open::List(items)) => items.push(value),
            Some(Open::Fields(fields, name)) => match name.take() {
                None => *name = Some(key(value)),
                Some(name) => {
                    fields.insert(name, value);
                }
            },
        }
    }
    Ok(Value::Null)
}

fn wrong(line: usize, what: &str) -> Error {
    Error::Unusable(format!("Line {line} {what}; look there, or export the file again."))
}

fn closed(open: Open) -> Value {
    match open {
        Open::List(items) => Value::Array(items),
        Open::Fields(fields, _) => Value::Object(fields),
    }
}

/// A name; one that is a list or mapping itself is of no use here and gets an empty name.
fn key(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Bool(yes) => yes.to_string(),
        _ => String::new(),
    }
}

fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style == ScalarStyle::Plain {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
            "true" | "True" | "TRUE" => return Value::Bool(true),
            "false" | "False" | "FALSE" => return Value::Bool(false),
            _ => {}
        }
    }
    Value::String(text.to_owned())
}
