//! The signed object: what a device appends to its log, what travels, what the store keeps as truth.
//!
//! Layout (all integers big-endian), see `docs/FORMAT.md`:
//! `"CHO1" · signature 64 · kind u8 · book 32 · nonce 16 · seq u64 · device 32 · previous 32 ·
//! time i64 · document (u16 length, UTF-8) · authority heads (u8 count, 32 each) ·
//! heads (u8 count, 32 each) · payload (u32 raw length, u32 stored length, zstd bytes)`.
//! The signature (Ed25519, RFC 8032) covers everything after itself, prefixed with a domain
//! string, so it binds book, document, place in the log and document heads together.
//!
//! This module must not know record kinds, SQL or automerge.

use crate::date::Time;
use crate::id::{BookId, Device, Hash, LogId};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use std::io::Read;

/// First bytes of every object.
pub const MAGIC: &[u8; 4] = b"CHO1";
/// Longest object accepted, in bytes.
pub const MAX_BYTES: usize = 16 << 20;
/// Longest payload accepted after decompression, in bytes.
pub const MAX_PAYLOAD: usize = 64 << 20;
/// Most heads of a document one object may name.
pub const MAX_HEADS: usize = 255;
const SIGNING_DOMAIN: &[u8] = b"commonhold object 1\n";

/// What an object carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// Changes of one document.
    Changes,
    /// Statements of the authority set; the first is the book's genesis.
    Statements,
}

impl ObjectKind {
    fn code(self) -> u8 {
        match self {
            Self::Changes => 1,
            Self::Statements => 3,
        }
    }

    fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Changes),
            3 => Some(Self::Statements),
            _ => None,
        }
    }
}

/// What a device says in one step of its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// What it carries.
    pub kind: ObjectKind,
    /// The book it belongs to.
    pub book: BookId,
    /// Names, with device and book, the log it is a step of ([`LogId::of`]).
    pub nonce: [u8; 16],
    /// Place in the log, from 1, without gaps.
    pub seq: u64,
    /// Who signed it.
    pub device: Device,
    /// Hash of the object before it in the log; zeros for the first.
    pub previous: Hash,
    /// When the device says it was written.
    pub time: Time,
    /// The document it changes; empty for statements.
    pub document: String,
    /// The authority statements its author had seen.
    pub authority: Vec<Hash>,
    /// Heads of the document after these changes, on the author's device.
    pub heads: Vec<Hash>,
    /// Parts of the payload: automerge changes or statements.
    pub parts: Vec<Vec<u8>>,
}

