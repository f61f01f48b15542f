//! `datapackage.json`: what every column of every table means (Frictionless Data Package 2.0).

use super::tables::{Cell, Field, Table};
use super::{Error, Export, words};
use commonhold_core::table::ColumnType;
use serde_json::{Map, Value, json};

/// What a package is called.
pub(super) struct What {
    /// The end of its name.
    pub name: &'static str,
    /// The end of its title.
    pub title: &'static str,
}

/// The package in an archive.
pub(super) const ARCHIVE: What = What { name: "archive", title: "complete archive" };
/// The package of tables alone.
pub(super) const TABLES: What = What { name: "tables", title: "all tables" };

/// States a record may be in.
pub(super) const STATES: &[&str] =
    &["ok", "rejected", "withdrawn", "superseded", "rival", "flagged"];

fn describe(field: &Field) -> Value {
    let mut constraints = Map::new();
    if field.required {
        constraints.insert("required".into(), true.into());
    }
    let mut out = Map::new();
    out.insert("name".into(), field.name.as_str().into());
    let kind = match field.holds {
        Cell::As(ColumnType::Integer) => "integer",
        Cell::As(ColumnType::Boolean) => "boolean",
        Cell::As(ColumnType::Date) => "date",
        Cell::As(holds) if holds.is_list() => "array",
        Cell::Decimal => "number",
        Cell::Object => "object",
        _ => "string",
    };
    out.insert("type".into(), kind.into());
    match field.holds {
        Cell::As(ColumnType::Id) => {
            out.insert("format".into(), "uuid".into());
        }
        Cell::As(ColumnType::Currency) => {
            constraints.insert("pattern".into(), "[A-Z]{3}".into());
        }
        Cell::As(ColumnType::Choice(words)) => {
            constraints.insert("enum".into(), words.to_vec().into());
        }
        Cell::State => {
            constraints.insert("enum".into(), STATES.to_vec().into());
        }
        _ => {}
    }
    out.insert("description".into(), field.help.as_str().into());
    if !constraints.is_empty() {
        out.insert("constraints".into(), constraints.into());
    }
    Value::Object(out)
}

fn resource(table: &Table, bytes: u64, sha256: &str) -> Value {
    let mut schema = json!({
        "fields": table.fields.iter().map(describe).collect::<Vec<_>>(),
        "missingValues": [""],
    });
    if table.unique
        && let Value::Object(schema) = &mut schema
    {
        schema.insert("primaryKey".into(), json!(["id"]));
    }
    json!({
        "name": table.name,
        "path": table.path(),
        "title": table.title,
        "type": "table",
        "profile": "tabular-data-resource",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": { "delimiter": ",", "quoteChar": "\"", "doubleQuote": true,
            "lineTerminator": "\n", "header": true },
        "bytes": bytes,
        "hash": format!("sha256:{sha256}"),
        "schema": schema,
    })
}

/// Writes `datapackage.json`; all tables must have been written. `what` says what lies beside it:
/// an archive, tables.
pub(super) fn write(work: &mut Export<'_>, what: &What) -> Result<(), Error> {
    let payload = work.bag.payload();
    let mut resources = Vec::new();
    for table in &work.tables {
        let path = table.path();
        if let Some((_, file)) = payload.iter().find(|(name, _)| *name == path) {
            resources.push(resource(table, file.bytes, &file.sha256()));
        }
    }
    let name = words::one_line(&work.book.name);
    let license = work.book.license.as_str();
    let package = json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "profile": "tabular-data-package",
        "name": format!("{}-{}", words::slug(&name), what.name),
        "id": format!("commonhold-book:{}", work.source.book()),
        "title": format!("{name}: {}", what.title),
        "description": "The record of one open service: money, decisions, texts and people.",
        "created": work.written.to_string(),
        "version": "1.0.0",
        "licenses": [{ "name": license,
            "path": format!("https://spdx.org/licenses/{license}.html") }],
        "contributors": [{ "title": name, "role": "author", "roles": ["creator"] }],
        "resources": resources,
    });
    let text = format!("{package:#}\n");
    work.bag.whole("data/datapackage.json", text.as_bytes())
}
