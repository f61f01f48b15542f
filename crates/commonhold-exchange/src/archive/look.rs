//! Looking into one file of an archive while it is hashed: lines, logs and documents.

use super::limits::shown;
use super::stream::{Hashing, LogCheck, Passed, next_object};
use commonhold_core::document::Document;
use commonhold_core::id::{BookId, Device, Hash, LogId};
use std::collections::BTreeSet;
use std::io::{self, Read};

/// Longest document that is loaded, in bytes.
const MAX_DOCUMENT: u64 = 256 << 20;

/// What was found in one file.
#[derive(Default)]
pub(super) struct Found {
    pub lines: u64,
    pub documents: u64,
    pub objects: u64,
    pub problems: Vec<String>,
}

/// What is known of a file before it is read.
pub(super) struct About<'a> {
    pub path: &'a str,
    pub book: Option<BookId>,
    pub bytes: u64,
    pub heads: Option<&'a (String, BTreeSet<Hash>)>,
}

impl Found {
    /// Reads a file to its end, looking into it where its path says what it is.
    pub fn look<R: Read>(
        &mut self,
        about: &About<'_>,
        mut file: Hashing<R>,
        signers: &mut BTreeSet<Device>,
    ) -> io::Result<Passed> {
        let path = about.path;
        if path.starts_with("data/records/") {
            self.count_lines(&mut file)?;
        } else if let Some(name) = inside(path, "data/objects/", ".objects") {
            match LogId::from_hex(name).filter(|log| log.to_string() == name) {
                Some(log) => self.check_log(&mut file, LogCheck::new(log, about.book, signers))?,
                None => self.problems.push("its name is not that of a log".into()),
            }
        } else if inside(path, "data/crdt/", ".automerge").is_some() {
            match about.heads {
                Some(_) if about.bytes > MAX_DOCUMENT => {
                    self.problems.push("the document is too large to be loaded".into());
                }
                Some((name, heads)) => self.check_document(&mut file, name, heads)?,
                None => self.problems.push("heads.json does not name this document".into()),
            }
        }
        file.drain()
    }

    fn count_lines(&mut self, file: &mut impl Read) -> io::Result<()> {
        let mut buffer = vec![0; 1 << 16];
        loop {
            let count = file.read(&mut buffer)?;
            let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else {
                return Ok(());
            };
            let lines = read.iter().filter(|byte| **byte == b'\n').count();
            self.lines = self.lines.saturating_add(u64::try_from(lines).unwrap_or(0));
        }
    }

    fn check_log(&mut self, file: &mut impl Read, mut check: LogCheck<'_>) -> io::Result<()> {
        while let Some(bytes) = next_object(file)? {
            match check.next(&bytes) {
                Ok(_) => self.objects = self.objects.saturating_add(1),
                Err(problem) => {
                    self.problems.push(problem);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn check_document(
        &mut self,
        file: &mut impl Read,
        name: &str,
        heads: &BTreeSet<Hash>,
    ) -> io::Result<()> {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        match Document::load(name, &bytes) {
            Err(error) => self.problems.push(format!("{error}")),
            Ok(document) => {
                self.documents = self.documents.saturating_add(1);
                if document.heads().into_iter().collect::<BTreeSet<_>>() != *heads {
                    let name = shown(name);
                    self.problems
                        .push(format!("the document “{name}” is not the one heads.json names"));
                }
            }
        }
        Ok(())
    }
}

/// The name in a folder's file of some ending; nothing for any other path.
pub(super) fn inside<'p>(path: &'p str, folder: &str, ending: &str) -> Option<&'p str> {
    path.strip_prefix(folder)?.strip_suffix(ending).filter(|name| !name.contains('/'))
}
