//! The lines of a damaged file, as far as it can be read, to look others up in.

use super::super::Error;
use super::super::twins::Twins;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hasher};
use std::io::{Read, Seek};

/// Most lines that are kept in mind.
const MOST: usize = 4_000_000;

/// The sum of a line; it need not withstand anybody, since it only says where to look.
pub(super) fn hash(line: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(line);
    hasher.finish()
}

/// The lines of a file.
pub(super) struct Lines(HashSet<u64>);

impl Lines {
    /// Reads a file as far as it can be read; a file that is not there has no lines.
    pub fn read<R: Read + Seek>(twins: &Twins<'_, R>, path: &str) -> Result<Self, Error> {
        let mut lines = HashSet::new();
        twins.lines(path, &mut |line| {
            if lines.len() >= MOST {
                return Err(Error::TooLarge(String::new()));
            }
            lines.insert(hash(line));
            Ok(())
        })?;
        Ok(Self(lines))
    }

    /// Whether every line of a text is there.
    pub fn hold(&self, text: &[u8]) -> bool {
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        text.split(|byte| *byte == b'\n').all(|line| self.0.contains(&hash(line)))
    }
}
