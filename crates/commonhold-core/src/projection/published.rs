//! Which entries the public saw when, read in the order the tables lie in: a book may hold a
//! hundred thousand of them, each published.

use super::kind_code;
use crate::date::Date;
use crate::id::RecordId;
use crate::records::Kind;
use rusqlite::{Connection, Row as SqlRow, params};

/// An entry that counts, by its number inside this database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// The number; another device has others.
    pub n: i64,
    /// Its day.
    pub date: Date,
}

fn id(found: &SqlRow<'_>, index: usize) -> rusqlite::Result<RecordId> {
    let bytes = found.get_ref(index)?.as_blob_or_null()?;
    Ok(bytes.and_then(|bytes| RecordId::from_slice(bytes).ok()).unwrap_or_default())
}

/// What each publication that counts showed for the first time, up to a day; oldest first.
pub fn publications(
    db: &Connection,
    book: i64,
    until: Date,
) -> rusqlite::Result<Vec<(Date, Vec<RecordId>)>> {
    let mut statement = db.prepare_cached(
        "SELECT date, transactions FROM publications
         WHERE book = ?1 AND state = 0 AND date <= ?2 ORDER BY date",
    )?;
    let mut rows = statement.query(params![book, until.to_string()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(day) = row.get_ref(0)?.as_str_or_null()?.and_then(|text| text.parse().ok()) else {
            continue;
        };
        found.push((day, ids(row.get_ref(1)?.as_str_or_null()?.unwrap_or("[]"))));
    }
    Ok(found)
}

/// The ids of a list as it lies in a column; what is none is left out.
fn ids(list: &str) -> Vec<RecordId> {
    if let Ok(plain) = serde_json::from_str::<Vec<&str>>(list) {
        return plain.iter().filter_map(|id| id.parse().ok()).collect();
    }
    let escaped: Vec<String> = serde_json::from_str(list).unwrap_or_default();
    escaped.iter().filter_map(|id| id.parse().ok()).collect()
}

/// The numbers of those records of a list, sorted by id, that the book has; sorted by number.
pub fn numbers(
    db: &Connection,
    book: i64,
    kind: Kind,
    list: &[(RecordId, Date)],
) -> rusqlite::Result<Vec<(i64, Date)>> {
    let mut wanted = list.iter().peekable();
    let mut found = Vec::new();
    // Both sides come by id, and the index holds all that is asked for.
    let mut statement =
        db.prepare_cached("SELECT id, n FROM record WHERE kind = ?1 AND book = ?2 ORDER BY id")?;
    let mut rows = statement.query(params![kind_code(kind), book])?;
    while let Some(row) = rows.next()? {
        let id = id(row, 0)?;
        while wanted.next_if(|(before, _)| *before < id).is_some() {}
        match wanted.peek() {
            None => break,
            Some((same, day)) if *same == id => found.push((row.get(1)?, *day)),
            Some(_) => {}
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// The entries that count up to a day, by day; those of one day in no certain order.
pub fn numbered(db: &Connection, book: i64, until: Date) -> rusqlite::Result<Vec<Numbered>> {
    let mut statement = db.prepare_cached(
        "SELECT n, date FROM transactions WHERE book = ?1 AND state = 0 AND date <= ?2
         ORDER BY date",
    )?;
    let mut rows = statement.query(params![book, until.to_string()])?;
    let mut found = Vec::new();
    // Many lie on one day: it is read once.
    let mut last: (String, Option<Date>) = Default::default();
    while let Some(row) = rows.next()? {
        let text = row.get_ref(1)?.as_str_or_null()?.unwrap_or_default();
        if last.0 != text {
            last = (text.to_owned(), text.parse().ok());
        }
        if let Some(date) = last.1 {
            found.push(Numbered { n: row.get(0)?, date });
        }
    }
    Ok(found)
}

/// The id of the record with a number.
pub fn id_of(db: &Connection, n: i64) -> rusqlite::Result<RecordId> {
    let mut statement = db.prepare_cached("SELECT id FROM record WHERE n = ?1")?;
    statement.query_row([n], |row| id(row, 0))
}
