//! What a request is about: topic, name, question. Anything else is refused before any work.

use crate::answer::Refusal;
use hyper::Method;

/// A topic: an Ed25519 public key.
pub type Topic = [u8; 32];

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Target {
    /// Whether the relay lives.
    Health,
    /// Lay down a file.
    Put(Topic, String),
    /// Read a file.
    Get(Topic, String),
    /// Take a file away.
    Delete(Topic, String),
    /// What has changed since.
    List(Topic, Question),
    /// What has changed since, and from now on.
    Watch(Topic, Question),
}

/// Which changes are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// Those with a higher number.
    pub after: u64,
    /// Those whose name begins so.
    pub prefix: String,
}

/// The most digits a number in a request has: below `i64::MAX`, which is SQLite's largest.
const DIGITS: usize = 18;

/// Reads method, path and query.
pub fn target(method: &Method, path: &str, query: Option<&str>) -> Result<Target, Refusal> {
    if path == "/healthz" && method == Method::GET {
        return Ok(Target::Health);
    }
    let rest = path.strip_prefix("/v1/").ok_or(Refusal::NO_SUCH_PATH)?;
    let (topic, name) = match rest.split_once('/') {
        Some((topic, name)) => (topic, Some(name)),
        None => (rest, None),
    };
    let topic = hex32(topic).ok_or(Refusal::NO_TOPIC)?;
    let Some(name) = name else {
        if method != Method::GET {
            return Err(Refusal::NO_SUCH_METHOD);
        }
        return question(topic, query.unwrap_or_default());
    };
    if !is_name(name) {
        return Err(Refusal::NO_NAME);
    }
    if query.is_some() {
        return Err(Refusal::NO_QUESTION);
    }
    let name = name.to_owned();
    match *method {
        Method::PUT => Ok(Target::Put(topic, name)),
        Method::GET => Ok(Target::Get(topic, name)),
        Method::DELETE => Ok(Target::Delete(topic, name)),
        _ => Err(Refusal::NO_SUCH_METHOD),
    }
}

fn question(topic: Topic, query: &str) -> Result<Target, Refusal> {
    let (mut asked, mut watch) = (Question::default(), false);
    for part in query.split('&').filter(|part| !part.is_empty()) {
        match part.split_once('=') {
            None if part == "watch" => watch = true,
            Some(("after", number)) => asked.after = self::number(number)?,
            Some(("prefix", text)) if is_start(text) => text.clone_into(&mut asked.prefix),
            _ => return Err(Refusal::NO_QUESTION),
        }
    }
    Ok(if watch { Target::Watch(topic, asked) } else { Target::List(topic, asked) })
}

fn number(text: &str) -> Result<u64, Refusal> {
    let plain = text.len() <= DIGITS && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten().ok_or(Refusal::NO_QUESTION)
}

fn fits(b: u8) -> bool {
    b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-'
}

/// Whether a name is one a file may have: parts of small letters, digits, points and hyphens with
/// `/` between, none of which begins with a point. The same rule as on every other shelf.
pub fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.len() <= 128 && !part.starts_with('.') && part.bytes().all(fits)
    };
    name.len() <= 200 && name.split('/').all(part)
}

fn is_start(text: &str) -> bool {
    text.len() <= 200 && text.bytes().all(|b| fits(b) || b == b'/')
}

/// Reads exactly 64 small hexadecimal digits.
pub fn hex32(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    unhex(text, &mut bytes).then_some(bytes)
}

/// Reads small hexadecimal digits into exactly so many bytes; says whether that worked.
pub fn unhex(text: &str, bytes: &mut [u8]) -> bool {
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(b.wrapping_sub(b'0')),
        b'a'..=b'f' => Some(b.wrapping_sub(b'a').wrapping_add(10)),
        _ => None,
    };
    let pairs = text.as_bytes().chunks_exact(2);
    if !pairs.remainder().is_empty() || pairs.len() != bytes.len() {
        return false;
    }
    for (pair, byte) in pairs.zip(bytes) {
        let &[high, low] = pair else { return false };
        let (Some(high), Some(low)) = (digit(high), digit(low)) else { return false };
        *byte = high << 4 | low;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_meant_is_read() {
        let topic = "0a".repeat(32);
        let at = |method: &Method, rest: &str| {
            let path = format!("/v1/{topic}{rest}");
            let (path, query) =
                path.split_once('?').map_or((path.as_str(), None), |(p, q)| (p, Some(q)));
            target(method, path, query)
        };
        let name = || "a1/x-1.cho".to_owned();
        assert_eq!(at(&Method::PUT, "/a1/x-1.cho").unwrap(), Target::Put([10; 32], name()));
        assert_eq!(at(&Method::GET, "/a1/x-1.cho").unwrap(), Target::Get([10; 32], name()));
        let asked = Question { after: 7, prefix: "keys/".to_owned() };
        assert_eq!(
            at(&Method::GET, "?after=7&prefix=keys/").unwrap(),
            Target::List([10; 32], asked)
        );
        let asked = Question::default();
        assert_eq!(at(&Method::GET, "?watch&after=0").unwrap(), Target::Watch([10; 32], asked));
        for wrong in [
            "/",
            "/..",
            "/a/../b",
            "/A",
            "/a%2fb",
            "/a?x",
            "?after=-1",
            "?after=1e3",
            "?prefix=%",
            "?watch=1",
            "?after=9999999999999999999",
            "/.a",
            "/a//b",
            "?wach",
        ] {
            assert!(at(&Method::GET, wrong).is_err(), "{wrong}");
        }
        assert!(at(&Method::POST, "/a").is_err() && at(&Method::PUT, "").is_err());
        assert!(target(&Method::GET, "/v1/0A", None).is_err());
        assert!(target(&Method::GET, "/v2/x", None).is_err());
    }
}
