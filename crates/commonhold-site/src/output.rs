//! What is written, counted and hashed on its way out.

use crate::Error;
use commonhold_core::id::hex;
use commonhold_exchange::archive::Folder;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// One file of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteFile {
    /// Its path, with `/` between its parts.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
}

/// The files as they go to where the caller wants them.
pub struct Output<'a> {
    folder: &'a mut dyn Folder,
    open: Option<(String, u64, Sha256)>,
    done: BTreeMap<String, (u64, String)>,
}

impl<'a> Output<'a> {
    /// Nothing yet.
    pub fn new(folder: &'a mut dyn Folder) -> Self {
        Self { folder, open: None, done: BTreeMap::new() }
    }

    fn end(&mut self) {
        if let Some((path, bytes, hash)) = self.open.take() {
            self.done.insert(path, (bytes, hex(&hash.finalize())));
        }
    }

    /// A whole file.
    pub fn whole(&mut self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        self.begin(path)?;
        Ok(self.write_all(bytes)?)
    }

    /// The paths of all files so far, in order.
    pub fn paths(&self) -> Vec<String> {
        let open = self.open.iter().map(|(path, ..)| path);
        let mut paths: Vec<String> = self.done.keys().chain(open).cloned().collect();
        paths.sort_unstable();
        paths
    }

    /// The files, by path, and the hash over their list.
    pub fn finish(mut self) -> Result<(Vec<SiteFile>, String), Error> {
        self.end();
        self.folder.flush()?;
        let mut list = Sha256::new();
        let mut files = Vec::with_capacity(self.done.len());
        for (path, (bytes, sha256)) in self.done {
            list.update(format!("{sha256}  {path}\n"));
            files.push(SiteFile { path, bytes, sha256 });
        }
        Ok((files, hex(&list.finalize())))
    }
}

impl Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some((_, count, hash)) = &mut self.open else {
            return Err(io::Error::other("no file is begun"));
        };
        let written = self.folder.write(bytes)?;
        let taken = bytes.get(..written).unwrap_or_default();
        hash.update(taken);
        *count = count.saturating_add(u64::try_from(taken.len()).unwrap_or(u64::MAX));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.folder.flush()
    }
}

impl Folder for Output<'_> {
    fn begin(&mut self, path: &str) -> io::Result<()> {
        self.end();
        if self.done.contains_key(path) {
            return Err(io::Error::other(format!("{path} is there already")));
        }
        self.folder.begin(path)?;
        self.open = Some((path.to_owned(), 0, Sha256::new()));
        Ok(())
    }
}

/// Files written below a folder of the page.
pub struct Below<'a, 'b> {
    /// The page.
    pub output: &'a mut Output<'b>,
    /// The folder, with a `/` at its end.
    pub folder: &'static str,
}

impl Write for Below<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.output.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Folder for Below<'_, '_> {
    fn begin(&mut self, path: &str) -> io::Result<()> {
        self.output.begin(&format!("{}{path}", self.folder))
    }
}
