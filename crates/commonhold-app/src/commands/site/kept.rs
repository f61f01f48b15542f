//! What was made of months of entries for the public page, kept beside the profile: packed files that
//! may be thrown away at any time.

use commonhold_core::id::BookId;
use commonhold_core::store::Reader;
use commonhold_site::{Keep, Key};
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The folder's name below the profile.
const FOLDER: &str = "page";
/// Largest piece that is read, unpacked: a month of some hundred thousand entries.
const MAX_PIECE: u64 = 1 << 30;

/// Pieces in a folder of their own, one file each: the key, then the piece as one Zstandard frame.
pub struct Kept {
    folder: PathBuf,
    used: BTreeSet<String>,
    /// The folder, where it goes with this.
    own: Option<tempfile::TempDir>,
}

impl Kept {
    /// Beside the profile a reader reads.
    pub fn beside(reader: &Reader, book: &BookId) -> io::Result<Self> {
        let Some(home) = reader.file().and_then(|file| file.parent().map(Path::to_owned)) else {
            return Self::fresh();
        };
        let folder = home.join(FOLDER).join(book.to_string());
        match fs::create_dir_all(&folder) {
            Ok(()) => Ok(Self { folder, used: BTreeSet::new(), own: None }),
            // A profile nothing can be written to is read all the same.
            Err(_) => Self::fresh(),
        }
    }

    /// In a folder that goes with it.
    pub fn fresh() -> io::Result<Self> {
        let own = tempfile::tempdir()?;
        Ok(Self { folder: own.path().to_owned(), used: BTreeSet::new(), own: Some(own) })
    }

    /// Throws away what was not asked for: months that are gone.
    pub fn tidy(self) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if !name.to_str().is_some_and(|name| self.used.contains(name)) {
                // Whatever cannot be removed is tried again next time.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

impl Keep for Kept {
    fn find(&mut self, name: &str, key: &Key) -> Option<Vec<u8>> {
        self.used.insert(name.to_owned());
        let mut file = fs::File::open(self.folder.join(name)).ok()?;
        let mut found: Key = [0; 32];
        file.read_exact(&mut found).ok()?;
        if found != *key {
            return None;
        }
        let mut bytes = Vec::new();
        zstd::Decoder::new(file).ok()?.take(MAX_PIECE).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    fn put(&mut self, name: &str, key: &Key, bytes: &[u8]) -> io::Result<()> {
        self.used.insert(name.to_owned());
        match self.write(name, key, bytes) {
            // Beside a profile nothing can be written to nothing is kept; who looks for it later
            // makes all anew in a folder of its own.
            Err(_) if self.own.is_none() => Ok(()),
            other => other,
        }
    }
}

impl Kept {
    fn write(&self, name: &str, key: &Key, bytes: &[u8]) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(key)?;
        let mut packed = zstd::Encoder::new(file, 1)?;
        packed.include_checksum(true)?;
        packed.write_all(bytes)?;
        packed.finish()?.persist(self.folder.join(name)).map_err(|error| error.error)?;
        Ok(())
    }
}
