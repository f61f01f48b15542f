//! A shared folder: Syncthing, Dropbox, Nextcloud, a network share, a stick. Files appear under
//! their names only when they are whole; what other programs leave there (conflict copies, files
//! half copied, their own) is named and left alone. Names are short, of small letters and digits,
//! so every file system takes them; times are not looked at.

use super::at;
use crate::shelf::{self, Item, Room, Shelf};
use commonhold_core::id::BookId;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Name of the folder inside the shared folder.
const TOP: &str = "commonhold";
/// How deep files lie in a room at most.
const MAX_DEPTH: usize = 3;
/// Most files looked at in one room.
const MAX_FILES: usize = 500_000;

/// Numbers the files that are being written; what a crash left is written over by a later run.
static UNFINISHED: AtomicU64 = AtomicU64::new(0);

/// One shared folder.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    tag: String,
}

/// One room of it.
pub struct FolderShelf {
    root: PathBuf,
    tag: String,
}

impl Folder {
    /// The shared folder at a path; it must exist. The tag, short and of this device alone, marks
    /// files that are being written.
    pub fn open(path: &Path, tag: &str) -> Result<Self, shelf::Error> {
        let meta = fs::metadata(path).map_err(at(path))?;
        if !meta.is_dir() {
            return Err(at(path)(io::Error::new(io::ErrorKind::NotADirectory, "not a folder")));
        }
        Ok(Self { path: path.to_owned(), tag: tag.to_owned() })
    }

    /// A room of it.
    pub fn shelf(&self, room: &Room) -> FolderShelf {
        FolderShelf { root: self.path.join(room.folder()), tag: self.tag.clone() }
    }

    /// The folder inside the shared folder that holds what is ours.
    pub fn top(&self) -> PathBuf {
        self.path.join(TOP)
    }

    /// All that lies in it, whatever room it is in.
    pub fn root(&self) -> FolderShelf {
        FolderShelf { root: self.path.join(TOP), tag: self.tag.clone() }
    }

    /// The books that lie in it.
    pub fn books(&self) -> Result<Vec<BookId>, shelf::Error> {
        let top = self.path.join(TOP);
        Ok(entries(&top)?.iter().filter_map(|(name, _)| name.parse().ok()).collect())
    }
}

impl FolderShelf {
    fn path(&self, name: &str) -> Result<PathBuf, shelf::Error> {
        if !shelf::is_name(name) {
            let error = io::Error::new(io::ErrorKind::InvalidInput, "this is no name of ours");
            return Err(at(&self.root)(error));
        }
        Ok(self.root.join(name))
    }

    fn walk(
        &self,
        folder: &Path,
        prefix: &str,
        depth: usize,
        items: &mut Vec<Item>,
    ) -> Result<(), shelf::Error> {
        for (name, meta) in entries(folder)? {
            if items.len() >= MAX_FILES {
                break;
            }
            let full = format!("{prefix}{name}");
            match meta {
                Some(meta) if meta.is_file() => items.push(Item { name: full, bytes: meta.len() }),
                Some(meta) if meta.is_dir() && depth < MAX_DEPTH && shelf::is_name(&name) => {
                    let before = items.len();
                    self.walk(
                        &folder.join(&name),
                        &format!("{full}/"),
                        depth.saturating_add(1),
                        items,
                    )?;
                    if items.len() == before && name.contains('.') {
                        items.push(Item { name: format!("{full}/"), bytes: 0 });
                    }
                }
                // A link, a pipe, a folder of somebody else: named, and not looked into.
                _ => items.push(Item { name: format!("{full}/"), bytes: 0 }),
            }
        }
        Ok(())
    }
}

impl Shelf for FolderShelf {
    fn place(&self) -> String {
        self.root.display().to_string()
    }

    fn list(&mut self, prefix: &str) -> Result<Vec<Item>, shelf::Error> {
        let mut items = Vec::new();
        match prefix.strip_suffix('/').filter(|folder| shelf::is_name(folder)) {
            Some(folder) => self.walk(&self.root.join(folder), prefix, 1, &mut items)?,
            None => self.walk(&self.root, "", 0, &mut items)?,
        }
        items.retain(|item| item.name.starts_with(prefix));
        Ok(items)
    }

    fn get(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>, shelf::Error> {
        let path = self.path(name)?;
        match fs::symlink_metadata(&path) {
            Ok(meta) if meta.is_file() => {}
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(at(&path)(error)),
        }
        let mut bytes = Vec::new();
        let file = fs::File::open(&path).map_err(at(&path))?;
        file.take(most).read_to_end(&mut bytes).map_err(at(&path))?;
        Ok(Some(bytes))
    }

    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), shelf::Error> {
        let path = self.path(name)?;
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).map_err(at(folder))?;
        // Several threads may write here; no two under one name.
        let number = UNFINISHED.fetch_add(1, Ordering::Relaxed);
        let unfinished = folder.join(format!(".tmp-{}-{number:x}", self.tag));
        let written = fs::File::create(&unfinished).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        let written = written.and_then(|()| fs::rename(&unfinished, &path));
        if written.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        written.map_err(at(&path))?;
        // Not every file system lets a folder be flushed; the file is whole either way.
        let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
        Ok(())
    }

    fn remove(&mut self, name: &str) -> Result<(), shelf::Error> {
        let path = self.path(name)?;
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(&path)(error)),
            _ => Ok(()),
        }
    }

    fn is_near(&self) -> bool {
        true
    }
}

/// What lies in a folder, sorted by name; nothing when there is no such folder.
fn entries(folder: &Path) -> Result<Vec<(String, Option<fs::Metadata>)>, shelf::Error> {
    let found = match fs::read_dir(folder) {
        Ok(found) => found,
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            return Ok(Vec::new());
        }
        Err(error) => return Err(at(folder)(error)),
    };
    let mut entries = Vec::new();
    for entry in found.take(MAX_FILES) {
        let entry = entry.map_err(at(folder))?;
        let meta = fs::symlink_metadata(entry.path()).ok();
        entries.push((entry.file_name().to_string_lossy().into_owned(), meta));
    }
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(entries)
}
