//! Questions to the read model.

use super::{State, kind_code, row};
use crate::date::{Date, Month};
use crate::id::RecordId;
use crate::json::{self, Fields};
use crate::money::{Currency, Money};
use crate::problem::{APART, AUTHOR, Problem};
use crate::record::Relation;
use crate::records::Kind;
use crate::table::ColumnType;
use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};
use serde_json::{Value, json};
use std::collections::HashMap;

/// One record as the read model holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number inside this database; it means nothing elsewhere.
    pub n: i64,
    /// Its id.
    pub id: RecordId,
    /// What became of it.
    pub state: State,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// Fields with rival values, with the alternatives.
    pub conflicts: Vec<(String, Vec<Value>)>,
    /// Its fields.
    pub fields: Fields,
    /// The document that holds it.
    pub document: String,
}

impl Row {
    /// Whether it was not its author's to write: then whoever may write it still can.
    pub fn is_nobodys(&self) -> bool {
        self.problems.iter().any(|problem| [AUTHOR, APART].contains(&problem.field.as_str()))
    }
}

/// One kept sum: what an account holds of a fund, by month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SumLine {
    /// The account.
    pub account: RecordId,
    /// The fund.
    pub fund: RecordId,
    /// The month.
    pub month: Month,
    /// The amount.
    pub amount: Money,
}

pub(super) fn select(kind: Kind) -> String {
    let columns: String = kind
        .info()
        .columns
        .iter()
        .filter(|column| column.sql_type().is_some())
        .map(|column| format!(", t.\"{}\"", column.sql_name()))
        .collect();
    format!(
        "SELECT t.n, record.id, t.state, document.name{columns} FROM {} t
         JOIN record ON record.n = t.n JOIN document ON document.n = record.document",
        kind.table()
    )
}

pub(super) fn read_row(db: &Connection, kind: Kind, found: &SqlRow<'_>) -> rusqlite::Result<Row> {
    let n: i64 = found.get(0)?;
    let id: Vec<u8> = found.get(1)?;
    let mut row = Row {
        n,
        id: RecordId::from_slice(&id).unwrap_or_default(),
        state: State::from_code(found.get(2)?),
        document: found.get(3)?,
        problems: Vec::new(),
        conflicts: Vec::new(),
        fields: Fields::new(),
    };
    let columns = kind.info().columns.iter().filter(|column| column.sql_type().is_some());
    for (column, index) in columns.zip(4_usize..) {
        if let Some(value) = row::from_sql(column, found.get_ref(index)?) {
            row.fields.insert(column.name.to_owned(), value);
        }
    }
    if kind.info().columns.iter().any(|column| column.holds == ColumnType::Postings) {
        row.fields.insert("postings".into(), postings(db, n)?);
    }
    beside(db, &mut row)?;
    Ok(row)
}

/// Reads what lies beside a record's own table: problems, unknown fields, conflicts.
fn beside(db: &Connection, row: &mut Row) -> rusqlite::Result<()> {
    let text = |sql: &str| -> rusqlite::Result<Option<String>> {
        db.prepare_cached(sql)?.query_row([row.n], |found| found.get(0)).optional()
    };
    let parse = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    if let Some(Value::Object(extra)) = parse(text("SELECT fields FROM extra WHERE n = ?1")?) {
        row.fields.extend(extra);
    }
    let problems = parse(text("SELECT problems FROM problem WHERE n = ?1")?);
    if let Some(problems) = problems {
        row.problems = serde_json::from_value(problems).unwrap_or_default();
        if let Some(Value::Object(f)) = parse(text("SELECT fields FROM problem WHERE n = ?1")?) {
            row.fields = f;
        }
    }
    let mut statement =
        db.prepare_cached("SELECT field, alternatives FROM conflict WHERE n = ?1 ORDER BY field")?;
    let conflicts = statement
        .query_map([row.n], |found| Ok((found.get::<_, String>(0)?, found.get::<_, String>(1)?)))?;
    for conflict in conflicts {
        let (field, values) = conflict?;
        row.conflicts.push((field, serde_json::from_str(&values).unwrap_or_default()));
    }
    Ok(())
}

