//! Records of every kind: list, read, check, add, edit, withdraw, correct, search.

use super::count;
use super::trust::{HistoryStep, history_of};
use crate::failure::{Code, Failure};
use commonhold_core::id::{BookId, hex};
use commonhold_core::json::Fields;
use commonhold_core::problem::Problem;
use commonhold_core::projection::{self, Row, State};
use commonhold_core::record::{HIDDEN, Judged, Relation};
use commonhold_core::records::finance::account::Account;
use commonhold_core::store::Reader;
use commonhold_core::table::ColumnType;
use commonhold_core::{Kind, Money, RecordId};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

mod write;

pub use commonhold_core::projection::Query;
pub(crate) use write::{acts, acts_among, check_author};
pub use write::{add, check, correct, edit, withdraw};

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
    #[cfg_attr(test, ts(type = "Array<import(\"./HistoryStep\").HistoryStep>"))]
    pub history: Vec<HistoryStep>,
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
        let amounts =
            amounts.into_iter().map(|(c, minor)| Money::new(minor, c).to_string()).collect();
        TransactionSummary {
            amounts,
            from_to: format!("{} → {}", from.join(", "), to.join(", ")),
            funds,
        }
    }
}

/// A path without its root name, which its place already says.
fn leaf(path: &str) -> String {
    path.split_once(':').map_or(path, |(_, rest)| rest).to_owned()
}

/// Takes the value of a secret out of what is shown beside other things.
pub fn hide(kind: Kind, fields: &mut Fields) {
    if kind == Kind::SealedValue && fields.contains_key("value") {
        fields.insert("value".into(), HIDDEN.into());
    }
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

/// Lists records of a kind; the values of secrets are not in lists.
pub fn list(
    reader: &Reader,
    book: &BookId,
    kind: Kind,
    query: &Query,
) -> Result<RecordPage, Failure> {
    let names = names_for(reader, book, kind)?;
    let page = reader.list(book, kind, query)?;
    let rows = page.rows.into_iter().map(|mut row| {
        hide(kind, &mut row.fields);
        show(kind, row, names.as_ref())
    });
    let rows = rows.collect();
    Ok(RecordPage { total: count(page.total), rows })
}

pub(crate) fn find(
    reader: &Reader,
    book: &BookId,
    kind: Kind,
    id: &RecordId,
) -> Result<Row, Failure> {
    reader.record(book, kind, id)?.ok_or_else(|| {
        Failure::new(Code::NotFound, format!("There is no {kind} with the id {id}."))
            .hint("It may not have arrived on this device yet.")
    })
}

/// A record with what the read model hides of it.
pub(crate) fn whole(reader: &Reader, book: &BookId, kind: Kind, row: Row) -> Result<Row, Failure> {
    if kind.info().masked.is_empty() {
        return Ok(row);
    }
    let found = reader.unmasked(book, kind)?.into_iter().find(|found| found.id == row.id);
    Ok(found.unwrap_or(row))
}

/// Reads one record with its history.
pub fn get(
    reader: &Reader,
    book: &BookId,
    kind: Kind,
    id: &RecordId,
) -> Result<RecordView, Failure> {
    let row = whole(reader, book, kind, find(reader, book, kind, id)?)?;
    let names = names_for(reader, book, kind)?;
    let history = history_of(reader, book, &row, kind)?;
    let withdrawals = reader
        .pointing_at(book, kind, id, Relation::Withdraws)?
        .into_iter()
        .filter(|row| row.problems.is_empty())
        .map(|row| WithdrawalNote {
            id: row.id,
            reason: row.fields.get("reason").and_then(Value::as_str).unwrap_or_default().to_owned(),
        })
        .collect();
    let corrections = reader.pointing_at(book, kind, id, Relation::Corrects)?;
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
pub fn states() -> [&'static str; 6] {
    use projection::State as S;
    [S::Ok, S::Rejected, S::Withdrawn, S::Superseded, S::Rival, S::Flagged].map(S::name)
}
