//! What each month of transactions rests on, as one digest: whoever keeps what was made from a
//! month sees by it whether the month is still the same, without reading its records.

use crate::date::{Date, Month};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row as SqlRow, params};
use std::collections::{BTreeMap, HashMap};

/// A month of transactions that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthDigest {
    /// The month.
    pub month: Month,
    /// How many of its transactions count.
    pub count: u32,
    /// BLAKE3 over every column of them and of their lines, in the order of this database: two
    /// months of one database with the same digest hold the same.
    pub digest: [u8; 32],
}

/// A month while it is read.
#[derive(Default)]
struct Open {
    count: u32,
    hash: blake3::Hasher,
}

/// Adds a value with its type and length, so that no two lists of values read the same.
fn add(out: &mut Vec<u8>, value: ValueRef<'_>) {
    let (tag, bytes): (u8, &[u8]) = match value {
        ValueRef::Null => (0, &[]),
        ValueRef::Integer(number) => {
            out.push(1);
            return out.extend_from_slice(&number.to_le_bytes());
        }
        ValueRef::Real(number) => {
            out.push(2);
            return out.extend_from_slice(&number.to_bits().to_le_bytes());
        }
        ValueRef::Text(text) => (3, text),
        ValueRef::Blob(blob) => (4, blob),
    };
    out.push(tag);
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(bytes);
}

/// The ids behind this database's numbers, each read once: numbers mean nothing after the read
/// model was filled again.
struct Keys<'a> {
    statement: rusqlite::CachedStatement<'a>,
    known: HashMap<i64, Vec<u8>>,
}

impl Keys<'_> {
    fn add(&mut self, out: &mut Vec<u8>, n: i64) -> rusqlite::Result<()> {
        if !self.known.contains_key(&n) {
            let id = self.statement.query_row([n], |row| row.get(0))?;
            self.known.insert(n, id);
        }
        let id = self.known.get(&n).map_or(&[][..], Vec::as_slice);
        add(out, ValueRef::Blob(id));
        Ok(())
    }
}

/// Adds a line of double entry.
fn add_line(out: &mut Vec<u8>, line: &SqlRow<'_>, keys: &mut Keys<'_>) -> rusqlite::Result<()> {
    out.push(5);
    keys.add(out, line.get(1)?)?;
    keys.add(out, line.get(2)?)?;
    for index in 3..7 {
        add(out, line.get_ref(index)?);
    }
    Ok(())
}

/// The months of the transactions that count up to a day, oldest first. Both tables are read once,
/// in the order they lie in.
pub fn month_digests(
    db: &Connection,
    book: i64,
    until: Date,
) -> rusqlite::Result<Vec<MonthDigest>> {
    let mut months: BTreeMap<String, Open> = BTreeMap::new();
    let mut keys = Keys {
        statement: db.prepare_cached("SELECT id FROM key WHERE n = ?1")?,
        known: HashMap::new(),
    };
    let mut lines = db.prepare_cached(
        "SELECT n, account, fund, minor, currency, memo, price FROM posting ORDER BY n, line",
    )?;
    let mut lines = lines.query([])?;
    let mut line = lines.next()?;
    let mut statement = db.prepare_cached(
        "SELECT t.date, record.id, t.* FROM transactions t JOIN record ON record.n = t.n
         WHERE t.book = ?1 AND t.state = 0 AND t.date <= ?2 ORDER BY t.n",
    )?;
    let columns = statement.column_count();
    let mut rows = statement.query(params![book, until.to_string()])?;
    let mut buffer = Vec::with_capacity(1024);
    while let Some(row) = rows.next()? {
        buffer.clear();
        // Behind the day and the id: number, book, state, then the kind's own columns.
        let n: i64 = row.get(2)?;
        add(&mut buffer, row.get_ref(1)?);
        for index in 5..columns {
            add(&mut buffer, row.get_ref(index)?);
        }
        while let Some(found) = line {
            let of: i64 = found.get(0)?;
            if of > n {
                break;
            }
            if of == n {
                add_line(&mut buffer, found, &mut keys)?;
            }
            line = lines.next()?;
        }
        let date = row.get_ref(0)?.as_str_or_null()?.unwrap_or_default();
        let month = date.get(..7).unwrap_or_default();
        if !months.contains_key(month) {
            months.insert(month.to_owned(), Open::default());
        }
        if let Some(open) = months.get_mut(month) {
            open.count = open.count.saturating_add(1);
            open.hash.update(&buffer);
        }
    }
    let done = months.into_iter().filter_map(|(month, open)| {
        let digest = *open.hash.finalize().as_bytes();
        Some(MonthDigest { month: month.parse().ok()?, count: open.count, digest })
    });
    Ok(done.collect())
}
