//! JSON Schema (2020-12) of the lines in `records/`, made from the lists of columns.

use super::{Error, Export};
use commonhold_core::records::Kind;
use commonhold_core::table::{Column, ColumnType, MAX_LONG_TEXT, MAX_TEXT};
use serde_json::{Map, Value, json};

const DAY: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
const MONEY: &str = "^-?[0-9]+(\\.[0-9]+)? [A-Z]{3}$";
const MOMENT: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$";
const CODE: &str = "^[A-Z]{3}$";

/// The schema of a column's value; every field may also be absent or null.
fn property(column: &Column) -> Value {
    let mut schema = match column.holds {
        ColumnType::Text | ColumnType::Attachment | ColumnType::SealedAttachment => {
            json!({ "type": ["string", "null"], "maxLength": MAX_TEXT })
        }
        ColumnType::LongText => json!({
            "type": ["string", "null"], "maxLength": MAX_LONG_TEXT,
            "contentMediaType": "text/markdown",
        }),
        ColumnType::Integer => json!({ "type": ["integer", "null"] }),
        ColumnType::Boolean => json!({ "type": ["boolean", "null"] }),
        ColumnType::Date => json!({ "type": ["string", "null"], "format": "date", "pattern": DAY }),
        ColumnType::Moment => json!({
            "type": ["string", "null"], "format": "date-time", "pattern": MOMENT,
        }),
        ColumnType::Money => json!({ "type": ["string", "null"], "pattern": MONEY }),
        ColumnType::Id => json!({ "type": ["string", "null"], "format": "uuid" }),
        ColumnType::Currency => json!({ "type": ["string", "null"], "pattern": CODE }),
        ColumnType::Choice(words) => {
            let words = words.iter().map(|word| Value::from(*word));
            json!({ "enum": words.chain([Value::Null]).collect::<Vec<_>>() })
        }
        ColumnType::List | ColumnType::Attachments => {
            json!({ "type": ["array", "null"], "items": { "type": "string" } })
        }
        ColumnType::Postings => {
            json!({ "type": ["array", "null"], "items": { "$ref": "#/$defs/posting" } })
        }
    };
    if let Value::Object(schema) = &mut schema {
        schema.insert("description".into(), column.help.into());
    }
    schema
}

fn posting() -> Value {
    json!({
        "type": "object",
        "required": ["account", "amount", "fund"],
        "properties": {
            "account": { "type": "string", "format": "uuid",
                "description": "The account the amount goes to." },
            "amount": { "type": "string", "pattern": MONEY,
                "description": "A decimal number, a space, a currency; negative: from there." },
            "fund": { "type": "string", "format": "uuid", "description": "Its fund." },
            "memo": { "type": ["string", "null"], "description": "A remark on this line." },
            "price": { "type": ["string", "null"], "pattern": MONEY,
                "description": "What the whole line was worth in another currency." },
        },
    })
}

/// The schema of one line of `records/<plural>.jsonl`. The fields of a record in effect keep to
/// their types; those of a rejected record may hold anything.
fn schema(kind: Kind) -> Value {
    let info = kind.info();
    let properties: Map<String, Value> =
        info.columns.iter().map(|column| (column.name.to_owned(), property(column))).collect();
    let mut defs = json!({ "fields": { "type": "object", "properties": properties } });
    if info.columns.iter().any(|column| column.holds == ColumnType::Postings)
        && let Value::Object(defs) = &mut defs
    {
        defs.insert("posting".into(), posting());
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("A record of the kind “{}”", kind.name()),
        "description": "One line of the file of its kind in records/. Unknown fields are kept.",
        "type": "object",
        "required": ["document", "fields", "id", "kind", "problems", "state"],
        "properties": {
            "document": { "type": "string", "description": "The document it lives in." },
            "fields": { "type": "object" },
            "id": { "type": "string", "format": "uuid" },
            "kind": { "const": kind.name() },
            "problems": { "type": "array", "items": { "type": "object", "properties": {
                "field": { "type": "string" }, "message": { "type": "string" } } } },
            "state": { "enum": super::datapackage::STATES },
        },
        "if": { "properties": { "state": { "const": "ok" } } },
        "then": { "properties": { "fields": { "$ref": "#/$defs/fields" } } },
        "$defs": defs,
    })
}

/// Writes `schemas/<kind>.schema.json` of every kind.
pub(super) fn write(work: &mut Export<'_>) -> Result<(), Error> {
    for kind in Kind::ALL.iter().copied() {
        let text = format!("{:#}\n", schema(kind));
        work.bag.whole(&format!("data/schemas/{}.schema.json", kind.name()), text.as_bytes())?;
    }
    Ok(())
}
