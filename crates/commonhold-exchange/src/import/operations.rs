//! Import of what happened in the operations of a service: deploys, changes, incidents, how a
//! service answered, meetings, signatures, and what others published about theirs.
//!
//! Pure functions: bytes in, drafts out. A draft names its kind and fields as records do, but is
//! none yet: a person, or the program by a rule, takes it over. What is not a draft is listed with
//! the reason, and nothing is guessed: a moment, a result or a state the file does not say is left
//! out, and what nobody measured stays unknown.

pub mod alertmanager;
pub mod calendar;
pub mod changelog;
mod conventional;
pub mod detect;
pub mod forge;
mod forgejo;
pub mod git_log;
mod github;
mod gitlab;
mod json;
pub mod manifesto;
pub mod measurements;
pub mod postmortem;
pub mod prometheus;
pub mod registry;
pub mod signature;
pub mod statuspage;
#[cfg(test)]
mod tests;
pub mod upptime;
mod when;
mod yaml;

use super::Error;
use super::text::{clip, tidy};
use commonhold_core::Time;
use serde::Serialize;
use serde_json::{Map, Value};

/// Largest file that is read, in bytes.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
/// Most drafts of one file.
pub const MAX_DRAFTS: usize = 100_000;
/// Longest text of many lines that is taken over, in bytes.
const MAX_LONG: usize = 200_000;
/// Longest text of one line, in bytes.
const MAX_LINE: usize = 2_000;
/// Longest address that is taken over.
const MAX_URL: usize = 2_000;

/// The formats [`read`] knows, by the name the window and the command line use.
pub const FORMATS: &[&str] = &[
    forge::GITHUB,
    forge::FORGEJO,
    forge::GITLAB,
    alertmanager::FORMAT,
    statuspage::FORMAT,
    upptime::FORMAT,
    git_log::FORMAT,
    changelog::FORMAT,
    postmortem::FORMAT,
    prometheus::TEXT,
    prometheus::API,
    measurements::FORMAT,
    calendar::FORMAT,
    manifesto::FORMAT,
    registry::FORMAT,
];

/// A record that is not written yet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Draft {
    /// The kind's name, such as `deploy` or `incident-line`.
    pub kind: &'static str,
    /// What the record is known by at its source, such as `github:deployment:42`: the same in every
    /// file that holds it. The id of the record is derived from it, so what comes twice is one.
    pub origin: String,
    /// The record's fields; `origin` is among them where the kind has that field.
    pub fields: Map<String, Value>,
    /// Fields that name another record of the same file: the field, and the other's `origin`.
    pub refers: Vec<(String, String)>,
}

/// What was found in a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drafted {
    /// One of [`FORMATS`].
    pub format: &'static str,
    /// What can become records, in the file's order.
    pub drafts: Vec<Draft>,
    /// What cannot, in the file's order.
    pub refused: Vec<Refused>,
    /// Sentences about the file as a whole.
    pub notes: Vec<String>,
}

/// A part of a file that is no draft, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Where it stands: `line 7`, `alerts 3`, or the name of the event.
    pub place: String,
    /// One sentence: what is wrong and what to do.
    pub reason: String,
}

/// What the person says who imports; a file alone does not tell it.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// The service or repository the file is of, where it does not say so itself.
    pub source: Option<String>,
    /// When the file was fetched: needed where its values carry no time.
    pub fetched: Option<Time>,
    /// The name of what was measured, where the file has values only.
    pub metric: Option<String>,
    /// Whether the file is of the own service; another's postmortem is kept, not taken over.
    pub own: bool,
    /// SHA-256 of the manifesto a list of signatures belongs to, 64 hexadecimal digits.
    pub manifesto: Option<String>,
    /// Dates that come again are written out up to here; without it, two years on.
    pub until: Option<Time>,
}

/// Reads a file of operations.
///
/// # Errors
/// An [`Error`] when the file as a whole cannot be read; a part that cannot be never is one.
pub fn read(format: &str, bytes: &[u8], about: &About) -> Result<Drafted, Error> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(Error::Unusable(
            "The file is larger than 32 MiB; export a shorter period and import it in parts."
                .into(),
        ));
    }
    match format {
        forge::GITHUB | forge::FORGEJO | forge::GITLAB => forge::read(bytes),
        alertmanager::FORMAT => alertmanager::read(bytes),
        statuspage::FORMAT => statuspage::read(bytes),
        upptime::FORMAT => upptime::read(bytes, about),
        git_log::FORMAT => git_log::read(bytes, about),
        changelog::FORMAT => changelog::read(bytes, about),
        postmortem::FORMAT => postmortem::read(bytes, about),
        prometheus::TEXT => prometheus::read_text(bytes, about),
        prometheus::API => prometheus::read_api(bytes, about),
        measurements::FORMAT => measurements::read(bytes, about),
        calendar::FORMAT => calendar::read(bytes, about),
        manifesto::FORMAT => manifesto::read(bytes, about),
        registry::FORMAT => registry::read(bytes, about),
        other => Err(Error::Unusable(format!(
            "The format “{}” of operations cannot be imported; choose one of: {}.",
            clip(&tidy(other), 60),
            FORMATS.join(", ")
        ))),
    }
}

