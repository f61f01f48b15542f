//! The signed object: what a device appends to its log, what travels, what the store keeps as truth.
//!
//! Layout (all integers big-endian), see `docs/FORMAT.md`:
//! `"CHO1" · signature 64 · header · payload`, where the header is
//! `kind u8 · book 32 · nonce 16 · seq u64 · device 32 · previous 32 · time i64 ·
//! document (u16 length, UTF-8) · authority heads (u8 count, 32 each) · heads (u8 count, 32 each) ·
//! key 16 · raw length u32 · payload length u32 · payload hash 32`.
//! The signature (Ed25519, RFC 8032) covers the header behind a domain string, so it binds book,
//! document, place in the log, what the author had seen, and by its hash the payload. The
//! object's own hash is that of the header: the payload of a private document can be destroyed and
//! the log is as whole as before.
//!
//! The payload is the parts, packed ([`crate::packed`]); for a document with a key of its own sealed
//! under that key.
//!
//! This module must not know record kinds, SQL or automerge.

use crate::date::Time;
use crate::id::{BookId, Device, Hash, LogId};
use crate::keys::{KeyId, Secret};
use crate::packed;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

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
    /// A key of the book or of a document, sealed to devices ([`crate::keyring`]).
    Keys,
}

impl ObjectKind {
    fn code(self) -> u8 {
        match self {
            Self::Changes => 1,
            Self::Statements => 3,
            Self::Keys => 4,
        }
    }

    fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Changes),
            3 => Some(Self::Statements),
            4 => Some(Self::Keys),
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
    /// The document it changes, or whose key it brings; empty for statements and the book's key.
    pub document: String,
    /// The authority statements its author had seen.
    pub authority: Vec<Hash>,
    /// Heads of the document after these changes, on the author's device.
    pub heads: Vec<Hash>,
    /// Parts of the payload: automerge changes, statements, or one set of sealed keys. Empty while
    /// the payload is sealed.
    pub parts: Vec<Vec<u8>>,
    /// The payload of a document with a key of its own, as long as it is not unsealed.
    pub sealed: Option<Sealed>,
}

