//! Secrets that are known by how they begin, and what stands in headers of requests.

use super::spans::{Spans, after, before};
use super::{TOKEN, URL_CREDENTIALS};
use regex::Regex;

/// Beginnings services publish so that secrets can be found, and forms of their own.
const KNOWN: &str = concat!(
    r"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}", // GitHub
    r"|gl(?:pat|oas|dt|rtr|rt|cbt|ptt|ft|imt|agent|soat|ffct)-[A-Za-z0-9_.=-]{20,}", // GitLab
    r"|xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{20,}", // Slack
    r"|hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,}",
    r"|discord(?:app)?\.com/api/webhooks/[0-9]{10,}/[A-Za-z0-9_-]{30,}",
    r"|(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}", // AWS
    r"|[sr]k_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{20,}", // Stripe
    r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)?",
    r"|npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{50,}|rubygems_[a-f0-9]{40,}",
    r"|AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,}", // Google
    r"|SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,}",                             // SendGrid
    r"|do[opr]_v1_[a-f0-9]{40,}|hv[sbr]\.[A-Za-z0-9_-]{20,}|dckr_pat_[A-Za-z0-9_-]{20,}",
    r"|(?i:age-secret-key-1[a-z0-9]{20,}|age-plugin-[a-z0-9-]+-1[a-z0-9]{6,})",
    r"|[0-9]{8,12}:AA[A-Za-z0-9_-]{32,}", // Telegram
    r"|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|tskey-[a-z]+-[A-Za-z0-9-]{10,}|syt_[A-Za-z0-9_]{20,}",
);
/// Secrets that begin like ordinary words; they hold digits and capitals too.
const SHORT: &str = r"sk-[A-Za-z0-9_-]{20,}";
/// A header that carries a secret, up to where its value begins.
const HEADER: &str = r#"(?i)(?:\b|_)(?:proxy-|x-)?(authorization|authorisation|set-cookie|cookie)\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?"#;
/// `Bearer` and a secret, also outside a header.
const BEARER: &str = r"(?i)\bbearer[ :]\s{0,3}([A-Za-z0-9._~+/=|-]{6,})";
/// `https://user:password@host`; the part between.
const IN_URL: &str = r#"[A-Za-z][A-Za-z0-9+.-]{0,30}://([^\s/@:"'<>\[]*:[^\s/"'<>]*)@"#;
/// The same where the password holds a slash: what is behind the colon is no port.
const IN_URL_SLASH: &str =
    r#"[A-Za-z][A-Za-z0-9+.-]{0,30}://([^\s/@:"'<>\[]+:[^\s/@"'<>]*[^\s/@"'<>0-9][^\s@"'<>]*)@"#;
/// `curl -u user:password`.
const USER: &str = r#"(?:^|\s)(?:-u|--user|--proxy-user)[= ]\s{0,3}["']?([^\s:"']+:[^\s"']+)"#;
/// Schemes of HTTP whose secret is one word (RFC 9110 and what is in use).
const SCHEMES: &[&str] =
    &["basic", "bearer", "token", "apikey", "api-key", "negotiate", "dpop", "key"];
/// Schemes whose parameters go on to the end.
const PARAMETERS: &[&str] = &["digest", "oauth", "hawk", "signature", "hmac", "aws4-hmac-sha256"];

/// The patterns, compiled once.
pub(super) struct Tokens {
    known: Option<Regex>,
    short: Option<Regex>,
    header: Option<Regex>,
    bearer: Option<Regex>,
    urls: Vec<Regex>,
}

impl Tokens {
    pub(super) fn new() -> Self {
        let compile = |pattern: &str| Regex::new(pattern).ok();
        Self {
            known: compile(KNOWN),
            short: compile(SHORT),
            header: compile(HEADER),
            bearer: compile(BEARER),
            urls: [IN_URL, IN_URL_SLASH, USER].into_iter().filter_map(compile).collect(),
        }
    }

    /// Whether all patterns are right; a test asks.
    #[cfg(test)]
    pub(super) fn complete(&self) -> bool {
        let single = [&self.known, &self.short, &self.header, &self.bearer];
        single.iter().all(|one| one.is_some()) && self.urls.len() == 3
    }

