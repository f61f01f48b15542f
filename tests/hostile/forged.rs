//! Objects that are signed as they should be and say what they should not.

use crate::support::mallory::{Mallory, entry};
use crate::support::{Harbor, Laptop, alice, assert_same, bob, dump, found, give, logs};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Author, Automerge, ROOT};
use commonhold_core::document::Document;
use commonhold_core::id::mint;
use commonhold_core::object::{Object, ObjectKind};
use commonhold_core::projection::State;
use commonhold_core::store::Outcome;
use commonhold_core::{Kind, RecordId, Time};
use serde_json::json;

/// Two laptops with the same book.
fn two() -> (Laptop, Laptop, Harbor) {
    let (mut a, mut b) = (alice(), bob());
    let harbor = found(&mut a);
    harbor.pay(&mut a, 41_235, "Hosting");
    give(&a, &mut b, &harbor.book);
    (a, b, harbor)
}

fn fresh(n: u64) -> RecordId {
    mint(1_782_864_000_000 + n, [n as u8; 10])
}

/// A document of the book as everybody has it.
fn document(laptop: &Laptop, harbor: &Harbor, name: &str) -> Document {
    let infos = laptop.reader().documents(&harbor.book).unwrap();
    match infos.iter().find(|info| info.name == name) {
        Some(info) => laptop.reader().load(&harbor.book, info.n, name).unwrap(),
        None => Document::new(&harbor.book, name).unwrap(),
    }
}

fn receive(laptop: &mut Laptop, harbor: &Harbor, objects: &[Vec<u8>]) -> Vec<Outcome> {
    laptop.store().unwrap().receive(&harbor.book, objects).unwrap().outcomes
}

fn why(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Refused(why) => why,
        other => panic!("{other:?}"),
    }
}

/// Both laptops get the objects, one in the given order and one backwards, log by log.
fn both_ways(a: &mut Laptop, b: &mut Laptop, harbor: &Harbor, objects: &[Vec<u8>]) {
    give(a, b, &harbor.book); // who was let in
    for object in objects {
        receive(a, harbor, std::slice::from_ref(object));
    }
    for object in objects.iter().rev() {
        receive(b, harbor, std::slice::from_ref(object));
    }
    let dumped = dump(a.reader(), &harbor.book);
    assert_same(&dump(b.reader(), &harbor.book), &dumped, "in the other order");
    for laptop in [a, b] {
        laptop.store().unwrap().rebuild().unwrap();
        assert_same(&dump(laptop.reader(), &harbor.book), &dumped, "rebuilt");
    }
}

#[test]
fn a_signed_transaction_that_does_not_add_up_has_no_effect_anywhere() {
    let (mut a, mut b, harbor) = two();
    let sums = format!("{:?}", a.reader().sums(&harbor.book).unwrap());
    let mut bad = harbor.bill(100, "Gift to myself");
    bad["postings"][0]["amount"] = json!("-90000.00 EUR");
    let mut elsewhere = harbor.bill(100, "In the charter");
    elsewhere["date"] = json!("not a day");
    let float = json!({"date": "2026-01-01", "narration": "x", "postings": [], "total": 1.5});
    let (id, other, third) = (fresh(1), fresh(2), fresh(3));
    let mut objects = Vec::new();
    for (n, name, id, fields) in [
        (1, "ledger/2026", id, &bad),
        (2, "charter", other, &elsewhere),
        (3, "ledger/1999/7", third, &float),
    ] {
        let mut mallory = Mallory::of(&mut a, &harbor.book, n);
        let change =
            mallory.change(&mut document(&a, &harbor, name), &[entry("transaction", id, fields)]);
        objects.push(mallory.says(name, vec![change]));
    }
    both_ways(&mut a, &mut b, &harbor, &objects);
    for id in [id, other, third] {
        assert_eq!(harbor.state(&a, &id), Some(State::Rejected));
        let row = a.reader().record(&harbor.book, Kind::Transaction, &id).unwrap().unwrap();
        assert!(!row.problems.is_empty(), "it is shown with its reason");
    }
    assert_eq!(format!("{:?}", a.reader().sums(&harbor.book).unwrap()), sums);
}

#[test]
fn the_same_entry_in_two_documents_counts_once_in_every_order() {
    let (mut a, mut b, harbor) = two();
    let id = fresh(4);
    let mut objects = Vec::new();
    for (n, name) in [(1, "ledger/2026"), (2, "charter"), (3, "page/x"), (4, "ledger/2025")] {
        let mut mallory = Mallory::of(&mut a, &harbor.book, n);
        let bill = harbor.bill(100 + n as i64, name);
        let change =
            mallory.change(&mut document(&a, &harbor, name), &[entry("transaction", id, &bill)]);
        objects.push(mallory.says(name, vec![change]));
    }
    both_ways(&mut a, &mut b, &harbor, &objects);
    assert_eq!(a.reader().count(&harbor.book, Kind::Transaction).unwrap(), 2);
}

