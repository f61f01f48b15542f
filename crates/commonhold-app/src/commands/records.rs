//! Records of every kind: list, read, check, add, edit, withdraw, correct, search.

use super::count;
use crate::app::App;
use crate::events::Change;
use crate::failure::{Code, Failure};
use commonhold_core::document::{Edit, Key};
use commonhold_core::id::{BookId, hex};
use commonhold_core::json::Fields;
use commonhold_core::problem::Problem;
use commonhold_core::projection::{self, Row, State};
use commonhold_core::record::{Form, Judged, Relation};
use commonhold_core::records::finance::account::Account;
use commonhold_core::store::{Act, Reader};
use commonhold_core::table::ColumnType;
use commonhold_core::{Kind, Money, RecordId};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub use commonhold_core::projection::Query;

/// What a transaction does, in few words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct TransactionSummary {
    /// Net change of asset accounts, one amount a currency.
    pub amounts: Vec<String>,
    /// Where from and where to.
    pub from_to: String,
    /// Names of the funds it moves.
    pub funds: Vec<String>,
}

/// One record in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RecordRow {
    /// Its id.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// What became of it.
    #[cfg_attr(test, ts(type = "import(\"./RecordState\").RecordState"))]
    pub state: State,
    /// What is wrong with it.
    #[cfg_attr(test, ts(type = "Array<import(\"./Problem\").Problem>"))]
    pub problems: Vec<Problem>,
    /// How many fields hold rival values.
    pub conflicts: u32,
    /// Its fields.
    #[cfg_attr(test, ts(type = "Record<string, any>"))]
    pub fields: Fields,
    /// For a transaction: what it does.
    pub summary: Option<TransactionSummary>,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RecordPage {
    /// How many there are in all.
    pub total: u32,
    /// The ones asked for.
    pub rows: Vec<RecordRow>,
}

/// A field with rival values.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ConflictValues {
    /// The field; empty for a whole entry.
    pub field: String,
    /// All values, the one shown last.
    #[cfg_attr(test, ts(type = "Array<any>"))]
    pub values: Vec<Value>,
}

/// Why a record was withdrawn.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct WithdrawalNote {
    /// The withdrawal.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// Its reason.
    pub reason: String,
}

/// One step in a record's history.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "Change"))]
pub struct HistoryChange {
    /// When its device says it was written (RFC 3339).
    pub time: String,
    /// The device, short.
    pub device: String,
    /// Whether it was this device.
    pub own: bool,
    /// Whether the signature was checked: always, or it would not be here.
    pub verified: bool,
    /// The document it was written to.
    pub document: String,
    /// Hash of the signed object.
    pub object: String,
}

/// One record with all that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RecordView {
    /// As in a list.
    #[serde(flatten)]
    pub row: RecordRow,
    /// The document that holds it.
    pub document: String,
    /// Changes when the record changes.
    pub version: String,
    /// Fields with rival values.
    pub conflict_values: Vec<ConflictValues>,
    /// Why it was withdrawn, if it was.
    pub withdrawals: Vec<WithdrawalNote>,
    /// Transactions that correct it.
    pub corrected_by: Vec<String>,
    /// Who wrote to it, newest first.
    pub history: Vec<HistoryChange>,
}

/// One find.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct SearchRow {
    /// The kind.
    #[cfg_attr(test, ts(type = "import(\"./Kind\").Kind"))]
    pub kind: Kind,
    /// The record.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// More about it.
    pub detail: String,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct SearchPage {
    /// How many there are in all.
    pub total: u32,
    /// The ones asked for.
    pub rows: Vec<SearchRow>,
}

/// Names needed to say what a transaction does.
struct Names {
    accounts: BTreeMap<RecordId, Account>,
    funds: BTreeMap<RecordId, String>,
}

impl Names {
    fn read(reader: &Reader, book: &BookId) -> Result<Self, Failure> {
        let (mut accounts, mut funds) = (BTreeMap::new(), BTreeMap::new());
        reader.each(book, Kind::Account, &mut |row| {
            let account = serde_json::from_value(Value::Object(row.fields)).unwrap_or_default();
            accounts.insert(row.id, account);
            true
        })?;
        reader.each(book, Kind::Fund, &mut |row| {
            let name = row.fields.get("name").and_then(Value::as_str).unwrap_or_default();
            funds.insert(row.id, name.to_owned());
            true
        })?;
        Ok(Self { accounts, funds })
    }

