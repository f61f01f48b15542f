//! Which format a file of operations is of, by its content.

use super::{
    alertmanager, calendar, changelog, forge, git_log, manifesto, measurements, postmortem,
    prometheus, registry, statuspage, upptime,
};
use serde_json::Value;

/// The format of a file, one of [`super::FORMATS`]; nothing when it is none of them. That a format
/// is named does not mean that the file can be read: [`super::read`] says what is wrong.
pub fn detect(bytes: &[u8]) -> Option<&'static str> {
    if bytes.len() > super::MAX_BYTES {
        return None;
    }
    if git_log::is(bytes) {
        return Some(git_log::FORMAT);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).ok()?;
    match text.trim_start().as_bytes().first()? {
        b'{' | b'[' => json(&serde_json::from_slice(bytes).ok()?),
        _ => plain(text),
    }
}

fn json(body: &Value) -> Option<&'static str> {
    let known: [(&'static str, fn(&Value) -> bool); 5] = [
        (alertmanager::FORMAT, alertmanager::is),
        (statuspage::FORMAT, statuspage::is),
        (upptime::FORMAT, upptime::is),
        (prometheus::API, prometheus::is_api),
        (registry::FORMAT, registry::is),
    ];
    let found = known.into_iter().find(|(_, is)| is(body)).map(|(format, _)| format);
    found.or_else(|| forge::format(body))
}

fn plain(text: &str) -> Option<&'static str> {
    let known: [(&'static str, fn(&str) -> bool); 7] = [
        (calendar::FORMAT, calendar::is),
        (postmortem::FORMAT, postmortem::is),
        (upptime::FORMAT, upptime::is_site),
        (prometheus::TEXT, prometheus::is),
        (manifesto::FORMAT, manifesto::is),
        (changelog::FORMAT, changelog::is),
        (measurements::FORMAT, |text| measurements::header(text).is_some()),
    ];
    known.into_iter().find(|(_, is)| is(text)).map(|(format, _)| format)
}
