//! What was not shown yet is joined; what was shown never changes.

use super::*;
use crate::object::{Object, ObjectKind};

fn kinds(laptop: &Laptop, book: &BookId) -> Vec<(ObjectKind, String, usize)> {
    let objects = laptop.all(book);
    let mut before: Option<(u64, crate::id::Hash)> = None;
    for (n, bytes) in objects.iter().enumerate() {
        let object = Object::open(bytes).unwrap();
        if let Some((seq, hash)) = before {
            assert_eq!((object.seq, object.previous), (seq + 1, hash), "{n}");
        }
        before = Some((object.seq, crate::object::hash(bytes)));
    }
    let of = |bytes: &Vec<u8>| {
        let object = Object::reopen(bytes).unwrap();
        (object.kind, object.document, object.parts.len())
    };
    objects.iter().map(of).filter(|(kind, ..)| *kind == ObjectKind::Changes).collect()
}

fn times(laptop: &Laptop, book: &BookId, kind: Kind, id: &RecordId) -> Vec<i64> {
    let row = laptop.store.record(book, kind, id).unwrap().unwrap();
    let steps = laptop.store.history(book, &row, kind).unwrap();
    steps.iter().map(|step| step.time.0 / 1000).collect()
}

fn eager() -> Laptop {
    let mut laptop = Laptop::new(1);
    laptop.store.join_from(2);
    laptop
}

fn changes(document: &str, parts: usize) -> (ObjectKind, String, usize) {
    (ObjectKind::Changes, document.to_owned(), parts)
}

#[test]
fn what_is_entered_in_a_row_is_one_object_for_each_document() {
    let mut a = eager();
    let (book, [bank, host, fund]) = founded(&mut a);
    a.store.show(&book).unwrap();
    assert_eq!(kinds(&a, &book), [changes("charter", 3)]);
    let mut entered = Vec::new();
    for n in 1..=4 {
        let fields = transaction(bank, host, fund, &format!("{n}.00"));
        entered.push((a.add(&book, Kind::Transaction, fields), a.clock / 1000));
        if n == 2 {
            a.add(&book, Kind::Account, json!({"path": "Assets:Cash", "type": "asset"}));
        }
    }
    // A living record is written again.
    a.clock += 5000;
    let key = Key { kind: "account".into(), id: bank };
    let fields = json!({"path": "Assets:House bank"}).as_object().cloned().unwrap();
    let act = Act { document: "charter".into(), edit: Edit::Fields(key, fields) };
    a.store.write(&book, Time(a.clock), &[act], &mut |_| true).unwrap();
    let (before, dump) = (a.store.heads_fingerprint(&book).unwrap(), a.dump(&book));
    let history = times(&a, &book, Kind::Account, &bank);
    assert_eq!(history.len(), 2);
    a.store.show(&book).unwrap();
    let after = [changes("charter", 3), changes("ledger/2026", 4), changes("charter", 2)];
    assert_eq!(kinds(&a, &book), after);
    assert_ne!(a.store.heads_fingerprint(&book).unwrap(), before);
    // Everything else is as it was: rows, documents, and who wrote what when.
    assert_eq!(a.dump(&book), dump);
    assert_eq!(times(&a, &book, Kind::Account, &bank), history);
    for (id, time) in &entered {
        assert_eq!(times(&a, &book, Kind::Transaction, id), [*time]);
    }
    a.store.tidy().unwrap();
    a.store.rebuild().unwrap();
    assert_eq!(a.dump(&book), dump);
    // Whoever gets it has the same, and tells the same of it.
    let mut b = Laptop::new(2);
    exchange(&a, &mut b, &book);
    assert_eq!(b.dump(&book), dump);
    assert_eq!(
        b.store.heads_fingerprint(&book).unwrap(),
        a.store.heads_fingerprint(&book).unwrap()
    );
    for (id, time) in &entered {
        assert_eq!(times(&b, &book, Kind::Transaction, id), [*time]);
    }
    assert_eq!(times(&b, &book, Kind::Account, &bank), history);
    // Writing goes on behind it.
    a.add(&book, Kind::Transaction, transaction(bank, host, fund, "9.00"));
    exchange(&a, &mut b, &book);
    assert_eq!(b.dump(&book), a.dump(&book));
}

