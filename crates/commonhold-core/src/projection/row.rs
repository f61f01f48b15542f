//! A record's fields as SQL values and back.

use crate::json::{self, Fields};
use crate::record::KindInfo;
use crate::table::{Column, ColumnType};
use rusqlite::types::{Value as Sql, ValueRef};
use serde_json::Value;

/// Lists lie in living records as one JSON text; here they become lists again.
pub(super) fn normalise(info: &KindInfo, mut fields: Fields) -> Fields {
    for column in info.columns.iter().filter(|column| column.holds.is_list()) {
        if let Some(Value::String(text)) = fields.get(column.name)
            && let Ok(list @ Value::Array(_)) = serde_json::from_str(text)
        {
            fields.insert(column.name.to_owned(), list);
        }
    }
    fields
}

/// The SQL value of one column; NULL for what is absent or of another type (such a record is
/// rejected, and its fields are kept beside its problems).
pub(super) fn to_sql(column: &Column, fields: &Fields) -> Sql {
    let Some(value) = fields.get(column.name).filter(|value| column.problem(value).is_none())
    else {
        return Sql::Null;
    };
    match (column.holds, value) {
        (ColumnType::Id, Value::String(text)) => {
            text.parse::<uuid::Uuid>().map_or(Sql::Null, |id| Sql::Blob(id.as_bytes().to_vec()))
        }
        (holds, Value::Array(items)) if holds.is_list() && items.is_empty() => Sql::Null,
        (holds, list) if holds.is_list() => Sql::Text(json::canonical(list)),
        (_, Value::String(text)) => Sql::Text(text.clone()),
        (_, Value::Bool(yes)) => Sql::Integer(i64::from(*yes)),
        (_, Value::Number(number)) => number.as_i64().map_or(Sql::Null, Sql::Integer),
        _ => Sql::Null,
    }
}

/// The JSON value of one column; nothing for NULL.
pub(super) fn from_sql(column: &Column, value: ValueRef<'_>) -> Option<Value> {
    match (column.holds, value) {
        (ColumnType::Id, ValueRef::Blob(bytes)) => {
            uuid::Uuid::from_slice(bytes).ok().map(|id| Value::String(id.to_string()))
        }
        (holds, ValueRef::Text(text)) if holds.is_list() => serde_json::from_slice(text).ok(),
        (ColumnType::Boolean, ValueRef::Integer(number)) => Some(Value::from(number != 0)),
        (_, ValueRef::Integer(number)) => Some(Value::from(number)),
        (_, ValueRef::Text(text)) => Some(Value::from(String::from_utf8_lossy(text).into_owned())),
        _ => None,
    }
}

/// The fields no column of the kind holds, without the schema version.
pub(super) fn extra(info: &KindInfo, fields: &Fields) -> Fields {
    fields
        .iter()
        .filter(|(name, value)| {
            name.as_str() != "v" && !value.is_null() && info.column(name).is_none()
        })
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
