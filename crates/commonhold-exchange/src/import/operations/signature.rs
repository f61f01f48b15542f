//! Whether a webhook comes from who it says: the signature or token in its headers.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What a header says, by the name of the header.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Signature<'a> {
    /// `X-Hub-Signature-256` of GitHub (and of Forgejo and Gitea beside their own): `sha256=` and
    /// 64 hexadecimal digits.
    GitHub(&'a str),
    /// `X-Forgejo-Signature`: 64 hexadecimal digits.
    Forgejo(&'a str),
    /// `X-Gitea-Signature`: 64 hexadecimal digits.
    Gitea(&'a str),
    /// `X-Gitlab-Token`: the secret itself.
    GitLab(&'a str),
}

/// Whether the body was signed with the secret (HMAC-SHA256, RFC 2104), or the token is the secret.
/// Takes the same time wherever they differ. An empty secret fits nothing, since anybody has it.
pub fn verify_signature(signature: Signature<'_>, secret: &[u8], body: &[u8]) -> bool {
    if secret.is_empty() {
        return false;
    }
    let digits = match signature {
        Signature::GitHub(header) => header.trim().strip_prefix("sha256="),
        Signature::Forgejo(header) | Signature::Gitea(header) => Some(header.trim()),
        Signature::GitLab(token) => {
            // Digests have one length, so that not even the secret's length shows in the time.
            let (given, right) = (Sha256::digest(token.as_bytes()), Sha256::digest(secret));
            return given.as_slice().ct_eq(right.as_slice()).into();
        }
    };
    let Some(given) = digits.and_then(bytes) else { return false };
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(secret) else { return false };
    mac.update(body);
    mac.verify_slice(&given).is_ok()
}

/// 32 bytes from 64 hexadecimal digits.
fn bytes(digits: &str) -> Option<[u8; 32]> {
    let mut out = [0_u8; 32];
    if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (place, byte) in out.iter_mut().enumerate() {
        let from = place.saturating_mul(2);
        *byte = u8::from_str_radix(digits.get(from..from.saturating_add(2))?, 16).ok()?;
    }
    Some(out)
}

/// The body without fields named `secret`, which old versions of Gitea and Forgejo send along: the
/// form in which an original may be kept. Nothing when it is no JSON or too large.
pub fn without_secret(body: &[u8]) -> Option<Vec<u8>> {
    if body.len() > super::MAX_BYTES {
        return None;
    }
    let mut value: Value = serde_json::from_slice(body).ok()?;
    // JSON is at most 128 deep, so a list of what is still to be looked at is short.
    let mut open = vec![&mut value];
    while let Some(next) = open.pop() {
        match next {
            Value::Object(fields) => {
                fields.retain(|name, _| !name.eq_ignore_ascii_case("secret"));
                open.extend(fields.values_mut());
            }
            Value::Array(items) => open.extend(items.iter_mut()),
            _ => {}
        }
    }
    serde_json::to_vec(&value).ok()
}
