//! The folder of the page: written beside it first, then put into its place file by file.
//!
//! `SHA256SUMS` in the folder lists what is ours, as `sha256sum -c` reads it. What is not on it is
//! somebody else's: it is never overwritten and never removed.

use crate::events::{OnProgress, Progress};
use crate::failure::{Code, Failure};
use commonhold_core::id::hex;
use commonhold_site::{Folder, SiteFile};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Component, Path, PathBuf};

/// The list of our files.
pub const LIST: &str = "SHA256SUMS";
/// Its first line, by which it is known as ours (`sha256sum` passes over it).
const MARK: &str = "# The files of this public page, written by Commonhold.\n";
/// Largest list that is read.
const MAX_LIST: u64 = 64 << 20;

/// Files that are thrown away, for a look at what there would be.
#[derive(Default)]
pub struct Nowhere(());

impl Write for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Folder for Nowhere {
    fn begin(&mut self, _path: &str) -> io::Result<()> {
        Ok(())
    }
}

/// A file that is being written.
enum Open {
    /// So far it is the same as the one that is there, up to a place: nothing was written yet.
    Same { path: String, there: BufReader<File>, at: u64 },
    /// It is new, and lies in the scratch folder.
    New(BufWriter<File>),
}

/// Files that are being written beside their place. One that is in its place already, byte for
/// byte, is read and not written.
pub struct Fresh<'a> {
    root: PathBuf,
    scratch: tempfile::TempDir,
    open: Option<Open>,
    same: BTreeSet<String>,
    buffer: Vec<u8>,
    done: u64,
    cancelled: bool,
    on: OnProgress<'a>,
}

/// What became of the files of a folder.
pub struct Swapped {
    /// Written anew.
    pub written: u32,
    /// There already.
    pub unchanged: u32,
    /// Taken away.
    pub removed: u32,
    /// Changed by somebody, and left.
    pub kept: Vec<String>,
}

/// A path of ours below a folder; nothing when it leads elsewhere.
fn below(root: &Path, path: &str) -> Option<PathBuf> {
    let relative = Path::new(path);
    let plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
    (plain && !path.is_empty() && path != LIST).then(|| root.join(relative))
}

/// SHA-256 of a file; nothing when it is not a file or cannot be read.
fn hash(path: &Path) -> Option<String> {
    if !fs::symlink_metadata(path).ok()?.is_file() {
        return None;
    }
    let mut file = File::open(path).ok()?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0_u8; 1 << 16]);
    loop {
        match file.read(&mut buffer).ok()? {
            0 => return Some(hex(&hash.finalize())),
            read => hash.update(buffer.get(..read).unwrap_or_default()),
        }
    }
}

/// Whether the way to a file leads over a link or anything else that is no folder of its own.
fn leads_away(root: &Path, path: &str) -> bool {
    let mut above = Path::new(path).parent();
    while let Some(folder) = above.filter(|folder| !folder.as_os_str().is_empty()) {
        if fs::symlink_metadata(root.join(folder)).is_ok_and(|found| !found.is_dir()) {
            return true;
        }
        above = folder.parent();
    }
    false
}

/// Whether the folder has a list that we did not write.
fn has_other_list(root: &Path) -> bool {
    let path = root.join(LIST);
    let Ok(found) = fs::symlink_metadata(&path) else { return false };
    let mut begin = vec![0_u8; MARK.len()];
    let read = File::open(&path).and_then(|mut file| file.read_exact(&mut begin));
    !found.is_file() || read.is_err() || begin != MARK.as_bytes()
}

/// The list of an earlier page: path and hash.
fn listed(root: &Path) -> BTreeMap<String, String> {
    let path = root.join(LIST);
    let small = fs::metadata(&path).is_ok_and(|data| data.len() <= MAX_LIST);
    let text = if small { fs::read_to_string(&path).unwrap_or_default() } else { String::new() };
    parse_list(&text).unwrap_or_default()
}

