//! A shared folder: Syncthing, Dropbox, Nextcloud, a network share, a stick. Every log has a
//! folder of its own in which only whole bundles count; files of other programs, conflict copies
//! and half-written files are left alone and named in the report. No file is ever removed;
//! the only one replaced is a bundle that turned out damaged, by the same bundle whole. A bundle
//! appears under its name only when it is complete.

mod exchange;
mod meeting;

use crate::bundle::{self, Name};
use crate::engine::Listing;
use crate::sealing::{self, Envelope};
use commonhold_core::id::{BookId, LogId};
use commonhold_core::store;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Name of the folder inside the shared folder.
const TOP: &str = "commonhold";
/// Name of the folder with a book's sealed keys.
const KEYS: &str = "keys";
/// Most envelopes looked at.
const MAX_ENVELOPES: usize = 5000;
/// Most files of others a report names.
const MAX_NAMED: usize = 100;

/// Why an exchange could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder could not be read or written.
    #[error("{path}: {error}")]
    Folder {
        /// Where.
        path: String,
        /// What the system said.
        error: io::Error,
    },
    /// The book could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The caller stopped it; what was taken in until then stays.
    #[error("stopped")]
    Stopped,
}

/// What an exchange did for one book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Objects handed over.
    pub sent: u64,
    /// Objects taken in.
    pub received: u64,
    /// Objects here that wait for others.
    pub waiting: u64,
    /// Files that were not accepted, and why.
    pub refused: Vec<(String, String)>,
    /// Files that are not ours.
    pub ignored: Vec<String>,
    /// Whether this device's own log went on elsewhere (see [`store::Received`]).
    pub own_log_continued: bool,
}

impl Report {
    /// The report of two exchanges, one after the other.
    pub fn and(mut self, later: Self) -> Self {
        self.sent = self.sent.saturating_add(later.sent);
        self.received = self.received.saturating_add(later.received);
        self.waiting = later.waiting;
        self.refused = later.refused;
        self.ignored = later.ignored;
        self.own_log_continued |= later.own_log_continued;
        self
    }
}

/// One shared folder.
pub struct Folder {
    top: PathBuf,
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
    move |error| Error::Folder { path: path.display().to_string(), error }
}

impl Folder {
    /// The shared folder at a path; it must exist.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let meta = fs::metadata(path).map_err(at(path))?;
        if !meta.is_dir() {
            return Err(at(path)(io::Error::new(io::ErrorKind::NotADirectory, "not a folder")));
        }
        Ok(Self { top: path.join(TOP) })
    }

    /// The books that lie in it.
    pub fn books(&self) -> Result<Vec<BookId>, Error> {
        Ok(names(&self.top)?.iter().filter_map(|name| name.parse().ok()).collect())
    }

    /// The envelopes of a book's keys, by their names.
    fn envelopes(&self, book: &BookId) -> Result<Vec<(String, Envelope)>, Error> {
        let folder = self.top.join(book.to_string()).join(KEYS);
        let mut found = Vec::new();
        for name in names(&folder)?.into_iter().take(MAX_ENVELOPES) {
            let path = folder.join(&name);
            let length = fs::symlink_metadata(&path).ok().filter(fs::Metadata::is_file);
            let fits = length.is_some_and(|meta| meta.len() <= sealing::MAX_ENVELOPE as u64);
            let Some(hash) = name.strip_suffix(".chk").filter(|_| fits) else { continue };
            let Ok(bytes) = read_at_most(&path, sealing::MAX_ENVELOPE as u64) else { continue };
            if let Some(envelope) =
                Envelope::read(&bytes).filter(|_| Envelope::name(&bytes) == hash)
            {
                found.push((name, envelope));
            }
        }
        Ok(found)
    }

    fn write_envelope(&self, book: &BookId, bytes: &[u8], tag: &LogId) -> Result<(), Error> {
        let folder = self.top.join(book.to_string()).join(KEYS);
        let path = folder.join(format!("{}.chk", Envelope::name(bytes)));
        if path.is_file() {
            return Ok(());
        }
        write_whole(&folder, &path, bytes, &format!(".tmp-{tag}"))
    }

    /// Whole bundles of a book, and the names of files that are not.
    fn list(&self, book: &BookId) -> Result<(Listing, Vec<String>), Error> {
        let (mut listing, mut ignored) = (Listing::new(), Vec::new());
        let folder = self.top.join(book.to_string());
        for log_name in names(&folder)?.into_iter().filter(|name| name != KEYS) {
            let Some(log) = LogId::from_hex(&log_name).filter(|log| log.to_string() == log_name)
            else {
                ignored.push(log_name);
                continue;
            };
            let folder = folder.join(&log_name);
            for file in names(&folder)? {
                let length = fs::symlink_metadata(folder.join(&file));
                let length = length.ok().filter(fs::Metadata::is_file).map(|meta| meta.len());
                match Name::parse(&file) {
                    Some(name) if length == Some(name.bytes) => {
                        listing.entry(log).or_default().insert(name);
                    }
                    _ => ignored.push(format!("{log_name}/{file}")),
                }
            }
        }
        ignored.truncate(MAX_NAMED);
        Ok((listing, ignored))
    }

    fn path(&self, book: &BookId, log: &LogId) -> PathBuf {
        self.top.join(book.to_string()).join(log.to_string())
    }

    fn read(&self, book: &BookId, log: &LogId, name: &Name) -> Result<Vec<u8>, Error> {
        read_at_most(&self.path(book, log).join(name.to_string()), bundle::MAX_BYTES)
    }

    /// Writes a bundle so that it appears whole or not at all.
    fn write(
        &self,
        book: &BookId,
        log: &LogId,
        name: &Name,
        bytes: &[u8],
        tag: &LogId,
    ) -> Result<(), Error> {
        let folder = self.path(book, log);
        let path = folder.join(name.to_string());
        write_whole(&folder, &path, bytes, &format!(".tmp-{tag}-{:x}", name.first))
    }
}

/// Reads a file, at most so many bytes of it.
fn read_at_most(path: &Path, most: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(at(path))?;
    file.take(most).read_to_end(&mut bytes).map_err(at(path))?;
    Ok(bytes)
}

/// Writes a file so that it appears whole or not at all.
fn write_whole(folder: &Path, path: &Path, bytes: &[u8], unfinished: &str) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(at(folder))?;
    let unfinished = folder.join(unfinished);
    let written = fs::File::create(&unfinished).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let written = written.and_then(|()| fs::rename(&unfinished, path));
    if written.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    written.map_err(at(path))?;
    // Not every file system lets a folder be flushed; the file is whole either way.
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Names in a folder, sorted; none when there is no such folder.
fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            return Ok(Vec::new());
        }
        Err(error) => return Err(at(folder)(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(at(folder))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
