//! Chunks of automerge around fuzzed bytes, with the lengths and checksums they must have.

use commonhold_core::id::Hash;
use sha2::{Digest, Sha256};

/// The type of a chunk with a whole document.
pub const DOCUMENT: u8 = 0;
/// The type of a chunk with one change.
pub const CHANGE: u8 = 1;
const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

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

/// A chunk around a body.
pub fn around(kind: u8, body: &[u8]) -> Vec<u8> {
    let content = [&[kind], leb(body.len() as u64).as_slice(), body].concat();
    let checksum = Sha256::digest(&content);
    [&MAGIC, &checksum[..4], &content].concat()
}

/// The body of a chunk: what comes after magic, checksum, type and length.
pub fn body(chunk: &[u8]) -> &[u8] {
    let length = chunk[9..].iter().position(|byte| byte & 0x80 == 0).expect("a whole chunk") + 1;
    &chunk[9 + length..]
}

/// The first change of an actor, up to the other actors it names: it builds on some heads and
/// numbers its operations as it must.
pub fn head(heads: &[Hash], actor: &[u8], start: u64) -> Vec<u8> {
    let mut out = leb(heads.len() as u64);
    heads.iter().for_each(|head| out.extend_from_slice(&head.0));
    out.extend(leb(actor.len() as u64));
    out.extend_from_slice(actor);
    out.extend(leb(1));
    out.extend(leb(start));
    out.extend([0, 0]); // time and message
    out
}

/// What follows in a change that begins with a [`head`]: other actors, and columns.
pub fn rest(change: &[u8], head: &[u8]) -> Option<Vec<u8>> {
    body(change).strip_prefix(head).map(<[u8]>::to_vec)
}
