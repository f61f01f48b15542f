//! Asking a relay: signing, trying again where that helps, and judging the answer.

use super::Inner;
use commonhold_core::keys::Topic;
use commonhold_sync::shelf::{Error, Trouble};
use reqwest::{Method, Response, StatusCode};
use std::fmt::Write;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout, timeout_at};

/// How long the first byte of an answer may take, and each piece after it.
const PATIENCE: Duration = Duration::from_secs(30);
/// A transfer slower than so many bytes a second is given up.
const SLOWEST: usize = 16 << 10;
/// How long it is waited because the relay says that it is too much just now, each time and how often.
const PAUSE: u64 = 5;
const PAUSES: u32 = 4;
/// Most bytes of a refusal that are read.
const SENTENCE: usize = 300;

/// A request, to be signed when it is sent.
pub struct Question<'a> {
    /// The key of the room.
    pub topic: Topic,
    /// What is to be done.
    pub method: Method,
    /// With what: from `/v1/` on.
    pub path: String,
    /// The file to lay down.
    pub body: Option<&'a [u8]>,
}

impl Question<'_> {
    /// The hash of its body, and the signature over it as it is sent at this moment.
    pub fn sign(&self, time: u64) -> (String, String) {
        let hash = blake3::hash(self.body.unwrap_or_default()).to_hex();
        let (method, path) = (&self.method, &self.path);
        let message = format!("commonhold relay 1\n{method}\n{path}\n{time}\n{hash}");
        (hash.to_string(), hex(&self.topic.sign(message.as_bytes())))
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A number in a header.
fn number(answer: &Response, name: &str) -> Option<u64> {
    let text = answer.headers().get(name)?.to_str().ok()?;
    let plain = text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

impl Inner {
    /// The time by the relay's clock, as far as we know.
    fn now(&self) -> u64 {
        (self.clock)().saturating_add_signed(self.offset.load(Relaxed))
    }

    /// Sends a request once.
    async fn send(&self, question: &Question<'_>, token: bool) -> Result<Response, reqwest::Error> {
        let (body, time) = (question.body.unwrap_or_default(), self.now());
        let (hash, signature) = question.sign(time);
        let mut request = self
            .http
            .request(question.method.clone(), format!("{}{}", self.base, question.path))
            .header("commonhold-time", time)
            .header("commonhold-signature", signature);
        if question.body.is_some() {
            request = request.header("commonhold-body", hash.as_str()).body(body.to_vec());
        }
        if let Some(token) = self.token.as_ref().filter(|_| token) {
            request = request.bearer_auth(token.as_str());
        }
        request.send().await
    }

    /// Sends a request and waits for the head of the answer. Tries again with the relay's time,
    /// with the token, after a pause, or over a new connection, where that may help.
    pub async fn ask(&self, question: &Question<'_>) -> Result<Response, Error> {
        let (mut timed, mut token, mut again, mut pauses) = (false, false, false, 0_u32);
        let length = question.body.map_or(0, <[u8]>::len);
        let slow = u64::try_from(length / SLOWEST).unwrap_or(u64::MAX);
        let patience = PATIENCE.saturating_add(Duration::from_secs(slow));
        loop {
            let sent = timeout(patience, self.send(question, token)).await;
            let sent = sent.map_err(|_| self.fail(Trouble::Away, "it does not answer"))?;
            let answer = match sent {
                Ok(answer) => answer,
                // A kept connection may have ended just then; everything may be asked twice.
                Err(error) if !again && !error.is_connect() && !error.is_timeout() => {
                    again = true;
                    continue;
                }
                Err(error) => return Err(self.lost(&error)),
            };
            if !answer.headers().contains_key("commonhold-relay") {
                return Err(self.no_relay(answer.status()));
            }
            match answer.status() {
                StatusCode::UNAUTHORIZED if !timed => {
                    let Some(theirs) = number(&answer, "commonhold-time") else {
                        return Ok(answer);
                    };
                    timed = true;
                    let ours = i64::try_from((self.clock)()).unwrap_or(i64::MAX);
                    let theirs = i64::try_from(theirs).unwrap_or(i64::MAX);
                    self.offset.store(theirs.saturating_sub(ours), Relaxed);
                }
                StatusCode::FORBIDDEN if !token && self.token.is_some() => token = true,
                StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                    let wait = number(&answer, "retry-after").unwrap_or(1);
                    if wait > PAUSE || pauses >= PAUSES {
                        return Ok(answer);
                    }
                    pauses = pauses.saturating_add(1);
                    sleep(Duration::from_secs(wait.max(1))).await;
                }
                _ => return Ok(answer),
            }
            // Read to its end, an answer leaves its connection to the next.
            let _ = self.read(answer, SENTENCE).await;
        }
    }

    fn lost(&self, error: &reqwest::Error) -> Error {
        let reason = if error.is_timeout() {
            "it does not answer"
        } else if error.is_connect() {
            "it cannot be reached; is the address right, and this computer connected?"
        } else {
            "the connection broke off"
        };
        self.fail(Trouble::Away, reason)
    }

    fn no_relay(&self, status: StatusCode) -> Error {
        match status.as_u16() {
            // A proxy whose relay is gone, or a network that wants a login first.
            500.. => self.fail(Trouble::Away, "something answers in its place that has a fault"),
            300..400 => {
                self.fail(Trouble::Broken, "this address leads elsewhere; ask for the right one")
            }
            _ => self.fail(Trouble::Broken, "what answers there is not a relay"),
        }
    }

    /// The answer, if what was asked is done.
    pub async fn fine(&self, answer: Response, question: &Question<'_>) -> Result<Response, Error> {
        let status = answer.status();
        if status == StatusCode::OK || status == StatusCode::CREATED {
            return Ok(answer);
        }
        let trouble = match status.as_u16() {
            401 | 403 => Trouble::Denied,
            413 | 429 | 507 => Trouble::Full,
            408 | 500.. => Trouble::Away,
            _ => Trouble::Broken,
        };
        let sentence = self.read(answer, SENTENCE).await.map(|(bytes, _)| plain(&bytes));
        let said = sentence.ok().filter(|text| !text.is_empty());
        let file = if question.body.is_some() { "it did not take the file" } else { "it refused" };
        let said = said.map(|text| format!(": {text}")).unwrap_or_default();
        Err(self.fail(trouble, &format!("{file} ({}){said}", status.as_u16())))
    }

    /// Cursor and store of a listing.
    pub fn marks(&self, answer: &Response) -> Result<(u64, String), Error> {
        let store = answer.headers().get("commonhold-store").and_then(|text| text.to_str().ok());
        let store = store.filter(|text| text.len() <= 64);
        let found = number(answer, "commonhold-cursor").zip(store.map(str::to_owned));
        found.ok_or_else(|| self.fail(Trouble::Broken, "its listing makes no sense"))
    }

    /// Reads an answer, so many bytes at most; says also whether there was more.
    pub async fn read(&self, mut answer: Response, most: usize) -> Result<(Vec<u8>, bool), Error> {
        let declared = answer.content_length().and_then(|length| usize::try_from(length).ok());
        let expected = declared.unwrap_or(most).min(most);
        let slow = u64::try_from(expected / SLOWEST).unwrap_or(u64::MAX).min(24 * 3600);
        let until = Instant::now().checked_add(PATIENCE.saturating_add(Duration::from_secs(slow)));
        let until = until.unwrap_or_else(Instant::now);
        let mut bytes = Vec::new();
        loop {
            let piece = timeout_at(until, timeout(PATIENCE, answer.chunk())).await;
            let Ok(Ok(piece)) = piece else {
                return Err(self.fail(Trouble::Away, "its answer does not come to an end"));
            };
            let Some(piece) = piece.map_err(|error| self.lost(&error))? else {
                return Ok((bytes, false));
            };
            let left = most.saturating_sub(bytes.len());
            bytes.extend(piece.iter().take(left));
            if piece.len() > left {
                return Ok((bytes, true));
            }
        }
    }
}

/// What a server says, as far as it is safe to show.
fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let shown = |c: &char| c.is_ascii_graphic() || *c == ' ';
    text.chars().filter(shown).collect::<String>().trim().to_owned()
}
