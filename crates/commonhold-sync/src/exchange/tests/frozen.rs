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

#[test]
fn a_packed_part_of_an_earlier_version_is_opened() {
    let sealed = "43484632c0aa5fdf97bbfa592c3f36ed75635ee98b06e38d0649c7d7c45f7a3cc14ac4211cc826c86630\
                  7b89ae78c36659f994e2721350903b2eb2e10e1bd0fc07d9f0465be7f8a943fd0c77f0e60110e3a24a32";
    let (secret, whole) = (Secret::new([3; 32]), b"a receipt ".repeat(20));
    let (book, hash) = (BookId([1; 32]), Sha256::of(&whole));
    let part = attachments::open(&secret, &book, &hash, 0, &unhex(sealed).unwrap()).unwrap();
    assert_eq!((part.size, part.number, part.packed), (200, 0, true));
    assert_eq!(part.plain().unwrap(), whole);
    assert_eq!(attachments::seal(&secret, &book, &hash, &part), unhex(sealed));
}
