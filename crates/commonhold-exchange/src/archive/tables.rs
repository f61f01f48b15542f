//! The CSV tables (RFC 4180: LF, quotes doubled, no BOM), one for each kind, made from its list
//! of columns alone, and the long texts as Markdown files.
//!
//! A cell that its column's type does not allow (in rejected records) stays empty, and the value
//! lies in the column `more`, so that every table keeps to its own description. Cells are never
//! escaped against spreadsheets: the archive holds what the records hold.

use super::months::Which;
use super::{Error, Export, Record, each, truth};
use commonhold_core::id::RecordId;
use commonhold_core::json::{self, Fields};
use commonhold_core::record::Posting;
use commonhold_core::records::Kind;
use commonhold_core::table::{Column, ColumnType};
use serde_json::Value;
use std::io::Write;

/// Longest cell, in bytes: Python's reader stops at 131,072.
const MAX_CELL: usize = 100_000;
/// Columns every table has; a kind's column of such a name gets the kind's name in front.
pub(super) const OURS: &[&str] = &["id", "state", "more", "problems"];

/// A column of a table, for its description.
pub(super) struct Field {
    pub name: String,
    pub holds: Cell,
    pub help: String,
    pub required: bool,
}

/// What a cell holds, for its description.
#[derive(Clone, Copy)]
pub(super) enum Cell {
    /// As a column of a kind.
    As(ColumnType),
    /// The state of a record.
    State,
    /// A decimal number.
    Decimal,
    /// A JSON object.
    Object,
    /// A path in the archive.
    Path,
}

/// A table as it was written.
pub(super) struct Table {
    pub area: &'static str,
    pub name: String,
    pub title: String,
    pub fields: Vec<Field>,
    pub rows: u64,
    /// Whether no id occurs twice (rivals of an entry share one).
    pub unique: bool,
}

impl Table {
    /// Its path below the payload.
    pub fn path(&self) -> String {
        format!("{}/{}.csv", self.area, self.name)
    }
}

/// A CSV writer as all tables use it.
pub(super) fn writer<W: Write>(out: W) -> csv::Writer<W> {
    csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .quote_style(csv::QuoteStyle::Necessary)
        .from_writer(out)
}

/// A column of ours.
pub(super) fn field(name: &str, holds: Cell, help: &str, required: bool) -> Field {
    Field { name: name.to_owned(), holds, help: help.to_owned(), required }
}

fn header(kind: Kind, column: &Column) -> String {
    match column.holds {
        ColumnType::LongText => format!("{}_file", column.name),
        _ if OURS.contains(&column.name) => format!("{}_{}", kind.name(), column.name),
        _ => column.name.to_owned(),
    }
}

fn fields_of(kind: Kind) -> Vec<Field> {
    let text = Cell::As(ColumnType::Text);
    let mut fields = vec![
        field("id", Cell::As(ColumnType::Id), "The record's id.", true),
        field("state", Cell::State, "Whether it counts: only “ok” does.", true),
    ];
    for column in kind.info().columns {
        let holds = match column.holds {
            ColumnType::Postings => continue,
            ColumnType::LongText => Cell::Path,
            holds => Cell::As(holds),
        };
        fields.push(field(&header(kind, column), holds, column.help, false));
    }
    fields.push(field("more", Cell::Object, "What fits in no other column, as JSON.", false));
    fields.push(field("problems", text, "What is wrong with the record, in words.", false));
    fields
}

/// Writes the table of every kind and shows every record to the book.
pub(super) fn write(work: &mut Export<'_>) -> Result<(), Error> {
    for kind in Kind::ALL.iter().copied() {
        let mut table = Table {
            area: kind.area(),
            name: kind.plural().to_owned(),
            title: format!("All records of the kind “{}”, in any state", kind.name()),
            fields: fields_of(kind),
            rows: 0,
            unique: true,
        };
        let path = format!("data/{}", table.path());
        work.progress.at(&path)?;
        work.bag.start(&path, true)?;
        let mut out = writer(&mut work.bag);
        out.write_record(table.fields.iter().map(|field| &field.name))?;
        if kind == Kind::Transaction
            && let Some(months) = &mut work.months
        {
            out.flush()?;
            drop(out);
            table.rows = months(Which::Transactions, &mut work.bag)?;
            work.bag.end();
            work.tables.push(table);
            continue;
        }
        let mut names = Names::default();
        let (book, seen) = (&mut work.book, work.months.is_some());
        each(work.source, kind, &mut work.progress, &mut |record| {
            if !seen {
                book.observe(kind, &record);
            }
            table.rows = table.rows.saturating_add(1);
            let file = names.next(record.id);
            table.unique &= names.again == 0;
            Ok(out.write_record(row(kind, &record, &file))?)
        })?;
        out.flush()?;
        drop(out);
        work.bag.end();
        work.tables.push(table);
    }
    Ok(())
}

