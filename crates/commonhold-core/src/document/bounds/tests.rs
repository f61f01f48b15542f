#![allow(clippy::arithmetic_side_effects)]
use super::super::{Document, Edit, Key};
use super::*;
use crate::date::Time;
use crate::id::{BookId, Device, RecordId};
use automerge::transaction::Transactable;
use automerge::{ActorId, Change, ObjType, ROOT, ScalarValue};
use serde_json::{Value, json};

/// Real changes of several writers, by way of this crate and of the library alone.
fn real() -> Vec<Change> {
    let mut document = Document::new(&BookId([9; 32]), "page/x").unwrap();
    let key = |n: u16| {
        let id = RecordId::from_bytes(std::array::from_fn(|i| n.to_be_bytes()[i % 2]));
        Key { kind: "page".into(), id }
    };
    let fields = |value: Value| value.as_object().cloned().unwrap();
    let text = |text: String| Edit::Text { key: key(0), field: "body".into(), base: None, text };
    let entries = (1..400).map(|n| Edit::Entry(key(n), fields(json!({"narration": n}))));
    for edits in [
        vec![Edit::Fields(key(0), fields(json!({"a": "Öl", "b": 1, "c": [true]})))],
        vec![text("Grüße 🦀 ".repeat(400)), Edit::Fields(key(0), fields(json!({"a": null})))],
        vec![text("Große 🦀🦀 ".repeat(300))],
        entries.collect(),
    ] {
        let edits: Vec<&Edit> = edits.iter().collect();
        document.write([1; 16], &Device([1; 32]), Time(1000), &edits).unwrap().unwrap();
    }
    let mut whole = document.inner;
    for round in 0..2_u8 {
        let mut forks: Vec<_> = (2..9).map(|_| whole.clone()).collect();
        for (n, fork) in (2_u8..).zip(&mut forks) {
            fork.set_actor(ActorId::from([n; 16].as_slice()));
            let mut tx = fork.transaction();
            tx.put(ROOT, "same", i64::from(n) << (7 * round)).unwrap();
            tx.put(ROOT, "count", ScalarValue::counter(i64::MIN)).unwrap();
            let times = if n == 2 { 3000 } else { 30 };
            (0..times).for_each(|by| tx.increment(ROOT, "count", by).unwrap());
            let list = tx.put_object(ROOT, "list", ObjType::List).unwrap();
            (0..40).for_each(|at| tx.insert(&list, at, 0.5).unwrap());
            (0..9).for_each(|_| tx.delete(&list, 7).unwrap());
            tx.delete(ROOT, "same").unwrap();
            tx.commit();
        }
        forks.iter_mut().for_each(|fork| drop(whole.merge(fork).unwrap()));
    }
    whole.get_changes(&[])
}

#[test]
fn every_real_change_passes_and_none_that_is_compressed() {
    let changes = real();
    assert_eq!(changes.len(), 5 + 2 * 7);
    assert!(changes.iter().any(|change| change.author().is_some()));
    assert!(changes.iter().any(|change| change.other_actor_ids().len() >= 6));
    for mut change in changes {
        assert_eq!(check(change.raw_bytes()), Ok(()));
        let plain = change.raw_bytes().to_vec();
        assert_eq!(check(&change.bytes()), if plain.len() > 256 { Err(NOT_PLAIN) } else { Ok(()) });
    }
}

/// A change with one column: its bytes are a run's count, and what follows.
fn with_column(spec: u8, count: i64, rest: &[u8]) -> Vec<u8> {
    let mut column: Vec<u8> = (0..9).map(|at| (count >> (7 * at)) as u8 | 0x80).collect();
    column.push(if count < 0 { 0x7f } else { 0 });
    column.extend(rest);
    let length = u8::try_from(column.len()).unwrap();
    let body = [&[0, 1, 7, 1, 1, 0, 0, 0, 1, spec, length], &column[..]].concat();
    [&MAGIC[..], &[0; 4], &[CHANGE, u8::try_from(body.len()).unwrap()], &body].concat()
}

#[test]
fn a_run_nobody_could_count_is_refused_in_every_column() {
    const HUGE: [u8; 7] = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x08]; // 2^45 nothings
    for spec in [0, 1, 2, 3, 4, 5, 6] {
        for count in [1 << 45, i64::MAX, 1_000_001] {
            assert_eq!(check(&with_column(spec, count, &[0])), Err(TOO_MUCH), "{spec} {count}");
        }
        assert_eq!(check(&with_column(spec, 1_000_000, &[0])), Ok(()), "{spec}");
        assert_eq!(check(&with_column(spec | 8, 1, &[0])), Err(NOT_PLAIN));
        let many = [0, 0xc0, 0x84, 0x3d, 0]; // after one value a million more
        assert_eq!(check(&with_column(spec, 1, &many)), Err(TOO_MUCH), "{spec}");
        if spec != 4 {
            assert_eq!(check(&with_column(spec, 0, &HUGE)), Err(TOO_MUCH), "{spec}");
            assert_eq!(check(&with_column(spec, i64::MIN, &[0])), Err(TOO_MUCH), "{spec}");
            assert_eq!(check(&with_column(spec, -3, &[0, 0])), Err(DAMAGED), "{spec}");
        }
    }
    let long = [&[64][..], &[b'x'; 65]].concat();
    assert_eq!(check(&with_column(5, 1_000_000, &long[..65])), Ok(()));
    let longer = [&[65][..], &long[1..]].concat();
    assert_eq!(check(&with_column(5, 1_000_000, &longer)), Err(TOO_MUCH));
    assert_eq!(check(&with_column(7, 1 << 45, &[0xff])), Ok(()));
}

#[test]
fn damage_never_panics() {
    for change in real().iter().filter(|change| change.raw_bytes().len() < 3000) {
        let bytes = change.raw_bytes();
        for place in 0..bytes.len() {
            assert!(check(&bytes[..place]).is_err());
            for bit in 0..8 {
                let mut bad = bytes.to_vec();
                bad[place] ^= 1 << bit;
                let _ = check(&bad);
            }
        }
    }
}

#[test]
fn whole_documents_of_every_sort_pass_and_an_endless_one_is_refused_at_once() {
    let changes = real();
    let mut whole = automerge::Automerge::new();
    whole.apply_changes(changes).unwrap();
    for bytes in [whole.save(), whole.save_nocompress()] {
        assert_eq!(check_document(&bytes), Ok(()));
        for cut in (0..bytes.len()).step_by(7) {
            assert!(check_document(&bytes[..cut]).is_err(), "cut at {cut}");
        }
    }
    let change = real().remove(0);
    assert!(check_document(change.raw_bytes()).is_err());
    // Thirteen bytes on which the library takes all the memory there is.
    let claims = [0, 0, 1, 0x13, 7, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 1, 0];
    let body = [&[0, 13], claims.as_slice()].concat();
    let sum = <sha2::Sha256 as sha2::Digest>::digest(&body);
    let endless = [&MAGIC, &sum[..4], &body].concat();
    assert_eq!(check_document(&endless), Err(TOO_MUCH));
    assert!(Document::load("ledger/2026", &endless).is_err());
}
