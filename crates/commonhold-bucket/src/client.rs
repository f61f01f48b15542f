//! One client for all requests to one place: how long it waits, what it tries again, and how much
//! of an answer it takes.

use crate::Patience;
use crate::Trouble;
use crate::fault::Fault;
use crate::listing::word_of_error;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use reqwest::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use reqwest::{Method, Response};
use rustls_platform_verifier::BuilderVerifierExt;
use std::convert::Infallible;
use std::error::Error;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};
use url::Url;

/// After which waits a request is tried again whose connection failed.
const AGAIN: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(1)];
/// A file is sent in parts of this many bytes, so that it is seen whether it moves on.
const PART: usize = 64 * 1024;
/// A file or answer slower than this for long, in bytes a second, is given up.
const SLOWEST: u64 = 4096;
/// How much of an answer is read that only says what went wrong, in bytes.
const REMARK: u64 = 16 * 1024;

/// A request.
pub(crate) struct Ask {
    pub method: Method,
    pub url: Url,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Bytes,
    /// Whether doing it twice is the same as once.
    pub twice: bool,
}

impl Ask {
    /// A request without a body that can be made twice.
    pub fn new(method: Method, url: Url) -> Self {
        Self { method, url, headers: Vec::new(), body: Bytes::new(), twice: true }
    }
}

pub(crate) struct Client {
    http: reqwest::Client,
    idle: Duration,
}

impl Client {
    /// A client for one host: on an encrypted line or an open one, elsewhere or on this computer.
    pub fn new(encrypted: bool, near: bool, patience: Patience) -> Result<Self, Fault> {
        let failed = || Fault::senseless("this computer cannot open encrypted connections now.");
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls(encrypted).map_err(|_| {
                Fault::senseless(
                    "this computer has no list of the authorities it trusts, so it cannot know \
                     which server it talks to; install its certificates (ca-certificates).",
                )
            })?)
            .user_agent("commonhold")
            .connect_timeout(patience.connect)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false);
        if near {
            builder = builder.no_proxy();
        }
        Ok(Self { http: builder.build().map_err(|_| failed())?, idle: patience.idle })
    }

    /// The answer to a request, when it says that it was done.
    pub async fn send(&self, ask: &Ask) -> Result<Response, Fault> {
        let mut again = AGAIN.iter();
        let response = loop {
            let fault = match self.once(ask).await {
                Ok(response) => break response,
                Err(fault) => fault,
            };
            match again.next() {
                Some(wait) if fault.passing && (ask.twice || fault.unsent) => sleep(*wait).await,
                _ => return Err(fault.fault),
            }
        };
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let remark = self.take(response, REMARK).await.unwrap_or_default();
        Err(Fault::Answer(status, word_of_error(&remark)))
    }

    /// Makes a request whose answer is of no interest.
    pub async fn tell(&self, ask: &Ask) -> Result<(), Fault> {
        let response = self.send(ask).await?;
        // Read to its end, so that the connection can be used again.
        self.take(response, REMARK).await.map(|_| ())
    }

    async fn once(&self, ask: &Ask) -> Result<Response, Failure> {
        let moved = Arc::new(AtomicU64::new(0));
        let mut request = self.http.request(ask.method.clone(), ask.url.clone());
        for (name, value) in &ask.headers {
            request = request.header(name, value);
        }
        let mut idle = self.idle;
        if !ask.body.is_empty() {
            let upload = Upload { rest: ask.body.clone(), moved: Arc::clone(&moved) };
            request = request.body(reqwest::Body::wrap(upload));
            if ask.body.len() > PART {
                idle = idle.saturating_mul(4);
            }
        } else if ask.method == Method::PUT {
            request = request.header(CONTENT_LENGTH, 0);
        }
        let mut sent = pin!(request.send());
        let (begun, mut before) = (Instant::now(), u64::MAX);
        loop {
            if let Ok(answer) = timeout(idle, &mut sent).await {
                return answer.map_err(|error| Failure::of(&error));
            }
            let now = moved.load(Ordering::Relaxed);
            let late = begun.elapsed() > self.earned(ask.body.len());
            if now == before || late || ask.body.is_empty() {
                return Err(Failure { fault: silent(), passing: false, unsent: false });
            }
            before = now;
        }
    }

    /// How long so many bytes may take.
    fn earned(&self, bytes: usize) -> Duration {
        let seconds = u64::try_from(bytes).unwrap_or(u64::MAX).saturating_div(SLOWEST);
        self.idle.saturating_mul(4).saturating_add(Duration::from_secs(seconds))
    }

    /// The outcome of many requests together, if they do not take far too long.
    pub async fn within<T>(
        &self,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        timeout(self.idle.saturating_mul(20), work).await.unwrap_or_else(|_| {
            let reason = "the server takes too long to list its files; it will be tried later.";
            Err(Fault::Trouble(Trouble::Away, reason.to_owned()))
        })
    }

    /// An answer's bytes, at most so many of them; the rest is not fetched.
    pub async fn take(&self, mut response: Response, most: u64) -> Result<Vec<u8>, Fault> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let (begun, mut bytes) = (Instant::now(), Vec::new());
        while bytes.len() < most {
            let part = timeout(self.idle, response.chunk()).await.map_err(|_| silent())?;
            let part = part.map_err(|error| Failure::of(&error).fault)?;
            let Some(part) = part else { break };
            let room = most.saturating_sub(bytes.len());
            bytes.extend_from_slice(part.get(..room).unwrap_or(&part));
            if begun.elapsed() > self.earned(bytes.len()) {
                return Err(Fault::Trouble(
                    Trouble::Away,
                    "the server sends too slowly; it will be tried again later.".to_owned(),
                ));
            }
        }
        Ok(bytes)
    }

    /// A whole answer; an error if it is longer than this.
    pub async fn whole(&self, response: Response, most: u64) -> Result<Vec<u8>, Fault> {
        let bytes = self.take(response, most.saturating_add(1)).await?;
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most {
            return Err(Fault::senseless("the server's answer has no end; it is not read."));
        }
        Ok(bytes)
    }
}