/// A payload that cannot be read without a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The key it is sealed under; nothing when the payload was never sealed.
    pub key: Option<KeyId>,
    /// The sealed bytes; nothing once they were destroyed.
    pub bytes: Option<Vec<u8>>,
    /// What was sealed together with them.
    bound: Vec<u8>,
    raw: usize,
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

    /// Signs and encodes; the same object and key give the same bytes. `secret` is the key of a
    /// document that has one of its own.
    pub fn seal(&self, key: &SigningKey, secret: Option<&Secret>) -> Result<Vec<u8>, Error> {
        let mut header = self.open_header()?;
        let raw = frame(&self.parts)?;
        let mut payload = packed::pack_parts(&raw).ok_or(Error::Damaged("compression"))?;
        if let Some(secret) = secret {
            payload = secret.seal(&header, &payload).ok_or(Error::TooLarge("payload"))?;
        }
        header.extend_from_slice(&secret.map_or([0; 16], |secret| secret.id().0));
        for length in [raw.len(), payload.len()] {
            let length = u32::try_from(length).map_err(|_| Error::TooLarge("payload"))?;
            header.extend_from_slice(&length.to_be_bytes());
        }
        header.extend_from_slice(&Hash::of(&payload).0);
        let signature = key.sign(&[SIGNING_DOMAIN, &header].concat());
        let bytes = [MAGIC.as_slice(), &signature.to_bytes(), &header, &payload].concat();
        if bytes.len() > MAX_BYTES { Err(Error::TooLarge("object")) } else { Ok(bytes) }
    }

    /// The header up to where the payload comes in.
    fn open_header(&self) -> Result<Vec<u8>, Error> {
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
        Ok(out)
    }

    /// Decodes bytes from anywhere, checking limits and the signature.
    pub fn open(bytes: &[u8]) -> Result<Self, Error> {
        let (mut object, frame) = Self::read(bytes)?;
        let key = VerifyingKey::from_bytes(&object.device.0).map_err(|_| Error::Signature)?;
        key.verify_strict(&[SIGNING_DOMAIN, frame.header].concat(), &frame.signature)
            .map_err(|_| Error::Signature)?;
        if frame.payload.is_some_and(|payload| Hash::of(payload) != frame.payload_hash) {
            return Err(Error::Signature);
        }
        object.take_payload(&frame)?;
        Ok(object)
    }

    /// Decodes bytes this device checked before, without checking the signature again.
    pub fn reopen(bytes: &[u8]) -> Result<Self, Error> {
        let (mut object, frame) = Self::read(bytes)?;
        object.take_payload(&frame)?;
        Ok(object)
    }

    /// What stands in front of the payload, of bytes this device checked before.
    pub fn peek(bytes: &[u8]) -> Result<Self, Error> {
        Ok(Self::read(bytes)?.0)
    }

    /// Reads the header; nothing is decompressed yet.
    fn read(bytes: &[u8]) -> Result<(Self, Frame<'_>), Error> {
        if bytes.len() > MAX_BYTES {
            return Err(Error::TooLarge("object"));
        }
        let rest = bytes.strip_prefix(MAGIC.as_slice()).ok_or(Error::Foreign)?;
        let mut reader = Reader(rest);
        let signature = Signature::from_bytes(&reader.array::<64>()?);
        let start = reader.0;
        let kind = ObjectKind::from_code(reader.array::<1>()?[0]).ok_or(Error::Damaged("kind"))?;
        let book = BookId(reader.array()?);
        let nonce = reader.array()?;
        let seq = u64::from_be_bytes(reader.array()?);
        let device = Device(reader.array()?);
        let previous = Hash(reader.array()?);
        let time = Time(i64::from_be_bytes(reader.array()?));
        let name = usize::from(u16::from_be_bytes(reader.array()?));
        let document =
            std::str::from_utf8(reader.take(name)?).map_err(|_| Error::Damaged("name"))?;
        let document = document.to_owned();
        let (authority, heads) = (reader.hashes()?, reader.hashes()?);
        let upto = |rest: &[u8]| start.len().saturating_sub(rest.len());
        let bound = start.get(..upto(reader.0)).unwrap_or_default();
        let key = Some(KeyId(reader.array()?)).filter(|key| key.0 != [0; 16]);
        let (raw, length) = (reader.length()?, reader.length()?);
        let payload_hash = Hash(reader.array()?);
        let header = start.get(..upto(reader.0)).unwrap_or_default();
        let payload = match reader.0 {
            [] if can_be_erased(&document) => None,
            rest if rest.len() == length => Some(rest),
            rest if rest.len() > length => return Err(Error::Damaged("bytes after the end")),
            _ => return Err(Error::Damaged("too short")),
        };
        let (parts, sealed) = (Vec::new(), None);
        let object = Self {
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
            sealed,
        };
        Ok((object, Frame { signature, header, bound, key, raw, payload, payload_hash }))
    }

    fn take_payload(&mut self, frame: &Frame<'_>) -> Result<(), Error> {
        let (key, raw) = (frame.key, frame.raw);
        match (key, frame.payload) {
            (None, Some(payload)) => self.parts = unframe(&decompress(payload, raw)?)?,
            (_, payload) => {
                let (bound, bytes) = (frame.bound.to_vec(), payload.map(<[u8]>::to_vec));
                self.sealed = Some(Sealed { key, bytes, bound, raw });
            }
        }
        Ok(())
    }

    /// Whether its payload was destroyed.
    pub fn is_erased(&self) -> bool {
        self.sealed.as_ref().is_some_and(|sealed| sealed.bytes.is_none())
    }

    /// Unseals the payload with the key it names.
    pub fn unseal(&mut self, secret: &Secret) -> Result<(), Error> {
        let Some(Sealed { bytes: Some(bytes), bound, raw, .. }) = &self.sealed else {
            return Ok(());
        };
        let packed = secret.open(bound, bytes, MAX_BYTES).ok_or(Error::Damaged("sealing"))?;
        self.parts = unframe(&decompress(&packed, *raw)?)?;
        self.sealed = None;
        Ok(())
    }
}

/// An object's bytes, taken apart.
struct Frame<'a> {
    signature: Signature,
    header: &'a [u8],
    bound: &'a [u8],
    key: Option<KeyId>,
    raw: usize,
    payload: Option<&'a [u8]>,
    payload_hash: Hash,
}

/// The hash that names an object: of everything but signature and payload, which the header's own
/// hash of the payload and the signature's rules make one with it.
pub fn hash(bytes: &[u8]) -> Hash {
    match Object::read(bytes) {
        Ok((_, frame)) => Hash::of(&[MAGIC.as_slice(), frame.header].concat()),
        Err(_) => Hash::of(bytes),
    }
}

/// An object of a private document without its payload; nothing for any other.
pub fn erase(bytes: &[u8]) -> Option<Vec<u8>> {
    let (object, frame) = Object::read(bytes).ok()?;
    let keep = frame.payload.map_or(0, <[u8]>::len);
    let end = bytes.len().checked_sub(keep)?;
    can_be_erased(&object.document).then(|| bytes.get(..end).unwrap_or_default().to_vec())
}

/// Whether objects of a document may be without their payload: those about one person.
fn can_be_erased(document: &str) -> bool {
    document.starts_with("private/")
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

/// Decompresses to exactly `raw` bytes.
fn decompress(packed: &[u8], raw: usize) -> Result<Vec<u8>, Error> {
    match raw <= MAX_PAYLOAD {
        true => packed::unpack_parts(packed, raw).ok_or(Error::Damaged("payload")),
        false => Err(Error::TooLarge("payload")),
    }
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
mod tests;
