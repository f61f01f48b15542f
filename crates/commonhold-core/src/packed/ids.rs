//! Ids as texts (RFC 9562, small letters) taken out of bytes, and put back.

use std::collections::HashMap;

/// Letters of an id.
pub(super) const TEXT: usize = 36;
/// Bytes of an id.
pub(super) const BYTES: usize = 16;
/// Bytes that say how far it is to the next id.
pub(super) const GAP: usize = 4;
/// Where its hyphens are.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

/// Bytes of each id that are like those of the others: the first, since ids stand in order in a large
/// write, and the two that say which version and variant they are (RFC 9562). They are packed.
const ALIKE: [usize; 3] = [0, 6, 8];
/// How many of each id's bytes are packed, and how many stay as they are.
pub(super) const PACKED: usize = ALIKE.len();
pub(super) const PLAIN: usize = BYTES - PACKED;

/// The bytes of ids that are packed, the first of all, then the next; and all others.
pub(super) fn split(ids: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let ids = ids.as_chunks::<BYTES>().0;
    let alike = ALIKE.iter().flat_map(|at| ids.iter().filter_map(|id| id.get(*at).copied()));
    let others = ids.iter().flat_map(|id| id.iter().enumerate());
    let others = others.filter(|(at, _)| !ALIKE.contains(at)).map(|(_, byte)| *byte);
    (alike.collect(), others.collect())
}

/// The ids again; nothing where the two do not belong together.
pub(super) fn join(alike: &[u8], others: &[u8], count: usize) -> Option<Vec<u8>> {
    let mut ids = vec![[0; BYTES]; count];
    for (n, at) in ALIKE.iter().enumerate() {
        let first = n.checked_mul(count)?;
        let column = alike.get(first..first.checked_add(count)?)?;
        for (id, byte) in ids.iter_mut().zip(column) {
            *id.get_mut(*at)? = *byte;
        }
    }
    let mut others = others.iter();
    for id in &mut ids {
        let places = id.iter_mut().enumerate().filter(|(at, _)| !ALIKE.contains(at));
        for (_, place) in places {
            *place = *others.next()?;
        }
    }
    others.next().is_none().then(|| ids.concat())
}

/// Bytes without the ids that stood in them once.
pub(super) struct Apart {
    /// Their bytes, in the order they stood.
    pub(super) ids: Vec<u8>,
    /// For each of them how many bytes stand before it since the one before.
    pub(super) gaps: Vec<u8>,
    /// All other bytes.
    pub(super) others: Vec<u8>,
}

/// Takes the ids out that stand in it once: those that stand in it again are short already. Nothing
/// where a length does not fit.
pub(super) fn take_out(bytes: &[u8]) -> Option<Apart> {
    let found = find(bytes);
    let mut times: HashMap<[u8; BYTES], u8> = HashMap::with_capacity(found.len());
    for (_, id) in &found {
        let times = times.entry(*id).or_default();
        *times = times.saturating_add(1);
    }
    let (mut ids, mut gaps, mut others) = (Vec::new(), Vec::new(), Vec::new());
    let mut after = 0;
    for (at, id) in found.iter().filter(|(_, id)| times.get(id) == Some(&1)) {
        let between = bytes.get(after..*at)?;
        gaps.extend_from_slice(&u32::try_from(between.len()).ok()?.to_be_bytes());
        others.extend_from_slice(between);
        ids.extend_from_slice(id);
        after = at.checked_add(TEXT)?;
    }
    others.extend_from_slice(bytes.get(after..)?);
    Some(Apart { ids, gaps, others })
}

/// Puts them back; nothing where that does not come to exactly `length` bytes. The caller bounds it.
pub(super) fn put_back(
    ids: &[u8],
    gaps: &[u8],
    mut others: &[u8],
    length: usize,
) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(length);
    let mut ids = ids.as_chunks::<BYTES>().0.iter();
    for gap in gaps.as_chunks::<GAP>().0 {
        let gap = usize::try_from(u32::from_be_bytes(*gap)).ok()?;
        let (between, after) = others.split_at_checked(gap)?;
        out.extend_from_slice(between);
        write(*ids.next()?, &mut out);
        others = after;
    }
    out.extend_from_slice(others);
    (out.len() == length && ids.next().is_none()).then_some(out)
}

/// Where ids stand, from left to right, none within another.
fn find(bytes: &[u8]) -> Vec<(usize, [u8; BYTES])> {
    let (mut found, mut from) = (Vec::new(), 0_usize);
    let mut next = HYPHENS[0];
    while let Some(ahead) = bytes.get(next..).and_then(|rest| rest.iter().position(|b| *b == b'-'))
    {
        let hyphen = next.saturating_add(ahead);
        let at = hyphen.saturating_sub(HYPHENS[0]);
        let id = (at >= from).then(|| read(bytes.get(at..at.saturating_add(TEXT))?)).flatten();
        if let Some(id) = id {
            found.push((at, id));
            from = at.saturating_add(TEXT);
            next = from.saturating_add(HYPHENS[0]);
        } else {
            next = hyphen.saturating_add(1);
        }
    }
    found
}

/// Reads an id of 36 letters; nothing for anything that would be written in another way.
fn read(text: &[u8]) -> Option<[u8; BYTES]> {
    let mut id = [0; BYTES];
    let mut digits = 0_usize;
    for (at, letter) in text.iter().enumerate() {
        if HYPHENS.contains(&at) {
            if *letter != b'-' {
                return None;
            }
            continue;
        }
        let digit = match letter {
            b'0'..=b'9' => letter.wrapping_sub(b'0'),
            b'a'..=b'f' => letter.wrapping_sub(b'a').wrapping_add(10),
            _ => return None,
        };
        let byte = id.get_mut(digits / 2)?;
        *byte = (*byte << 4) | digit;
        digits = digits.saturating_add(1);
    }
    (digits == BYTES * 2).then_some(id)
}

/// Writes an id as 36 letters.
fn write(id: [u8; BYTES], out: &mut Vec<u8>) {
    let mut text = uuid::Uuid::encode_buffer();
    let id = uuid::Uuid::from_bytes(id);
    out.extend_from_slice(id.hyphenated().encode_lower(&mut text).as_bytes());
}
