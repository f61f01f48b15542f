//! The records of an archive whose other files may be damaged, read from `records/` again: what
//! of them a damaged file concerns is told from there.

use super::datapackage::STATES;
use super::{Error, Record, Source, Visit};
use commonhold_core::id::{BookId, Hash, LogId, RecordId};
use commonhold_core::json::Fields;
use commonhold_core::problem::Problem;
use commonhold_core::records::Kind;
use serde::Deserialize;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Seek};
use zip::ZipArchive;

/// Most bytes that are read again to tell what damage concerns.
const MOST: u64 = 4 << 30;
/// Longest line that is read.
const MAX_LINE: u64 = 32 << 20;

/// One line of `records/`.
#[derive(Deserialize)]
struct Line {
    id: RecordId,
    state: String,
    document: String,
    fields: Fields,
    problems: Vec<Problem>,
}

/// A record from its line; nothing when it is none.
pub(super) fn record(line: &[u8]) -> Option<Record> {
    let line: Line = serde_json::from_slice(line).ok()?;
    let state = STATES.iter().find(|state| **state == line.state)?;
    let Line { id, document, fields, problems, .. } = line;
    Some(Record { id, state, document, fields, problems })
}

/// The undamaged parts of an archive.
pub(super) struct Twins<'z, R> {
    zip: RefCell<&'z mut ZipArchive<R>>,
    top: &'z str,
    /// Paths of files that are not what they should be.
    bad: &'z BTreeSet<String>,
    /// Files of documents, and their names.
    pub documents: &'z BTreeMap<String, (String, BTreeSet<Hash>)>,
    name: &'z str,
    book: BookId,
    left: Cell<u64>,
}

fn not_here(path: &str) -> Error {
    Error::Damaged(format!("{path} cannot be read."))
}

impl<'z, R: Read + Seek> Twins<'z, R> {
    pub fn new(
        zip: &'z mut ZipArchive<R>,
        top: &'z str,
        bad: &'z BTreeSet<String>,
        documents: &'z BTreeMap<String, (String, BTreeSet<Hash>)>,
        (name, book): (&'z str, Option<BookId>),
    ) -> Self {
        let (zip, left) = (RefCell::new(zip), Cell::new(MOST));
        let book = book.unwrap_or(BookId([0; 32]));
        Self { zip, top, bad, documents, name, book, left }
    }

    /// Whether a file is there as it was written.
    pub fn is_sound(&self, path: &str) -> bool {
        !self.bad.contains(path)
    }

    /// Reads a file as far as it can be read, sound or not.
    pub fn read(
        &self,
        path: &str,
        visit: &mut dyn FnMut(&mut dyn BufRead) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut zip = self.zip.borrow_mut();
        let Ok(file) = zip.by_name(&format!("{}{path}", self.top)) else {
            return visit(&mut std::io::empty());
        };
        let left = self.left.get().checked_sub(file.size());
        self.left.set(left.ok_or_else(|| Error::TooLarge("it is not read again.".into()))?);
        let size = file.size();
        visit(&mut BufReader::new(file.take(size)))
    }

    /// Visits the lines of a file as far as it can be read, without their ends.
    pub fn lines(
        &self,
        path: &str,
        visit: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.read(path, &mut |file| {
            let mut line = Vec::new();
            loop {
                line.clear();
                // What cannot be unpacked ends the file; the library checks no sum before its end.
                let read = (&mut *file).take(MAX_LINE).read_until(b'\n', &mut line);
                if line.is_empty() {
                    return Ok(());
                }
                visit(line.strip_suffix(b"\n").unwrap_or(&line))?;
                if read.is_err() {
                    return Ok(());
                }
            }
        })
    }
}

impl<R: Read + Seek> Source for Twins<'_, R> {
    fn book(&self) -> BookId {
        self.book
    }
    fn name(&self) -> String {
        self.name.to_owned()
    }
    fn each_record(&self, kind: Kind, visit: &mut dyn FnMut(Record) -> Visit) -> Result<(), Error> {
        let path = format!("data/records/{}.jsonl", kind.plural());
        if !self.is_sound(&path) {
            return Err(not_here(&path));
        }
        self.lines(&path, &mut |line| {
            let record = record(line).ok_or_else(|| not_here(&path))?;
            Ok(visit(record)?)
        })
    }
    fn documents(&self) -> Result<Vec<(String, Vec<Hash>)>, Error> {
        let names = self.documents.values();
        Ok(names.map(|(name, heads)| (name.clone(), heads.iter().copied().collect())).collect())
    }
    fn document(&self, name: &str) -> Result<Vec<u8>, Error> {
        let path = self.documents.iter().find(|(_, (other, _))| other == name);
        let path = path.map(|(path, _)| path).filter(|path| self.is_sound(path));
        let path = path.ok_or_else(|| not_here(name))?;
        let mut bytes = Vec::new();
        self.read(path, &mut |file| Ok(file.read_to_end(&mut bytes).map(|_| ())?))?;
        Ok(bytes)
    }
    fn each_object(&self, _: &mut dyn FnMut(LogId, u64, &[u8]) -> Visit) -> Result<(), Error> {
        Ok(())
    }
}