#[test]
fn what_was_shown_is_never_written_anew() {
    let mut a = eager();
    let (book, [bank, host, fund]) = founded(&mut a);
    let add = |a: &mut Laptop, n: u32| {
        a.add(&book, Kind::Transaction, transaction(bank, host, fund, &format!("{n}.00")));
    };
    add(&mut a, 1);
    a.store.show(&book).unwrap();
    assert!(!a.store.has_unshown(&book).unwrap());
    let shown = a.all(&book);
    (2..=4).for_each(|n| add(&mut a, n));
    assert!(a.store.has_unshown(&book).unwrap());
    a.store.show(&book).unwrap();
    let all = a.all(&book);
    assert!(all[..shown.len()] == shown);
    assert_eq!(all.len(), shown.len() + 1);
    // Nothing new: nothing is written, not even the mark.
    let changes = a.store.db().total_changes();
    a.store.show(&book).unwrap();
    assert_eq!(a.store.db().total_changes(), changes);
    // A reader that shows it as it is says so, too, and it stays.
    (5..=6).for_each(|n| add(&mut a, n));
    let path = a._folder.path().join("book.sqlite");
    let reader = Reader::open(&path).unwrap();
    assert!(reader.has_unshown(&book).unwrap() && reader.note_shown(&book).unwrap());
    assert!(!reader.has_unshown(&book).unwrap() && !a.store.has_unshown(&book).unwrap());
    let all = a.all(&book);
    add(&mut a, 7);
    a.store.show(&book).unwrap();
    assert!(a.all(&book)[..all.len()] == all);
}

#[test]
fn only_what_is_judged_alike_is_joined() {
    let mut a = eager();
    let (book, [bank, host, fund]) = founded(&mut a);
    a.store.show(&book).unwrap();
    let shown = kinds(&a, &book).len();
    let add = |a: &mut Laptop| {
        a.add(&book, Kind::Transaction, transaction(bank, host, fund, "1.00"));
    };
    // Others cite what is stated: nothing before it may move.
    add(&mut a);
    add(&mut a);
    admit(&mut a, &Laptop::new(2), &book);
    let before = a.all(&book);
    add(&mut a);
    add(&mut a);
    // Roles are of a day.
    a.clock += 86_400_000;
    add(&mut a);
    add(&mut a);
    add(&mut a);
    a.store.show(&book).unwrap();
    assert!(a.all(&book)[..before.len()] == before);
    let after = kinds(&a, &book);
    let ledger = |parts| changes("ledger/2026", parts);
    assert_eq!(after[shown..], [ledger(1), ledger(1), ledger(2), ledger(3)]);
    // What is sealed under a key of its own stays as it is, and so does all before it.
    add(&mut a);
    a.add(&book, Kind::Contact, json!({"name": "Ada"}));
    let before = a.all(&book);
    add(&mut a);
    a.store.show(&book).unwrap();
    assert!(a.all(&book)[..before.len()] == before);
}

#[test]
fn a_clock_put_back_and_many_entries_make_several() {
    let mut a = eager();
    let (book, of) = founded(&mut a);
    a.store.show(&book).unwrap();
    let add = |a: &mut Laptop| {
        let [bank, host, fund] = of;
        a.add(&book, Kind::Transaction, transaction(bank, host, fund, "1.00"));
    };
    add(&mut a);
    a.clock -= 30_500;
    (0..1005).for_each(|_| add(&mut a));
    a.store.show(&book).unwrap();
    let parts: Vec<usize> = kinds(&a, &book).iter().map(|(_, _, parts)| *parts).collect();
    assert_eq!(parts, [3, 1, 1000, 5]);
    let mut b = Laptop::new(2);
    exchange(&a, &mut b, &book);
    assert_eq!(b.dump(&book), a.dump(&book));
}

