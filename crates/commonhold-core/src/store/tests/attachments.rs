//! Attachments in the store: every way in ends with the hash of the whole.

use super::*;
use crate::attachment::{MAX_BYTES, PART_BYTES, Part};
use crate::id::Sha256;

const NOW: Time = Time(1_780_000_100_000);

/// Bytes that are nowhere twice.
fn bytes(length: usize, seed: u8) -> Vec<u8> {
    let mut out = vec![0; length];
    blake3::Hasher::new().update(&[seed]).finalize_xof().fill(&mut out);
    out
}

fn part(whole: &[u8], number: usize) -> Part {
    let rest = &whole[number * PART_BYTES..];
    let bytes = rest[..rest.len().min(PART_BYTES)].to_vec();
    Part { size: whole.len() as u64, number: number as u32, bytes, packed: false }
}

#[test]
fn what_is_kept_is_there_again_once_and_survives_rebuilding() {
    let mut a = Laptop::new(1);
    let (book, [bank, host, fund]) = founded(&mut a);
    for file in [bytes(0, 0), bytes(5, 1), bytes(PART_BYTES, 2), bytes(2 * PART_BYTES + 7, 3)] {
        let kept = a.store.keep_attachment(&book, &file, false, NOW).unwrap();
        assert_eq!((kept.sha256, kept.here, kept.sealed), (Sha256::of(&file), true, false));
        assert_eq!(kept.size, Some(file.len() as u64));
        a.store.keep_attachment(&book, &file, false, NOW).unwrap();
        assert_eq!(a.store.attachment_bytes(&book, &kept.sha256).unwrap(), Some(file));
    }
    let total = (4, (5 + 3 * PART_BYTES + 7) as u64);
    assert_eq!(a.store.attachments_total(&book).unwrap(), total);
    let receipt = Sha256::of(&bytes(5, 1));
    let mut bill = transaction(bank, host, fund, "9.99");
    bill["documents"] = json!([receipt.to_string(), "no hash", "0".repeat(63), "A".repeat(64)]);
    a.add(&book, Kind::Transaction, bill);
    a.store.rebuild().unwrap();
    assert_eq!(a.store.attachments_total(&book).unwrap(), total);
    let named = a.store.attachments_named(&book).unwrap();
    assert_eq!(named.keys().collect::<Vec<_>>(), [&receipt]);
    assert!(named[&receipt].counts && named[&receipt].open && !named[&receipt].sealed);
}

#[test]
fn only_sound_records_name_attachments_and_where_decides_for_whom() {
    let mut a = Laptop::new(1);
    let (book, [bank, host, fund]) = founded(&mut a);
    let hash = |n: u8| Sha256::of(&[n]).to_string();
    let mut bill = transaction(bank, host, fund, "9.99");
    bill["documents"] = json!([hash(1), hash(2)]);
    let id = a.add(&book, Kind::Transaction, bill.clone());
    a.add(
        &book,
        Kind::Import,
        json!({"format": "csv", "file_sha256": hash(2), "account": bank, "attempt": 1}),
    );
    a.add(
        &book,
        Kind::Import,
        json!({"format": "csv", "file_sha256": hash(3), "account": bank, "attempt": 1}),
    );
    a.add(&book, Kind::Withdrawal, json!({"kind": "transaction", "target": id, "reason": "Twice"}));
    let named = a.store.attachments_named(&book).unwrap();
    let of = |n: u8| named[&Sha256::of(&[n])];
    assert_eq!((of(1).counts, of(1).open, of(1).sealed), (false, false, false), "withdrawn");
    assert_eq!((of(2).counts, of(2).only_sealed()), (true, true));
    assert_eq!((of(3).counts, of(3).only_sealed()), (true, true));
    // An expense without its amount is rejected, and names nothing.
    let rejected = json!({"documents": [hash(9)]}).as_object().cloned().unwrap();
    let key = Key { kind: "transaction".into(), id: mint(77, [3; 10]) };
    let act = Act { document: "ledger/2026".into(), edit: Edit::Entry(key, rejected) };
    assert!(a.store.write(&book, NOW, &[act], &mut |_| true).unwrap());
    assert!(!a.store.attachments_named(&book).unwrap().contains_key(&Sha256::of(&[9])));
}

#[test]
fn parts_come_in_any_order_and_the_whole_is_judged_by_its_hash() {
    let mut a = Laptop::new(1);
    let (book, _) = founded(&mut a);
    let whole = bytes(2 * PART_BYTES + 100, 4);
    let hash = Sha256::of(&whole);
    let mut take = |part: &Part| a.store.take_attachment_part(&book, &hash, part, true, NOW);
    assert_eq!(take(&part(&whole, 2)).unwrap(), Taken::More);
    assert_eq!(take(&part(&whole, 2)).unwrap(), Taken::More);
    assert_eq!(take(&part(&whole, 0)).unwrap(), Taken::More);
    let mut other = part(&whole, 1);
    other.bytes[7] ^= 1;
    assert_eq!(take(&other).unwrap(), Taken::Wrong);
    for number in [1, 0] {
        assert_eq!(take(&part(&whole, number)).unwrap(), Taken::More);
    }
    // A part of a file of another size, a size no file may have, a part that is too long or short.
    for (size, number, length) in [
        (2 * PART_BYTES + 99, 2, 99),
        (MAX_BYTES + 1, 0, PART_BYTES),
        (usize::MAX, 0, PART_BYTES),
        (10, 0, 11),
        (10, 1, 0),
        (PART_BYTES + 5, 0, 5),
    ] {
        let bad = Part { size: size as u64, number, bytes: vec![0; length], packed: false };
        assert_eq!(take(&bad).unwrap(), Taken::Wrong, "{size} {number} {length}");
    }
    for number in [1, 0] {
        assert_eq!(take(&part(&whole, number)).unwrap(), Taken::More);
    }
    assert_eq!(take(&part(&whole, 2)).unwrap(), Taken::Whole);
    let found = a.store.attachment(&book, &hash).unwrap().unwrap();
    assert!(found.here && found.sealed && found.added == Some(NOW));
    assert_eq!(a.store.attachment_bytes(&book, &hash).unwrap(), Some(whole));
}