#[test]
fn changes_that_break_the_rules_are_refused_with_the_reason() {
    let (mut a, _, harbor) = two();
    let before = dump(a.reader(), &harbor.book);
    let good = |a: &Laptop, mallory: &Mallory, n| {
        let bill = harbor.bill(5, "x");
        let edit = entry("transaction", fresh(n), &bill);
        mallory.change(&mut document(a, &harbor, "ledger/2026"), &[edit])
    };
    let mut cases = Vec::new();
    let mut mallory = Mallory::of(&mut a, &harbor.book, 10);
    let stranger = Mallory::of(&mut a, &harbor.book, 11);
    cases.push(("its log's own name", mallory.says("ledger/2026", vec![good(&a, &stranger, 20)])));
    let mut mallory = Mallory::of(&mut a, &harbor.book, 15);
    let edit = entry("transaction", fresh(22), &harbor.bill(5, "x"));
    let as_another = document(&a, &harbor, "ledger/2026")
        .write(mallory.actor("ledger/2026"), &stranger.device(), Time(0), &[&edit])
        .unwrap()
        .unwrap();
    cases.push(("not by the device", mallory.says("ledger/2026", vec![as_another])));
    let mut mallory = Mallory::of(&mut a, &harbor.book, 12);
    cases.push(("damaged", mallory.says("ledger/2026", vec![vec![7; 300]])));
    let mut mallory = Mallory::of(&mut a, &harbor.book, 13);
    let half = good(&a, &mallory, 21)[..60].to_vec();
    cases.push(("damaged", mallory.says("ledger/2026", vec![half])));
    let mut mallory = Mallory::of(&mut a, &harbor.book, 14);
    let whole = document(&a, &harbor, "ledger/2026").save();
    cases.push(("", mallory.says("ledger/2026", vec![whole])));
    for (reason, object) in &cases {
        assert_eq!(receive(&mut a, &harbor, std::slice::from_ref(object)), [Outcome::Stored]);
        let rejected = &a.reader().refused(&harbor.book).unwrap()[0];
        assert!(rejected.reason.contains(reason), "{reason}: {rejected:?}");
    }
    assert_eq!(a.reader().refused(&harbor.book).unwrap().len(), cases.len());
    assert_same(&dump(a.reader(), &harbor.book), &before, "nothing changed");
}

#[test]
fn objects_out_of_their_place_are_refused_and_leave_no_trace() {
    let (mut a, b, harbor) = two();
    let before = dump(a.reader(), &harbor.book);
    let count = a.reader().logs(&harbor.book).unwrap().len();
    let refused = |a: &mut Laptop, object: Vec<u8>, reason: &str| {
        let outcome = receive(a, &harbor, &[object]);
        assert!(why(&outcome[0]).contains(reason), "{reason}: {outcome:?}");
    };
    for name in ["../../etc/passwd", "/etc/passwd", "", "Ledger/2026", "a//b", "ledger\\2026"] {
        let mut mallory = Mallory::of(&mut a, &harbor.book, 30);
        refused(&mut a, mallory.says(name, vec![vec![1]]), "document");
    }
    let mut mallory = Mallory::of(&mut a, &harbor.book, 31);
    let mut object = mallory.object("charter", vec![]);
    object.book = commonhold_core::BookId([9; 32]);
    refused(&mut a, mallory.sign(&object), "another service");
    let mine = logs(a.reader(), &harbor.book).remove(0);
    let owner = Object::open(mine.last().unwrap()).unwrap();
    let mut mallory = Mallory::of(&mut a, &harbor.book, 32);
    let mut object = mallory.object("charter", vec![]);
    (object.nonce, object.seq, object.device) = (owner.nonce, owner.seq + 1, owner.device);
    let bytes = object.seal(&mallory.key, None).unwrap();
    refused(&mut a, bytes, "signature");
    object.device = mallory.device();
    assert_eq!(receive(&mut a, &harbor, &[mallory.sign(&object)]), [Outcome::Early]);
    object.seq = u64::MAX;
    receive(&mut a, &harbor, &[mallory.sign(&object)]);
    assert_same(&dump(a.reader(), &harbor.book), &before, "nothing changed");
    assert_same(&dump(b.reader(), &harbor.book), &before, "and nothing over there");
    println!("{count} logs before, {} after", a.reader().logs(&harbor.book).unwrap().len());
    assert!(a.reader().refused(&harbor.book).unwrap().is_empty());
}

#[test]
fn statements_that_are_none_are_kept_and_do_nothing() {
    let (mut a, mut b, harbor) = two();
    let before = dump(a.reader(), &harbor.book);
    let mut objects = Vec::new();
    for (n, part) in [(40, b"{}".to_vec()), (41, vec![0xff; 5000]), (42, Vec::new())] {
        let mut mallory = Mallory::of(&mut a, &harbor.book, n);
        let mut object = mallory.object("", vec![part]);
        object.kind = ObjectKind::Statements;
        objects.push(mallory.sign(&object));
    }
    both_ways(&mut a, &mut b, &harbor, &objects);
    assert_same(&dump(a.reader(), &harbor.book), &before, "nothing changed");
    assert_eq!(a.reader().genesis(&harbor.book).unwrap().unwrap().name, "Harbor");
}

