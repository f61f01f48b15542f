//! How a kind's fields lie in a table: one list of columns serves SQL, archive and field checks.

use crate::date::{Date, Month, Time};
use crate::money::{Currency, Money};
use crate::problem::Problem;
use serde_json::Value;

/// What a column holds; the JSON form is in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// A short text (string).
    Text,
    /// A text several people edit at once (string; automerge Text in the document).
    LongText,
    /// A whole number (number).
    Integer,
    /// Yes or no (boolean).
    Boolean,
    /// A day (string `YYYY-MM-DD`).
    Date,
    /// A moment in UTC (string, RFC 3339 to the second: `2026-07-05T09:30:00Z`).
    Moment,
    /// An amount (string: `412.35 EUR`).
    Money,
    /// The id of another record (string, UUID).
    Id,
    /// An ISO 4217 code (string).
    Currency,
    /// One word of a fixed list (string).
    Choice(&'static [&'static str]),
    /// A list of texts (array of strings).
    List,
    /// An attachment by its SHA-256 (string); what is no SHA-256 names none.
    Attachment,
    /// An attachment that leadership and treasurers alone read, by its SHA-256 (string).
    SealedAttachment,
    /// Attachments by their SHA-256 (array of strings).
    Attachments,
    /// The lines of a transaction; they lie in a table of their own.
    Postings,
}

impl ColumnType {
    /// Whether its JSON form is an array of texts.
    pub fn is_list(self) -> bool {
        matches!(self, Self::List | Self::Attachments)
    }

    /// Whether it names attachments.
    pub fn names_attachments(self) -> bool {
        matches!(self, Self::Attachment | Self::SealedAttachment | Self::Attachments)
    }
}

/// One field of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The field's name in Rust, JSON, document, SQL, CSV and TypeScript.
    pub name: &'static str,
    /// What it holds.
    pub holds: ColumnType,
    /// One sentence for the reader of an archive.
    pub help: &'static str,
}

/// A column, for the constant lists of the kinds.
pub const fn column(name: &'static str, holds: ColumnType, help: &'static str) -> Column {
    Column { name, holds, help }
}

/// Longest short text, in bytes.
pub const MAX_TEXT: usize = 10_000;
/// Longest long text, in bytes.
pub const MAX_LONG_TEXT: usize = 2_000_000;

impl Column {
    /// Its name in SQL: tables of the read model have columns of their own beside it.
    pub(crate) fn sql_name(&self) -> &'static str {
        match self.name {
            "n" => "own_n",
            "book" => "own_book",
            "state" => "own_state",
            name => name,
        }
    }

    /// What is wrong with a value of this column, if anything. `null` and absent are never wrong
    /// here; whether a field is needed is the kind's own rule.
    pub fn problem(&self, value: &Value) -> Option<Problem> {
        let message = match (self.holds, value) {
            (_, Value::Null) => return None,
            (ColumnType::Integer, Value::Number(n)) if n.is_i64() => return None,
            (ColumnType::Boolean, Value::Bool(_)) => return None,
            (ColumnType::Postings, Value::Array(_)) => return None,
            (holds, Value::Array(items))
                if holds.is_list() && items.iter().all(Value::is_string) =>
            {
                return None;
            }
            (_, Value::String(text)) => self.text_problem(text)?,
            _ => format!("The field “{}” holds something of another type.", self.name),
        };
        Some(Problem::new(self.name, message))
    }

    fn text_problem(&self, text: &str) -> Option<String> {
        let short = matches!(
            self.holds,
            ColumnType::Text | ColumnType::Attachment | ColumnType::SealedAttachment
        );
        match self.holds {
            _ if short => (text.len() > MAX_TEXT).then(|| "The text is too long.".into()),
            ColumnType::LongText if text.len() > MAX_LONG_TEXT => {
                Some("The text is too long.".into())
            }
            ColumnType::LongText => None,
            ColumnType::Date => text.parse::<Date>().err(),
            ColumnType::Moment => text.parse::<Time>().err(),
            ColumnType::Money => text.parse::<Money>().err(),
            ColumnType::Currency => text.parse::<Currency>().err(),
            ColumnType::Id => {
                text.parse::<uuid::Uuid>().err().map(|_| format!("“{text}” is not a record's id."))
            }
            ColumnType::Choice(words) if words.contains(&text) => None,
            ColumnType::Choice(words) => {
                Some(format!("“{text}” is not one of: {}.", words.join(", ")))
            }
            _ => Some(format!("The field “{}” holds something of another type.", self.name)),
        }
    }

    /// The SQL type of the column (STRICT tables); nothing for postings.
    pub fn sql_type(&self) -> Option<&'static str> {
        match self.holds {
            ColumnType::Postings => None,
            ColumnType::Integer | ColumnType::Boolean => Some("INTEGER"),
            ColumnType::Id => Some("BLOB"),
            _ => Some("TEXT"),
        }
    }
}

/// The month in a date column's text, for grouping; nothing when it is not a date.
pub fn month_of(text: &str) -> Option<Month> {
    text.parse::<Date>().ok().map(|date| date.month())
}
