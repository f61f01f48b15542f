//! Fields in which a record names the decision behind it: the register is offered, an id must be of
//! this book, and words of before stay readable as what they are: not linked.

use crate::commands::records::find;
use crate::failure::{Code, Failure};
use commonhold_core::id::BookId;
use commonhold_core::json::Fields;
use commonhold_core::problem::Problem;
use commonhold_core::projection::State;
use commonhold_core::records::governance::decision::Decision;
use commonhold_core::reports::all;
use commonhold_core::store::Reader;
use commonhold_core::{Kind, RecordId};
use serde_json::Value;

/// The fields that name a decision.
pub const FIELDS: &[&str] = &["decision", "framework_decision"];

/// What a text that names a decision comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cited {
    /// A decision on the register.
    Decision(RecordId),
    /// A proposal of this book; decisions may rest on it.
    Proposal(RecordId),
    /// Words, which link nothing.
    Words,
}

/// What a text names: an id of this book, or the title of one decision in effect.
///
/// # Errors
/// When it is an id and no decision or proposal of this book has it.
pub fn cited(reader: &Reader, book: &BookId, text: &str) -> Result<Cited, Failure> {
    let text = text.trim();
    if let Ok(id) = text.parse::<RecordId>() {
        if reader.record(book, Kind::Decision, &id)?.is_some() {
            return Ok(Cited::Decision(id));
        }
        return match find(reader, book, Kind::Proposal, &id) {
            Ok(_) => Ok(Cited::Proposal(id)),
            Err(_) => Err(unknown(text)),
        };
    }
    let same = reader.with(book, Kind::Decision, "title", text)?;
    let mut same = same.into_iter().filter(|row| row.state == State::Ok).map(|row| row.id);
    Ok(match (same.next(), same.next()) {
        (Some(one), None) => Cited::Decision(one),
        _ => Cited::Words,
    })
}

/// How a text is written down: the id of what it names, else its words.
///
/// # Errors
/// As [`cited`].
pub fn cite(reader: &Reader, book: &BookId, text: &str) -> Result<String, Failure> {
    Ok(match cited(reader, book, text)? {
        Cited::Decision(id) | Cited::Proposal(id) => id.to_string(),
        Cited::Words => text.trim().to_owned(),
    })
}

/// What is wrong with the decisions some fields name: ids this book does not have.
pub fn problems(reader: &Reader, book: &BookId, fields: &Fields) -> Vec<Problem> {
    let named = FIELDS.iter().filter_map(|name| Some((*name, fields.get(*name)?.as_str()?)));
    named
        .filter_map(|(name, text)| {
            // What cannot be read is told where it is read.
            let failure = cited(reader, book, text).err()?;
            (failure.code == Code::NotFound).then(|| Problem::new(name, failure.message))
        })
        .collect()
}

/// Whether a field of a record names a decision in words alone.
pub fn is_unlinked(name: &str, value: &Value) -> bool {
    let words = value.as_str().map(str::trim).filter(|text| !text.is_empty());
    FIELDS.contains(&name) && words.is_some_and(|text| text.parse::<RecordId>().is_err())
}

fn unknown(text: &str) -> Failure {
    Failure::new(Code::NotFound, format!("“{text}” is no decision of this book."))
        .hint("List them with: commonhold decision list")
}

/// Refuses words where only a decision of this book will do.
pub(in crate::commands) fn unlinked(text: &str) -> Failure {
    Failure::new(Code::Invalid, format!("“{text}” is no decision of this book."))
        .hint("Record it first with: commonhold decision record; list them with: commonhold decision list")
}

/// A decision to choose from.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Offered {
    /// Its id.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// Its day.
    pub date: Option<commonhold_core::Date>,
}

/// The decisions in effect, the newest first.
pub fn register(reader: &Reader, book: &BookId) -> Result<Vec<Offered>, Failure> {
    let mut found: Vec<Offered> = all::<Decision>(reader, book, Kind::Decision)?
        .into_iter()
        .map(|(id, decision)| Offered { id, title: decision.title, date: decision.date })
        .collect();
    found.sort_by_key(|one| (std::cmp::Reverse(one.date), one.id));
    Ok(found)
}
