//! The archive: write it, judge it, begin again from it.

mod drill;
mod regular;
mod reports;
mod types;

pub use drill::{ArchiveDrill, drill};
pub use regular::{
    ArchivePlan, ArchiveRun, ArchivesState, KEEP, Made, archives, due, make, plan, remember, run,
    set_plan, state,
};
pub use types::{ArchiveExported, ArchiveVerified, Restored};

use super::{attachments, count, sync};
use crate::app::App;
use crate::events::{Change, OnProgress, Progress};
use crate::failure::{Code, Failure};
use commonhold_core::id::{BookId, Hash, LogId, Sha256};
use commonhold_core::keyring;
use commonhold_core::reports::governance::tally::Vote;
use commonhold_core::store::{self, Outcome, Reader, View};
use commonhold_core::{Kind, Time};
use commonhold_exchange::archive::{self, Error, Record, Source, Stop, Visit, packed_tar};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// How often it is tried to find a moment at which nothing is being written.
const TRIES: usize = 100;

/// Whether not everybody in the book reads a document: it goes into an archive sealed, inside the
/// signed objects, and nowhere else.
fn is_sealed(document: &str) -> bool {
    keyring::readers(document).is_some()
}

/// A book in the store, as the archive reads it.
pub(super) struct StoredBook<'a> {
    pub(super) reader: &'a Reader,
    pub(super) book: BookId,
    pub(super) name: String,
    /// The moment its reports are of; without one there are none.
    pub(super) at: Option<Time>,
}

fn source(error: impl ToString) -> Error {
    Error::Source(error.to_string())
}

impl Source for StoredBook<'_> {
    fn book(&self) -> BookId {
        self.book
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn each_record(&self, kind: Kind, visit: &mut dyn FnMut(Record) -> Visit) -> Result<(), Error> {
        let mut answer = Ok(());
        self.reader
            .each(&self.book, kind, &mut |row| {
                if is_sealed(&row.document) {
                    return true;
                }
                // Of a proposal that several devices opened, the version its count goes by.
                let meant = if kind == Kind::Proposal { Vote::meant(&row) } else { None };
                answer = visit(Record {
                    id: row.id,
                    state: row.state.name(),
                    document: row.document,
                    fields: meant.unwrap_or(row.fields),
                    problems: row.problems,
                });
                answer.is_ok()
            })
            .map_err(source)?;
        Ok(answer?)
    }

    fn documents(&self) -> Result<Vec<(String, Vec<Hash>)>, Error> {
        let mut documents = Vec::new();
        let infos = self.reader.documents(&self.book).map_err(source)?;
        for info in infos.into_iter().filter(|info| !is_sealed(&info.name)) {
            let document = self.reader.load(&self.book, info.n, &info.name).map_err(source)?;
            documents.push((info.name, document.heads()));
        }
        Ok(documents)
    }

    fn document(&self, name: &str) -> Result<Vec<u8>, Error> {
        let infos = self.reader.documents(&self.book).map_err(source)?;
        let info = infos.into_iter().find(|info| info.name == name);
        let info = info.ok_or_else(|| source("a document is missing"))?;
        let document = self.reader.load(&self.book, info.n, name).map_err(source)?;
        document.save_canonical().map_err(source)
    }

    fn attachments(&self) -> Result<Vec<archive::Attachment>, Error> {
        attachments::for_archive(self.reader, &self.book).map_err(source)
    }

    fn reports(&self) -> Result<Vec<archive::Report>, Error> {
        let Some(at) = self.at else { return Ok(Vec::new()) };
        reports::all(self.reader, &self.book, at.date()).map_err(source)
    }

    fn attachment(&self, sha256: &Sha256) -> Result<Option<Vec<u8>>, Error> {
        match self.reader.attachment_bytes(&self.book, sha256) {
            // What the disk spoiled is left out and said to be; the rest of the book is written.
            Err(store::Error::Damaged(_)) => Ok(None),
            other => other.map_err(source),
        }
    }

    fn each_object(&self, visit: &mut dyn FnMut(LogId, u64, &[u8]) -> Visit) -> Result<(), Error> {
        for log in self.reader.logs(&self.book).map_err(source)? {
            let mut after = 0;
            loop {
                let objects = self.reader.objects(log.n, after, 200).map_err(source)?;
                let Some((last, _)) = objects.last() else {
                    break;
                };
                after = *last;
                for (seq, bytes) in &objects {
                    visit(log.id, *seq, bytes)?;
                }
            }
        }
        Ok(())
    }
}

