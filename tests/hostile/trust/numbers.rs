//! Numbers at their limits, and things that are too large.

use crate::support::crew::{ANN, BEN, CLEO, DORA, crew, fresh};
use crate::support::mallory::{Mallory, entry};
use commonhold_core::authority::Role;
use commonhold_core::object::{self, Object};
use commonhold_core::store::{Outcome, RefusedState};
use ed25519_dalek::Signer;
use sha2::{Digest, Sha256};

/// Bytes of one number in automerge's form (LEB128).
fn leb(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

/// A number and how many bytes it takes.
fn read_leb(bytes: &[u8]) -> (u64, usize) {
    let length = bytes.iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
    let add = |sum: u64, byte: &u8| sum << 7 | u64::from(byte & 0x7f);
    (bytes[..length].iter().rev().fold(0, add), length)
}

/// A change with another number of its author's sequence and of its first operation.
fn renumbered(change: &[u8], seq: Option<u64>, start: Option<u64>) -> Vec<u8> {
    let (_, skip) = read_leb(&change[9..]);
    let body = &change[9 + skip..];
    let (deps, mut at) = read_leb(body);
    at += 32 * deps as usize;
    let (actor, length) = read_leb(&body[at..]);
    at += length + actor as usize;
    let (old_seq, length) = read_leb(&body[at..]);
    let (head, rest) = (&body[..at], &body[at + length..]);
    let (old_start, length) = read_leb(rest);
    let numbers = [leb(seq.unwrap_or(old_seq)), leb(start.unwrap_or(old_start))].concat();
    let body = [head, &numbers, &rest[length..]].concat();
    let content = [&[1], leb(body.len() as u64).as_slice(), &body].concat();
    let checksum = Sha256::digest(&content);
    [&[0x85, 0x6f, 0x4a, 0x83], &checksum[..4], &content].concat()
}

#[test]
fn numbers_of_operations_at_their_limits_are_refused() {
    let mut crew = crew(Role::Treasurer);
    let before = crew.dump(ANN);
    let top = i64::MAX as u64;
    let starts =
        [0, 1, u64::from(u32::MAX), 1 << 32, top - 1, top, top + 1, u64::MAX - 1, u64::MAX];
    let numbers = starts.map(|start| (None, Some(start))).into_iter();
    let numbers = numbers.chain([0, 2, top, u64::MAX].map(|seq| (Some(seq), None)));
    let (mut objects, mut devices) = (Vec::new(), Vec::new());
    for (n, (seq, start)) in numbers.enumerate() {
        let mut mallory = crew.mallory(100 + n as u64, DORA);
        let edit = entry("transaction", fresh(n as u64), &crew.harbor.bill(5, "Bill"));
        let change = mallory.change(&mut crew.document(ANN, "ledger/2026"), &[edit]);
        assert_eq!(renumbered(&change, None, None), change, "the form is understood here");
        let change = renumbered(&change, seq, start);
        objects.push(mallory.says("ledger/2026", vec![change]));
        devices.push(mallory.device());
    }
    crew.spread(&objects);
    assert_eq!(crew.dump(CLEO), before);
    for device in devices {
        let (state, reason) = crew.why(BEN, device);
        assert_eq!(state, RefusedState::Refused, "{reason}");
        assert!(reason.len() > 15, "{reason}");
    }
    crew.goes_on(BEN);
}

/// An object around a payload, which claims to unpack to so many bytes.
fn around(mallory: &Mallory, payload: &[u8], claim: u32) -> Vec<u8> {
    let empty = mallory.object("charter", Vec::new());
    let bytes = empty.seal(&mallory.key, None).unwrap();
    let payload_of_nothing = zstd_of_nothing(&bytes);
    let header = &bytes[68..bytes.len() - payload_of_nothing - 40];
    let length = payload.len() as u32;
    let hash = commonhold_core::id::Hash::of(payload);
    let header = [header, &claim.to_be_bytes(), &length.to_be_bytes(), &hash.0].concat();
    let signature = mallory.key.sign(&[b"commonhold object 1\n".as_slice(), &header].concat());
    [b"CHO1".as_slice(), &signature.to_bytes(), &header, payload].concat()
}

/// How long the payload of an object without parts is, by its header.
fn zstd_of_nothing(bytes: &[u8]) -> usize {
    let fits = |length: &usize| {
        let at = bytes.len() - length - 36;
        bytes[at..at + 4] == (*length as u32).to_be_bytes()
    };
    (1..60).find(fits).unwrap()
}

/// Zeros, compressed: frames of one block each that repeats one byte.
fn bomb(megabytes: usize) -> Vec<u8> {
    let mut bytes = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58];
    for n in 1..=megabytes * 8 {
        let last = u32::from(n == megabytes * 8);
        let block = last | 1 << 1 | (128 << 10) << 3;
        bytes.extend_from_slice(&block.to_le_bytes()[..3]);
        bytes.push(0);
    }
    bytes
}

#[test]
fn what_is_too_large_or_unpacks_to_too_much_is_refused() {
    let mut crew = crew(Role::Treasurer);
    let mut mallory = crew.mallory(1, DORA);
    let before = crew.dump(ANN);
    let whole = around(&mallory, &bomb(1), 1 << 20);
    assert!(Object::open(&whole).is_err(), "a megabyte of zeros is no list of parts");
    let objects = [
        around(&mallory, &bomb(4000), 4_194_304_000),
        around(&mallory, &bomb(4000), 1 << 20),
        around(&mallory, &bomb(65), 65 << 20),
        around(&mallory, b"not compressed", 14),
        vec![0; object::MAX_BYTES + 1],
    ];
    let whys = [
        "larger than allowed (payload)",
        "cut short (payload)",
        "larger than allowed (payload)",
        "cut short (payload)",
        "larger than allowed (object)",
    ];
    let said = crew.spread(&objects);
    for (outcome, why) in said.iter().zip(whys) {
        let Outcome::Refused(reason) = outcome else { panic!("{why}: {outcome:?}") };
        assert!(reason.contains(why), "{why}: {reason}");
    }
    let zeros = around(&mallory, &bomb(60), 60 << 20);
    let Outcome::Refused(_) = crew.receive(BEN, &[zeros])[0] else { panic!() };
    assert_eq!(crew.dump(BEN), before);
    let edit = entry("transaction", fresh(1), &crew.harbor.bill(5, &"long ".repeat(3)));
    let sound = crew.forge(&mut mallory, "ledger/2026", edit);
    assert_eq!(crew.spread(&[sound]), [Outcome::Stored]);
    crew.goes_on(BEN);
}
