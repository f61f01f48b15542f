//! The attachments: files that records name by their SHA-256, as they are, for everybody who has
//! the archive. What leadership and treasurers alone may read is left out, and said to be.

use super::limits::shown;
use super::tables::{Cell, Field, Table, field, writer};
use super::verify::find_top;
use super::{Error, Export, Visit, limits};
use commonhold_core::attachment::{MAX_BYTES, ending};
use commonhold_core::id::Sha256;
use commonhold_core::table::ColumnType;
use std::io::{Read, Seek, Write};
use zip::ZipArchive;

/// Folder of the attachments, and name of their list.
const FOLDER: &str = "attachments";
/// Most attachments an archive holds, and most bytes of them: the rest of the book needs room too.
const MAX_COUNT: u64 = 50_000;
const MAX_TOTAL: u64 = 3 << 30;

/// An attachment that records name, as the archive needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// What it is named by.
    pub sha256: Sha256,
    /// Its media type (RFC 6838); empty where that is not known.
    pub media_type: String,
    /// Whether leadership and treasurers alone may read it.
    pub sealed: bool,
    /// Whether it is on the device that writes the archive.
    pub here: bool,
}

/// How many attachments there are of each sort.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    included: u64,
    bytes: u64,
    sealed: u64,
    missing: u64,
    too_much: u64,
}

fn fields() -> Vec<Field> {
    let text = Cell::As(ColumnType::Text);
    vec![
        field("sha256", text, "SHA-256 of the file: records name it by this.", true),
        field(
            "included",
            text,
            "“yes”; else why not: “sealed” (leadership and treasurers alone may read it), \
             “missing” (it was not on the device that wrote this), “too-much” (no room).",
            true,
        ),
        field("file", Cell::Path, "The file.", false),
        field("bytes", Cell::As(ColumnType::Integer), "Its size in bytes.", false),
        field("media_type", text, "What kind of file it is (RFC 6838), by its first bytes.", false),
    ]
}

/// The name of an attachment's file.
fn file_name(attachment: &Attachment) -> String {
    format!("{}.{}", attachment.sha256, ending(&attachment.media_type))
}

/// Whether compressing files of a media type pays.
fn pays(media_type: &str) -> bool {
    media_type.starts_with("text/") || media_type.ends_with("xml")
}

/// Writes `attachments/`, if records name any.
pub(super) fn write(work: &mut Export<'_>) -> Result<(), Error> {
    let attachments = work.source.attachments()?;
    if attachments.is_empty() {
        return Ok(());
    }
    let mut counts = Counts::default();
    let mut rows: Vec<[String; 5]> = Vec::new();
    for attachment in &attachments {
        let row = one(work, attachment, &mut counts)?;
        rows.push(row);
        work.progress.step()?;
    }
    let title = "Files that records name, whether or not they are in this archive".to_owned();
    let (name, rows_count) = (FOLDER.to_owned(), u64::try_from(rows.len()).unwrap_or(u64::MAX));
    let table =
        Table { area: FOLDER, name, title, fields: fields(), rows: rows_count, unique: false };
    let path = format!("data/{}", table.path());
    work.progress.at(&path)?;
    work.bag.start(&path, true)?;
    let mut out = writer(&mut work.bag);
    out.write_record(table.fields.iter().map(|field| &field.name))?;
    for row in &rows {
        out.write_record(row)?;
    }
    out.flush()?;
    drop(out);
    work.bag.end();
    work.tables.push(table);
    work.attachments = counts;
    Ok(())
}

