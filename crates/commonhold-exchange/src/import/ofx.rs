//! Placeholder

use super::{Error, Reading};

/// The format's name in the window and on the command line.
pub const FORMAT: &str = "ofx";

/// Reads.
///
/// # Errors
/// Always.
pub fn read(_bytes: &[u8]) -> Result<Reading, Error> {
    Err(Error::UnknownFormat(FORMAT.into()))
}
