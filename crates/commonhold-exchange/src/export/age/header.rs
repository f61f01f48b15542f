//! The head of a file: the key of the file, wrapped once for each recipient.

use super::{AgeError, Identity};
use chacha20poly1305::aead::inout::InOutBuf;
use chacha20poly1305::{AeadInOut, ChaCha20Poly1305, KeyInit, Nonce, Tag};
use data_encoding::BASE64_NOPAD;
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The first line.
const VERSION: &str = "age-encryption.org/v1";
/// What the wrapping key is derived for.
const WRAP: &[u8] = b"age-encryption.org/v1/X25519";
/// Largest head, and most parts of it.
const MAX_HEAD: usize = 256 * 1024;
const MAX_STANZAS: usize = 1_000;

/// The file's key.
pub(super) type Key = Zeroizing<[u8; 16]>;

/// One wrapping for an X25519 recipient.
pub(super) struct Stanza {
    share: [u8; 32],
    body: [u8; 32],
}

/// A head that was read: it is believed only once its sum fits the key.
pub(super) struct Header {
    stanzas: Vec<Stanza>,
    passphrase: bool,
    /// All up to and with `---`.
    signed: Vec<u8>,
    sum: [u8; 32],
}

/// 32 bytes derived from a secret (HKDF with SHA-256).
pub(super) fn derive(
    secret: &[u8],
    salt: &[u8],
    purpose: &[u8],
) -> Result<Zeroizing<[u8; 32]>, AgeError> {
    let mut out = Zeroizing::new([0_u8; 32]);
    let hkdf = Hkdf::<Sha256>::new(Some(salt), secret);
    hkdf.expand(purpose, out.as_mut_slice()).map_err(|_| AgeError::Form)?;
    Ok(out)
}

/// The key that wraps: from what both sides can compute, and from both public keys.
fn wrapping(
    secret: &[u8; 32],
    other: [u8; 32],
    share: &[u8; 32],
    recipient: &[u8; 32],
) -> Result<Zeroizing<[u8; 32]>, AgeError> {
    let shared = Zeroizing::new(x25519_dalek::x25519(*secret, other));
    // A point of small order would give zeros, whatever the secret is (RFC 7748 6.1).
    if shared.iter().all(|byte| *byte == 0) {
        return Err(AgeError::Form);
    }
    let mut salt = [0_u8; 64];
    let (first, second) = salt.split_at_mut(32);
    first.copy_from_slice(share);
    second.copy_from_slice(recipient);
    derive(shared.as_slice(), &salt, WRAP)
}

/// Wraps the file's key for a recipient.
pub(super) fn wrap(
    key: &Key,
    ephemeral: &[u8; 32],
    recipient: &[u8; 32],
) -> Result<Stanza, AgeError> {
    let share = x25519_dalek::x25519(*ephemeral, x25519_dalek::X25519_BASEPOINT_BYTES);
    let wrapping =
        wrapping(ephemeral, *recipient, &share, recipient).map_err(|_| AgeError::Recipient)?;
    let mut body = [0_u8; 32];
    let (text, tag) = body.split_at_mut(16);
    text.copy_from_slice(key.as_slice());
    // Each wrapping key is used once, so the nonce may be zeros.
    let made = ChaCha20Poly1305::new(&(*wrapping).into())
        .encrypt_inout_detached(&Nonce::from([0; 12]), b"", InOutBuf::from(text))
        .map_err(|_| AgeError::Form)?;
    tag.copy_from_slice(&made);
    Ok(Stanza { share, body })
}

fn unwrap(stanza: &Stanza, identity: &Identity) -> Option<Key> {
    let recipient = identity.recipient().0;
    let wrapping = wrapping(&identity.0, stanza.share, &stanza.share, &recipient).ok()?;
    let mut key = Zeroizing::new([0_u8; 16]);
    let (text, tag) = stanza.body.split_at_checked(16)?;
    key.copy_from_slice(text);
    let tag = Tag::try_from(tag).ok()?;
    ChaCha20Poly1305::new(&(*wrapping).into())
        .decrypt_inout_detached(
            &Nonce::from([0; 12]),
            b"",
            InOutBuf::from(key.as_mut_slice()),
            &tag,
        )
        .ok()?;
    Some(key)
}

