//! Values whose name says that they are secret: `password=…`, `"api_key": "…"`, `--token …`.

use super::spans::{Spans, before};
use super::{TOKEN, URL_CREDENTIALS};
use regex::Regex;

/// How such names end. `pass` counts only behind `_` or `-`: alone it counts tests.
macro_rules! secret_names {
    () => {
        concat!(
            r"(?:password|passwort|kennwort|passwd|passphrase|passcode|pwd|[_-]pass|secret|token",
            r"|api[_-]?key|access[_-]?key(?:[_-]?id)?|secret[_-]?access[_-]?key|secret[_-]?key",
            r"|private[_-]?key|signing[_-]?key|encryption[_-]?key|auth[_-]?key|master[_-]?key",
            r"|account[_-]?key|preshared[_-]?key|key[_-]?base|credentials?|client[_-]?secret",
            r"|session[_-]?id|(?:j|php)?sessid|jsessionid|connect\.sid)"
        )
    };
}
/// A name, and what stands between it and its value.
const NAMED: &str =
    concat!(r"(?i)", secret_names!(), r#"\\?["'`]?(\s{0,20}(?:=>|:=|==?|:)\s{0,20}|>)"#);
/// An option of a command line, with a space before its value.
const OPTION: &str = concat!(r"(?i)(?:^|\s)--?[a-z-]{0,40}?", secret_names!(), r"\s{1,3}");
/// A name with nothing but a quoted text behind it: `password "…"`.
const SPOKEN: &str =
    concat!(r"(?i)", secret_names!(), r#"\s{1,3}(?:"([^"]{3,})"|'([^']{3,})'|`([^`]{3,})`)"#);
/// Words that say something about a secret and are none.
const WORDS: &[&str] = &[
    "a",
    "accepted",
    "an",
    "and",
    "are",
    "as",
    "at",
    "authentication",
    "be",
    "been",
    "boolean",
    "bytes",
    "can",
    "change",
    "changed",
    "check",
    "created",
    "denied",
    "disabled",
    "does",
    "empty",
    "enabled",
    "expired",
    "expires",
    "failed",
    "failure",
    "false",
    "for",
    "from",
    "has",
    "hidden",
    "how",
    "if",
    "in",
    "incorrect",
    "int",
    "integer",
    "invalid",
    "is",
    "it",
    "leaked",
    "length",
    "lost",
    "mandatory",
    "masked",
    "mismatch",
    "missing",
    "must",
    "never",
    "new",
    "nil",
    "no",
    "none",
    "not",
    "null",
    "of",
    "ok",
    "old",
    "on",
    "only",
    "optional",
    "or",
    "please",
    "prompt",
    "redacted",
    "rejected",
    "removed",
    "renewed",
    "required",
    "reset",
    "revoked",
    "rotate",
    "rotated",
    "see",
    "set",
    "should",
    "str",
    "string",
    "text",
    "that",
    "the",
    "they",
    "this",
    "to",
    "true",
    "undefined",
    "unknown",
    "unset",
    "until",
    "updated",
    "use",
    "valid",
    "verified",
    "was",
    "we",
    "were",
    "when",
    "where",
    "which",
    "who",
    "will",
    "with",
    "wrong",
    "yes",
    "you",
    "your",
];
/// Longest value, in bytes; the rest of a longer one is left to the other rules.
const LONGEST: usize = 16 * 1024;
/// Longest text before a name that still begins its line.
const LEAD: usize = 120;
/// Most words a value without quotes has when it is all that stands on the line.
const MOST_WORDS: usize = 6;

/// The patterns, compiled once.
pub(super) struct Named {
    named: Option<Regex>,
    option: Option<Regex>,
    spoken: Option<Regex>,
}

impl Named {
    pub(super) fn new() -> Self {
        let compile = |pattern: &str| Regex::new(pattern).ok();
        Self { named: compile(NAMED), option: compile(OPTION), spoken: compile(SPOKEN) }
    }

    /// Whether all patterns are right; a test asks.
    #[cfg(test)]
    pub(super) fn complete(&self) -> bool {
        self.named.is_some() && self.option.is_some() && self.spoken.is_some()
    }

    /// Notes the values of names that say they are secret.
    pub(super) fn find(&self, line: &str, spans: &mut Spans) {
        // In `https://x-access-token:…@host` the address says where the secret ends.
        let addresses = spans.taken(Some(URL_CREDENTIALS));
        let mut until = 0;
        for found in self.named.iter().flat_map(|named| named.captures_iter(line)) {
            let (Some(all), Some(mark)) = (found.get(0), found.get(1)) else { continue };
            if all.start() < until {
                continue;
            }
            let name = line.get(all.start()..mark.start()).unwrap_or_default();
            let at = all.end();
            let value = if mark.as_str() == ">" {
                in_element(line, at)
            } else {
                value(line, all.start(), at, mark.as_str().trim() == ":")
            };
            let (start, end) = value.unwrap_or((at, at));
            let text = line.get(start..end).unwrap_or_default();
            let quoted = before(line, start).is_some_and(|c| "\"'`".contains(c));
            if !addresses.touches(start, start.saturating_add(1)) && is_secret(name, text, quoted) {
                spans.add(start, end, TOKEN);
                until = end;
            }
        }
        for found in self.spoken.iter().flat_map(|spoken| spoken.captures_iter(line)) {
            let value = (1..=3).find_map(|quote| found.get(quote));
            if let Some(value) = value.filter(|value| is_secret("spoken", value.as_str(), true)) {
                spans.add(value.start(), value.end(), TOKEN);
            }
        }
        for found in self.option.iter().flat_map(|option| option.find_iter(line)) {
            let rest = line.get(found.end()..).unwrap_or_default();
            let Some((start, end)) = value(line, found.start(), found.end(), false) else {
                continue;
            };
            let text = line.get(start..end).unwrap_or_default();
            if !rest.starts_with('-') && is_secret("option", text, false) {
                spans.add(start, end, TOKEN);
            }
        }
    }
}

/// The text from a place on, as far as one value goes: lines may be very long, names many.
fn head(line: &str, start: usize) -> &str {
    let rest = line.get(start..).unwrap_or_default();
    let mut end = rest.len().min(LONGEST);
    while !rest.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    rest.get(..end).unwrap_or_default()
}

/// The text of an XML element, if it ends on the line.
fn in_element(line: &str, start: usize) -> Option<(usize, usize)> {
    let length = head(line, start).find('<')?;
    Some((start, start.saturating_add(length)))
}

/// Where the value lies that begins at `start`.
fn value(line: &str, name: usize, start: usize, colon: bool) -> Option<(usize, usize)> {
    let rest = head(line, start);
    for quote in ["\\\"", "\\'", "\"", "'", "`"] {
        // A letter before the quote as in Python's `b"…"` is the quote's.
        let lead = usize::from(
            rest.get(1..).is_some_and(|r| r.starts_with(quote))
                && rest.starts_with(['b', 'r', 'f', 'u', '@']),
        );
        let Some(inside) = rest.get(lead..).and_then(|rest| rest.strip_prefix(quote)) else {
            continue;
        };
        let from = start.saturating_add(lead).saturating_add(quote.len());
        let length = closing(inside, quote);
        return Some((from, from.saturating_add(length)));
    }
    let whole = rest.trim_end();
    let whole = whole.split(" #").next().unwrap_or(whole).trim_end();
    let lead = line.get(..name)?;
    let first = lead.len() < LEAD
        && lead.chars().all(|c| c.is_alphanumeric() || "_-. \t".contains(c))
        && !lead.trim().contains(' ');
    let words = whole.split_whitespace().count();
    let plain = !whole.contains(['=', ':', '&', ';', '"', '\'', '<', ')', '}'])
        && !whole.ends_with(['.', ',']);
    if first && plain && colon && words <= MOST_WORDS {
        return Some((start, start.saturating_add(whole.len())));
    }
    let length = word(rest);
    Some((start, start.saturating_add(length)))
}

/// How long a quoted text is: to its quote, of which one behind a backslash is a letter of it.
fn closing(inside: &str, quote: &str) -> usize {
    let mut from = 0;
    while let Some(found) = inside.get(from..).and_then(|rest| rest.find(quote)) {
        let at = from.saturating_add(found);
        if before(inside, at) != Some('\\') || quote.starts_with('\\') {
            return at;
        }
        from = at.saturating_add(quote.len());
    }
    inside.len()
}

/// How long the first word is, as far as it may belong to a secret.
fn word(rest: &str) -> usize {
    let end = |c: char| c.is_whitespace() || matches!(c, '&' | ';' | '"' | '\'' | '<' | '>' | '|');
    let whole = rest.get(..rest.find(end).unwrap_or(rest.len())).unwrap_or_default();
    let mut length = 0_usize;
    for part in whole.split_inclusive(',') {
        // Behind a comma the next name begins; without one the comma is part of the secret.
        if length > 0 && part.contains(['=', ':']) {
            break;
        }
        length = length.saturating_add(part.len());
    }
    let kept = whole.get(..length).unwrap_or_default();
    without_closing(kept).len()
}

/// The text without what closes something before it or ends a sentence.
fn without_closing(mut text: &str) -> &str {
    while let Some(last) = text.chars().next_back() {
        let opener = match last {
            ',' | '.' | '\\' => None,
            ')' => Some('('),
            ']' => Some('['),
            '}' => Some('{'),
            _ => break,
        };
        if opener.is_some_and(|opener| text.contains(opener)) {
            break;
        }
        text = text.get(..text.len().saturating_sub(1)).unwrap_or_default();
    }
    text
}

/// Whether the value can be a secret. Words about it, references and paths to it are none.
fn is_secret(name: &str, text: &str, quoted: bool) -> bool {
    let count = text.chars().count();
    if count < 3 || placeholder(text) {
        return false;
    }
    let first = text.split_whitespace().next().unwrap_or_default();
    let first = first.trim_end_matches(['.', ',', ':', ';', '!']);
    if WORDS.contains(&first.to_lowercase().as_str()) && (!quoted || first == text) {
        return false;
    }
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-/".contains(c);
    if text.starts_with('/') && text.matches('/').count() > 1 && text.chars().all(lower) {
        return false;
    }
    let name = name.to_lowercase();
    if name.starts_with("pwd") && text.starts_with(['/', '~']) {
        return false;
    }
    // How many there are of something, not one of them.
    if name.starts_with("token") && count < 4 && text.chars().all(|c| c.is_ascii_digit()) {
        return false;
    }
    quoted || !is_code(text)
}

/// A call or a field of something: where the secret comes from, not what it is.
fn is_code(text: &str) -> bool {
    let call = text.find('(').is_some_and(|at| {
        let name = text.get(..at).unwrap_or_default();
        !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.:!".contains(c))
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
    });
    let parts: Vec<&str> = text.split('.').collect();
    let part =
        |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let index = ["os.environ[", "process.env.", "env[", "ENV[", "std::env"];
    call || (parts.len() > 1 && parts.iter().all(part))
        || index.iter().any(|start| text.starts_with(start))
}

/// What stands for a secret in instructions and in what was masked before.
pub(super) fn placeholder(text: &str) -> bool {
    let text = text.trim();
    let same = |c: char| text.chars().all(|other| other == c);
    let around = [
        ("${", "}"),
        ("{{", "}}"),
        ("<", ">"),
        ("[", "]"),
        ("%(", ")s"),
        ("{", "}"),
        ("(", ")"),
        ("__", "__"),
        ("%", "%"),
    ];
    let inside = around.iter().any(|(open, close)| {
        let middle = text.strip_prefix(open).map(|rest| rest.strip_suffix(close).unwrap_or(rest));
        middle.is_some_and(|m| {
            m.len() < 60
                && !m.contains(['"', '\'', '@'])
                && (text.ends_with(close) || *open == "{{" || *open == "<")
        })
    });
    let variable = text.strip_prefix('$').is_some_and(|rest| {
        let name = rest.trim_start_matches(['{', '(']);
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || "_{}()".contains(c))
    });
    let dots = ['*', 'x', 'X', '.', '…', '•', '-', '#'];
    text.is_empty() || inside || variable || dots.into_iter().any(same) || text.starts_with("***")
}