    fn summary(&self, judged: &Judged) -> TransactionSummary {
        let mut amounts: BTreeMap<commonhold_core::Currency, i64> = BTreeMap::new();
        let (mut from, mut to, mut funds) = (Vec::new(), Vec::new(), Vec::new());
        for posting in &judged.postings {
            let account = self.accounts.get(&posting.account);
            if account.is_some_and(|account| account.account_type == "asset") {
                let sum = amounts.entry(posting.amount.currency).or_default();
                *sum = sum.saturating_add(posting.amount.minor);
            }
            let name = account.map_or_else(|| posting.account.to_string(), |a| leaf(&a.path));
            let side = if posting.amount.minor < 0 { &mut from } else { &mut to };
            if !side.contains(&name) {
                side.push(name);
            }
            let fund = self.funds.get(&posting.fund).cloned().unwrap_or_default();
            if !funds.contains(&fund) {
                funds.push(fund);
            }
        }
        let amounts = amounts.into_iter().map(|(c, minor)| Money::new(minor, c).to_string()).collect();
        TransactionSummary { amounts, from_to: format!("{} → {}", from.join(", "), to.join(", ")), funds }
    }
}

/// A path without its root name, which its place already says.
fn leaf(path: &str) -> String {
    path.split_once(':').map_or(path, |(_, rest)| rest).to_owned()
}

fn show(kind: Kind, row: Row, names: Option<&Names>) -> RecordRow {
    let judged = (kind.info().judge)(&row.fields);
    let title = if judged.title.is_empty() { row.id.to_string() } else { judged.title.clone() };
    RecordRow {
        id: row.id,
        title,
        state: row.state,
        problems: row.problems,
        conflicts: count(row.conflicts.len()),
        summary: names.filter(|_| !judged.postings.is_empty()).map(|names| names.summary(&judged)),
        fields: row.fields,
    }
}

fn names_for(reader: &Reader, book: &BookId, kind: Kind) -> Result<Option<Names>, Failure> {
    let has_lines = kind.info().columns.iter().any(|c| c.holds == ColumnType::Postings);
    has_lines.then(|| Names::read(reader, book)).transpose()
}

/// Lists records of a kind.
pub fn list(reader: &Reader, book: &BookId, kind: Kind, query: &Query) -> Result<RecordPage, Failure> {
    let names = names_for(reader, book, kind)?;
    let page = reader.list(book, kind, query)?;
    let rows = page.rows.into_iter().map(|row| show(kind, row, names.as_ref())).collect();
    Ok(RecordPage { total: count(page.total), rows })
}

fn find(reader: &Reader, book: &BookId, kind: Kind, id: &RecordId) -> Result<Row, Failure> {
    reader.record(book, kind, id)?.ok_or_else(|| {
        Failure::new(Code::NotFound, format!("There is no {kind} with the id {id}."))
            .hint("It may not have arrived on this device yet.")
    })
}

/// Reads one record with its history.
pub fn get(reader: &Reader, book: &BookId, kind: Kind, id: &RecordId) -> Result<RecordView, Failure> {
    let row = find(reader, book, kind, id)?;
    let names = names_for(reader, book, kind)?;
    let history = reader
        .history(book, &row, kind)?
        .into_iter()
        .map(|step| HistoryChange {
            time: step.time.to_string(),
            device: step.device.short(),
            own: step.own,
            verified: true,
            document: row.document.clone(),
            object: hex(&step.object.0),
        })
        .collect();
    let withdrawals = reader
        .pointing_at(book, id, Relation::Withdraws)?
        .into_iter()
        .filter(|row| row.problems.is_empty())
        .map(|row| WithdrawalNote {
            id: row.id,
            reason: row.fields.get("reason").and_then(Value::as_str).unwrap_or_default().to_owned(),
        })
        .collect();
    let corrections = reader.pointing_at(book, id, Relation::Corrects)?;
    let shown = json!([row.fields, row.state, row.conflicts]).to_string();
    Ok(RecordView {
        document: row.document.clone(),
        version: hex(&commonhold_core::id::Hash::of(shown.as_bytes()).0),
        conflict_values: row
            .conflicts
            .iter()
            .map(|(field, values)| ConflictValues { field: field.clone(), values: values.clone() })
            .collect(),
        withdrawals,
        corrected_by: corrections.iter().map(|row| row.id.to_string()).collect(),
        history,
        row: show(kind, row, names.as_ref()),
    })
}

