//! Deploys that are not in the book yet. While one runs the profile is not held, so that the window
//! may stay open; what is known of it lies beside the book, for its owner alone, and is taken in by
//! the next program that opens the profile for writing. Also when this one was killed meanwhile.

use super::privacy::Privacy;
use super::{New, person, write_all};
use crate::app::App;
use crate::commands::attachments;
use crate::commands::records::check_author;
use crate::failure::{Code, Failure};
use commonhold_core::attachment::MAX_BYTES;
use commonhold_core::json::Fields;
use commonhold_core::{BookId, Kind, RecordId, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// The folder in the profile.
const FOLDER: &str = "deploys";
/// Most bytes of what is known of one deploy.
const MAX_NOTE: u64 = 1 << 20;
/// Most deploys that are taken in at once.
const MAX_NOTES: usize = 1000;

/// What is known of a deploy.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Note {
    v: u8,
    book: BookId,
    id: RecordId,
    /// Bytes of the log that were not kept.
    left_out: u64,
    /// Fields of the record; without `ended` it runs, or was cut short.
    fields: Fields,
}

/// A deploy that runs. Its log is locked for as long as this is there.
pub struct Running {
    note: Note,
    home: PathBuf,
    log: File,
}

/// A deploy that is not in the book yet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PendingDeploy {
    /// The id its record will have.
    pub id: RecordId,
    /// The service it belongs to.
    pub book: BookId,
    /// Where it goes.
    pub environment: String,
    /// The commit.
    pub commit: String,
    /// What began it.
    pub trigger: String,
    /// When it began.
    pub started: String,
    /// How it ended; nothing while it runs or when it was cut short.
    pub result: Option<String>,
    /// Why it could not be taken in, where that was tried.
    pub problem: Option<String>,
}

fn path(home: &Path, id: &RecordId, extension: &str) -> PathBuf {
    home.join(FOLDER).join(format!("{id}.{extension}"))
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Writes a file so that it is whole or not there, readable by its owner alone.
fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let unfinished = path.with_extension("new");
    private(OpenOptions::new().write(true).create(true).truncate(true))
        .open(&unfinished)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&unfinished, path))
        .map_err(|error| Failure::file(path, &error))
}

impl Note {
    fn keep(&self, home: &Path) -> Result<(), Failure> {
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        write_private(&path(home, &self.id, "json"), &bytes)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.fields.get(name).and_then(Value::as_str).map(str::to_owned)
    }

    fn seen(&self, problem: Option<String>) -> PendingDeploy {
        PendingDeploy {
            id: self.id,
            book: self.book,
            environment: self.text("environment").unwrap_or_default(),
            commit: self.text("commit").unwrap_or_default(),
            trigger: self.text("trigger").unwrap_or_default(),
            started: self.text("started").unwrap_or_default(),
            result: self.fields.get("ended").and_then(|_| self.text("result")),
            problem,
        }
    }
}

impl Running {
    /// Writes down that a deploy begins, before anything of it is done.
    pub fn begin(home: &Path, book: BookId, id: RecordId, fields: Fields) -> Result<Self, Failure> {
        let folder = home.join(FOLDER);
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(|error| Failure::file(&folder, &error))?;
        let log_path = path(home, &id, "log");
        let failed = |error: &std::io::Error| Failure::file(&log_path, error);
        let log = private(OpenOptions::new().append(true).create_new(true))
            .open(&log_path)
            .map_err(|error| failed(&error))?;
        log.try_lock().map_err(|error| failed(&error.into()))?;
        let note = Note { v: 1, book, id, left_out: 0, fields };
        note.keep(home)?;
        Ok(Self { note, home: home.to_owned(), log })
    }

    /// Where what the command says goes.
    pub fn log(&self) -> Result<File, Failure> {
        let path = path(&self.home, &self.note.id, "log");
        self.log.try_clone().map_err(|error| Failure::file(&path, &error))
    }

    /// Writes down how it ended.
    pub fn end(mut self, ended: Time, result: &str, left_out: u64) -> Result<(), Failure> {
        self.note.fields.insert("ended".into(), json!(ended));
        self.note.fields.insert("result".into(), json!(result));
        self.note.left_out = left_out;
        let kept = self.note.keep(&self.home);
        let _ = self.log.unlock();
        kept
    }
}

