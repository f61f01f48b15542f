//! Fuzzed bytes, taken apart from the front. Where they end, zeros follow: every input means
//! something. [`Layout`] puts the same together, for the first inputs.

/// What is left of the input.
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn byte(&mut self) -> u8 {
        self.array::<1>()[0]
    }

    pub fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        let (head, rest) = self.0.split_at(N.min(self.0.len()));
        out[..head.len()].copy_from_slice(head);
        self.0 = rest;
        out
    }

    /// So many bytes as two of them say (big-endian), or fewer at the end.
    pub fn some(&mut self) -> &'a [u8] {
        let length = usize::from(u16::from_be_bytes(self.array()));
        let (head, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        head
    }

    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }
}

/// Bytes that [`Bytes`] takes apart again.
#[derive(Clone, Default)]
pub struct Layout(pub Vec<u8>);

impl Layout {
    pub fn put(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    pub fn some(self, bytes: &[u8]) -> Self {
        let length = u16::try_from(bytes.len()).expect("a seed is short");
        self.put(&length.to_be_bytes()).put(bytes)
    }
}

/// A bit of a byte of flags.
pub fn bit(flags: u8, n: u8) -> bool {
    flags & (1 << n) != 0
}