/// What is wrong with fields, without writing anything: the kind's own rules, and that what they
/// name is there.
pub fn check(reader: &Reader, book: &BookId, kind: Kind, fields: &Fields) -> Result<Vec<Problem>, Failure> {
    let judged = (kind.info().judge)(fields);
    let mut problems = judged.problems.clone();
    for name in fields.keys().filter(|name| kind.info().column(name).is_none()) {
        problems.push(Problem::new(name, format!("A {kind} has no field “{name}”.")));
    }
    if problems.is_empty() && !judged.postings.is_empty() {
        let names = Names::read(reader, book)?;
        let day = judged.day.map(|day| day.to_string()).unwrap_or_default();
        for posting in &judged.postings {
            check_posting(&names, posting, &day, &mut problems);
        }
    }
    Ok(problems)
}

fn check_posting(
    names: &Names,
    posting: &commonhold_core::record::Posting,
    day: &str,
    problems: &mut Vec<Problem>,
) {
    let mut say = |message: String| problems.push(Problem::new("postings", message));
    if !names.funds.contains_key(&posting.fund) {
        say("A line names a fund that is not in this service; choose one of its funds.".into());
    }
    let Some(account) = names.accounts.get(&posting.account) else {
        return say("A line names an account that is not in this service; choose one of its accounts.".into());
    };
    if account.currency.is_some_and(|currency| currency != posting.amount.currency) {
        let only = account.currency.map(|c| c.to_string()).unwrap_or_default();
        say(format!("{} holds {only} only, not {}.", account.path, posting.amount.currency));
    }
    if account.closed.is_some_and(|closed| closed.to_string().as_str() < day) {
        say(format!("{} was closed before this day.", account.path));
    }
}

/// Adds a record and returns its id.
pub fn add(app: &mut App, book: &BookId, kind: Kind, fields: Fields) -> Result<RecordId, Failure> {
    app.store()?;
    let problems = check(app.reader(), book, kind, &fields)?;
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let judged = (kind.info().judge)(&fields);
    let fresh = app.fresh_id()?;
    let id = kind.info().id(book, &judged, fresh);
    if let Some(there) = app.reader().record(book, kind, &id)? {
        return Err(Failure::new(Code::Exists, format!("“{}” is there already.", judged.title))
            .hint("Open it to change it.")
            .detail(there.id));
    }
    let acts = acts(app, book, kind, id, &judged, fields)?;
    app.write(book, &acts, local(book, kind, Some(id)), &mut |_| true)?;
    Ok(id)
}

/// The edits that write a whole new record.
pub(crate) fn acts(
    app: &App,
    book: &BookId,
    kind: Kind,
    id: RecordId,
    judged: &Judged,
    fields: Fields,
) -> Result<Vec<Act>, Failure> {
    let info = kind.info();
    let home = judged.home.clone().unwrap_or(commonhold_core::record::Home::Charter);
    let document = app.reader().document_for(book, kind, &id, &home, &mut BTreeMap::new())?;
    let key = Key { kind: kind.name().to_owned(), id };
    let mut fields: Fields = fields.into_iter().filter(|(_, value)| !value.is_null()).collect();
    if info.form == Form::Entry {
        fields.insert("v".into(), Value::from(1));
        return Ok(vec![Act { document, edit: Edit::Entry(key, fields) }]);
    }
    let mut acts = Vec::new();
    for column in info.columns.iter().filter(|column| column.holds == ColumnType::LongText) {
        let text = match fields.remove(column.name) {
            Some(Value::String(text)) => text,
            _ => String::new(),
        };
        let (key, field) = (key.clone(), column.name.to_owned());
        acts.push(Act { document: document.clone(), edit: Edit::Text { key, field, base: None, text } });
    }
    acts.insert(0, Act { document, edit: Edit::Fields(key, fields) });
    Ok(acts)
}

fn local(book: &BookId, kind: Kind, id: Option<RecordId>) -> Change {
    let id = id.map(|id| id.to_string());
    Change { book: *book, kind: kind.name().to_owned(), id, source: "local".into() }
}

