//! Attachments on a shelf (`docs/FORMAT.md` §9): each part of a file is a sealed file of its own.
//! Its name is a keyed hash, so that whoever keeps the shelf cannot tell whether a file they know is
//! there; its key is the book's, or that of leadership and treasurers. A part is packed where that
//! makes it shorter; what is opened is never longer than a part.

use commonhold_core::Time;
use commonhold_core::attachment::{PART_BYTES, Part};
use commonhold_core::id::{BookId, Sha256, hex, unhex};
use commonhold_core::keyring;
use commonhold_core::keys::{Secret, padme};
use commonhold_core::store::{self, Attachment, Reader};
use std::collections::BTreeMap;

/// First bytes of a sealed part.
const PLAIN: &[u8; 4] = b"CHF1";
/// First bytes of a sealed part that is packed.
const PACKED: &[u8; 4] = b"CHF2";
/// What the name of a part is for.
const NAME: &str = "commonhold 1 attachment name";
/// Bytes before a part's own: the size of the whole file.
const HEAD: usize = 8;

/// The keyed hash that names a part.
pub type PartId = [u8; 32];

/// How much of attachments an exchange takes in and hands over, beside the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fetching {
    /// Largest attachment that is taken in although nobody asked for it, in bytes.
    pub up_to: u64,
    /// Bytes of attachments here from which on only what was asked for is taken in.
    pub total: u64,
    /// Most bytes taken in, and most bytes handed over, in one exchange.
    pub round: u64,
}

impl Default for Fetching {
    fn default() -> Self {
        Self { up_to: 2 << 20, total: 4 << 30, round: u64::MAX }
    }
}

impl Fetching {
    /// Records alone.
    pub const NONE: Self = Self { up_to: 0, total: 0, round: 0 };
}

/// The name of a part under a key.
pub fn part_id(secret: &Secret, book: &BookId, sha256: &Sha256, part: u32) -> PartId {
    secret.tag(NAME, &[book.0.as_slice(), &sha256.0, &part.to_be_bytes()].concat())
}

/// The file a part of some length lies in.
pub fn file_name(id: &PartId, bytes: u64) -> String {
    format!("files/{}-{bytes:016x}.chf", hex(id))
}

/// The mark that says that a part was found damaged, and is wanted whole.
pub fn mark_name(id: &PartId) -> String {
    format!("files/{}.chw", hex(id))
}

fn id_of(text: &str) -> Option<PartId> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let bytes = plain.then(|| unhex(text)).flatten()?;
    bytes.try_into().ok()
}

/// Reads the name of a part's file: which part, and its length; nothing for any other name, and for
/// a length no part has.
pub fn read_file_name(name: &str) -> Option<(PartId, u64)> {
    let (id, bytes) = name.strip_prefix("files/")?.strip_suffix(".chf")?.split_once('-')?;
    let plain = bytes.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let bytes = (plain && bytes.len() == 16).then(|| u64::from_str_radix(bytes, 16).ok())??;
    (bytes <= sealed_length(PART_BYTES)).then_some((id_of(id)?, bytes))
}

/// Reads the name of a mark.
pub fn read_mark_name(name: &str) -> Option<PartId> {
    id_of(name.strip_prefix("files/")?.strip_suffix(".chw")?)
}

/// How long the file of a part with so many bytes is.
pub fn sealed_length(bytes: usize) -> u64 {
    // Magic, nonce, and tag, around the padded length, size and bytes.
    let inner = padme(bytes.saturating_add(HEAD).saturating_add(4));
    u64::try_from(inner.saturating_add(4 + 24 + 16)).unwrap_or(u64::MAX)
}

fn bound(magic: &[u8; 4], book: &BookId, sha256: &Sha256, part: u32) -> Vec<u8> {
    [magic.as_slice(), &book.0, &sha256.0, &part.to_be_bytes()].concat()
}

/// Seals a part.
pub fn seal(secret: &Secret, book: &BookId, sha256: &Sha256, part: &Part) -> Option<Vec<u8>> {
    let magic = if part.packed { PACKED } else { PLAIN };
    let inside = [part.size.to_be_bytes().as_slice(), &part.bytes].concat();
    let sealed = secret.seal(&bound(magic, book, sha256, part.number), &inside)?;
    Some([magic.as_slice(), &sealed].concat())
}

