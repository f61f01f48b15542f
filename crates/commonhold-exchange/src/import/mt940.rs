//! Placeholder

use super::{Error, Reading};

/// The format's name in the window and on the command line.
pub const FORMAT: &str = "mt940";

/// Reads.
///
/// # Errors
/// Always.
pub fn read(_bytes: &[u8]) -> Result<Reading, Error> {
    Err(Error::UnknownFormat(FORMAT.into()))
}

/// Whether a text begins as a statement does: a line `:20:` and one of `:25:`, `:60F:`, `:61:`.
pub(super) fn is_start(text: &str) -> bool {
    let has = |tag: &str| text.lines().any(|line| line.trim_start().starts_with(tag));
    has(":20:") && [":25", ":60", ":61:", ":62"].iter().any(|tag| has(tag))
}
