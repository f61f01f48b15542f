//! Long texts as Markdown files of their own.

use super::tables::{Names, OURS, long_text, text_file};
use super::{Error, Export, Record, each};
use commonhold_core::json;
use commonhold_core::records::Kind;
use commonhold_core::table::{Column, ColumnType};
use std::io::Write;

/// Writes every long text as a Markdown file that begins with the record's other fields (YAML).
pub(super) fn write(work: &mut Export<'_>) -> Result<(), Error> {
    for kind in Kind::ALL.iter().copied() {
        let holds_text = |column: &&Column| column.holds == ColumnType::LongText;
        let columns: Vec<_> = kind.info().columns.iter().filter(holds_text).collect();
        if columns.is_empty() {
            continue;
        }
        let folder = format!("data/{}/{}", kind.area(), kind.plural());
        work.progress.at(&folder)?;
        let bag = &mut work.bag;
        let mut names = Names::default();
        each(work.source, kind, &mut work.progress, &mut |record| {
            let file = names.next(record.id);
            for column in &columns {
                if let Some(text) = long_text(&record, column) {
                    bag.start(&format!("{folder}/{}", text_file(kind, column, &file)), true)?;
                    bag.write_all(front_matter(kind, &record).as_bytes())?;
                    bag.write_all(text.as_bytes())?;
                    bag.end();
                }
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn front_matter(kind: Kind, record: &Record) -> String {
    let mut out = format!("---\nid: {}\nrecord: {}\nstate: {}\n", record.id, kind, record.state);
    for column in kind.info().columns {
        if column.holds == ColumnType::LongText || OURS.contains(&column.name) {
            continue;
        }
        if let Some(value) = record.fields.get(column.name).filter(|value| !value.is_null()) {
            // JSON on one line is YAML too.
            out.push_str(&format!("{}: {}\n", column.name, json::canonical(value)));
        }
    }
    out.push_str("---\n");
    out
}
