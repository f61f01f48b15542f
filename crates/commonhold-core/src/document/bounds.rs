//! What a change from outside may claim, checked before the library reads it: a few hundred bytes
//! can claim more operations than anyone could ever count, or unpack into gigabytes, and the
//! library would try. This walks over the runs without unfolding them, so it takes no longer than
//! reading the bytes once.

mod whole;

pub(super) use whole::check_document;

/// How every chunk begins.
const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// The type of a chunk that holds one change as it is.
const CHANGE: u8 = 1;
/// The type of a chunk that holds one change compressed.
const COMPRESSED: u8 = 2;
/// What a change may claim.
const MOST: Most = Most { items: 1_000_000, repeated: 64_000_000 };
/// Most changes one change may depend on, and most other actors it may name.
const MAX_NAMED: u64 = 1000;
/// Longest name of an actor, in bytes.
const MAX_ACTOR: u64 = 64;
/// Longest message, in bytes.
const MAX_MESSAGE: u64 = 10_000;
/// Most columns.
const MAX_COLUMNS: u64 = 64;
/// The bit of a column's specification that says it is compressed.
const DEFLATE: u32 = 0x08;

const DAMAGED: &str = "a change is damaged";
const NOT_PLAIN: &str = "a change is not in its plain form";
const TOO_MUCH: &str = "a change claims to hold more than a change may";

type Checked<T> = Result<T, &'static str>;

/// The most a column may claim.
struct Most {
    /// Items in one run, and in all.
    items: u64,
    /// Bytes that repeated texts come to: the library writes out each copy.
    repeated: u64,
}

/// Whether bytes are one uncompressed change that claims no more than a change may. They may still
/// be damaged in ways that do no harm; the library finds those.
pub(super) fn check(part: &[u8]) -> Result<(), &'static str> {
    let mut chunk = Reader(part);
    if chunk.take(4)? != MAGIC {
        return Err(DAMAGED);
    }
    chunk.take(4)?; // the checksum: compared by the library
    match chunk.byte()? {
        CHANGE => {}
        COMPRESSED => return Err(NOT_PLAIN),
        _ => return Err(DAMAGED),
    }
    let length = chunk.unsigned()?;
    if usize::try_from(length) != Ok(chunk.0.len()) {
        return Err(DAMAGED);
    }
    header(&mut chunk)?;
    columns(&mut chunk)
}

/// Reads everything before the columns.
fn header(chunk: &mut Reader<'_>) -> Checked<()> {
    for _ in 0..chunk.limited(MAX_NAMED)? {
        chunk.take(32)?; // the hash of a change it depends on
    }
    chunk.prefixed(MAX_ACTOR)?;
    chunk.unsigned()?; // its number among the actor's changes
    chunk.unsigned()?; // the number of its first operation
    chunk.signed()?; // the time
    chunk.prefixed(MAX_MESSAGE)?;
    for _ in 0..chunk.limited(MAX_NAMED)? {
        chunk.prefixed(MAX_ACTOR)?;
    }
    Ok(())
}

/// Reads the list of columns and then each of them. What follows them is not read.
fn columns(chunk: &mut Reader<'_>) -> Checked<()> {
    let mut listed = Vec::new();
    for _ in 0..chunk.limited(MAX_COLUMNS)? {
        let spec = u32::try_from(chunk.unsigned()?).map_err(|_| DAMAGED)?;
        if spec & DEFLATE != 0 {
            return Err(NOT_PLAIN);
        }
        listed.push((spec, chunk.unsigned()?));
    }
    for (spec, length) in listed {
        column(spec, chunk.take(length)?, &MOST)?;
    }
    Ok(())
}

/// Reads one column; answers how many items it claims.
fn column(spec: u32, data: &[u8], most: &Most) -> Checked<u64> {
    let data = Reader(data);
    match spec & 0b111 {
        3 => runs(data, most, |item| item.signed().map(|_| 0)),
        4 => booleans(data, most),
        5 => runs(data, most, |item| item.prefixed(u64::MAX).map(<[u8]>::len)),
        7 => Ok(0), // the values' raw bytes: as many as there are
        _ => runs(data, most, |item| item.unsigned().map(|_| 0)),
    }
}

/// Reads a column of runs: so many times one value, so many values, or so many nothings. A value
/// is read by a function that says how long its text is.
fn runs(
    mut data: Reader<'_>,
    most: &Most,
    value: fn(&mut Reader<'_>) -> Checked<usize>,
) -> Checked<u64> {
    let (mut items, mut repeated) = (0, 0);
    while !data.0.is_empty() {
        let count = data.signed()?;
        let run = match count {
            0 => data.unsigned()?,
            _ => count.unsigned_abs(),
        };
        items = total(items, run, most.items)?;
        if count > 0 {
            let length = u64::try_from(value(&mut data)?).map_err(|_| TOO_MUCH)?;
            repeated = total(repeated, run.saturating_mul(length), most.repeated)?;
        } else if count < 0 {
            for _ in 0..run {
                value(&mut data)?;
            }
        }
    }
    Ok(items)
}

/// Reads a column of yes and no: so many no, so many yes, and so on.
fn booleans(mut data: Reader<'_>, most: &Most) -> Checked<u64> {
    let mut items = 0;
    while !data.0.is_empty() {
        items = total(items, data.unsigned()?, most.items)?;
    }
    Ok(items)
}

/// A sum, if it is not too large.
fn total(sum: u64, more: u64, most: u64) -> Checked<u64> {
    let sum = sum.checked_add(more).filter(|sum| *sum <= most);
    sum.ok_or(TOO_MUCH)
}

/// The bytes not read yet.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: u64) -> Checked<&'a [u8]> {
        let length = usize::try_from(length).map_err(|_| DAMAGED)?;
        let (taken, rest) = self.0.split_at_checked(length).ok_or(DAMAGED)?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Checked<u8> {
        let (first, rest) = self.0.split_first().ok_or(DAMAGED)?;
        self.0 = rest;
        Ok(*first)
    }

    /// The bits of a number of at most 64 bits (LEB128), how many its bytes hold, and the last
    /// byte.
    fn number(&mut self) -> Checked<(u64, u32, u8)> {
        let mut bits = 0;
        for shift in (0..=63_u32).step_by(7) {
            let byte = self.byte()?;
            bits |= u64::from(byte & 0x7f).wrapping_shl(shift);
            if byte & 0x80 == 0 {
                return Ok((bits, shift.saturating_add(7), byte));
            }
        }
        Err(DAMAGED)
    }

    fn unsigned(&mut self) -> Checked<u64> {
        match self.number()? {
            (_, 70, 2..) => Err(DAMAGED),
            (bits, ..) => Ok(bits),
        }
    }

    fn signed(&mut self) -> Checked<i64> {
        match self.number()? {
            (bits, 70, 0 | 0x7f) => Ok(bits.cast_signed()),
            (_, 70, _) => Err(DAMAGED),
            (bits, held, last) if last & 0x40 != 0 => {
                Ok((bits | u64::MAX.wrapping_shl(held)).cast_signed())
            }
            (bits, ..) => Ok(bits.cast_signed()),
        }
    }

    /// A number that may not be larger than something.
    fn limited(&mut self, most: u64) -> Checked<u64> {
        match self.unsigned()? {
            number if number <= most => Ok(number),
            _ => Err(TOO_MUCH),
        }
    }

    /// Bytes with their length before them.
    fn prefixed(&mut self, most: u64) -> Checked<&'a [u8]> {
        let length = self.limited(most)?;
        self.take(length)
    }
}

#[cfg(test)]
mod tests;
