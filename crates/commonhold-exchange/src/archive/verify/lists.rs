//! Reading the lists an archive is judged by: manifests, and the heads of documents.

use super::Check;
use crate::archive::limits::shown;
use crate::archive::{MAX_FILES, truth};
use commonhold_core::id::{BookId, Hash};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::io::{Read, Seek};

/// `crdt/heads.json`.
#[derive(Deserialize)]
struct HeadsFile {
    book: Option<BookId>,
    documents: Vec<HeadsOf>,
    format: String,
}

#[derive(Deserialize)]
struct HeadsOf {
    file: String,
    heads: BTreeSet<Hash>,
    name: String,
}

impl<R: Read + Seek> Check<'_, R> {
    /// Reads a manifest (RFC 8493 §2.1.3).
    pub(super) fn read_manifest(&mut self, name: &str, payload: bool, digits: usize) {
        let text = self.small(name).unwrap_or_else(|why| {
            self.problem(format!("The list of check sums {name} {why}."));
            String::new()
        });
        for (index, line) in text.lines().enumerate() {
            if index >= MAX_FILES {
                return self.problem(format!("{name} names more than {MAX_FILES} files."));
            }
            let parts = line.split_once(char::is_whitespace);
            let Some((sum, path)) = parts.map(|(sum, path)| (sum, path.trim_start())) else {
                let line = index.saturating_add(1);
                self.problem(format!("{name} cannot be read at line {line}."));
                continue;
            };
            let path = path.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%");
            let sum = sum.to_ascii_lowercase();
            let hex = sum.len() == digits && sum.bytes().all(|b| b.is_ascii_hexdigit());
            if !hex || path.starts_with("data/") != payload || path.starts_with("tagmanifest-") {
                self.problem(format!("{name} has a wrong line for “{}”.", shown(&path)));
                continue;
            }
            let expected = self.expected.entry(path.clone()).or_default();
            let slot = if digits == 64 { &mut expected.sha256 } else { &mut expected.sha512 };
            if slot.replace(sum).is_some() {
                self.problem(format!("{name} names “{}” twice.", shown(&path)));
            }
        }
    }

    /// Reads which documents there are and what their heads are.
    pub(super) fn read_heads(&mut self) {
        let text = match self.small("data/crdt/heads.json") {
            Ok(text) => text,
            Err(why) => return self.problem(format!("data/crdt/heads.json {why}.")),
        };
        let Ok(list) = serde_json::from_str::<HeadsFile>(&text) else {
            return self.problem("data/crdt/heads.json cannot be read.".into());
        };
        if list.format != truth::HEADS_FORMAT {
            self.problem("data/crdt/heads.json is in a form this version cannot read.".into());
        }
        if list.book != self.report.book {
            self.problem("data/crdt/heads.json belongs to another book.".into());
        }
        for HeadsOf { name, file, heads } in list.documents {
            if truth::document_file(&name) == file {
                self.heads.insert(format!("data/crdt/{file}"), (name, heads));
            } else {
                let name = shown(&name);
                self.problem(format!("data/crdt/heads.json has a wrong file for “{name}”."));
            }
        }
    }
}
