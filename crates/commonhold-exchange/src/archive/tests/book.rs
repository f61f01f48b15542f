//! A rich small book in memory, and a generated large one.

use super::super::{Attachment, Error, Record, Source, Visit};
use commonhold_core::date::Time;
use commonhold_core::document::{Document, Edit, Key, actor};
use commonhold_core::id::{BookId, Device, Hash, LogId, RecordId, Sha256};
use commonhold_core::json::Fields;
use commonhold_core::object::{Object, ObjectKind};
use commonhold_core::problem::Problem;
use commonhold_core::records::Kind;
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use std::collections::BTreeMap;

mod odd;
mod story;
pub use odd::rich;
pub use story::{RECEIPT, story};

pub const BOOK: BookId = BookId([9; 32]);

pub fn id(n: u32) -> RecordId {
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&[1, 0x98, 0, 0, 0, 0]);
    bytes[6] = 0x70;
    bytes[8] = 0x80;
    bytes[12..].copy_from_slice(&n.to_be_bytes());
    RecordId::from_bytes(bytes)
}

#[derive(Default)]
pub struct Memory {
    pub name: String,
    pub records: BTreeMap<Kind, Vec<Record>>,
    pub documents: Vec<(String, Vec<Hash>, Vec<u8>)>,
    pub objects: Vec<(LogId, u64, Vec<u8>)>,
    pub attachments: Vec<(Attachment, Vec<u8>)>,
    /// How many plain transactions to make up on the fly.
    pub generated: u32,
}

impl Memory {
    pub fn add(&mut self, kind: Kind, n: u32, state: &'static str, fields: Value) -> RecordId {
        let fields: Fields = fields.as_object().cloned().unwrap();
        let mut problems = kind.info().judge_problems(&fields);
        // The archive must stand what the rules of today would not let in.
        let allowed = fields.get("narration").is_some_and(|text| text == "huge");
        if state == "ok" && allowed {
            problems.clear();
        } else if state == "ok" {
            assert_eq!(problems, [], "{kind} {fields:?}");
        } else if state == "rejected" && problems.is_empty() {
            problems.push(Problem::new("", "It breaks a rule."));
        }
        let record = Record { id: id(n), state, document: "ledger/2026".into(), fields, problems };
        self.records.entry(kind).or_default().push(record);
        id(n)
    }

    fn generate(n: u32) -> Record {
        let day = n % 3650;
        let (year, month, day) = (2016 + day / 365, day % 12 + 1, day % 28 + 1);
        let amount = format!("{}.{:02} EUR", n % 900 + 1, n % 100);
        let income = n.is_multiple_of(3);
        let (to, from) = if income { (10, 13) } else { (14, 10) };
        let fields = json!({
            "date": format!("{year:04}-{month:02}-{day:02}"),
            "payee": format!("Payee {}", n % 977),
            "narration": format!("Entry {n} of a long book"),
            "postings": [
                { "account": id(to), "amount": amount, "fund": id(1 + n % 2) },
                { "account": id(from), "amount": format!("-{amount}"), "fund": id(1 + n % 2) },
            ],
            "source": format!("bank:{n:08x}"),
        });
        Record {
            id: id(1_000_000 + n),
            state: if n % 50 == 7 { "withdrawn" } else { "ok" },
            document: "ledger/2026".into(),
            fields: fields.as_object().cloned().unwrap(),
            problems: Vec::new(),
        }
    }
}

trait Judge {
    fn judge_problems(&self, fields: &Fields) -> Vec<Problem>;
}

impl Judge for commonhold_core::record::KindInfo {
    fn judge_problems(&self, fields: &Fields) -> Vec<Problem> {
        (self.judge)(fields).problems
    }
}

impl Source for Memory {
    fn book(&self) -> BookId {
        BOOK
    }
    fn name(&self) -> String {
        self.name.clone()
    }
    fn each_record(&self, kind: Kind, visit: &mut dyn FnMut(Record) -> Visit) -> Result<(), Error> {
        let mut records: Vec<_> = self.records.get(&kind).into_iter().flatten().collect();
        records.sort_by_key(|record| record.id);
        for record in records {
            visit(record.clone())?;
        }
        if kind == Kind::Transaction {
            for n in 0..self.generated {
                visit(Self::generate(n))?;
            }
        }
        Ok(())
    }
    fn attachments(&self) -> Result<Vec<Attachment>, Error> {
        Ok(self.attachments.iter().map(|(attachment, _)| attachment.clone()).collect())
    }
    fn attachment(&self, sha256: &Sha256) -> Result<Option<Vec<u8>>, Error> {
        let found = self.attachments.iter().find(|(other, _)| other.sha256 == *sha256);
        Ok(found.map(|(_, bytes)| bytes.clone()))
    }
    fn documents(&self) -> Result<Vec<(String, Vec<Hash>)>, Error> {
        Ok(self.documents.iter().map(|(name, heads, _)| (name.clone(), heads.clone())).collect())
    }
    fn document(&self, name: &str) -> Result<Vec<u8>, Error> {
        let found = self.documents.iter().find(|(other, ..)| other == name);
        Ok(found.map(|(_, _, bytes)| bytes.clone()).unwrap())
    }
    fn each_object(&self, visit: &mut dyn FnMut(LogId, u64, &[u8]) -> Visit) -> Result<(), Error> {
        for (log, seq, bytes) in &self.objects {
            visit(*log, *seq, bytes)?;
        }
        Ok(())
    }
}

/// Writes documents and objects: two devices, three documents.
fn write_history(book: &mut Memory) {
    let keys = [SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32])];
    let page = format!("page/{}", id(500));
    for (n, key) in keys.iter().enumerate() {
        let device = Device(key.verifying_key().to_bytes());
        let nonce = [u8::try_from(n).unwrap() + 1; 16];
        let log = LogId::of(&device, &BOOK, &nonce);
        let (mut seq, mut previous) = (0, Hash([0; 32]));
        let mine =
            if n == 0 { vec!["charter", "ledger/2026"] } else { vec![page.as_str(), "Odd__Näme"] };
        for name in mine {
            let mut document = Document::new(&BOOK, name).unwrap();
            for step in 0..3_u32 {
                let key_of = Key { kind: "transaction".into(), id: id(step) };
                let fields: Fields = json!({ "n": step }).as_object().cloned().unwrap();
                let part = document
                    .write(actor(&log, name), &device, Time(1000), &[&Edit::Entry(key_of, fields)])
                    .unwrap()
                    .unwrap();
                seq += 1;
                let object = Object {
                    kind: ObjectKind::Changes,
                    book: BOOK,
                    nonce,
                    seq,
                    device,
                    previous,
                    time: Time(1000),
                    document: name.into(),
                    authority: Vec::new(),
                    heads: document.heads(),
                    parts: vec![part],
                    sealed: None,
                };
                let bytes = object.seal(key, None).unwrap();
                previous = commonhold_core::object::hash(&bytes);
                book.objects.push((log, seq, bytes));
            }
            book.documents.push((name.to_owned(), document.heads(), document.save()));
        }
    }
    book.objects.sort();
}
