//! Which records a damaged, missing or added file concerns, told from the files that are whole:
//! what a file should hold is made again from its twin and compared with what can be read of it.

use super::book::Book;
use super::damage::affected;
use super::ledger::{Style, write_one};
use super::look::inside;
use super::twins::{Twins, record};
use super::{
    Error, Progress, Record, Source, Stop, alone, attachments, ledger_beancount, ledger_journal,
    postings, tables, trial_balance,
};
use commonhold_core::document::{Document, actor};
use commonhold_core::id::{LogId, RecordId};
use commonhold_core::records::Kind;
use commonhold_core::table::ColumnType;
use std::collections::{BTreeMap, HashSet};
use std::io::{self, Read, Seek, Write};

mod lines;
use lines::{Lines, hash};

/// How many ids of a kind are named.
const NAMED: usize = 8;

/// Records of one kind that a damage concerns.
#[derive(Default)]
struct Group {
    count: u64,
    of: u64,
    ids: Vec<String>,
    last: String,
}

impl Group {
    fn add(&mut self, id: String) {
        if self.last == id {
            return;
        }
        self.last.clone_from(&id);
        self.count = self.count.saturating_add(1);
        if self.ids.len() < NAMED {
            self.ids.push(id);
        }
    }

    fn words(&self, kind: Kind) -> String {
        let Self { count, of, ids, .. } = self;
        let more = count.saturating_sub(u64::try_from(ids.len()).unwrap_or(0));
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let of = if *of > *count { format!(" of {of}") } else { String::new() };
        let word = if *count == 1 && of.is_empty() { kind.name() } else { kind.plural() };
        format!("{count}{of} {word} ({}{more})", ids.join(", "))
    }
}

/// What a damage concerns, by kind.
#[derive(Default)]
struct Concerned {
    kinds: BTreeMap<Kind, Group>,
    /// Kinds whose records cannot be asked, since their file is damaged too.
    unknown: Vec<&'static str>,
}

impl Concerned {
    fn words(&self) -> String {
        let kinds = self.kinds.iter().filter(|(_, some)| some.count > 0);
        let kinds: Vec<String> = kinds.map(|(kind, some)| some.words(*kind)).collect();
        let mut text = match kinds.is_empty() {
            true => "no record in it is altered as far as can be read".to_owned(),
            false => kinds.join(", "),
        };
        if !self.unknown.is_empty() {
            let all = self.unknown.join(", ");
            text.push_str(&format!("; of {all} it cannot be said: that file is damaged too"));
        }
        text
    }

    fn of(kind: Kind, some: Group) -> Self {
        Self { kinds: BTreeMap::from([(kind, some)]), unknown: Vec::new() }
    }
}

/// Which records a file concerns, in words that go on a sentence.
pub(super) fn located<R: Read + Seek>(twins: &Twins<'_, R>, path: &str) -> String {
    let base = affected(path);
    match concerned(twins, path) {
        Some(Ok(concerned)) => format!("{base}: {}", concerned.words()),
        Some(Err(_)) => format!("{base}; which ones cannot be told: too much else is damaged"),
        None => base,
    }
}

fn concerned<R: Read + Seek>(twins: &Twins<'_, R>, path: &str) -> Option<Result<Concerned, Error>> {
    let inner = path.strip_prefix("data/")?;
    for kind in Kind::ALL.iter().copied() {
        let (area, plural) = (kind.area(), kind.plural());
        if inner == format!("{area}/{plural}.csv") {
            return Some(table(twins, path, kind));
        }
        if inner == format!("records/{plural}.jsonl") {
            return Some(json_lines(twins, path, kind));
        }
        if inner == format!("schemas/{}.schema.json", kind.name()) {
            return Some(matching(twins, &[kind], &|_, _| true));
        }
        if let Some(file) = inner.strip_prefix(&format!("{area}/{plural}/")) {
            let id = file.get(..36).unwrap_or_default().to_owned();
            return Some(matching(twins, &[kind], &|_, record| record.id.to_string() == id));
        }
    }
    match inner {
        "finance/postings.csv" => return Some(lines_of_postings(twins, path)),
        trial_balance::PATH => return Some(sums(twins, path)),
        "finance/ledger.beancount" => return Some(ledger(twins, &ledger_beancount::STYLE)),
        "finance/ledger.journal" => return Some(ledger(twins, &ledger_journal::STYLE)),
        _ => {}
    }
    if let Some((name, _)) = twins.documents.get(path) {
        return Some(matching(twins, Kind::ALL, &|_, record| record.document == *name));
    }
    if let Some(log) = inside(path, "data/objects/", ".objects").and_then(LogId::from_hex) {
        return Some(log_of(twins, &log));
    }
    let sum = attachments::named_after(path)?;
    Some(matching(twins, Kind::ALL, &|kind, record| {
        let holds = |column: &&commonhold_core::table::Column| {
            let value = record.fields.get(column.name).map(ToString::to_string);
            value.is_some_and(|value| value.contains(sum))
        };
        sum.len() == 64 && kind.info().columns.iter().any(|column| holds(&column))
    }))
}

