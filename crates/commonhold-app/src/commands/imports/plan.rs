//! A file compared with the book: what an import would do, without doing it.

use super::super::count;
use super::super::sample::of_purpose;
use super::types::{ImportOptions, ImportPreview, ImportRow};
use super::{mapping, read_file};
use crate::failure::{Code, Failure};
use commonhold_core::id::{BookId, from_purpose, hex};
use commonhold_core::projection::State;
use commonhold_core::store::Reader;
use commonhold_core::{Currency, Kind, Money, RecordId};
use commonhold_exchange::import::{self, Reading};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Most rows a preview shows.
const PREVIEW_ROWS: usize = 200;

/// A file read and compared with the book.
pub struct Plan {
    pub(super) reading: Reading,
    pub(super) file_name: String,
    pub(super) sha256: String,
    pub(super) account: RecordId,
    pub(super) account_path: Option<&'static str>,
    /// The id each draft will have; nothing for those that are in the book already.
    pub(super) ids: Vec<Option<RecordId>>,
}

/// Reads a file and compares it with the book, without changing anything.
pub fn plan(
    reader: &Reader,
    book: &BookId,
    format: &str,
    path: &Path,
    options: &ImportOptions,
) -> Result<Plan, Failure> {
    let bytes = read_file(path)?;
    let saved = match (&options.mapping, &options.mapping_name) {
        (None, Some(name)) => Some(mapping::saved(reader, name)?),
        _ => None,
    };
    let reading = import::read(format, &bytes, options.mapping.as_ref().or(saved.as_ref()))?;
    let usual = if format == import::open_collective::FORMAT {
        "Assets:OpenCollective"
    } else {
        "Assets:Bank"
    };
    let (account, account_path) = match options.account {
        Some(account) if reader.record(book, Kind::Account, &account)?.is_some() => (account, None),
        Some(account) => {
            return Err(Failure::new(Code::NotFound, format!("There is no account {account}.")));
        }
        None => (of_purpose(book, Kind::Account, usual), Some(usual)),
    };
    let there = Known::read(reader, book, reading.drafts.len())?;
    let mut ids = Vec::with_capacity(reading.drafts.len());
    for draft in &reading.drafts {
        ids.push(free_id(&there, book, &account, &draft.identity)?);
    }
    Ok(Plan {
        file_name: path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
        sha256: hex(&Sha256::digest(&bytes)),
        reading,
        account,
        account_path,
        ids,
    })
}

/// Rows from which on reading what became of all transactions is quicker than asking for each.
const MANY_ROWS: usize = 500;

/// What became of the transactions that are in the book.
enum Known<'a> {
    All(HashMap<RecordId, State>),
    Asked(&'a Reader, &'a BookId),
}

impl<'a> Known<'a> {
    fn read(reader: &'a Reader, book: &'a BookId, rows: usize) -> Result<Self, Failure> {
        Ok(if rows < MANY_ROWS {
            Self::Asked(reader, book)
        } else {
            Self::All(reader.states(book, Kind::Transaction)?)
        })
    }

    fn state(&self, id: &RecordId) -> Result<Option<State>, Failure> {
        match self {
            Self::All(states) => Ok(states.get(id).copied()),
            Self::Asked(reader, book) => Ok(reader.state(book, Kind::Transaction, id)?),
        }
    }
}

/// The id a row gets: made from the account and the row's identity, so that two devices that
/// import the same file while apart write the same transactions. Nothing when it is in the book;
/// a withdrawn one may be imported again under the next id.
fn free_id(
    there: &Known<'_>,
    book: &BookId,
    account: &RecordId,
    identity: &str,
) -> Result<Option<RecordId>, Failure> {
    for again in 0_u32..1000 {
        let purpose = format!("transaction/import/{account}/{identity}/{again}");
        let id = from_purpose(book, &purpose);
        match there.state(&id)? {
            None => return Ok(Some(id)),
            Some(State::Withdrawn) => {}
            Some(_) => return Ok(None),
        }
    }
    Ok(None)
}

/// Says what an import would do, without doing it.
pub fn preview(
    reader: &Reader,
    book: &BookId,
    format: &str,
    path: &Path,
    options: &ImportOptions,
) -> Result<ImportPreview, Failure> {
    Ok(plan(reader, book, format, path, options)?.preview())
}

impl Plan {
    /// What carrying it out would do.
    pub fn preview(&self) -> ImportPreview {
        preview_of(self)
    }
}

fn preview_of(plan: &Plan) -> ImportPreview {
    let drafts = &plan.reading.drafts;
    let rows = drafts.iter().zip(&plan.ids).take(PREVIEW_ROWS).map(|(draft, id)| ImportRow {
        line: count(draft.line),
        date: draft.date,
        payee: draft.payee.clone(),
        narration: draft.narration.clone(),
        amount: draft.amount.to_string(),
        category: draft.legs.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>().join(", "),
        duplicate: id.is_none(),
    });
    let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
    for draft in drafts {
        let sum = sums.entry(draft.amount.currency).or_default();
        *sum = sum.saturating_add(draft.amount.minor);
    }
    let new = plan.ids.iter().flatten().count();
    ImportPreview {
        format: plan.reading.format.to_owned(),
        file_name: plan.file_name.clone(),
        file_sha256: plan.sha256.clone(),
        rows: rows.collect(),
        total: count(drafts.len()),
        new: count(new),
        duplicates: count(drafts.len().saturating_sub(new)),
        from: drafts.iter().map(|draft| draft.date).min(),
        to: drafts.iter().map(|draft| draft.date).max(),
        sums: sums.into_iter().map(|(c, minor)| Money::new(minor, c).to_string()).collect(),
        columns: plan.reading.columns.clone(),
        guessed: plan.reading.guessed.clone(),
        sure: plan.reading.sure,
        sample: plan.reading.sample.clone(),
        not_understood: plan.reading.not_understood.clone(),
        warnings: plan.reading.warnings.clone(),
    }
}
