//! Symmetric keys: of a book, of the vault, of one private document.
//!
//! Sealing is XChaCha20-Poly1305 (RFC 8439 with the 24-byte nonce of draft-irtf-cfrg-xchacha).
//! The nonce is a keyed hash of all that is sealed, as in RFC 5297 (SIV): no randomness is needed,
//! equal bytes give equal sealed bytes, and different ones never meet under one nonce.

use chacha20poly1305::aead::inout::InOutBuf;
use chacha20poly1305::{AeadInOut, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

const NONCE: usize = 24;
const TAG: usize = 16;
const PREFIX: usize = 4;

/// The name of a [`Secret`]: may be public, tells nothing of the key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 16]);

/// A symmetric key.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl Secret {
    /// From 32 bytes, which must be random or derived from a key.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its name: the first 16 bytes of `blake3::derive_key("commonhold 1 key id", key)`.
    pub fn id(&self) -> KeyId {
        let hash = blake3::derive_key("commonhold 1 key id", &self.0);
        let mut id = [0; 16];
        id.copy_from_slice(hash.split_at(16).0);
        KeyId(id)
    }

    /// The key itself, to seal it to a device.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A keyed hash of bytes for one purpose: who has not the key can neither make it nor tell from
    /// it what it is of. `blake3::keyed(derive_key(purpose, key), bytes)`.
    pub fn tag(&self, purpose: &'static str, bytes: &[u8]) -> [u8; 32] {
        let key = Zeroizing::new(blake3::derive_key(purpose, &self.0));
        *blake3::keyed_hash(&key, bytes).as_bytes()
    }

    /// Seals bytes, bound to the open bytes `aad` that go with them; gives nonce, ciphertext, tag.
    /// The length is told only as far as [`padme`] lets it. Nothing for 4 GiB or more.
    pub fn seal(&self, aad: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        let length = u32::try_from(plain.len()).ok()?;
        let padded = padme(plain.len().checked_add(PREFIX)?);
        let before_tag = NONCE.checked_add(padded)?;
        let nonce = self.nonce(aad, plain)?;
        let mut out = Vec::with_capacity(before_tag.checked_add(TAG)?);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(plain);
        out.resize(before_tag, 0);
        let (_, body) = out.split_at_mut_checked(NONCE)?;
        let tag = self
            .cipher()
            .encrypt_inout_detached(&XNonce::from(nonce), aad, InOutBuf::from(body))
            .ok()?;
        out.extend_from_slice(&tag);
        Some(out)
    }

    /// Opens what [`Secret::seal`] sealed under this key with the same `aad`, if it is not longer
    /// than `most` bytes; nothing if it was altered, is another's, or is not in the one form that
    /// sealing gives.
    pub fn open(&self, aad: &[u8], sealed: &[u8], most: usize) -> Option<Vec<u8>> {
        let longest = padme(most.saturating_add(PREFIX)).saturating_add(NONCE).saturating_add(TAG);
        if sealed.len() > longest {
            return None;
        }
        let (nonce, rest) = sealed.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        let (body, tag) = rest.split_at_checked(rest.len().checked_sub(TAG)?)?;
        let tag: [u8; TAG] = tag.try_into().ok()?;
        let mut body = Zeroizing::new(body.to_vec());
        self.cipher()
            .decrypt_inout_detached(
                &XNonce::from(nonce),
                aad,
                InOutBuf::from(body.as_mut_slice()),
                &Tag::from(tag),
            )
            .ok()?;
        let (length, rest) = body.split_at_checked(PREFIX)?;
        let length = usize::try_from(u32::from_be_bytes(length.try_into().ok()?)).ok()?;
        let (plain, padding) = rest.split_at_checked(length)?;
        let whole = length <= most
            && body.len() == padme(length.checked_add(PREFIX)?)
            && padding.iter().all(|byte| *byte == 0)
            // Two keys could be made to open one ciphertext; they cannot agree in this as well.
            && self.nonce(aad, plain)? == nonce;
        whole.then(|| plain.to_vec())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        let key = Zeroizing::new(blake3::derive_key("commonhold 1 secret cipher", &self.0));
        XChaCha20Poly1305::new(&(*key).into())
    }

    /// The first 24 bytes of a keyed hash over length of `aad`, `aad` and plaintext.
    fn nonce(&self, aad: &[u8], plain: &[u8]) -> Option<[u8; NONCE]> {
        let key = Zeroizing::new(blake3::derive_key("commonhold 1 secret nonce", &self.0));
        let length = u64::try_from(aad.len()).ok()?;
        let hash = blake3::Hasher::new_keyed(&key)
            .update(&length.to_be_bytes())
            .update(aad)
            .update(plain)
            .finalize();
        hash.as_bytes().split_at(NONCE).0.try_into().ok()
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Secret {}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The padded length of so many bytes: at most 12 % more, and only so many different lengths that
/// one tells a double logarithm of bits. Padmé, from “Reducing Metadata Leakage from Encrypted
/// Files and Communication with PURBs” (Nikitin and others, PETS 2019).
pub fn padme(length: usize) -> usize {
    let Some(exponent) = length.checked_ilog2().filter(|exponent| *exponent > 0) else {
        return length;
    };
    let kept = exponent.ilog2().saturating_add(1);
    let low = 1usize.checked_shl(exponent.saturating_sub(kept)).unwrap_or(1).saturating_sub(1);
    // Past the end of what a length can be, there is nothing left to pad to.
    length.checked_add(low).map_or(length, |sum| sum & !low)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seals any body under any nonce, as somebody could who has the key.
    fn forge(secret: &Secret, nonce: [u8; NONCE], body: &[u8]) -> Vec<u8> {
        let mut body = body.to_vec();
        let buffer = InOutBuf::from(body.as_mut_slice());
        let tag = secret.cipher().encrypt_inout_detached(&XNonce::from(nonce), b"", buffer);
        [nonce.as_slice(), &body, &tag.unwrap()].concat()
    }

    #[test]
    fn only_the_form_that_sealing_gives_is_opened() {
        let secret = Secret::new([3; 32]);
        let nonce = secret.nonce(b"", b"plain").unwrap();
        let open = |nonce, body: &[u8]| secret.open(b"", &forge(&secret, nonce, body), 100);
        assert_eq!(open(nonce, b"\0\0\0\x05plain\0"), Some(b"plain".to_vec()));
        assert_eq!(open([1; NONCE], b"\0\0\0\x05plain\0"), None, "another nonce");
        assert_eq!(open(nonce, b"\0\0\0\x05plain\x01"), None, "padding that says something");
        assert_eq!(open(nonce, b"\0\0\0\x05plain"), None, "no padding");
        assert_eq!(open(nonce, b"\0\0\0\x05plain\0\0"), None, "more padding");
        assert_eq!(open(nonce, b"\0\0\0\xffplain\0"), None, "a length beyond the end");
        assert_eq!(open(nonce, b"\0\0"), None, "no length");
    }
}
