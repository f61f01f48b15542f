//! A shared folder: Syncthing, Dropbox, Nextcloud, a network share, a stick. Every log has a
//! folder of its own in which only whole bundles count; files of other programs, conflict copies
//! and half-written files are left alone and named in the report. No file is ever changed or
//! removed, and a bundle appears under its name only when it is complete.

use crate::bundle::{self, Name};
use crate::engine::{self, Have, Listing};
use commonhold_core::id::{BookId, LogId};
use commonhold_core::store::{self, Outcome, Reader, Store};
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
    move |error| Error::Folder {
        path: path.display().to_string(),
        error,
    }
}

impl Folder {
    /// The shared folder at a path; it must exist.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let meta = fs::metadata(path).map_err(at(path))?;
        if !meta.is_dir() {
            return Err(at(path)(io::Error::new(
                io::ErrorKind::NotADirectory,
                "not a folder",
            )));
        }
        Ok(Self {
            top: path.join(TOP),
        })
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
            let Some(name) = names.first().filter(|name| name.first == 1) else {
                continue;
            };
            let objects = self
                .read(book, &log, name)
                .ok()
                .and_then(|b| bundle::unpack(&b));
            let first = objects.and_then(|objects| objects.into_iter().next());
            let begins = |bytes: &Vec<u8>| {
                commonhold_core::object::Object::open(bytes).is_ok_and(|object| {
                    object.book == *book
                        && object.parts.first().is_some_and(|part| {
                            commonhold_core::authority::Genesis::read(part).is_some()
                        })
                })
            };
            if let Some(first) = first.filter(begins) {
                return Ok(Some(first));
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
                let length = length
                    .ok()
                    .filter(fs::Metadata::is_file)
                    .map(|meta| meta.len());
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
        file.take(bundle::MAX_BYTES)
            .read_to_end(&mut bytes)
            .map_err(at(&path))?;
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

    /// Takes in what lies here and hands over what is missing here, for one book. `progress`
    /// hears (bundles done, bundles in all) and may stop by answering false.
    pub fn exchange(
        &self,
        store: &mut Store,
        book: &BookId,
        progress: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<Report, Error> {
        let mut report = Report::default();
        let (listing, ignored) = self.list(book)?;
        report.ignored = ignored;
        let mut damaged: Vec<(LogId, Name)> = Vec::new();
        let wanted = engine::wanted(&have(store, book)?, &listing);
        let total = u64::try_from(wanted.len()).unwrap_or(0);
        for ((log, name), done) in wanted.into_iter().zip(0..) {
            if !progress(done, total) {
                return Err(Error::Stopped);
            }
            let bytes = self.read(book, &log, &name);
            let objects = bytes
                .ok()
                .and_then(|bytes| bundle::unpack(&bytes))
                .unwrap_or_default();
            let complete = take_in(store, book, &objects, &log, &name, &mut report)?;
            if !complete {
                damaged.push((log, name));
            }
        }
        let mut listing = listing;
        for (log, name) in damaged {
            listing.entry(log).or_default().remove(&name);
        }
        for (log, first, last) in engine::owed(&have(store, book)?, &listing) {
            self.hand_over(store, book, &log, first, last, &mut report)?;
        }
        Ok(report)
    }

    fn hand_over(
        &self,
        store: &Reader,
        book: &BookId,
        log: &LogId,
        first: u64,
        last: u64,
        report: &mut Report,
    ) -> Result<(), Error> {
        let Some(info) = store.logs(book)?.into_iter().find(|info| info.id == *log) else {
            return Ok(());
        };
        let tag = store
            .logs(book)?
            .iter()
            .find(|info| info.own)
            .map_or(*log, |info| info.id);
        let mut next = first;
        while next <= last {
            let objects = store.objects(info.n, next.saturating_sub(1), page_size())?;
            let mut chunk: Vec<Vec<u8>> = Vec::new();
            let mut size: usize = 0;
            for (seq, bytes) in objects {
                if seq > last
                    || (size > 0 && size.saturating_add(bytes.len()) > bundle::TARGET_BYTES)
                {
                    break;
                }
                size = size.saturating_add(bytes.len());
                chunk.push(bytes);
            }
            let count = u64::try_from(chunk.len()).unwrap_or(0);
            if count == 0 {
                break;
            }
            let bytes = bundle::pack(&chunk);
            let name = Name {
                first: next,
                last: next.saturating_add(count).saturating_sub(1),
                bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            };
            self.write(book, log, &name, &bytes, &tag)?;
            next = next.saturating_add(count);
            report.sent = report.sent.saturating_add(count);
        }
        Ok(())
    }
}

fn page_size() -> u32 {
    u32::try_from(bundle::MAX_OBJECTS).unwrap_or(u32::MAX)
}

/// Gives objects of one bundle to the store; says whether the bundle was whole and authentic.
fn take_in(
    store: &mut Store,
    book: &BookId,
    objects: &[Vec<u8>],
    log: &LogId,
    name: &Name,
    report: &mut Report,
) -> Result<bool, Error> {
    let file = format!("{log}/{name}");
    let expected = name.last.saturating_sub(name.first).saturating_add(1);
    let received = store.receive(book, objects)?;
    report.waiting = u64::try_from(received.waiting).unwrap_or(u64::MAX);
    report.own_log_continued |= received.own_log_continued;
    let mut sound = u64::try_from(objects.len()) == Ok(expected);
    if !sound {
        report
            .refused
            .push((file.clone(), "the file is damaged or cut short".into()));
    }
    for outcome in received.outcomes {
        match outcome {
            Outcome::Stored => report.received = report.received.saturating_add(1),
            Outcome::Duplicate => {}
            Outcome::Early => sound = false,
            Outcome::Refused(why) => {
                sound = false;
                report.refused.push((file.clone(), why));
            }
        }
    }
    report.refused.truncate(MAX_NAMED);
    Ok(sound)
}

fn have(store: &Reader, book: &BookId) -> Result<Have, Error> {
    Ok(store
        .logs(book)?
        .into_iter()
        .map(|log| (log.id, log.last))
        .collect())
}

/// Names in a folder, sorted; none when there is no such folder.
fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
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