/// Visits every record of a kind with a visitor that may fail.
fn each<R: Read + Seek>(
    twins: &Twins<'_, R>,
    kind: Kind,
    visit: &mut dyn FnMut(Record) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut failure = None;
    let result = twins.each_record(kind, &mut |record| {
        visit(record).map_err(|error| {
            failure = Some(error);
            Stop
        })
    });
    failure.map_or(result, Err)
}

/// The records that fit, of some kinds.
fn matching<R: Read + Seek>(
    twins: &Twins<'_, R>,
    kinds: &[Kind],
    fits: &dyn Fn(Kind, &Record) -> bool,
) -> Result<Concerned, Error> {
    let mut out = Concerned::default();
    for kind in kinds.iter().copied() {
        let mut some = Group::default();
        let read = each(twins, kind, &mut |record| {
            if fits(kind, &record) {
                some.add(record.id.to_string());
            }
            Ok(())
        });
        match read {
            Ok(()) => out.kinds.insert(kind, some),
            Err(Error::Damaged(_)) => {
                out.unknown.push(kind.plural());
                None
            }
            Err(other) => return Err(other),
        };
    }
    Ok(out)
}

/// A row as it stands in a table.
fn text_of<I: IntoIterator<Item = T>, T: AsRef<[u8]>>(cells: I) -> Result<Vec<u8>, Error> {
    let mut out = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .quote_style(csv::QuoteStyle::Necessary)
        .from_writer(Vec::new());
    out.write_record(cells)?;
    out.into_inner().map_err(|error| Error::Io(io::Error::other(error.to_string())))
}

/// The rows of a kind's table that are not what the records say.
fn table<R: Read + Seek>(twins: &Twins<'_, R>, path: &str, kind: Kind) -> Result<Concerned, Error> {
    let lines = Lines::read(twins, path)?;
    let (mut names, mut some) = (tables::Names::default(), Group::default());
    each(twins, kind, &mut |record| {
        some.of = some.of.saturating_add(1);
        let file = names.next(record.id);
        if !lines.hold(&text_of(tables::row(kind, &record, &file))?) {
            some.add(record.id.to_string());
        }
        Ok(())
    })?;
    Ok(Concerned::of(kind, some))
}

/// A book that knows accounts and funds, for their names.
fn names<R: Read + Seek>(twins: &Twins<'_, R>) -> Result<Book, Error> {
    let mut book = Book::new("");
    for kind in [Kind::Account, Kind::Fund] {
        each(twins, kind, &mut |record| {
            book.observe(kind, &record);
            Ok(())
        })?;
    }
    Ok(book)
}

/// The transactions of which a line of double entry is not what the records say.
fn lines_of_postings<R: Read + Seek>(twins: &Twins<'_, R>, path: &str) -> Result<Concerned, Error> {
    let (lines, book, kind) = (Lines::read(twins, path)?, names(twins)?, Kind::Transaction);
    let columns = kind.info().columns.iter();
    let column = columns.into_iter().find(|column| column.holds == ColumnType::Postings);
    let mut some = Group::default();
    each(twins, kind, &mut |record| {
        some.of = some.of.saturating_add(1);
        let all = column.and_then(|column| tables::postings(&record, column)).unwrap_or_default();
        for (line, posting) in (1..).zip(all) {
            if !lines.hold(&text_of(postings::posting_row(&book, &record, line, posting))?) {
                some.add(record.id.to_string());
            }
        }
        Ok(())
    })?;
    Ok(Concerned::of(kind, some))
}

