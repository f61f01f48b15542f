//! What a ZIP must look like before anything in it is unpacked. The list of files is read here
//! without the library, so that claims, duplicates and overlaps are judged before they cost
//! memory or time (APPNOTE.TXT 6.3: end record §4.3.16, central directory §4.3.12).

use super::{Error, MAX_FILES, MAX_UNPACKED, bag};
use commonhold_core::id::hex;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// Highest ratio of unpacked to packed bytes, beyond [`FREE`].
const MAX_RATIO: u64 = 200;
/// Bytes an archive may unpack to at any ratio.
const FREE: u64 = 256 << 20;
/// Longest list of files, in bytes.
const MAX_DIRECTORY: u64 = 64 << 20;
/// Longest path.
const MAX_PATH: usize = 400;
/// Entries besides files (folders) that are put up with.
const MAX_ENTRIES: u64 = 2 * MAX_FILES as u64;
const END: u64 = 22;

/// One entry of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub path: String,
    /// Unpacked size it claims, bytes.
    pub bytes: u64,
    /// Packed size, bytes.
    pub packed: u64,
    offset: u64,
    /// What the list and the file's own head both say: version to the name's length.
    head: [u8; 22],
}

impl Entry {
    pub fn is_folder(&self) -> bool {
        self.path.ends_with('/')
    }
}

/// The list of files in a ZIP, and its comment.
pub(super) struct Listing {
    pub entries: Vec<Entry>,
    pub comment: Vec<u8>,
}

fn refused(why: impl Into<String>) -> Error {
    Error::Refused(why.into())
}

fn damaged(why: &str) -> Error {
    Error::Damaged(why.to_owned())
}

