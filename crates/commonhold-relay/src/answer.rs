//! Answers. Every refusal has a status and one sentence a person understands.

use crate::api::Share;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER,
};
use hyper::{Response, StatusCode};
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc;

/// The mark of every answer, so that nobody takes another server's for one.
pub const MARK: HeaderName = HeaderName::from_static("commonhold-relay");
/// The moment of a request; in a refusal, the relay's own time.
pub const TIME: HeaderName = HeaderName::from_static("commonhold-time");
/// The signature of a request.
pub const SIGNATURE: HeaderName = HeaderName::from_static("commonhold-signature");
/// The hash of a request's body.
pub const BODY: HeaderName = HeaderName::from_static("commonhold-body");
/// How far a listing goes: where to ask on.
pub const CURSOR: HeaderName = HeaderName::from_static("commonhold-cursor");
/// That there is more behind that.
pub const MORE: HeaderName = HeaderName::from_static("commonhold-more");
/// Which store numbered the changes; numbers of another one mean nothing.
pub const STORE: HeaderName = HeaderName::from_static("commonhold-store");

/// Why something is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: StatusCode,
    /// One sentence.
    pub text: &'static str,
    /// Seconds after which to try again.
    pub retry: Option<u64>,
    /// The relay's time, for one whose clock is wrong.
    pub time: Option<u64>,
}

macro_rules! refusals {
    ($($name:ident $status:ident $text:literal)*) => { impl Refusal { $(
        #[doc = $text]
        pub const $name: Self =
            Self { status: StatusCode::$status, text: $text, retry: None, time: None };
    )* } };
}

refusals! {
    NO_SUCH_PATH NOT_FOUND "There is nothing here; this is a Commonhold relay, which speaks below /v1/."
    NO_TOPIC BAD_REQUEST "A topic is 64 small hexadecimal digits."
    NO_NAME BAD_REQUEST "A name has parts of small letters, digits, points and hyphens, 200 characters at most."
    NO_QUESTION BAD_REQUEST "This question is not understood: after, prefix and watch are."
    NO_SUCH_METHOD METHOD_NOT_ALLOWED "This can be read, laid down or taken away, nothing else."
    NO_LENGTH LENGTH_REQUIRED "Say how long the file is (Content-Length)."
    NOT_HERE NOT_FOUND "There is no file of this name."
    UNSIGNED UNAUTHORIZED "Every request is signed with the topic's key; this one is not."
    WRONG_SIGNATURE UNAUTHORIZED "The signature is not the topic's."
    WRONG_TIME UNAUTHORIZED "The request's time is more than ten minutes away from this relay's clock."
    WRONG_BODY UNAUTHORIZED "The file is not the one that was signed."
    NO_ADMISSION FORBIDDEN "This relay opens new topics only for who knows its token; ask its operator."
    TOO_LARGE PAYLOAD_TOO_LARGE "The file is larger than this relay takes."
    TOO_OLD GONE "This relay no longer remembers what changed since then; list anew from 0."
    TOO_MANY TOO_MANY_REQUESTS "That was too much in too short a time; wait a little."
    TOO_MANY_TOPICS TOO_MANY_REQUESTS "Too many new topics were opened from this address; wait a while."
    TOO_MANY_WATCHERS TOO_MANY_REQUESTS "Too many devices are watching already; ask now and then instead."
    TOPIC_FULL INSUFFICIENT_STORAGE "This topic has all the files or bytes that this relay allows it."
    STORE_FULL INSUFFICIENT_STORAGE "This relay is full; tell its operator."
    DISK INSUFFICIENT_STORAGE "This relay could not write to its disk; tell its operator."
    BUSY SERVICE_UNAVAILABLE "This relay is busy; try again in a moment."
    AWAY SERVICE_UNAVAILABLE "The storage space of this relay does not answer as it should; try again in a while."
    AWAY_FULL INSUFFICIENT_STORAGE "The storage space of this relay takes nothing more now; tell its operator."
    SLOW REQUEST_TIMEOUT "The file came too slowly."
    BROKEN_OFF BAD_REQUEST "The file did not come whole."
    FAULT INTERNAL_SERVER_ERROR "This relay has a fault; tell its operator."
}

impl Refusal {
    /// The same, with the seconds after which to try again.
    pub const fn again_after(self, seconds: u64) -> Self {
        Self { retry: Some(seconds), ..self }
    }
}

/// What an answer carries.
pub enum Content {
    /// All of it, with its share of the memory.
    Whole(Bytes, Option<Share>),
    /// What comes as it comes.
    Stream(mpsc::Receiver<Bytes>),
}

/// Most that is given to the connection at once.
const PIECE: usize = 256 << 10;

impl Body for Content {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.get_mut() {
            Self::Whole(bytes, share) if bytes.is_empty() => {
                *share = None;
                Poll::Ready(None)
            }
            Self::Whole(bytes, _) => {
                let piece = bytes.split_to(bytes.len().min(PIECE));
                Poll::Ready(Some(Ok(Frame::data(piece))))
            }
            Self::Stream(pieces) => {
                pieces.poll_recv(cx).map(|next| next.map(|b| Ok(Frame::data(b))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(bytes, _) if bytes.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes, _) => {
                SizeHint::with_exact(u64::try_from(bytes.len()).unwrap_or(u64::MAX))
            }
            Self::Stream(_) => SizeHint::default(),
        }
    }
}

/// An answer.
pub type Answer = Response<Content>;

/// An answer with a text or bytes.
pub fn whole(status: StatusCode, kind: &'static str, bytes: Bytes) -> Answer {
    let empty = bytes.is_empty();
    let mut answer = new(status, Content::Whole(bytes, None));
    if !empty {
        answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    answer
}

/// An answer that goes on as long as pieces come.
pub fn stream(kind: &'static str, pieces: mpsc::Receiver<Bytes>) -> Answer {
    let mut answer = new(StatusCode::OK, Content::Stream(pieces));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    // Proxies that gather answers would keep the news to themselves.
    answer
        .headers_mut()
        .insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    answer
}

fn new(status: StatusCode, content: Content) -> Answer {
    let mut answer = Response::new(content);
    *answer.status_mut() = status;
    answer.headers_mut().insert(MARK, HeaderValue::from_static("1"));
    // What one may read is decided for each request; nobody between may keep it.
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// The answer to what is refused. After a file that was not read, the connection ends.
pub fn refused(refusal: &Refusal, end: bool) -> Answer {
    let text = Bytes::from(format!("{}\n", refusal.text));
    let mut answer = whole(refusal.status, "text/plain; charset=utf-8", text);
    let headers = answer.headers_mut();
    if let Some(seconds) = refusal.retry {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(time) = refusal.time {
        headers.insert(TIME, HeaderValue::from(time));
    }
    if end {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    answer
}