/// Writes a book as one archive. The file appears whole or not at all; an archive that lies there
/// already is replaced, any other file is left alone.
pub fn export(
    reader: &Reader,
    book: &BookId,
    path: &Path,
    now: Time,
    on: OnProgress<'_>,
) -> Result<ArchiveExported, Failure> {
    refuse_other_file(path)?;
    let _one_moment = shown(reader, book)?;
    let name = sync::name_of(reader, book)?;
    let stored = StoredBook { reader, book: *book, name, at: Some(now) };
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |error: std::io::Error| Failure::file(path, &error);
    let mut file =
        tempfile::Builder::new().prefix(".commonhold-").tempfile_in(folder).map_err(failed)?;
    let summary = archive::export(&stored, file.as_file_mut(), now, &mut |done, total, note| {
        on(Progress { done, total, note: note.to_owned() })
    });
    let summary = match summary {
        Err(Error::Cancelled) => return Err(Failure::cancelled()),
        Err(Error::Io(error)) => return Err(Failure::file(path, &error)),
        other => other?,
    };
    let mut summary = summary;
    if path.to_string_lossy().ends_with(".tar.zst") {
        let mut packed =
            tempfile::Builder::new().prefix(".commonhold-").tempfile_in(folder).map_err(failed)?;
        let mut tell = |done: u64, total: Option<u64>, note: &str| {
            on(Progress { done, total, note: note.to_owned() })
        };
        let zip = file.as_file_mut();
        let done = packed_tar::to_tar(zip, summary.bytes, packed.as_file_mut(), now, &mut tell);
        (summary.bytes, summary.sha256) = match done {
            Err(Error::Cancelled) => return Err(Failure::cancelled()),
            Err(Error::Io(error)) => return Err(Failure::file(path, &error)),
            other => other?,
        };
        file = packed;
    }
    file.as_file().sync_all().map_err(failed)?;
    #[cfg(unix)]
    {
        // Made unreadable for others while unfinished; an archive is a file like any other.
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o644);
        file.as_file().set_permissions(mode).map_err(failed)?;
    }
    file.persist(path).map_err(|error| Failure::file(path, &error.error))?;
    Ok(ArchiveExported {
        path: path.display().to_string(),
        bytes: summary.bytes,
        files: count(summary.files),
        sha256: summary.sha256,
        records: count(summary.records),
    })
}

/// One moment of a book in which all that this device wrote may have been seen by others: what an
/// archive holds of a log is never written anew.
fn shown<'r>(reader: &'r Reader, book: &BookId) -> Result<View<'r>, Failure> {
    for _ in 0..TRIES {
        let writable = !reader.has_unshown(book)? || reader.note_shown(book)?;
        let moment = reader.view()?;
        // Who may not write here, such as from a read-only disk, shows it as it is (decision 0049).
        if !writable || !reader.has_unshown(book)? {
            return Ok(moment);
        }
    }
    Err(Failure::new(Code::Storage, "The book is being written to all the time.")
        .hint("Try again in a moment; nothing was written."))
}

fn refuse_other_file(path: &Path) -> Result<(), Failure> {
    let Ok(mut file) = File::open(path) else {
        return Ok(());
    };
    let mut magic = [0; 2];
    match file.read_exact(&mut magic) {
        Ok(()) if magic == *b"PK" || packed_tar::MAGIC.starts_with(&magic) => Ok(()),
        _ => Err(Failure::new(Code::Exists, format!("{} is another file.", path.display()))
            .hint("Choose a name that is free; nothing was changed.")),
    }
}

/// Opens an archive as a ZIP; a `.tar.zst` is turned into one in a temporary file.
fn open(path: &Path, on: OnProgress<'_>) -> Result<(File, u64), Failure> {
    let failed = |error: std::io::Error| Failure::file(path, &error);
    let (mut file, size) = open_file(path)?;
    let mut magic = [0; 4];
    let packed = file.read_exact(&mut magic).is_ok() && magic == packed_tar::MAGIC;
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    if !packed {
        return Ok((file, size));
    }
    let mut zip = tempfile::tempfile().map_err(failed)?;
    let mut tell = |done: u64, total: Option<u64>, note: &str| {
        on(Progress { done, total, note: note.to_owned() })
    };
    match packed_tar::to_zip(std::io::BufReader::new(file), size, &mut zip, &mut tell) {
        Err(Error::Cancelled) => Err(Failure::cancelled()),
        other => other.map(|size| (zip, size)).map_err(|error| named_error(path, error)),
    }
}

fn open_file(path: &Path) -> Result<(File, u64), Failure> {
    let failed = |error: std::io::Error| Failure::file(path, &error);
    let file = File::open(path).map_err(failed)?;
    let meta = file.metadata().map_err(failed)?;
    if !meta.is_file() {
        return Err(Failure::new(Code::Invalid, format!("{} is not a file.", path.display())));
    }
    Ok((file, meta.len()))
}

