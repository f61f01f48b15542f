//! Random numbers for libraries that ask for a generator: a fixed stream from given bytes.

use hpke::rand_core::{TryCryptoRng, TryRng};
use std::convert::Infallible;

/// An endless stream of bytes from a seed (BLAKE3 in its extendable form): the same seed gives the
/// same stream, and who does not know the seed cannot tell it from random bytes. Each stream must
/// have a context of its own, so that two uses of one seed never meet.
pub struct Stream(blake3::OutputReader);

impl Stream {
    /// The stream of a seed, given in parts, in one context. Parts are joined as they are: all
    /// but the last must have a fixed length or their length before them.
    pub fn of(context: &str, seed: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key(context);
        for part in seed {
            hasher.update(part);
        }
        Self(hasher.finalize_xof())
    }

    /// Fills bytes with the next ones of the stream.
    pub fn fill(&mut self, out: &mut [u8]) {
        self.0.fill(out);
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(out);
        Ok(())
    }
}

impl TryCryptoRng for Stream {}
