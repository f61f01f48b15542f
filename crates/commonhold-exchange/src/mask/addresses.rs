//! Addresses of machines: IPv4, IPv6 (RFC 4291) and of network cards (EUI-48, EUI-64).

use super::spans::{Spans, after, before, is_word, tail};
use super::{IPV4, IPV6, MAC};
use regex::Regex;
use std::net::Ipv6Addr;

/// Four numbers with dots; what is no address is sorted out afterwards.
const FOUR: &str = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}";
/// The names clouds give machines after their address.
const DASHED: &str = r"\bip-([0-9]{1,3}-[0-9]{1,3}-[0-9]{1,3}-[0-9]{1,3})\b";
/// Words after which four numbers are a version or a place in a text.
const NUMBERED: &[&str] = &[
    "version",
    "versions",
    "ver",
    "release",
    "build",
    "section",
    "clause",
    "chapter",
    "schema",
    "§",
    "paragraph",
    "abschnitt",
    "kapitel",
    "assemblyversion",
    "fileversion",
];
/// Programs that write their version behind a slash.
const PROGRAMS: &[&str] = &[
    "chrome",
    "chromium",
    "crios",
    "headlesschrome",
    "edg",
    "edga",
    "edgios",
    "opr",
    "opera",
    "safari",
    "version",
    "firefox",
    "vivaldi",
    "yabrowser",
    "samsungbrowser",
    "electron",
    "brave",
    "curl",
    "wget",
    "nginx",
    "apache",
    "openssl",
];
/// Longest run of hexadecimal digits, colons and dots that is looked at.
const LONGEST: usize = 64;

/// The patterns, compiled once.
pub(super) struct Addresses {
    four: Option<Regex>,
    dashed: Option<Regex>,
}

impl Addresses {
    pub(super) fn new() -> Self {
        Self { four: Regex::new(FOUR).ok(), dashed: Regex::new(DASHED).ok() }
    }

    /// Notes every address of the line. Longer forms first: an IPv6 address may hold an IPv4 one.
    pub(super) fn find(&self, line: &str, spans: &mut Spans) {
        if line.contains(':') || line.contains('-') || line.contains('.') {
            runs(line, spans);
        }
        for found in self.dashed.iter().flat_map(|dashed| dashed.captures_iter(line)) {
            if let Some(numbers) = found.get(1).filter(|n| in_range(n.as_str(), '-')) {
                spans.add(numbers.start(), numbers.end(), IPV4);
            }
        }
        for found in self.four.iter().flat_map(|four| four.find_iter(line)) {
            if in_range(found.as_str(), '.') && is_ipv4(line, found.start(), found.end()) {
                spans.add(found.start(), found.end(), IPV4);
            }
        }
    }
}

fn in_range(numbers: &str, separator: char) -> bool {
    numbers.split(separator).all(|part| part.parse::<u16>().is_ok_and(|n| n <= 255))
}

/// Whether four numbers stand there as an address: not inside a longer number (an OID, a version of
/// five parts), not behind a word or a program's name that says it is a version.
fn is_ipv4(line: &str, start: usize, end: usize) -> bool {
    let (left, right) = (before(line, start), after(line, end));
    if left == Some('.') || left.is_some_and(char::is_alphanumeric) || is_word(right) {
        return false;
    }
    let more = line.get(end..).unwrap_or_default();
    if more.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        return false;
    }
    if left == Some('_') && matches!(right, Some('-' | '_' | '+' | '~')) {
        return false;
    }
    let lead = tail(line, start, 32).to_lowercase();
    if let Some(product) = lead.strip_suffix('/') {
        let name = product.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let round = line.get(start..end).is_some_and(|it| it.ends_with(".0.0.0"));
        return !(PROGRAMS.contains(&name) || (round && !name.is_empty()));
    }
    let bare = lead.trim_end_matches([' ', ':', '=', '"', '\'', '.', '\t']);
    let word = bare.rsplit(|c: char| !(c.is_alphanumeric() || c == '§')).next();
    !word.is_some_and(|word| NUMBERED.contains(&word))
}

/// Looks at every run of what IPv6 addresses and addresses of network cards are written with.
fn runs(line: &str, spans: &mut Spans) {
    let belongs = |b: u8| b.is_ascii_hexdigit() || matches!(b, b':' | b'.' | b'-');
    let mut start = None;
    for (at, byte) in line.bytes().enumerate().chain([(line.len(), b' ')]) {
        match (belongs(byte), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                run(line, from, at, spans);
                start = None;
            }
            _ => {}
        }
    }
}

fn run(line: &str, start: usize, end: usize, spans: &mut Spans) {
    let Some(text) = line.get(start..end) else { return };
    if card(text) && !is_word(before(line, start)) && !is_word(after(line, end)) {
        spans.add(start, end, MAC);
        return;
    }
    if text.bytes().filter(|b| *b == b':').count() < 2 {
        return;
    }
    // Ranges are written with a dash: each side on its own.
    let mut at = start;
    for part in text.split('-') {
        let stop = at.saturating_add(part.len());
        ipv6(line, at, stop, spans);
        at = stop.saturating_add(1);
    }
}

/// Six or eight pairs with `:` or `-`, or three groups of four with dots, and nothing more.
fn card(text: &str) -> bool {
    let text = text.trim_end_matches(['.', ':', '-']);
    let groups = |separator: char, width: usize| {
        let whole = text.split(separator).all(|group| {
            group.len() == width && group.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        if whole { text.split(separator).count() } else { 0 }
    };
    matches!(groups(':', 2), 6 | 8) || matches!(groups('-', 2), 6 | 8) || groups('.', 4) == 3
}

/// Notes an IPv6 address with its zone (RFC 4007). What only looks like one is left: times
/// (`12:34:56` has too few groups), and names of program parts such as `dec::add`, which have no
/// digit. A bare `::` is everybody's and is an operator in many languages: left too.
fn ipv6(line: &str, start: usize, end: usize, spans: &mut Spans) {
    let (mut from, mut to) = (start, end);
    // Behind a word (`ip6:2001:…`) the word's own hexadecimal end does not belong to it.
    if is_word(before(line, from)) || before(line, from) == Some('_') {
        let Some(colon) = line.get(from..to).and_then(|text| text.find(':')) else { return };
        from = from.saturating_add(colon);
    }
    if from.saturating_add(LONGEST) < to || is_word(after(line, to)) {
        return;
    }
    let valid = |from: usize, to: usize| {
        line.get(from..to).is_some_and(|text| text.parse::<Ipv6Addr>().is_ok())
    };
    let text = line.get(from..to).unwrap_or_default();
    if text.starts_with(':') && !text.starts_with("::") {
        from = from.saturating_add(1);
    }
    for _ in 0..3 {
        let ends = line.get(from..to).is_some_and(|text| text.ends_with([':', '.']));
        if valid(from, to) || !ends {
            break;
        }
        to = to.saturating_sub(1);
    }
    let text = line.get(from..to).unwrap_or_default();
    let digit = text.bytes().any(|byte| byte.is_ascii_digit());
    if !valid(from, to) || !(digit || text.split(':').count() > 4) {
        return;
    }
    let zone = line.get(to..).and_then(|rest| rest.strip_prefix('%')).map(|rest| {
        let more = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '~');
        rest.len().saturating_sub(rest.trim_start_matches(more).len())
    });
    if let Some(zone) = zone.filter(|length| *length > 0) {
        to = to.saturating_add(zone).saturating_add(1);
    }
    spans.add(from, to, IPV6);
}
