//! One file that holds what a folder would: for a stick, a mail, a message. It is read whole,
//! exchanged with in memory, and written whole again.
//!
//! Form: `CHP1`, then for each file its name (u16 length, UTF-8) and bytes (u64 length).

use super::at;
use crate::shelf::{self, Error, Item, Memory, Room, Shelf, Trouble};
use commonhold_core::id::BookId;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How such files are named: `….commonhold`.
pub const EXTENSION: &str = "commonhold";
const MAGIC: &[u8; 4] = b"CHP1";
/// Longest file read, in bytes.
const MAX_BYTES: u64 = 1 << 30;
/// Bytes from which on no more attachments are put into it, so that there is room for records.
const MOST_ATTACHMENTS: u64 = 768 << 20;

/// Files taken together into one.
pub fn pack(files: &Memory) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    for (name, bytes) in &files.files {
        let length = u16::try_from(name.len()).unwrap_or(u16::MAX);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(name.as_bytes());
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(bytes);
    }
    out
}

/// Takes them apart again; nothing for anything else, or where it is cut short.
pub fn unpack(bytes: &[u8]) -> Option<Memory> {
    let mut rest = bytes.strip_prefix(MAGIC.as_slice())?;
    let mut files = Memory::default();
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<2>()?;
        let (name, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        let name = std::str::from_utf8(name).ok().filter(|name| shelf::is_name(name))?;
        let (length, after) = after.split_first_chunk::<8>()?;
        let length = usize::try_from(u64::from_be_bytes(*length)).ok()?;
        let (bytes, after) = after.split_at_checked(length)?;
        files.files.insert(name.to_owned(), bytes.to_vec());
        rest = after;
    }
    Some(files)
}

struct Open {
    files: Memory,
    changed: bool,
}

/// One file of exchange, read.
#[derive(Clone)]
pub struct File {
    path: PathBuf,
    open: Arc<Mutex<Open>>,
}

/// One room of it.
pub struct FileShelf {
    file: File,
    prefix: String,
    /// Whether each change is written at once, to the file as it is by then: nobody says at the end
    /// of a meeting that it is over.
    at_once: bool,
}

impl File {
    /// Reads the file; one that is not there yet is empty.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let files = read(path)?;
        let open = Arc::new(Mutex::new(Open { files, changed: false }));
        Ok(Self { path: path.to_owned(), open })
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A room of it.
    pub fn shelf(&self, room: &Room) -> FileShelf {
        let at_once = matches!(room, Room::Meeting(..));
        FileShelf { file: self.clone(), prefix: room.folder(), at_once }
    }

    /// All that is in it, whatever room it is in.
    pub fn root(&self) -> FileShelf {
        FileShelf { file: self.clone(), prefix: "commonhold/".to_owned(), at_once: false }
    }

    /// The books in it.
    pub fn books(&self) -> Vec<BookId> {
        let open = self.lock();
        let names = open.files.files.keys().filter_map(|name| name.split('/').nth(1));
        let books: BTreeSet<BookId> = names.filter_map(|name| name.parse().ok()).collect();
        books.into_iter().collect()
    }

    /// Writes what was laid down, whole or not at all; does nothing when nothing was.
    pub fn finish(&self) -> Result<(), Error> {
        let mut open = self.lock();
        if !open.changed {
            return Ok(());
        }
        let unfinished = self.path.with_extension("commonhold-unfinished");
        let written = fs::File::create(&unfinished).and_then(|mut file| {
            file.write_all(&pack(&open.files))?;
            file.sync_all()
        });
        let written = written.and_then(|()| fs::rename(&unfinished, &self.path));
        if written.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        written.map_err(at(&self.path))?;
        open.changed = false;
        Ok(())
    }
}

