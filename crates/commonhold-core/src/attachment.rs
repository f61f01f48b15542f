//! What is said of a file that records name by its SHA-256: how large it may be, how it is cut into
//! parts, and what kind of file it is. What kind is told by its bytes alone, so it is the same on
//! every device and nobody can claim that a program is a picture.

use crate::packed;
use std::borrow::Cow;

/// Largest attachment, in bytes.
pub const MAX_BYTES: usize = 20 << 20;
/// Bytes of one part; the last part of a file has what is left.
pub const PART_BYTES: usize = 1 << 20;

/// How many parts a file of so many bytes has; an empty file has one empty part. Nothing when it is
/// larger than an attachment may be.
pub fn parts(size: u64) -> Option<u32> {
    let size = usize::try_from(size).ok().filter(|size| *size <= MAX_BYTES)?;
    u32::try_from(size.div_ceil(PART_BYTES).max(1)).ok()
}

/// How many bytes a part of a file of so many bytes has; nothing when it has no such part.
pub fn part_length(size: u64, part: u32) -> Option<usize> {
    if part >= parts(size)? {
        return None;
    }
    let before = usize::try_from(part).ok()?.checked_mul(PART_BYTES)?;
    Some(usize::try_from(size).ok()?.checked_sub(before)?.min(PART_BYTES))
}

/// A part of an attachment as it is kept and travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The size of the whole, as it says.
    pub size: u64,
    /// Which part it is, from 0.
    pub number: u32,
    /// Its bytes, as they are kept and travel.
    pub bytes: Vec<u8>,
    /// Whether they are packed.
    pub packed: bool,
}

impl Part {
    /// A part of a file of so many bytes: packed where that makes it shorter by a sixteenth.
    pub fn of(size: u64, number: u32, plain: &[u8]) -> Self {
        let most = plain.len().saturating_sub(plain.len() / 16);
        match packed::pack(plain).filter(|packed| packed.len() < most) {
            Some(bytes) => Self { size, number, bytes, packed: true },
            None => Self { size, number, bytes: plain.to_vec(), packed: false },
        }
    }

    /// What of the file it is; nothing when it is no part of a file of that size.
    pub fn plain(&self) -> Option<Cow<'_, [u8]>> {
        let length = part_length(self.size, self.number)?;
        match self.packed {
            true if self.bytes.len() >= length => None,
            true => packed::unpack(&self.bytes, length).map(Cow::Owned),
            false => (self.bytes.len() == length).then_some(Cow::Borrowed(&self.bytes)),
        }
    }
}

/// How files of a kind begin, its media type (RFC 6838), the usual ending of their names.
const KINDS: &[(&[u8], &str, &str)] = &[
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"GIF87a", "image/gif", "gif"),
    (b"GIF89a", "image/gif", "gif"),
    (b"II*\0", "image/tiff", "tif"),
    (b"MM\0*", "image/tiff", "tif"),
    (b"PK\x03\x04", "application/zip", "zip"),
    (b"\x1f\x8b", "application/gzip", "gz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd", "zst"),
];