#[test]
fn too_large_is_refused_and_who_does_not_belong_keeps_nothing() {
    let (mut a, mut b) = (Laptop::new(1), Laptop::new(2));
    let (book, _) = founded(&mut a);
    let large = vec![7; MAX_BYTES + 1];
    let refused = a.store.keep_attachment(&book, &large, false, NOW);
    assert!(matches!(refused, Err(Error::TooLarge(n)) if n == MAX_BYTES as u64 + 1));
    a.store.keep_attachment(&book, &large[1..], false, NOW).unwrap();
    exchange(&a, &mut b, &book);
    let stranger = b.store.keep_attachment(&book, b"mine", false, NOW);
    assert!(matches!(stranger, Err(Error::NotMember { removed: false })), "{stranger:?}");
    assert_eq!(b.store.attachments(&book).unwrap(), []);
    assert_eq!(a.store.attachments(&book).unwrap().len(), 1);
}

#[test]
fn what_the_disk_spoiled_is_noticed_and_asked_for_again() {
    let mut a = Laptop::new(1);
    let (book, _) = founded(&mut a);
    let kept = a.store.keep_attachment(&book, b"a receipt", false, NOW).unwrap();
    a.store.db().execute("UPDATE attachment_part SET bytes = x'00'", []).unwrap();
    let read = a.store.attachment_bytes(&book, &kept.sha256);
    assert!(matches!(read, Err(Error::Damaged(hash)) if hash == kept.sha256));
    a.store.ask_for_attachment(&book, &kept.sha256).unwrap();
    let wanted = a.store.attachment(&book, &kept.sha256).unwrap().unwrap();
    assert!(!wanted.here && wanted.asked && wanted.size.is_none());
    // The person may also add it once more.
    a.store.keep_attachment(&book, b"a receipt", false, NOW).unwrap();
    assert!(a.store.attachment_bytes(&book, &kept.sha256).unwrap().is_some());
}

#[test]
fn a_file_of_the_version_before_is_brought_to_this_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.sqlite");
    let identity = || Identity::new(DeviceKeys::from_seed([1; 32]), [1; 16], [1; 32]);
    let store = Store::open(&path, identity()).unwrap();
    let mut a = Laptop { store, clock: NOW.0, _folder: folder };
    let (book, _) = founded(&mut a);
    let before = a.dump(&book);
    a.store
        .db()
        .execute_batch(
            "DROP TABLE attachment_part; DROP TABLE attachment; DROP INDEX object_stance;
             ALTER TABLE stance DROP COLUMN verdict; ALTER TABLE log ADD COLUMN verdict BLOB;
             ALTER TABLE log DROP COLUMN shown;
             PRAGMA user_version = 3",
        )
        .unwrap();
    let Laptop { store, clock, _folder } = a;
    drop(store);
    assert!(matches!(Reader::open(&path), Err(Error::Stale)));
    let mut a = Laptop { store: Store::open(&path, identity()).unwrap(), clock, _folder };
    assert_eq!(a.dump(&book), before);
    a.store.keep_attachment(&book, b"new", false, NOW).unwrap();
    assert_eq!(Reader::open(&path).unwrap().attachments(&book).unwrap().len(), 1);
}

#[test]
fn what_lay_in_a_file_of_the_last_version_is_all_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.sqlite");
    let identity = || Identity::new(DeviceKeys::from_seed([1; 32]), [1; 16], [1; 32]);
    let store = Store::open(&path, identity()).unwrap();
    let mut a = Laptop { store, clock: NOW.0, _folder: folder };
    let (book, [bank, host, fund]) = founded(&mut a);
    a.add(&book, Kind::Transaction, transaction(bank, host, fund, "9.99"));
    let plain = bytes(PART_BYTES + 7, 6);
    let kept = a.store.keep_attachment(&book, &plain, false, NOW).unwrap();
    let before = a.dump(&book);
    a.store
        .db()
        .execute_batch(
            "ALTER TABLE attachment_part DROP COLUMN packed; DROP INDEX object_stance;
             ALTER TABLE stance DROP COLUMN verdict; ALTER TABLE log ADD COLUMN verdict BLOB;
             ALTER TABLE log DROP COLUMN shown;
             PRAGMA user_version = 4",
        )
        .unwrap();
    let Laptop { store, clock, _folder } = a;
    drop(store);
    assert!(matches!(Reader::open(&path), Err(Error::Stale)));
    let mut a = Laptop { store: Store::open(&path, identity()).unwrap(), clock, _folder };
    assert_eq!(a.dump(&book), before);
    assert_eq!(a.store.attachment_bytes(&book, &kept.sha256).unwrap(), Some(plain));
    // What was judged there is judged once more with the next statement, and stays.
    admit(&mut a, &Laptop::new(2), &book);
    assert_eq!(a.dump(&book), before);
    let text = b"2026-03-04;9.99\n".repeat(500);
    let packed = a.store.keep_attachment(&book, &text, false, NOW).unwrap();
    assert_eq!(a.store.attachment_bytes(&book, &packed.sha256).unwrap(), Some(text));
}
