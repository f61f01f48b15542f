//! Listings between two devices. The first one on a connection is whole; after that only what was
//! added and taken away is said, so that looking again costs next to nothing.
//!
//! The body of an answer is: the listing's number (u32), flags (u8: 1 whole, 2 packed), and then
//! entries in ascending order of their names, each `1, length of name (u8), name, bytes (u64)` for
//! a file that is there, or `2, length of name (u8), name` for one that no longer is. Packed
//! entries are their length (u32) and a Zstandard frame (RFC 8878).

use super::wire::MAX_LISTING;
use commonhold_sync::shelf::{self, Item};
use std::collections::BTreeMap;

const WHOLE: u8 = 1;
const PACKED: u8 = 2;
const ADDED: u8 = 1;
const REMOVED: u8 = 2;
/// Entries longer than this are packed.
const PACK_FROM: usize = 512;
/// Most files of one book that are listed.
pub const MAX_FILES: usize = 100_000;

/// The files of a book on the other side: lengths in bytes by names.
pub type Listing = BTreeMap<String, u64>;

/// A listing of these files, without what no shelf may have; nothing when there are too many.
pub fn of(items: Vec<Item>) -> Option<Listing> {
    let fits = |item: &Item| shelf::is_name(&item.name);
    let listing: Listing =
        items.into_iter().filter(fits).map(|item| (item.name, item.bytes)).collect();
    (listing.len() <= MAX_FILES).then_some(listing)
}

/// The body that says this listing to one who has another, or to one who has none; nothing when
/// it would be too long.
pub fn encode(number: u32, before: Option<&Listing>, now: &Listing) -> Option<Vec<u8>> {
    let entries = entries(before, now)?;
    let mut flags = if before.is_none() { WHOLE } else { 0 };
    let mut body = number.to_be_bytes().to_vec();
    if entries.len() > PACK_FROM {
        flags |= PACKED;
        let length = u32::try_from(entries.len()).ok().filter(|_| entries.len() <= MAX_LISTING)?;
        body.push(flags);
        body.extend_from_slice(&length.to_be_bytes());
        body.extend(zstd::bulk::compress(&entries, 3).ok()?);
    } else {
        body.push(flags);
        body.extend(entries);
    }
    (body.len() <= MAX_LISTING).then_some(body)
}

/// What differs, in ascending order of names.
fn entries(before: Option<&Listing>, now: &Listing) -> Option<Vec<u8>> {
    let none = Listing::new();
    let before = before.unwrap_or(&none);
    let mut changes: BTreeMap<&str, Option<u64>> = BTreeMap::new();
    let gone = before.keys().filter(|name| !now.contains_key(*name));
    changes.extend(gone.map(|name| (name.as_str(), None)));
    let new = now.iter().filter(|(name, bytes)| before.get(*name) != Some(*bytes));
    changes.extend(new.map(|(name, bytes)| (name.as_str(), Some(*bytes))));
    let mut out = Vec::new();
    for (name, bytes) in changes {
        out.push(if bytes.is_some() { ADDED } else { REMOVED });
        out.push(u8::try_from(name.len()).ok()?);
        out.extend_from_slice(name.as_bytes());
        out.extend(bytes.map(u64::to_be_bytes).into_iter().flatten());
    }
    Some(out)
}

/// The number and the listing a body says to one who has this listing from before; nothing when
/// it makes no sense.
pub fn decode(body: &[u8], before: &Listing) -> Option<(u32, Listing)> {
    if body.len() > MAX_LISTING {
        return None;
    }
    let (number, rest) = body.split_first_chunk::<4>()?;
    let (flags, rest) = rest.split_first()?;
    if flags & !(WHOLE | PACKED) != 0 {
        return None;
    }
    let mut listing = if flags & WHOLE == 0 { before.clone() } else { Listing::new() };
    if flags & PACKED == 0 {
        apply(rest, &mut listing)?;
    } else {
        apply(&unpack(rest)?, &mut listing)?;
    }
    (listing.len() <= MAX_FILES).then_some((u32::from_be_bytes(*number), listing))
}

/// Unpacks entries into exactly as many bytes as are said before them.
fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    let (length, frame) = packed.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    if length > MAX_LISTING {
        return None;
    }
    zstd::bulk::decompress(frame, length).ok().filter(|entries| entries.len() == length)
}