/// What lies at byte 30 of an OpenDocument file, a ZIP whose first entry says what it is.
const OPEN_DOCUMENTS: &[(&str, &str)] = &[
    ("application/vnd.oasis.opendocument.text", "odt"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ("application/vnd.oasis.opendocument.presentation", "odp"),
];

/// Media type (RFC 6838) and usual ending of a file, by its bytes: a guess for people and programs.
pub fn kind_of(bytes: &[u8]) -> (&'static str, &'static str) {
    if bytes.starts_with(b"PK\x03\x04") {
        let inside = bytes.get(30..).and_then(|rest| rest.strip_prefix(b"mimetype"));
        let open = OPEN_DOCUMENTS
            .iter()
            .find(|(name, _)| inside.is_some_and(|rest| rest.starts_with(name.as_bytes())));
        if let Some(found) = open {
            return *found;
        }
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return ("image/webp", "webp");
    }
    if let Some((_, media_type, ending)) = KINDS.iter().find(|(first, ..)| bytes.starts_with(first))
    {
        return (media_type, ending);
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return ("application/octet-stream", "bin");
    };
    if text.contains('\0') {
        return ("application/octet-stream", "bin");
    }
    let text = text.trim_start_matches('\u{feff}').trim_start();
    match text {
        _ if text.starts_with("<svg") => ("image/svg+xml", "svg"),
        _ if text.starts_with("<?xml") => ("application/xml", "xml"),
        _ => ("text/plain", "txt"),
    }
}

/// The usual ending of files of a media type [`kind_of`] may give.
pub fn ending(media_type: &str) -> &'static str {
    let kinds = KINDS.iter().map(|(_, media_type, ending)| (*media_type, *ending));
    let others = [
        ("image/webp", "webp"),
        ("image/svg+xml", "svg"),
        ("application/xml", "xml"),
        ("text/plain", "txt"),
    ];
    let mut all = kinds.chain(OPEN_DOCUMENTS.iter().copied()).chain(others);
    all.find(|(known, _)| *known == media_type).map_or("bin", |(_, ending)| ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_a_file_and_nothing_more() {
        let part = PART_BYTES as u64;
        for size in [0, 1, part - 1, part, part + 1, 3 * part, MAX_BYTES as u64] {
            let count = parts(size).unwrap();
            let lengths: Vec<u64> =
                (0..count).map(|n| part_length(size, n).unwrap() as u64).collect();
            assert_eq!(lengths.iter().sum::<u64>(), size);
            assert!(lengths.iter().rev().skip(1).all(|length| *length == part), "{size}");
            assert_eq!(part_length(size, count), None);
        }
        assert_eq!(parts(MAX_BYTES as u64 + 1), None);
        assert_eq!(part_length(u64::MAX, 0), None);
    }

    #[test]
    fn a_part_is_packed_where_that_makes_it_shorter() {
        let text = b"2026-03-04;Hetzner;12.00 EUR\n".repeat(2000);
        let mut chance = vec![0; 5000];
        blake3::Hasher::new().finalize_xof().fill(&mut chance);
        for (plain, packs) in [(text, true), (chance, false), (b"a receipt".to_vec(), false)] {
            let part = Part::of(plain.len() as u64, 0, &plain);
            assert_eq!((part.packed, part.bytes.len() < plain.len()), (packs, packs));
            assert_eq!(part.plain().unwrap(), plain);
            let short = Part { size: part.size - 1, ..part.clone() };
            let other = Part { packed: !packs, ..part.clone() };
            let beyond = Part { number: 1, ..part };
            assert!([short, other, beyond].iter().all(|part| part.plain().is_none()));
        }
        // Packed to more than it is would be a way to send more than a part.
        let mut longer = packed::pack(b"").unwrap();
        longer.extend([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]); // a frame that is skipped
        let part = Part { size: 3, number: 0, bytes: longer, packed: true };
        assert_eq!(part.plain(), None);
        assert_eq!(Part::of(0, 0, b"").plain().unwrap(), b"".as_slice());
    }

    #[test]
    fn bytes_say_what_a_file_is() {
        let odt =
            [&b"PK\x03\x04"[..], &[0; 26], b"mimetypeapplication/vnd.oasis.opendocument.text"];
        for (bytes, kind) in [
            (&b"%PDF-1.7 ..."[..], ("application/pdf", "pdf")),
            (b"\xff\xd8\xff\xe0", ("image/jpeg", "jpg")),
            (b"RIFF\0\0\0\0WEBPVP8 ", ("image/webp", "webp")),
            (b"\xef\xbb\xbf<?xml version=\"1.0\"?>", ("application/xml", "xml")),
            (b"Date;Amount\n1;2\n", ("text/plain", "txt")),
            (b"", ("text/plain", "txt")),
            (b"\xfe\xed", ("application/octet-stream", "bin")),
            (b"a\0b", ("application/octet-stream", "bin")),
            (&odt.concat(), ("application/vnd.oasis.opendocument.text", "odt")),
        ] {
            assert_eq!(kind_of(bytes), kind, "{bytes:?}");
            assert_eq!(ending(kind.0), kind.1);
        }
    }
}