/// Changes fields of a living record. `base` holds, for long texts, the text the edit began from,
/// so that what others wrote meanwhile stays.
pub fn edit(
    app: &mut App,
    book: &BookId,
    kind: Kind,
    id: &RecordId,
    fields: Fields,
    base: &BTreeMap<String, String>,
) -> Result<(), Failure> {
    app.store()?;
    if kind.info().form == Form::Entry {
        return Err(Failure::new(Code::Invalid, format!("A {kind} is never changed once it is written."))
            .hint("Correct it by a new one, or withdraw it with a reason."));
    }
    let row = find(app.reader(), book, kind, id)?;
    let mut wanted = row.fields.clone();
    wanted.extend(fields.clone());
    wanted.retain(|_, value| !value.is_null());
    let known: Fields =
        wanted.into_iter().filter(|(name, _)| kind.info().column(name).is_some()).collect();
    let mut problems = check(app.reader(), book, kind, &known)?;
    problems.extend(locked(kind, &row, &fields));
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let key = Key { kind: kind.name().to_owned(), id: *id };
    let (mut plain, mut edits) = (Fields::new(), Vec::new());
    for (name, value) in fields {
        match (kind.info().column(&name).map(|c| c.holds), value) {
            (Some(ColumnType::LongText), value) => edits.push(Edit::Text {
                key: key.clone(),
                base: base.get(&name).cloned(),
                field: name,
                text: value.as_str().unwrap_or_default().to_owned(),
            }),
            (Some(_), value) => {
                plain.insert(name, value);
            }
            (None, _) => {}
        }
    }
    edits.push(Edit::Fields(key, plain));
    let acts: Vec<Act> =
        edits.into_iter().map(|edit| Act { document: row.document.clone(), edit }).collect();
    app.write(book, &acts, local(book, kind, Some(*id)), &mut |_| true)
}

/// Fields that cannot be changed once they are chosen.
fn locked(kind: Kind, row: &Row, fields: &Fields) -> Option<Problem> {
    let (old, new) = (row.fields.get("category")?, fields.get("category")?);
    let chosen = old.as_str().is_some_and(|text| !text.is_empty());
    (kind == Kind::Service && chosen && old != new && row.conflicts.is_empty()).then(|| {
        Problem::new(
            "category",
            "The product category cannot be changed once it is chosen (product.single-focus).",
        )
    })
}

/// Takes a record out of effect, with a reason. Returns the withdrawal's id.
pub fn withdraw(
    app: &mut App,
    book: &BookId,
    kind: Kind,
    id: &RecordId,
    reason: &str,
) -> Result<RecordId, Failure> {
    let row = find(app.reader(), book, kind, id)?;
    if row.state == State::Withdrawn {
        return Err(Failure::new(Code::Exists, format!("This {kind} is withdrawn already.")));
    }
    let fields = json!({"kind": kind, "target": id, "reason": reason});
    let withdrawal = add(app, book, Kind::Withdrawal, fields.as_object().cloned().unwrap_or_default())?;
    app.tell(local(book, kind, Some(*id)));
    Ok(withdrawal)
}

/// Writes a transaction that replaces another. Returns its id.
pub fn correct(app: &mut App, book: &BookId, id: &RecordId, mut fields: Fields) -> Result<RecordId, Failure> {
    let row = find(app.reader(), book, Kind::Transaction, id)?;
    if row.state != State::Ok {
        let state = row.state.name();
        return Err(Failure::new(Code::Invalid, format!("This transaction is {state} and has no effect."))
            .hint("Correct the one that counts instead."));
    }
    fields.insert("corrects".into(), Value::String(id.to_string()));
    for kept in ["import", "source"] {
        if let (None, Some(value)) = (fields.get(kept), row.fields.get(kept)) {
            fields.insert(kept.into(), value.clone());
        }
    }
    add(app, book, Kind::Transaction, fields)
}

/// Finds records of every kind.
pub fn search(
    reader: &Reader,
    book: &BookId,
    words: &str,
    offset: u32,
    limit: u32,
) -> Result<SearchPage, Failure> {
    let (total, hits) = reader.search(book, words, offset, limit)?;
    let names = Names::read(reader, book)?;
    let rows = hits.into_iter().map(|hit| {
        let state = hit.row.state;
        let shown = show(hit.kind, hit.row, Some(&names));
        let day = shown.fields.get("date").and_then(Value::as_str).map(str::to_owned);
        let amounts = shown.summary.map(|summary| summary.amounts.join(", "));
        let state = (state != State::Ok).then(|| state.name().to_owned());
        let detail: Vec<String> = [day, amounts, state].into_iter().flatten().collect();
        SearchRow { kind: hit.kind, id: shown.id, title: shown.title, detail: detail.join(" · ") }
    });
    Ok(SearchPage { total: count(total), rows: rows.collect() })
}

/// The states a list can show, for the command line's help.
pub fn states() -> [&'static str; 5] {
    use projection::State as S;
    [S::Ok, S::Rejected, S::Withdrawn, S::Superseded, S::Rival].map(S::name)
}
