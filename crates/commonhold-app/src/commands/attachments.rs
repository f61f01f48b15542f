//! Attachments: the files records name by their SHA-256. Kept here, listed, fetched, written out.

use super::count;
use crate::app::App;
use crate::events::Change;
use crate::failure::{Code, Failure};
use commonhold_core::BookId;
use commonhold_core::attachment::MAX_BYTES;
use commonhold_core::id::Sha256;
use commonhold_core::projection::Named;
use commonhold_core::store::{self, Attachment, Reader};
use commonhold_exchange::archive;
use commonhold_sync::attachments::Fetching;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;

/// Where the choice of what is fetched by itself lies.
const POLICY: &str = "attachments";
/// Most bytes of attachments an exchange that goes on by itself takes in, and hands over.
const ROUND: u64 = 16 << 20;

/// How far an attachment is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum AttachmentState {
    /// All of it.
    Here,
    /// A part of it, or a person asked for it: it comes with the next exchanges.
    Coming,
    /// Nothing: it comes when somebody opens it, or by itself when it is small.
    Wanted,
}

/// What is known of an attachment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct AttachmentInfo {
    /// SHA-256 of the file, in 64 hexadecimal digits: records name it by this.
    pub sha256: String,
    /// Its size in bytes; nothing while nothing of it is here.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub size: Option<u64>,
    /// What kind of file it is (RFC 6838), by its bytes; nothing while it is not here whole.
    pub media_type: Option<String>,
    /// How far it is here.
    pub state: AttachmentState,
    /// Whether leadership and treasurers alone read it.
    pub sealed: bool,
    /// Whether a record that counts names it. One that no record names is handed over nowhere.
    pub named: bool,
}

/// Attachments of a service in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct AttachmentTotals {
    /// How many are here.
    pub here: u32,
    /// How many bytes they have.
    #[cfg_attr(test, ts(type = "number"))]
    pub bytes: u64,
    /// How many records name that are not here.
    pub wanted: u32,
}

/// Which attachments come by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct AttachmentPolicy {
    /// Largest that comes without being opened, in bytes; 0: none.
    #[cfg_attr(test, ts(type = "number"))]
    pub up_to: u64,
}

impl Default for AttachmentPolicy {
    fn default() -> Self {
        Self { up_to: Fetching::default().up_to }
    }
}

/// Reads a SHA-256 a person typed or a record holds.
pub fn sha256(text: &str) -> Result<Sha256, Failure> {
    text.trim().to_lowercase().parse().map_err(|_| {
        Failure::new(Code::Invalid, format!("“{text}” is not the SHA-256 of a file (64 digits)."))
    })
}

fn info(sha256: &Sha256, found: Option<&Attachment>, named: Option<&Named>) -> AttachmentInfo {
    let state = match found {
        Some(found) if found.here => AttachmentState::Here,
        Some(found) if found.asked || found.size.is_some() => AttachmentState::Coming,
        _ => AttachmentState::Wanted,
    };
    AttachmentInfo {
        sha256: sha256.to_string(),
        size: found.and_then(|found| found.size),
        media_type: found.and_then(|found| found.media_type.clone()),
        state,
        sealed: found.is_some_and(|found| found.sealed) || named.is_some_and(Named::only_sealed),
        named: named.is_some_and(|named| named.counts),
    }
}

fn too_large(what: &str, bytes: u64) -> Failure {
    Failure::new(
        Code::Invalid,
        format!("{what} has {bytes} bytes; an attachment has at most {MAX_BYTES} (20 MiB)."),
    )
    .hint("Make it smaller, or write in a record where it lies.")
}

/// Reads a file that is to be an attachment.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error: std::io::Error| Failure::file(path, &error);
    let file = std::fs::File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
    if length > most {
        return Err(too_large(&path.display().to_string(), length));
    }
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Keeps a file, so that records can name it by its SHA-256. With `sealed` leadership and treasurers
/// alone read it. It is handed over once a record that counts names it.
pub fn add(
    app: &mut App,
    book: &BookId,
    path: &Path,
    sealed: bool,
) -> Result<AttachmentInfo, Failure> {
    app.store()?;
    let bytes = read(path)?;
    add_bytes(app, book, &path.display().to_string(), &bytes, sealed)
}