fn number(bytes: &[u8], at: usize, length: usize) -> Result<u64, Error> {
    let end = at.saturating_add(length);
    let bytes = bytes.get(at..end).ok_or_else(|| damaged("its list of files is cut short."))?;
    Ok(bytes.iter().rev().fold(0_u64, |sum, byte| sum.wrapping_shl(8) | u64::from(*byte)))
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn read_at(zip: &mut (impl Read + Seek), at: u64, length: u64) -> Result<Vec<u8>, Error> {
    zip.seek(SeekFrom::Start(at))?;
    let mut out = Vec::new();
    zip.take(length).read_to_end(&mut out)?;
    Ok(out)
}

/// Where the list of files is, from the end of the ZIP.
struct End {
    count: u64,
    length: u64,
    offset: u64,
    /// Where the end records begin.
    at: u64,
    comment: Vec<u8>,
}

fn find_end(zip: &mut (impl Read + Seek), size: u64) -> Result<End, Error> {
    let span = size.min(END.saturating_add(0xffff));
    let base = size.saturating_sub(span);
    let tail = read_at(zip, base, span)?;
    let fits = |at: &usize| {
        let rest = tail.get(*at..).unwrap_or_default();
        rest.starts_with(b"PK\x05\x06")
            && number(rest, 20, 2)
                .is_ok_and(|length| length.saturating_add(END) == wide(rest.len()))
    };
    let found = (0..tail.len()).rev().find(fits);
    let Some(found) = found else {
        let begins = read_at(zip, 0, 4)?;
        return Err(if begins == b"PK\x03\x04" {
            damaged("its end is missing or altered, so it was probably not copied whole.")
        } else {
            Error::Foreign("the file is not a ZIP file.".into())
        });
    };
    let record = tail.get(found..).unwrap_or_default();
    let at = base.saturating_add(wide(found));
    if number(record, 4, 2)? != 0 || number(record, 6, 2)? != 0 {
        return Err(refused("it is one part of several."));
    }
    let comment = record.get(22..).unwrap_or_default().to_vec();
    let (count, length, offset) =
        (number(record, 10, 2)?, number(record, 12, 4)?, number(record, 16, 4)?);
    if count != 0xffff && length != 0xffff_ffff && offset != 0xffff_ffff {
        return Ok(End { count, length, offset, at, comment });
    }
    // The larger form (§4.3.14, §4.3.15).
    let wrong = || damaged("the end of its list of files cannot be read.");
    let locator = read_at(zip, at.checked_sub(20).ok_or_else(wrong)?, 20)?;
    let at = number(&locator, 8, 8)?;
    let record = read_at(zip, at, 56)?;
    if !locator.starts_with(b"PK\x06\x07") || !record.starts_with(b"PK\x06\x06") {
        return Err(wrong());
    }
    let (count, length, offset) =
        (number(&record, 32, 8)?, number(&record, 40, 8)?, number(&record, 48, 8)?);
    Ok(End { count, length, offset, at, comment })
}

/// Reads and judges the list of files of a ZIP of `size` bytes.
pub(super) fn scan(zip: &mut (impl Read + Seek), size: u64) -> Result<Listing, Error> {
    let end = find_end(zip, size)?;
    if end.count > MAX_ENTRIES || end.length > MAX_DIRECTORY {
        return Err(refused(format!("it claims more than {MAX_FILES} files.")));
    }
    if end.offset.checked_add(end.length) != Some(end.at) {
        return Err(damaged("its list of files is not where it should be."));
    }
    zip.seek(SeekFrom::Start(end.offset))?;
    let mut reader = BufReader::new(zip.take(end.length));
    let mut entries = Vec::new();
    let mut seen = BTreeSet::new();
    let mut total: u64 = 0;
    for _ in 0..end.count {
        let entry = read_entry(&mut reader)?;
        if !seen.insert(entry.path.to_lowercase()) {
            return Err(refused(format!(
                "the name “{}” occurs twice, or differs in capitals only.",
                shown(&entry.path)
            )));
        }
        total = total.saturating_add(entry.bytes);
        entries.push(entry);
    }
    if reader.read(&mut [0])? != 0 {
        return Err(damaged("its list of files is longer than it says."));
    }
    if total > MAX_UNPACKED {
        return Err(refused("it would unpack to more than 4 GiB."));
    }
    if total > FREE.saturating_add(size.saturating_mul(MAX_RATIO)) {
        return Err(refused("it would unpack to far more than an archive of its size holds."));
    }
    if entries.iter().filter(|entry| !entry.is_folder()).count() > MAX_FILES {
        return Err(refused(format!("it holds more than {MAX_FILES} files.")));
    }
    check_overlaps(&entries, end.offset)?;
    Ok(Listing { entries, comment: end.comment })
}

fn read_entry(reader: &mut impl Read) -> Result<Entry, Error> {
    let short = |_: io::Error| damaged("its list of files is cut short.");
    let mut head = [0; 46];
    reader.read_exact(&mut head).map_err(short)?;
    if !head.starts_with(b"PK\x01\x02") {
        return Err(damaged("its list of files cannot be read."));
    }
    let mut name = vec![0; usize::try_from(number(&head, 28, 2)?).unwrap_or(0)];
    reader.read_exact(&mut name).map_err(short)?;
    let rest = number(&head, 30, 2)?.saturating_add(number(&head, 32, 2)?);
    let skipped = io::copy(&mut reader.take(rest), &mut io::sink())?;
    let path = String::from_utf8(name).map_err(|_| refused("a file's name is not UTF-8."))?;
    if skipped != rest {
        return Err(damaged("its list of files is cut short."));
    }
    check_path(&path)?;
    let (flags, method) = (number(&head, 8, 2)?, number(&head, 10, 2)?);
    if flags & 0x2041 != 0 {
        return Err(refused(format!("the file “{}” in it is encrypted.", shown(&path))));
    }
    if method != 0 && method != 8 {
        let path = shown(&path);
        return Err(refused(format!(
            "the file “{path}” is packed in a way no archive of ours uses."
        )));
    }
    let (system, mode) = (number(&head, 5, 1)?, number(&head, 40, 2)?);
    let kind = mode & 0o170_000;
    if [3, 19].contains(&system) && ![0, 0o100_000, 0o040_000].contains(&kind) {
        return Err(refused(format!("“{}” is a link or device, not a file.", shown(&path))));
    }
    let (packed, bytes, offset) =
        (number(&head, 20, 4)?, number(&head, 24, 4)?, number(&head, 42, 4)?);
    if [packed, bytes, offset].contains(&0xffff_ffff) {
        return Err(refused(format!(
            "the file “{}” claims to be larger than 4 GiB.",
            shown(&path)
        )));
    }
    if path.ends_with('/') && bytes != 0 {
        return Err(refused(format!("the folder “{}” claims to have content.", shown(&path))));
    }
    let same = head.get(6..28).and_then(|same| same.try_into().ok()).unwrap_or_default();
    Ok(Entry { path, bytes, packed, offset, head: same })
}

/// A path from outside, fit for a sentence.
pub(super) fn shown(path: &str) -> String {
    let plain = path.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c });
    plain.take(120).collect()
}

