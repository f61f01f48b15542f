//! A small service on the founder's laptop, the same in every run, and who writes to it.

use crate::change;
use commonhold_core::authority::{Basis, Role, Statement};
use commonhold_core::document::{self, Document, Edit, Key};
use commonhold_core::id::{Device, Hash, LogId, RecordId, mint};
use commonhold_core::keys::{DeviceKeys, Secret};
use commonhold_core::object::hash;
use commonhold_core::record::Form;
use commonhold_core::store::{Act, Identity, Store};
use commonhold_core::{BookId, Kind, Time};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::TempDir;

/// The first of July 2026.
pub const NOW: Time = Time(1_782_864_000_000);

/// Somebody who signs.
pub struct Writer {
    pub keys: DeviceKeys,
    pub nonce: [u8; 16],
    pub log: LogId,
    /// The last object of the log, as the service begins.
    pub seq: u64,
    pub previous: Hash,
}

/// A document as the service begins.
#[derive(Clone)]
pub struct Place {
    pub name: String,
    pub heads: Vec<Hash>,
    /// The number of the next operation.
    pub start: u64,
    /// The key of its own, if it has one.
    pub secret: Option<Secret>,
}

impl Place {
    /// How a writer's first change there begins.
    pub fn head(&self, log: &LogId) -> Vec<u8> {
        change::head(&self.heads, &document::actor(log, &self.name), self.start)
    }
}

/// The service.
pub struct World {
    pub book: BookId,
    pub founder: RecordId,
    pub newcomer: RecordId,
    pub page: RecordId,
    /// The founder's profile.
    pub profile: Vec<u8>,
    /// The statements of the service.
    pub cites: Vec<Hash>,
    /// A hostile device of the founder's, one of somebody without a role, the founder's own
    /// laptop, and one nobody admitted.
    pub writers: Vec<Writer>,
    pub places: Vec<Place>,
    /// The key of the book.
    pub secret: Secret,
    /// Every object of it.
    pub objects: Vec<Vec<u8>>,
}

/// The laptop's identity.
pub fn identity() -> Identity {
    Identity::new(DeviceKeys::from_seed([1; 32]), [1; 16], [1; 32])
}

/// A record's id.
pub fn id(n: u8) -> RecordId {
    mint(1_782_864_000_000, [n; 10])
}

/// The fields of a JSON object.
pub fn fields(value: &Value) -> commonhold_core::json::Fields {
    value.as_object().cloned().expect("an object")
}

fn add(store: &mut Store, book: &BookId, kind: Kind, n: u8, value: &Value) -> RecordId {
    let (info, fields) = (kind.info(), fields(value));
    let judged = (info.judge)(&fields);
    assert_eq!(judged.problems, [], "{kind}");
    let id = info.id(book, &judged, id(n));
    let home = judged.home.expect("a home");
    let document = store.document_for(book, kind, &id, &home, &mut Default::default());
    let key = Key { kind: kind.name().into(), id };
    let edit = match info.form {
        Form::Entry => Edit::Entry(key, fields),
        Form::Living => Edit::Fields(key, fields),
    };
    let act = Act { document: document.expect("a document"), edit };
    assert!(store.write(book, NOW, &[act], &mut |_| true).expect("written"));
    id
}

fn writer(seed: u8, book: &BookId, nonce: [u8; 16]) -> Writer {
    let keys = DeviceKeys::from_seed([seed; 32]);
    let log = LogId::of(&keys.device(), book, &nonce);
    Writer { keys, nonce, log, seq: 0, previous: Hash([0; 32]) }
}

/// The number an operation would get that somebody writes to a document now.
fn next_operation(document: &Document) -> u64 {
    let (key, fields) = (Key { kind: "fund".into(), id: id(99) }, fields(&json!({"a": "b"})));
    let part =
        document.clone().write([0; 16], &Device([0; 32]), NOW, &[&Edit::Fields(key, fields)]);
    let part = part.expect("written").expect("a change");
    // Behind the hashes it builds on, the actor's name and the number of the change.
    let rest = &change::body(&part)[1 + 32 * document.heads().len() + 17 + 1..];
    let bytes = rest.iter().take_while(|byte| **byte & 0x80 != 0).count() + 1;
    rest[..bytes].iter().rev().fold(0, |sum, byte| sum << 7 | u64::from(byte & 0x7f))
}

/// A document, as a change would build on it.
pub fn place(document: &Document, secret: Option<Secret>) -> Place {
    let (name, heads) = (document.name().to_owned(), document.heads());
    Place { name, heads, start: next_operation(document), secret }
}

