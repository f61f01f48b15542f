//! Import: preview a file, take it in whole, undo it whole.

use super::count;
use super::records;
use super::sample::{new_record, of_purpose};
use crate::app::App;
use crate::events::{Change, OnProgress, Progress};
use crate::failure::{Code, Failure};
use commonhold_core::document::{Edit, Key};
use commonhold_core::id::{BookId, from_purpose, hex};
use commonhold_core::json::Fields;
use commonhold_core::projection::State;
use commonhold_core::record::Home;
use commonhold_core::records::finance::account::Account;
use commonhold_core::store::{Act, Planned, Reader};
use commonhold_core::{Currency, Kind, Money, RecordId};
use commonhold_exchange::import::{self, Draft, Reading};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;
use std::path::Path;

mod mapping;
mod types;

pub use mapping::{mapping_list, mapping_save};
pub use types::{ImportDone, ImportOptions, ImportPreview, ImportRow, NamedMapping};

/// Most rows a preview shows.
const PREVIEW_ROWS: usize = 200;

/// A file read and compared with the book.
pub struct Plan {
    reading: Reading,
    file_name: String,
    sha256: String,
    account: RecordId,
    account_path: Option<&'static str>,
    /// The id each draft will have; nothing for those that are in the book already.
    ids: Vec<Option<RecordId>>,
}

/// Reads a file of at most 256 MiB.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error: std::io::Error| Failure::file(path, &error);
    let file = std::fs::File::open(path).map_err(failed)?;
    let limit = u64::try_from(import::MAX_FILE_BYTES)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Fields of an account as its path tells them: type, function, recurrence.
