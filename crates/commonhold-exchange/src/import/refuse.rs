//! Files that are not a table of text, recognised by their first bytes and named.

use super::{Error, MAX_FILE_BYTES};

/// How many bytes from the beginning are looked at.
const HEAD: usize = 64 * 1024;

const EXCEL: &str = "This is an Excel workbook; open it, save it as CSV and import that file.";
const OLD_EXCEL: &str =
    "This is an old Excel or Word file; open it, save it as CSV and import that file.";
const CALC: &str =
    "This is an OpenDocument spreadsheet; open it, save it as CSV and import that file.";
const ZIP: &str = "This is a ZIP archive; unpack it and import the files inside one by one.";
const GZIP: &str = "This is a gzip archive; unpack it and import the file inside.";
const PDF: &str = "This is a PDF document; export the same data as CSV and import that file.";
const IMAGE: &str = "This is a picture; export the data as CSV and import that file.";
const HTML: &str = "This is a web page, often the login page of a site; log in there, \
                    export the CSV again and import the new file.";
const XML: &str = "This is an XML file; if it is a bank's statement, choose the format camt or ofx, \
                   else export the same data as CSV and import that file.";
const JSON: &str = "This is a JSON file; export the same data as CSV and import that file.";
const UTF_16BE: &str =
    "This file is in big-endian UTF-16; save it as UTF-8 in a text editor and import it again.";
const BINARY: &str = "This is not a text file; export the data as CSV and import that file.";

/// Beginnings of files (from the formats' own specifications) and what they are.
const MAGIC: &[(&[u8], &str)] = &[
    (b"\xd0\xcf\x11\xe0", OLD_EXCEL),
    (b"\x1f\x8b", GZIP),
    (b"%PDF", PDF),
    (b"\x89PNG", IMAGE),
    (b"\xff\xd8\xff", IMAGE),
    (b"\xfe\xff", UTF_16BE),
];

/// Says what is wrong with a file that is empty, too large or no table of text.
pub(super) fn check(bytes: &[u8]) -> Result<(), Error> {
    check_text(bytes)?;
    match markup(bytes.get(..HEAD).unwrap_or(bytes)) {
        Some(sentence) => Err(Error::OtherFile(sentence)),
        None => Ok(()),
    }
}

/// Says what is wrong with a file that is empty, too large or no text.
pub(super) fn check_text(bytes: &[u8]) -> Result<(), Error> {
    check_size(bytes.len())?;
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(Error::OtherFile(zip_kind(bytes)));
    }
    for (magic, sentence) in MAGIC {
        if bytes.starts_with(magic) {
            return Err(Error::OtherFile(sentence));
        }
    }
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let nuls = head.iter().filter(|b| **b == 0).count();
    if nuls > head.len().div_euclid(100).max(8) && !is_utf_16le(bytes) {
        return Err(Error::OtherFile(BINARY));
    }
    Ok(())
}

/// Names a web page, which is what a site hands out when nobody is logged in.
pub(super) fn check_web_page(bytes: &[u8]) -> Result<(), Error> {
    match markup(bytes.get(..HEAD).unwrap_or(bytes)) {
        Some(sentence) if sentence == HTML => Err(Error::OtherFile(HTML)),
        _ => Ok(()),
    }
}

/// The size alone, so that the bound can be tested without such a file.
fn check_size(bytes: usize) -> Result<(), Error> {
    match bytes {
        0 => Err(Error::Empty),
        n if n > MAX_FILE_BYTES => Err(Error::TooLarge),
        _ => Ok(()),
    }
}

/// Whether the bytes are UTF-16 in little-endian order: a mark says so, or nearly every second
/// byte at the beginning is NUL.
pub(super) fn is_utf_16le(bytes: &[u8]) -> bool {
    let head = bytes.get(..4096).unwrap_or(bytes);
    let pairs = head.chunks_exact(2);
    let count = pairs.len();
    let western = pairs.filter(|pair| pair.first() != Some(&0) && pair.get(1) == Some(&0)).count();
    let nearly = western.saturating_mul(10) > count.saturating_mul(8);
    bytes.starts_with(b"\xff\xfe") || (count >= 4 && nearly)
}

fn zip_kind(bytes: &[u8]) -> &'static str {
    let head = bytes.get(..4096).unwrap_or(bytes);
    let has = |needle: &[u8]| head.windows(needle.len()).any(|part| part == needle);
    if has(b"opendocument.spreadsheet") {
        CALC
    } else if has(b"xl/") || has(b"[Content_Types].xml") {
        EXCEL
    } else {
        ZIP
    }
}

/// A web page, XML or JSON by how the text begins.
fn markup(head: &[u8]) -> Option<&'static str> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let start = head.get(..64).unwrap_or(head).to_ascii_lowercase();
    let begins = |mark: &[u8]| start.starts_with(mark);
    let after_brace = || start.get(1..).unwrap_or(&[]).trim_ascii_start().first().copied();
    if begins(b"<!doctype") || begins(b"<html") || begins(b"<head") || begins(b"<!--") {
        Some(HTML)
    } else if begins(b"<?xml") || begins(b"<document") {
        Some(XML)
    } else if (begins(b"{") && matches!(after_brace(), Some(b'"' | b'}')))
        || (begins(b"[") && matches!(after_brace(), Some(b'{' | b']')))
    {
        Some(JSON)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_files_are_named() {
        for (bytes, word) in [
            (&b"PK\x03\x04\x14\0xl/workbook.xml"[..], "Excel"),
            (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "OpenDocument"),
            (b"PK\x03\x04readme.txt", "ZIP"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
            (b"%PDF-1.7", "PDF"),
            (b"\x1f\x8b\x08", "gzip"),
            (b"\x89PNG\r\n", "picture"),
            (b"\xfe\xff\0D", "big-endian"),
            (b"\xef\xbb\xbf \r\n<!DOCTYPE html><title>Sign in", "log in"),
            (b"<?xml version=\"1.0\"?>", "XML"),
            (b"{\"a\": 1}", "JSON"),
            (b"[ {", "JSON"),
            (&[0; 100], "not a text file"),
        ] {
            let sentence = check(bytes).unwrap_err().to_string();
            assert!(sentence.contains(word), "{sentence}");
            assert!(sentence.ends_with('.'), "{sentence}");
        }
    }

    #[test]
    fn sizes_have_bounds_and_texts_pass() {
        assert_eq!(check(b""), Err(Error::Empty));
        assert_eq!(check_size(MAX_FILE_BYTES), Ok(()));
        assert_eq!(check_size(MAX_FILE_BYTES + 1), Err(Error::TooLarge));
        assert_eq!(check(b"Date,Amount\n"), Ok(()));
        assert_eq!(check(b"[Date],{x}\n"), Ok(()));
        assert_eq!(check(b"\xff\xfeD\0a\0"), Ok(()));
        assert_eq!(check(b"D\0a\0t\0e\0;\0"), Ok(()));
    }
}
