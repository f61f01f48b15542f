//! People with laptops, files, and places that misbehave.

use super::super::*;
use crate::offer::Offer;
use commonhold_core::authority::{Basis, Role};
use commonhold_core::document::{Edit, Key};
use commonhold_core::id::{Device, Sha256, mint};
use commonhold_core::keys::Secret;
use commonhold_core::store::Act;
use commonhold_core::{Date, Kind};
use serde_json::json;

/// What must be read by nobody who only carries the files.
pub const CANARY: &[u8] = b"canary: 412.35 EUR to Zoe Mueller";

/// Ann, who founded a book; each further laptop is another person's.
pub struct World {
    pub folder: tempfile::TempDir,
    pub laptops: Vec<Store>,
    pub book: BookId,
    pub written: u64,
}

pub fn person(n: usize) -> RecordId {
    RecordId::from_u128(n as u128 + 1)
}

pub fn file(length: usize, seed: u8) -> Vec<u8> {
    let mut stream = commonhold_core::keys::Stream::of("a test's file", &[&[seed]]);
    let mut bytes = vec![0; length];
    stream.fill(&mut bytes);
    let end = CANARY.len().min(length);
    bytes[..end].copy_from_slice(&CANARY[..end]);
    bytes
}

impl World {
    pub fn new(people: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut ann = store(folder.path(), 1);
        let genesis = ann.genesis_of("Harbor", NOW, [7; 16], person(0), "laptop");
        ann.begin(&genesis, NOW, &[]).unwrap();
        let book = genesis.book();
        let mut world = Self { folder, laptops: vec![ann], book, written: 0 };
        for n in 1..people {
            let mut laptop = store(world.folder.path(), n as u8 + 1);
            let (device, sealing) = (laptop.device(), laptop.identity().keys().sealing());
            let (log, label) = (laptop.identity().log(&book), "laptop".to_owned());
            let (person, recovery) = (person(n), false);
            let said = Statement::Device { person, device, sealing, log, label, recovery };
            world.laptops[0].say(&book, NOW, &[said]).unwrap();
            laptop.expect(&book).unwrap();
            world.laptops.push(laptop);
        }
        world
    }

    pub fn grant(&mut self, who: usize, role: Role) {
        let (from, to, basis, decision) = (None::<Date>, None, Basis::Decision, None);
        let said = Statement::Grant { person: person(who), role, from, to, basis, decision };
        self.laptops[0].say(&self.book, NOW, &[said]).unwrap();
    }

    /// Ann keeps a file and names it in a record.
    pub fn attach(&mut self, bytes: &[u8], sealed: bool) -> Sha256 {
        let kept = self.laptops[0].keep_attachment(&self.book, bytes, sealed, NOW).unwrap();
        self.name(kept.sha256, sealed);
        kept.sha256
    }

    pub fn name(&mut self, sha256: Sha256, sealed: bool) {
        self.written += 1;
        let id = mint(1_782_864_000_000 + self.written, [self.written as u8; 10]);
        let line =
            |amount: &str| json!({"account": person(90), "amount": amount, "fund": person(91)});
        let (kind, document, fields) = match sealed {
            true => (
                Kind::Import,
                "ledger/imports",
                json!({"v": 1, "format": "csv",
                "file_sha256": sha256, "account": person(90), "attempt": self.written}),
            ),
            false => (
                Kind::Transaction,
                "ledger/2026",
                json!({"v": 1, "date": "2026-05-04",
                "narration": "Hosting", "documents": [sha256],
                "postings": [line("-1.00 EUR"), line("1.00 EUR")]}),
            ),
        };
        let key = Key { kind: kind.name().to_owned(), id };
        let edit = Edit::Entry(key, fields.as_object().cloned().unwrap());
        let act = Act { document: document.to_owned(), edit };
        assert!(self.laptops[0].write(&self.book, NOW, &[act], &mut |_| true).unwrap());
    }

    pub fn meet(&mut self, who: usize, shelf: &mut dyn Shelf) -> Report {
        self.meet_with(who, shelf, Fetching::default())
    }

    pub fn meet_with(&mut self, who: usize, shelf: &mut dyn Shelf, fetching: Fetching) -> Report {
        let options = Options { fetching, ..Options::full(NOW) };
        let (visit, on): (_, OnBundles<'_>) = (&mut Visit::default(), &mut |_, _| true);
        exchange(&mut self.laptops[who], shelf, visit, &self.book, options, on).unwrap()
    }

    pub fn bytes(&self, who: usize, sha256: &Sha256) -> Option<Vec<u8>> {
        self.laptops[who].attachment_bytes(&self.book, sha256).unwrap()
    }

    pub fn keys(&self, who: usize) -> Vec<Secret> {
        let keyring = self.laptops[who].keyring(&self.book).unwrap();
        keyring.secrets().cloned().collect()
    }
}

/// Breaks off after some reads, and lays nothing down of one sort.
pub struct Moody<'a> {
    pub place: &'a mut Memory,
    pub reads: usize,
    pub full: &'static str,
}

impl Shelf for Moody<'_> {
    fn place(&self) -> String {
        "moody".into()
    }
    fn list(&mut self, prefix: &str) -> Result<Vec<Item>, shelf::Error> {
        self.place.list(prefix)
    }
    fn get(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>, shelf::Error> {
        if name.starts_with("files/") {
            self.reads = self.reads.checked_sub(1).ok_or_else(|| self.trouble("it is gone"))?;
        }
        self.place.get(name, most)
    }
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), shelf::Error> {
        match name.starts_with(self.full) {
            true => Err(self.trouble("it is full")),
            false => self.place.put(name, bytes),
        }
    }
    fn remove(&mut self, name: &str) -> Result<(), shelf::Error> {
        self.place.remove(name)
    }
}

impl Moody<'_> {
    fn trouble(&self, reason: &str) -> shelf::Error {
        let (place, trouble) = ("moody".to_owned(), shelf::Trouble::Full);
        shelf::Error { place, trouble, reason: reason.to_owned() }
    }
}

/// What a device reached directly shows.
pub struct Peer<'a>(pub &'a mut Store, pub BookId, pub Device);

impl Shelf for Peer<'_> {
    fn place(&self) -> String {
        "peer".into()
    }
    fn list(&mut self, _: &str) -> Result<Vec<Item>, shelf::Error> {
        Ok(Offer::default().list(self.0, (&self.2, &self.1), NOW).unwrap().unwrap())
    }
    fn get(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>, shelf::Error> {
        let made = Offer::default().get(self.0, (&self.2, &self.1), name, NOW).unwrap();
        assert!(made.as_ref().is_none_or(|bytes| bytes.len() as u64 <= most));
        Ok(made)
    }
    fn put(&mut self, _: &str, _: &[u8]) -> Result<(), shelf::Error> {
        unreachable!("nothing can be laid down there")
    }
    fn remove(&mut self, _: &str) -> Result<(), shelf::Error> {
        unreachable!("nothing can be taken away there")
    }
    fn takes(&self) -> bool {
        false
    }
}
