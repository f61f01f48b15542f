//! The same for a whole document as it was saved: a few hundred bytes that claim more operations
//! than anyone could count would keep the library busy for ever.

use super::{CHANGE, COMPRESSED, Checked, DAMAGED, DEFLATE, MAGIC, MAX_ACTOR, Most, Reader};
use super::{TOO_MUCH, column};
use std::io::Read;

/// The type of a chunk that holds a whole document.
const DOCUMENT: u8 = 0;
/// What a document may claim: our own are many times smaller.
const MOST: Most = Most { items: 20_000_000, repeated: 256_000_000 };
/// Most items in all columns together.
const MAX_ITEMS: u64 = 80_000_000;
/// Most actors and heads, and most columns of each sort.
const MAX_LISTED: u64 = 100_000;
/// Most bytes a compressed column may unpack to.
const MAX_UNPACKED: u64 = 256 << 20;

/// Whether bytes are one saved document that claims no more than a document may. They may still
/// be damaged in ways that do no harm; the library finds those.
pub(in crate::document) fn check_document(bytes: &[u8]) -> Result<(), &'static str> {
    let mut chunk = Reader(bytes);
    if chunk.take(4)? != MAGIC {
        return Err(DAMAGED);
    }
    chunk.take(4)?; // the checksum: compared by the library
    match chunk.byte()? {
        DOCUMENT => {}
        CHANGE | COMPRESSED => return Err("it is a change, not a document"),
        _ => return Err(DAMAGED),
    }
    let length = chunk.unsigned()?;
    if usize::try_from(length) != Ok(chunk.0.len()) {
        return Err(DAMAGED);
    }
    for _ in 0..chunk.limited(MAX_LISTED)? {
        chunk.prefixed(MAX_ACTOR)?;
    }
    for _ in 0..chunk.limited(MAX_LISTED)? {
        chunk.take(32)?; // a head
    }
    let (changes, operations) = (listed(&mut chunk)?, listed(&mut chunk)?);
    let (mut unpacked, mut items) = (MAX_UNPACKED, 0);
    for (spec, length) in changes.into_iter().chain(operations) {
        let data = chunk.take(length)?;
        let claimed = if spec & DEFLATE == 0 {
            column(spec, data, &MOST)?
        } else {
            let data = inflate(data, unpacked)?;
            unpacked = unpacked.saturating_sub(u64::try_from(data.len()).unwrap_or(u64::MAX));
            column(spec & !DEFLATE, &data, &MOST)?
        };
        items = super::total(items, claimed, MAX_ITEMS)?;
    }
    Ok(())
}

/// The columns that follow: what each holds and its length.
fn listed(chunk: &mut Reader<'_>) -> Checked<Vec<(u32, u64)>> {
    let mut listed = Vec::new();
    for _ in 0..chunk.limited(super::MAX_COLUMNS)? {
        let spec = u32::try_from(chunk.unsigned()?).map_err(|_| DAMAGED)?;
        listed.push((spec, chunk.unsigned()?));
    }
    Ok(listed)
}

fn inflate(data: &[u8], most: u64) -> Checked<Vec<u8>> {
    let mut out = Vec::new();
    let decoder = flate2::read::DeflateDecoder::new(data);
    decoder.take(most.saturating_add(1)).read_to_end(&mut out).map_err(|_| DAMAGED)?;
    let fits = u64::try_from(out.len()).is_ok_and(|length| length <= most);
    if fits { Ok(out) } else { Err(TOO_MUCH) }
}
