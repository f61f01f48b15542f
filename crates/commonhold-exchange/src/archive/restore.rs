//! Handing out the signed objects of an archive, the truth a book is restored from.

use super::limits::{self, shown};
use super::look::inside;
use super::stream::{Hashing, LogCheck, next_object};
use super::verify::find_top;
use super::{Error, Visit};
use commonhold_core::id::LogId;
use std::collections::BTreeSet;
use std::io::{Read, Seek};
use zip::ZipArchive;

/// Hands out the signed objects of an archive, log by log, in order; for a restore after
/// [`super::verify()`] found nothing. Returns how many there were.
///
/// # Errors
/// As [`super::verify()`]; [`Error::Damaged`] at the first object that cannot be read;
/// [`Error::Stopped`] when the visitor stops.
pub fn objects(
    mut zip: impl Read + Seek,
    size: u64,
    visit: &mut dyn FnMut(LogId, u64, &[u8]) -> Visit,
) -> Result<u64, Error> {
    let listing = limits::scan(&mut zip, size)?;
    let top = find_top(&listing.entries)?;
    let mut zip = ZipArchive::new(zip)?;
    let mut signers = BTreeSet::new();
    let mut count: u64 = 0;
    for entry in &listing.entries {
        let path = entry.path.strip_prefix(&top).unwrap_or_default();
        let name = inside(path, "data/objects/", ".objects");
        let Some(log) = name.and_then(LogId::from_hex) else {
            continue;
        };
        let mut file = Hashing::new(zip.by_name(&entry.path)?, entry.bytes);
        let mut check = LogCheck::new(log, None, &mut signers);
        let damaged = |why: String| Error::Damaged(format!("{}: {why}.", shown(path)));
        while let Some(bytes) = next_object(&mut file).map_err(|e| damaged(e.to_string()))? {
            let seq = check.next(&bytes).map_err(damaged)?;
            visit(log, seq, &bytes)?;
            count = count.saturating_add(1);
        }
        file.drain().map_err(|error| damaged(error.to_string()))?;
    }
    Ok(count)
}
