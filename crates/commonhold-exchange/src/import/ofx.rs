//! OFX and QFX files: 1.x, written in SGML without closing tags, and 2.x in XML, both as banks
//! really write them. Statements of bank accounts and credit cards are read, investments are not.

mod sgml;
mod walk;

use super::{Error, Reading, refuse};
use walk::Walk;

/// The format's name in the window and on the command line.
pub const FORMAT: &str = "ofx";

/// Reads a file with the statements of one or more accounts.
///
/// # Errors
/// When the file is no OFX file, or holds no statement of a bank account or card; the sentence says
/// what it holds instead.
pub fn read(bytes: &[u8]) -> Result<Reading, Error> {
    refuse::check_text(bytes)?;
    refuse::check_web_page(bytes)?;
    let text = decode(bytes);
    let mut walk = Walk::new(&text);
    sgml::tokens(&text, &mut |token| walk.take(token))?;
    walk.finish()
}

/// As UTF-8 if it is; else by the header's `CHARSET`, which names a Windows code page.
fn decode(bytes: &[u8]) -> String {
    let utf8 = super::rows::decode(bytes, super::csv::guess::encoding(bytes));
    if !utf8.damaged && std::str::from_utf8(bytes).is_ok() {
        return utf8.text.into_owned();
    }
    let head = String::from_utf8_lossy(bytes.get(..500).unwrap_or(bytes)).into_owned();
    let label = head
        .split_once("CHARSET:")
        .map(|(_, rest)| rest.trim_start().chars().take_while(char::is_ascii_alphanumeric))
        .map(|label| format!("windows-{}", label.collect::<String>()));
    match label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes())) {
        Some(encoding) => encoding.decode(bytes).0.into_owned(),
        None => utf8.text.into_owned(),
    }
}

#[cfg(test)]
mod tests;