/// Names of files after ids, also when an id comes twice.
#[derive(Default)]
pub(super) struct Names {
    last: Option<RecordId>,
    again: u64,
}

impl Names {
    /// The name for the next record.
    pub fn next(&mut self, id: RecordId) -> String {
        self.again = if self.last == Some(id) { self.again.saturating_add(1) } else { 0 };
        self.last = Some(id);
        if self.again == 0 { id.to_string() } else { format!("{id}-{}", self.again) }
    }
}

pub(super) fn row(kind: Kind, record: &Record, file: &str) -> Vec<String> {
    let mut cells = vec![record.id.to_string(), record.state.to_owned()];
    let mut more = Fields::new();
    for column in kind.info().columns {
        let value = record.fields.get(column.name);
        let cell = match column.holds {
            ColumnType::Postings => {
                if postings(record, column).is_none() {
                    more.extend(value.map(|value| (column.name.to_owned(), value.clone())));
                }
                continue;
            }
            ColumnType::LongText => long_text(record, column)
                .map(|_| format!("{}/{}", kind.plural(), text_file(kind, column, file))),
            _ => cell(column, value),
        };
        let cell = cell.unwrap_or_else(|| {
            more.extend(value.map(|value| (column.name.to_owned(), value.clone())));
            String::new()
        });
        cells.push(cell);
    }
    let known = |name: &str| kind.info().column(name).is_some();
    let unknown = record.fields.iter().filter(|(name, _)| !known(name));
    more.extend(unknown.map(|(name, value)| (name.clone(), value.clone())));
    let mut text = if more.is_empty() { String::new() } else { truth::exact(Value::Object(more)) };
    if text.len() > MAX_CELL {
        text = format!(r#"{{"too_long_for_a_table":"records/{}.jsonl"}}"#, kind.plural());
    }
    cells.push(text);
    let problems: Vec<&str> = record.problems.iter().map(|p| p.message.as_str()).collect();
    cells.push(plain(problems.join(" ")));
    cells
}

/// A text as a cell: no NUL (which some readers refuse) and not too long.
pub(super) fn plain(text: String) -> String {
    if text.len() > MAX_CELL {
        return "(too long for a table; see the folder records)".into();
    }
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

/// The cell of a value; nothing when the column's type does not allow the value.
fn cell(column: &Column, value: Option<&Value>) -> Option<String> {
    let Some(value) = value else {
        return Some(String::new());
    };
    if column.problem(value).is_some() {
        return None;
    }
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) if column.holds == ColumnType::Id => {
            let id: RecordId = text.parse().ok()?;
            Some(id.to_string()).filter(|plain| plain == text)?
        }
        Value::String(text) => text.clone(),
        Value::Array(_) => json::canonical(value),
        other => other.to_string(),
    };
    (text.len() <= MAX_CELL && !text.contains('\0')).then_some(text)
}

/// The long text in a column, if it is one.
pub(super) fn long_text<'r>(record: &'r Record, column: &Column) -> Option<&'r str> {
    record.fields.get(column.name)?.as_str()
}

/// The name of the file a long text lies in.
pub(super) fn text_file(kind: Kind, column: &Column, file: &str) -> String {
    let is_long = |column: &&Column| column.holds == ColumnType::LongText;
    let first = kind.info().columns.iter().find(is_long).map(|column| column.name);
    if first == Some(column.name) {
        format!("{file}.md")
    } else {
        format!("{file}.{}.md", column.name.replace('_', "-"))
    }
}

/// The lines of double entry in a column; nothing when they cannot be read.
pub(super) fn postings(record: &Record, column: &Column) -> Option<Vec<Posting>> {
    match record.fields.get(column.name) {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(value) => serde_json::from_value(value.clone()).ok(),
    }
}
