//! The sample service: half a year of an invented package mirror called Harbor.

use super::imports::account_fields;
use super::records::acts;
use crate::app::App;
use crate::failure::Failure;
use commonhold_core::id::{BookId, from_purpose};
use commonhold_core::json::Fields;
use commonhold_core::store::Act;
use commonhold_core::{Kind, RecordId};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[derive(Deserialize)]
struct Sample {
    service: Fields,
    people: Vec<Fields>,
    funds: Vec<Fields>,
    prices: Vec<Fields>,
    pages: Vec<Fields>,
    transactions: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    date: String,
    #[serde(default)]
    payee: Option<String>,
    narration: String,
    /// Account path, amount, fund name.
    postings: Vec<(String, String, String)>,
}

/// Creates the sample service in this profile; a second call makes a second one.
pub fn create(app: &mut App) -> Result<BookId, Failure> {
    let sample: Sample = serde_json::from_str(include_str!("sample.json")).map_err(|error| {
        Failure::new(crate::Code::Internal, "The sample is broken.").detail(error)
    })?;
    let now = app.now();
    let nonce = crate::profile::random(app.world())?;
    let name = sample.service.get("name").and_then(Value::as_str).unwrap_or("Sample").to_owned();
    let person = app.fresh_id()?;
    let label = super::service::machine_name();
    let genesis = app.store()?.genesis_of(&name, now, nonce, person, &label);
    let book = genesis.book();
    let mut all: Vec<Act> = Vec::new();
    let paths: BTreeSet<&String> =
        sample.transactions.iter().flat_map(|t| t.postings.iter().map(|p| &p.0)).collect();
    for path in paths {
        all.extend(new_record(app, &book, Kind::Account, account_fields(path))?);
    }
    let people = sample.people;
    let singles = [
        (Kind::Service, vec![sample.service]),
        (Kind::Fund, sample.funds),
        (Kind::Price, sample.prices),
        (Kind::Page, sample.pages),
    ];
    for (kind, records) in singles {
        for fields in records {
            all.extend(new_record(app, &book, kind, fields)?);
        }
    }
    // One of the people is who looks at the sample.
    let mut people = people.into_iter();
    if let Some(fields) = people.next() {
        all.extend(record_with_id(app, &book, Kind::Person, person, fields)?);
    }
    for fields in people {
        all.extend(new_record(app, &book, Kind::Person, fields)?);
    }
    for line in sample.transactions {
        let postings: Vec<Value> = line
            .postings
            .iter()
            .map(|(path, amount, fund)| {
                json!({
                    "account": of_purpose(&book, Kind::Account, path),
                    "amount": amount,
                    "fund": of_purpose(&book, Kind::Fund, fund),
                })
            })
            .collect();
        let mut fields = Fields::new();
        fields.insert("date".into(), json!(line.date));
        fields.insert("payee".into(), json!(line.payee));
        fields.insert("narration".into(), json!(line.narration));
        fields.insert("postings".into(), json!(postings));
        all.extend(new_record(app, &book, Kind::Transaction, fields)?);
    }
    app.begin(&genesis, &all)?;
    Ok(book)
}

/// The id of a record that is named after its purpose.
pub(crate) fn of_purpose(book: &BookId, kind: Kind, purpose: &str) -> RecordId {
    from_purpose(book, &format!("{}/{purpose}", kind.name()))
}

/// The edits of one new record with a fresh id, or the one of its purpose.
pub(crate) fn new_record(
    app: &mut App,
    book: &BookId,
    kind: Kind,
    fields: Fields,
) -> Result<Vec<Act>, Failure> {
    let judged = (kind.info().judge)(&fields);
    if !judged.problems.is_empty() {
        return Err(Failure::invalid(judged.problems));
    }
    let fresh = app.fresh_id()?;
    let id = kind.info().id(book, &judged, fresh);
    acts(app, book, kind, id, &judged, fields)
}

/// The edits of one new record with an id that is known already.
pub(crate) fn record_with_id(
    app: &mut App,
    book: &BookId,
    kind: Kind,
    id: RecordId,
    fields: Fields,
) -> Result<Vec<Act>, Failure> {
    let judged = (kind.info().judge)(&fields);
    if !judged.problems.is_empty() {
        return Err(Failure::invalid(judged.problems));
    }
    acts(app, book, kind, id, &judged, fields)
}