/// The certificates the computer trusts. None are looked for when nothing is encrypted.
fn tls(encrypted: bool) -> Result<rustls::ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?;
    Ok(if encrypted {
        builder.with_platform_verifier()?.with_no_client_auth()
    } else {
        builder.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth()
    })
}

fn silent() -> Fault {
    let reason = "the server has gone silent; it will be tried again later.";
    Fault::Trouble(Trouble::Away, reason.to_owned())
}

/// Why there is no answer.
struct Failure {
    fault: Fault,
    /// It may be gone in a moment.
    passing: bool,
    /// Nothing of the request was sent.
    unsent: bool,
}

impl Failure {
    fn of(error: &reqwest::Error) -> Self {
        let away = |reason: &str| Fault::Trouble(Trouble::Away, reason.to_owned());
        let unsent = error.is_connect();
        let mut cause: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(inner) = cause {
            if let Some(tls) = rustls_error(inner) {
                return Self { fault: certificate(tls), passing: false, unsent };
            }
            if inner.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse) {
                let fault = Fault::senseless("what answers there is no web server.");
                return Self { fault, passing: false, unsent };
            }
            cause = inner.source();
        }
        if unsent {
            let fault =
                away("it cannot be reached; is this computer online, is the address right?");
            return Self { fault, passing: !error.is_timeout(), unsent };
        }
        Self { fault: away("the connection broke off."), passing: !error.is_timeout(), unsent }
    }
}

/// The fault of the encryption in an error, however often it is wrapped.
fn rustls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut error = error;
    while let Some(inner) = error.downcast_ref::<std::io::Error>().and_then(|io| io.get_ref()) {
        error = inner;
    }
    error.downcast_ref::<rustls::Error>()
}

fn certificate(error: &rustls::Error) -> Fault {
    Fault::senseless(match error {
        rustls::Error::InvalidCertificate(_) => {
            "this computer does not trust the server's certificate, so it may be another server; \
             check the address and this computer's clock, or have the computer trust whoever \
             signed the certificate."
        }
        _ => "the server cannot agree on an encrypted connection; is the address right?",
    })
}

/// A file on its way, in parts.
struct Upload {
    rest: Bytes,
    moved: Arc<AtomicU64>,
}

impl Body for Upload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let length = self.rest.len().min(PART);
        self.moved.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.rest.len()).unwrap_or(u64::MAX))
    }
}