/// The same with a file that is in memory; `what` names it where it is refused.
pub fn add_bytes(
    app: &mut App,
    book: &BookId,
    what: &str,
    bytes: &[u8],
    sealed: bool,
) -> Result<AttachmentInfo, Failure> {
    let now = app.now();
    let kept = match app.store()?.keep_attachment(book, bytes, sealed, now) {
        Err(store::Error::TooLarge(bytes)) => return Err(too_large(what, bytes)),
        Err(store::Error::Locked(_)) => {
            return Err(Failure::new(
                Code::NotAllowed,
                "Only leadership and treasurers can seal a file for themselves.",
            )
            .hint("Add it for everybody, or let one of them add it."));
        }
        other => other?,
    };
    tell(app, book);
    let named = app.reader().attachments_named(book)?;
    Ok(info(&kept.sha256, Some(&kept), named.get(&kept.sha256)))
}

/// Keeps the file an import came from, for leadership and treasurers, by the SHA-256 the import
/// names. Nothing when it is larger than an attachment may be: the import holds without it.
pub fn keep_original(
    app: &mut App,
    book: &BookId,
    path: &Path,
    file_sha256: &str,
) -> Result<Option<AttachmentInfo>, Failure> {
    let wanted = sha256(file_sha256)?;
    let length = std::fs::metadata(path).map_err(|error| Failure::file(path, &error))?.len();
    if usize::try_from(length).map_or(true, |length| length > MAX_BYTES) {
        return Ok(None);
    }
    let bytes = read(path)?;
    if Sha256::of(&bytes) != wanted {
        let message = format!("{} was changed since it was read.", path.display());
        return Err(Failure::new(Code::Invalid, message).hint("Import it again."));
    }
    add_bytes(app, book, &path.display().to_string(), &bytes, true).map(Some)
}

fn tell(app: &mut App, book: &BookId) {
    let (kind, source) = ("attachment".to_owned(), "local".to_owned());
    app.tell(Change { book: *book, kind, id: None, source });
}

/// Every attachment that is here or that a record names, by its SHA-256.
pub fn list(reader: &Reader, book: &BookId) -> Result<Vec<AttachmentInfo>, Failure> {
    let named = reader.attachments_named(book)?;
    let known: BTreeMap<Sha256, Attachment> =
        reader.attachments(book)?.into_iter().map(|found| (found.sha256, found)).collect();
    let mut all: Vec<Sha256> = named.keys().chain(known.keys()).copied().collect();
    all.sort_unstable();
    all.dedup();
    Ok(all.iter().map(|sha256| info(sha256, known.get(sha256), named.get(sha256))).collect())
}

/// The attachments that records name and that are not here.
pub fn wanted(reader: &Reader, book: &BookId) -> Result<Vec<AttachmentInfo>, Failure> {
    let mut found = list(reader, book)?;
    found.retain(|info| info.named && info.state != AttachmentState::Here);
    Ok(found)
}

/// Attachments in numbers.
pub fn totals(reader: &Reader, book: &BookId) -> Result<AttachmentTotals, Failure> {
    let (here, bytes) = reader.attachments_total(book)?;
    Ok(AttachmentTotals { here: count(here), bytes, wanted: count(wanted(reader, book)?.len()) })
}

/// One attachment: what is known of it.
pub fn show(reader: &Reader, book: &BookId, sha256: &Sha256) -> Result<AttachmentInfo, Failure> {
    let (found, named) = (reader.attachment(book, sha256)?, reader.attachments_named(book)?);
    if found.is_none() && !named.contains_key(sha256) {
        return Err(Failure::new(Code::NotFound, format!("No record names a file {sha256}."))
            .hint("List the files with: commonhold file list."));
    }
    Ok(info(sha256, found.as_ref(), named.get(sha256)))
}

/// One attachment with its bytes.
pub fn get(
    reader: &Reader,
    book: &BookId,
    sha256: &Sha256,
) -> Result<(AttachmentInfo, Vec<u8>), Failure> {
    let info = show(reader, book, sha256)?;
    let bytes = match reader.attachment_bytes(book, sha256) {
        Err(store::Error::Damaged(_)) => {
            return Err(Failure::new(
                Code::Storage,
                format!("What was kept of the file {sha256} is damaged."),
            )
            .hint("Fetch it anew with: commonhold file fetch; and see whether the disk fails."));
        }
        other => other?,
    };
    let whom = if info.sealed { " It is for leadership and treasurers." } else { "" };
    let bytes = bytes.ok_or_else(|| {
        Failure::new(Code::NotFound, format!("The file {sha256} is not on this device yet.{whom}"))
            .hint("Fetch it with: commonhold file fetch.")
    })?;
    Ok((info, bytes))
}