/// Opens a part; nothing when it is another, was altered or cut, or claims what no attachment is.
pub fn open(
    secret: &Secret,
    book: &BookId,
    sha256: &Sha256,
    number: u32,
    bytes: &[u8],
) -> Option<Part> {
    let (magic, sealed) = bytes.split_first_chunk::<4>()?;
    let packed = match magic {
        PLAIN => false,
        PACKED => true,
        _ => return None,
    };
    let most = PART_BYTES.saturating_add(HEAD);
    let inside = secret.open(&bound(magic, book, sha256, number), sealed, most)?;
    let (size, bytes) = inside.split_first_chunk::<HEAD>()?;
    let size = u64::from_be_bytes(*size);
    let part = Part { size, number, bytes: bytes.to_vec(), packed };
    part.plain().is_some().then_some(part)
}

/// The keys of one sort this device has: the one it seals under first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys {
    pub all: Vec<Secret>,
    pub current: Option<Secret>,
}

impl Keys {
    fn new<'k>(current: Option<Secret>, others: impl Iterator<Item = &'k Secret>) -> Self {
        let mut all: Vec<Secret> = current.iter().cloned().collect();
        all.extend(others.filter(|other| current.as_ref() != Some(*other)).cloned());
        Self { all, current }
    }
}

/// What is to be done about attachments.
pub(crate) struct Work {
    /// Named by a record that counts, and not here; what a person asked for first.
    pub wanted: Vec<(Sha256, Option<Attachment>)>,
    /// Here, and named by a record that counts: size, and whether leadership and treasurers alone
    /// read it.
    pub here: Vec<(Sha256, u64, bool)>,
    /// The keys of the book.
    pub open: Keys,
    /// Those of leadership and treasurers.
    pub sealed: Keys,
    /// Bytes of attachments here.
    pub total: u64,
}

impl Work {
    pub fn of(store: &Reader, book: &BookId, now: Time) -> Result<Self, store::Error> {
        let named = store.attachments_named(book)?;
        let mut work = Self {
            wanted: Vec::new(),
            here: Vec::new(),
            open: Keys::default(),
            sealed: Keys::default(),
            total: 0,
        };
        if named.is_empty() {
            return Ok(work);
        }
        let known = store.attachments(book)?.into_iter();
        let mut known: BTreeMap<Sha256, Attachment> =
            known.map(|found| (found.sha256, found)).collect();
        for (sha256, named) in named.iter().filter(|(_, named)| named.counts) {
            match known.remove(sha256) {
                Some(Attachment { here: true, size: Some(size), sealed, .. }) => {
                    work.here.push((*sha256, size, sealed || named.only_sealed()));
                }
                found => work.wanted.push((*sha256, found)),
            }
        }
        let asked = |found: &Option<Attachment>| found.as_ref().is_some_and(|found| found.asked);
        work.wanted.sort_by_key(|(_, found)| !asked(found));
        let keyring = store.keyring(book)?;
        let of_book = keyring.of_book().into_iter().map(|(secret, _)| secret);
        work.open = Keys::new(store.sealing_key(book, now)?, of_book);
        let of_scope = keyring.of_scope(keyring::ATTACHMENTS).into_iter();
        work.sealed = Keys::new(store.attachments_key(book, now)?, of_scope);
        work.total = store.attachments_total(book)?.1;
        Ok(work)
    }

    /// The keys a file is sealed under.
    pub fn keys(&self, sealed: bool) -> &Keys {
        if sealed { &self.sealed } else { &self.open }
    }
}

/// What makes a file a device shows a live peer.
pub(crate) struct Offered {
    sha256: Sha256,
    secret: Secret,
    number: u32,
}

/// The files a device shows a live peer: their names, each with what makes it.
pub(crate) fn offered(
    store: &Reader,
    book: &BookId,
    now: Time,
) -> Result<BTreeMap<String, Offered>, store::Error> {
    let work = Work::of(store, book, now)?;
    let lengths =
        if work.here.is_empty() { BTreeMap::new() } else { store.attachment_lengths(book)? };
    let mut files = BTreeMap::new();
    for (sha256, _, sealed) in &work.here {
        let Some(secret) = &work.keys(*sealed).current else { continue };
        for ((_, number), length) in lengths.range((*sha256, 0)..=(*sha256, u32::MAX)) {
            let name = file_name(&part_id(secret, book, sha256, *number), sealed_length(*length));
            let (sha256, secret, number) = (*sha256, secret.clone(), *number);
            files.insert(name, Offered { sha256, secret, number });
        }
    }
    Ok(files)
}

