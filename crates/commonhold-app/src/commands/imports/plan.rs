//! A file compared with the book: what an import would do, without doing it.

use super::super::count;
use super::super::sample::of_purpose;
use super::types::{ImportOptions, ImportPreview, ImportRow};
use super::{givers, mapping, read_file};
use crate::failure::{Code, Failure};
use commonhold_core::id::{BookId, from_purpose, hex};
use commonhold_core::projection::State;
use commonhold_core::store::Reader;
use commonhold_core::{Currency, Kind, Money, RecordId};
use commonhold_exchange::import::{self, Reading};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// The word for a format that is to be told by the file itself.
pub const AUTO: &str = "auto";
/// Most rows a preview shows.
const PREVIEW_ROWS: usize = 200;

/// A file read and compared with the book.
pub struct Plan {
    pub(super) reading: Reading,
    /// The file itself, kept beside the record.
    pub(super) bytes: Vec<u8>,
    /// The accounts the file holds, as it names them.
    pub(super) accounts: Vec<String>,
    /// The account of the file that is meant, where it was named.
    pub(super) file_account: Option<String>,
    /// Whether names of givers are sealed away.
    pub(super) hides_names: bool,
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
    let file_name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let format = match format {
        AUTO => import::detect(&bytes, &file_name).ok_or_else(unknown_file)?,
        named => named,
    };
    let mut reading = import::read(format, &bytes, options.mapping.as_ref().or(saved.as_ref()))?;
    let accounts = choose_account(&mut reading, options.file_account.as_deref());
    let (account, account_path) = account_of(reader, book, format, options, &accounts)?;
    let there = Known::read(reader, book, reading.drafts.len())?;
    let mut ids = Vec::with_capacity(reading.drafts.len());
    for draft in &reading.drafts {
        ids.push(free_id(&there, book, &account, &draft.identity)?);
    }
    Ok(Plan {
        file_account: options.file_account.clone(),
        hides_names: givers::hides(format) && !options.keep_names,
        file_name,
        sha256: hex(&Sha256::digest(&bytes)),
        bytes,
        reading,
        accounts,
        account,
        account_path,
        ids,
    })
}

fn unknown_file() -> Failure {
    Failure::new(Code::Invalid, "This is no file of a format that can be imported.")
        .hint("Choose the format yourself, or export it from your bank as camt.053, OFX or CSV.")
}

/// Keeps what is of the one account meant. Where the file holds several and none was named, all
/// stays to be looked at, and nothing can be written.
fn choose_account(reading: &mut Reading, wanted: Option<&str>) -> Vec<String> {
    let accounts: Vec<String> = reading.accounts().into_iter().map(str::to_owned).collect();
    let Some(wanted) = wanted else {
        if accounts.len() > 1 {
            reading.sure = false;
            let list = accounts.join(", ");
            reading.warnings.push(format!(
                "The file holds several accounts: {list}. Say which of them this import is about."
            ));
        }
        return accounts;
    };
    let of: Vec<bool> = reading
        .statements
        .iter()
        .map(|statement| statement.account.as_deref() == Some(wanted))
        .collect();
    let meant = |at: Option<usize>| at.and_then(|at| of.get(at)).copied().unwrap_or(false);
    reading.drafts.retain(|draft| meant(draft.statement));
    accounts
}

/// The account of ours a file is about: the one named, the one this account of the bank went to
/// last time, else the usual one of the format.
fn account_of(
    reader: &Reader,
    book: &BookId,
    format: &str,
    options: &ImportOptions,
    accounts: &[String],
) -> Result<(RecordId, Option<&'static str>), Failure> {
    if let Some(account) = options.account {
        return match reader.record(book, Kind::Account, &account)? {
            Some(_) => Ok((account, None)),
            None => Err(Failure::new(Code::NotFound, format!("There is no account {account}."))),
        };
    }
    let named = options.file_account.as_deref().or(match accounts {
        [one] => Some(one.as_str()),
        _ => None,
    });
    if let Some(known) = named.map(|named| mapping::account(reader, book, named)).transpose()?
        && let Some(known) = known
        && reader.record(book, Kind::Account, &known)?.is_some()
    {
        return Ok((known, None));
    }
    let usual = match format {
        "open-collective" => "Assets:OpenCollective",
        "stripe" => "Assets:Stripe",
        "paypal" => "Assets:PayPal",
        "github-sponsors" => "Assets:GitHubSponsors",
        _ => "Assets:Bank",
    };
    Ok((of_purpose(book, Kind::Account, usual), Some(usual)))
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
        accounts: plan.accounts.clone(),
        hides_names: plan.hides_names,
    }
}
