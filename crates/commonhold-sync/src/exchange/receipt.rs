//! Receipts: what a device says it has of a book, signed by it and sealed for the others. They
//! tell people how far each device is, and devices whether they were told the same.

use super::fold::is_quiet;
use super::listing::receipt_log;
use super::{Error, Exchange};
use crate::keep::lent;
use commonhold_core::Time;
use commonhold_core::id::{BookId, Device, Hash, LogId, hex};
use commonhold_core::keys::{KeyId, Secret};
use commonhold_core::store::{self, Head, Reader, Store};
use ed25519_dalek::{Signature, Signer, VerifyingKey};

const MAGIC: &[u8; 4] = b"CHA1";
const SIGNED: &[u8] = b"commonhold receipt 1\n";
/// Most logs a receipt speaks of.
const MAX_LOGS: usize = 5000;
/// Bytes of one log in a receipt.
const LINE: usize = 56;
/// Longest receipt read, in bytes.
const MAX_BYTES: u64 = 512 << 10;

/// What a device said it had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The device.
    pub device: Device,
    /// Larger than in its earlier ones.
    pub number: u64,
    /// When, as it says.
    pub time: Time,
    /// Where each log ends there.
    pub heads: Vec<Head>,
}

fn lines(heads: &[Head]) -> Vec<u8> {
    let mut out = Vec::new();
    for (log, last, hash) in heads {
        out.extend_from_slice(&log.0);
        out.extend_from_slice(&last.to_be_bytes());
        out.extend_from_slice(&hash.0);
    }
    out
}

/// The name of the receipt of a device that has this: it changes with what it has.
pub(crate) fn name(log: &LogId, heads: &[Head]) -> String {
    let state = Hash::of(&lines(heads)).0;
    format!("seen/{log}-{}.chr", hex(state.split_at(8).0))
}

impl Receipt {
    /// What it says, without the signature: device 32, number u64, time i64, lines.
    fn body(&self) -> Vec<u8> {
        let (number, time) = (self.number.to_be_bytes(), self.time.0.to_be_bytes());
        [&self.device.0[..], &number, &time, &lines(&self.heads)].concat()
    }

    fn read(body: &[u8]) -> Option<Self> {
        let (device, rest) = body.split_first_chunk::<32>()?;
        let (number, rest) = rest.split_first_chunk::<8>()?;
        let (time, mut rest) = rest.split_first_chunk::<8>()?;
        let mut heads = Vec::new();
        while let Some((line, after)) = rest.split_first_chunk::<LINE>() {
            let (log, line) = line.split_first_chunk::<16>()?;
            let (last, hash) = line.split_first_chunk::<8>()?;
            heads.push((LogId(*log), u64::from_be_bytes(*last), Hash::from_slice(hash)?));
            rest = after;
        }
        (rest.is_empty() && heads.len() <= MAX_LOGS).then(|| Self {
            device: Device(*device),
            number: u64::from_be_bytes(*number),
            time: Time(i64::from_be_bytes(*time)),
            heads,
        })
    }
}

fn signed(book: &BookId, body: &[u8]) -> Vec<u8> {
    [SIGNED, &book.0, body].concat()
}

fn bound(book: &BookId, log: &LogId) -> Vec<u8> {
    [MAGIC.as_slice(), &book.0, &log.0].concat()
}

/// Signs and seals what this device has: the log it writes, and the bytes.
pub(crate) fn write(
    store: &Store,
    (book, secret): (&BookId, &Secret),
    (log, heads): (&LogId, Vec<Head>),
    (number, time): (u64, Time),
) -> Option<Vec<u8>> {
    let receipt = Receipt { device: store.device(), number, time, heads };
    let body = receipt.body();
    let signature = store.identity().keys().signing().sign(&signed(book, &body)).to_bytes();
    let sealed = secret.seal(&bound(book, log), &[&signature[..], &body].concat())?;
    Some([MAGIC.as_slice(), &secret.id().0, &sealed].concat())
}

/// Opens a receipt; nothing if it is not what its name says or its device did not sign it.
fn open(store: &Reader, book: &BookId, log: &LogId, bytes: &[u8]) -> Option<Receipt> {
    let rest = bytes.strip_prefix(MAGIC.as_slice())?;
    let (id, sealed) = rest.split_first_chunk::<16>()?;
    let keyring = store.keyring(book).ok()?;
    let most = usize::try_from(MAX_BYTES).ok()?;
    let plain = keyring.get(&KeyId(*id))?.open(&bound(book, log), sealed, most)?;
    let (signature, body) = plain.split_first_chunk::<64>()?;
    let receipt = Receipt::read(body)?;
    let key = VerifyingKey::from_bytes(&receipt.device.0).ok()?;
    let signature = Signature::from_bytes(signature);
    key.verify_strict(&signed(book, body), &signature).ok()?;
    let authority = store.authority(book).ok()?;
    authority.state().admitted(&receipt.device)?;
    Some(receipt)
}

fn setting(book: &BookId, device: &str) -> String {
    format!("seen/{book}/{device}")
}

