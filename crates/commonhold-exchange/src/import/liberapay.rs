//! Placeholder

use super::{Error, Reading};

/// The format's name in the window and on the command line.
pub const FORMAT: &str = "liberapay";

/// Reads.
///
/// # Errors
/// Always.
pub fn read(_bytes: &[u8]) -> Result<Reading, Error> {
    Err(Error::UnknownFormat(FORMAT.into()))
}

/// Whether a header, folded, is that of a list of patrons.
pub(super) fn is_header(columns: &[String]) -> bool {
    let has = |name: &str| columns.iter().any(|column| column == name);
    has("patron_id") && has("weekly_amount")
}
