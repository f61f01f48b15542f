//! The archive as `.tar.zst`: the same files in the same order in a tar (POSIX ustar, IEEE 1003.1)
//! packed by Zstandard (RFC 8878), smaller than a ZIP. It is made from the ZIP and read by turning
//! it into one again, so that everything else knows ZIPs only. A skippable frame at the end holds the
//! SHA-256 of all bytes before it, as the ZIP's comment does.

use super::limits::{self, check_path, shown};
use super::{Container, Error, MAX_FILES, MAX_UNPACKED, Tell, bag};
use commonhold_core::date::Time;
use commonhold_core::id::hex;
use sha2::{Digest, Sha256};
use std::io::{self, Read, Seek, SeekFrom, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

mod header;
use header::{BLOCK, Member, Next};

/// What every Zstandard frame begins with (RFC 8878 §3.1.1).
pub const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Begin of a skippable frame (RFC 8878 §3.1.2).
const SKIPPABLE: [u8; 4] = [0x50, 0x2a, 0x4d, 0x18];
/// How hard it is packed; more costs much time for little.
const LEVEL: i32 = 9;
/// Windows of 4 MiB are written, and none above 8 MiB are read: that bounds the memory.
const WINDOW: u32 = 22;
const MAX_WINDOW: u32 = 23;
/// As for ZIPs: highest ratio of unpacked to packed bytes, and what is free of it.
const MAX_RATIO: u64 = 200;
const FREE: u64 = 256 << 20;

fn damaged(why: impl Into<String>) -> Error {
    Error::Damaged(why.into())
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// A writer that counts and hashes.
struct Counted<'o> {
    out: &'o mut dyn Write,
    hash: Sha256,
    bytes: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.hash.update(bytes.get(..count).unwrap_or(bytes));
        self.bytes = self.bytes.saturating_add(wide(count));
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes an archive, a ZIP of `size` bytes made by [`super::export`], as `.tar.zst`. All stamps are
/// `written`. The same ZIP gives the same bytes in the same version of the program. Returns the
/// size in bytes and the SHA-256, hexadecimal.
///
/// # Errors
/// As [`super::export`]; [`Error::Damaged`] where the ZIP is none of ours.
pub fn to_tar(
    mut zip: impl Read + Seek,
    size: u64,
    out: &mut dyn Write,
    written: Time,
    tell: &mut Tell<'_>,
) -> Result<(u64, String), Error> {
    let listing = limits::scan(&mut zip, size)?;
    let total = listing.entries.iter().fold(0_u64, |sum, entry| sum.saturating_add(entry.bytes));
    let mut zip = ZipArchive::new(zip)?;
    let counted = Counted { out, hash: Sha256::new(), bytes: 0 };
    let mut packer = zstd::stream::write::Encoder::new(counted, LEVEL)?;
    packer.include_checksum(true)?;
    packer.window_log(WINDOW)?;
    let mut done: u64 = 0;
    for entry in listing.entries.iter().filter(|entry| !entry.is_folder()) {
        if !tell(done, Some(total), &entry.path) {
            return Err(Error::Cancelled);
        }
        let head = header::write(&entry.path, entry.bytes, written)
            .ok_or_else(|| Error::TooLarge(format!("{} is no name for a tar.", entry.path)))?;
        packer.write_all(&head)?;
        let copied = io::copy(&mut zip.by_name(&entry.path)?.take(entry.bytes), &mut packer)?;
        if copied != entry.bytes {
            return Err(damaged(format!("{} is cut short.", shown(&entry.path))));
        }
        packer.write_all(&header::padding(entry.bytes))?;
        done = done.saturating_add(copied);
    }
    packer.write_all(&[0; BLOCK * 2])?;
    let mut counted = packer.finish()?;
    let sum: [u8; 32] = counted.hash.clone().finalize().into();
    let seal = format!("{}{}", bag::SEAL, hex(&sum));
    let length = u32::try_from(seal.len()).unwrap_or_default();
    counted.write_all(&SKIPPABLE)?;
    counted.write_all(&length.to_le_bytes())?;
    counted.write_all(seal.as_bytes())?;
    counted.flush()?;
    let whole: [u8; 32] = counted.hash.finalize().into();
    Ok((counted.bytes, hex(&whole)))
}

/// Whether the sum at the end fits; nothing where there is none (another program packed it).
fn check_seal(tar: &mut (impl Read + Seek), size: u64) -> Result<Option<bool>, Error> {
    let seal = wide(bag::SEAL.len()).saturating_add(bag::SEAL_DIGITS);
    let body = size.saturating_sub(seal.saturating_add(8));
    let mut tail = Vec::new();
    tar.seek(SeekFrom::Start(body))?;
    tar.take(seal.saturating_add(8)).read_to_end(&mut tail)?;
    let length = u32::try_from(seal).unwrap_or_default().to_le_bytes();
    let text = tail.get(8..).unwrap_or_default();
    let ours = tail.starts_with(&SKIPPABLE) || text.starts_with(bag::SEAL.as_bytes());
    if !ours {
        tar.seek(SeekFrom::Start(0))?;
        return Ok(None);
    }
    tar.seek(SeekFrom::Start(0))?;
    let mut hash = Sha256::new();
    let mut reader = tar.take(body);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = reader.read(&mut buffer)?;
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else { break };
        hash.update(read);
    }
    let sum: [u8; 32] = hash.finalize().into();
    let expected = [&SKIPPABLE, &length, format!("{}{}", bag::SEAL, hex(&sum)).as_bytes()].concat();
    tar.seek(SeekFrom::Start(0))?;
    Ok(Some(tail == expected))
}

/// Turns a `.tar.zst` of `size` bytes from anywhere into a ZIP, which the other functions of the
/// archive then judge and read; returns the ZIP's size. `tell` hears unpacked bytes.
///
/// # Errors
/// [`Error::Refused`] where it holds anything but files or would unpack to too much,
/// [`Error::Damaged`] with the file where it can be read no further, [`Error::Cancelled`].
pub fn to_zip(
    mut tar: impl Read + Seek,
    size: u64,
    out: &mut dyn Container,
    tell: &mut Tell<'_>,
) -> Result<u64, Error> {
    let sealed = check_seal(&mut tar, size)?;
    let mut unpacker = zstd::stream::read::Decoder::new(tar)?;
    unpacker.window_log_max(MAX_WINDOW)?;
    let mut zip = ZipWriter::new(bag::Paper::new(&mut *out));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(1));
    let most = MAX_UNPACKED.min(FREE.saturating_add(size.saturating_mul(MAX_RATIO)));
    let (mut total, mut files, mut last) = (0_u64, 0_usize, String::new());
    let broken = |last: &str| damaged(format!("it cannot be unpacked beyond “{}”.", shown(last)));
    while let Next::File(Member { path, bytes }) =
        header::next(&mut unpacker).map_err(|error| header::told(error, &last))?
    {
        check_path(&path)?;
        (total, files) = (total.saturating_add(bytes), files.saturating_add(1));
        if total > most || files > MAX_FILES {
            return Err(Error::Refused("it would unpack to more than an archive may hold.".into()));
        }
        if !tell(total, None, &path) {
            return Err(Error::Cancelled);
        }
        zip.start_file(path.as_str(), options)
            .map_err(|_| Error::Refused(format!("the name “{}” occurs twice.", shown(&path))))?;
        let copied = copy(&mut unpacker, bytes, &mut zip)?;
        if copied != bytes || !header::skip_padding(&mut unpacker, bytes) {
            return Err(broken(&path));
        }
        last = path;
    }
    // The packed bytes' own sum is looked at when their end is read.
    let rest = io::copy(&mut (&mut unpacker).take(1 << 20), &mut io::sink());
    if sealed == Some(false) || rest.is_err() {
        // A sum that never fits: the archive's own judge then says so, and which files it hit.
        zip.set_comment(format!("{}{}", bag::SEAL, "0".repeat(64)))?;
    }
    zip.finish()?.into_inner()?;
    Ok(out.seek(SeekFrom::End(0))?)
}

/// Copies so many bytes as far as they can be read; fewer where not. What cannot be written is an
/// error.
fn copy(from: &mut impl Read, bytes: u64, to: &mut impl Write) -> Result<u64, Error> {
    let mut from = from.take(bytes);
    let mut buffer = vec![0; 1 << 16];
    let mut copied = 0_u64;
    loop {
        let Ok(count) = from.read(&mut buffer) else { return Ok(copied) };
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else {
            return Ok(copied);
        };
        to.write_all(read)?;
        copied = copied.saturating_add(wide(count));
    }
}

/// A header, for tests that make up files.
#[cfg(test)]
pub(super) fn head(path: &str, bytes: u64) -> [u8; BLOCK] {
    header::write(path, bytes, Time(0)).unwrap_or([0; BLOCK])
}