/// The lines of a list that we wrote; nothing where somebody else did.
pub fn parse_list(text: &str) -> Option<BTreeMap<String, String>> {
    let lines = text.strip_prefix(MARK)?.lines().filter_map(|line| line.split_once("  "));
    Some(lines.map(|(hash, path)| (path.to_owned(), hash.to_owned())).collect())
}

fn list<'f>(files: impl Iterator<Item = (&'f str, &'f str)>) -> String {
    let lines = files.map(|(path, hash)| format!("{hash}  {path}\n"));
    std::iter::once(MARK.to_owned()).chain(lines).collect()
}

impl<'a> Fresh<'a> {
    /// A folder beside the one that is meant, so that files only change their names.
    pub fn beside(path: &Path, on: OnProgress<'a>) -> Result<Self, Failure> {
        let above = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        let scratch = builder.prefix(".commonhold-").tempdir_in(above);
        let scratch = scratch.map_err(|error| Failure::file(path, &error))?;
        Ok(Self {
            root: path.to_owned(),
            scratch,
            open: None,
            same: BTreeSet::new(),
            buffer: vec![0; 1 << 16],
            done: 0,
            cancelled: false,
            on,
        })
    }

    /// The same, with nothing written yet.
    pub fn again(self) -> Result<Self, Failure> {
        Self::beside(&self.root, self.on)
    }

    /// Whether the person stopped it.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled
    }

    fn end(&mut self) -> io::Result<()> {
        match self.open.take() {
            Some(Open::New(mut file)) => file.flush(),
            Some(Open::Same { path, mut there, at }) => {
                if there.fill_buf()?.is_empty() {
                    self.same.insert(path);
                    return Ok(());
                }
                self.differs(&path, there, at)?.flush()
            }
            None => Ok(()),
        }
    }

    /// Begins a file in the scratch folder.
    fn create(&self, path: &str) -> io::Result<BufWriter<File>> {
        let target = below(self.scratch.path(), path)
            .ok_or_else(|| io::Error::other("a path leads out of the folder"))?;
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(BufWriter::with_capacity(1 << 16, File::create_new(target)?))
    }

    /// Begins a file that is the same as the one in its place up to here.
    fn differs(&self, path: &str, there: BufReader<File>, at: u64) -> io::Result<BufWriter<File>> {
        let (mut new, mut there) = (self.create(path)?, there.into_inner());
        there.seek(SeekFrom::Start(0))?;
        let copied = io::copy(&mut there.take(at), &mut new)?;
        if copied == at { Ok(new) } else { Err(io::Error::other("a file was cut meanwhile")) }
    }

    /// The file in its place, if it is a plain one.
    fn there(&self, path: &str) -> Option<BufReader<File>> {
        let target = below(&self.root, path).filter(|_| !leads_away(&self.root, path))?;
        let plain = fs::symlink_metadata(&target).ok()?.is_file();
        let file = plain.then(|| File::open(target).ok()).flatten()?;
        Some(BufReader::with_capacity(1 << 16, file))
    }

    /// Puts the files into their place. Whatever would overwrite a file of somebody else is refused
    /// before anything is changed.
    pub fn swap(mut self, root: &Path, files: &[SiteFile]) -> Result<Swapped, Failure> {
        let failed = |error: io::Error| Failure::file(root, &error);
        self.end().map_err(failed)?;
        let before = listed(root);
        let foreign = files.iter().map(|file| (&file.path, &file.sha256)).find(|(path, sha256)| {
            let there = root.join(path);
            let new = !before.contains_key(*path) && fs::symlink_metadata(&there).is_ok();
            let other = new && !self.same.contains(*path);
            leads_away(root, path) || (other && hash(&there).as_ref() != Some(sha256))
        });
        let foreign = foreign.map(|(path, _)| root.join(path));
        let foreign = if has_other_list(root) { Some(root.join(LIST)) } else { foreign };
        if let Some(path) = foreign {
            let message = format!("{} was not written by Commonhold.", path.display());
            return Err(Failure::new(Code::Exists, message)
                .hint("Move it away, or choose an empty folder for the page."));
        }
        fs::create_dir_all(root).map_err(failed)?;
        // Until all is done the list names old and new: whatever stops this leaves nothing that
        // nobody knows.
        let mut all = before.clone();
        all.extend(files.iter().map(|file| (file.path.clone(), file.sha256.clone())));
        self.put_list(root, &list(all.iter().map(|(p, h)| (p.as_str(), h.as_str()))))
            .map_err(failed)?;
        let mut swapped = Swapped { written: 0, unchanged: 0, removed: 0, kept: Vec::new() };
        for file in files {
            let Some(target) = below(root, &file.path) else { continue };
            if self.same.contains(&file.path) {
                swapped.unchanged = swapped.unchanged.saturating_add(1);
                continue;
            }
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder).map_err(failed)?;
            }
            let source = self.scratch.path().join(&file.path);
            open_to_all(&source).map_err(failed)?;
            fs::rename(&source, &target).map_err(|error| Failure::file(&target, &error))?;
            swapped.written = swapped.written.saturating_add(1);
        }
        let now: BTreeMap<&str, &str> =
            files.iter().map(|file| (file.path.as_str(), file.sha256.as_str())).collect();
        for (path, was) in before.iter().filter(|(path, _)| !now.contains_key(path.as_str())) {
            remove(root, path, was, &mut swapped);
        }
        self.put_list(root, &list(now.into_iter())).map_err(failed)?;
        Ok(swapped)
    }

    fn put_list(&self, root: &Path, text: &str) -> io::Result<()> {
        let aside = self.scratch.path().join(LIST);
        fs::write(&aside, text)?;
        open_to_all(&aside)?;
        fs::rename(aside, root.join(LIST))
    }
}