/// What is in a file; one that is not there yet is empty.
fn read(path: &Path) -> Result<Memory, Error> {
    let broken = |reason: &str| Error {
        place: path.display().to_string(),
        trouble: Trouble::Broken,
        reason: reason.to_owned(),
    };
    let mut bytes = Vec::new();
    match fs::File::open(path) {
        Ok(file) => {
            let read = file.take(MAX_BYTES.saturating_add(1)).read_to_end(&mut bytes);
            if u64::try_from(read.map_err(at(path))?).unwrap_or(u64::MAX) > MAX_BYTES {
                return Err(broken("the file is too large"));
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => bytes.extend(MAGIC),
        Err(error) => return Err(at(path)(error)),
    }
    unpack(&bytes).ok_or_else(|| broken("this is not a file of exchange, or it is cut short"))
}

impl FileShelf {
    fn change(&self, work: impl FnOnce(&mut Memory) -> Result<(), Error>) -> Result<(), Error> {
        {
            let mut open = self.file.lock();
            if self.at_once && !open.changed {
                // An exchange may have written to it since it was read.
                open.files = read(&self.file.path)?;
            }
            open.changed = true;
            work(&mut open.files)?;
        }
        if self.at_once { self.file.finish() } else { Ok(()) }
    }
}

impl Shelf for FileShelf {
    fn place(&self) -> String {
        self.file.path.display().to_string()
    }

    fn list(&mut self, prefix: &str) -> Result<Vec<Item>, Error> {
        let items = self.file.lock().files.list(&format!("{}{prefix}", self.prefix))?;
        let inside = |item: Item| {
            let name = item.name.strip_prefix(&self.prefix)?.to_owned();
            Some(Item { name, bytes: item.bytes })
        };
        Ok(items.into_iter().filter_map(inside).collect())
    }

    fn get(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>, Error> {
        self.file.lock().files.get(&format!("{}{name}", self.prefix), most)
    }

    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let name = format!("{}{name}", self.prefix);
        let most = if name.contains("/files/") { MOST_ATTACHMENTS } else { MAX_BYTES };
        if self.file.lock().files.bytes().saturating_add(length) > most {
            return Err(Error {
                place: self.place(),
                trouble: Trouble::Full,
                reason: "a file of exchange holds no more than this; use a folder".to_owned(),
            });
        }
        self.change(|files| files.put(&name, bytes))
    }

    fn remove(&mut self, name: &str) -> Result<(), Error> {
        let name = format!("{}{name}", self.prefix);
        self.change(|files| files.remove(&name))
    }

    fn is_near(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::joining::meeting_secret;

    #[test]
    fn what_is_said_in_a_meeting_is_written_at_once_beside_what_came_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("to-ben.commonhold");
        let room = Room::Meeting([7; 16], meeting_secret(&"0a".repeat(32)).unwrap());
        let early = File::open(&path).unwrap();
        let other = File::open(&path).unwrap();
        other.root().put("a/keys/1.chk", b"one").unwrap();
        other.finish().unwrap();
        early.shelf(&room).put("offer", b"two").unwrap();
        let again = File::open(&path).unwrap();
        assert_eq!(again.root().get("a/keys/1.chk", 9).unwrap().unwrap(), b"one");
        assert_eq!(again.shelf(&room).get("offer", 9).unwrap().unwrap(), b"two");
        early.shelf(&room).remove("offer").unwrap();
        assert_eq!(File::open(&path).unwrap().shelf(&room).get("offer", 9).unwrap(), None);
    }

    #[test]
    fn what_was_laid_down_is_there_again_and_cut_files_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("to-ben.commonhold");
        let file = File::open(&path).unwrap();
        file.root().put("a/keys/1.chk", b"one").unwrap();
        file.root().put("b/x.cho", b"").unwrap();
        assert!(!path.exists(), "nothing is written before it is whole");
        file.finish().unwrap();
        let again = File::open(&path).unwrap();
        assert_eq!(again.root().list("a/").unwrap().len(), 1);
        assert_eq!(again.root().get("a/keys/1.chk", 2).unwrap().unwrap(), b"on");
        let whole = fs::read(&path).unwrap();
        let ends = [4, 4 + 2 + 23 + 8 + 3, whole.len()];
        for cut in 0..=whole.len() {
            assert_eq!(unpack(&whole[..cut]).is_some(), ends.contains(&cut), "{cut}");
        }
        fs::write(&path, b"%PDF-1.7").unwrap();
        assert_eq!(File::open(&path).err().unwrap().trouble, Trouble::Broken);
    }
}
