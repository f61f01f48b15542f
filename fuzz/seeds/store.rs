//! Inputs about the small service: objects, statements, keys, changes and what they travel in.

use crate::{Seed, seed};
use commonhold_core::authority::{Basis, LogCut, Role, Statement};
use commonhold_core::document::{self, Document, Edit, Key};
use commonhold_core::id::{Hash, LogId};
use commonhold_core::object::{Object, ObjectKind};
use commonhold_core::{BookId, Time};
use commonhold_fuzz::Layout;
use commonhold_fuzz::book::{Place, Scratch, World, Writer, fields, id, place, small_document};
use commonhold_fuzz::change::{body, rest};
use serde_json::json;

/// A part of an object: how it is to be completed, and its bytes.
fn part(layout: Layout, how: u8, bytes: &[u8]) -> Layout {
    layout.put(&[how]).some(bytes)
}

/// What an honest device might write, each to a document as it was at first.
fn edits() -> Vec<(&'static str, Edit)> {
    let key = |kind: &str, n| Key { kind: kind.into(), id: id(n) };
    let text = |n, text: &str| {
        let (key, field, text) = (key("page", n), "body".to_owned(), text.to_owned());
        Edit::Text { key, field, base: None, text }
    };
    let bill = json!({"date": "2026-05-04", "narration": "Bill", "postings": [
        {"account": id(10), "amount": "-4.00 EUR", "fund": id(12)},
        {"account": id(11), "amount": "4.00 EUR", "fund": id(12)}]});
    let some = json!({"purpose": "some", "until": "2027-01-01", "closed": null, "n": 5, "b": true});
    vec![
        ("entry", Edit::Entry(key("transaction", 20), fields(&bill))),
        ("fields", Edit::Fields(key("fund", 12), fields(&some))),
        ("text", text(14, "# Minutes\n\nPresent: Ada, Ben.\n")),
        ("new-text", text(15, "Ü")),
    ]
}

fn write(document: &mut Document, writer: &Writer, edit: &Edit) -> Vec<u8> {
    let actor = document::actor(&writer.log, document.name());
    let written = document.write(actor, &writer.keys.device(), Time(0), &[edit]);
    written.expect("written").expect("a change")
}

pub fn changes() -> Vec<Seed> {
    let base = small_document();
    let (place, writers) = (place(&base, None), &World::get().writers);
    let mut seeds = Vec::new();
    let mut together = Layout::default();
    for (n, (name, edit)) in edits().iter().enumerate() {
        let who = n % 2;
        let change = write(&mut base.clone(), &writers[who], edit);
        let rest_of =
            rest(&change, &place.head(&writers[who].log)).expect("the form is understood");
        let whole = part(Layout(vec![who as u8]), 0, body(&change));
        seeds.push(seed(format!("{name}-columns"), part(Layout(vec![who as u8]), 1, &rest_of).0));
        if n < 2 {
            together = together.put(&whole.0);
        }
        seeds.push(seed(*name, whole.0));
    }
    seeds.push(seed("two-writers", together.0));
    // One after the other, in one offer and in two, the second first.
    let mut document = base.clone();
    let parts: Vec<Vec<u8>> =
        edits().iter().take(3).map(|(_, edit)| write(&mut document, &writers[0], edit)).collect();
    let chain = parts.iter().fold(Layout(vec![2 << 6]), |all, p| part(all, 0, body(p)));
    seeds.push(seed("chain", chain.0));
    let apart =
        parts[..2].iter().rev().fold(Layout::default(), |all, p| part(all.put(&[0]), 0, body(p)));
    seeds.push(seed("backwards", apart.0));
    let raw = part(Layout(vec![4]), 2, &parts[0]);
    seeds.push(seed("raw", raw.0));
    seeds
}

pub fn documents() -> Vec<Seed> {
    let mut document = small_document();
    let small = document.save();
    for (_, edit) in edits() {
        write(&mut document, &World::get().writers[0], &edit);
    }
    let mut large = document.clone();
    let (key, text) = (Key { kind: "page".into(), id: id(14) }, "Long text. ".repeat(80));
    let edit = Edit::Text { key, field: "body".into(), base: None, text };
    let change = write(&mut large, &World::get().writers[0], &edit);
    vec![
        seed("small", [&[0], small.as_slice()].concat()),
        seed("small-inside", [&[1], body(&small)].concat()),
        seed("inside", [&[1], body(&document.save())].concat()),
        seed("packed-inside", [&[1], body(&large.save())].concat()),
        seed("canonical", [&[0], document.save_canonical().expect("saved").as_slice()].concat()),
        seed("with-a-change", [&[0], document.save().as_slice(), &change].concat()),
    ]
}