/// Carries entries out. Their names ascend, so none comes twice and their number is bounded.
fn apply(mut entries: &[u8], listing: &mut Listing) -> Option<()> {
    let mut last = "";
    while let Some((kind, rest)) = entries.split_first() {
        let (length, rest) = rest.split_first()?;
        let (name, rest) = rest.split_at_checked(usize::from(*length))?;
        let name = std::str::from_utf8(name).ok().filter(|name| shelf::is_name(name))?;
        if name <= last {
            return None;
        }
        last = name;
        entries = match *kind {
            ADDED => {
                let (bytes, rest) = rest.split_first_chunk::<8>()?;
                listing.insert(name.to_owned(), u64::from_be_bytes(*bytes));
                rest
            }
            REMOVED => {
                listing.remove(name)?;
                rest
            }
            _ => return None,
        };
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(names: &[(&str, u64)]) -> Listing {
        names.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)).collect()
    }

    #[test]
    fn only_what_differs_is_said() {
        let many: Listing = (0..5000u64).map(|n| (format!("log/{n:016x}.cho"), n)).collect();
        let whole = encode(1, None, &many).unwrap();
        assert!(whole.len() < 40_000, "{}", whole.len());
        assert_eq!(decode(&whole, &listing(&[("x", 1)])), Some((1, many.clone())));

        let same = encode(1, Some(&many), &many).unwrap();
        assert_eq!(same.len(), 5);
        assert_eq!(decode(&same, &many), Some((1, many.clone())));

        let mut now = many.clone();
        now.remove("log/0000000000000007.cho");
        now.insert("log/ffff.cho".to_owned(), 9);
        now.insert("log/0000000000000008.cho".to_owned(), 77);
        let differs = encode(2, Some(&many), &now).unwrap();
        assert!(differs.len() < 120, "{}", differs.len());
        assert_eq!(decode(&differs, &many), Some((2, now)));
    }

    #[test]
    fn nonsense_is_no_listing() {
        let none = Listing::new();
        let head = |flags: u8, entries: &[u8]| [&[0, 0, 0, 1, flags], entries].concat();
        let good = [ADDED, 1, b'a', 0, 0, 0, 0, 0, 0, 0, 5];
        assert_eq!(decode(&head(1, &good), &none), Some((1, listing(&[("a", 5)]))));
        for length in 1..good.len() {
            assert!(decode(&head(1, &good[..length]), &none).is_none());
        }
        let twice = [&good[..], &good].concat();
        for entries in [&twice[..], &[REMOVED, 1, b'a'], &[ADDED, 1, b'A'], &[3, 1, b'a']] {
            assert!(decode(&head(1, entries), &none).is_none());
        }
        assert!(decode(&head(4, &good), &none).is_none());
        assert!(decode(&[], &none).is_none() && decode(&vec![0; MAX_LISTING + 1], &none).is_none());
    }

    #[test]
    fn damaged_listings_are_refused_or_sound() {
        let before: Listing = (0..40u64).map(|n| (format!("a/{n:03}.cho"), n)).collect();
        let mut now = before.clone();
        now.remove("a/007.cho");
        now.extend((50..60u64).map(|n| (format!("b/{n:03}.cho"), n)));
        let bodies = [encode(2, None, &now).unwrap(), encode(2, Some(&before), &now).unwrap()];
        let mut chance = 1u64;
        let mut next = |most: usize| {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(chance >> 33).unwrap() % most
        };
        let mut sound = 0;
        for round in 0..20_000 {
            let mut body = bodies[round % 2].clone();
            for _ in 0..=next(3) {
                let at = next(body.len());
                body[at] = u8::try_from(next(256)).unwrap();
            }
            body.truncate(body.len() - next(2) * next(20));
            if let Some((_, listing)) = decode(&body, &before) {
                assert!(listing.keys().all(|name| shelf::is_name(name)));
                sound += 1;
            }
        }
        assert!((100..19_900).contains(&sound), "{sound}");
    }

    #[test]
    fn a_packed_listing_cannot_swell() {
        let none = Listing::new();
        let bomb = zstd::bulk::compress(&vec![0; 200 << 20], 3).unwrap();
        for said in [0u32, 100, 16 << 20, (16 << 20) + 1, u32::MAX] {
            let body = [&[0, 0, 0, 1, WHOLE | PACKED], &said.to_be_bytes()[..], &bomb].concat();
            assert!(decode(&body, &none).is_none());
        }
    }
}
