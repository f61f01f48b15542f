//! A profile that receives signed objects: the input says who signs them, in which order they
//! come, what they name and what they hold. Afterwards the read model is worked out anew and must
//! be the same, and so must a second profile that received them the other way round.
#![no_main]

use commonhold_core::document::change_hash;
use commonhold_core::id::Hash;
use commonhold_core::json::canonical;
use commonhold_core::object::{self, Object, ObjectKind, hash};
use commonhold_core::store::{Error, Outcome, Store};
use commonhold_fuzz::book::{NOW, Place, Scratch, World, dump};
use commonhold_fuzz::bytes::bit;
use commonhold_fuzz::change::{CHANGE, around};
use commonhold_fuzz::{Bytes, calm};
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeSet;

thread_local! {
    static SCRATCH: Scratch = Scratch::new();
}

/// Where each writer's log ends.
struct Logs(Vec<(u64, Hash)>);

fn document(bytes: &mut Bytes<'_>, kind: ObjectKind, world: &World) -> (String, Option<Place>) {
    let which = usize::from(bytes.byte());
    if let (Some(place), ObjectKind::Changes) = (world.places.get(which), kind) {
        return (place.name.clone(), Some(place.clone()));
    }
    match which {
        200.. => (String::from_utf8_lossy(bytes.some()).into_owned(), None),
        _ if kind == ObjectKind::Statements => (String::new(), None),
        _ => (world.places.get(which).map(|place| place.name.clone()).unwrap_or_default(), None),
    }
}

fn part(bytes: &mut Bytes<'_>, kind: ObjectKind, beginning: &[u8]) -> Vec<u8> {
    let how = bytes.byte();
    let body = bytes.some();
    if bit(how, 1) {
        return body.to_vec();
    }
    match kind {
        ObjectKind::Changes if bit(how, 0) => around(CHANGE, &[beginning, body].concat()),
        ObjectKind::Changes => around(CHANGE, body),
        _ => match serde_json::from_slice::<serde_json::Value>(body) {
            Ok(value) => canonical(&value).into_bytes(),
            Err(_) => body.to_vec(),
        },
    }
}

/// One object of somebody's log; nothing when it is too large for one.
fn signed(bytes: &mut Bytes<'_>, world: &World, logs: &mut Logs) -> Option<(usize, u64, Vec<u8>)> {
    let (how, more) = (bytes.byte(), bytes.byte());
    let kind = [ObjectKind::Changes, ObjectKind::Statements, ObjectKind::Keys, ObjectKind::Changes]
        [usize::from(how & 3)];
    let who = usize::from(how >> 2 & 3);
    let writer = &world.writers[who];
    let (document, place) = document(bytes, kind, world);
    let beginning = place.as_ref().map(|place| place.head(&writer.log)).unwrap_or_default();
    let parts: Vec<Vec<u8>> = (0..=more & 3).map(|_| part(bytes, kind, &beginning)).collect();
    let (mut seq, mut previous) = (logs.0[who].0 + 1, logs.0[who].1);
    if bit(how, 6) {
        seq = seq.wrapping_add_signed(i64::from(bytes.byte().cast_signed()));
    }
    if bit(how, 7) {
        previous = Hash(bytes.array());
    }
    let heads = match (bit(how, 5), kind) {
        (true, _) => vec![Hash(bytes.array()); usize::from(more >> 2 & 3)],
        (_, ObjectKind::Changes) => parts.last().map(|p| change_hash(p)).into_iter().collect(),
        _ => Vec::new(),
    };
    let authority = if bit(how, 4) { Vec::new() } else { world.cites.clone() };
    let (device, nonce, book) = (writer.keys.device(), writer.nonce, world.book);
    let object = Object {
        kind,
        book,
        nonce,
        seq,
        device,
        previous,
        time: NOW,
        document,
        authority,
        heads,
        parts,
        sealed: None,
    };
    let own = place.and_then(|place| place.secret);
    let secret = if bit(more, 4) { Some(&world.secret) } else { own.as_ref() };
    let mut sealed = object.seal(writer.keys.signing(), secret).ok()?;
    if bit(more, 5) {
        sealed = object::erase(&sealed).unwrap_or(sealed);
    }
    logs.0[who] = (seq, hash(&sealed));
    Some((who, seq, sealed))
}

fn refused(store: &Store, world: &World) -> BTreeSet<(Hash, String)> {
    let refused = store.refused(&world.book).expect("read").into_iter();
    refused.map(|object| (object.hash, format!("{:?}", object.state))).collect()
}

/// Receives objects, together or one by one, again and again until nothing more fits, as an
/// exchange does.
fn receive(store: &mut Store, world: &World, objects: &[Vec<u8>], alone: bool) {
    let mut before: Vec<Outcome> = Vec::new();
    for _ in 0..objects.len() + 2 {
        let mut outcomes = Vec::new();
        for batch in objects.chunks(if alone { 1 } else { objects.len() }) {
            outcomes.extend(store.receive(&world.book, batch).expect("received").outcomes);
        }
        assert_eq!(outcomes.len(), objects.len());
        if outcomes == before {
            return;
        }
        before = outcomes;
    }
    panic!("it goes on for ever: {before:?}");
}

/// Looks whether the read model and the documents are what they should be.
fn check(store: &mut Store, world: &World) {
    let before = dump(store);
    store.rebuild().expect("rebuilt");
    assert_eq!(dump(store), before, "worked out anew");
    for info in store.documents(&world.book).expect("documents") {
        match store.load(&world.book, info.n, &info.name) {
            Ok(document) => drop(document.save()),
            Err(error) => assert!(matches!(error, Error::Locked(_)), "{error}"),
        }
    }
}

fn run(scratch: &Scratch, data: &[u8]) {
    let world = World::get();
    let mut bytes = Bytes(data);
    let how = bytes.byte();
    let mut logs = Logs(world.writers.iter().map(|w| (w.seq, w.previous)).collect());
    let mut made = Vec::new();
    while !bytes.is_empty() && made.len() < 6 {
        made.extend(signed(&mut bytes, world, &mut logs));
    }
    if made.is_empty() {
        return;
    }
    let mut objects: Vec<Vec<u8>> = made.iter().map(|(.., bytes)| bytes.clone()).collect();
    if bit(how, 1) {
        objects.reverse();
    }
    let mut first = scratch.profile("first");
    receive(&mut first, world, &objects, bit(how, 0));
    check(&mut first, world);
    let places: BTreeSet<(usize, u64)> = made.iter().map(|(who, seq, _)| (*who, *seq)).collect();
    // Who says two things at one place is believed the first; and the laptop's own log is its own.
    if places.len() < made.len() || places.iter().any(|(who, _)| *who == 2) || bit(how, 2) {
        return;
    }
    objects.reverse();
    let mut second = scratch.profile("second");
    receive(&mut second, world, &objects, true);
    assert_eq!(dump(&second), dump(&first), "the other way round");
    assert_eq!(refused(&second, world), refused(&first, world), "the other way round");
}

fuzz_target!(|data: &[u8]| {
    calm(|| SCRATCH.with(|scratch| run(scratch, data)));
});
