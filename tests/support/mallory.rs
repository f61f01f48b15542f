//! Somebody with a key of their own who signs whatever they like.

use commonhold_app::App;
use commonhold_core::authority::Statement;
use commonhold_core::document::{Document, Edit, Key, change_hash};
use commonhold_core::id::{Device, Hash, LogId};
use commonhold_core::keys::DeviceKeys;
use commonhold_core::object::{Object, ObjectKind, hash};
use commonhold_core::{BookId, RecordId, Time};
use ed25519_dalek::SigningKey;
use serde_json::Value;

/// One log of a hostile device.
pub struct Mallory {
    pub key: SigningKey,
    pub nonce: [u8; 16],
    pub book: BookId,
    /// The statements it cites.
    pub cites: Vec<Hash>,
    /// The number of the last object of its log.
    pub seq: u64,
    /// That object's hash.
    pub previous: Hash,
}

impl Mallory {
    pub fn new(book: &BookId, seed: u64) -> Self {
        let bytes = *blake3::hash(&seed.to_be_bytes()).as_bytes();
        let nonce = bytes[..16].try_into().unwrap();
        let key = SigningKey::from_bytes(&bytes);
        Self { key, nonce, book: *book, cites: Vec::new(), seq: 0, previous: Hash([0; 32]) }
    }

    /// The same log from here on once more: what both say next stands at one place.
    pub fn twin(&self) -> Self {
        let (key, cites) = (self.key.clone(), self.cites.clone());
        Self { key, cites, ..*self }
    }

    /// Signs statements.
    pub fn states(&mut self, statements: &[Statement]) -> Vec<u8> {
        let mut object = self.object("", statements.iter().map(Statement::bytes).collect());
        (object.kind, object.heads) = (ObjectKind::Statements, Vec::new());
        self.sign(&object)
    }

    /// The same as a device of the person at a laptop, who let it in.
    pub fn of(laptop: &mut App, book: &BookId, seed: u64) -> Self {
        let person = super::person(laptop, book);
        Self::of_person(laptop, book, seed, person)
    }

    /// The same as a device of somebody.
    pub fn of_person(laptop: &mut App, book: &BookId, seed: u64, person: RecordId) -> Self {
        let mut mallory = Self::new(book, seed);
        super::say(laptop, book, &[mallory.admission(person)]);
        mallory.catch_up(laptop);
        mallory
    }

    /// What makes it a device of somebody.
    pub fn admission(&self, person: RecordId) -> Statement {
        let seed = self.key.to_bytes();
        let (device, sealing) = (self.device(), DeviceKeys::from_seed(seed).sealing());
        let (log, label) = (self.log(), "Mallory".to_owned());
        Statement::Device { person, device, sealing, log, label, recovery: false }
    }

    /// Cites from now on what a laptop knows.
    pub fn catch_up(&mut self, laptop: &App) {
        self.cites = laptop.reader().authority(&self.book).unwrap().heads().to_vec();
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
            authority: self.cites.clone(),
            heads: parts.last().map(|part| change_hash(part)).into_iter().collect(),
            parts,
            sealed: None,
        }
    }

    /// Signs the next object of this log.
    pub fn sign(&mut self, object: &Object) -> Vec<u8> {
        let bytes = object.seal(&self.key, None).unwrap();
        (self.seq, self.previous) = (object.seq, hash(&bytes));
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
