//! Lists and search, a page at a time.

use super::read::{Row, load, read_row, select};
use super::{kind_code, newest_first, order_column, row};
use crate::date::Month;
use crate::id::RecordId;
use crate::json::Fields;
use crate::records::Kind;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params, params_from_iter};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Query {
    /// How many to leave out first.
    pub offset: u32,
    /// How many at most (500 or fewer).
    pub limit: u32,
    /// Words to find.
    pub text: Option<String>,
    /// Only what moves this account.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub account: Option<RecordId>,
    /// Only what moves this fund.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub fund: Option<RecordId>,
    /// Only this month, `YYYY-MM`.
    pub month: Option<String>,
    /// Also what is withdrawn, superseded, a rival or rejected.
    pub include_ineffective: bool,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// How many there are in all.
    pub total: u64,
    /// The ones asked for.
    pub rows: Vec<Row>,
}

/// One find of a search.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchHit {
    /// The kind.
    pub kind: Kind,
    /// The record.
    pub row: Row,
}

/// Words as an FTS5 query: every word must occur, the last one may be unfinished. Nothing when
/// there is no word in it.
fn match_words(text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric() && !is_mark(c))
        .filter(|word| !word.is_empty())
        .map(|word| format!("\"{word}\""))
        .collect();
    if words.is_empty() { None } else { Some(format!("{}*", words.join(" "))) }
}

/// Whether a sign belongs to the letter before it, as the index sees it: combining marks, and the
/// vowel signs and viramas of the scripts of India, Sri Lanka and Thailand.
fn is_mark(c: char) -> bool {
    let combining = matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}'
        | '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}' | '\u{e31}'..='\u{e4e}');
    combining || matches!(c, '\u{900}'..='\u{dff}' if c != '\u{964}' && c != '\u{965}')
}

/// Lists records of a kind: those with a day newest first, others by their first text.
pub fn list(db: &Connection, book: i64, kind: Kind, query: &Query) -> rusqlite::Result<Page> {
    let mut conditions = vec!["t.book = ?".to_owned()];
    let mut values = vec![Sql::Integer(book)];
    if !query.include_ineffective {
        conditions.push("t.state = 0".into());
    }
    if let Some(words) = query.text.as_deref().filter(|text| !text.trim().is_empty()) {
        let Some(words) = match_words(words) else {
            return Ok(Page { total: 0, rows: Vec::new() });
        };
        conditions.push("t.n IN (SELECT rowid FROM search WHERE search MATCH ?)".into());
        values.push(Sql::Text(words));
    }
    for (column, id) in [("account", query.account), ("fund", query.fund)] {
        if let Some(id) = id {
            conditions.push(format!(
                "t.n IN (SELECT n FROM posting WHERE {column} = (SELECT n FROM key WHERE id = ?))"
            ));
            values.push(Sql::Blob(id.as_bytes().to_vec()));
        }
    }
    let dated = kind.info().column("date").is_some();
    if let (true, Some(month)) = (dated, query.month.as_deref()) {
        let month: Option<Month> = month.parse().ok();
        let Some(month) = month else {
            return Ok(Page { total: 0, rows: Vec::new() });
        };
        conditions.push("t.date BETWEEN ? AND ?".into());
        values.push(Sql::Text(month.first_day().to_string()));
        values.push(Sql::Text(month.last_day().to_string()));
    }
    let condition = conditions.join(" AND ");
    let count = format!("SELECT count(*) FROM {} t WHERE {condition}", kind.table());
    let total: i64 =
        db.prepare_cached(&count)?.query_row(params_from_iter(&values), |row| row.get(0))?;
    let order = match (newest_first(kind), order_column(kind)) {
        (Some(column), _) => format!("t.\"{}\" DESC, t.n DESC", column.sql_name()),
        (None, Some(column)) => format!("t.\"{column}\", t.n"),
        (None, None) => "t.n".to_owned(),
    };
    // The inner query walks the index alone; only the rows of this page are read in full.
    let sql = format!(
        "{} WHERE t.n IN (SELECT t.n FROM {} t WHERE {condition} ORDER BY {order} LIMIT ? OFFSET ?)
         ORDER BY {order}",
        select(kind),
        kind.table()
    );
    values.push(Sql::Integer(i64::from(query.limit.min(500))));
    values.push(Sql::Integer(i64::from(query.offset)));
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(&values), |found| read_row(db, kind, found))?;
    let rows: Vec<Row> = rows.collect::<rusqlite::Result<_>>()?;
    Ok(Page { total: u64::try_from(total).unwrap_or(0), rows })
}

/// Records of a kind that hold a value in one column, by id, whatever became of them. The value is
/// the text the column's JSON has; nothing is found where the kind has no such column.
pub fn with(
    db: &Connection,
    book: i64,
    kind: Kind,
    column: &str,
    value: &str,
) -> rusqlite::Result<Vec<Row>> {
    let Some(column) = kind.info().column(column) else { return Ok(Vec::new()) };
    let fields = Fields::from_iter([(column.name.to_owned(), Value::from(value))]);
    let value = row::to_sql(column, &fields);
    let sql = format!(
        "{} WHERE t.book = ?1 AND t.\"{}\" = ?2 ORDER BY record.id",
        select(kind),
        column.sql_name()
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(params![book, value], |found| read_row(db, kind, found))?;
    rows.collect()
}

/// Finds records of any kind by words: the best matches first while they are few, else the
/// newest.
pub fn search(
    db: &Connection,
    book: i64,
    words: &str,
    limit: u32,
    offset: u32,
) -> rusqlite::Result<(u64, Vec<SearchHit>)> {
    let Some(words) = match_words(words) else {
        return Ok((0, Vec::new()));
    };
    let from = "FROM search JOIN record ON record.n = search.rowid
                WHERE search MATCH ?1 AND record.book = ?2";
    let total: i64 = db
        .prepare_cached(&format!("SELECT count(*) {from}"))?
        .query_row(params![words, book], |row| row.get(0))?;
    let order = if total <= 2000 { "rank, record.id" } else { "search.rowid DESC" };
    let sql = format!("SELECT record.n, record.kind {from} ORDER BY {order} LIMIT ?3 OFFSET ?4");
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement.query_map(params![words, book, limit.min(500), offset], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    let mut hits = Vec::new();
    for found in found {
        let (n, code): (i64, i64) = found?;
        let kind = Kind::ALL.iter().copied().find(|kind| kind_code(*kind) == code);
        if let Some(kind) = kind
            && let Some(row) = load(db, kind, n)?
        {
            hits.push(SearchHit { kind, row });
        }
    }
    Ok((u64::try_from(total).unwrap_or(0), hits))
}
