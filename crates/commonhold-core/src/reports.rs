//! Reports: derived from the records at every call, never stored. Each says its formula.

pub mod finance;
pub mod governance;
pub mod operations;

use crate::id::{BookId, RecordId};
use crate::projection::State;
use crate::records::Kind;
use crate::store::{Error, Reader};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Records of a kind that count, by id.
pub type Records<R> = Vec<(RecordId, R)>;

/// Records of a kind that count, by id.
pub fn all<R: DeserializeOwned>(
    reader: &Reader,
    book: &BookId,
    kind: Kind,
) -> Result<Records<R>, Error> {
    let mut found = Vec::new();
    reader.each(book, kind, &mut |row| {
        if row.state == State::Ok
            && let Ok(record) = serde_json::from_value(Value::Object(row.fields))
        {
            found.push((row.id, record));
        }
        true
    })?;
    Ok(found)
}
