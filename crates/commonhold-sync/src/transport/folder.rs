//! A shared folder: Syncthing, Dropbox, Nextcloud, a network share, a stick. Every log has a
//! folder of its own in which only whole bundles count; files of other programs, conflict copies
//! and half-written files are left alone and named in the report. No file is ever removed;
//! the only one replaced is a bundle that turned out damaged, by the same bundle whole. A bundle
//! appears under its name only when it is complete.

mod exchange;

use crate::bundle::{self, Name};
use crate::engine::Listing;
use commonhold_core::authority::Genesis;
use commonhold_core::id::{BookId, LogId};
use commonhold_core::object::Object;
use commonhold_core::store;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Name of the folder inside the shared folder.
const TOP: &str = "commonhold";
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

    /// The books that lie in it, each with its first object.
    pub fn books(&self) -> Result<Vec<(BookId, Vec<u8>)>, Error> {
        let mut books = Vec::new();
        for name in names(&self.top)? {
            let Ok(book) = name.parse::<BookId>() else {
                continue;
            };
            if let Some(first) = self.first_object(&book)? {
                books.push((book, first));
            }
        }
        Ok(books)
    }

    /// The object that begins a book, if it has arrived.
    fn first_object(&self, book: &BookId) -> Result<Option<Vec<u8>>, Error> {
        let (listing, _) = self.list(book)?;
        for (log, names) in listing {
            for name in names.iter().filter(|name| name.first == 1) {
                let objects = self.read(book, &log, name).ok().and_then(|b| bundle::unpack(&b));
                let first = objects.and_then(|objects| objects.into_iter().next());
                if let Some(first) = first.filter(|bytes| begins(book, bytes)) {
                    return Ok(Some(first));
                }
            }
        }
        Ok(None)
    }

    /// Whole bundles of a book, and the names of files that are not.
    fn list(&self, book: &BookId) -> Result<(Listing, Vec<String>), Error> {
        let (mut listing, mut ignored) = (Listing::new(), Vec::new());
        let folder = self.top.join(book.to_string());
        for log_name in names(&folder)? {
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
        let path = self.path(book, log).join(name.to_string());
        let mut bytes = Vec::new();
        let file = fs::File::open(&path).map_err(at(&path))?;
        file.take(bundle::MAX_BYTES).read_to_end(&mut bytes).map_err(at(&path))?;
        Ok(bytes)
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
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        let path = folder.join(name.to_string());
        let unfinished = folder.join(format!(".tmp-{tag}-{:x}", name.first));
        let written = fs::File::create(&unfinished).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        let written = written.and_then(|()| fs::rename(&unfinished, &path));
        if written.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        written.map_err(at(&path))?;
        // Not every file system lets a folder be flushed; the bundle is whole either way.
        let _ = fs::File::open(&folder).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

/// Whether an object holds the genesis a book is named after, signed by its founder.
fn begins(book: &BookId, bytes: &[u8]) -> bool {
    let Ok(object) = Object::open(bytes) else { return false };
    let genesis = object.parts.first().and_then(|part| Genesis::read(part));
    genesis.is_some_and(|genesis| genesis.book() == *book && genesis.device == object.device)
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