/// Longest text that is shown of an attachment, in bytes.
const MAX_TEXT: usize = 1 << 20;

/// The beginning of a public attachment that is a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct AttachmentText {
    /// The text; what is no letter is shown as the sign for that.
    pub text: String,
    /// Whether there is more of it.
    pub cut: bool,
}

/// The text of a public attachment, such as a masked log. What is sealed is not shown this way.
pub fn text(reader: &Reader, book: &BookId, sha256: &Sha256) -> Result<AttachmentText, Failure> {
    let (info, bytes) = get(reader, book, sha256)?;
    if info.sealed {
        let message = "This file is sealed; save it to look at it.";
        return Err(Failure::new(Code::NotAllowed, message));
    }
    let shown = bytes.get(..MAX_TEXT).unwrap_or(&bytes);
    Ok(AttachmentText {
        text: String::from_utf8_lossy(shown).into_owned(),
        cut: shown.len() < bytes.len(),
    })
}

/// Writes an attachment into a new file, whole or not at all; a file that is there is left alone.
pub fn save_to(
    reader: &Reader,
    book: &BookId,
    sha256: &Sha256,
    path: &Path,
) -> Result<AttachmentInfo, Failure> {
    let (info, bytes) = get(reader, book, sha256)?;
    let failed = |error: std::io::Error| Failure::file(path, &error);
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file =
        tempfile::Builder::new().prefix(".commonhold-").tempfile_in(folder).map_err(failed)?;
    file.write_all(&bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    file.persist_noclobber(path).map_err(|error| match error.error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Failure::new(Code::Exists, format!("{} is there already.", path.display()))
                .hint("Choose a name that is free; nothing was changed.")
        }
        _ => Failure::file(path, &error.error),
    })?;
    Ok(info)
}

/// Asks for an attachment, however large it is: it comes with the next exchanges.
pub fn fetch(app: &mut App, book: &BookId, sha256: &Sha256) -> Result<AttachmentInfo, Failure> {
    app.store()?;
    show(app.reader(), book, sha256)?;
    app.store()?.ask_for_attachment(book, sha256)?;
    tell(app, book);
    show(app.reader(), book, sha256)
}

/// Which attachments come by themselves.
pub fn policy(reader: &Reader) -> Result<AttachmentPolicy, Failure> {
    let bytes = reader.setting(POLICY)?;
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
}

/// Chooses which attachments come by themselves, on this device.
pub fn set_policy(app: &mut App, policy: &AttachmentPolicy) -> Result<(), Failure> {
    let bytes = serde_json::to_vec(policy).unwrap_or_default();
    Ok(app.store()?.set_setting(POLICY, &bytes)?)
}

/// What an exchange does about attachments: all that is to be done when a person asked for it.
pub(crate) fn fetching(reader: &Reader, asked: bool) -> Result<Fetching, Failure> {
    let round = if asked { u64::MAX } else { ROUND };
    Ok(Fetching { up_to: policy(reader)?.up_to, round, ..Fetching::default() })
}

/// The attachments of a book as the archive needs them.
pub(crate) fn for_archive(
    reader: &Reader,
    book: &BookId,
) -> Result<Vec<archive::Attachment>, store::Error> {
    let known = reader.attachments(book)?.into_iter();
    let known: BTreeMap<Sha256, Attachment> = known.map(|found| (found.sha256, found)).collect();
    let named = reader.attachments_named(book)?;
    let of = |(sha256, named): (Sha256, Named)| {
        let found = known.get(&sha256);
        archive::Attachment {
            sha256,
            media_type: found.and_then(|found| found.media_type.clone()).unwrap_or_default(),
            // In doubt it is not published.
            sealed: named.sealed || found.is_some_and(|found| found.sealed),
            here: found.is_some_and(|found| found.here),
        }
    };
    Ok(named.into_iter().map(of).collect())
}