/// Writes one attachment, if it is to be in the archive; gives its row of the list.
fn one(
    work: &mut Export<'_>,
    attachment: &Attachment,
    counts: &mut Counts,
) -> Result<[String; 5], Error> {
    let hash = attachment.sha256.to_string();
    let left_out = |why: &str| Ok([hash.clone(), why.into(), "".into(), "".into(), "".into()]);
    if attachment.sealed {
        counts.sealed = counts.sealed.saturating_add(1);
        return left_out("sealed");
    }
    let bytes = match attachment.here {
        true => work.source.attachment(&attachment.sha256)?,
        false => None,
    };
    let Some(bytes) = bytes else {
        counts.missing = counts.missing.saturating_add(1);
        return left_out("missing");
    };
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let total = counts.bytes.saturating_add(size);
    if total > MAX_TOTAL || counts.included >= MAX_COUNT {
        counts.too_much = counts.too_much.saturating_add(1);
        return left_out("too-much");
    }
    let name = file_name(attachment);
    let path = format!("data/{FOLDER}/{name}");
    work.progress.at(&path)?;
    work.bag.start(&path, pays(&attachment.media_type))?;
    work.bag.write_all(&bytes)?;
    work.bag.end();
    (counts.included, counts.bytes) = (counts.included.saturating_add(1), total);
    Ok([hash, "yes".into(), name, size.to_string(), attachment.media_type.clone()])
}

/// What the README says of them; nothing when records name none.
pub(super) fn in_words(counts: &Counts) -> String {
    let Counts { included, bytes, sealed, missing, too_much } = counts;
    if [included, sealed, missing, too_much].iter().all(|count| **count == 0) {
        return String::new();
    }
    let mut text = format!(
        "\nATTACHMENTS\n\
         The folder attachments/ holds {included} files ({bytes} bytes) that records name: receipts\n\
         and the like, as they are, each named by its SHA-256. Whoever has this archive can read\n\
         them: look through them before you give it away.\n"
    );
    if *sealed > 0 {
        text.push_str(&format!(
            "Left out are {sealed} that leadership and treasurers alone may read, such as the files\n\
             of banks: they stay on the devices of these people.\n"
        ));
    }
    if *missing > 0 {
        text.push_str(&format!(
            "Left out are {missing} that were not on the device that wrote this archive.\n"
        ));
    }
    if *too_much > 0 {
        text.push_str(&format!("Left out are {too_much} for which there was no room.\n"));
    }
    text.push_str("The table attachments/attachments.csv lists all of them.\n");
    text
}

/// The SHA-256 a file in the archive is named after, if it is an attachment.
pub(super) fn named_after(path: &str) -> Option<&str> {
    let name = path.strip_prefix("data/attachments/").filter(|name| *name != "attachments.csv")?;
    Some(name.split('.').next().unwrap_or(name))
}

/// Hands out the attachments of an archive; for a restore after [`super::verify()`] found nothing.
/// Returns how many there were.
///
/// # Errors
/// As [`super::verify()`]; [`Error::Damaged`] at the first that is not what its name says or is
/// larger than an attachment may be; [`Error::Stopped`] when the visitor stops.
pub fn attachments(
    mut zip: impl Read + Seek,
    size: u64,
    visit: &mut dyn FnMut(&Sha256, &[u8]) -> Visit,
) -> Result<u64, Error> {
    let listing = limits::scan(&mut zip, size)?;
    let top = find_top(&listing.entries)?;
    let mut zip = ZipArchive::new(zip)?;
    let mut count: u64 = 0;
    for entry in listing.entries.iter().filter(|entry| !entry.is_folder()) {
        let path = entry.path.strip_prefix(&top).unwrap_or_default();
        let Some(name) = named_after(path) else { continue };
        let damaged = |why: &str| Error::Damaged(format!("{}: {why}.", shown(path)));
        let sha256: Sha256 = name.parse().map_err(|_| damaged("its name is no SHA-256"))?;
        let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
        if entry.bytes > most {
            return Err(damaged("it is larger than an attachment may be"));
        }
        let mut bytes = Vec::new();
        let file = zip.by_name(&entry.path)?;
        let read = file.take(most.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| damaged(&error.to_string()))?;
        if Sha256::of(&bytes) != sha256 {
            return Err(damaged("it is not the file its name says"));
        }
        visit(&sha256, &bytes)?;
        count = count.saturating_add(1);
    }
    Ok(count)
}
