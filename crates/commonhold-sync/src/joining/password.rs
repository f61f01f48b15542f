//! The secret of an invitation: six words, or 32 bytes that only travel in tickets.

use super::wire::{Reader, Writer};
use commonhold_core::id::{hex, unhex};
use commonhold_core::keys::words;
use std::fmt;

#[derive(Clone, PartialEq, Eq)]
pub enum Password {
    Words(String),
    Bytes([u8; 32]),
}

impl Password {
    /// From what a person typed, or from 64 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bytes = unhex(text.trim()).and_then(|bytes| bytes.try_into().ok());
        if let Some(bytes) = bytes {
            return Ok(Self::Bytes(bytes));
        }
        let normal = words::normal(text)?;
        match normal.split(' ').count() {
            6 => Ok(Self::Words(normal)),
            count => Err(format!("An invitation has six words; these are {count}.")),
        }
    }

    /// The one spelling both sides use.
    pub fn normal(&self) -> String {
        match self {
            Self::Words(words) => words.clone(),
            Self::Bytes(bytes) => hex(bytes),
        }
    }

    pub fn write(&self, out: &mut Writer) {
        match self {
            Self::Words(words) => {
                out.put(&[0]);
                for number in words::parse(words).unwrap_or_default() {
                    out.put(&number.to_be_bytes());
                }
            }
            Self::Bytes(bytes) => {
                out.put(&[1]).put(bytes);
            }
        }
    }

    pub fn read(reader: &mut Reader) -> Option<Self> {
        match reader.array()? {
            [0] => {
                let numbers: Option<Vec<u16>> =
                    (0..6).map(|_| reader.array().map(u16::from_be_bytes)).collect();
                words::from_numbers(&numbers?).map(Self::Words)
            }
            [1] => reader.array().map(Self::Bytes),
            _ => None,
        }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}
