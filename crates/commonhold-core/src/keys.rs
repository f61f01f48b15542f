//! The one module that owns every key: a device's own two, and the symmetric ones of books.
//!
//! A device signs with Ed25519 (RFC 8032) and opens what is sealed to it by HPKE (RFC 9180: base
//! mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305); both keys come from one seed
//! of 32 bytes. What a whole book may read is sealed under a [`Secret`].
//!
//! This module must not know records, objects, files or who may do what. Every random byte comes
//! from the caller.

pub mod recovery;
mod secret;
mod stream;
mod stretch;
mod topic;
pub mod words;

pub use secret::{KeyId, Secret, padme};
pub use stream::Stream;
pub use stretch::stretch;
pub use topic::Topic;

use crate::id::{Device, hex, unhex};
use ed25519_dalek::SigningKey;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroizing;

/// Bytes by which what is sealed to a device is longer than the secret: key and tag.
pub const SEALED_EXTRA: usize = ENCAPSULATED + 16;
const ENCAPSULATED: usize = 32;

/// Text forms of a fixed number of bytes: lower-case hexadecimal digits, also in JSON.
macro_rules! as_hex {
    ($name:ident, $count:literal, $digits:literal) => {
        impl $name {
            /// From exactly as many bytes as it has, or nothing.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                <[u8; $count]>::try_from(bytes).ok().map(Self)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex(&self.0))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self)
            }
        }
        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                unhex(text)
                    .and_then(|bytes| Self::from_slice(&bytes))
                    .ok_or_else(|| format!("“{text}” is not {} hexadecimal digits.", $digits))
            }
        }
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                crate::json::parsed(d)
            }
        }
    };
}

as_hex!(SealingPublic, 32, 64);
as_hex!(KeyId, 16, 32);

/// A device's two keys, both from one seed: who has the seed is the device.
///
/// Ed25519 uses the seed itself. X25519 uses `DeriveKeyPair` (RFC 9180, 7.1.3) of
/// `blake3::derive_key("commonhold 1 sealing key", seed)`, so neither key tells of the other.
#[derive(Clone)]
pub struct DeviceKeys {
    signing: SigningKey,
    opening: <X25519HkdfSha256 as Kem>::PrivateKey,
}

impl DeviceKeys {
    /// Both keys of a seed. The seed must be random, or stretched from something random.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let seed = Zeroizing::new(seed);
        let material = Zeroizing::new(blake3::derive_key("commonhold 1 sealing key", &*seed));
        let (opening, _) = X25519HkdfSha256::derive_keypair(&*material);
        Self { signing: SigningKey::from_bytes(&seed), opening }
    }

    /// The key it signs with.
    pub fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// The device these are the keys of.
    pub fn device(&self) -> Device {
        Device(self.signing.verifying_key().to_bytes())
    }

    /// The key others seal to.
    pub fn sealing(&self) -> SealingPublic {
        SealingPublic(X25519HkdfSha256::sk_to_pk(&self.opening).to_bytes().into())
    }

    /// The seed, to be kept secret.
    pub fn seed(&self) -> [u8; 32] {
        self.signing.to_bytes()
    }

    /// Opens what was sealed to this device for the same purpose; nothing if it was sealed to
    /// another or for another purpose, was altered, or is no sealed bytes at all.
    pub fn open(&self, purpose: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (enc, ciphertext) = sealed.split_at_checked(ENCAPSULATED)?;
        let enc = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(enc).ok()?;
        hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &self.opening,
            &enc,
            purpose,
            ciphertext,
            &[],
        )
        .ok()
    }
}

impl fmt::Debug for DeviceKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceKeys({})", self.device())
    }
}

/// The key others seal to: X25519, 32 bytes (RFC 7748).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SealingPublic(pub [u8; 32]);

impl SealingPublic {
    /// Seals a secret so that only the device with this key opens it, for one purpose (`info` of
    /// RFC 9180). Gives the encapsulated key, then the ciphertext with its tag; nothing for a key
    /// that is no usable point.
    ///
    /// The ephemeral key comes from all that goes in, not from `random` alone: a caller who hands
    /// in the same random bytes twice loses nothing but that equal input gives equal output.
    pub fn seal(&self, purpose: &[u8], secret: &[u8], random: [u8; 32]) -> Option<Vec<u8>> {
        let random = Zeroizing::new(random);
        let length = u64::try_from(purpose.len()).ok()?.to_be_bytes();
        let mut stream = Stream::of(
            "commonhold 1 ephemeral sealing key",
            &[random.as_slice(), &self.0, &length, purpose, secret],
        );
        let key = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&self.0).ok()?;
        let (enc, ciphertext) = hpke::single_shot_seal_with_rng::<
            ChaCha20Poly1305,
            HkdfSha256,
            X25519HkdfSha256,
        >(&OpModeS::Base, &key, purpose, secret, &[], &mut stream)
        .ok()?;
        Some([enc.to_bytes().as_slice(), &ciphertext].concat())
    }
}

#[cfg(test)]
mod tests;
