//! Liberapay's exports, none of which holds movements of money: they are named and refused, with
//! what to import instead.

use super::platform;
use super::{Error, Reading, refuse};

/// The format's name in the window and on the command line.
pub const FORMAT: &str = "liberapay";

const PATRONS: &str = "This is Liberapay's list of patrons: it says who promised how much a week, \
    not which payments came. Liberapay pays through Stripe and PayPal; import their files, or the \
    bank's statement.";
const PROFILE: &str = "This is the public status of a Liberapay profile: it says what is promised \
    a week, not which payments came. Liberapay pays through Stripe and PayPal; import their files, \
    or the bank's statement.";
const OTHER: &str = "This is no export of Liberapay that is known. Liberapay pays through Stripe \
    and PayPal; import their files, or read this one as CSV if it is a table of payments.";

/// Whether a header, folded, is that of a list of patrons.
pub(super) fn is_header(columns: &[String]) -> bool {
    let has = |name: &str| columns.iter().any(|column| column == name);
    has("patron_id") && has("weekly_amount")
}

/// Says what a file is; there is none that can be imported.
///
/// # Errors
/// Always: the sentence names the file and says what to import instead.
pub fn read(bytes: &[u8]) -> Result<Reading, Error> {
    refuse::check_text(bytes)?;
    refuse::check_web_page(bytes)?;
    if bytes.trim_ascii().is_empty() {
        return Err(Error::Empty);
    }
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if start.starts_with(b"{") {
        let says = |word: &[u8]| start.windows(word.len()).take(1 << 20).any(|part| part == word);
        let profile = says(b"\"receiving\"") && says(b"\"npatrons\"");
        return Err(Error::OtherFile(if profile { PROFILE } else { OTHER }));
    }
    let text = platform::text(bytes)?;
    let patrons = platform::separator(&text.text, is_header).is_some();
    Err(Error::OtherFile(if patrons { PATRONS } else { OTHER }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_without_payments_are_named() {
        for (bytes, word) in [
            (&b"patron_id,patron_username,weekly_amount\n1,a,1.00\n"[..], "list of patrons"),
            (b"{\"npatrons\":1,\"receiving\":{\"amount\":\"3.00\"}}", "public status"),
            (b"{}", "no export"),
            (b"Date,Amount\n", "no export"),
            (b"<!DOCTYPE html>", "web page"),
            (b" \n", "empty"),
        ] {
            let sentence = read(bytes).unwrap_err().to_string();
            assert!(sentence.contains(word) && sentence.ends_with('.'), "{sentence}");
        }
    }
}