pub fn statements() -> Vec<Seed> {
    let world = World::get();
    let genesis = Object::open(&world.objects[0]).expect("an object").parts.remove(0);
    let mut seeds = vec![seed("genesis", genesis)];
    for (name, statement) in all_statements(world) {
        seeds.push(seed(name, statement.bytes()));
    }
    seeds
}

fn all_statements(world: &World) -> Vec<(&'static str, Statement)> {
    let (person, reason) = (world.newcomer, "Why".to_owned());
    let (document, stranger) = (format!("private/{}", id(15)), &world.writers[3]);
    let day = |text: &str| Some(text.parse().expect("a day"));
    let cut = LogCut { log: world.writers[1].log, seq: 0, hash: Hash([0; 32]) };
    let removed = Some(world.writers[1].keys.device());
    vec![
        (
            "device",
            Statement::Device {
                person,
                device: stranger.keys.device(),
                sealing: stranger.keys.sealing(),
                log: stranger.log,
                label: "Phone".into(),
                recovery: true,
            },
        ),
        (
            "grant",
            Statement::Grant {
                person,
                role: Role::Treasurer,
                from: day("2026-01-01"),
                to: day("2026-12-31"),
                basis: Basis::Automatic,
                decision: Some(id(30)),
            },
        ),
        ("end", Statement::End { person, role: Role::Contributor, reason: reason.clone() }),
        (
            "remove",
            Statement::Remove {
                person,
                device: removed,
                reason: reason.clone(),
                cuts: vec![cut],
                decision: None,
            },
        ),
        (
            "remove-all",
            Statement::Remove {
                person: world.founder,
                device: None,
                reason: reason.clone(),
                cuts: Vec::new(),
                decision: None,
            },
        ),
        ("policy", Statement::Policy { removal: Some(2), leadership: None }),
        ("release", Statement::Release { object: Hash([3; 32]), reason: reason.clone() }),
        ("erase", Statement::Erase { document, reason }),
    ]
}

/// The sets of keys of the service.
fn sets(world: &World) -> Vec<Vec<u8>> {
    let objects = world.objects.iter().filter_map(|bytes| Object::open(bytes).ok());
    objects
        .filter(|object| object.kind == ObjectKind::Keys)
        .flat_map(|object| object.parts)
        .collect()
}

pub fn keys() -> Vec<Seed> {
    let sets = sets(World::get());
    let one = |set: &Vec<u8>| Layout::default().some(set).put(&[1]);
    let all = sets.iter().fold(Layout::default(), |all, set| all.put(&one(set).0));
    let mut seeds = vec![seed("all", all.0)];
    for (n, set) in sets.iter().enumerate() {
        seeds.push(seed(format!("set-{n}"), one(set).0));
    }
    let earlier = json!({"v": 1, "scope": "", "id": "00".repeat(16), "recipients": [],
        "earlier": [{"id": "01".repeat(16), "sealed": "02".repeat(80)}]});
    seeds.push(seed("earlier", one(&earlier.to_string().into_bytes()).0));
    seeds
}

pub fn objects() -> Vec<Seed> {
    let world = World::get();
    let mut seeds = Vec::new();
    for (n, bytes) in world.objects.iter().enumerate().filter(|(_, bytes)| bytes.len() < 1500) {
        let repaired = u8::from(n % 2 == 1);
        seeds.push(seed(format!("real-{n}"), [&[repaired], bytes.as_slice()].concat()));
    }
    let frame = [&[0, 0, 0, 2, 0, 0, 0, 3], b"one".as_slice(), &[0, 0, 0, 0]].concat();
    for (name, how, document) in [
        ("built", 0, "charter"),
        ("claims", 1, "ledger/2026"),
        ("sealed", 2, "private/x"),
        ("erased", 6, "private/x"),
    ] {
        let layout = Layout(vec![2, how, 1, 5]).some(document.as_bytes()).some(&[1; 32]);
        let layout = layout.some(&[2; 64]).put(&30_u32.to_be_bytes()).put(&frame);
        seeds.push(seed(name, layout.0));
    }
    seeds
}

/// One object of a fuzzed log: who signs it (0 to 3), its kind (0 changes, 1 statements, 2 keys),
/// the document by its place in the list, and its parts.
fn object(layout: Layout, who: u8, kind: u8, document: u8, parts: &[(u8, &[u8])]) -> Layout {
    let layout = layout.put(&[kind | who << 2, parts.len() as u8 - 1, document]);
    parts.iter().fold(layout, |all, (how, bytes)| part(all, *how, bytes))
}

