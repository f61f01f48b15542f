//! What lies in a shared folder: bundles, sealed bundles, envelopes and the names of files.
#![no_main]

use commonhold_core::id::{BookId, LogId};
use commonhold_core::keys::Secret;
use commonhold_fuzz::{Bytes, calm};
use commonhold_sync::bundle::{self, Name};
use commonhold_sync::sealing::{self, Envelope};
use libfuzzer_sys::fuzz_target;

const BOOK: BookId = BookId([1; 32]);
const LOG: LogId = LogId([2; 16]);

fn unpack(bytes: &[u8]) {
    if let Some(objects) = bundle::unpack(bytes) {
        assert_eq!(bundle::pack(&objects), bytes);
    }
}

fn open(bytes: &[u8], name: &Name) -> Option<Vec<Vec<u8>>> {
    let secret = Secret::new([3; 32]);
    sealing::open(|id| (*id == secret.id()).then_some(&secret), &BOOK, &LOG, name, bytes).ok()
}

/// A bundle sealed as it should be, around what should not be in it.
fn sealed(name: &Name, plain: &[u8]) {
    let secret = Secret::new([3; 32]);
    let numbers = [name.first.to_be_bytes(), name.last.to_be_bytes()].concat();
    let bound = [b"CHS1".as_slice(), &BOOK.0, &LOG.0, &numbers].concat();
    let sealed = secret.seal(&bound, plain).expect("sealed");
    let bytes = [b"CHS1".as_slice(), &secret.id().0, &sealed].concat();
    assert_eq!(open(&bytes, name), bundle::unpack(plain));
}

fn envelope(bytes: &[u8]) {
    let Some(envelope) = Envelope::read(bytes) else { return };
    if let Some(again) = envelope.bytes(&Secret::new([3; 32])) {
        let read = Envelope::read(&again).expect("what was written is read");
        assert!(envelope.sealed.iter().all(|sealed| read.sealed.contains(sealed)));
        assert_eq!((read.id, read.earlier), (envelope.id, envelope.earlier));
    }
}

fn names(text: &str) {
    if let Some(name) = Name::parse(text) {
        assert_eq!(name.to_string(), text);
    }
    if let Ok(book) = text.parse::<BookId>() {
        assert_eq!(book.to_string(), text.to_lowercase());
    }
    if let Some(log) = LogId::from_hex(text) {
        assert_eq!(log.to_string(), text.to_lowercase());
    }
}

fuzz_target!(|data: &[u8]| {
    calm(|| {
        let mut bytes = Bytes(data);
        let which = bytes.byte() % 5;
        let name = Name { first: 1, last: 2, bytes: data.len() as u64 };
        match which {
            0 => unpack(bytes.rest()),
            1 => drop(open(bytes.rest(), &name)),
            2 => sealed(&name, bytes.rest()),
            3 => envelope(bytes.rest()),
            _ => names(&String::from_utf8_lossy(bytes.rest())),
        }
    });
});
