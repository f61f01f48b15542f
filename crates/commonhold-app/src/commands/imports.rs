//! Import: preview a file, take it in whole, undo it whole.

use super::count;
use super::records;
use super::sample::{new_record, of_purpose};
use crate::app::App;
use crate::events::{Change, OnProgress, Progress};
use crate::failure::{Code, Failure};
use commonhold_core::document::{Edit, Key};
use commonhold_core::id::BookId;
use commonhold_core::json::Fields;
use commonhold_core::projection::State;
use commonhold_core::record::Home;
use commonhold_core::records::finance::account::Account;
use commonhold_core::store::{Act, Planned};
use commonhold_core::{Kind, RecordId};
use commonhold_exchange::import::{self, Draft};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

mod assign;
mod givers;
mod mapping;
mod plan;
mod review;
mod statements;
mod transfers;
mod types;

pub use assign::{Assignment, assign};
pub use commonhold_exchange::import::CsvMapping;
pub use mapping::{mapping_list, mapping_save};
pub use plan::{AUTO, Plan, plan, preview};
pub use review::{ImportReview, Named, ReviewRow, Suggestion, review};
pub(crate) use transfers::pair as pair_transfers;
pub use types::{ImportDone, ImportOptions, ImportPreview, ImportRow, NamedMapping};

/// Reads a file of at most 256 MiB.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error: std::io::Error| Failure::file(path, &error);
    let file = std::fs::File::open(path).map_err(failed)?;
    let limit = u64::try_from(import::MAX_FILE_BYTES).unwrap_or(u64::MAX).saturating_add(1);
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
        let recurrence = if has("Recurring") { "monthly" } else { "one-time" };
        fields.insert("recurrence".into(), json!(recurrence));
    }
    fields
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
        matched: 0,
        transfers: 0,
        notes: Vec::new(),
    };
    if added == 0 {
        return Ok(done);
    }
    let (import, mut acts) = register(app, book, plan, added)?;
    acts.extend(needed_accounts(app, book, plan)?);
    let (fund, new_fund) = general_fund(app, book)?;
    acts.extend(new_fund);
    acts.extend(statements::acts_of(app, book, plan, &import)?);
    let mut givers = givers::Givers::new(plan.hides_names);
    let mut planned = Planned::default();
    for (draft, id) in plan.reading.drafts.iter().zip(&plan.ids) {
        let Some(id) = id else { continue };
        let mut fields = transaction(book, draft, &plan.account, &fund, &import);
        acts.extend(givers.seal(app, book, draft, &mut fields)?);
        let home = Home::Ledger(draft.date);
        let document =
            app.reader().document_for(book, Kind::Transaction, id, &home, &mut planned)?;
        let key = Key { kind: Kind::Transaction.name().to_owned(), id: *id };
        acts.push(Act { document, edit: Edit::Entry(key, fields) });
    }
    let total = u64::try_from(acts.len()).ok();
    let change = Change { book: *book, kind: "*".into(), id: None, source: "import".into() };
    app.write(book, &acts, change, &mut |n| {
        on(Progress { done: u64::try_from(n).unwrap_or(0), total, note: plan.file_name.clone() })
    })?;
    if let [named] = plan.accounts.as_slice() {
        mapping::remember_account(app, book, named, &plan.account)?;
    }
    done.import = import.to_string();
    afterwards(app, book, plan, &mut done);
    Ok(done)
}

/// What follows on an import. The lines are in the book whatever comes of it, so what fails is told
/// and does not make the import one that failed.
fn afterwards(app: &mut App, book: &BookId, plan: &Plan, done: &mut ImportDone) {
    let kept = super::attachments::add_bytes(app, book, &plan.file_name, &plan.bytes, true);
    if let Err(why) = kept {
        done.notes.push(format!("The file itself was not kept: {}", why.message));
    }
    let new = plan.reading.drafts.iter().zip(&plan.ids).filter(|(_, id)| id.is_some());
    match super::closing::late(app.reader(), book, new.map(|(draft, _)| draft.date)) {
        Ok(0) => {}
        Ok(late) => done.notes.push(format!(
            "{late} of the new lines lie in a period that is closed; they are listed with the close as late."
        )),
        Err(why) => done.notes.push(format!("Closed periods were not looked at: {}", why.message)),
    }
    match super::payments::match_payments(app, book) {
        Ok(matched) => {
            done.matched = count(matched.lines.len());
            done.transfers = matched.transfers;
            done.notes.extend(matched.alarms);
        }
        Err(why) => done.notes.push(format!(
            "The new lines were not compared with payments and transfers: {} `commonhold pay \
             match` tries it again.",
            why.message
        )),
    }
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
            return Ok((id, records::acts(app, book, Kind::Import, id, &judged, fields)?));
        }
    }
    Err(Failure::new(Code::Exists, "This file was imported too many times."))
}

/// Accounts the drafts name and the book does not have.
fn needed_accounts(app: &mut App, book: &BookId, plan: &Plan) -> Result<Vec<Act>, Failure> {
    let mut paths: BTreeSet<&str> = plan.account_path.into_iter().collect();
    for (draft, _) in plan.reading.drafts.iter().zip(&plan.ids).filter(|(_, id)| id.is_some()) {
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
        "import": import, "source": draft.source, "interval": draft.interval,
        "end_to_end_id": draft.end_to_end_id,
    });
    let fields = fields.as_object().cloned().unwrap_or_default();
    fields.into_iter().filter(|(_, value)| !value.is_null()).collect()
}

/// Takes an import and all it brought in out of effect. Returns how many transactions that were.
pub fn undo(app: &mut App, book: &BookId, id: &RecordId, reason: &str) -> Result<u32, Failure> {
    let before = app.reader().count(book, Kind::Transaction)?;
    records::withdraw(app, book, Kind::Import, id, reason)?;
    let after = app.reader().count(book, Kind::Transaction)?;
    app.tell(Change { book: *book, kind: "*".into(), id: None, source: "import".into() });
    Ok(count(before.saturating_sub(after)))
}