/// What other devices said last that they have of a book.
pub fn receipts(store: &Reader, book: &BookId) -> Result<Vec<Receipt>, store::Error> {
    let kept = store.settings(&setting(book, ""))?;
    Ok(kept.iter().filter_map(|(_, body)| Receipt::read(body)).collect())
}

/// Keeps a receipt if it is newer than what is kept of that device.
fn keep_receipt(store: &Store, book: &BookId, receipt: &Receipt) -> Result<(), store::Error> {
    let key = setting(book, &receipt.device.to_string());
    let known = store.setting(&key)?.and_then(|body| Receipt::read(&body));
    if receipt.device != store.device() && known.is_none_or(|known| known.number < receipt.number) {
        store.set_setting(&key, &receipt.body())?;
    }
    Ok(())
}

impl Exchange<'_> {
    /// Reads what other devices say that they have.
    pub(super) fn read_receipts(&mut self) -> Result<(), Error> {
        for name in self.listed.receipts.clone() {
            let Some(log) = receipt_log(&name).filter(|_| !self.visit.known.contains(&name)) else {
                continue;
            };
            if let Some(bytes) = self.shelf.get(&name, MAX_BYTES)? {
                let (said, own) = lent(self.keep, |store| {
                    let said = open(store, self.book, &log, &bytes);
                    if let Some(receipt) = &said {
                        keep_receipt(store, self.book, receipt)?;
                    }
                    Ok((said, store.device()))
                })?;
                if let Some(receipt) = said {
                    let about = (receipt.device, receipt.number, receipt.time);
                    self.visit.said.insert(name.clone(), about);
                    self.said.extend(Some(receipt).filter(|receipt| receipt.device != own));
                }
            }
            self.visit.know(&name);
        }
        Ok(())
    }

    /// Takes away the receipts of devices that do not belong any more, and those of logs a device left
    /// long ago for another one. Those that cannot be opened stay.
    pub(super) fn take_away_receipts(&mut self) -> Result<(), Error> {
        let (now, book) = (self.options.now, self.book);
        let listed = &self.listed.receipts;
        self.visit.said.retain(|name, _| listed.contains(name));
        let said = &self.visit.said;
        let newest = |device: &Device| {
            said.values().filter(|(other, ..)| other == device).map(|(_, number, _)| *number).max()
        };
        let old = lent(self.keep, |store| {
            let authority = store.authority(book)?;
            let is_old = |(device, number, time): &(Device, u64, Time)| {
                let left = newest(device).is_some_and(|newest| *number < newest);
                authority.state().active(device).is_none() || left && is_quiet(*time, now)
            };
            let old = said.iter().filter(|(_, about)| is_old(about));
            Ok(old.map(|(name, _)| name.clone()).collect::<Vec<_>>())
        })?;
        for name in old {
            self.shelf.remove(&name)?;
            self.listed.receipts.remove(&name);
            self.visit.said.remove(&name);
        }
        Ok(())
    }

    /// Says what this device has, if that is not said here yet, in place of what it said before.
    pub(super) fn leave_receipt(&mut self, secret: &Secret) -> Result<(), Error> {
        let now = self.options.now;
        let made = lent(self.keep, |store| {
            let named = receipt_of(store, (self.book, secret), None)?;
            match named.filter(|(name, _)| !self.listed.receipts.contains(name)) {
                Some(_) => receipt_of(store, (self.book, secret), Some(now)),
                None => Ok(None),
            }
        })?;
        let Some((name, bytes)) = made else { return Ok(()) };
        let log = receipt_log(&name);
        self.shelf.put(&name, &bytes)?;
        self.visit.know(&name);
        for old in self.listed.receipts.iter().filter(|old| receipt_log(old) == log) {
            self.shelf.remove(old)?;
        }
        Ok(())
    }
}

/// The name of the receipt of what this device has now; and its bytes if the moment is given.
pub(crate) fn receipt_of(
    store: &mut Store,
    (book, secret): (&BookId, &Secret),
    now: Option<Time>,
) -> Result<Option<(String, Vec<u8>)>, store::Error> {
    store.show(book)?;
    let heads = store.log_heads(book)?;
    if heads.len() > MAX_LOGS {
        return Ok(None);
    }
    // The log this installation writes, also when it has written nothing yet.
    let log = store.identity().log(book);
    let name = name(&log, &heads);
    let Some(now) = now else { return Ok(Some((name, Vec::new()))) };
    let number = next_number(store, book, now)?;
    let bytes = write(store, (book, secret), (&log, heads), (number, now));
    Ok(bytes.map(|bytes| (name, bytes)))
}

/// A number larger than that of every receipt before, also after a clock was put right, and after
/// a backup was put back as long as the clock is not wrong then.
pub(crate) fn next_number(store: &Store, book: &BookId, now: Time) -> Result<u64, store::Error> {
    let key = format!("receipt/{book}");
    let before = store.setting(&key)?.and_then(|bytes| <[u8; 8]>::try_from(bytes).ok());
    let next = before.map_or(0, u64::from_be_bytes).saturating_add(1);
    let number = next.max(u64::try_from(now.0).unwrap_or(0));
    store.set_setting(&key, &number.to_be_bytes())?;
    Ok(number)
}