/// The lines of one transaction as JSON.
fn postings(db: &Connection, n: i64) -> rusqlite::Result<Value> {
    let mut statement = db.prepare_cached(
        "SELECT a.id, f.id, minor, currency, memo, price FROM posting
         JOIN key a ON a.n = account JOIN key f ON f.n = fund WHERE posting.n = ?1 ORDER BY line",
    )?;
    let lines = statement.query_map([n], |found| {
        let id = |index| -> rusqlite::Result<String> {
            let bytes: Vec<u8> = found.get(index)?;
            Ok(RecordId::from_slice(&bytes).unwrap_or_default().to_string())
        };
        let currency: String = found.get(3)?;
        let currency = currency.parse().unwrap_or(crate::money::Currency::EUR);
        let amount = crate::money::Money::new(found.get(2)?, currency);
        let mut line = json!({"account": id(0)?, "amount": amount, "fund": id(1)?});
        for (name, index) in [("memo", 4), ("price", 5)] {
            if let (Some(text), Some(line)) =
                (found.get::<_, Option<String>>(index)?, line.as_object_mut())
            {
                line.insert(name.to_owned(), Value::String(text));
            }
        }
        Ok(line)
    })?;
    Ok(Value::Array(lines.collect::<rusqlite::Result<_>>()?))
}

/// Reads one record by its number.
pub fn load(db: &Connection, kind: Kind, n: i64) -> rusqlite::Result<Option<Row>> {
    db.prepare_cached(&format!("{} WHERE t.n = ?1", select(kind)))?
        .query_row([n], |found| read_row(db, kind, found))
        .optional()
}

/// Writes the whole read model of a book as lines that are the same on every device with the
/// same records, whatever order they arrived in. For comparing devices, and for tests.
pub fn dump(db: &Connection, book: i64, line: &mut dyn FnMut(&str)) -> rusqlite::Result<()> {
    // What lies in sealed documents is not on every device.
    let open =
        "document.name NOT IN ('vault', 'attachments') AND document.name NOT LIKE 'private/%'";
    for kind in Kind::ALL {
        let sql = format!("{} WHERE t.book = ?1 AND {open} ORDER BY record.id", select(*kind));
        let mut statement = db.prepare_cached(&sql)?;
        let rows = statement.query_map([book], |found| read_row(db, *kind, found))?;
        for row in rows {
            let row = row?;
            line(&json::canonical(&json!({
                "kind": kind, "id": row.id, "state": row.state, "document": row.document,
                "fields": row.fields, "problems": row.problems, "conflicts": row.conflicts,
            })));
        }
    }
    let mut statement = db.prepare_cached(
        "SELECT hex(a.id) || ' ' || hex(f.id) || ' ' || currency || ' ' || month || ' ' || minor
         FROM sum JOIN key a ON a.n = account JOIN key f ON f.n = fund WHERE book = ?1
         ORDER BY a.id, f.id, currency, month",
    )?;
    let mut rows = statement.query([book])?;
    while let Some(row) = rows.next()? {
        line(&row.get::<_, String>(0)?);
    }
    let mut statement = db.prepare_cached(
        "SELECT document.name || ' ' || kind || ' ' || hex(unknown.id) FROM unknown
         JOIN document ON document.n = unknown.document WHERE unknown.book = ?1
           AND document.name NOT IN ('vault', 'attachments')
           AND document.name NOT LIKE 'private/%' ORDER BY 1",
    )?;
    let mut rows = statement.query([book])?;
    while let Some(row) = rows.next()? {
        line(&row.get::<_, String>(0)?);
    }
    Ok(())
}

/// Reads one record by its kind and id.
pub fn find(
    db: &Connection,
    book: i64,
    kind: Kind,
    id: &RecordId,
) -> rusqlite::Result<Option<Row>> {
    db.prepare_cached(&format!(
        "{} WHERE record.id = ?1 AND record.kind = ?2 AND record.book = ?3",
        select(kind)
    ))?
    .query_row(params![id.as_bytes(), kind_code(kind), book], |found| read_row(db, kind, found))
    .optional()
}

/// What became of a record; nothing when it is not here.
pub fn state(
    db: &Connection,
    book: i64,
    kind: Kind,
    id: &RecordId,
) -> rusqlite::Result<Option<State>> {
    db.prepare_cached(&format!(
        "SELECT t.state FROM record JOIN {} t ON t.n = record.n
         WHERE record.id = ?1 AND record.kind = ?2 AND record.book = ?3",
        kind.table()
    ))?
    .query_row(params![id.as_bytes(), kind_code(kind), book], |row| row.get(0))
    .optional()
    .map(|code| code.map(State::from_code))
}

/// What became of every record of a kind, by id.
pub fn states(
    db: &Connection,
    book: i64,
    kind: Kind,
) -> rusqlite::Result<HashMap<RecordId, State>> {
    let sql = format!(
        "SELECT record.id, t.state FROM {} t JOIN record ON record.n = t.n WHERE t.book = ?1",
        kind.table()
    );
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement.query_map([book], |row| {
        let id = row.get_ref(0)?.as_blob().ok();
        let id = id.and_then(|bytes| RecordId::from_slice(bytes).ok());
        Ok((id.unwrap_or_default(), State::from_code(row.get(1)?)))
    })?;
    found.collect()
}

