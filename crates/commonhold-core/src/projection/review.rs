//! Questions of somebody who sorts imported lines: which are open, and where their like went.

use super::read::{Row, read_row, select};
use crate::id::RecordId;
use crate::records::Kind;
use rusqlite::{Connection, Row as SqlRow, params};

/// How often lines of one payee went to one account and fund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Habit {
    /// The payee as written.
    pub payee: String,
    /// The account.
    pub account: RecordId,
    /// The fund.
    pub fund: RecordId,
    /// How often.
    pub times: u64,
    /// The day of the last one, `YYYY-MM-DD`.
    pub last: String,
}

/// Where transactions that count went, by payee.
pub fn habits(db: &Connection, book: i64) -> rusqlite::Result<Vec<Habit>> {
    let read = |found: &SqlRow<'_>| {
        let id = |index| -> rusqlite::Result<RecordId> {
            Ok(RecordId::from_slice(&found.get::<_, Vec<u8>>(index)?).unwrap_or_default())
        };
        let times: i64 = found.get(3)?;
        Ok(Habit {
            payee: found.get(0)?,
            account: id(1)?,
            fund: id(2)?,
            times: u64::try_from(times).unwrap_or(0),
            last: found.get(4)?,
        })
    };
    db.prepare_cached(
        "SELECT t.payee, a.id, f.id, count(*), max(t.date) FROM transactions t
         JOIN posting ON posting.n = t.n
         JOIN key a ON a.n = posting.account JOIN key f ON f.n = posting.fund
         WHERE t.book = ?1 AND t.state = 0 AND t.payee IS NOT NULL AND t.date IS NOT NULL
         GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    )?
    .query_map([book], read)?
    .collect()
}

/// Transactions that count and came in with an import, oldest first.
pub fn imported(
    db: &Connection,
    book: i64,
    import: &RecordId,
    offset: u32,
    limit: u32,
) -> rusqlite::Result<(u64, Vec<Row>)> {
    let total: i64 = db
        .prepare_cached(
            "SELECT count(*) FROM transactions WHERE book = ?1 AND state = 0 AND import = ?2",
        )?
        .query_row(params![book, import.as_bytes()], |row| row.get(0))?;
    let sql = format!(
        "{} WHERE t.book = ?1 AND t.state = 0 AND t.import = ?2
         ORDER BY t.date, record.id LIMIT ?3 OFFSET ?4",
        select(Kind::Transaction)
    );
    let rows = db
        .prepare_cached(&sql)?
        .query_map(params![book, import.as_bytes(), limit, offset], |found| {
            read_row(db, Kind::Transaction, found)
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok((u64::try_from(total).unwrap_or(0), rows))
}
