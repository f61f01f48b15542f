//! Which format a file is of, by its content.

use super::rows::{Rows, decode};
use super::text::fold;
use super::{
    Encoding, FORMATS, Separator, camt, csv, github_sponsors, liberapay, mt940, ofx,
    open_collective, paypal, refuse, stripe,
};

/// How many bytes from the beginning are looked at.
const HEAD: usize = 64 * 1024;
/// Endings of file names that name a format; asked only where the content says nothing.
const ENDINGS: &[(&str, &str)] = &[
    ("ofx", ofx::FORMAT),
    ("qfx", ofx::FORMAT),
    ("qbo", ofx::FORMAT),
    ("sta", mt940::FORMAT),
    ("940", mt940::FORMAT),
    ("mt940", mt940::FORMAT),
    ("xml", camt::FORMAT),
    ("csv", csv::FORMAT),
    ("tsv", csv::FORMAT),
];

/// The format of a dropped file, one of [`FORMATS`], by its content; where that says nothing, by
/// the ending of its name; any other text of several columns is `csv`. Nothing when it is none.
///
/// That a format is named does not mean the file can be read: [`super::read`] says what is wrong.
pub fn detect(bytes: &[u8], file_name: &str) -> Option<&'static str> {
    refuse::check_text(bytes).ok()?;
    let encoding = csv::guess::encoding(bytes);
    let mut head = bytes.get(..HEAD).unwrap_or(bytes);
    if encoding == Encoding::Utf16Le && head.len() % 2 == 1 {
        head = head.get(..head.len().saturating_sub(1)).unwrap_or(head);
    }
    let text = decode(head, encoding).text;
    by_content(&text).or_else(|| by_name(file_name)).or_else(|| separated(&text))
}

fn by_content(text: &str) -> Option<&'static str> {
    let start = text.trim_start();
    let upper = start.get(..start.len().min(4096)).unwrap_or(start).to_ascii_uppercase();
    if upper.starts_with("OFXHEADER") || upper.contains("<OFX>") || upper.contains("<?OFX") {
        return Some(ofx::FORMAT);
    }
    let camt = ["BkToCstmrStmt", "BkToCstmrAcctRpt", "BkToCstmrDbtCdtNtfctn", ":camt.05"];
    if start.starts_with('<') {
        return camt.iter().any(|mark| start.contains(mark)).then_some(camt::FORMAT);
    }
    if start.starts_with('{') && ["\"npatrons\"", "\"receiving\""].iter().all(|k| start.contains(k))
    {
        return Some(liberapay::FORMAT);
    }
    if mt940::is_start(text) {
        return Some(mt940::FORMAT);
    }
    by_header(text)
}

/// By the first row that is not blank, under each separator.
fn by_header(text: &str) -> Option<&'static str> {
    for separator in Separator::ALL {
        let mut rows = Rows::new(text, separator.byte(), 0);
        let Ok(Some(row)) = rows.next() else { continue };
        let columns: Vec<String> = row.fields.iter().map(|name| name.trim().to_owned()).collect();
        if open_collective::is_header(&columns) {
            return Some(open_collective::FORMAT);
        }
        let folded: Vec<String> = columns.iter().map(|name| fold(name)).collect();
        let known = [
            (stripe::FORMAT, stripe::is_header(&folded)),
            (paypal::FORMAT, paypal::is_header(&folded)),
            (liberapay::FORMAT, liberapay::is_header(&folded)),
            (github_sponsors::FORMAT, github_sponsors::is_header(&folded)),
        ];
        if let Some((format, _)) = known.into_iter().find(|(_, is)| *is) {
            return Some(format);
        }
    }
    None
}

fn by_name(file_name: &str) -> Option<&'static str> {
    let (_, ending) = file_name.rsplit_once('.')?;
    let ending = ending.to_ascii_lowercase();
    let (_, format) = ENDINGS.iter().find(|(known, _)| *known == ending)?;
    FORMATS.iter().find(|known| *known == format).copied()
}

/// Whether the text is a table: some row of it has several columns.
fn separated(text: &str) -> Option<&'static str> {
    if refuse::check(text.as_bytes()).is_err() {
        return None;
    }
    for separator in Separator::ALL {
        let mut rows = Rows::new(text, separator.byte(), 0);
        for _ in 0..50 {
            match rows.next() {
                Ok(Some(row)) if row.fields.len() > 2 => return Some(csv::FORMAT),
                Ok(Some(_)) => {}
                _ => break,
            }
        }
    }
    None
}