impl Draft {
    fn new(kind: &'static str, origin: String) -> Self {
        let mut fields = Map::new();
        let known = ["deploy", "change", "incident", "incident-line", "availability"];
        if known.contains(&kind) || ["measurement", "session", "signature"].contains(&kind) {
            fields.insert("origin".into(), Value::String(origin.clone()));
        }
        Self { kind, origin, fields, refers: Vec::new() }
    }

    /// Sets a field; one without a value is left out.
    fn put(&mut self, field: &str, value: impl Field) {
        if let Some(value) = value.value() {
            self.fields.insert(field.to_owned(), value);
        }
    }

    /// Sets a moment.
    fn at(&mut self, field: &str, moment: Option<Time>) {
        self.put(field, moment.map(|moment| moment.to_string()));
    }

    /// Names another draft of the same file.
    fn refer(&mut self, field: &str, origin: &str) {
        self.refers.push((field.to_owned(), origin.to_owned()));
    }
}

/// What a field may be set to.
trait Field {
    /// The value in JSON; nothing leaves the field out.
    fn value(self) -> Option<Value>;
}

impl Field for String {
    fn value(self) -> Option<Value> {
        Some(Value::String(self))
    }
}

impl Field for &str {
    fn value(self) -> Option<Value> {
        Some(Value::String(self.to_owned()))
    }
}

impl Field for bool {
    fn value(self) -> Option<Value> {
        Some(Value::Bool(self))
    }
}

impl Field for Vec<String> {
    fn value(self) -> Option<Value> {
        Some(self.into())
    }
}

impl<F: Field> Field for Option<F> {
    fn value(self) -> Option<Value> {
        self.and_then(Field::value)
    }
}

impl Drafted {
    fn new(format: &'static str) -> Self {
        Self { format, drafts: Vec::new(), refused: Vec::new(), notes: Vec::new() }
    }

    /// Adds a draft, up to [`MAX_DRAFTS`]; what is beyond is said once.
    fn push(&mut self, draft: Draft) {
        if self.drafts.len() < MAX_DRAFTS {
            self.drafts.push(draft);
        } else {
            self.note("The file holds more than 100,000 records; import the rest in parts.".into());
        }
    }

    fn refuse(&mut self, place: impl Into<String>, reason: impl Into<String>) {
        if self.refused.len() < MAX_DRAFTS {
            self.refused.push(Refused { place: place.into(), reason: reason.into() });
        }
    }

    /// Adds a sentence about the whole, once.
    fn note(&mut self, sentence: String) {
        if self.notes.len() < 100 && !self.notes.contains(&sentence) {
            self.notes.push(sentence);
        }
    }
}

/// A text of many lines without control characters, cut where it is too long; nothing when empty.
fn long(text: &str) -> Option<String> {
    let text = text.replace("\r\n", "\n");
    let kept: String =
        text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| clip(kept, MAX_LONG))
}

/// A text of one line; nothing when it is empty.
fn line(text: &str) -> Option<String> {
    let text = tidy(text);
    (!text.is_empty()).then(|| clip(&text, MAX_LINE))
}

/// A web address without user and password; nothing for anything else.
fn url(text: &str) -> Option<String> {
    let text = text.trim();
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    let web = lower.starts_with("https://") || lower.starts_with("http://");
    let (_, rest) = text.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = !host.is_empty() && !host.contains('@');
    let sound = !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"".contains(c));
    (web && plain && sound && text.len() <= MAX_URL).then(|| text.to_owned())
}

/// Whether a text is an exact decimal number as measurements hold it: `-12.5`, at most 18 digits.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let count = digits.bytes().filter(u8::is_ascii_digit).count();
    all(whole) && all(part) && count <= 18
}

/// An origin short enough for a field: the end of a long one is its hash.
fn shortened(origin: &str) -> String {
    let origin = tidy(origin);
    if origin.len() <= 500 {
        return origin;
    }
    format!("{}:{}", clip(&origin, 400), short_hash(&origin))
}

/// The first 16 hexadecimal digits of a text's SHA-256.
fn short_hash(text: &str) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
