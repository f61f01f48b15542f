//! Placeholder

use super::{Error, Reading};

/// The format's name in the window and on the command line.
pub const FORMAT: &str = "paypal";

/// Reads.
///
/// # Errors
/// Always.
pub fn read(_bytes: &[u8]) -> Result<Reading, Error> {
    Err(Error::UnknownFormat(FORMAT.into()))
}

/// Whether a header, folded, is that of an activity report.
pub(super) fn is_header(columns: &[String]) -> bool {
    let has = |names: &[&str]| columns.iter().any(|column| names.contains(&column.as_str()));
    has(&["transaction id", "transaktionscode"])
        && has(&["net", "netto"])
        && has(&["gross", "brutto"])
}