pub(super) fn check_path(path: &str) -> Result<(), Error> {
    let inside = path.strip_suffix('/').unwrap_or(path);
    let climbs = inside.split('/').any(|part| matches!(part, "" | "." | ".."));
    let drive = inside.split('/').any(|part| part.contains(':'));
    let odd = path.chars().any(char::is_control);
    if climbs || drive || odd || path.contains('\\') || path.len() > MAX_PATH {
        let path = shown(path);
        return Err(refused(format!(
            "the name “{path}” would lead out of the archive or is no name."
        )));
    }
    Ok(())
}

/// Two entries must not share packed bytes: that is how small bombs unpack to much.
fn check_overlaps(entries: &[Entry], directory: u64) -> Result<(), Error> {
    let span = |entry: &Entry| {
        let head = wide(entry.path.len()).saturating_add(30);
        (entry.offset, entry.offset.saturating_add(head).saturating_add(entry.packed))
    };
    let mut spans: Vec<(u64, u64)> = entries.iter().map(span).collect();
    spans.sort_unstable();
    let starts = spans.iter().map(|(start, _)| *start).skip(1).chain([directory]);
    if spans.iter().zip(starts).any(|((_, end), next)| *end > next) {
        return Err(refused("files in it overlap."));
    }
    Ok(())
}

/// The files of which the ZIP says something else before their content (§4.3.7) than in its list.
/// Programs that write in one go do so too; ours does not.
pub(super) fn altered_heads(
    zip: &mut (impl Read + Seek),
    listing: &Listing,
) -> Result<Vec<String>, Error> {
    let mut altered = Vec::new();
    for entry in &listing.entries {
        let length = wide(entry.path.len()).saturating_add(30);
        let head = read_at(zip, entry.offset, length)?;
        let same = head.starts_with(b"PK\x03\x04")
            && head.get(4..26) == Some(entry.head.as_slice())
            && head.get(30..) == Some(entry.path.as_bytes());
        if !same {
            altered.push(entry.path.clone());
        }
    }
    Ok(altered)
}

/// Compares the sum in the ZIP's comment with the bytes. `hear` is told how many bytes were read.
/// The answer is nothing when there is no comment (it was zipped by another program).
pub(super) fn check_seal(
    zip: &mut (impl Read + Seek),
    size: u64,
    listing: &Listing,
    hear: &mut dyn FnMut(u64) -> Result<(), Error>,
) -> Result<Option<bool>, Error> {
    if listing.comment.is_empty() {
        return Ok(None);
    }
    let comment = String::from_utf8_lossy(&listing.comment);
    let Some(digits) = comment.strip_prefix(bag::SEAL) else {
        return Ok(Some(false));
    };
    zip.seek(SeekFrom::Start(0))?;
    let mut reader = zip.take(size.saturating_sub(bag::SEAL_DIGITS));
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = reader.read(&mut buffer)?;
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else {
            break;
        };
        hash.update(read);
        hear(wide(count))?;
    }
    let sum: [u8; 32] = hash.finalize().into();
    Ok(Some(hex(&sum) == digits))
}