/// Judges an archive.
pub fn verify(path: &Path, on: OnProgress<'_>) -> Result<ArchiveVerified, Failure> {
    Ok(verify_with_book(path, on)?.0)
}

/// The same, with the id of the book it is of.
pub(super) fn verify_with_book(
    path: &Path,
    on: OnProgress<'_>,
) -> Result<(ArchiveVerified, Option<BookId>), Failure> {
    let (file, size) = open(path, on)?;
    let mut tell = |done: u64, total: Option<u64>, note: &str| {
        on(Progress { done, total, note: note.to_owned() })
    };
    let verified = match archive::verify(std::io::BufReader::new(file), size, &mut tell) {
        Err(Error::Cancelled) => return Err(Failure::cancelled()),
        other => other.map_err(|error| named_error(path, error))?,
    };
    let book = verified.book;
    let judged = ArchiveVerified {
        ok: verified.ok,
        name: verified.name,
        written: verified.written,
        records: count(verified.records),
        documents: count(verified.documents),
        objects: count(verified.objects),
        signers: count(verified.signers),
        problems: verified.problems,
    };
    Ok((judged, book))
}

/// An archive's error with the file it is about.
fn named_error(path: &Path, error: Error) -> Failure {
    let mut failure = Failure::from(error);
    failure.message = format!("{}: {}", path.display(), failure.message);
    failure
}

/// Takes a service from an archive into this profile. A damaged archive is refused whole; what
/// the profile already has of the service stays, and the archive adds what is missing.
pub fn restore(app: &mut App, path: &Path, on: OnProgress<'_>) -> Result<Restored, Failure> {
    app.store()?;
    let verified = verify(path, on)?;
    if !verified.ok {
        let first = verified.problems.first().cloned().unwrap_or_default();
        let more = verified.problems.len().saturating_sub(1);
        return Err(Failure::new(
            Code::Invalid,
            format!("{} is damaged: {first} ({more} more)", path.display()),
        )
        .hint(
            "Nothing was changed. Use another copy; `commonhold verify` lists all that is wrong.",
        ));
    }
    let (file, size) = open(path, on)?;
    let mut objects: Vec<Vec<u8>> = Vec::new();
    archive::objects(std::io::BufReader::new(file), size, &mut |_, _, bytes| {
        objects.push(bytes.to_vec());
        Ok::<(), Stop>(())
    })
    .map_err(|error| named_error(path, error))?;
    let store = app.store()?;
    let book = objects.iter().find_map(|first| store.join(first).ok());
    let Some(book) = book else {
        return Err(Failure::new(Code::Invalid, format!("{} holds no service.", path.display())));
    };
    let received = store.receive(&book, &objects)?;
    if received.own_log_continued {
        app.renew()?;
    }
    let refused = received.outcomes.iter().find_map(|outcome| match outcome {
        Outcome::Refused(why) => Some(why.clone()),
        _ => None,
    });
    if let Some(why) = refused {
        return Err(Failure::new(
            Code::Invalid,
            format!("Part of the archive was refused: {why}."),
        )
        .hint("What was sound was taken in; compare with another copy."));
    }
    if received.waiting > 0 {
        return Err(Failure::new(
            Code::Invalid,
            format!(
                "{} objects of the archive build on others that are not in it.",
                received.waiting
            ),
        )
        .hint("What was complete was taken in; the rest joins it as soon as the others arrive."));
    }
    let attachments = restore_attachments(app, &book, path, on)?;
    app.tell(Change { book, kind: "*".into(), id: None, source: "restore".into() });
    Ok(Restored { book, name: verified.name, objects: count(objects.len()), attachments })
}

/// Takes in the attachments of an archive that records name.
fn restore_attachments(
    app: &mut App,
    book: &BookId,
    path: &Path,
    on: OnProgress<'_>,
) -> Result<u32, Failure> {
    let named = app.reader().attachments_named(book)?;
    let now = app.now();
    let store = app.store()?;
    let (mut taken, mut failed) = (0_u32, None);
    let (file, size) = open(path, on)?;
    let read = archive::attachments(std::io::BufReader::new(file), size, &mut |sha256, bytes| {
        if named.contains_key(sha256) {
            store.restore_attachment(book, bytes, now).map_err(|error| {
                failed = Some(error);
                Stop
            })?;
            taken = taken.saturating_add(1);
        }
        Ok(())
    });
    match (failed, read) {
        (Some(error), _) => Err(error.into()),
        (None, read) => read.map(|_| taken).map_err(|error| named_error(path, error)),
    }
}
