//! The folder of the page: written beside it first, then put into its place file by file.
//!
//! `SHA256SUMS` in the folder lists what is ours, as `sha256sum -c` reads it. What is not on it is
//! somebody else's: it is never overwritten and never removed.

use crate::events::{OnProgress, Progress};
use crate::failure::{Code, Failure};
use commonhold_core::id::hex;
use commonhold_site::{Folder, SiteFile};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};

/// The list of our files.
const LIST: &str = "SHA256SUMS";
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

/// Files that are being written beside their place.
pub struct Fresh<'a> {
    scratch: tempfile::TempDir,
    open: Option<BufWriter<File>>,
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
    let text = text.strip_prefix(MARK).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.split_once("  "));
    lines.map(|(hash, path)| (path.to_owned(), hash.to_owned())).collect()
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
        Ok(Self { scratch, open: None, done: 0, cancelled: false, on })
    }

    /// Whether the person stopped it.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled
    }

    fn end(&mut self) -> io::Result<()> {
        match self.open.take() {
            Some(mut file) => file.flush(),
            None => Ok(()),
        }
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
            leads_away(root, path) || (new && hash(&there).as_ref() != Some(sha256))
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
            if hash(&target).as_ref() == Some(&file.sha256) {
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
            Some(file) => file.write(bytes),
            None => Err(io::Error::other("no file is begun")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.open.as_mut().map_or(Ok(()), Write::flush)
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
        let target = below(self.scratch.path(), path)
            .ok_or_else(|| io::Error::other("a path leads out of the folder"))?;
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        self.open = Some(BufWriter::new(File::create_new(target)?));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::unheard;

    /// Puts a page of these files into a folder.
    fn page(root: &Path, files: &[(&str, &str)]) -> Result<Swapped, Failure> {
        let mut hear = unheard;
        let mut fresh = Fresh::beside(root, &mut hear).unwrap();
        let mut list = Vec::new();
        for (path, text) in files {
            fresh.begin(path).unwrap();
            fresh.write_all(text.as_bytes()).unwrap();
            let sha256 = hex(&Sha256::digest(text.as_bytes()));
            list.push(SiteFile { path: (*path).into(), bytes: text.len() as u64, sha256 });
        }
        fresh.swap(root, &list)
    }

    fn counts(swapped: &Swapped) -> (u32, u32, u32) {
        (swapped.written, swapped.unchanged, swapped.removed)
    }

    #[test]
    fn only_what_changed_is_written_and_only_what_is_ours_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("page");
        let first = page(&root, &[("index.html", "one"), ("money/2026-01.html", "old")]).unwrap();
        assert_eq!(counts(&first), (2, 0, 0));
        fs::write(root.join("README.md"), "a stranger's").unwrap();
        fs::write(root.join("money/notes.txt"), "a stranger's").unwrap();
        let time = fs::metadata(root.join("index.html")).unwrap().modified().unwrap();
        let second = page(&root, &[("index.html", "one"), ("de/index.html", "eins")]).unwrap();
        assert_eq!(counts(&second), (1, 1, 1));
        assert_eq!(fs::metadata(root.join("index.html")).unwrap().modified().unwrap(), time);
        assert!(!root.join("money/2026-01.html").exists());
        assert_eq!(fs::read_to_string(root.join("money/notes.txt")).unwrap(), "a stranger's");
        // What somebody changed by hand is not taken away with the rest.
        fs::write(root.join("de/index.html"), "changed by hand").unwrap();
        let third = page(&root, &[("index.html", "two")]).unwrap();
        assert_eq!((counts(&third), third.kept), ((1, 0, 0), vec!["de/index.html".to_owned()]));
        assert_eq!(fs::read_to_string(root.join("index.html")).unwrap(), "two");
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "nothing is left beside the page");
    }

    #[test]
    fn a_file_of_somebody_else_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("page");
        fs::create_dir(&root).unwrap();
        fs::write(root.join("index.html"), "a stranger's").unwrap();
        let refused = page(&root, &[("about.html", "x"), ("index.html", "ours")]);
        assert_eq!(refused.err().unwrap().code, Code::Exists);
        assert_eq!(fs::read_to_string(root.join("index.html")).unwrap(), "a stranger's");
        assert!(!root.join("about.html").exists(), "nothing is written before it is sure");
    }

    #[test]
    fn a_list_that_leads_elsewhere_removes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("page");
        fs::create_dir(&root).unwrap();
        let precious = folder.path().join("precious");
        fs::write(&precious, "x").unwrap();
        let hash = hex(&Sha256::digest(b"x"));
        let list = format!("{MARK}{hash}  ../precious\n{hash}  {}\nnonsense\n", precious.display());
        fs::write(root.join(LIST), list).unwrap();
        assert_eq!(counts(&page(&root, &[("index.html", "one")]).unwrap()), (1, 0, 0));
        assert!(precious.exists());
        assert!(Fresh::beside(&root, &mut unheard).unwrap().begin("../x").is_err());
    }

    #[test]
    fn a_list_of_somebody_else_is_not_taken_for_ours() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("page");
        fs::create_dir(&root).unwrap();
        fs::write(root.join("release.tar"), "x").unwrap();
        let hash = hex(&Sha256::digest(b"x"));
        fs::write(root.join(LIST), format!("{hash}  release.tar\n")).unwrap();
        assert_eq!(page(&root, &[("index.html", "one")]).err().unwrap().code, Code::Exists);
        assert!(root.join("release.tar").exists() && !root.join("index.html").exists());
    }

    #[test]
    fn a_folder_behind_a_link_is_not_ours() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("page");
        page(&root, &[("index.html", "one")]).unwrap();
        #[cfg(unix)]
        {
            let elsewhere = folder.path().join("elsewhere");
            fs::create_dir(&elsewhere).unwrap();
            std::os::unix::fs::symlink(&elsewhere, root.join("money")).unwrap();
            assert!(page(&root, &[("index.html", "one"), ("money/x.html", "x")]).is_err());
            assert!(fs::read_dir(&elsewhere).unwrap().next().is_none());
        }
    }
}
