//! A small whole archive, and files to build broken ones from.

use crate::{Seed, seed};
use commonhold_core::date::Time;
use commonhold_core::document::Document;
use commonhold_core::id::{BookId, Hash, LogId};
use commonhold_core::records::Kind;
use commonhold_exchange::archive::{Error, Record, Source, Visit, export};
use commonhold_fuzz::Layout;
use commonhold_fuzz::book::small_document;
use commonhold_fuzz::change::body;
use commonhold_fuzz::object::{BOOK, keys, open_header, signed};
use std::io::Cursor;

struct Small {
    document: Document,
    object: Vec<u8>,
}

impl Source for Small {
    fn book(&self) -> BookId {
        BOOK
    }
    fn name(&self) -> String {
        "Harbor".into()
    }
    fn each_record(&self, _: Kind, _: &mut dyn FnMut(Record) -> Visit) -> Result<(), Error> {
        Ok(())
    }
    fn documents(&self) -> Result<Vec<(String, Vec<Hash>)>, Error> {
        Ok(vec![("charter".into(), self.document.heads())])
    }
    fn document(&self, _: &str) -> Result<Vec<u8>, Error> {
        Ok(self.document.save())
    }
    fn each_object(&self, visit: &mut dyn FnMut(LogId, u64, &[u8]) -> Visit) -> Result<(), Error> {
        Ok(visit(LogId::of(&keys().device(), &BOOK, &[5; 16]), 1, &self.object)?)
    }
}

fn small() -> Small {
    let frame = [0, 0, 0, 1, 0, 0, 0, 1, 42];
    let payload = zstd::bulk::compress(&frame, 1).expect("packed");
    let header = open_header((1, 1), &keys().device(), b"charter", [&[], &[]]);
    let object = signed(keys().signing(), &header, [0; 16], 9, &payload);
    Small { document: small_document(), object }
}

pub fn archives() -> Vec<Seed> {
    let small = small();
    let mut out = Cursor::new(Vec::new());
    export(&small, &mut out, Time(1_782_864_000_000), &mut |_, _, _| true).expect("written");
    let heads: Vec<String> = small.document.heads().iter().map(ToString::to_string).collect();
    let heads = serde_json::json!({"book": BOOK, "format": "commonhold-heads/1", "documents":
        [{"file": "charter.automerge", "heads": heads, "name": "charter"}]});
    let saved = small.document.save();
    let row = [&(small.object.len() as u32).to_be_bytes(), small.object.as_slice()].concat();
    let files = Layout(vec![1, 0, 1]).some(heads.to_string().as_bytes());
    let files = files.put(&[2]).some(&saved).put(&[4]).some(&row);
    let odd = Layout(vec![1, 1, 0]).some("data/records/x.jsonl".as_bytes()).some(b"{}\n{}\n");
    let odd = odd.put(&[0]).some(b"data/../x").some(b"").put(&[3]).some(body(&saved));
    let odd = odd.put(&[5]).some(&small.object);
    vec![
        seed("whole", [&[0], out.into_inner().as_slice()].concat()),
        seed("files", files.0),
        seed("odd", odd.0),
        seed("inside", Layout(vec![1, 0, 3]).some(body(&saved)).0),
    ]
}
