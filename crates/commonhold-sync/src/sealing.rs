//! What leaves a device: bundles sealed under a key of the book, and beside them envelopes that
//! hold that key sealed to each device. Whoever carries them sees how many there are, how long
//! (rounded up) and when; nothing else.

use commonhold_core::id::{BookId, LogId, hex, unhex};
use commonhold_core::keyring::SealedKeys;
use commonhold_core::keys::{KeyId, SEALED_EXTRA, Secret, Stream};

use crate::bundle;

/// First bytes of a sealed bundle.
const BUNDLE: &[u8; 4] = b"CHS1";
/// First bytes of an envelope.
const ENVELOPE: &[u8; 4] = b"CHK1";
/// A symmetric key sealed to a device.
const TO_DEVICE: usize = SEALED_EXTRA + 32;
/// Sealed keys in an envelope come in multiples of this, so that it does not tell how many devices
/// there are.
const GROUP: usize = 8;
/// Longest envelope read, in bytes.
pub const MAX_ENVELOPE: usize = 1 << 20;

/// Why a bundle could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// It is no sealed bundle, or was altered or cut.
    Damaged,
    /// It is sealed under this key, which this device was not given.
    NoKey(KeyId),
}

/// What a bundle is bound to: it opens nowhere else.
fn bound(book: &BookId, log: &LogId, first: u64, last: u64) -> Vec<u8> {
    let numbers = [first.to_be_bytes(), last.to_be_bytes()].concat();
    [BUNDLE.as_slice(), &book.0, &log.0, &numbers].concat()
}

/// Seals consecutive objects of a log.
pub fn seal(
    secret: &Secret,
    book: &BookId,
    log: &LogId,
    (first, last): (u64, u64),
    objects: &[Vec<u8>],
) -> Option<Vec<u8>> {
    let sealed = secret.seal(&bound(book, log, first, last), &bundle::pack(objects))?;
    Some([BUNDLE.as_slice(), &secret.id().0, &sealed].concat())
}

/// Opens a bundle into its objects; `key` finds a key by its name.
pub fn open<'k>(
    key: impl FnOnce(&KeyId) -> Option<&'k Secret>,
    book: &BookId,
    log: &LogId,
    name: &bundle::Name,
    bytes: &[u8],
) -> Result<Vec<Vec<u8>>, Closed> {
    let rest = bytes.strip_prefix(BUNDLE.as_slice()).ok_or(Closed::Damaged)?;
    let (id, sealed) = rest.split_first_chunk::<16>().ok_or(Closed::Damaged)?;
    let secret = key(&KeyId(*id)).ok_or(Closed::NoKey(KeyId(*id)))?;
    let most = usize::try_from(bundle::MAX_BYTES).unwrap_or(usize::MAX);
    let aad = bound(book, log, name.first, name.last);
    let plain = secret.open(&aad, sealed, most).ok_or(Closed::Damaged)?;
    bundle::unpack(&plain).ok_or(Closed::Damaged)
}

/// A key on its way to the devices it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The key's name.
    pub id: KeyId,
    /// The key, sealed to one device each; nobody sees to which.
    pub sealed: Vec<Vec<u8>>,
    /// Earlier keys, sealed under this one.
    pub earlier: Vec<(KeyId, Vec<u8>)>,
}

impl Envelope {
    /// The envelope of a set of keys of the book.
    pub fn of(set: &SealedKeys) -> Option<Self> {
        let sealed: Option<Vec<_>> =
            set.recipients.iter().map(|recipient| unhex(&recipient.sealed)).collect();
        let earlier: Option<Vec<_>> =
            set.earlier.iter().map(|e| Some((e.id, unhex(&e.sealed)?))).collect();
        let mut sealed = sealed?;
        sealed.retain(|bytes| bytes.len() == TO_DEVICE);
        Some(Self { id: set.id, sealed, earlier: earlier? })
    }

    /// Its bytes; the same envelope and key give the same. What fills it up comes from the key
    /// itself, so that nobody else can tell it from what is sealed.
    pub fn bytes(&self, secret: &Secret) -> Option<Vec<u8>> {
        let groups = self.sealed.len().div_ceil(GROUP).max(1);
        let count = groups.checked_mul(GROUP)?;
        let fillers = count.checked_sub(self.sealed.len())?;
        let mut all = self.sealed.clone();
        let material: Vec<u8> = self.sealed.concat();
        let seed = [secret.bytes().as_slice(), &material];
        let mut chance = Stream::of("commonhold 1 envelope filler", &seed);
        for _ in 0..fillers {
            let mut filler = vec![0; TO_DEVICE];
            chance.fill(&mut filler);
            all.push(filler);
        }
        all.sort_unstable();
        let mut out = [ENVELOPE.as_slice(), &self.id.0].concat();
        out.extend_from_slice(&u16::try_from(all.len()).ok()?.to_be_bytes());
        all.iter().for_each(|sealed| out.extend_from_slice(sealed));
        out.extend_from_slice(&u16::try_from(self.earlier.len()).ok()?.to_be_bytes());
        for (id, sealed) in &self.earlier {
            out.extend_from_slice(&id.0);
            out.extend_from_slice(&u16::try_from(sealed.len()).ok()?.to_be_bytes());
            out.extend_from_slice(sealed);
        }
        Some(out)
    }

