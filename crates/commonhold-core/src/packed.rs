//! Compression (zstd, RFC 8878). What is packed opens to exactly as many bytes as were said, and to
//! never more than that, whatever the input claims.

use std::cell::RefCell;
use zstd::bulk::Decompressor;

thread_local! {
    /// What zstd needs to unpack: setting it up takes longer than unpacking a small payload.
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Packs bytes; nothing when the library refuses.
pub fn pack(bytes: &[u8]) -> Option<Vec<u8>> {
    zstd::bulk::compress(bytes, 3).ok()
}

/// Unpacks exactly `length` bytes; nothing for anything else. The caller bounds `length`.
pub fn unpack(packed: &[u8], length: usize) -> Option<Vec<u8>> {
    DECOMPRESSOR.with_borrow_mut(|kept| {
        let decompressor = match kept {
            Some(decompressor) => decompressor,
            None => kept.insert(Decompressor::new().ok()?),
        };
        decompressor.decompress(packed, length).ok().filter(|out| out.len() == length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_opens_to_what_was_said_or_not_at_all() {
        let packed = zstd::bulk::compress(&vec![0; 1 << 20], 19).unwrap();
        assert_eq!(unpack(&packed, 1 << 20), Some(vec![0; 1 << 20]));
        for claimed in [0, 10, (1 << 20) - 1, (1 << 20) + 1] {
            assert_eq!(unpack(&packed, claimed), None, "{claimed}");
        }
        let mut damaged = packed.clone();
        damaged.push(0);
        assert_eq!(unpack(&damaged, 1 << 20), None);
        assert_eq!(unpack(&packed[..packed.len() - 1], 1 << 20), None);
        // One that failed leaves nothing behind for the next.
        assert_eq!(unpack(&pack(b"one").unwrap(), 3), Some(b"one".to_vec()));
        assert_eq!(unpack(&pack(b"").unwrap(), 0), Some(Vec::new()));
    }
}