#[test]
fn a_file_of_the_version_before_counts_as_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.sqlite");
    let identity = || Identity::new(DeviceKeys::from_seed([1; 32]), [1; 16], [1; 32]);
    let store = Store::open(&path, identity()).unwrap();
    let mut a = Laptop { store, clock: 1_780_000_000_000, _folder: folder };
    let (book, [bank, host, fund]) = founded(&mut a);
    a.add(&book, Kind::Transaction, transaction(bank, host, fund, "1.00"));
    a.add(&book, Kind::Transaction, transaction(bank, host, fund, "2.00"));
    let (before, all) = (a.dump(&book), a.all(&book));
    let older = "ALTER TABLE log DROP COLUMN shown; PRAGMA user_version = 5";
    a.store.db().execute_batch(older).unwrap();
    let Laptop { store, clock, _folder } = a;
    drop(store);
    assert!(matches!(Reader::open(&path), Err(Error::Stale)));
    let mut a = Laptop { store: Store::open(&path, identity()).unwrap(), clock, _folder };
    a.store.join_from(2);
    assert!((a.dump(&book), a.all(&book)) == (before, all.clone()));
    assert!(!a.store.has_unshown(&book).unwrap());
    a.add(&book, Kind::Transaction, transaction(bank, host, fund, "3.00"));
    a.add(&book, Kind::Transaction, transaction(bank, host, fund, "4.00"));
    a.store.show(&book).unwrap();
    assert!(a.all(&book)[..all.len()] == all);
    assert_eq!(a.all(&book).len(), all.len() + 1);
}

#[test]
fn few_stay_as_they_are() {
    let mut a = Laptop::new(1);
    let (book, [bank, host, fund]) = founded(&mut a);
    for count in [super::super::unshown::WORTH - 1, super::super::unshown::WORTH] {
        a.store.show(&book).unwrap();
        let before = a.all(&book).len();
        for _ in 0..count {
            a.add(&book, Kind::Transaction, transaction(bank, host, fund, "1.00"));
        }
        a.store.show(&book).unwrap();
        let joined = count == super::super::unshown::WORTH;
        assert_eq!(a.all(&book).len() - before, if joined { 1 } else { count });
    }
}

#[test]
fn what_a_copy_showed_is_not_joined_and_what_others_build_on_stays_apart() {
    let mut a = eager();
    let (book, [bank, host, fund]) = founded(&mut a);
    let mut b = Laptop::new(2);
    admit(&mut a, &b, &book);
    exchange(&a, &mut b, &book);
    a.store.show(&book).unwrap();
    let add = |laptop: &mut Laptop| {
        laptop.add(&book, Kind::Transaction, transaction(bank, host, fund, "1.00"));
    };
    add(&mut a);
    add(&mut a);
    let all = a.all(&book);
    let own = a.store.logs(&book).unwrap().into_iter().find(|log| log.own).unwrap();
    a.store.was_shown(own.n, own.last).unwrap();
    add(&mut a);
    add(&mut a);
    a.store.show(&book).unwrap();
    assert!(a.all(&book)[..all.len()] == all && a.all(&book).len() == all.len() + 1);
    // As if a copy had shown the first of two: the other builds on what somebody built on that.
    add(&mut a);
    exchange(&a, &mut b, &book);
    add(&mut b);
    exchange(&b, &mut a, &book);
    add(&mut a);
    a.store.show(&book).unwrap();
    let end = a.store.objects(own.n, own.last + 1, 10).unwrap();
    let parts = end.iter().map(|(_, bytes)| Object::reopen(bytes).unwrap().parts.len());
    assert_eq!(parts.collect::<Vec<_>>(), [1, 1]);
}