fn bounded(path: &Path, most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(most).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// What is known of deploys that are not in the book, oldest first.
fn notes(home: &Path) -> Vec<Note> {
    let Ok(folder) = fs::read_dir(home.join(FOLDER)) else { return Vec::new() };
    let paths = folder.flatten().map(|entry| entry.path());
    let paths = paths.filter(|path| path.extension().is_some_and(|end| end == "json"));
    let mut notes: Vec<Note> = paths
        .take(MAX_NOTES)
        .filter_map(|path| serde_json::from_slice(&bounded(&path, MAX_NOTE)?).ok())
        .filter(|note: &Note| note.v == 1)
        .collect();
    notes.sort_by_key(|note| (note.text("started"), note.id));
    notes
}

/// Deploys of a service that are not in the book yet.
pub fn list(home: &Path, book: &BookId) -> Vec<PendingDeploy> {
    let mut notes = notes(home);
    notes.retain(|note| note.book == *book);
    notes.iter().map(|note| note.seen(None)).collect()
}

/// Why some of them are not taken in; nothing when they are.
pub(super) fn left(mut app: App, wanted: &[Option<RecordId>]) -> Option<String> {
    let waits = |id: &RecordId| wanted.contains(&Some(*id));
    notes(app.home()).iter().find(|note| waits(&note.id))?;
    let stay = take_in(&mut app).into_iter().filter(|stays| waits(&stays.id));
    let why = stay.filter_map(|stays| stays.problem).next();
    let waiting = notes(app.home()).iter().any(|note| waits(&note.id));
    why.or_else(|| waiting.then(|| "It could not be taken in yet.".into()))
}

/// Whether there is any that ended and is not in the book yet.
pub fn waits(home: &Path) -> bool {
    notes(home).iter().any(|note| note.fields.contains_key("ended") || !runs(home, &note.id))
}

/// Whether the program that runs a deploy is still there.
fn runs(home: &Path, id: &RecordId) -> bool {
    let log = OpenOptions::new().append(true).open(path(home, id, "log"));
    log.is_ok_and(|log| matches!(log.try_lock(), Err(fs::TryLockError::WouldBlock)))
}

/// Takes in what is known of deploys that ended, or whose program was killed. Returns those that
/// stay, with why; nothing is lost of them.
pub fn take_in(app: &mut App) -> Vec<PendingDeploy> {
    let home = app.home().to_owned();
    let mut stay = Vec::new();
    for note in notes(&home) {
        if runs(&home, &note.id) {
            continue;
        }
        if let Err(failure) = take(app, &home, &note) {
            stay.push(note.seen(Some(failure.to_string())));
        }
    }
    stay
}

fn take(app: &mut App, home: &Path, note: &Note) -> Result<(), Failure> {
    app.store()?;
    if app.reader().state(&note.book, Kind::Deploy, &note.id)?.is_none() {
        let judged = (Kind::Deploy.info().judge)(&note.fields);
        check_author(app, &note.book, Kind::Deploy, &judged)?;
        let fields = complete(app, home, note)?;
        let new = New { kind: Kind::Deploy, id: Some(note.id), fields };
        write_all(app, &note.book, vec![new])?;
    }
    for extension in ["log", "json"] {
        let path = path(home, &note.id, extension);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Failure::file(&path, &error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The fields of the record, with the log masked and kept.
fn complete(app: &mut App, home: &Path, note: &Note) -> Result<Fields, Failure> {
    let book = note.book;
    let privacy = Privacy::read(app.reader(), &book)?;
    let mut fields = note.fields.clone();
    let most = super::program::MAX_LOG.saturating_add(MAX_NOTE);
    let original = bounded(&path(home, &note.id, "log"), most).unwrap_or_default();
    let mut log = String::from_utf8_lossy(&original).into_owned();
    if note.left_out > 0 {
        log.push_str(&format!("commonhold: {} more bytes were not kept.\n", note.left_out));
    }
    if !fields.contains_key("ended") {
        log.push_str("commonhold: it was cut short; how it ended is not known.\n");
        fields.insert("result".into(), "cancelled".into());
    }
    // Values of secrets are in no file at all: treasurers read a sealed log, and no secrets.
    let (log, values) = privacy.without_values(&log);
    let masked = privacy.mask(&log);
    let mut findings = masked.findings.len().saturating_add(values.len());
    if let Some(changelog) = note.text("changelog") {
        let masked = privacy.mask(&changelog);
        findings = findings.saturating_add(masked.findings.len());
        fields.insert("changelog".into(), masked.text.into());
    }
    // A text that was changed by nothing is one file; sealing it as well would keep it back.
    if masked.text != log {
        let sealed = attachments::add_bytes(app, &book, "The log", log.as_bytes(), true);
        match sealed {
            Ok(info) => {
                fields.insert("log".into(), info.sha256.into());
            }
            // Who may not seal a file keeps the masked log alone.
            Err(failure) if failure.code == Code::NotAllowed => {}
            Err(failure) => return Err(failure),
        }
    }
    let public = fitting(masked.text);
    let info = attachments::add_bytes(app, &book, "The log", public.as_bytes(), false)?;
    fields.insert("public_log".into(), info.sha256.into());
    fields.insert("findings".into(), json!(findings));
    fields.insert("person".into(), json!(person(app, &book)?));
    Ok(fields)
}

/// A text that fits into an attachment: whole lines from its beginning.
fn fitting(mut text: String) -> String {
    const CUT: &str = "commonhold: the rest does not fit into a file.\n";
    let most = MAX_BYTES.saturating_sub(CUT.len());
    if text.len() > MAX_BYTES {
        let bytes = text.as_bytes().get(..most).unwrap_or_default();
        let end = bytes.iter().rposition(|byte| *byte == b'\n').unwrap_or(0);
        text.truncate(end);
        text.push('\n');
        text.push_str(CUT);
    }
    text
}
