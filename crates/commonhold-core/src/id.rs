//! Names of things: records, books, devices. All are made from bytes given from outside.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The id of a record: UUIDv7 for what a person creates, UUIDv5 of its purpose where two devices
/// could create the same thing (RFC 9562).
pub type RecordId = uuid::Uuid;

/// Makes a UUIDv7 from a time in milliseconds since 1970 and ten random bytes.
pub fn mint(milliseconds: u64, random: [u8; 10]) -> RecordId {
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
}

/// The UUIDv5 of a purpose inside one book: the same on every device.
pub fn from_purpose(book: &BookId, purpose: &str) -> RecordId {
    let namespace = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, &book.0);
    uuid::Uuid::new_v5(&namespace, purpose.as_bytes())
}

macro_rules! bytes32 {
    ($name:ident, $what:literal) => {
        #[doc = $what]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 32]);

        impl $name {
            /// From exactly 32 bytes, or nothing.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
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
        impl FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                unhex(text)
                    .and_then(|bytes| Self::from_slice(&bytes))
                    .ok_or_else(|| format!("“{text}” is not 64 hexadecimal digits."))
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

bytes32!(
    BookId,
    "A book is one service's record; its id is the BLAKE3 hash of its genesis statement."
);
bytes32!(Device, "A device, by its Ed25519 public key (RFC 8032).");
bytes32!(Hash, "A BLAKE3 hash of bytes.");
bytes32!(Sha256, "The SHA-256 of a file (FIPS 180-4): records name attachments by it.");

impl Hash {
    /// The BLAKE3 hash of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }
}

impl Sha256 {
    /// The SHA-256 of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(<sha2::Sha256 as sha2::Digest>::digest(bytes).into())
    }
}

impl Device {
    /// The first eight digits in two groups, for a person to compare.
    pub fn short(&self) -> String {
        let [a, b, c, d, ..] = self.0;
        format!("{a:02x}{b:02x} {c:02x}{d:02x}")
    }
}

/// A device's log in one book, 16 bytes made from device, book and a nonce: new for each
/// installation, so that a copied profile can start a log of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogId(pub [u8; 16]);

impl LogId {
    /// From exactly 16 bytes, or nothing.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The log a device writes under a nonce in a book: nobody else can come to the same one.
    pub fn of(device: &Device, book: &BookId, nonce: &[u8; 16]) -> Self {
        let material = [device.0.as_slice(), &book.0, nonce].concat();
        let hash = blake3::derive_key("commonhold 1 log", &material);
        let mut log = [0; 16];
        log.copy_from_slice(hash.split_at(16).0);
        Self(log)
    }

    /// The branch of this log that begins with an object: where a device said several things at
    /// one place of its log, each goes on under a name of its own.
    pub fn branch(&self, first: &Hash) -> Self {
        let material = [self.0.as_slice(), &first.0].concat();
        let hash = blake3::derive_key("commonhold 1 branch", &material);
        let mut log = [0; 16];
        log.copy_from_slice(hash.split_at(16).0);
        Self(log)
    }

    /// From 32 hexadecimal digits, or nothing.
    pub fn from_hex(text: &str) -> Option<Self> {
        Self::from_slice(&unhex(text)?)
    }
}

impl fmt::Display for LogId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl Serialize for LogId {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LogId {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let log = Self::from_hex(&text);
        log.ok_or_else(|| serde::de::Error::custom("it is not a log's 32 hexadecimal digits"))
    }
}

impl fmt::Debug for LogId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogId({self})")
    }
}

/// Lower-case hexadecimal digits of some bytes.
pub fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            out.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    out
}

/// The bytes of lower- or upper-case hexadecimal digits, or nothing when it is anything else.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits?;
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    Some(
        digits
            .chunks_exact(2)
            .map(|pair| match pair {
                [high, low] => (high << 4) | low,
                _ => 0,
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_round_trips_and_refuses_the_rest() {
        assert_eq!(unhex(&hex(&[0, 15, 255])), Some(vec![0, 15, 255]));
        for bad in ["0", "0g", "é0", " 00"] {
            assert_eq!(unhex(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_purpose_has_one_id_in_one_book_and_another_in_another() {
        let (a, b) = (BookId([1; 32]), BookId([2; 32]));
        assert_eq!(from_purpose(&a, "x"), from_purpose(&a, "x"));
        assert_ne!(from_purpose(&a, "x"), from_purpose(&b, "x"));
        assert_ne!(from_purpose(&a, "x"), from_purpose(&a, "y"));
    }
}