/// Records that point at an id in one way, whatever their kind, by id.
pub fn pointing_at(
    db: &Connection,
    book: i64,
    kind: Kind,
    id: &RecordId,
    relation: Relation,
) -> rusqlite::Result<Vec<Row>> {
    let mut statement = db.prepare_cached(
        "SELECT record.n, record.kind FROM link JOIN record ON record.n = link.n
         WHERE target = (SELECT n FROM key WHERE id = ?1) AND link.kind = ?4 AND relation = ?2
           AND record.book = ?3
         ORDER BY record.id LIMIT 1000",
    )?;
    let found = statement
        .query_map(params![id.as_bytes(), relation.code(), book, kind_code(kind)], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })?
        .collect::<rusqlite::Result<Vec<(i64, i64)>>>()?;
    let mut rows = Vec::new();
    for (n, code) in found {
        let kind = Kind::ALL.iter().copied().find(|kind| kind_code(*kind) == code);
        rows.extend(kind.map(|kind| load(db, kind, n)).transpose()?.flatten());
    }
    Ok(rows)
}

/// Calls back with every record of a kind by id, until the answer is false.
pub fn each(
    db: &Connection,
    book: i64,
    kind: Kind,
    visit: &mut dyn FnMut(Row) -> bool,
) -> rusqlite::Result<()> {
    let sql = format!("{} WHERE t.book = ?1 ORDER BY record.id", select(kind));
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([book])?;
    while let Some(found) = rows.next()? {
        if !visit(read_row(db, kind, found)?) {
            break;
        }
    }
    Ok(())
}

/// Calls back with every record of a kind that counts and has a value in a column, by id, until
/// the answer is false. Nothing has a value in a column the kind does not have.
pub fn having(
    db: &Connection,
    book: i64,
    kind: Kind,
    column: &str,
    visit: &mut dyn FnMut(Row) -> bool,
) -> rusqlite::Result<()> {
    let known = kind.info().column(column).filter(|column| column.sql_type().is_some());
    let Some(column) = known else { return Ok(()) };
    let sql = format!(
        "{} WHERE t.book = ?1 AND t.state = 0 AND t.\"{}\" IS NOT NULL ORDER BY record.id",
        select(kind),
        column.sql_name()
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([book])?;
    while let Some(found) = rows.next()? {
        if !visit(read_row(db, kind, found)?) {
            break;
        }
    }
    Ok(())
}

/// How many records of a kind count.
pub fn count(db: &Connection, book: i64, kind: Kind) -> rusqlite::Result<u64> {
    let sql = format!("SELECT count(*) FROM {} WHERE book = ?1 AND state = 0", kind.table());
    let count: i64 = db.prepare_cached(&sql)?.query_row([book], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

fn read_sum(found: &SqlRow<'_>) -> rusqlite::Result<SumLine> {
    let id = |index| -> rusqlite::Result<RecordId> {
        Ok(RecordId::from_slice(&found.get::<_, Vec<u8>>(index)?).unwrap_or_default())
    };
    let currency: String = found.get(2)?;
    let currency = currency.parse().unwrap_or(Currency::EUR);
    Ok(SumLine {
        account: id(0)?,
        fund: id(1)?,
        month: Month::from_index(found.get(3)?),
        amount: Money::new(found.get(4)?, currency),
    })
}

/// The kept sums of a book.
pub fn sums(db: &Connection, book: i64) -> rusqlite::Result<Vec<SumLine>> {
    db.prepare_cached(
        "SELECT a.id, f.id, currency, month, minor FROM sum
         JOIN key a ON a.n = account JOIN key f ON f.n = fund WHERE book = ?1",
    )?
    .query_map([book], read_sum)?
    .collect()
}

/// What was posted in the month of a day, but after that day: to take off the kept sums.
pub fn sums_after(db: &Connection, book: i64, day: Date) -> rusqlite::Result<Vec<SumLine>> {
    db.prepare_cached(
        "SELECT a.id, f.id, currency, ?4, sum(minor) FROM transactions t
         JOIN posting ON posting.n = t.n
         JOIN key a ON a.n = account JOIN key f ON f.n = fund
         WHERE t.book = ?1 AND t.state = 0 AND t.date > ?2 AND t.date <= ?3
         GROUP BY 1, 2, 3",
    )?
    .query_map(
        params![book, day.to_string(), day.month().last_day().to_string(), day.month().index()],
        read_sum,
    )?
    .collect()
}
