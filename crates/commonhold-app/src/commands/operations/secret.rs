//! Secrets: the register, and their values, which lie sealed in the book (`infra.secrets`). A value
//! is never an argument, never a title, never in a list.

use super::object;
use crate::app::App;
use crate::commands::records::{add, edit};
use crate::failure::{Code, Failure};
use commonhold_core::framework::facts::all;
use commonhold_core::json::Fields;
use commonhold_core::projection::State;
use commonhold_core::records::knowledge::page::Page;
use commonhold_core::records::operations::sealed_value::SealedValue;
use commonhold_core::records::operations::secret::Secret;
use commonhold_core::store::Reader;
use commonhold_core::table::MAX_TEXT;
use commonhold_core::{BookId, Date, Kind, RecordId};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// Rules on handling secrets a service may begin its own guideline with (`infra.secrets`).
pub const GUIDELINE: &str = include_str!("secret/guideline.md");

/// Longest value, in bytes.
pub const MAX_VALUE: usize = MAX_TEXT;

/// One secret of the register, without its value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SecretRow {
    /// Its record.
    pub id: RecordId,
    /// What it is called.
    pub label: String,
    /// The system it opens.
    pub system: String,
    /// How much harm it does in wrong hands, 1 to 5.
    pub blast_radius: i64,
    /// Who holds it, by name.
    pub holders: Vec<String>,
    /// The day it was changed last.
    pub rotated: Option<Date>,
    /// The day it should be changed.
    pub due: Option<Date>,
    /// Whether its value lies in the book.
    pub has_value: bool,
    /// What is wrong with it, in sentences.
    pub warnings: Vec<String>,
}

fn nobody_reads(reader: &Reader, book: &BookId) -> Result<(), Failure> {
    let there = reader.count(book, Kind::Secret)? > 0;
    if there {
        return Ok(());
    }
    Err(Failure::new(Code::NotFound, "There is no secret in the register that you may read.")
        .hint("Enter one with: commonhold record add secret; leadership alone reads them."))
}

/// The register: those held by one person first, then by how much harm they do.
pub fn list(reader: &Reader, book: &BookId, today: Date) -> Result<Vec<SecretRow>, Failure> {
    let mut people = BTreeMap::new();
    reader.each(book, Kind::Person, &mut |row| {
        let name = row.fields.get("public_name").and_then(Value::as_str).unwrap_or_default();
        people.insert(row.id, name.to_owned());
        true
    })?;
    let values = values(reader, book)?;
    let secrets = all::<Secret>(reader, book, Kind::Secret)?;
    let name = |id: &RecordId| people.get(id).cloned().unwrap_or_else(|| id.to_string());
    let mut rows: Vec<SecretRow> = secrets
        .into_iter()
        .map(|(id, secret)| {
            let days = secret.rotate_every.and_then(|days| u16::try_from(days).ok());
            let due = days.map(|days| secret.rotated.unwrap_or_default().days_later(days));
            SecretRow {
                id,
                warnings: warnings(&secret, due, today),
                holders: secret.holders.iter().map(name).collect(),
                label: secret.label,
                system: secret.system,
                blast_radius: secret.blast_radius,
                rotated: secret.rotated,
                due: due.filter(|_| secret.rotated.is_some()),
                has_value: values.iter().any(|(_, value)| value.secret == id),
            }
        })
        .collect();
    rows.sort_by_key(|row| {
        (row.holders.len() > 1, std::cmp::Reverse(row.blast_radius), row.label.clone(), row.id)
    });
    Ok(rows)
}

fn warnings(secret: &Secret, due: Option<Date>, today: Date) -> Vec<String> {
    let mut said = Vec::new();
    match secret.holders.len() {
        0 => said.push("Nobody is said to hold it.".to_owned()),
        1 => said.push("One person alone holds it; give it to a second one.".to_owned()),
        _ => {}
    }
    if secret.rotate_every.is_some() && secret.rotated.is_none() {
        said.push("It is not known when it was changed last.".to_owned());
    } else if let Some(day) = due.filter(|day| *day <= today) {
        said.push(format!("It should have been changed by {day}."));
    }
    said
}

