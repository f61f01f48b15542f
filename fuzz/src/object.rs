//! Signed objects around fuzzed fields: what `Object::seal` would never write.

use commonhold_core::BookId;
use commonhold_core::id::Device;
use commonhold_core::keys::{DeviceKeys, Secret};
use ed25519_dalek::{Signer, SigningKey};

pub const BOOK: BookId = BookId([9; 32]);
const MAGIC: usize = 4;
const SIGNATURE: usize = 64;
/// Where the device stands: behind kind, book, nonce and number.
const DEVICE: usize = MAGIC + SIGNATURE + 1 + 32 + 16 + 8;

/// The key all of them are signed with.
pub fn keys() -> DeviceKeys {
    DeviceKeys::from_seed([7; 32])
}

/// The key private ones are sealed under.
pub fn secret() -> Secret {
    Secret::new([8; 32])
}

/// A header up to where key, lengths and hash of the payload come.
pub fn open_header(
    (kind, seq): (u8, u64),
    device: &Device,
    document: &[u8],
    hashes: [&[u8]; 2],
) -> Vec<u8> {
    let mut out = vec![kind];
    out.extend_from_slice(&BOOK.0);
    out.extend_from_slice(&[5; 16]);
    out.extend_from_slice(&seq.to_be_bytes());
    out.extend_from_slice(&device.0);
    out.extend_from_slice(&[0; 32]);
    out.extend_from_slice(&1_782_864_000_000_i64.to_be_bytes());
    out.extend_from_slice(&u16::try_from(document.len()).unwrap_or(0).to_be_bytes());
    out.extend_from_slice(document);
    for hashes in hashes {
        let count = (hashes.len() / 32).min(255);
        out.push(count as u8);
        out.extend_from_slice(&hashes[..32 * count]);
    }
    out
}

/// The whole object: key, lengths and hash put in, and signed.
pub fn signed(
    key: &SigningKey,
    header: &[u8],
    sealed_under: [u8; 16],
    raw: u32,
    payload: &[u8],
) -> Vec<u8> {
    let length = (payload.len() as u32).to_be_bytes();
    let hash = blake3::hash(payload);
    let header = [header, &sealed_under, &raw.to_be_bytes(), &length, hash.as_bytes()].concat();
    let signature = key.sign(&[b"commonhold object 1\n".as_slice(), &header].concat());
    [b"CHO1".as_slice(), &signature.to_bytes(), &header, payload].concat()
}

/// Makes the length and the hash of the payload right again, and the signature that of [`keys`];
/// nothing where not even the header is whole.
pub fn repaired(bytes: &[u8]) -> Option<Vec<u8>> {
    let keys = keys();
    let mut bytes = bytes.to_vec();
    bytes.get_mut(..MAGIC)?.copy_from_slice(b"CHO1");
    bytes.get_mut(DEVICE..DEVICE + 32)?.copy_from_slice(&keys.device().0);
    let name = DEVICE + 32 + 32 + 8;
    let mut at =
        name + 2 + usize::from(u16::from_be_bytes(bytes.get(name..name + 2)?.try_into().ok()?));
    for _ in 0..2 {
        at += 1 + 32 * usize::from(*bytes.get(at)?);
    }
    let (length, hash) = (at + 16 + 4, at + 16 + 8);
    let payload = bytes.get(hash + 32..)?;
    let (count, sum) = (payload.len() as u32, blake3::hash(payload));
    bytes.get_mut(length..hash)?.copy_from_slice(&count.to_be_bytes());
    bytes.get_mut(hash..hash + 32)?.copy_from_slice(sum.as_bytes());
    let header = bytes.get(MAGIC + SIGNATURE..hash + 32)?;
    let signature = keys.signing().sign(&[b"commonhold object 1\n".as_slice(), header].concat());
    bytes.get_mut(MAGIC..MAGIC + SIGNATURE)?.copy_from_slice(&signature.to_bytes());
    Some(bytes)
}