    /// Reads an envelope; nothing for anything else.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > MAX_ENVELOPE {
            return None;
        }
        let mut rest = bytes.strip_prefix(ENVELOPE.as_slice())?;
        let id = KeyId(*take::<16>(&mut rest)?);
        let count = u16::from_be_bytes(*take::<2>(&mut rest)?);
        let mut sealed = Vec::new();
        for _ in 0..count {
            sealed.push(take::<TO_DEVICE>(&mut rest)?.to_vec());
        }
        let count = u16::from_be_bytes(*take::<2>(&mut rest)?);
        let mut earlier = Vec::new();
        for _ in 0..count {
            let id = KeyId(*take::<16>(&mut rest)?);
            let length = usize::from(u16::from_be_bytes(*take::<2>(&mut rest)?));
            let (bytes, after) = rest.split_at_checked(length)?;
            earlier.push((id, bytes.to_vec()));
            rest = after;
        }
        rest.is_empty().then_some(Self { id, sealed, earlier })
    }

    /// A name for its file: the hash of its bytes.
    pub fn name(bytes: &[u8]) -> String {
        hex(&commonhold_core::id::Hash::of(bytes).0)
    }
}

fn take<'a, const N: usize>(rest: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (taken, after) = rest.split_first_chunk::<N>()?;
    *rest = after;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOK: BookId = BookId([1; 32]);
    const LOG: LogId = LogId([2; 16]);

    #[test]
    fn a_bundle_opens_in_its_place_and_under_its_key_alone() {
        let (secret, other) = (Secret::new([3; 32]), Secret::new([4; 32]));
        let objects = vec![b"an object".to_vec(), vec![7; 900]];
        let bytes = seal(&secret, &BOOK, &LOG, (5, 6), &objects).unwrap();
        let name = bundle::Name { first: 5, last: 6, bytes: 0 };
        fn try_open(
            key: &Secret,
            book: &BookId,
            log: &LogId,
            name: &bundle::Name,
            bytes: &[u8],
        ) -> Result<Vec<Vec<u8>>, Closed> {
            open(|id| (*id == key.id()).then_some(key), book, log, name, bytes)
        }
        assert_eq!(try_open(&secret, &BOOK, &LOG, &name, &bytes), Ok(objects));
        assert!(!bytes.windows(9).any(|window| window == b"an object"));
        assert_eq!(try_open(&other, &BOOK, &LOG, &name, &bytes), Err(Closed::NoKey(secret.id())));
        let elsewhere = [
            (BookId([9; 32]), LOG, name),
            (BOOK, LogId([9; 16]), name),
            (BOOK, LOG, bundle::Name { first: 4, ..name }),
            (BOOK, LOG, bundle::Name { last: 7, ..name }),
        ];
        for (book, log, name) in elsewhere {
            assert_eq!(try_open(&secret, &book, &log, &name, &bytes), Err(Closed::Damaged));
        }
        for place in 20..bytes.len() {
            let mut bad = bytes.clone();
            bad[place] ^= 1;
            assert_eq!(try_open(&secret, &BOOK, &LOG, &name, &bad), Err(Closed::Damaged));
        }
        for cut in 0..bytes.len() {
            assert!(try_open(&secret, &BOOK, &LOG, &name, &bytes[..cut]).is_err());
        }
    }

    #[test]
    fn an_envelope_hides_how_many_it_is_for() {
        let secret = Secret::new([6; 32]);
        let envelope = |count: u8| Envelope {
            id: KeyId([1; 16]),
            sealed: (0..count).map(|n| vec![n; TO_DEVICE]).collect(),
            earlier: vec![(KeyId([2; 16]), vec![5; 70])],
        };
        let bytes = envelope(3).bytes(&secret).unwrap();
        assert_eq!(bytes.len(), envelope(8).bytes(&secret).unwrap().len());
        assert_ne!(bytes.len(), envelope(9).bytes(&secret).unwrap().len());
        let read = Envelope::read(&bytes).unwrap();
        assert!(
            read.sealed.len() == 8 && envelope(3).sealed.iter().all(|s| read.sealed.contains(s))
        );
        assert_eq!(bytes, envelope(3).bytes(&secret).unwrap());
        for cut in 0..bytes.len() {
            assert_eq!(Envelope::read(&bytes[..cut]), None);
        }
    }
}
