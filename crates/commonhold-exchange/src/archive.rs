//! The archive: one ZIP file that holds a whole book and opens without this program in thirty
//! years. Outside it is a BagIt bag (RFC 8493), inside are CSV tables (RFC 4180) explained by a
//! Data Package, both ledgers, Markdown texts, every record as JSON with its schema, RO-Crate
//! metadata, the documents, and the signed objects: the truth a book is restored from.
//!
//! - [`export`] writes it from a [`Source`], which the app implements over its store. Nothing is
//!   held in memory but names, sums and at most 50,000 ledger entries at a time. The same records
//!   and the same `written` give the same bytes. Tables are read more than once.
//! - [`verify`] judges an archive from anywhere: [`Error`] when it is none or must not be opened,
//!   else every damage as a sentence.
//! - [`objects`] and [`attachments`](attachments()) hand out what a book is restored from, after `verify` found nothing.
//!
//! The ZIP's comment holds the SHA-256 of all bytes before the sum itself: it finds damage in
//! places no manifest covers. An archive that somebody unpacked and zipped again has no such
//! comment and is still judged by its manifests.
//!
//! This module knows the kinds that money lies in (service, account, fund, transaction, price);
//! every other kind reaches the archive through [`Kind::ALL`] alone. It must not know SQL, the
//! network or a clock.

pub(crate) mod alone;
mod attachments;
mod bag;
mod book;
mod crate_metadata;
mod damage;
mod datapackage;
mod html;
mod index_page;
mod ledger;
mod ledger_beancount;
mod ledger_journal;
mod ledger_names;
mod limits;
mod locate;
mod look;
pub mod months;
pub mod packed_tar;
mod pages;
mod postings;
mod restore;
mod schemas;
mod stream;
mod tables;
mod texts;
mod trial_balance;
mod truth;
mod twins;
mod verify;
mod words;

#[cfg(test)]
pub(crate) mod tests;

pub use attachments::{Attachment, attachments};
pub use restore::objects;
pub use verify::{Verified, verify};
pub(crate) use words::one_line;
pub use words::slug;

use commonhold_core::date::Time;
use commonhold_core::id::{BookId, Hash, LogId, RecordId, Sha256};
use commonhold_core::json::Fields;
use commonhold_core::problem::Problem;
use commonhold_core::records::Kind;
use std::io::{Read, Seek, Write};

/// Version of the archive's form, written in `bag-info.txt`.
pub const VERSION: &str = "1";
/// Most files an archive may hold.
pub const MAX_FILES: usize = 100_000;
/// Most bytes an archive may hold, unpacked.
pub const MAX_UNPACKED: u64 = 4 << 30;

/// A record as the archive needs it.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// `ok`, `rejected`, `withdrawn`, `superseded` or `rival`; only `ok` counts in the ledgers.
    pub state: &'static str,
    /// The document it lives in.
    pub document: String,
    /// All its fields, also those this version does not know.
    pub fields: Fields,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

/// Tells a [`Source`] to stop reading at once; it turns into an [`Error`] with `?`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop;

/// What a visitor of a [`Source`] answers.
pub type Visit = Result<(), Stop>;

/// What somebody worked out of the whole book, such as how the framework is kept: a table in
/// `reports/` and a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its file's name without ending: lower-case letters and hyphens.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// How to read it, in a sentence.
    pub note: &'static str,
    /// Its columns, each with what it holds.
    pub columns: &'static [(&'static str, &'static str)],
    /// As many cells each as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// Everything the archive needs of a book. It is read several times and must not change meanwhile.
pub trait Source {
    /// The book's id.
    fn book(&self) -> BookId;
    /// The service's name.
    fn name(&self) -> String;
    /// Visits every record of a kind in any state, ordered by id.
    fn each_record(&self, kind: Kind, visit: &mut dyn FnMut(Record) -> Visit) -> Result<(), Error>;
    /// Names and heads of all documents, in a fixed order.
    fn documents(&self) -> Result<Vec<(String, Vec<Hash>)>, Error>;
    /// The automerge bytes of a document, changes in canonical order.
    fn document(&self, name: &str) -> Result<Vec<u8>, Error>;
    /// Visits every signed object, ordered by log and sequence.
    fn each_object(&self, visit: &mut dyn FnMut(LogId, u64, &[u8]) -> Visit) -> Result<(), Error>;
    /// The attachments that sound records name, ordered by their SHA-256.
    fn attachments(&self) -> Result<Vec<Attachment>, Error> {
        Ok(Vec::new())
    }
    /// What was worked out of the whole book, in a fixed order, each name once.
    fn reports(&self) -> Result<Vec<Report>, Error> {
        Ok(Vec::new())
    }
    /// The bytes of an attachment, which fit its SHA-256; nothing where they are not there.
    fn attachment(&self, _sha256: &Sha256) -> Result<Option<Vec<u8>>, Error> {
        Ok(None)
    }
}

/// Hears how far the work is (units done, units in all if known, what is at work: records while
/// writing, bytes while verifying) and answers whether to go on; `false` cancels.
pub type Tell<'a> = dyn FnMut(u64, Option<u64>, &str) -> bool + 'a;

/// A file or buffer an archive is written to: empty at first, and readable for the last check sum.
pub trait Container: Read + Write + Seek {}
impl<T: Read + Write + Seek> Container for T {}

