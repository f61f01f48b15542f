//! The pages of an archive, for somebody who has nothing but the file: `index.html` leads to the
//! others, which lie in `html/`. Every page says which tables its numbers come from. Records are
//! read in windows, so that a large book takes more pages and not more memory.

use super::html::Page;
use super::ledger::windows_of;
use super::{Error, Export, Record, each, words};
use commonhold_core::date::Date;
use commonhold_core::id::RecordId;
use commonhold_core::records::Kind;
use commonhold_core::table::ColumnType;
use serde_json::Value;
use std::collections::BTreeMap;

mod decisions;
mod files;
mod ledger;
mod money;
mod operations;
mod payments;
mod people;
mod reports;

pub(super) use files::describe;
pub(super) use reports::write_tables as write_reports;

/// Most records with what belongs to them that are held at once.
const WINDOW: u32 = 10_000;
/// A page of so many rows or bytes is ended.
const ROWS: usize = 600;
const BYTES: usize = 512 << 10;

/// A page that was written.
pub(super) struct Written {
    /// Its path below the payload.
    pub path: String,
    pub title: String,
}

/// Names and places for what records refer to.
#[derive(Default)]
pub(super) struct Names {
    /// People who want their names shown, payees.
    called: BTreeMap<RecordId, String>,
    /// Attachments by their SHA-256, as the pages see them.
    files: BTreeMap<String, String>,
    /// On which page a record of a sort is.
    places: BTreeMap<RecordId, String>,
    /// On which page of the ledger a day is, without its ending.
    days: BTreeMap<Date, String>,
}

impl Names {
    /// What a person or payee is called; its number where they do not want it said.
    pub fn of(&self, id: Option<RecordId>) -> String {
        let Some(id) = id else { return String::new() };
        let called = self.called.get(&id).filter(|name| !name.is_empty()).cloned();
        called.unwrap_or_else(|| format!("({id})"))
    }

    /// The page a record is on, with its place there.
    pub fn place(&self, id: &RecordId) -> Option<String> {
        self.places.get(id).map(|page| format!("{page}#r-{id}"))
    }

    /// Links to attachments.
    pub fn receipts(&self, list: &[String]) -> Vec<(String, String)> {
        let link = |sum: &String| {
            let path = self.files.get(sum)?;
            Some((path.clone(), format!("receipt {}", sum.get(..8).unwrap_or_default())))
        };
        list.iter().take(50).filter_map(link).collect()
    }
}

/// A field's text.
pub(super) fn field<'r>(record: &'r Record, name: &str) -> &'r str {
    record.fields.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A field's id.
pub(super) fn id_in(record: &Record, name: &str) -> Option<RecordId> {
    field(record, name).parse().ok()
}

/// The texts of a list.
pub(super) fn list(record: &Record, name: &str) -> Vec<String> {
    let list = record.fields.get(name).and_then(Value::as_array);
    let texts = list.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

/// A record with what belongs to it.
#[derive(Default)]
pub(super) struct Group {
    /// The record; several where rivals share an id.
    pub own: Vec<Record>,
    pub rest: Vec<(Kind, Record)>,
}

impl Group {
    /// What of a kind belongs to it.
    pub fn each(&self, kind: Kind) -> impl Iterator<Item = &Record> {
        self.rest.iter().filter(move |(other, _)| *other == kind).map(|(_, record)| record)
    }
}

/// A sort of pages: records of a kind, each with what belongs to it.
pub(super) struct Sort {
    /// First part of the pages' names.
    pub stem: &'static str,
    pub title: &'static str,
    /// What is said under the title.
    pub intro: &'static str,
    pub kind: Kind,
    /// What belongs to it, and the field that says so (an id or a list of ids).
    pub rest: &'static [(Kind, &'static str)],
    /// Where the numbers come from, seen from the pages.
    pub from: &'static [(&'static str, &'static str)],
    pub one: fn(&Export<'_>, &mut Page, &Group),
}

/// Whom a record belongs to by one of its fields.
fn parents(record: &Record, name: &str) -> Vec<RecordId> {
    match record.fields.get(name) {
        Some(Value::String(id)) => id.parse().into_iter().collect(),
        Some(Value::Array(ids)) => {
            let ids = ids.iter().filter_map(Value::as_str);
            ids.filter_map(|id| id.parse().ok()).collect()
        }
        _ => Vec::new(),
    }
}

/// A record without what is too long to be held.
fn light(kind: Kind, mut record: Record) -> Record {
    let long = kind.info().columns.iter().filter(|column| column.holds == ColumnType::LongText);
    for column in long {
        record.fields.remove(column.name);
    }
    record.fields.remove("contents");
    record
}

/// Writes a page into `html/` and keeps its title for the first page.
pub(super) fn put(work: &mut Export<'_>, name: &str, title: &str, page: Page) -> Result<(), Error> {
    let path = format!("html/{name}.html");
    work.progress.at(&path)?;
    work.bag.whole(&format!("data/{path}"), page.finish().as_bytes())?;
    work.pages.push(Written { path, title: title.to_owned() });
    Ok(())
}