/// Why bytes are not an object.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Error {
    /// The bytes do not begin like an object.
    #[error("this is not a Commonhold object")]
    Foreign,
    /// The bytes end too early or say something impossible.
    #[error("the object is damaged or cut short ({0})")]
    Damaged(&'static str),
    /// A limit is exceeded.
    #[error("the object is larger than allowed ({0})")]
    TooLarge(&'static str),
    /// The signature does not fit the bytes and the device named in them.
    #[error("the signature does not match: the object was altered or forged")]
    Signature,
}

impl Object {
    /// The log it is a step of.
    pub fn log(&self) -> LogId {
        LogId::of(&self.device, &self.book, &self.nonce)
    }

    /// Signs and encodes; the same object and key give the same bytes.
    pub fn seal(&self, key: &SigningKey) -> Result<Vec<u8>, Error> {
        let body = self.body()?;
        let signature = key.sign(&[SIGNING_DOMAIN, &body].concat());
        let bytes = [MAGIC.as_slice(), &signature.to_bytes(), &body].concat();
        if bytes.len() > MAX_BYTES { Err(Error::TooLarge("object")) } else { Ok(bytes) }
    }

    fn body(&self) -> Result<Vec<u8>, Error> {
        let mut out = vec![self.kind.code()];
        out.extend_from_slice(&self.book.0);
        out.extend_from_slice(&self.nonce);
        out.extend_from_slice(&self.seq.to_be_bytes());
        out.extend_from_slice(&self.device.0);
        out.extend_from_slice(&self.previous.0);
        out.extend_from_slice(&self.time.0.to_be_bytes());
        let name = u16::try_from(self.document.len()).map_err(|_| Error::TooLarge("name"))?;
        out.extend_from_slice(&name.to_be_bytes());
        out.extend_from_slice(self.document.as_bytes());
        for hashes in [&self.authority, &self.heads] {
            let count = u8::try_from(hashes.len()).map_err(|_| Error::TooLarge("heads"))?;
            out.push(count);
            hashes.iter().for_each(|hash| out.extend_from_slice(&hash.0));
        }
        let raw = frame(&self.parts)?;
        let packed = zstd::bulk::compress(&raw, 3).map_err(|_| Error::Damaged("compression"))?;
        for length in [raw.len(), packed.len()] {
            let length = u32::try_from(length).map_err(|_| Error::TooLarge("payload"))?;
            out.extend_from_slice(&length.to_be_bytes());
        }
        out.extend_from_slice(&packed);
        Ok(out)
    }

    /// Decodes bytes from anywhere, checking limits and the signature.
    pub fn open(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_BYTES {
            return Err(Error::TooLarge("object"));
        }
        let rest = bytes.strip_prefix(MAGIC.as_slice()).ok_or(Error::Foreign)?;
        let mut reader = Reader(rest);
        let signature = Signature::from_bytes(&reader.array::<64>()?);
        let body = reader.0;
        let object = Self::read(&mut reader, |device| {
            let key = VerifyingKey::from_bytes(&device.0).map_err(|_| Error::Signature)?;
            key.verify_strict(&[SIGNING_DOMAIN, body].concat(), &signature)
                .map_err(|_| Error::Signature)
        })?;
        Ok(object)
    }

    /// Decodes bytes this device checked before, without checking the signature again.
    pub fn reopen(bytes: &[u8]) -> Result<Self, Error> {
        let rest = bytes.strip_prefix(MAGIC.as_slice()).ok_or(Error::Foreign)?;
        let mut reader = Reader(rest);
        reader.take(64)?;
        Self::read(&mut reader, |_| Ok(()))
    }

    /// Reads the body; `verify` is asked before anything is decompressed.
    fn read(
        reader: &mut Reader,
        verify: impl Fn(&Device) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let kind = ObjectKind::from_code(reader.array::<1>()?[0]).ok_or(Error::Damaged("kind"))?;
        let book = BookId(reader.array()?);
        let nonce = reader.array()?;
        let seq = u64::from_be_bytes(reader.array()?);
        let device = Device(reader.array()?);
        verify(&device)?;
        let previous = Hash(reader.array()?);
        let time = Time(i64::from_be_bytes(reader.array()?));
        let name = usize::from(u16::from_be_bytes(reader.array()?));
        let document =
            std::str::from_utf8(reader.take(name)?).map_err(|_| Error::Damaged("name"))?;
        let document = document.to_owned();
        let authority = reader.hashes()?;
        let heads = reader.hashes()?;
        let raw = reader.length()?;
        let packed = reader.length()?;
        let packed = reader.take(packed)?;
        if !reader.0.is_empty() {
            return Err(Error::Damaged("bytes after the end"));
        }
        let parts = unframe(&decompress(packed, raw)?)?;
        Ok(Self {
            kind,
            book,
            nonce,
            seq,
            device,
            previous,
            time,
            document,
            authority,
            heads,
            parts,
        })
    }
}

/// Joins parts: a u32 count, then each with a u32 length before it.
fn frame(parts: &[Vec<u8>]) -> Result<Vec<u8>, Error> {
    let length = |n: usize| u32::try_from(n).map_err(|_| Error::TooLarge("payload"));
    let mut out = length(parts.len())?.to_be_bytes().to_vec();
    for part in parts {
        out.extend_from_slice(&length(part.len())?.to_be_bytes());
        out.extend_from_slice(part);
    }
    if out.len() > MAX_PAYLOAD { Err(Error::TooLarge("payload")) } else { Ok(out) }
}

fn unframe(raw: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    let mut reader = Reader(raw);
    let count = reader.length()?;
    let mut parts = Vec::new();
    for _ in 0..count {
        let length = reader.length()?;
        parts.push(reader.take(length)?.to_vec());
    }
    if reader.0.is_empty() { Ok(parts) } else { Err(Error::Damaged("payload")) }
}

/// Decompresses to exactly `raw` bytes and never more than that, whatever the input claims.
fn decompress(packed: &[u8], raw: usize) -> Result<Vec<u8>, Error> {
    if raw > MAX_PAYLOAD {
        return Err(Error::TooLarge("payload"));
    }
    let decoder =
        zstd::stream::read::Decoder::new(packed).map_err(|_| Error::Damaged("payload"))?;
    let mut out = Vec::new();
    let limit = u64::try_from(raw).unwrap_or(u64::MAX).saturating_add(1);
    decoder.take(limit).read_to_end(&mut out).map_err(|_| Error::Damaged("payload"))?;
    if out.len() == raw { Ok(out) } else { Err(Error::Damaged("payload length")) }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let (head, rest) = self.0.split_at_checked(count).ok_or(Error::Damaged("too short"))?;
        self.0 = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        self.take(N)?.try_into().map_err(|_| Error::Damaged("too short"))
    }

    fn length(&mut self) -> Result<usize, Error> {
        usize::try_from(u32::from_be_bytes(self.array()?)).map_err(|_| Error::Damaged("length"))
    }

    fn hashes(&mut self) -> Result<Vec<Hash>, Error> {
        let count = self.array::<1>()?[0];
        (0..count).map(|_| Ok(Hash(self.array()?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn object() -> Object {
        Object {
            kind: ObjectKind::Changes,
            book: BookId([1; 32]),
            nonce: [2; 16],
            seq: 3,
            device: Device(key().verifying_key().to_bytes()),
            previous: Hash([4; 32]),
            time: Time(5),
            document: "ledger/2026".into(),
            authority: vec![Hash([6; 32])],
            heads: vec![Hash([7; 32]), Hash([8; 32])],
            parts: vec![b"one".to_vec(), vec![], vec![9; 10_000]],
        }
    }

    #[test]
    fn round_trips_and_is_deterministic() {
        let bytes = object().seal(&key()).unwrap();
        assert_eq!(Object::open(&bytes).unwrap(), object());
        assert_eq!(bytes, object().seal(&key()).unwrap());
    }

    #[test]
    fn every_flipped_byte_and_every_cut_is_refused() {
        let bytes = object().seal(&key()).unwrap();
        for place in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[place] ^= 0x20;
            assert!(Object::open(&bad).is_err(), "byte {place}");
            assert!(Object::open(&bytes[..place]).is_err(), "cut at {place}");
        }
        assert!(Object::open(&[bytes, vec![0]].concat()).is_err());
    }

    #[test]
    fn a_bomb_is_bounded_by_what_it_claims() {
        let packed = zstd::bulk::compress(&vec![0; 1 << 20], 19).unwrap();
        assert_eq!(decompress(&packed, 10), Err(Error::Damaged("payload length")));
        assert_eq!(decompress(&packed, MAX_PAYLOAD + 1), Err(Error::TooLarge("payload")));
    }
}