    /// Notes what is known by its beginning, headers and credentials in addresses.
    pub(super) fn find(&self, line: &str, spans: &mut Spans) {
        for found in self.urls.iter().flat_map(|url| url.captures_iter(line)) {
            if let Some(part) = found.get(1).filter(|part| !placeholders(part.as_str())) {
                spans.add(part.start(), part.end(), URL_CREDENTIALS);
            }
        }
        for found in self.known.iter().flat_map(|known| known.find_iter(line)) {
            spans.add(found.start(), found.end(), TOKEN);
        }
        for found in self.short.iter().flat_map(|short| short.find_iter(line)) {
            let mixed = mixed(found.as_str().get(3..).unwrap_or_default());
            if mixed && !before(line, found.start()).is_some_and(char::is_alphanumeric) {
                spans.add(found.start(), found.end(), TOKEN);
            }
        }
        for found in self.header.iter().flat_map(|header| header.captures_iter(line)) {
            let cookie =
                found.get(1).is_some_and(|name| name.as_str().to_lowercase().ends_with("cookie"));
            if let Some(all) = found.get(0) {
                header(line, all.as_str(), all.end(), cookie, spans);
            }
        }
        for found in self.bearer.iter().flat_map(|bearer| bearer.captures_iter(line)) {
            if let Some(secret) = found.get(1).filter(|secret| !prose(secret.as_str())) {
                spans.add(secret.start(), secret.end(), TOKEN);
            }
        }
    }
}

/// Capitals, small letters and digits, as chance makes them.
fn mixed(text: &str) -> bool {
    let has = |test: fn(&u8) -> bool| text.bytes().any(|byte| test(&byte));
    has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)
}

/// A word of a sentence, not a secret: only letters, all but the first one small.
fn prose(text: &str) -> bool {
    let rest = text.trim_end_matches(['.', ',', ':', ';']);
    let rest = rest.get(1..).unwrap_or_default();
    rest.len() < 20 && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// Whether both sides of `user:password` only stand for something, as in instructions.
fn placeholders(pair: &str) -> bool {
    let (_, password) = pair.split_once(':').unwrap_or((pair, ""));
    super::named::placeholder(password)
}

/// The value of a header: what `quote`d it ends it, else the end of the line; of a scheme with one
/// word, that word.
fn header(line: &str, lead: &str, start: usize, cookie: bool, spans: &mut Spans) {
    let quoted = lead.chars().next_back().filter(|c| matches!(c, '"' | '\''));
    // Around the whole header, as in `-H "Authorization: …"`, a quote ends it as well.
    let rest = line.get(start..).unwrap_or_default();
    let stop = match quoted {
        Some(quote) => rest.find(quote),
        None => rest.find(['"', '\'']).filter(|_| !rest.starts_with(['"', '\''])),
    };
    let parameters = rest
        .split_whitespace()
        .next()
        .is_some_and(|scheme| PARAMETERS.contains(&scheme.to_lowercase().as_str()));
    let stop = if parameters && quoted.is_none() { None } else { stop };
    let value = rest.get(..stop.unwrap_or(rest.len())).unwrap_or_default().trim_end();
    let value = value.trim_end_matches('\\');
    if cookie {
        if value.contains('=') {
            spans.add(start, start.saturating_add(value.len()), TOKEN);
        }
        return;
    }
    let mut words = value.split_whitespace();
    let first = words.next().unwrap_or_default();
    let known = SCHEMES.contains(&first.to_lowercase().as_str());
    let secret = if known { words.next().unwrap_or_default() } else { first };
    let offset = if known {
        value
            .get(first.len()..)
            .and_then(|rest| rest.find(secret))
            .unwrap_or(0)
            .saturating_add(first.len())
    } else {
        0
    };
    if secret.is_empty() || prose(secret) && !parameters || super::named::placeholder(secret) {
        return;
    }
    let from = start.saturating_add(offset);
    let length = if known { secret.len() } else { value.len() };
    spans.add(from, from.saturating_add(length), TOKEN);
    debug_assert!(after(line, from).is_some());
}
