//! The read model: tables a person's questions are answered from. It is a function of the
//! documents alone: it may be deleted at any time, and rebuilding gives the same rows.
//!
//! It knows records through [`crate::records::Kind::info`] only, never a kind by name.

mod history;
mod list;
mod money;
mod months;
mod named;
mod place;
mod prepare;
mod published;
mod read;
mod review;
mod row;
mod settle;
mod write;

pub use history::{Completeness, above_limit, expense_history, gift_history, given};
pub use list::{Page, Query, SearchHit, list, search, with};
pub use money::{
    Correction, DonorLine, Entry, GiftLine, GiftQuery, by_donor, by_expense, corrections, daily,
    daily_between, entries, gifts, set_aside,
};
pub use months::{MonthDigest, month_digests};
pub use named::{Named, named};
pub use prepare::{Authors, Prepared, author_problem};
pub use published::{Numbered, id_of, numbered, numbers, publications};
pub use read::{
    Row, SumLine, count, dump, each, find, having, load, pointing_at, state, states, sums,
    sums_after,
};
pub use review::{Disputed, Habit, Line, disputed, habits, imported, lines_between};
pub use write::Projector;

use crate::id::Hash;
use crate::problem::{APART, Problem};
use crate::records::Kind;
use crate::table::{Column, ColumnType};
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "RecordState"))]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It counts.
    Ok,
    /// It breaks a rule of its kind and has no effect.
    Rejected,
    /// Somebody took it out, with a reason.
    Withdrawn,
    /// Another record corrects it.
    Superseded,
    /// Two records correct the same one; another of them counts.
    Rival,
    /// Its author was being removed when it was written; it has no effect until somebody who
    /// belongs writes it anew.
    Flagged,
}

impl State {
    const ALL: [Self; 6] =
        [Self::Ok, Self::Rejected, Self::Withdrawn, Self::Superseded, Self::Rival, Self::Flagged];

    /// The state of a record by its problems alone; nothing when it has none.
    fn unsound(problems: &[Problem]) -> Option<Self> {
        let apart = problems.iter().any(|problem| problem.field == APART);
        let state = if apart { Self::Flagged } else { Self::Rejected };
        (!problems.is_empty()).then_some(state)
    }

    fn code(self) -> i64 {
        Self::ALL.iter().zip(0..).find(|(state, _)| **state == self).map_or(0, |(_, code)| code)
    }

    fn from_code(code: i64) -> Self {
        usize::try_from(code).ok().and_then(|c| Self::ALL.get(c).copied()).unwrap_or(Self::Rejected)
    }

    /// The word used in JSON and archive.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Superseded => "superseded",
            Self::Rival => "rival",
            Self::Flagged => "flagged",
        }
    }
}

/// The numbers kinds are stored under: their place in the list.
fn kind_code(kind: Kind) -> i64 {
    Kind::ALL.iter().zip(0..).find(|(other, _)| **other == kind).map_or(-1, |(_, code)| code)
}

/// SQL that makes the table of one kind.
fn table_sql(kind: Kind) -> String {
    let columns: String = kind
        .info()
        .columns
        .iter()
        .filter_map(|column| Some(format!(", \"{}\" {}", column.sql_name(), column.sql_type()?)))
        .collect();
    let (plural, table) = (kind.plural(), kind.table());
    let order = order_column(kind).map_or(String::new(), |column| format!(", \"{column}\""));
    // What names attachments is asked for at every exchange, and most rows name none.
    let naming: String = kind
        .info()
        .columns
        .iter()
        .filter(|column| column.holds.names_attachments())
        .map(|column| {
            format!(
                "CREATE INDEX \"{plural}_{0}\" ON {table}(book, \"{0}\", state) \
                 WHERE \"{0}\" IS NOT NULL;\n",
                column.sql_name()
            )
        })
        .collect();
    format!(
        "CREATE TABLE {table} (n INTEGER PRIMARY KEY, book INTEGER NOT NULL, \
         state INTEGER NOT NULL{columns}) STRICT;\n\
         CREATE INDEX \"{plural}_order\" ON {table}(book{order}, state);\n{naming}"
    )
}

/// The column that says when something was, by which the newest comes first: its day, else the
/// moment it began.
fn newest_first(kind: Kind) -> Option<&'static Column> {
    let columns = kind.info().columns;
    let named = |name| columns.iter().find(|column| column.name == name);
    let moments = ["started", "starts", "at"].into_iter().filter_map(named);
    named("date").or_else(|| moments.into_iter().find(|c| c.holds == ColumnType::Moment))
}

/// The column a list of this kind is ordered by: its day or moment, else its first text.
fn order_column(kind: Kind) -> Option<&'static str> {
    let first = || kind.info().columns.iter().find(|column| column.holds == ColumnType::Text);
    newest_first(kind).or_else(first).map(Column::sql_name)
}

fn schema() -> String {
    let kinds: String = Kind::ALL.iter().map(|kind| table_sql(*kind)).collect();
    // The program's version stands for its rules: a changed rule gives other states.
    let rules = concat!("-- rules of ", env!("CARGO_PKG_VERSION"), " 3\n");
    format!("{rules}{}\n{kinds}", include_str!("projection/schema.sql"))
}

/// Whether the read model in this database is of this version.
pub fn is_current(db: &Connection) -> rusqlite::Result<bool> {
    let wanted = Hash::of(schema().as_bytes());
    let found: Option<Vec<u8>> = db
        .query_row("SELECT value FROM setting WHERE key = 'read_model'", [], |row| row.get(0))
        .map(Some)
        .or_else(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => Ok(None),
            other => Err(other),
        })?;
    Ok(found.as_deref() == Some(wanted.0.as_slice()))
}

/// Drops the read model, also one of another version, and creates it empty.
pub fn recreate(db: &Connection) -> rusqlite::Result<()> {
    let truth = [
        "setting",
        "book",
        "document",
        "log",
        "stance",
        "object",
        "change",
        "snapshot",
        "attachment",
        "attachment_part",
    ];
    let mut statement = db.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
         AND name NOT LIKE 'search_%'",
    )?;
    let tables: Vec<String> =
        statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    drop(statement);
    for table in tables.iter().filter(|table| !truth.contains(&table.as_str())) {
        db.execute_batch(&format!("DROP TABLE \"{table}\""))?;
    }
    db.execute_batch(&schema())?;
    db.execute(
        "INSERT OR REPLACE INTO setting (key, value) VALUES ('read_model', ?1)",
        params![Hash::of(schema().as_bytes()).0.as_slice()],
    )?;
    Ok(())
}
