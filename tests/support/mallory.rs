//! Somebody with a key of their own who signs whatever they like.

use commonhold_core::document::{Document, Edit, Key};
use commonhold_core::id::{Device, Hash, LogId};
use commonhold_core::object::{Object, ObjectKind};
use commonhold_core::{BookId, RecordId, Time};
use ed25519_dalek::SigningKey;
use serde_json::Value;

/// One log of a hostile device.
pub struct Mallory {
    pub key: SigningKey,
    pub nonce: [u8; 16],
    pub book: BookId,
    seq: u64,
    previous: Hash,
}

impl Mallory {
    pub fn new(book: &BookId, seed: u64) -> Self {
        let bytes = *blake3::hash(&seed.to_be_bytes()).as_bytes();
        let nonce = bytes[..16].try_into().unwrap();
        let key = SigningKey::from_bytes(&bytes);
        Self { key, nonce, book: *book, seq: 0, previous: Hash([0; 32]) }
    }

    pub fn device(&self) -> Device {
        Device(self.key.verifying_key().to_bytes())
    }

    pub fn log(&self) -> LogId {
        LogId::of(&self.device(), &self.book, &self.nonce)
    }

    /// The actor this log writes under.
    pub fn actor(&self, document: &str) -> [u8; 16] {
        commonhold_core::document::actor(&self.log(), document)
    }

    /// What an object of this log would be, not signed yet.
    pub fn object(&self, document: &str, parts: Vec<Vec<u8>>) -> Object {
        Object {
            kind: ObjectKind::Changes,
            book: self.book,
            nonce: self.nonce,
            seq: self.seq + 1,
            device: self.device(),
            previous: self.previous,
            time: Time(1_782_864_000_000),
            document: document.to_owned(),
            authority: Vec::new(),
            heads: Vec::new(),
            parts,
        }
    }

    /// Signs the next object of this log.
    pub fn sign(&mut self, object: &Object) -> Vec<u8> {
        let bytes = object.seal(&self.key).unwrap();
        (self.seq, self.previous) = (object.seq, Hash::of(&bytes));
        bytes
    }

    /// Signs changes of a document.
    pub fn says(&mut self, document: &str, parts: Vec<Vec<u8>>) -> Vec<u8> {
        let object = self.object(document, parts);
        self.sign(&object)
    }

    /// Writes edits to a document as itself; the change's bytes.
    pub fn change(&self, document: &mut Document, edits: &[Edit]) -> Vec<u8> {
        let actor = self.actor(document.name());
        let edits: Vec<&Edit> = edits.iter().collect();
        document.write(actor, &self.device(), Time(0), &edits).unwrap().unwrap()
    }
}

/// An edit that writes a whole entry.
pub fn entry(kind: &str, id: RecordId, fields: &Value) -> Edit {
    let key = Key { kind: kind.to_owned(), id };
    Edit::Entry(key, fields.as_object().cloned().unwrap())
}
