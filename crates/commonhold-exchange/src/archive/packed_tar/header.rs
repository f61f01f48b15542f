//! Headers of a tar: POSIX ustar as it is written here, and what GNU tar and pax put before names
//! that are long.

use super::super::Error;
use super::super::limits::shown;
use commonhold_core::date::Time;
use std::io::{self, Read};

/// A tar is made of blocks of so many bytes.
pub(super) const BLOCK: usize = 512;
/// Longest extra header that is read.
const MAX_EXTRA: u64 = 64 << 10;
/// Most headers without a file that may follow each other.
const MAX_OTHERS: u32 = 100_000;

/// A file in a tar.
pub(super) struct Member {
    pub path: String,
    pub bytes: u64,
}

/// What comes next in a tar.
pub(super) enum Next {
    File(Member),
    End,
}

/// Why a header is none.
pub(super) enum Trouble {
    Unreadable,
    Odd(&'static str),
}

impl From<io::Error> for Trouble {
    fn from(_: io::Error) -> Self {
        Self::Unreadable
    }
}

/// Trouble in words, with the file before it.
pub(super) fn told(trouble: Trouble, last: &str) -> Error {
    match trouble {
        Trouble::Unreadable if last.is_empty() => {
            Error::Foreign("the packed file holds no tar.".into())
        }
        Trouble::Unreadable => {
            Error::Damaged(format!("it cannot be unpacked beyond “{}”.", shown(last)))
        }
        Trouble::Odd(what) => Error::Refused(format!("it holds {what}, no plain file.")),
    }
}

fn put(block: &mut [u8; BLOCK], at: usize, bytes: &[u8]) {
    for (place, byte) in block.iter_mut().skip(at).zip(bytes) {
        *place = *byte;
    }
}

/// The header of a file; nothing where its path does not fit.
pub(super) fn write(path: &str, bytes: u64, written: Time) -> Option<[u8; BLOCK]> {
    let (prefix, name) = if path.len() <= 100 {
        ("", path)
    } else {
        let fits = |(at, _): &(usize, &str)| *at <= 155 && path.len().saturating_sub(*at) <= 101;
        let (at, _) = path.match_indices('/').find(fits)?;
        (path.get(..at)?, path.get(at.saturating_add(1)..)?)
    };
    let mut block = [0; BLOCK];
    put(&mut block, 0, name.as_bytes());
    put(&mut block, 100, b"0000644\0");
    put(&mut block, 108, b"0000000\0");
    put(&mut block, 116, b"0000000\0");
    put(&mut block, 124, format!("{bytes:011o}\0").as_bytes());
    let seconds = written.0.div_euclid(1000).clamp(0, 0o77_777_777_777);
    put(&mut block, 136, format!("{seconds:011o}\0").as_bytes());
    put(&mut block, 148, b"        ");
    put(&mut block, 156, b"0");
    put(&mut block, 257, b"ustar\x0000");
    put(&mut block, 345, prefix.as_bytes());
    let sum = format!("{:06o}\0 ", sum_of(&block));
    put(&mut block, 148, sum.as_bytes());
    (bytes < 1 << 33).then_some(block)
}

/// The sum over a header, its own place taken for spaces.
fn sum_of(block: &[u8; BLOCK]) -> u64 {
    block.iter().enumerate().fold(0_u64, |sum, (at, byte)| {
        let byte = if (148..156).contains(&at) { b' ' } else { *byte };
        sum.saturating_add(u64::from(byte))
    })
}

fn padded(bytes: u64) -> usize {
    let over = usize::try_from(bytes % 512).unwrap_or(0);
    if over == 0 { 0 } else { BLOCK.saturating_sub(over) }
}

/// The zeros behind a file's content.
pub(super) fn padding(bytes: u64) -> Vec<u8> {
    vec![0; padded(bytes)]
}

/// Reads over the zeros behind a file's content.
pub(super) fn skip_padding(from: &mut impl Read, bytes: u64) -> bool {
    from.read_exact(&mut vec![0; padded(bytes)]).is_ok()
}

fn text(bytes: &[u8]) -> Result<String, Trouble> {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let bytes = bytes.get(..end).unwrap_or_default();
    String::from_utf8(bytes.to_vec()).map_err(|_| Trouble::Odd("a name that is not UTF-8"))
}

fn octal(bytes: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(bytes).ok()?.trim_matches([' ', '\0']);
    u64::from_str_radix(text, 8).ok()
}

/// The path in a pax header: lines of `length path=value`.
fn pax_path(text: &str) -> Option<String> {
    let mut lines = text.split('\n').filter_map(|line| line.split_once(" path="));
    lines.next_back().map(|(_, path)| path.to_owned())
}

/// Reads to the next file.
pub(super) fn next(from: &mut impl Read) -> Result<Next, Trouble> {
    let mut long = None;
    for _ in 0..MAX_OTHERS {
        let mut block = [0; BLOCK];
        from.read_exact(&mut block)?;
        if block.iter().all(|byte| *byte == 0) {
            return Ok(Next::End);
        }
        let field = |from: usize, to: usize| block.get(from..to).unwrap_or_default();
        let bytes = octal(field(124, 136)).ok_or(Trouble::Unreadable)?;
        if octal(field(148, 156)) != Some(sum_of(&block)) {
            return Err(Trouble::Unreadable);
        }
        match field(156, 157) {
            b"0" | b"\0" => {
                let (prefix, name) = (text(field(345, 500))?, text(field(0, 100))?);
                let ustar = field(257, 263) == b"ustar\0" && !prefix.is_empty();
                let plain = if ustar { format!("{prefix}/{name}") } else { name };
                let path = long.unwrap_or(plain);
                let path = path.strip_prefix("./").map(str::to_owned).unwrap_or(path);
                return Ok(Next::File(Member { path, bytes }));
            }
            b"5" => long = None,
            kind @ (b"L" | b"x" | b"g") => {
                if bytes > MAX_EXTRA {
                    return Err(Trouble::Odd("a header that is too long"));
                }
                let mut extra = vec![0; usize::try_from(bytes).unwrap_or(0)];
                from.read_exact(&mut extra)?;
                if !skip_padding(from, bytes) {
                    return Err(Trouble::Unreadable);
                }
                match kind {
                    b"L" => long = Some(text(&extra)?),
                    b"x" => long = pax_path(&text(&extra)?),
                    _ => {}
                }
            }
            _ => return Err(Trouble::Odd("a link or device")),
        }
    }
    Err(Trouble::Unreadable)
}
