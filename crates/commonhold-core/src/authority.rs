//! Who may do what. Today it holds the first statement of every book: its genesis, whose hash is
//! the book's id, so that nobody can point an invitation at another book. Roles, removals and
//! epochs are further statements of the same set; every object names the statements its author
//! had seen ([`crate::object::Object::authority`]).

use crate::date::Time;
use crate::id::{BookId, Device, Hash, hex};
use crate::json;
use serde::{Deserialize, Serialize};

/// The first statement of a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Genesis {
    /// Always `genesis`.
    pub statement: String,
    /// Version of this form.
    pub v: u8,
    /// The service's name when the book was begun.
    pub name: String,
    /// The founder's device.
    pub device: Device,
    /// When the founder's device says it was begun, milliseconds since 1970.
    pub time: i64,
    /// Sixteen random bytes, hexadecimal, so that two books with one name differ.
    pub nonce: String,
}

impl Genesis {
    /// The genesis of a new book.
    pub fn new(name: &str, device: Device, time: Time, nonce: [u8; 16]) -> Self {
        let statement = "genesis".to_owned();
        Self { statement, v: 1, name: name.to_owned(), device, time: time.0, nonce: hex(&nonce) }
    }

    /// Its canonical bytes.
    pub fn bytes(&self) -> Vec<u8> {
        json::canonical(self).into_bytes()
    }

    /// The id of the book it begins.
    pub fn book(&self) -> BookId {
        BookId(Hash::of(&self.bytes()).0)
    }

    /// Reads a genesis; nothing when the bytes are anything else or not in canonical form.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let genesis: Self = serde_json::from_slice(bytes).ok()?;
        (genesis.statement == "genesis" && genesis.bytes() == bytes).then_some(genesis)
    }
}
