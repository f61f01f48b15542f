//! Placeholder

use super::{Error, Reading};

/// The format's name in the window and on the command line.
pub const FORMAT: &str = "stripe";

/// Reads.
///
/// # Errors
/// Always.
pub fn read(_bytes: &[u8]) -> Result<Reading, Error> {
    Err(Error::UnknownFormat(FORMAT.into()))
}

/// Whether a header, folded, is that of a balance history or an itemized report.
pub(super) fn is_header(columns: &[String]) -> bool {
    let has = |name: &str| columns.iter().any(|column| column == name);
    let itemized = has("balance_transaction_id") && has("net");
    itemized || (has("id") && has("net") && has("fee") && (has("created (utc)") || has("source")))
}
