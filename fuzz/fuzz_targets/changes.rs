//! Changes of a document that others offer: admitted, replayed and asked what they write. The
//! input is their bodies; lengths and checksums are made right, and on request the beginning too.
#![no_main]

use commonhold_core::document::{
    Admission, Document, Edit, Key, Named, Offer, Refusal, change_hash,
};
use commonhold_core::id::Hash;
use commonhold_fuzz::book::{self, World, fields, id};
use commonhold_fuzz::bytes::bit;
use commonhold_fuzz::change::{CHANGE, around, head};
use commonhold_fuzz::{Bytes, calm};
use libfuzzer_sys::fuzz_target;

thread_local! {
    static BASE: (Document, book::Place) = {
        let document = book::small_document();
        let place = book::place(&document, None);
        (document, place)
    };
}

/// A change from the input.
fn part(bytes: &mut Bytes<'_>, beginning: &[u8]) -> Vec<u8> {
    let how = bytes.byte();
    let body = bytes.some();
    match (bit(how, 0), bit(how, 1)) {
        (_, true) => body.to_vec(),
        (true, _) => around(CHANGE, &[beginning, body].concat()),
        _ => around(CHANGE, body),
    }
}

/// What is asked of every document before and after.
fn read_all(document: &Document) {
    for key in document.keys() {
        let _ = document.read(&key);
    }
    let saved = document.save();
    let again = Document::load(document.name(), &saved).expect("it loads again");
    assert_eq!(again.heads(), document.heads());
    document.save_canonical().expect("its changes can be put into order");
}

fn check(base: &Document, offers: &[Offer<'_>]) {
    let Admission { document, outcomes, .. } = base.admit(offers);
    assert_eq!(outcomes.len(), offers.len());
    let taken: Vec<&Offer<'_>> =
        offers.iter().zip(&outcomes).filter(|(_, o)| o.is_ok()).map(|(offer, _)| offer).collect();
    for offer in &taken {
        assert!(offer.parts.iter().all(|part| document.has(&change_hash(part))), "it is there");
    }
    if taken.is_empty() {
        assert_eq!(document.heads(), base.heads(), "nothing changed");
        return;
    }
    read_all(&document);
    // The store writes on and, when it opens the document again, replays what was taken in.
    let edit = Edit::Fields(
        Key { kind: "fund".into(), id: id(12) },
        fields(&serde_json::json!({"purpose": "on"})),
    );
    let device = World::get().writers[2].keys.device();
    let mut on = document.clone();
    on.write([9; 16], &device, book::NOW, &[&edit]).expect("written").expect("a change");
    read_all(&on);
    let mut again = base.clone();
    let mut left = taken;
    while !left.is_empty() {
        let before = left.len();
        left.retain(|offer| {
            !again.missing(&offer.parts).is_empty() || again.replay(&offer.parts).is_err()
        });
        assert!(left.len() < before, "what was taken in can be replayed");
    }
    assert_eq!(again.heads(), document.heads());
    for key in document.keys() {
        assert_eq!(again.read(&key), document.read(&key));
    }
}

fn run(base: &Document, place: &book::Place, data: &[u8]) {
    let mut bytes = Bytes(data);
    let mut offers = Vec::new();
    while !bytes.is_empty() && offers.len() < 4 {
        let how = bytes.byte();
        let writer = &World::get().writers[usize::from(how & 1)];
        let actor = commonhold_core::document::actor(&writer.log, &place.name);
        let beginning = head(&place.heads, &actor, place.start);
        let parts: Vec<Vec<u8>> = (0..=(how >> 6)).map(|_| part(&mut bytes, &beginning)).collect();
        let heads = match bit(how, 1) {
            false => parts.last().map(|part| change_hash(part)).into_iter().collect(),
            true => vec![Hash(bytes.array())],
        };
        for named in Document::named(&parts) {
            if let Named::Entry(key) | Named::Field(key) = named {
                assert!(Document::mentions(&parts, &key));
            }
        }
        let _ = base.missing(&parts);
        let strict = bit(how, 2);
        let may = move |named: &Named| match named {
            Named::Other if strict => Err(Refusal::NotAllowed("no".into())),
            _ => Ok(()),
        };
        let device = writer.keys.device();
        offers.push(Offer { log: writer.log, device, parts, heads, may: Box::new(may) });
    }
    check(base, &offers);
}

fuzz_target!(|data: &[u8]| {
    calm(|| BASE.with(|(base, place)| run(base, place, data)));
});