/// Why an archive was not written or not opened.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The book could not be read.
    #[error("the book could not be read: {0}")]
    Source(String),
    /// A visitor asked to stop.
    #[error("reading was stopped")]
    Stopped,
    /// The person cancelled.
    #[error("the work was cancelled")]
    Cancelled,
    /// The disk refused.
    #[error("the file could not be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// It is larger than an archive may be.
    #[error("the book is too large for one archive: {0}")]
    TooLarge(String),
    /// The file is something else.
    #[error("this is not a Commonhold archive: {0}")]
    Foreign(String),
    /// The file is an archive cut short or altered so that it cannot be opened.
    #[error("the archive is damaged: {0}")]
    Damaged(String),
    /// The file asks for something no archive of ours does.
    #[error("the archive was refused: {0}")]
    Refused(String),
}

impl From<Stop> for Error {
    fn from(_: Stop) -> Self {
        Self::Stopped
    }
}

impl From<zip::result::ZipError> for Error {
    fn from(error: zip::result::ZipError) -> Self {
        match error {
            zip::result::ZipError::Io(error) => Self::Io(error),
            other => Self::Damaged(format!("{other}")),
        }
    }
}

impl From<csv::Error> for Error {
    fn from(error: csv::Error) -> Self {
        Self::Io(std::io::Error::other(error))
    }
}

/// A folder that files are written to one after the other: what is written goes to the file begun
/// last. Paths are relative, of lower-case ASCII, with `/` between their parts.
pub trait Folder: Write {
    /// Begins the next file; it and its folders are not there yet.
    fn begin(&mut self, path: &str) -> std::io::Result<()>;
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// How many files lie in the archive.
    pub files: u64,
    /// Size of the ZIP, bytes.
    pub bytes: u64,
    /// SHA-256 of the ZIP, hexadecimal.
    pub sha256: String,
    /// How many records it holds, in any state.
    pub records: u64,
}

/// Counts records and asks whether to go on.
struct Progress<'a> {
    tell: &'a mut Tell<'a>,
    done: u64,
    note: String,
}

impl Progress<'_> {
    fn at(&mut self, note: &str) -> Result<(), Error> {
        note.clone_into(&mut self.note);
        self.say()
    }

    fn step(&mut self) -> Result<(), Error> {
        self.done = self.done.saturating_add(1);
        if self.done.is_multiple_of(500) { self.say() } else { Ok(()) }
    }

    fn say(&mut self) -> Result<(), Error> {
        if (self.tell)(self.done, None, &self.note) { Ok(()) } else { Err(Error::Cancelled) }
    }
}

/// What the parts of the export share.
struct Export<'a> {
    source: &'a dyn Source,
    bag: bag::Bag<'a>,
    progress: Progress<'a>,
    written: Time,
    book: book::Book,
    /// Where the transactions' tables come from, if not from the source.
    months: Option<&'a mut months::Hand<'a>>,
    tables: Vec<tables::Table>,
    records: u64,
    attachments: attachments::Counts,
    names: pages::Names,
    pages: Vec<pages::Written>,
    reports: Vec<Report>,
}

/// Visits every record of a kind with a visitor that may fail.
fn each(
    source: &dyn Source,
    kind: Kind,
    progress: &mut Progress<'_>,
    visit: &mut dyn FnMut(Record) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut failure = None;
    let result = source.each_record(kind, &mut |record| {
        progress.step().and_then(|()| visit(record)).map_err(|error| {
            failure = Some(error);
            Stop
        })
    });
    failure.map_or(result, Err)
}

/// Writes the whole book as one archive into an empty file or buffer. All stamps come from
/// `written`. On an error what was written is of no use; the caller removes it.
pub fn export<'a>(
    source: &'a dyn Source,
    out: &'a mut dyn Container,
    written: Time,
    progress: &'a mut Tell<'a>,
) -> Result<Summary, Error> {
    let name = source.name();
    let mut work = Export {
        source,
        bag: bag::Bag::new(out, &words::slug(&name), written)?,
        progress: Progress { tell: progress, done: 0, note: String::new() },
        written,
        book: book::Book::new(&name),
        months: None,
        tables: Vec::new(),
        records: 0,
        attachments: attachments::Counts::default(),
        names: pages::Names::default(),
        pages: Vec::new(),
        reports: Vec::new(),
    };
    tables::write(&mut work)?;
    work.book.settle();
    postings::write(&mut work)?;
    trial_balance::write(&mut work)?;
    texts::write(&mut work)?;
    attachments::write(&mut work)?;
    pages::write_reports(&mut work)?;
    ledger::write(&mut work)?;
    truth::write_records(&mut work)?;
    schemas::write(&mut work)?;
    truth::write_documents(&mut work)?;
    truth::write_objects(&mut work)?;
    words::write_license(&mut work)?;
    words::write_readme(&mut work)?;
    words::write_scripts(&mut work)?;
    pages::write(&mut work)?;
    index_page::write(&mut work)?;
    datapackage::write(&mut work, &datapackage::ARCHIVE)?;
    crate_metadata::write(&mut work)?;
    work.progress.at("manifests")?;
    let info = words::bag_info(&work);
    let records = work.records;
    work.bag.finish(&info, records)
}