impl World {
    /// The service; made at the first call.
    pub fn get() -> &'static Self {
        static WORLD: OnceLock<World> = OnceLock::new();
        WORLD.get_or_init(Self::found)
    }

    fn found() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("book.sqlite");
        let mut store = Store::open(&path, identity()).expect("a store");
        let genesis = store.genesis_of("Harbor", NOW, [1; 16], id(1), "Laptop");
        store.begin(&genesis, NOW, &[]).expect("begun");
        let (book, founder, newcomer) = (genesis.book(), id(1), id(2));
        let mut writers = vec![
            writer(7, &book, [5; 16]),
            writer(6, &book, [5; 16]),
            writer(1, &book, identity().nonce()),
            writer(8, &book, [5; 16]),
        ];
        let device = |person, writer: &Writer| Statement::Device {
            person,
            device: writer.keys.device(),
            sealing: writer.keys.sealing(),
            log: writer.log,
            label: "Mallory".into(),
            recovery: false,
        };
        let role = Role::Contributor;
        let (from, to, basis, decision) = (None, None, Basis::Decision, None);
        let grant = Statement::Grant { person: newcomer, role, from, to, basis, decision };
        let said = [device(founder, &writers[0]), device(newcomer, &writers[1]), grant];
        store.say(&book, NOW, &said).expect("said");
        let page = records(&mut store, &book);
        store.mend_keys(&book, NOW).expect("keys");
        let places = places(&store, &book);
        let log =
            store.logs(&book).expect("logs").into_iter().find(|log| log.own).expect("its log");
        let objects = store.objects(log.n, 0, u32::MAX).expect("objects");
        let (seq, last) = objects.last().expect("an object");
        (writers[2].seq, writers[2].previous) = (*seq, hash(last));
        let cites = store.authority(&book).expect("statements").heads().to_vec();
        let secret = store.sealing_key(&book, NOW).expect("keys").expect("a key");
        let objects = objects.into_iter().map(|(_, bytes)| bytes).collect();
        drop(store);
        let profile = std::fs::read(&path).expect("the profile");
        Self { book, founder, newcomer, page, profile, cites, writers, places, secret, objects }
    }
}

fn records(store: &mut Store, book: &BookId) -> RecordId {
    let bank = json!({"path": "Assets:Bank", "type": "asset"});
    let bank = add(store, book, Kind::Account, 10, &bank);
    let hosting = json!({"path": "Expenses:Hosting", "type": "expense"});
    let hosting = add(store, book, Kind::Account, 11, &hosting);
    let fund = json!({"name": "general", "restriction": "unrestricted"});
    let fund = add(store, book, Kind::Fund, 12, &fund);
    let bill = json!({"date": "2026-05-04", "narration": "Hosting", "postings": [
        {"account": bank, "amount": "-4.00 EUR", "fund": fund},
        {"account": hosting, "amount": "4.00 EUR", "fund": fund}]});
    add(store, book, Kind::Transaction, 13, &bill);
    let page = json!({"title": "Minutes", "kind": "minutes"});
    let page = add(store, book, Kind::Page, 14, &page);
    let key = Key { kind: "page".into(), id: page };
    let (field, text) = ("body".into(), "# Minutes\n\nPresent: Ada.\n".into());
    let edit = Edit::Text { key, field, base: None, text };
    let act = Act { document: format!("page/{page}"), edit };
    assert!(store.write(book, NOW, &[act], &mut |_| true).expect("written"));
    let contact = json!({"name": "Ada", "email": "ada@harbor.example"});
    add(store, book, Kind::Contact, 15, &contact);
    page
}

fn places(store: &Store, book: &BookId) -> Vec<Place> {
    let authority = store.authority(book).expect("statements");
    let keyring = store.keyring(book).expect("keys");
    let infos = store.documents(book).expect("documents");
    let mut places: Vec<Place> = infos
        .iter()
        .map(|info| {
            let secret = keyring.current(&info.name, authority.state(), NOW.date()).cloned();
            place(&store.load(book, info.n, &info.name).expect("loaded"), secret)
        })
        .collect();
    for name in ["ledger/imports", "vault", "ledger/2026/2"] {
        places.push(place(&Document::new(book, name).expect("new"), None));
    }
    places
}

/// A place for profiles that is emptied before each use.
pub struct Scratch(TempDir);

impl Scratch {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// A copy of the founder's profile.
    pub fn profile(&self, name: &str) -> Store {
        let path = self.fresh(name);
        std::fs::write(&path, &World::get().profile).expect("copied");
        Store::open(&path, identity()).expect("opened")
    }

    fn fresh(&self, name: &str) -> PathBuf {
        for end in ["sqlite-wal", "sqlite-shm", "sqlite"] {
            let _ = std::fs::remove_file(self.path().join(name).with_extension(end));
        }
        self.path().join(name).with_extension("sqlite")
    }
}

impl Default for Scratch {
    fn default() -> Self {
        Self::new()
    }
}

/// Everything a profile shows of the service.
pub fn dump(store: &Store) -> String {
    let mut text = String::new();
    let each = &mut |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    store.dump(&World::get().book, each).expect("dumped");
    text
}

/// A document with an entry, fields and a text.
pub fn small_document() -> Document {
    let book = BookId([9; 32]);
    let mut document = Document::new(&book, "charter").expect("new");
    let key = |kind: &str, n| Key { kind: kind.into(), id: id(n) };
    let edits = [
        Edit::Entry(key("transaction", 13), fields(&json!({"narration": "Hosting"}))),
        Edit::Fields(key("fund", 12), fields(&json!({"name": "general", "purpose": "all"}))),
        Edit::Text {
            key: key("page", 14),
            field: "body".into(),
            base: None,
            text: "# Minutes\n\nPresent: Ada.\n".into(),
        },
    ];
    let writer = &World::get().writers[2];
    let actor = document::actor(&writer.log, "charter");
    for edit in &edits {
        let change = document.write(actor, &writer.keys.device(), Time(0), &[edit]);
        change.expect("written").expect("a change");
    }
    document
}
