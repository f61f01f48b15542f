//! Which format a file of operations is of, by its content.

use super::{Error, yaml};
use super::{
    alertmanager, calendar, changelog, forge, git_log, manifesto, measurements, postmortem,
    prometheus, registry, statuspage, upptime,
};
use serde_json::Value;

/// A format, and whether a content is of it.
type Known<T> = (&'static str, fn(&T) -> bool);

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
    let known: [Known<Value>; 5] = [
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
    let known: [Known<str>; 7] = [
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

/// Why a file that [`detect`] finds no format for cannot be taken, and what to do instead.
pub fn unknown(bytes: &[u8]) -> Error {
    let other = |sentence| Error::OtherFile(sentence);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Error::Empty;
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return other("The file is no text in UTF-8; choose the file a program exported as text.");
    };
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with(['{', '[']) {
        if let Ok(body) = serde_json::from_str::<Value>(start) {
            let board = body.get("panels").is_some();
            return other(if board {
                "The file is a dashboard of Grafana: it says what is shown, and holds no values; \
                 export the values."
            } else {
                "The file is JSON of a sort that is not known here; docs/IMPORTS.md lists what is."
            });
        }
        return super::json::parse(bytes).err().unwrap_or(Error::Empty);
    }
    let first = start.lines().next().unwrap_or_default();
    let hash = first.split('\t').next().unwrap_or_default();
    if hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return git_log::wrong_form();
    }
    if start.starts_with('#') || text.contains("\n# ") || text.contains("\n## ") {
        return other(
            "The file is a text without front matter; put a part with its title between two lines \
             of --- before it, and it can be kept.",
        );
    }
    match yaml::parse(text) {
        Ok(Value::Object(_) | Value::Array(_)) => other(
            "The file is a list or settings in YAML and says nothing about operations; enter \
             people and settings by hand.",
        ),
        _ => other("The file is of a sort that is not known here; docs/IMPORTS.md lists what is."),
    }
}
