//! Reading one file of an archive: hashing what passes, and the row of signed objects in it.

use commonhold_core::id::{BookId, Device, Hash, LogId, hex};
use commonhold_core::object::{MAX_BYTES, Object};
use sha2::{Digest, Sha256, Sha512};
use std::collections::BTreeSet;
use std::io::{self, Read};

/// A reader that hashes and counts, and ends when a file is longer than it may be.
pub(super) struct Hashing<R> {
    inner: R,
    left: u64,
    sha256: Sha256,
    sha512: Sha512,
    /// Bytes read.
    pub bytes: u64,
}

/// What passed through a [`Hashing`] reader.
#[derive(Default)]
pub(super) struct Passed {
    pub bytes: u64,
    pub sha256: String,
    pub sha512: String,
}

impl<R: Read> Hashing<R> {
    /// Reads at most `limit` bytes; one more is an error.
    pub fn new(inner: R, limit: u64) -> Self {
        Self { inner, left: limit, sha256: Sha256::new(), sha512: Sha512::new(), bytes: 0 }
    }

    /// Reads what is left.
    pub fn drain(mut self) -> io::Result<Passed> {
        io::copy(&mut self, &mut io::sink())?;
        let (sha256, sha512): ([u8; 32], [u8; 64]) =
            (self.sha256.finalize().into(), self.sha512.finalize().into());
        Ok(Passed { bytes: self.bytes, sha256: hex(&sha256), sha512: hex(&sha512) })
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let read = buffer.get(..count).unwrap_or_default();
        let length = u64::try_from(read.len()).unwrap_or(u64::MAX);
        self.left = self
            .left
            .checked_sub(length)
            .ok_or_else(|| io::Error::other("it is larger than it claims"))?;
        self.bytes = self.bytes.saturating_add(length);
        self.sha256.update(read);
        self.sha512.update(read);
        Ok(count)
    }
}

/// Reads the next object of a row; nothing at its end.
pub(super) fn next_object(reader: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    reader.by_ref().take(4).read_to_end(&mut head)?;
    if head.is_empty() {
        return Ok(None);
    }
    let wrong = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why);
    let head: [u8; 4] = head.try_into().map_err(|_| wrong("it is cut short"))?;
    let length = u64::from(u32::from_be_bytes(head));
    if usize::try_from(length).map_or(true, |length| length > MAX_BYTES) {
        return Err(wrong("an object in it is longer than allowed"));
    }
    let mut bytes = Vec::new();
    reader.by_ref().take(length).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).ok() == Some(length) {
        Ok(Some(bytes))
    } else {
        Err(wrong("it is cut short"))
    }
}

/// Judges the objects of one log or branch: signatures, place and chain.
pub(super) struct LogCheck<'a> {
    pub log: LogId,
    pub book: Option<BookId>,
    pub signers: &'a mut BTreeSet<Device>,
    /// The log its objects name: another than its own where it is a branch.
    signed: LogId,
    seq: u64,
    previous: Option<Hash>,
}

impl<'a> LogCheck<'a> {
    /// A log from its beginning, or a branch from its own.
    pub fn new(log: LogId, book: Option<BookId>, signers: &'a mut BTreeSet<Device>) -> Self {
        Self { log, book, signers, signed: log, seq: 0, previous: None }
    }

    /// Judges the next object; what is wrong is a sentence without its end.
    pub fn next(&mut self, bytes: &[u8]) -> Result<u64, String> {
        let mut place = self.seq.saturating_add(1);
        let object = Object::open(bytes).map_err(|error| format!("object {place}: {error}"))?;
        let hash = commonhold_core::object::hash(bytes);
        if self.previous.is_none() && object.log().branch(&hash) == self.log {
            (self.signed, place) = (object.log(), object.seq);
        }
        if object.log() != self.signed || self.book.is_some_and(|book| book != object.book) {
            return Err(format!("object {place} belongs to another log or book"));
        }
        if object.seq != place {
            return Err(format!("object {place} is missing: number {} follows", object.seq));
        }
        // A log's first object may go on from another log of its device, a branch's does from what
        // was before it.
        if self.previous.is_some_and(|previous| object.previous != previous) {
            return Err(format!("object {place} does not continue the one before it"));
        }
        self.seq = place;
        self.previous = Some(hash);
        self.signers.insert(object.device);
        Ok(place)
    }
}
