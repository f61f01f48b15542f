//! What a row is known by in every export that holds it.

use super::text::fold;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// `<format>:<64 hexadecimal digits>`: SHA-256 over the parts with U+001F between them.
pub(super) fn digest(format: &str, parts: &[&str]) -> String {
    let mut identity = format!("{format}:");
    for byte in Sha256::digest(parts.join("\u{1f}").as_bytes()) {
        for half in [byte >> 4, byte & 15] {
            identity.extend(char::from_digit(u32::from(half), 16));
        }
    }
    identity
}

/// A text as it goes into an identity: folded, without white space, so that another line length
/// or spelling of the same export is the same row.
pub(super) fn squash(text: &str) -> String {
    fold(text).split(' ').collect()
}

/// Counts rows that say the same: the multiset of a file.
#[derive(Default)]
pub(super) struct Seen(HashMap<String, u64>);

impl Seen {
    /// The identity with the row's number among equal rows of the file, from 1.
    pub(super) fn next(&mut self, mut identity: String) -> String {
        let count = self.0.entry(identity.clone()).or_default();
        *count = count.saturating_add(1);
        identity.push('#');
        identity.push_str(&count.to_string());
        identity
    }
}
