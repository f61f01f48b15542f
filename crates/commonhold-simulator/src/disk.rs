//! The files of a profile as a power cut leaves them. Every commit of the store is in the
//! write-ahead log before the call returns, so a cut inside a call leaves the log up to one of the
//! commits of that call, and behind it, at worst, a part of the next.

use crate::chance::Chance;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Length of the header of a write-ahead log, and of that of one of its frames.
const HEADER: usize = 32;
const FRAME: usize = 24;

/// A profile's files at a moment.
#[derive(Clone)]
pub struct Files {
    db: Vec<u8>,
    wal: Vec<u8>,
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        other => other,
    }
}

fn number(bytes: &[u8], at: usize) -> u32 {
    let four = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    four.map_or(0, |four| u32::from_be_bytes(*four))
}

/// Where the log may end: at its beginning and after each commit.
fn commits(wal: &[u8]) -> Vec<usize> {
    let mut ends = vec![0];
    let page = usize::try_from(number(wal, 8)).unwrap_or(0);
    let salt = wal.get(16..24).unwrap_or_default();
    let mut at = HEADER;
    while page > 0 && wal.len() >= at + FRAME + page {
        if wal.get(at + 8..at + 16) != Some(salt) {
            break;
        }
        let commit = number(wal, at + 4) != 0;
        at += FRAME + page;
        if commit {
            ends.push(at);
        }
    }
    ends
}

impl Files {
    /// The files as they are now, also while the store is open.
    pub fn of(path: &Path) -> io::Result<Self> {
        Ok(Self { db: read(path)?, wal: read(&beside(path, "-wal"))? })
    }

    /// The files as a power cut leaves them somewhere between an earlier moment and this one, with
    /// how many commits are lost.
    pub fn torn_since(self, earlier: &Self, chance: &mut Chance) -> (Self, usize) {
        let same = self.wal.get(16..24) == earlier.wal.get(16..24);
        let (ends, before) = (commits(&self.wal), commits(&earlier.wal));
        let done = before.last().copied().unwrap_or(0);
        let possible: Vec<usize> = ends.into_iter().filter(|end| *end >= done).collect();
        let begun = earlier.wal.len() >= HEADER && same || earlier.wal.is_empty();
        let (false, true) = (possible.is_empty(), begun) else { return (self, 0) };
        let at = chance.below(possible.len());
        let end = possible.get(at).copied().unwrap_or(done);
        let mut wal = self.wal.get(..end).unwrap_or_default().to_vec();
        let rest = self.wal.get(end..).unwrap_or_default();
        // A part of what came next, as the disk wrote it.
        let torn = chance.below(rest.len().min(4000));
        if chance.one_in(2) && end > 0 {
            wal.extend_from_slice(rest.get(..torn).unwrap_or_default());
        }
        let lost = possible.len().saturating_sub(at + 1);
        (Self { db: earlier.db.clone(), wal }, lost)
    }

    /// Lays the files down; nobody may have them open.
    pub fn put(&self, path: &Path) -> io::Result<()> {
        for end in ["-shm", "-wal"] {
            match fs::remove_file(beside(path, end)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        fs::write(path, &self.db)?;
        if self.wal.is_empty() { Ok(()) } else { fs::write(beside(path, "-wal"), &self.wal) }
    }
}