/// The documents of the service as they are, with their place in the list.
fn loaded(world: &'static World) -> Vec<(u8, Document, &'static Place)> {
    let scratch = Scratch::new();
    let store = scratch.profile("seeds");
    let infos = store.documents(&world.book).expect("documents");
    let load = |place: &'static Place| match infos.iter().find(|info| info.name == place.name) {
        Some(info) => store.load(&world.book, info.n, &info.name).expect("loaded"),
        None => Document::new(&world.book, &place.name).expect("new"),
    };
    (0..).zip(&world.places).map(|(n, place)| (n, load(place), place)).collect()
}

pub fn received() -> Vec<Seed> {
    let world = World::get();
    let mut seeds = Vec::new();
    for (n, document, place) in loaded(world) {
        let which = usize::from(n) % edits().len();
        let (name, edit) = &edits()[which];
        for who in [n % 2, 2] {
            let writer = &world.writers[usize::from(who)];
            let change = write(&mut document.clone(), writer, edit);
            let whole = object(Layout(vec![0]), who, 0, n, &[(0, body(&change))]);
            seeds.push(seed(format!("{name}-{n}-by-{who}"), whole.0));
            if let Some(rest_of) = rest(&change, &place.head(&writer.log)) {
                let short = object(Layout(vec![1]), who, 0, n, &[(1, &rest_of)]);
                seeds.push(seed(format!("{name}-{n}-by-{who}-columns"), short.0));
            }
        }
    }
    for (name, statement) in all_statements(world) {
        let bytes = statement.bytes();
        for who in [0, 1] {
            let one = object(Layout(vec![0]), who, 1, 0, &[(0, &bytes)]);
            seeds.push(seed(format!("{name}-by-{who}"), one.0));
        }
    }
    for (n, set) in sets(world).iter().enumerate() {
        seeds.push(seed(format!("keys-{n}"), object(Layout(vec![0]), 0, 2, 0, &[(0, set)]).0));
    }
    seeds.push(seed("mixed", mixed(world).0));
    seeds
}

/// Several objects of several logs: two who write the same, somebody let in, somebody removed.
fn mixed(world: &'static World) -> Layout {
    let statements = all_statements(world);
    let (_, edit) = &edits()[0];
    let mut layout = Layout(vec![1]);
    for (n, document, _) in loaded(world).into_iter().filter(|(.., p)| p.name == "ledger/2026") {
        for who in [0, 1] {
            let change = write(&mut document.clone(), &world.writers[usize::from(who)], edit);
            layout = object(layout, who, 0, n, &[(0, body(&change))]);
        }
    }
    for (_, statement) in statements.iter().filter(|(name, _)| ["device", "remove"].contains(name))
    {
        layout = object(layout, 0, 1, 0, &[(0, &statement.bytes())]);
    }
    layout
}

pub fn folders() -> Vec<Seed> {
    let (_, edit) = &edits()[1];
    let world = World::get();
    let object = signed(world, edit);
    let bundle = Layout(vec![3, 0]).some(&object);
    let damaged = Layout(vec![3, 0x80]).some(&object).some(b"CHS1 and so on");
    let set = sets(world).remove(0);
    let others = Layout(vec![0]).some(b"desktop.ini").some(b"x");
    let others = others.put(&[1]).some(LogId([9; 16]).to_string().as_bytes()).some(b"1.cho");
    let others = others.some(b"").put(&[2]).some(b"0-0-0.cho").some(b"");
    let offer =
        Layout(vec![5]).put(&[1; 16]).some(b"offer").some(&[b"CHI1", [1; 57].as_slice()].concat());
    vec![
        seed("bundle", bundle.0.clone()),
        seed("damaged", damaged.0),
        seed("envelope", Layout(vec![4]).some(&set).0),
        seed("false-envelope", Layout(vec![4]).some(b"").some(&[1; 80]).some(&[2; 70]).0),
        seed("others", others.0.clone()),
        seed("offer", offer.0),
        seed("several", others.put(&bundle.0).0),
    ]
}

/// The first object of the hostile device's log: a change of the charter.
fn signed(world: &'static World, edit: &Edit) -> Vec<u8> {
    let writer = &world.writers[0];
    let charter = loaded(world).into_iter().find(|(.., place)| place.name == "charter");
    let (_, mut document, _) = charter.expect("a charter");
    let change = write(&mut document, writer, edit);
    let heads = vec![document::change_hash(&change)];
    let (book, device): (BookId, _) = (world.book, writer.keys.device());
    let object = Object {
        kind: ObjectKind::Changes,
        book,
        nonce: writer.nonce,
        seq: 1,
        device,
        previous: Hash([0; 32]),
        time: Time(1_782_864_000_000),
        document: "charter".into(),
        authority: world.cites.clone(),
        heads,
        parts: vec![change],
        sealed: None,
    };
    object.seal(writer.keys.signing(), None).expect("signed")
}