/// The sum over the head, made with the file's key.
fn sum(key: &Key, signed: &[u8]) -> Result<Hmac<Sha256>, AgeError> {
    let mac = derive(key.as_slice(), b"", b"header")?;
    let mut out = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(mac.as_slice())
        .map_err(|_| AgeError::Form)?;
    out.update(signed);
    Ok(out)
}

/// Writes the head.
pub(super) fn write(stanzas: &[Stanza], key: &Key) -> Result<Vec<u8>, AgeError> {
    let mut text = format!("{VERSION}\n");
    for stanza in stanzas {
        let (share, body) = (BASE64_NOPAD.encode(&stanza.share), BASE64_NOPAD.encode(&stanza.body));
        text.push_str(&format!("-> X25519 {share}\n{body}\n"));
    }
    text.push_str("---");
    let made = sum(key, text.as_bytes())?.finalize().into_bytes();
    text.push_str(&format!(" {}\n", BASE64_NOPAD.encode(&made)));
    Ok(text.into_bytes())
}

/// Reads the head; hands back what follows it. Parts for recipients of other sorts are skipped.
pub(super) fn read(bytes: &[u8]) -> Result<(Header, &[u8]), AgeError> {
    let mut lines = Lines { bytes, at: 0 };
    if lines.next()? != VERSION {
        return Err(AgeError::Form);
    }
    let mut out =
        Header { stanzas: Vec::new(), passphrase: false, signed: Vec::new(), sum: [0; 32] };
    let mut count = 0_usize;
    loop {
        let start = lines.at;
        let line = lines.next()?;
        if let Some(sum) = line.strip_prefix("--- ") {
            let signed = bytes.get(..start.saturating_add(3)).ok_or(AgeError::Form)?;
            out.signed = signed.to_vec();
            out.sum = fixed(sum)?;
            return Ok((out, bytes.get(lines.at..).unwrap_or_default()));
        }
        let arguments = line.strip_prefix("-> ").ok_or(AgeError::Form)?;
        count = count.saturating_add(1);
        if count > MAX_STANZAS {
            return Err(AgeError::Form);
        }
        let mut body = String::new();
        loop {
            let line = lines.next()?;
            body.push_str(line);
            match line.len() {
                super::COLUMNS => {}
                0..super::COLUMNS => break,
                _ => return Err(AgeError::Form),
            }
        }
        let arguments: Vec<&str> = arguments.split(' ').collect();
        match arguments.as_slice() {
            ["X25519", share] => {
                out.stanzas.push(Stanza { share: fixed(share)?, body: fixed(&body)? });
            }
            ["X25519", ..] => return Err(AgeError::Form),
            ["scrypt", ..] => out.passphrase = true,
            _ => {}
        }
    }
}

/// 32 bytes in base64 without padding.
fn fixed(text: &str) -> Result<[u8; 32], AgeError> {
    let bytes = BASE64_NOPAD.decode(text.as_bytes()).map_err(|_| AgeError::Form)?;
    bytes.as_slice().try_into().map_err(|_| AgeError::Form)
}

/// Lines of the head, which end in LF alone.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Result<&'a str, AgeError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().take(4_096).position(|byte| *byte == b'\n');
        let length = length.ok_or(AgeError::Form)?;
        self.at = self.at.saturating_add(length).saturating_add(1);
        let line = rest.get(..length).unwrap_or_default();
        let text = std::str::from_utf8(line).map_err(|_| AgeError::Form)?;
        let sound = self.at <= MAX_HEAD && text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        if sound { Ok(text) } else { Err(AgeError::Form) }
    }
}

impl Header {
    /// The file's key by the first identity that opens a part; the sum must fit it.
    pub(super) fn key(&self, identities: &[Identity]) -> Result<Key, AgeError> {
        if self.passphrase && self.stanzas.is_empty() {
            return Err(AgeError::Passphrase);
        }
        let found = identities
            .iter()
            .take(super::MAX_RECIPIENTS)
            .find_map(|identity| self.stanzas.iter().find_map(|stanza| unwrap(stanza, identity)));
        let key = found.ok_or(AgeError::Stranger)?;
        // A passphrase stands alone, or somebody added the other parts (age v1, scrypt).
        if self.passphrase {
            return Err(AgeError::Form);
        }
        sum(&key, &self.signed)?.verify_slice(&self.sum).map_err(|_| AgeError::Damaged)?;
        Ok(key)
    }
}
