//! JSON Schema (2020-12) of the files in `api/`.

use super::put;
use crate::Error;
use crate::output::Output;
use serde_json::{Map, Value, json};

fn amount() -> Value {
    json!({ "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)? [A-Z]{3}$",
        "description": "A decimal number, a space, a currency (ISO 4217)." })
}
fn day() -> Value {
    json!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
}
fn id() -> Value {
    json!({ "type": "string", "format": "uuid" })
}
fn word() -> Value {
    json!({ "type": "string" })
}
fn maybe(mut schema: Value) -> Value {
    if let Some(kind) = schema.get("type").cloned() {
        let kinds = json!([kind, "null"]);
        if let Value::Object(fields) = &mut schema {
            fields.insert("type".into(), kinds);
        }
    }
    schema
}
fn number() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}
fn yes_no() -> Value {
    json!({ "type": "boolean" })
}
fn any() -> Value {
    json!({ "type": "object" })
}
fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}
fn currency() -> Value {
    json!({ "type": "string", "pattern": "^[A-Z]{3}$" })
}

/// An object that has all of these, and may have more.
fn object(fields: Vec<(&str, Value)>) -> Value {
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let required = json!(required);
    let properties: Map<String, Value> =
        fields.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

/// An object that has some of these.
fn with(mut schema: Value, fields: Vec<(&str, Value)>) -> Value {
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.extend(fields.into_iter().map(|(name, s)| (name.to_owned(), s)));
    }
    schema
}

fn transaction() -> Value {
    let posting = object(vec![
        ("account", id()),
        ("amount", amount()),
        ("fund", id()),
        ("account_path", word()),
        ("fund_name", word()),
    ]);
    let entry = object(vec![("id", id()), ("date", day()), ("postings", list(posting))]);
    with(
        entry,
        vec![
            ("payee", word()),
            ("narration", word()),
            ("period_from", day()),
            ("period_to", day()),
            ("interval", json!({ "enum": ["one-time", "monthly", "yearly"] })),
        ],
    )
}

fn flows() -> Value {
    let period =
        object(vec![("period", word()), ("from", day()), ("to", day()), ("amount", amount())]);
    object(vec![
        ("as_of", day()),
        ("currency", currency()),
        ("by", json!({ "enum": ["now", "day", "week", "month", "year", "all"] })),
        ("total", amount()),
        ("periods", list(period)),
    ])
}

fn months() -> Value {
    let month = object(vec![
        ("month", word()),
        ("count", number()),
        ("income", amount()),
        ("expense", amount()),
        ("file", word()),
    ]);
    object(vec![
        ("as_of", day()),
        ("currency", currency()),
        ("shown", number()),
        ("unpublished", number()),
        ("months", list(month)),
    ])
}

fn of_month() -> Value {
    object(vec![
        ("month", word()),
        ("as_of", day()),
        ("currency", currency()),
        ("income", amount()),
        ("expense", amount()),
        ("transactions", list(transaction())),
    ])
}

fn money() -> Value {
    let runway = object(vec![
        ("months", maybe(word())),
        ("covered", yes_no()),
        ("recurring_only_months", maybe(word())),
        ("average_expense", amount()),
        ("reserve_months", maybe(word())),
        ("formula", word()),
    ]);
    object(vec![
        ("as_of", day()),
        ("currency", currency()),
        ("total", amount()),
        ("unrestricted", amount()),
        ("runway", runway),
        ("coverage", object(vec![("percent", maybe(word())), ("formula", word())])),
        ("ratios", list(any())),
        (
            "costs",
            object(vec![("months", list(word())), ("month", amount()), ("accounts", list(any()))]),
        ),
        ("sources", list(any())),
        ("forecast", list(any())),
        ("missing", list(word())),
    ])
}

fn decisions() -> Value {
    let vote = object(vec![
        ("id", id()),
        ("title", word()),
        ("options", list(word())),
        ("rule", word()),
        ("stage", word()),
        ("roll", number()),
        ("final", yes_no()),
        ("result", maybe(word())),
        ("sentence", maybe(word())),
        ("ballots", json!({ "type": ["array", "null"] })),
    ]);
    let decision = object(vec![("id", id()), ("title", word())]);
    object(vec![("as_of", day()), ("decisions", list(decision)), ("votes", list(vote))])
}

fn conformance() -> Value {
    let requirement = object(vec![
        ("id", word()),
        ("area", word()),
        ("title", word()),
        ("status", json!({ "enum": ["met", "unmet", "attested", "not-applicable"] })),
        ("found", word()),
        ("evidence", list(object(vec![("kind", word()), ("id", id())]))),
    ]);
    let area = object(vec![("area", word()), ("holds", number()), ("of", number())]);
    object(vec![
        ("as_of", day()),
        ("framework", word()),
        ("phase", word()),
        ("areas", list(area)),
        ("requirements", list(requirement)),
    ])
}

fn accounts() -> Value {
    object(vec![
        ("as_of", day()),
        ("currency", currency()),
        ("balanced", yes_no()),
        (
            "accounts",
            list(object(vec![
                ("id", id()),
                ("path", word()),
                ("type", word()),
                ("balances", list(any())),
            ])),
        ),
    ])
}

fn funds() -> Value {
    object(vec![
        ("as_of", day()),
        ("currency", currency()),
        ("total", amount()),
        (
            "funds",
            list(object(vec![
                ("id", id()),
                ("name", word()),
                ("restriction", word()),
                ("total", amount()),
            ])),
        ),
    ])
}

/// The schemas, with the file each describes.
pub fn all() -> Vec<(&'static str, Value)> {
    let named = |name| object(vec![("as_of", day()), (name, list(object(vec![("id", id())])))]);
    let person = object(vec![
        ("id", id()),
        ("name", maybe(word())),
        ("roles", list(word())),
        ("paid", list(any())),
        ("interests", list(any())),
    ]);
    vec![
        (
            "service",
            object(vec![
                ("as_of", day()),
                ("phase", word()),
                ("service", object(vec![("name", word()), ("purpose", word())])),
                ("channels", list(object(vec![("id", id()), ("name", word())]))),
                ("shown", number()),
                ("unpublished", number()),
            ]),
        ),
        ("money", money()),
        ("accounts", accounts()),
        ("funds", funds()),
        ("transactions", months()),
        ("transactions-month", of_month()),
        ("income", flows()),
        ("expenses", flows()),
        ("decisions", decisions()),
        (
            "people",
            object(vec![
                ("as_of", day()),
                ("people", list(person)),
                ("not_shown", number()),
                ("other_paid_work", list(any())),
            ]),
        ),
        ("incidents", named("incidents")),
        ("deploys", with(named("deploys"), vec![("changes", list(any()))])),
        ("conformance", conformance()),
    ]
}

/// Writes them.
pub fn write(out: &mut Output<'_>) -> Result<(), Error> {
    for (name, mut schema) in all() {
        if let Value::Object(fields) = &mut schema {
            let draft = "https://json-schema.org/draft/2020-12/schema";
            fields.shift_insert(0, "$schema".into(), draft.into());
            fields.shift_insert(
                1,
                "title".into(),
                format!("Commonhold public page: {name}").into(),
            );
        }
        put(out, &format!("api/schemas/{name}.schema.json"), &schema)?;
    }
    Ok(())
}
