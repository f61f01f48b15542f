//! Who may: every request is signed with the topic's private key (`docs/RELAY.md`).

use crate::answer::{BODY, Refusal, SIGNATURE, TIME};
use crate::names::{Topic, hex32, unhex};
use ed25519_dalek::{Signature, VerifyingKey};
use hyper::header::{HeaderMap, HeaderName};

/// How far a request's time may be from the relay's, milliseconds.
const FAR: u64 = 10 * 60 * 1000;

/// What a good signature says.
pub struct Signed {
    /// The hash the body must have.
    pub body: blake3::Hash,
    /// A short form of the signature, to know the same request again.
    pub mark: [u8; 16],
}

/// Checks time and signature of a request. `path` is the path with its question.
pub fn check(
    topic: &Topic,
    method: &str,
    path: &str,
    headers: &HeaderMap,
    now: u64,
) -> Result<Signed, Refusal> {
    let text =
        |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let (Some(time), Some(signature)) = (text(&TIME), text(&SIGNATURE)) else {
        return Err(Refusal::UNSIGNED);
    };
    let plain = time.len() <= 15 && time.bytes().all(|b| b.is_ascii_digit());
    let moment: u64 = plain.then(|| time.parse().ok()).flatten().ok_or(Refusal::UNSIGNED)?;
    if moment.abs_diff(now) > FAR {
        return Err(Refusal { time: Some(now), ..Refusal::WRONG_TIME });
    }
    let body = match text(&BODY) {
        Some(text) => hex32(text).map(blake3::Hash::from).ok_or(Refusal::UNSIGNED)?,
        None => blake3::hash(b""),
    };
    let mut bytes = [0; 64];
    if !unhex(signature, &mut bytes) {
        return Err(Refusal::UNSIGNED);
    }
    let message =
        format!("commonhold relay 1\n{method}\n{path}\n{time}\n{}", body.to_hex().as_str());
    let key = VerifyingKey::from_bytes(topic).map_err(|_| Refusal::WRONG_SIGNATURE)?;
    key.verify_strict(message.as_bytes(), &Signature::from_bytes(&bytes))
        .map_err(|_| Refusal::WRONG_SIGNATURE)?;
    let mut mark = [0; 16];
    for (to, from) in mark.iter_mut().zip(blake3::hash(&bytes).as_bytes()) {
        *to = *from;
    }
    Ok(Signed { body, mark })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signer, SigningKey};
    use hyper::header::HeaderValue;

    fn headers(key: &SigningKey, method: &str, path: &str, time: u64, body: &[u8]) -> HeaderMap {
        let hash = blake3::hash(body).to_hex();
        let message = format!("commonhold relay 1\n{method}\n{path}\n{time}\n{hash}");
        let signature: String =
            key.sign(message.as_bytes()).to_bytes().iter().map(|b| format!("{b:02x}")).collect();
        let mut headers = HeaderMap::new();
        headers.insert(TIME, HeaderValue::from(time));
        headers.insert(SIGNATURE, HeaderValue::from_str(&signature).unwrap());
        headers.insert(BODY, HeaderValue::from_str(&hash).unwrap());
        headers
    }

    /// The example of `docs/RELAY.md`.
    #[test]
    fn the_example_is_as_the_handbook_says() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let topic: String =
            key.verifying_key().to_bytes().iter().map(|b| format!("{b:02x}")).collect();
        let path = format!("/v1/{topic}/a");
        let headers = headers(&key, "PUT", &path, 1_800_000_000_000, b"hello");
        let handbook = include_str!("../../../docs/RELAY.md");
        let mut request = vec![format!("PUT {path} HTTP/1.1")];
        for (title, name) in [("Time", TIME), ("Signature", SIGNATURE), ("Body", BODY)] {
            let value = headers.get(name).unwrap().to_str().unwrap();
            request.push(format!("Commonhold-{title}: {value}"));
        }
        for line in request {
            assert!(handbook.lines().any(|found| found == line), "{line}");
        }
    }

    /// Requests as devices of an earlier version signed them, which must be let in for ever.
    #[test]
    fn requests_of_an_earlier_version_are_let_in() {
        let here = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let file = std::fs::read(here.join("../../tests/fixtures/wire/relay.json")).unwrap();
        let frozen: serde_json::Value = serde_json::from_slice(&file).unwrap();
        let topic = hex32(frozen["topic"].as_str().unwrap()).unwrap();
        let requests = frozen["requests"].as_array().unwrap();
        assert_eq!(requests.len(), 7);
        for request in requests {
            let text = |name: &str| request[name].as_str().unwrap();
            let (time, path) = (request["time"].as_u64().unwrap(), text("path"));
            let mut headers = HeaderMap::new();
            headers.insert(TIME, HeaderValue::from(time));
            headers.insert(SIGNATURE, HeaderValue::from_str(text("signature")).unwrap());
            let bare = headers.clone();
            headers.insert(BODY, HeaderValue::from_str(text("body_hash")).unwrap());
            let body = super::check(&topic, text("method"), path, &headers, time).unwrap().body;
            assert_eq!(body.to_hex().as_str(), text("body_hash"));
            // The hash may be left out where there is no body.
            let without = super::check(&topic, text("method"), path, &bare, time);
            assert_eq!(without.is_ok(), text("body").is_empty(), "{path}");
            let other = super::check(&topic, text("method"), "/v1/other", &headers, time);
            assert!(other.is_err());
        }
    }

    #[test]
    fn a_signature_is_for_one_request_at_one_time() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let topic = key.verifying_key().to_bytes();
        let good = headers(&key, "PUT", "/v1/x", 1_000_000, b"hello");
        let check = |topic: &Topic, method: &str, path: &str, headers: &HeaderMap, now: u64| {
            super::check(topic, method, path, headers, now).map(|signed| signed.body)
        };
        assert_eq!(check(&topic, "PUT", "/v1/x", &good, 1_600_000), Ok(blake3::hash(b"hello")));
        let late = check(&topic, "PUT", "/v1/x", &good, 1_600_001).unwrap_err();
        assert_eq!((late.time, late.text), (Some(1_600_001), Refusal::WRONG_TIME.text));
        let wrong = Err(Refusal::WRONG_SIGNATURE);
        assert_eq!(check(&topic, "GET", "/v1/x", &good, 1_000_000), wrong);
        assert_eq!(check(&topic, "PUT", "/v1/y", &good, 1_000_000), wrong);
        let other = SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes();
        assert_eq!(check(&other, "PUT", "/v1/x", &good, 1_000_000), wrong);
        // The neutral element as a key would make one signature fit many messages.
        let mut weak = [0; 32];
        weak[0] = 1;
        assert_eq!(check(&weak, "PUT", "/v1/x", &good, 1_000_000), wrong);
        for name in [TIME, SIGNATURE] {
            let mut without = good.clone();
            without.remove(name);
            assert_eq!(check(&topic, "PUT", "/v1/x", &without, 1_000_000), Err(Refusal::UNSIGNED));
        }
        let mut without = good.clone();
        without.remove(BODY);
        assert_eq!(check(&topic, "PUT", "/v1/x", &without, 1_000_000), wrong);
    }
}
