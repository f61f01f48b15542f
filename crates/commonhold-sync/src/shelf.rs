//! What every place to exchange through comes down to: files with names that can be listed, read,
//! laid down and taken away. A shelf may lie, repeat, forget, be slow or be gone; what is on it is
//! sealed and signed, so it need not be trusted.

mod memory;

pub use memory::Memory;

use commonhold_core::id::{BookId, Device, hex};
use commonhold_core::keys::Topic;
use zeroize::Zeroizing;

/// A file on a shelf, as a listing names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// Its name below the shelf: parts of `a–z 0–9 . -` with `/` between.
    pub name: String,
    /// Its length in bytes, as the shelf says.
    pub bytes: u64,
}

/// What kind of trouble a shelf has; what to do follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It cannot be reached now: try again later.
    Away,
    /// It does not let this device in: credentials, permissions, a clock.
    Denied,
    /// It takes nothing more: quota, rate, a full disk.
    Full,
    /// It answers what makes no sense, or cannot do what was asked.
    Broken,
    /// The caller stopped the work.
    Stopped,
}

/// Why a shelf could not do something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct Error {
    /// Where, in words for people; never with a password.
    pub place: String,
    /// What kind of trouble it is.
    pub trouble: Trouble,
    /// What happened, in words for people.
    pub reason: String,
}

/// Files of one room of a place. Every call may take its time and may fail.
pub trait Shelf: Send {
    /// Where it is, in words for people; never with a password.
    fn place(&self) -> String;

    /// Every file whose name begins with this text (empty for all), in any order. Files that are
    /// not whole yet are left out.
    fn list(&mut self, prefix: &str) -> Result<Vec<Item>, Error>;

    /// A file's bytes, at most so many of them; nothing when it is not there.
    fn get(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>, Error>;

    /// Lays a file down, whole or not at all, in place of one of that name. When this returns, the
    /// place has promised to keep it.
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error>;

    /// Takes a file away; fine when it is not there.
    fn remove(&mut self, name: &str) -> Result<(), Error>;

    /// Whether reading costs next to nothing, as on a disk.
    fn is_near(&self) -> bool {
        false
    }

    /// Whether files can be laid down here. A live peer takes what it wants by itself.
    fn takes(&self) -> bool {
        true
    }
}

/// What a device shows a live peer: the files it could lay down, made when they are asked for.
pub trait Source: Send + Sync {
    /// The files of a book; nothing when there is no such book here or the peer is not let in.
    fn list(&self, peer: &Device, book: &BookId) -> Option<Vec<Item>>;

    /// One of these files, at most so many bytes of it.
    fn get(&self, peer: &Device, book: &BookId, name: &str, most: u64) -> Option<Vec<u8>>;
}

/// What a shelf is for. Places that people share with nobody else tell rooms apart by their names;
/// a relay tells them apart by the topic, whose key only those have who belong there.
#[derive(Clone, Debug)]
pub enum Room {
    /// The sealed bundles, keys and receipts of a book; without a key it can be entered only where
    /// rooms are told apart by names.
    Book(BookId, Option<Topic>),
    /// Where one who invites and one who joins meet: the invitation's number and secret.
    Meeting([u8; 16], Zeroizing<Vec<u8>>),
}

impl Room {
    /// Its name in a place that tells rooms apart by names.
    pub fn folder(&self) -> String {
        match self {
            Self::Book(book, _) => format!("commonhold/{book}/"),
            Self::Meeting(invitation, _) => format!("commonhold/joining/{}/", hex(invitation)),
        }
    }

    /// The key that opens it on a relay. For a meeting it takes a moment to work out; nothing if
    /// the computer has not got the memory for that, or there is no key.
    pub fn topic(&self) -> Option<Topic> {
        match self {
            Self::Book(_, topic) => topic.clone(),
            Self::Meeting(_, secret) => Topic::of_invitation(secret),
        }
    }
}

/// Whether a name is one that a shelf may have: short parts of small letters, digits, points and
/// hyphens, none of which begins with a point.
pub fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-';
        !part.is_empty() && part.len() <= 128 && !part.starts_with('.') && part.bytes().all(fits)
    };
    name.len() <= 200 && name.split('/').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_none() {
        assert!(is_name("a1/keys/0f.chk") && is_name("x-1.cho"));
        for name in ["", "/a", "a/", "a//b", "../a", "a/../b", "a/.b", "A", "a b", "ä", "a\\b"] {
            assert!(!is_name(name), "{name}");
        }
        assert!(!is_name(&"a".repeat(129)) && !is_name(&"a/".repeat(150)));
    }
}
