//! E-mail addresses (RFC 5322, RFC 6531), also where `@` is written `%40` or `(at)`.

use super::EMAIL;
use super::spans::{Spans, before};

/// Ends of names that look like domains and are files or units of systemd.
const NOT_DOMAINS: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "json", "html", "xml", "yml", "yaml",
    "txt", "log", "service", "timer", "socket", "mount", "target", "slice", "scope", "device",
];
/// How `@` is written.
const SIGNS: &[&str] = &["@", "%40", " (at) ", "(at)", " [at] ", "[at]"];
/// Longest local part (RFC 5321, 64 bytes; letters outside ASCII take more) and domain, in bytes.
const LOCAL: usize = 128;
const DOMAIN: usize = 255;

/// Notes every e-mail address of the line.
pub(super) fn find(line: &str, spans: &mut Spans) {
    if !SIGNS.iter().any(|sign| line.contains(sign)) {
        return;
    }
    let taken = spans.taken(None);
    for sign in SIGNS {
        for (at, _) in line.match_indices(sign) {
            let right = at.saturating_add(sign.len());
            let local = local(line, at);
            let domain = if sign.contains("at") {
                spelled(line.get(right..).unwrap_or_default())
            } else {
                domain(line.get(right..).unwrap_or_default())
            };
            let (Some(from), Some(length)) = (local, domain) else { continue };
            let secret = taken.touches(from, at);
            if !secret && !is_remote(line, from, at, right.saturating_add(length)) {
                spans.add(from, right.saturating_add(length), EMAIL);
            }
        }
    }
}

fn in_local(character: char) -> bool {
    character.is_alphanumeric() || "._%+'&~-\u{301}\u{308}".contains(character)
}

/// Where the part before the sign begins; nothing for a handle (`@ann@social.example`).
fn local(line: &str, at: usize) -> Option<usize> {
    let left = line.get(at.saturating_sub(LOCAL)..at).or_else(|| {
        let cut = (at.saturating_sub(LOCAL)..at).find(|place| line.is_char_boundary(*place))?;
        line.get(cut..at)
    })?;
    if let Some(quoted) = left.strip_suffix('"') {
        let open = quoted.rfind('"')?;
        let inside = quoted.get(open.saturating_add(1)..)?;
        let named = inside.starts_with(char::is_alphanumeric);
        return named.then(|| at.saturating_sub(left.len()).saturating_add(open));
    }
    let kept = left.trim_end_matches(in_local);
    let text = left.get(kept.len()..)?;
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    // An encoded character before it (`mailto%3Aann`) is not the person's.
    let text = match text.get(..2) {
        Some(code) if left.strip_suffix(text)?.ends_with('%') && text.len() > 2 => {
            if code.bytes().all(|b| b.is_ascii_hexdigit()) { text.get(2..)? } else { text }
        }
        _ => text,
    };
    let from = at.saturating_sub(text.len());
    let handle = text.is_empty() || before(line, from) == Some('@');
    (!handle).then_some(from)
}

/// How long the domain is that the text begins with, in bytes: at least two parts, the last one of
/// letters; or an address in brackets.
fn domain(text: &str) -> Option<usize> {
    if let Some(inside) = text.strip_prefix('[') {
        let end = inside.find(']').filter(|end| *end <= 64)?;
        let address = inside.get(..end)?;
        let fits = |c: char| c.is_ascii_hexdigit() || matches!(c, ':' | '.');
        let address = address.strip_prefix("IPv6:").unwrap_or(address);
        return (!address.is_empty() && address.chars().all(fits)).then(|| end.saturating_add(2));
    }
    let more = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    let length = text.len().saturating_sub(text.trim_start_matches(more).len());
    let name = text.get(..length.min(DOMAIN)).unwrap_or_default();
    let name = name.trim_end_matches(['.', '-']);
    let (front, last) = name.rsplit_once('.')?;
    let letters = last.chars().count() >= 2 && last.chars().all(char::is_alphabetic);
    let real = letters || last.to_ascii_lowercase().starts_with("xn--");
    let image = front.len() == 2 && front.ends_with('x') && front.starts_with(['1', '2', '3', '4']);
    let file = NOT_DOMAINS.contains(&last.to_lowercase().as_str());
    let empty = front.split('.').any(str::is_empty);
    (real && !image && !file && !empty).then_some(name.len())
}

/// The same where dots may be spelled `[dot]` or `(dot)`.
fn spelled(text: &str) -> Option<usize> {
    let word = |text: &str| {
        let more = |c: char| c.is_alphanumeric() || c == '-';
        text.len().saturating_sub(text.trim_start_matches(more).len())
    };
    let mut length = word(text);
    let mut parts: u8 = 1;
    while parts < 10 && length > 0 {
        let rest = text.get(length..)?;
        let dots = [" [dot] ", "[dot]", " (dot) ", "(dot)", "."];
        let Some(dot) = dots.iter().find(|dot| rest.starts_with(**dot)) else { break };
        let next = word(rest.get(dot.len()..)?);
        if next == 0 {
            break;
        }
        length = length.saturating_add(dot.len()).saturating_add(next);
        parts = parts.saturating_add(1);
    }
    (parts > 1).then_some(length)
}

/// Whether it is a repository's address for SSH (`git@host:path`, `ssh://git@host/`): nobody's.
fn is_remote(line: &str, from: usize, at: usize, end: usize) -> bool {
    let user = line.get(from..at).unwrap_or_default();
    let path = line.get(end..).is_some_and(|rest| rest.starts_with([':', '/']));
    let scheme = line.get(..from).is_some_and(|left| left.ends_with("://"));
    matches!(user, "git" | "hg" | "gitea" | "forgejo") && (path || scheme)
}
