//! Files of exchange and parts of attachments, frozen: see `docs/FORMAT.md`, §9. What lies in a folder
//! is frozen in `tests/fixtures/wire`.

use super::*;
use crate::attachments;
use crate::transport::file::{pack, unpack};
use commonhold_core::id::{Sha256, unhex};
use commonhold_core::keys::Secret;

#[test]
fn a_file_of_exchange_of_an_earlier_version_is_taken_apart() {
    // Two files: their names' lengths, names, lengths and bytes.
    let frozen = [
        b"CHP1".as_slice(),
        &[0, 16],
        b"commonhold/a/b.x",
        &[0, 0, 0, 0, 0, 0, 0, 3],
        &[7, 8, 9],
        &[0, 14],
        b"commonhold/c.y",
        &[0, 0, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    let files = unpack(&frozen).unwrap().files;
    let names: Vec<(&str, &[u8])> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    assert_eq!(names, [("commonhold/a/b.x", [7, 8, 9].as_slice()), ("commonhold/c.y", &[])]);
    assert_eq!(pack(&unpack(&frozen).unwrap()), frozen);
}

#[test]
fn a_part_of_an_earlier_version_is_opened() {
    let sealed = "43484631582ef8a98e23aa7975f88840c8517b3a46d7842a7e16b4a5bc844d947065bcf5cac268e26928\
                  f69f94527c7d368d57cc513cf620ea94e9cdee1e346c72be";
    let (secret, hash) = (Secret::new([3; 32]), Sha256::of(b"a receipt"));
    let part = attachments::open(&secret, &BookId([1; 32]), &hash, 0, &unhex(sealed).unwrap());
    let part = part.unwrap();
    assert_eq!((part.size, part.number, part.bytes.as_slice()), (9, 0, b"a receipt".as_slice()));
}
