//! Which attachments the records name.

use super::State;
use crate::id::Sha256;
use crate::records::Kind;
use crate::table::{Column, ColumnType};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// How records name an attachment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Whether a record that counts names it: then it is wanted, and handed over.
    pub counts: bool,
    /// Whether a record that counts names it where everybody in the book reads.
    pub open: bool,
    /// Whether a record names it where leadership and treasurers alone read.
    pub sealed: bool,
}

impl Named {
    /// Whether it is named only where leadership and treasurers alone read.
    pub fn only_sealed(&self) -> bool {
        self.sealed && !self.open
    }
}

/// Whether what a column of a kind names is for leadership and treasurers alone.
fn is_sealed(kind: Kind, column: &Column) -> bool {
    column.holds == ColumnType::SealedAttachment || kind.info().sealed
}

fn hashes(column: &Column, text: &str) -> Vec<Sha256> {
    let texts = match column.holds.is_list() {
        true => serde_json::from_str::<Vec<String>>(text).unwrap_or_default(),
        false => vec![text.to_owned()],
    };
    // A hash has one spelling: small letters.
    let read = |text: &String| text.parse().ok().filter(|hash: &Sha256| hash.to_string() == *text);
    texts.iter().filter_map(read).collect()
}

/// The attachments that records of a book name, whatever is here of them. Records that are rejected
/// or flagged name nothing: who may not write them must not make others fetch or hand over files.
pub fn named(db: &Connection, book: i64) -> rusqlite::Result<BTreeMap<Sha256, Named>> {
    let mut found: BTreeMap<Sha256, Named> = BTreeMap::new();
    for kind in Kind::ALL {
        for column in kind.info().columns.iter().filter(|c| c.holds.names_attachments()) {
            let sealed = is_sealed(*kind, column);
            let mut statement = db.prepare_cached(&format!(
                "SELECT DISTINCT \"{0}\", state FROM {1}
                 WHERE book = ?1 AND \"{0}\" IS NOT NULL",
                column.sql_name(),
                kind.table()
            ))?;
            let mut rows = statement.query(params![book])?;
            while let Some(row) = rows.next()? {
                let state = State::from_code(row.get(1)?);
                if matches!(state, State::Rejected | State::Flagged) {
                    continue;
                }
                let counts = state == State::Ok;
                for hash in hashes(column, row.get_ref(0)?.as_str().unwrap_or_default()) {
                    let named = found.entry(hash).or_default();
                    named.counts |= counts;
                    named.open |= counts && !sealed;
                    named.sealed |= sealed;
                }
            }
        }
    }
    Ok(found)
}