/// Takes a file of an earlier page away, if it is still as we wrote it, and folders it leaves empty.
fn remove(root: &Path, path: &str, was: &str, swapped: &mut Swapped) {
    let Some(target) = below(root, path).filter(|_| !leads_away(root, path)) else { return };
    match hash(&target) {
        None => return,
        Some(now) if now != was => return swapped.kept.push(path.to_owned()),
        Some(_) => {}
    }
    if fs::remove_file(&target).is_ok() {
        swapped.removed = swapped.removed.saturating_add(1);
    }
    let mut folder = target.parent();
    while let Some(empty) = folder.filter(|folder| *folder != root) {
        if fs::remove_dir(empty).is_err() {
            break;
        }
        folder = empty.parent();
    }
}

/// Made unreadable for others while unfinished; these are files for everybody.
fn open_to_all(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

impl Write for Fresh<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.open {
            Some(Open::New(file)) => return file.write(bytes),
            Some(Open::Same { there, at, .. }) => {
                let length = bytes.len().min(self.buffer.len());
                let part = bytes.get(..length).unwrap_or_default();
                let found = self.buffer.get_mut(..length).unwrap_or_default();
                if there.read_exact(found).is_ok() && found == part {
                    *at = at.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
                    return Ok(length);
                }
            }
            None => return Err(io::Error::other("no file is begun")),
        }
        if let Some(Open::Same { path, there, at }) = self.open.take() {
            let file = self.differs(&path, there, at)?;
            self.open = Some(Open::New(file));
        }
        self.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.open {
            Some(Open::New(file)) => file.flush(),
            _ => Ok(()),
        }
    }
}

impl Folder for Fresh<'_> {
    fn begin(&mut self, path: &str) -> io::Result<()> {
        self.end()?;
        self.done = self.done.saturating_add(1);
        let note = path.to_owned();
        if !(self.on)(Progress { done: self.done, total: None, note }) {
            self.cancelled = true;
            return Err(io::Error::other("stopped"));
        }
        self.open = Some(match self.there(path) {
            Some(there) => Open::Same { path: path.to_owned(), there, at: 0 },
            None => Open::New(self.create(path)?),
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests;
