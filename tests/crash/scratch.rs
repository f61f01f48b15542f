//! A small disk of its own, where this machine lets us have one.

use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A tmpfs that goes away with this value.
pub struct Disk(TempDir);

impl Disk {
    /// A disk of so many kilobytes; nothing, with the reason printed, when mounting is not
    /// permitted.
    pub fn new(kilobytes: usize) -> Option<Self> {
        let disk = tempfile::tempdir().unwrap();
        let size = format!("size={kilobytes}k");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "commonhold-test"])
            .arg(disk.path())
            .output();
        match mount {
            Ok(done) if done.status.success() => Some(Self(disk)),
            other => {
                println!("left out: no small disk can be mounted here ({other:?})");
                None
            }
        }
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// A profile's folder on it.
    pub fn home(&self) -> PathBuf {
        self.path().join("profile")
    }

    /// Makes the disk read-only, or writable again.
    pub fn read_only(&self, yes: bool) {
        let how = if yes { "remount,ro" } else { "remount,rw" };
        let done = Command::new("mount").args(["-o", how]).arg(self.path()).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    }

    /// Fills it with a file, except for so many kilobytes.
    pub fn fill_but(&self, kilobytes: usize) {
        let filler = self.path().join("filler");
        let _ = std::fs::write(&filler, vec![7; 64 << 20]);
        let all = std::fs::metadata(&filler).unwrap().len();
        let file = std::fs::OpenOptions::new().write(true).open(&filler).unwrap();
        file.set_len(all.saturating_sub(kilobytes as u64 * 1024)).unwrap();
    }

    /// Frees what the filler took.
    pub fn free(&self) {
        std::fs::remove_file(self.path().join("filler")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).output();
    }
}
