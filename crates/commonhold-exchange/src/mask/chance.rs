//! Long texts that only chance writes: keys and tokens without a name or a known beginning.
//!
//! Hexadecimal texts as long as a digest (MD5, SHA-1, SHA-2) are left: commits and hashes of files
//! are what a book of record publishes as proof, and nothing tells a key of 64 such digits from
//! them. A key that has a name (`secret=…`) is found by it.

use super::TOKEN;
use super::spans::{Spans, after, tail};

/// Fewest characters that are looked at: 32 of base64 hold 192 bits.
const SHORTEST: usize = 32;
/// Lengths of digests in hexadecimal digits: MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512.
const DIGESTS: &[usize] = &[32, 40, 56, 64, 96, 128];
/// What stands before a text that everybody may read: digests and public keys.
const PUBLIC: &[&str] = &[
    "sha1:",
    "sha224:",
    "sha256:",
    "sha384:",
    "sha512:",
    "sha1-",
    "sha256-",
    "sha384-",
    "sha512-",
    "md5:",
    "h1:",
    "digest:",
    "checksum:",
    "integrity:",
    "fingerprint:",
    "publickey=",
    "publickey:",
    "public_key=",
    "public_key:",
    "pubkey:",
    "pubkey=",
    "public-key:",
    "publickey",
    "ssh-rsa",
    "ssh-ed25519",
    "ssh-dss",
    "nistp256",
    "nistp384",
    "nistp521",
    "/nix/store/",
    ";base64,",
];
/// Beginnings of public names made by chance: keys of age and Nostr, IPFS contents.
const NAMES: &[&str] = &["age1", "npub1", "bafy", "sha256-", "sha384-", "sha512-", "did:"];

/// Notes texts that only chance writes.
pub(super) fn find(line: &str, spans: &mut Spans) {
    let belongs =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'_' | b'-' | b'=');
    let mut start = None;
    for (at, byte) in line.bytes().enumerate().chain([(line.len(), b' ')]) {
        match (belongs(byte), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                if at.saturating_sub(from) >= SHORTEST {
                    run(line, from, at, spans);
                }
                start = None;
            }
            _ => {}
        }
    }
}

/// Parts a run where names and values meet (`key=…`) and judges each piece with its padding.
fn run(line: &str, start: usize, end: usize, spans: &mut Spans) {
    let text = line.get(start..end).unwrap_or_default();
    let body = text.trim_end_matches('=');
    let mut from = start;
    for part in body.split('=') {
        let to = from.saturating_add(part.len());
        let last = to == start.saturating_add(body.len());
        piece(line, from, if last { end } else { to }, spans);
        from = to.saturating_add(1);
    }
}

/// Judges a piece: as a whole where no part of it is a word, else each part between slashes.
fn piece(line: &str, start: usize, end: usize, spans: &mut Spans) {
    let text = line.get(start..end).unwrap_or_default();
    if text.len() < SHORTEST || is_public(line, start, end) {
        return;
    }
    let word = |part: &str| part.len() > 3 && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let slashes = text.matches('/').count();
    let few = slashes.saturating_mul(10) <= text.len() && !text.contains("//");
    let body = text.trim_end_matches('=');
    if few && !text.split('/').any(word) && is_chance(body.trim_start_matches('/')) {
        let skip = usize::from(text.starts_with('/'));
        spans.add(start.saturating_add(skip), end, TOKEN);
        return;
    }
    let mut from = start;
    for part in body.split('/') {
        let to = from.saturating_add(part.len());
        let last = to == start.saturating_add(body.len());
        if is_chance(part) && !is_public(line, from, to) {
            spans.add(from, if last { end } else { to }, TOKEN);
        }
        from = to.saturating_add(1);
    }
}

/// Whether everybody may read it, by what stands before or behind it.
fn is_public(line: &str, start: usize, end: usize) -> bool {
    let text = line.get(start..end).unwrap_or_default();
    let lead = tail(line, start, 40).to_lowercase().replace([' ', '"', '\'', '\t'], "");
    let content = text.len() == 46 && text.starts_with("Qm");
    PUBLIC.iter().any(|mark| lead.ends_with(mark))
        || NAMES.iter().any(|mark| text.starts_with(mark))
        || (after(line, end) == Some('.')
            && line.get(end..).is_some_and(|r| r.starts_with(".onion")))
        || content
}

/// Whether a text is as mixed as chance mixes it.
fn is_chance(text: &str) -> bool {
    if text.len() < SHORTEST || !text.is_ascii() {
        return false;
    }
    if text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return !DIGESTS.contains(&text.len()) && distinct(text) >= 8;
    }
    let count = |test: fn(&u8) -> bool| text.bytes().filter(test).count();
    let (upper, lower) = (count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase));
    let digits = count(u8::is_ascii_digit);
    let marks = text.len().saturating_sub(upper).saturating_sub(lower).saturating_sub(digits);
    let changes = changes(text);
    let steps = text.len().saturating_sub(1);
    if upper >= 4 && lower >= 4 {
        // Chance changes between capitals, small letters and digits in 64 of 100 steps, names that
        // people make in 30.
        let often = changes.saturating_mul(100) >= steps.saturating_mul(42);
        return often && marks.saturating_mul(8) <= text.len() && distinct(text) >= 14;
    }
    // One case and digits, without separators: chance changes in 40 of 100 steps.
    let others = text.bytes().filter(|b| b.is_ascii_alphabetic() && !b.is_ascii_hexdigit()).count();
    let often = changes.saturating_mul(100) >= steps.saturating_mul(22);
    (upper == 0 || lower == 0)
        && marks == 0
        && digits >= 5
        && others >= 4
        && often
        && distinct(text) >= 12
}

/// How often the next character is of another sort: capital, small letter, digit, mark.
fn changes(text: &str) -> usize {
    let sort = |byte: u8| match byte {
        b'A'..=b'Z' => 0_u8,
        b'a'..=b'z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    };
    let next = text.bytes().skip(1);
    text.bytes().zip(next).filter(|(one, other)| sort(*one) != sort(*other)).count()
}

fn distinct(text: &str) -> u32 {
    text.bytes()
        .fold(0_u128, |seen, byte| seen | 1_u128.checked_shl(u32::from(byte)).unwrap_or(0))
        .count_ones()
}
