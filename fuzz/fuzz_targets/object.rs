//! Signed objects: as they come, with length, hash and signature made right, and built around
//! fuzzed fields and payloads, sealed or not.
#![no_main]

use commonhold_core::object::{self, Object};
use commonhold_fuzz::object::{keys, open_header, repaired, secret, signed};
use commonhold_fuzz::{Bytes, calm};
use libfuzzer_sys::fuzz_target;

fn look(bytes: &[u8]) {
    let peeked = Object::peek(bytes);
    let hash = object::hash(bytes);
    let opened = Object::open(bytes);
    let again = Object::reopen(bytes);
    assert!(opened.is_err() || (peeked.is_ok() && again == opened));
    if let Some(erased) = object::erase(bytes) {
        assert_eq!(object::hash(&erased), hash, "erasing leaves the name");
        assert_eq!(object::erase(&erased).as_ref(), Some(&erased));
        if let Ok(object) = Object::open(&erased) {
            assert!(object.is_erased() && object.parts.is_empty());
        }
    }
    let Ok(mut object) = opened else { return };
    assert_eq!(peeked.map(|object| object.log()), Ok(object.log()));
    if object.unseal(&secret()).is_ok() && object.sealed.is_none() {
        let sealed = object.seal(keys().signing(), None).expect("what was opened can be written");
        let own = object.device == keys().device();
        let back = Object::open(&sealed);
        assert!(!own || back.is_ok_and(|back| back == object), "it comes back as it was");
    }
}

/// Fields from the input, and a payload that unpacks to what the input says.
fn built(bytes: &mut Bytes<'_>) -> Vec<u8> {
    let (how, kind, seq) = (bytes.byte(), bytes.byte() % 6, u64::from(bytes.byte()));
    let (document, authority, heads) = (bytes.some(), bytes.some(), bytes.some());
    let claimed = u32::from_be_bytes(bytes.array());
    let plain = bytes.rest();
    let keys = keys();
    let header = open_header((kind, seq), &keys.device(), document, [authority, heads]);
    let raw = if how & 1 == 0 { plain.len() as u32 } else { claimed };
    let mut payload = zstd::bulk::compress(plain, 1).expect("packed");
    let mut under = [0; 16];
    if how & 2 != 0 {
        under = secret().id().0;
        payload = secret().seal(&header, &payload).expect("sealed");
    }
    if how & 4 != 0 {
        payload.clear();
    }
    signed(keys.signing(), &header, under, raw, &payload)
}

fuzz_target!(|data: &[u8]| {
    calm(|| {
        let mut bytes = Bytes(data);
        match bytes.byte() % 3 {
            0 => look(bytes.rest()),
            1 => repaired(bytes.rest()).iter().for_each(|bytes| look(bytes)),
            _ => look(&built(&mut bytes)),
        }
    });
});
