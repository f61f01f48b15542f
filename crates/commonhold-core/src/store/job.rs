//! The part of a write that needs no database: changes are made and records are judged on a thread
//! of their own, while what is done already is being stored.

use super::{Error, Reader};
use crate::authority::Writer;
use crate::date::Time;
use crate::document::{Document, Edit, Key, Raw, Version};
use crate::id::{Device, Hash};
use crate::json::{self, Fields};
use crate::projection::Prepared;
use std::collections::BTreeMap;

/// Most edits in one automerge change: large enough to compress, small enough to check.
const EDITS_A_CHANGE: usize = 1000;
/// Edits of one document from which on it is worth bringing them into order.
const MANY_EDITS: usize = 100;

/// A new entry: its key and what it says.
type Entry<'a> = (&'a Key, &'a Fields);

/// What one document is to be given.
pub(super) struct Job<'a> {
    pub n: i64,
    pub name: &'a str,
    pub document: Document,
    pub actor: [u8; 16],
    pub edits: Vec<&'a Edit>,
    /// Entries to be written beside others that are nobody's to write.
    pub beside: Vec<Entry<'a>>,
    pub writer: &'a Writer,
}

/// One document after it was given that: its changes, and its records for the read model.
pub(super) struct Done<'a> {
    pub n: i64,
    pub name: &'a str,
    pub document: Document,
    pub parts: Vec<Vec<u8>>,
    pub records: Vec<Prepared>,
}

impl<'a> Job<'a> {
    fn work(mut self, device: &Device, now: Time) -> Result<Done<'a>, Error> {
        let mut parts = Vec::new();
        let many = self.edits.len() > MANY_EDITS;
        if many {
            // Changes that lie side by side in the document are applied at once.
            self.edits.sort_by_key(|edit| edit.key());
        }
        // An actor's first change, which names its author, is slow to write: it is kept short.
        let short = usize::from(many && !self.document.knows(&self.actor));
        let (first, rest) = self.edits.split_at(short);
        for chunk in [first].into_iter().chain(rest.chunks(EDITS_A_CHANGE)) {
            if !chunk.is_empty() {
                parts.extend(self.document.write(self.actor, device, now, chunk)?);
            }
        }
        if !self.beside.is_empty() {
            parts.push(self.document.write_beside(self.actor, device, now, &self.beside)?);
        }
        let records = self.records();
        let Self { n, name, document, .. } = self;
        Ok(Done { n, name, document, parts, records })
    }

    /// The records that were written, as the document holds them now: a new entry holds what it
    /// was given, everything else is read.
    fn records(&self) -> Vec<Prepared> {
        let mut touched: BTreeMap<&Key, Option<&Fields>> = BTreeMap::new();
        for edit in &self.edits {
            let given = match edit {
                Edit::Entry(_, fields) if !fields.values().any(json::has_inexact_number) => {
                    Some(fields)
                }
                _ => None,
            };
            let known = touched.entry(edit.key());
            known.and_modify(|known| *known = None).or_insert(given);
        }
        touched.extend(self.beside.iter().map(|(key, fields)| (*key, Some(*fields))));
        let read = |(key, given): (&Key, Option<&Fields>)| {
            let raw = match given {
                Some(fields) => {
                    // Of a new entry the change that wrote it need not be looked up.
                    let fields = Some(fields.clone());
                    let version = Version { fields, change: Some(Hash([0; 32])) };
                    Raw { entry: true, versions: vec![version], ..Raw::default() }
                }
                None => self.document.read(key)?,
            };
            Some(Prepared::new(key.clone(), raw, &mut self.writer.clone()))
        };
        touched.into_iter().filter_map(read).collect()
    }
}

impl Reader {
    /// Tells edits from entries that are to stand beside others which are nobody's to write.
    pub(super) fn told_apart<'a>(
        &self,
        number: i64,
        document: &Document,
        edits: Vec<&'a Edit>,
    ) -> Result<(Vec<&'a Edit>, Vec<Entry<'a>>), Error> {
        let (mut plain, mut beside) = (Vec::new(), Vec::new());
        for edit in edits {
            match edit {
                Edit::Entry(key, fields)
                    if document.holds_entry(key) && self.is_nobodys(number, key)? =>
                {
                    beside.push((key, fields));
                }
                other => plain.push(other),
            }
        }
        Ok((plain, beside))
    }
}

/// Works on documents one after the other and hands each over when it is done; false when `take`
/// stopped it.
pub(super) fn in_step<'a>(
    jobs: Vec<Job<'a>>,
    device: &Device,
    now: Time,
    take: &mut dyn FnMut(Done<'a>) -> Result<bool, Error>,
) -> Result<bool, Error> {
    for job in jobs {
        if !take(job.work(device, now)?)? {
            return Ok(false);
        }
    }
    Ok(true)
}