/// A change made with automerge itself, which can do what our own edits never do.
fn raw(document: &Document, mallory: &Mallory, work: impl Fn(&mut Automerge)) -> Vec<u8> {
    let mut inner = Automerge::load(&document.save()).unwrap();
    inner.set_author(Some(Author::from(mallory.device().0.to_vec())));
    inner.set_actor(ActorId::from(mallory.actor(document.name()).as_slice()));
    let before = inner.get_heads();
    work(&mut inner);
    inner.get_changes(&before)[0].raw_bytes().to_vec()
}

#[test]
fn odd_values_in_a_document_are_problems_and_the_same_in_every_order() {
    let (mut a, mut b, harbor) = two();
    let id = fresh(50);
    let account = format!("account/{}", harbor.bank);
    let mut objects = Vec::new();
    for n in 0..12_u64 {
        let mut mallory = Mallory::of(&mut a, &harbor.book, 60 + n);
        let (account, whole) = (account.clone(), format!("transaction/{id}"));
        let change = raw(&document(&a, &harbor, "charter"), &mallory, |document| {
            let mut tx = document.transaction();
            match n {
                0 => tx.put(ROOT, format!("{account}/path"), 7_i64).unwrap(),
                1 => tx.put(ROOT, format!("{account}/path"), "x".repeat(50_000)).unwrap(),
                2 => tx.put(ROOT, format!("{account}/type"), f64::NAN).unwrap(),
                3 => tx.put(ROOT, whole.as_str(), "{\"deep\":".repeat(5000)).unwrap(),
                4 => tx.put(ROOT, whole.as_str(), "[1,2,3]").unwrap(),
                5 => drop(tx.put_object(ROOT, whole.as_str(), automerge::ObjType::Map).unwrap()),
                6 => tx.put(ROOT, format!("{whole}/narration"), "a field of an entry").unwrap(),
                7 => tx.put(ROOT, format!("future/{id}/x"), "of a later version").unwrap(),
                8 => tx.put(ROOT, "format", "somebody else's").unwrap(),
                9 => {
                    tx.put(ROOT, format!("account/{}/x", id.to_string().to_uppercase()), 1).unwrap()
                }
                10 => tx.put(ROOT, format!("{account}/"), "no name").unwrap(),
                _ => tx.put(ROOT, format!("{account}/{}", "k".repeat(20_000)), "long").unwrap(),
            }
            tx.commit_with(CommitOptions::default().with_time(0));
        });
        objects.push(mallory.says("charter", vec![change]));
    }
    both_ways(&mut a, &mut b, &harbor, &objects);
    let view = commonhold_app::commands::records::list(
        a.reader(),
        &harbor.book,
        Kind::Account,
        &commonhold_app::commands::records::Query {
            limit: 500,
            include_ineffective: true,
            ..Default::default()
        },
    );
    assert!(view.unwrap().rows.iter().any(|row| row.id == harbor.bank && row.conflicts > 0));
}

#[test]
fn an_entry_is_never_changed_by_anybody() {
    let (mut a, mut b, harbor) = two();
    let id = harbor.pay(&mut a, 700, "Paid");
    give(&a, &mut b, &harbor.book);
    let before = dump(a.reader(), &harbor.book);
    for n in 0..2 {
        let mut mallory = Mallory::of(&mut a, &harbor.book, 90 + n);
        let key = format!("transaction/{id}");
        let change = raw(&document(&a, &harbor, "ledger/2026"), &mallory, |document| {
            let mut tx = document.transaction();
            match n {
                0 => tx.put(ROOT, key.as_str(), harbor.bill(9, "Altered").to_string()).unwrap(),
                _ => tx.delete(ROOT, key.as_str()).unwrap(),
            }
            tx.commit();
        });
        receive(&mut a, &harbor, &[mallory.says("ledger/2026", vec![change])]);
        a.store().unwrap().rebuild().unwrap();
        assert_same(&dump(a.reader(), &harbor.book), &before, "an entry was changed");
    }
}

#[test]
fn two_logs_that_use_one_actor_end_the_same_in_every_order() {
    let (mut a, mut b, harbor) = two();
    let mut objects = Vec::new();
    for n in 0..2 {
        let first = Mallory::of(&mut a, &harbor.book, 70);
        let mut mallory = Mallory::of(&mut a, &harbor.book, 70);
        mallory.nonce = [70 + n; 16];
        let bill = harbor.bill(5 + i64::from(n), "twice");
        let edit = entry("transaction", fresh(70 + u64::from(n)), &bill);
        let change = first.change(&mut document(&a, &harbor, "ledger/2026"), &[edit]);
        objects.push(mallory.says("ledger/2026", vec![change]));
    }
    both_ways(&mut a, &mut b, &harbor, &objects);
}
