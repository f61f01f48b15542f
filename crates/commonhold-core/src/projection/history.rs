//! How complete the public history of money is (`finance.history`), counted in the database.

use crate::date::Date;
use crate::id::RecordId;
use crate::money::Money;
use rusqlite::{Connection, Row as SqlRow, params};

/// Most records named as lacking.
const NAMED: i64 = 12;

/// How many of some records say all that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completeness {
    /// How many there are.
    pub total: u64,
    /// How many say all.
    pub complete: u64,
    /// Some of those that do not, newest first: id and title.
    pub lacking: Vec<(RecordId, String)>,
}

/// Transactions that count and move an account of a type.
const OF_TYPE: &str = "t.book = ?1 AND t.state = 0 AND EXISTS (
    SELECT 1 FROM posting WHERE posting.n = t.n AND account IN (
        SELECT key.n FROM accounts JOIN record ON record.n = accounts.n
        JOIN key ON key.id = record.id WHERE accounts.book = ?1 AND accounts.type = ?2))";

fn read_id(found: &SqlRow<'_>, index: usize) -> rusqlite::Result<RecordId> {
    Ok(RecordId::from_slice(&found.get::<_, Vec<u8>>(index)?).unwrap_or_default())
}

fn completeness(
    db: &Connection,
    book: i64,
    account_type: &str,
    among: &str,
    complete: &str,
) -> rusqlite::Result<Completeness> {
    let sql = format!(
        "SELECT count(*), coalesce(sum({complete}), 0) FROM transactions t
         WHERE {OF_TYPE} AND {among}"
    );
    let (total, whole): (i64, i64) = db
        .prepare_cached(&sql)?
        .query_row(params![book, account_type], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let number = |n: i64| u64::try_from(n).unwrap_or(0);
    let mut found = Completeness { total: number(total), complete: number(whole), lacking: vec![] };
    if total == whole {
        return Ok(found);
    }
    let sql = format!(
        "SELECT record.id, coalesce(t.payee, t.narration) FROM transactions t
         JOIN record ON record.n = t.n
         WHERE {OF_TYPE} AND {among} AND NOT ({complete})
         ORDER BY t.date DESC, record.id LIMIT ?3"
    );
    found.lacking = db
        .prepare_cached(&sql)?
        .query_map(params![book, account_type, NAMED], |row| Ok((read_id(row, 0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(found)
}

/// Expenses that say who was paid, what for, and for which period; how much and by whom every
/// transaction says (`finance.history.expenses`).
pub fn expense_history(db: &Connection, book: i64) -> rusqlite::Result<Completeness> {
    let complete = "(t.payee IS NOT NULL AND t.narration IS NOT NULL AND t.narration <> ''
        AND t.period_from IS NOT NULL AND t.period_to IS NOT NULL)";
    completeness(db, book, "expense", "t.payee IS NOT NULL", complete)
}

/// Gifts that say whether they are given once or at an interval, by themselves or by their account
/// (`finance.history.donations`).
pub fn gift_history(db: &Connection, book: i64) -> rusqlite::Result<Completeness> {
    let complete = "(t.interval IS NOT NULL OR EXISTS (
        SELECT 1 FROM posting WHERE posting.n = t.n AND account IN (
            SELECT key.n FROM accounts JOIN record ON record.n = accounts.n
            JOIN key ON key.id = record.id WHERE accounts.book = ?1
              AND accounts.type = 'income' AND accounts.recurrence IS NOT NULL)))";
    completeness(db, book, "income", "1", complete)
}

/// Expenses above a limit of one currency, and how many of them name a decision.
pub fn above_limit(
    db: &Connection,
    book: i64,
    limit: Option<Money>,
) -> rusqlite::Result<Completeness> {
    let Some(limit) = limit else { return Ok(Completeness::default()) };
    let currency = limit.currency.to_string();
    let plain = currency.chars().all(|c| c.is_ascii_uppercase());
    if !plain {
        return Ok(Completeness::default());
    }
    let among = format!(
        "EXISTS (SELECT 1 FROM posting p WHERE p.n = t.n AND p.currency = '{currency}'
         AND p.minor > {})",
        limit.minor
    );
    completeness(db, book, "expense", &among, "(t.decision IS NOT NULL)")
}

/// Minor units each donor gave between two days, whatever the currency.
pub fn given(
    db: &Connection,
    book: i64,
    from: Date,
    to: Date,
) -> rusqlite::Result<Vec<(RecordId, i64)>> {
    db.prepare_cached(
        "SELECT t.donor, -sum(posting.minor) FROM transactions t
         JOIN posting ON posting.n = t.n JOIN key ON key.n = posting.account
         JOIN record ON record.id = key.id AND record.book = ?1
         JOIN accounts ON accounts.n = record.n
         WHERE t.book = ?1 AND t.state = 0 AND t.donor IS NOT NULL AND accounts.type = 'income'
           AND t.date >= ?2 AND t.date <= ?3
         GROUP BY t.donor ORDER BY t.donor",
    )?
    .query_map(params![book, from.to_string(), to.to_string()], |row| {
        Ok((read_id(row, 0)?, row.get(1)?))
    })?
    .collect()
}
