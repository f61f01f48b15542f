//! What the names on a shelf say.

use super::MAX_NAMED;
use crate::attachments::{self, PartId};
use crate::bundle::Name;
use crate::engine::Listing;
use crate::shelf::Item;
use commonhold_core::id::LogId;
use std::collections::BTreeSet;

/// Most envelopes and receipts looked at.
const MAX_SMALL: usize = 5000;
/// Most parts of attachments looked at.
const MAX_FILES: usize = 200_000;

/// A shelf's files, told apart by their names.
#[derive(Debug, Default)]
pub struct Listed {
    /// Whole bundles.
    pub bundles: Listing,
    /// Names of envelopes.
    pub envelopes: BTreeSet<String>,
    /// Names of receipts.
    pub receipts: BTreeSet<String>,
    /// Whole parts of attachments, with their lengths.
    pub files: BTreeSet<(PartId, u64)>,
    /// Parts of attachments that somebody found damaged.
    pub marks: BTreeSet<PartId>,
    /// Names of files that are none of ours.
    pub ignored: Vec<String>,
}

/// The full name of a bundle on a shelf.
pub fn bundle_name(log: &LogId, name: &Name) -> String {
    format!("{log}/{name}")
}

fn is_hex(text: &str, digits: usize) -> bool {
    let digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    text.len() == digits && text.bytes().all(digit)
}

fn bundle(item: &Item) -> Option<(LogId, Name)> {
    let (log, file) = item.name.split_once('/')?;
    let log = is_hex(log, 32).then(|| LogId::from_hex(log)).flatten()?;
    let name = Name::parse(file).filter(|name| name.bytes == item.bytes)?;
    Some((log, name))
}

fn file(item: &Item) -> Option<(PartId, u64)> {
    attachments::read_file_name(&item.name).filter(|(_, bytes)| *bytes == item.bytes)
}

fn is_envelope(name: &str) -> bool {
    let hash = name.strip_prefix("keys/").and_then(|name| name.strip_suffix(".chk"));
    hash.is_some_and(|hash| is_hex(hash, 64))
}

/// The log a receipt's name speaks for.
pub fn receipt_log(name: &str) -> Option<LogId> {
    let name = name.strip_prefix("seen/")?.strip_suffix(".chr")?;
    let (log, state) = name.split_once('-')?;
    (is_hex(log, 32) && is_hex(state, 16)).then(|| LogId::from_hex(log)).flatten()
}

impl Listed {
    /// Tells files apart.
    pub fn of(items: Vec<Item>) -> Self {
        let mut listed = Self::default();
        for item in items {
            if let Some((log, name)) = bundle(&item) {
                listed.bundles.entry(log).or_default().insert(name);
            } else if is_envelope(&item.name) && listed.envelopes.len() < MAX_SMALL {
                listed.envelopes.insert(item.name);
            } else if receipt_log(&item.name).is_some() && listed.receipts.len() < MAX_SMALL {
                listed.receipts.insert(item.name);
            } else if let Some(file) = file(&item).filter(|_| listed.files.len() < MAX_FILES) {
                listed.files.insert(file);
            } else if let Some(mark) =
                attachments::read_mark_name(&item.name).filter(|_| listed.marks.len() < MAX_FILES)
            {
                listed.marks.insert(mark);
            } else if listed.ignored.len() < MAX_NAMED {
                listed.ignored.push(item.name);
            }
        }
        listed
    }

    /// Leaves a bundle out from now on.
    pub fn forget(&mut self, log: &LogId, name: &Name) {
        if let Some(names) = self.bundles.get_mut(log) {
            names.remove(name);
        }
    }
}