/// One of these files.
pub(crate) fn offered_file(
    store: &Reader,
    book: &BookId,
    name: &str,
    now: Time,
) -> Result<Option<Vec<u8>>, store::Error> {
    let Some(found) = offered(store, book, now)?.remove(name) else { return Ok(None) };
    let Offered { sha256, secret, number } = found;
    let part = store.attachment_part(book, &sha256, number)?;
    Ok(part.and_then(|part| seal(&secret, book, &sha256, &part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOK: BookId = BookId([1; 32]);

    #[test]
    fn a_part_opens_in_its_place_and_under_its_key_alone() {
        let (secret, other) = (Secret::new([3; 32]), Secret::new([4; 32]));
        let (hash, part) = (Sha256([5; 32]), Part::of(9, 0, b"a receipt"));
        let bytes = seal(&secret, &BOOK, &hash, &part).unwrap();
        assert_eq!(bytes.len() as u64, sealed_length(9));
        assert!(!bytes.windows(9).any(|window| window == b"a receipt"));
        assert_eq!(open(&secret, &BOOK, &hash, 0, &bytes), Some(part));
        assert_eq!(open(&other, &BOOK, &hash, 0, &bytes), None);
        assert_eq!(open(&secret, &BookId([2; 32]), &hash, 0, &bytes), None);
        assert_eq!(open(&secret, &BOOK, &Sha256([6; 32]), 0, &bytes), None);
        assert_eq!(open(&secret, &BOOK, &hash, 1, &bytes), None);
        for place in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[place] ^= 1;
            assert_eq!(open(&secret, &BOOK, &hash, 0, &bad), None);
            assert_eq!(open(&secret, &BOOK, &hash, 0, &bytes[..place]), None);
        }
    }

    #[test]
    fn a_part_that_claims_another_size_is_none() {
        let (secret, hash) = (Secret::new([3; 32]), Sha256([5; 32]));
        for (size, number, length) in [(8, 0, 9), (10, 0, 9), (u64::MAX, 0, 9), (9, 1, 9)] {
            let part = Part { size, number, bytes: vec![0; length], packed: false };
            let bytes = seal(&secret, &BOOK, &hash, &part).unwrap();
            assert_eq!(open(&secret, &BOOK, &hash, number, &bytes), None, "{size} {number}");
        }
        let long = Part { bytes: vec![0; PART_BYTES + 1], ..Part::of(2 << 20, 0, b"") };
        assert_eq!(
            open(&secret, &BOOK, &hash, 0, &seal(&secret, &BOOK, &hash, &long).unwrap()),
            None
        );
    }

    #[test]
    fn names_round_trip_and_tell_nothing() {
        let secret = Secret::new([3; 32]);
        let id = part_id(&secret, &BOOK, &Sha256([5; 32]), 0);
        assert_ne!(id, part_id(&secret, &BOOK, &Sha256([5; 32]), 1));
        assert_ne!(id, part_id(&Secret::new([4; 32]), &BOOK, &Sha256([5; 32]), 0));
        assert_ne!(id, part_id(&secret, &BookId([2; 32]), &Sha256([5; 32]), 0));
        let name = file_name(&id, 72);
        assert!(crate::shelf::is_name(&name) && crate::shelf::is_name(&mark_name(&id)));
        assert_eq!(read_file_name(&name), Some((id, 72)));
        assert_eq!(read_mark_name(&mark_name(&id)), Some(id));
        for other in [
            name.replace(".chf", " (conflicted copy).chf"),
            name.replace("files/", "file/"),
            name.to_uppercase(),
            file_name(&id, sealed_length(PART_BYTES) + 1),
            mark_name(&id),
            name.replace("-", "--"),
        ] {
            assert_eq!(read_file_name(&other), None, "{other}");
        }
        assert_eq!(read_mark_name(&name), None);
    }

    #[test]
    fn a_part_is_sealed_the_same_in_every_version() {
        let (secret, hash) = (Secret::new([3; 32]), Sha256::of(b"a receipt"));
        let part = Part::of(9, 0, b"a receipt");
        assert_eq!(
            hex(&hash.0),
            "83eb65c95f440cb09910acf3c9cbefd64381a6097980698b568cc4a749668244"
        );
        assert_eq!(
            hex(&part_id(&secret, &BOOK, &hash, 0)),
            "9f9a9e2cae97b67bcb40584ad5add3b5cd3d768db587c3b529b141d945c7fba8"
        );
        assert_eq!(
            hex(&seal(&secret, &BOOK, &hash, &part).unwrap()),
            "43484631582ef8a98e23aa7975f88840c8517b3a46d7842a7e16b4a5bc844d947065bcf5cac268e26928f69f94527c7d368d57cc513cf620ea94e9cdee1e346c72be"
        );
    }
}