/// The accounts whose sums are not what the transactions come to.
fn sums<R: Read + Seek>(twins: &Twins<'_, R>, path: &str) -> Result<Concerned, Error> {
    let lines = Lines::read(twins, path)?;
    let mut tell = |_: u64, _: Option<u64>, _: &str| true;
    let mut progress = Progress { tell: &mut tell, done: 0, note: String::new() };
    let book = alone::seen(twins, &mut progress)?;
    let mut some = Group::default();
    for (key, sum) in &book.balances {
        if !lines.hold(&text_of(trial_balance::row(&book, key, *sum))?) {
            some.add(key.1.to_string());
        }
    }
    Ok(Concerned::of(Kind::Account, some))
}

/// The records of which the table says something else than what can be read of their JSON.
fn json_lines<R: Read + Seek>(
    twins: &Twins<'_, R>,
    path: &str,
    kind: Kind,
) -> Result<Concerned, Error> {
    let twin = format!("data/{}/{}.csv", kind.area(), kind.plural());
    if !twins.is_sound(&twin) {
        return Err(Error::Damaged(String::new()));
    }
    let mut rows: HashSet<u64> = HashSet::new();
    let mut names = tables::Names::default();
    twins.lines(path, &mut |line| {
        if let Some(record) = record(line) {
            let file = names.next(record.id);
            rows.insert(hash(&text_of(tables::row(kind, &record, &file))?));
        }
        Ok(())
    })?;
    let mut some = Group::default();
    twins.read(&twin, &mut |file| {
        for row in csv::Reader::from_reader(file).into_byte_records() {
            let row = row?;
            some.of = some.of.saturating_add(1);
            if !rows.contains(&hash(&text_of(row.iter())?)) {
                let id = row.get(0).unwrap_or_default();
                some.add(String::from_utf8_lossy(id).into_owned());
            }
        }
        Ok(())
    })?;
    Ok(Concerned::of(kind, some))
}

/// The transactions of which a ledger says something else than the records.
fn ledger<R: Read + Seek>(twins: &Twins<'_, R>, style: &Style) -> Result<Concerned, Error> {
    let lines = Lines::read(twins, style.path)?;
    let mut tell = |_: u64, _: Option<u64>, _: &str| true;
    let mut progress = Progress { tell: &mut tell, done: 0, note: String::new() };
    let book = alone::seen(twins, &mut progress)?;
    let mut some = Group::default();
    let mut entries = Entries { lines: &lines, held: Vec::new(), some: &mut some };
    write_one(twins, &book, &mut progress, style, &mut entries)?;
    entries.judge();
    Ok(Concerned::of(Kind::Transaction, some))
}

/// Judges a ledger entry by entry: an empty line is between them.
struct Entries<'l> {
    lines: &'l Lines,
    held: Vec<u8>,
    some: &'l mut Group,
}

impl Entries<'_> {
    fn judge(&mut self) {
        let held = std::mem::take(&mut self.held);
        let text = String::from_utf8_lossy(&held);
        // Entries begin with a day; the accounts and funds before them have ids too.
        let is_entry = text.trim_start().starts_with(|c: char| c.is_ascii_digit());
        if !is_entry || self.lines.hold(&held) {
            return;
        }
        let id = text.split(['"', ' ', '\n']).filter(|word| word.len() == 36);
        if let Some(id) = id.filter_map(|word| word.parse::<RecordId>().ok()).next() {
            self.some.add(id.to_string());
        }
    }
}

impl Write for Entries<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The writers hand over whole entries, each beginning with an empty line.
        self.judge();
        self.held.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The records that lie in documents which a log wrote to.
fn log_of<R: Read + Seek>(twins: &Twins<'_, R>, log: &LogId) -> Result<Concerned, Error> {
    let mut touched = HashSet::new();
    for (name, _) in twins.documents()? {
        // Of a document that cannot be read it is not known, so it counts.
        let document = twins.document(&name).ok().and_then(|b| Document::load(&name, &b).ok());
        if document.is_none_or(|document| document.knows(&actor(log, &name))) {
            touched.insert(name);
        }
    }
    matching(twins, Kind::ALL, &|_, record| touched.contains(&record.document))
}
