//! Compression (zstd, RFC 8878). What is packed opens to exactly as many bytes as were said, and to
//! never more than that, whatever the input claims.
//!
//! The parts of an object are mostly texts with ids in them, which look random: as 36 letters they
//! cost half as much again as the 16 bytes they are. Where many of them stand once they are taken
//! out and laid beside the rest, and the rest is laid column by column (`docs/FORMAT.md` §5).

mod columns;
mod ids;

use std::cell::RefCell;
use zstd::bulk::Decompressor;

thread_local! {
    /// What zstd needs to unpack: setting it up takes longer than unpacking a small payload.
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// First byte of what ids were taken out of; a frame of zstd never begins so.
const IDS_APART: u8 = 2;
/// How much zstd tries on what is left of them.
const LEVEL: i32 = 12;
/// How many ids are worth taking out.
const WORTH: usize = 8;

/// Packs bytes; nothing when the library refuses.
pub fn pack(bytes: &[u8]) -> Option<Vec<u8>> {
    zstd::bulk::compress(bytes, 3).ok()
}

/// Packs the parts of an object; nothing when the library refuses.
pub fn pack_parts(bytes: &[u8]) -> Option<Vec<u8>> {
    let Some(apart) = ids::take_out(bytes).filter(|apart| apart.ids.len() >= WORTH * ids::BYTES)
    else {
        return pack(bytes);
    };
    let columns = columns::take_apart(&apart.others);
    let number = |n: usize| u32::try_from(n).ok().map(u32::to_be_bytes);
    let mut out = vec![IDS_APART];
    out.extend_from_slice(&number(apart.ids.len() / ids::BYTES)?);
    let (alike, plain) = ids::split(&apart.ids);
    out.extend_from_slice(&plain);
    out.push(u8::try_from(columns.lengths.len()).ok()?);
    for length in columns.lengths {
        out.extend_from_slice(&number(length)?);
    }
    let inside = [alike, apart.gaps, columns.bytes].concat();
    out.extend_from_slice(&zstd::bulk::compress(&inside, LEVEL).ok()?);
    Some(out)
}

/// Unpacks exactly `length` bytes of parts; nothing for anything else. The caller bounds `length`.
pub fn unpack_parts(packed: &[u8], length: usize) -> Option<Vec<u8>> {
    let Some(apart) = packed.strip_prefix(&[IDS_APART]) else { return unpack(packed, length) };
    let (count, apart) = apart.split_first_chunk::<4>()?;
    let count = usize::try_from(u32::from_be_bytes(*count)).ok()?;
    let (plain, apart) = apart.split_at_checked(count.checked_mul(ids::PLAIN)?)?;
    let (columns, apart) = apart.split_first()?;
    let (lengths, frame) = apart.split_at_checked(usize::from(*columns).checked_mul(4)?)?;
    let lengths = lengths.as_chunks::<4>().0.iter();
    let lengths: Option<Vec<usize>> =
        lengths.map(|length| usize::try_from(u32::from_be_bytes(*length)).ok()).collect();
    let others = length.checked_sub(count.checked_mul(ids::TEXT)?)?;
    let (alike, gaps) = (count.checked_mul(ids::PACKED)?, count.checked_mul(ids::GAP)?);
    let inside = unpack(frame, others.checked_add(gaps)?.checked_add(alike)?)?;
    let (alike, inside) = inside.split_at_checked(alike)?;
    let (gaps, others) = inside.split_at_checked(gaps)?;
    let ids = ids::join(alike, plain, count)?;
    ids::put_back(&ids, gaps, &columns::put_together(&lengths?, others)?, length)
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

    fn texts(count: u64) -> Vec<u8> {
        let mut out = Vec::new();
        for n in 0..count {
            let looks_random = *blake3::hash(&n.to_be_bytes()).as_bytes();
            let id = uuid::Uuid::from_slice(&looks_random[..16]).unwrap();
            out.extend_from_slice(
                format!("transaction/{id}0{{\"date\":\"2026-01-02\"}}").as_bytes(),
            );
        }
        out
    }

    #[test]
    fn parts_with_ids_come_back_as_they_were() {
        let one = texts(1);
        // Ids that stand twice stay where they are, as does what only looks like one.
        let mut mixed = texts(40);
        mixed.extend_from_slice(&one);
        mixed.extend_from_slice(b"0123456-0123-0123-0123-0123456789ab");
        mixed.extend_from_slice(b"00000000-AAAA-0000-0000-000000000000---------");
        mixed.extend_from_slice(b"12345678-1234-1234-1234-1234567890");
        let cases = [Vec::new(), b"----------".to_vec(), one, texts(7), texts(8), mixed];
        for (n, bytes) in cases.iter().enumerate() {
            let packed = pack_parts(bytes).unwrap();
            assert_eq!(packed.first() == Some(&IDS_APART), n >= 4, "{n}");
            assert_eq!(unpack_parts(&packed, bytes.len()).as_ref(), Some(bytes), "{n}");
            for wrong in [0, bytes.len().saturating_sub(1), bytes.len() + 1] {
                assert!(wrong == bytes.len() || unpack_parts(&packed, wrong).is_none(), "{n}");
            }
            for cut in 0..packed.len() {
                let cut = unpack_parts(&packed[..cut], bytes.len());
                assert!(cut.is_none() || bytes.is_empty(), "{n}");
            }
        }
        let many = texts(2000);
        let (apart, plain) = (pack_parts(&many).unwrap(), pack(&many).unwrap());
        assert!(apart.len() * 4 < plain.len() * 3, "{} {}", apart.len(), plain.len());
    }

    #[test]
    fn what_another_program_packed_is_read() {
        let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let file = std::fs::read(here.join("../../tests/fixtures/wire/packed.json")).unwrap();
        let file: serde_json::Value = serde_json::from_slice(&file).unwrap();
        let bytes = |name: &str| crate::id::unhex(file[name].as_str().unwrap()).unwrap();
        let parts = bytes("parts");
        for name in ["ids_apart", "plain"] {
            assert_eq!(unpack_parts(&bytes(name), parts.len()).as_ref(), Some(&parts), "{name}");
        }
    }

    #[test]
    fn damaged_parts_are_nothing_or_other_bytes_of_that_length() {
        let bytes = texts(9);
        let packed = pack_parts(&bytes).unwrap();
        for at in 0..packed.len() {
            for bit in 0..8 {
                let mut damaged = packed.clone();
                damaged[at] ^= 1 << bit;
                if let Some(out) = unpack_parts(&damaged, bytes.len()) {
                    assert_eq!(out.len(), bytes.len(), "{at} {bit}");
                }
            }
        }
        // Places beyond the end, and more ids than there is room for.
        let frame = |rest: &[u8]| zstd::bulk::compress(rest, 3).unwrap();
        let with = |count: u32, ids: usize, rest: &[u8]| {
            let alike = vec![7; ids / 16 * 3];
            let frame = frame(&[&alike, rest].concat());
            [&[IDS_APART][..], &count.to_be_bytes(), &vec![7; ids / 16 * 13], &[0], &frame].concat()
        };
        assert!(unpack_parts(&with(1, 16, &[0, 0, 0, 0]), 36).is_some());
        assert_eq!(unpack_parts(&with(1, 16, &[0, 0, 0, 1]), 36), None);
        assert_eq!(unpack_parts(&with(1, 16, &[0, 0, 0, 2, b'a']), 37), None);
        assert_eq!(unpack_parts(&with(2, 32, &[0, 0, 0, 0]), 36), None);
        assert_eq!(unpack_parts(&with(u32::MAX, 16, &[]), 36), None);
    }
}