pub(crate) fn account_fields(path: &str) -> Fields {
    let kind = Account::type_of(path).unwrap_or("expense");
    let mut fields = Fields::new();
    fields.insert("path".into(), json!(path));
    fields.insert("type".into(), json!(kind));
    let has = |part: &str| path.split(':').any(|name| name == part);
    if kind == "expense" {
        let function = match (has("Admin"), has("Fundraising")) {
            (true, _) => "admin",
            (_, true) => "fundraising",
            _ if has("Program") => "program",
            _ => "",
        };
        if !function.is_empty() {
            fields.insert("function".into(), json!(function));
        }
    }
    if kind == "income" && (has("Recurring") || has("OneTime")) {
        let recurrence = if has("Recurring") {
            "monthly"
        } else {
            "one-time"
        };
        fields.insert("recurrence".into(), json!(recurrence));
    }
    fields
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
            return Err(Failure::new(
                Code::NotFound,
                format!("There is no account {account}."),
            ));
        }
        None => (of_purpose(book, Kind::Account, usual), Some(usual)),
    };
    let there = Known::read(reader, book, reading.drafts.len())?;
    let mut ids = Vec::with_capacity(reading.drafts.len());
    for draft in &reading.drafts {
        ids.push(free_id(&there, book, &account, &draft.identity)?);
    }
    Ok(Plan {
        file_name: path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default(),
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
    let rows = drafts
        .iter()
        .zip(&plan.ids)
        .take(PREVIEW_ROWS)
        .map(|(draft, id)| ImportRow {
            line: count(draft.line),
            date: draft.date,
            payee: draft.payee.clone(),
            narration: draft.narration.clone(),
            amount: draft.amount.to_string(),
            category: draft
                .legs
                .iter()
                .map(|(path, _)| path.as_str())
                .collect::<Vec<_>>()
                .join(", "),
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
        sums: sums
            .into_iter()
            .map(|(c, minor)| Money::new(minor, c).to_string())
            .collect(),
        columns: plan.reading.columns.clone(),
        guessed: plan.reading.guessed.clone(),
        sure: plan.reading.sure,
        sample: plan.reading.sample.clone(),
        not_understood: plan.reading.not_understood.clone(),
        warnings: plan.reading.warnings.clone(),
    }
}

/// Takes a file in: all its new rows or none.
pub fn run(
    app: &mut App,
    book: &BookId,
    format: &str,
    path: &Path,
    options: &ImportOptions,
    on: OnProgress<'_>,
) -> Result<ImportDone, Failure> {
    app.store()?;
    let plan = plan(app.reader(), book, format, path, options)?;
    carry_out(app, book, &plan, on)
}

/// Carries out a plan: all its new rows or none. The book must not have changed since.
pub fn carry_out(
    app: &mut App,
    book: &BookId,
    plan: &Plan,
    on: OnProgress<'_>,
) -> Result<ImportDone, Failure> {
    app.store()?;
    if !plan.reading.sure {
        return Err(Failure::new(Code::Invalid, plan.reading.warnings.join(" "))
            .hint("Say how the columns are to be read, then import again; nothing was changed."));
    }
    let added = plan.ids.iter().flatten().count();
    let mut done = ImportDone {
        import: String::new(),
        added: count(added),
        duplicates: count(plan.ids.len().saturating_sub(added)),
        not_understood: count(plan.reading.not_understood.len()),
    };
    if added == 0 {
        return Ok(done);
    }
    let (import, mut acts) = register(app, book, plan, added)?;
    acts.extend(needed_accounts(app, book, plan)?);
    let (fund, new_fund) = general_fund(app, book)?;
    acts.extend(new_fund);
    let mut planned = Planned::default();
    for (draft, id) in plan.reading.drafts.iter().zip(&plan.ids) {
        let Some(id) = id else { continue };
        let fields = transaction(book, draft, &plan.account, &fund, &import);
        let home = Home::Ledger(draft.date);
        let document =
            app.reader()
                .document_for(book, Kind::Transaction, id, &home, &mut planned)?;
        let key = Key {
            kind: Kind::Transaction.name().to_owned(),
            id: *id,
        };
        acts.push(Act {
            document,
            edit: Edit::Entry(key, fields),
        });
    }
    let total = u64::try_from(acts.len()).ok();
    let change = Change {
        book: *book,
        kind: "*".into(),
        id: None,
        source: "import".into(),
    };
    app.write(book, &acts, change, &mut |n| {
        on(Progress {
            done: u64::try_from(n).unwrap_or(0),
            total,
            note: plan.file_name.clone(),
        })
    })?;
    done.import = import.to_string();
    Ok(done)
}

/// The import's own entry.
fn register(
    app: &mut App,
    book: &BookId,
    plan: &Plan,
    added: usize,
) -> Result<(RecordId, Vec<Act>), Failure> {
    let dates = || plan.reading.drafts.iter().map(|draft| draft.date);
    for attempt in 1..10_000 {
        let fields = json!({
            "format": plan.reading.format, "file_name": plan.file_name, "file_sha256": plan.sha256,
            "account": plan.account, "from": dates().min(), "to": dates().max(),
            "count": added, "attempt": attempt,
        });
        let fields = fields.as_object().cloned().unwrap_or_default();
        let judged = (Kind::Import.info().judge)(&fields);
        let id = Kind::Import.info().id(book, &judged, RecordId::nil());
        if app.reader().record(book, Kind::Import, &id)?.is_none() {
            return Ok((
                id,
                records::acts(app, book, Kind::Import, id, &judged, fields)?,
            ));
        }
    }
    Err(Failure::new(
        Code::Exists,
        "This file was imported too many times.",
    ))
}

/// Accounts the drafts name and the book does not have.
fn needed_accounts(app: &mut App, book: &BookId, plan: &Plan) -> Result<Vec<Act>, Failure> {
    let mut paths: BTreeSet<&str> = plan.account_path.into_iter().collect();
    for (draft, _) in plan
        .reading
        .drafts
        .iter()
        .zip(&plan.ids)
        .filter(|(_, id)| id.is_some())
    {
        paths.extend(draft.legs.iter().map(|(path, _)| path.as_str()));
    }
    let mut acts = Vec::new();
    for path in paths {
        let id = of_purpose(book, Kind::Account, path);
        if app.reader().record(book, Kind::Account, &id)?.is_none() {
            acts.extend(new_record(app, book, Kind::Account, account_fields(path))?);
        }
    }
    Ok(acts)
}

/// The fund imported money belongs to: `general` or the first unrestricted one; made when there
/// is none.
fn general_fund(app: &mut App, book: &BookId) -> Result<(RecordId, Vec<Act>), Failure> {
    let general = of_purpose(book, Kind::Fund, "general");
    let mut found = None;
    app.reader().each(book, Kind::Fund, &mut |row| {
        let free = row.fields.get("restriction").and_then(Value::as_str) == Some("unrestricted");
        let open = row.state == State::Ok && !row.fields.contains_key("closed");
        if free && open && (found.is_none() || row.id == general) {
            found = Some(row.id);
        }
        true
    })?;
    if let Some(id) = found {
        return Ok((id, Vec::new()));
    }
    // A fund may have been called general once and be something else now: it is left alone.
    for again in 1..1000 {
        let name = if again == 1 { "general".to_owned() } else { format!("general {again}") };
        let id = of_purpose(book, Kind::Fund, &name);
        if app.reader().record(book, Kind::Fund, &id)?.is_some() {
            continue;
        }
        let fields = json!({
            "name": name, "restriction": "unrestricted", "purpose": "Running the service",
        });
        let fields = fields.as_object().cloned().unwrap_or_default();
        return Ok((id, new_record(app, book, Kind::Fund, fields)?));
    }
    Err(Failure::new(Code::NotFound, "There is no open unrestricted fund to import into.")
        .hint("Add one, then import again; nothing was changed."))
}

fn transaction(
    book: &BookId,
    draft: &Draft,
    account: &RecordId,
    fund: &RecordId,
    import: &RecordId,
) -> Fields {
    let mut postings = vec![json!({"account": account, "amount": draft.amount, "fund": fund})];
    for (path, amount) in &draft.legs {
        let account = of_purpose(book, Kind::Account, path);
        postings.push(json!({"account": account, "amount": amount, "fund": fund}));
    }
    let fields = json!({
        "v": 1, "date": draft.date, "payee": draft.payee, "narration": draft.narration,
        "postings": postings, "period_from": draft.period_from, "period_to": draft.period_to,
        "import": import, "source": draft.source,
    });
    let fields = fields.as_object().cloned().unwrap_or_default();
    fields
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .collect()
}

/// Takes an import and all it brought in out of effect. Returns how many transactions that were.
pub fn undo(app: &mut App, book: &BookId, id: &RecordId, reason: &str) -> Result<u32, Failure> {
    let before = app.reader().count(book, Kind::Transaction)?;
    records::withdraw(app, book, Kind::Import, id, reason)?;
    let after = app.reader().count(book, Kind::Transaction)?;
    app.tell(Change {
        book: *book,
        kind: "*".into(),
        id: None,
        source: "import".into(),
    });
    Ok(count(before.saturating_sub(after)))
}