/// The secret a person means: an id, or a label that only one has.
pub fn meant(reader: &Reader, book: &BookId, text: &str) -> Result<(RecordId, Secret), Failure> {
    nobody_reads(reader, book)?;
    let secrets = all::<Secret>(reader, book, Kind::Secret)?;
    let id = text.parse::<RecordId>().ok();
    let found: Vec<_> = secrets
        .into_iter()
        .filter(|(own, secret)| id.map_or(secret.label == text, |id| id == *own))
        .collect();
    match <[_; 1]>::try_from(found) {
        Ok([one]) => Ok(one),
        Err(found) if found.is_empty() => Err(Failure::new(
            Code::NotFound,
            format!("There is no secret “{text}” in the register."),
        )
        .hint("List them with: commonhold secret list.")),
        Err(_) => Err(Failure::new(Code::Invalid, format!("Several secrets are called “{text}”."))
            .hint("Name it by its id: commonhold secret list.")),
    }
}

/// The values that count, read from where they are sealed.
pub(super) fn values(
    reader: &Reader,
    book: &BookId,
) -> Result<Vec<(RecordId, SealedValue)>, Failure> {
    let rows = reader.unmasked(book, Kind::SealedValue)?.into_iter();
    let rows = rows.filter(|row| row.state == State::Ok);
    Ok(rows
        .filter_map(|row| Some((row.id, serde_json::from_value(Value::Object(row.fields)).ok()?)))
        .collect())
}

fn value_of(
    reader: &Reader,
    book: &BookId,
    secret: &RecordId,
) -> Result<Option<(RecordId, SealedValue)>, Failure> {
    Ok(values(reader, book)?.into_iter().find(|(_, value)| value.secret == *secret))
}

/// Seals a value in the book, or changes it. The day it was changed is set where it differs.
pub fn put(app: &mut App, book: &BookId, secret: &RecordId, value: &str) -> Result<(), Failure> {
    if value.is_empty() || value.len() > MAX_VALUE {
        let message = format!("The value of a secret has 1 to {MAX_VALUE} bytes.");
        return Err(Failure::new(Code::Invalid, message).hint("Nothing was changed."));
    }
    let today = app.today();
    match value_of(app.reader(), book, secret)? {
        Some((_, there)) if there.value == value => return Ok(()),
        Some((id, _)) => {
            let fields = object(json!({ "value": value, "rotated": today }));
            edit(app, book, Kind::SealedValue, &id, fields, &BTreeMap::new())?;
        }
        None => {
            let fields = object(json!({"secret": secret, "value": value, "rotated": today}));
            add(app, book, Kind::SealedValue, fields)?;
        }
    }
    rotate(app, book, secret, today)
}

/// The value of a secret.
pub fn get(
    reader: &Reader,
    book: &BookId,
    secret: &RecordId,
) -> Result<Zeroizing<String>, Failure> {
    let found = value_of(reader, book, secret)?;
    found.map(|(_, value)| Zeroizing::new(value.value)).ok_or_else(|| {
        Failure::new(Code::NotFound, "The value of this secret does not lie in the book.")
            .hint("Put it there with: commonhold secret put, or look where the register points.")
    })
}

/// Says on which day a secret was changed.
pub fn rotate(app: &mut App, book: &BookId, secret: &RecordId, day: Date) -> Result<(), Failure> {
    let mut fields = Fields::new();
    fields.insert("rotated".into(), json!(day));
    edit(app, book, Kind::Secret, secret, fields, &BTreeMap::new())
}

/// Adds the rules on handling secrets as the guideline of the service. Returns the page's id.
pub fn add_guideline(app: &mut App, book: &BookId) -> Result<RecordId, Failure> {
    let pages = all::<Page>(app.reader(), book, Kind::Page)?;
    if let Some((id, page)) = pages.iter().find(|(_, page)| page.kind == "secrets-guideline") {
        let message = format!("The service has a guideline already: “{}”.", page.title);
        return Err(Failure::new(Code::Exists, message).hint("Change that one.").detail(id));
    }
    let (title, body) = GUIDELINE.split_once('\n').unwrap_or((GUIDELINE, ""));
    let fields = json!({"title": title.trim_start_matches("# "), "kind": "secrets-guideline",
        "body": body.trim_start()});
    add(app, book, Kind::Page, object(fields))
}