/// The title of a page of the archive, with the service's name.
pub(super) fn begin(work: &Export<'_>, title: &str) -> Page {
    Page::new(&format!("{title} – {}", words::one_line(&work.book.name)), Some("../index.html"))
}

/// Writes all pages of a sort; nothing where there are no such records.
pub(super) fn sorted(work: &mut Export<'_>, sort: &Sort) -> Result<(), Error> {
    let mut counts: BTreeMap<RecordId, u32> = BTreeMap::new();
    let source = work.source;
    each(source, sort.kind, &mut work.progress, &mut |record| {
        counts.insert(record.id, 1);
        Ok(())
    })?;
    for (kind, name) in sort.rest {
        each(source, *kind, &mut work.progress, &mut |record| {
            for parent in parents(&record, name) {
                if let Some(count) = counts.get_mut(&parent) {
                    *count = count.saturating_add(1);
                }
            }
            Ok(())
        })?;
    }
    let (mut number, mut page) = (1_u32, None);
    for (from, to) in windows_of(&counts, WINDOW) {
        let held = window(work, sort, from, to)?;
        for (id, group) in &held {
            let open = page.get_or_insert_with(|| first(work, sort, number));
            work.names.places.insert(*id, format!("{}-{number}.html", sort.stem));
            (sort.one)(work, open, group);
            if open.rows >= ROWS || open.len() >= BYTES {
                let full = page.take();
                end(work, sort, &mut number, full)?;
            }
        }
    }
    end(work, sort, &mut number, page)
}

fn first(work: &Export<'_>, sort: &Sort, number: u32) -> Page {
    let title = if number == 1 { sort.title.into() } else { format!("{} ({number})", sort.title) };
    let mut page = begin(work, &title);
    page.paragraph(sort.intro);
    page.from(sort.from);
    page
}

fn end(
    work: &mut Export<'_>,
    sort: &Sort,
    number: &mut u32,
    page: Option<Page>,
) -> Result<(), Error> {
    let Some(page) = page else { return Ok(()) };
    let title = match *number {
        1 => sort.title.to_owned(),
        number => format!("{} ({number})", sort.title),
    };
    put(work, &format!("{}-{number}", sort.stem), &title, page)?;
    *number = number.saturating_add(1);
    Ok(())
}

/// The records of a span of ids, each with what belongs to it.
fn window(
    work: &mut Export<'_>,
    sort: &Sort,
    from: RecordId,
    to: RecordId,
) -> Result<BTreeMap<RecordId, Group>, Error> {
    let mut held: BTreeMap<RecordId, Group> = BTreeMap::new();
    let source = work.source;
    each(source, sort.kind, &mut work.progress, &mut |record| {
        if (from..=to).contains(&record.id) {
            held.entry(record.id).or_default().own.push(light(sort.kind, record));
        }
        Ok(())
    })?;
    for (kind, name) in sort.rest {
        each(source, *kind, &mut work.progress, &mut |record| {
            for parent in parents(&record, name) {
                if let Some(group) = held.get_mut(&parent) {
                    group.rest.push((*kind, light(*kind, record.clone())));
                }
            }
            Ok(())
        })?;
    }
    Ok(held)
}

/// Reads what people and payees are called, and where attachments lie.
fn read_names(work: &mut Export<'_>) -> Result<(), Error> {
    let mut names = Names::default();
    let source = work.source;
    for (kind, column) in [(Kind::Person, "public_name"), (Kind::Payee, "name")] {
        each(source, kind, &mut work.progress, &mut |record| {
            let said = record.fields.get("show_name").and_then(Value::as_bool);
            if kind == Kind::Payee || said == Some(true) {
                names.called.insert(record.id, field(&record, column).to_owned());
            }
            Ok(())
        })?;
    }
    for (path, _) in work.bag.payload() {
        if let Some(name) = path.strip_prefix("attachments/") {
            let sum = name.split('.').next().unwrap_or_default();
            names.files.insert(sum.to_owned(), format!("../{path}"));
        }
    }
    work.names = names;
    Ok(())
}

/// Writes all pages but the first; tables, attachments and reports must have been written.
pub(super) fn write(work: &mut Export<'_>) -> Result<(), Error> {
    read_names(work)?;
    money::write(work)?;
    ledger::plan(work);
    sorted(work, &payments::EXPENSES)?;
    ledger::write(work)?;
    sorted(work, &decisions::VOTES)?;
    sorted(work, &decisions::DECISIONS)?;
    sorted(work, &money::CLOSES)?;
    money::write_statements(work)?;
    sorted(work, &people::PEOPLE)?;
    sorted(work, &operations::INCIDENTS)?;
    sorted(work, &operations::DEPLOYS)?;
    reports::write(work)?;
    files::write(work)
}
