//! Bytes of messages and tickets: fixed fields, and texts with a u16 length before them.

use super::MAX_TEXT;

/// Writes fields one after the other.
#[derive(Default)]
pub struct Writer(pub Vec<u8>);

impl Writer {
    pub fn put(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// Nothing, if nobody would read the text.
    pub fn text(&mut self, text: &str) -> Option<&mut Self> {
        let length = u16::try_from(text.len()).ok().filter(|_| is_sound(text))?;
        Some(self.put(&length.to_be_bytes()).put(text.as_bytes()))
    }
}

/// Reads fields from bytes of anywhere; nothing where they end too early or are not sound.
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }

    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub fn tag(&mut self, tag: &[u8; 4]) -> Option<()> {
        (self.array()? == *tag).then_some(())
    }

    pub fn text(&mut self) -> Option<String> {
        let length = usize::from(u16::from_be_bytes(self.array()?));
        let text = std::str::from_utf8(self.take(length)?).ok()?;
        is_sound(text).then(|| text.to_owned())
    }

    pub fn end(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether a text is short, and shows what it says: no control characters, and none that turn
/// round the direction of what stands beside them.
pub fn is_sound(text: &str) -> bool {
    text.chars().count() <= MAX_TEXT && !text.chars().any(is_hidden)
}

/// Characters that are no part of any name.
pub fn is_hidden(c: char) -> bool {
    let turns = matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns
}

/// Bytes in JSON as hexadecimal digits.
pub mod hexadecimal {
    use commonhold_core::id::{hex, unhex};
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(bytes: &impl AsRef<[u8]>, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&hex(bytes.as_ref()))
    }

    pub fn deserialize<'de, D: Deserializer<'de>, T: TryFrom<Vec<u8>>>(
        d: D,
    ) -> Result<T, D::Error> {
        unhex(&String::deserialize(d)?)
            .and_then(|bytes| T::try_from(bytes).ok())
            .ok_or_else(|| D::Error::custom("not the right number of hexadecimal digits"))
    }
}
