//! Questions of somebody who sorts imported lines: which are open, and where their like went.

use super::read::{Row, load, read_row, select};
use super::{State, kind_code};
use crate::date::Date;
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

/// Transactions (`kind` is theirs) that count and came in with an import, oldest first.
pub fn imported(
    db: &Connection,
    book: i64,
    kind: Kind,
    import: &RecordId,
    (offset, limit): (u32, u32),
) -> rusqlite::Result<(u64, Vec<Row>)> {
    let total: i64 = db
        .prepare_cached(
            "SELECT count(*) FROM transactions WHERE book = ?1 AND state = 0 AND import = ?2",
        )?
        .query_row(params![book, import.as_bytes()], |row| row.get(0))?;
    let sql = format!(
        "{} WHERE t.book = ?1 AND t.state = 0 AND t.import = ?2
         ORDER BY t.date, record.id LIMIT ?3 OFFSET ?4",
        select(kind)
    );
    let rows = db
        .prepare_cached(&sql)?
        .query_map(params![book, import.as_bytes(), limit, offset], |found| {
            read_row(db, kind, found)
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok((u64::try_from(total).unwrap_or(0), rows))
}

/// One line of an account: what a newly imported one could repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The transaction.
    pub transaction: RecordId,
    /// What it is called.
    pub title: String,
    /// The import it came in with.
    pub import: Option<RecordId>,
    /// The day.
    pub date: Date,
    /// Minor units.
    pub minor: i64,
    /// The currency.
    pub currency: String,
}

/// What moved an account between two days and counts.
pub fn lines_between(
    db: &Connection,
    book: i64,
    account: &RecordId,
    from: Date,
    to: Date,
) -> rusqlite::Result<Vec<Line>> {
    db.prepare_cached(
        "SELECT record.id, coalesce(t.payee, t.narration, ''), t.import, t.date, posting.minor,
                posting.currency
         FROM posting JOIN transactions t ON t.n = posting.n JOIN record ON record.n = t.n
         WHERE posting.account = (SELECT n FROM key WHERE id = ?2) AND t.book = ?1
           AND t.state = 0 AND t.date >= ?3 AND t.date <= ?4 ORDER BY record.id",
    )?
    .query_map(params![book, account.as_bytes(), from.to_string(), to.to_string()], |found| {
        let id = |index| -> rusqlite::Result<Option<RecordId>> {
            let bytes: Option<Vec<u8>> = found.get(index)?;
            Ok(bytes.and_then(|bytes| RecordId::from_slice(&bytes).ok()))
        };
        let day: String = found.get(3)?;
        Ok(Line {
            transaction: id(0)?.unwrap_or_default(),
            title: found.get(1)?,
            import: id(2)?,
            date: day.parse().unwrap_or_default(),
            minor: found.get(4)?,
            currency: found.get(5)?,
        })
    })?
    .collect()
}

/// A record that was written differently by several while apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disputed {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// Whether it is a correction beside another one.
    pub rival: bool,
}

/// Most disputed records listed.
const DISPUTED: i64 = 100;

/// Records of which somebody has to pick one of several contents.
pub fn disputed(db: &Connection, book: i64) -> rusqlite::Result<Vec<Disputed>> {
    let fields = "SELECT DISTINCT conflict.n, record.kind, 0 FROM conflict
        JOIN record ON record.n = conflict.n WHERE record.book = ?1";
    let rivals = "SELECT t.n, record.kind, 1 FROM transactions t JOIN record ON record.n = t.n
        WHERE t.book = ?1 AND t.state = ?3";
    let sql = format!("{fields} UNION ALL {rivals} ORDER BY 1 LIMIT ?2");
    let found = db
        .prepare_cached(&sql)?
        .query_map(params![book, DISPUTED, State::Rival.code()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect::<rusqlite::Result<Vec<(i64, i64, bool)>>>()?;
    let mut all = Vec::new();
    for (n, code, rival) in found {
        let kind = Kind::ALL.iter().copied().find(|kind| kind_code(*kind) == code);
        let Some(kind) = kind.filter(|kind| !kind.info().sealed) else { continue };
        if let Some(row) = load(db, kind, n)? {
            let title = (kind.info().judge)(&row.fields).title;
            all.push(Disputed { kind, id: row.id, title, rival });
        }
    }
    Ok(all)
}
