//! What is answered to a request. The order matters: nothing is read, stored or looked up for who
//! has not shown that they may.

mod file;
mod watch;

pub use file::Share;

use crate::address::{Counts, Pace, asker};
use crate::answer::{Answer, CURSOR, MORE, Refusal, STORE, refused, whole};
use crate::away::Away;
use crate::clock::{Clock, DAY};
use crate::hub::Hub;
use crate::metrics::{Kind, Metrics};
use crate::names::{Question, Target, Topic, target};
use crate::options::Options;
use crate::sign::{self, Signed};
use crate::store::{Command, Readers, TopicRow};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Request, StatusCode};
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc, oneshot, watch as signal};

/// Bytes of one unit of memory for files under way.
const UNIT: u64 = 1024;

/// All that requests share.
pub struct Relay {
    /// What the operator chose.
    pub options: Options,
    /// The time.
    pub clock: Clock,
    /// The store, for reading.
    pub readers: Readers,
    /// The store's own name.
    pub store: HeaderValue,
    /// The store, for writing.
    pub writer: mpsc::Sender<Command>,
    /// The bucket, if that is where the bytes of files lie.
    pub away: Option<Arc<Away>>,
    /// Who is watching.
    pub hub: Arc<Hub>,
    /// The numbers.
    pub metrics: Arc<Metrics>,
    /// How often an address may ask.
    pub pace: Pace,
    /// How often an address may open a topic.
    pub opening: Pace,
    /// Connections of each address.
    pub connected: Counts,
    /// Memory for files under way, in units of 1 KiB; and what each address has of it.
    pub memory: Arc<Semaphore>,
    pub shares: Counts,
    /// Says when the relay stops.
    pub stop: signal::Receiver<bool>,
}

/// A request that may be answered.
struct Asked {
    topic: Topic,
    address: IpAddr,
    signed: Signed,
    row: Option<TopicRow>,
}

impl Relay {
    /// Answers a request that came from this address.
    pub async fn answer(self: Arc<Self>, peer: IpAddr, request: Request<Incoming>) -> Answer {
        let (parts, body) = request.into_parts();
        let address = asker(self.address(peer, &parts.headers));
        let goal = target(&parts.method, parts.uri.path(), parts.uri.query());
        let kind = match &goal {
            Ok(Target::Put(..)) => Kind::Put,
            Ok(Target::Get(..)) => Kind::Get,
            Ok(Target::Delete(..)) => Kind::Delete,
            Ok(Target::List(..)) => Kind::List,
            Ok(Target::Watch(..)) => Kind::Watch,
            Ok(Target::Health) => Kind::Health,
            Err(_) => Kind::Other,
        };
        let mut body = Some(body);
        let answer = match self.pace.take(address) {
            Ok(()) => match goal {
                Ok(goal) => self.act(goal, address, &parts, &mut body).await,
                Err(refusal) => Err(refusal),
            },
            Err(seconds) => Err(Refusal::TOO_MANY.again_after(seconds)),
        };
        let answer = match answer {
            Ok(answer) => answer,
            Err(refusal) => {
                // Who is still sending would not hear the answer otherwise.
                let end = match body {
                    Some(body) => !file::drain(body).await,
                    None => true,
                };
                refused(&refusal, end)
            }
        };
        self.metrics.answered(kind, answer.status().as_u16());
        if self.options.log_requests {
            crate::serve::log(&format!("{kind:?} {}", answer.status().as_u16()));
        }
        answer
    }

    /// Who asks: the other end, or whom the proxy in front names last.
    fn address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.options.behind_proxy {
            return peer;
        }
        let last = headers.get_all("x-forwarded-for").iter().next_back();
        let last =
            last.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        last.unwrap_or(peer)
    }

    async fn act(
        self: &Arc<Self>,
        goal: Target,
        address: IpAddr,
        parts: &Parts,
        body: &mut Option<Incoming>,
    ) -> Result<Answer, Refusal> {
        match goal {
            Target::Health => self.health().await,
            Target::Put(topic, name) => {
                let length = file::length(&parts.headers, self.options.limits.max_object)?;
                let asked = self.admit(topic, address, parts).await?;
                self.put(asked, name, length, body).await
            }
            Target::Get(topic, name) => {
                let asked = self.admit(topic, address, parts).await?;
                self.get(asked, name).await
            }
            Target::Delete(topic, name) => {
                let asked = self.admit(topic, address, parts).await?;
                let (reply, answer) = oneshot::channel();
                let mark = asked.signed.mark;
                self.ask(Command::Delete { topic, name, mark, reply }, answer).await?;
                self.wake();
                Ok(whole(StatusCode::OK, "text/plain", Bytes::new()))
            }
            Target::List(topic, question) => {
                self.admit(topic, address, parts).await?;
                self.list(topic, question).await
            }
            Target::Watch(topic, question) => {
                self.admit(topic, address, parts).await?;
                self.watch(topic, address, question).await
            }
        }
    }

    /// Checks the signature, then whether the topic may be used at all.
    async fn admit(&self, topic: Topic, address: IpAddr, parts: &Parts) -> Result<Asked, Refusal> {
        let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
        let now = (self.clock)();
        let signed = sign::check(&topic, parts.method.as_str(), path, &parts.headers, now)?;
        let row = self.readers.topic(topic).await?;
        match &row {
            Some(row) if row.used < now.saturating_sub(DAY) => {
                // Should the writer be too busy for this, the next request says it again.
                let _ = self.writer.try_send(Command::Touch(topic));
            }
            Some(_) => {}
            None => self.may_open(&parts.headers)?,
        }
        Ok(Asked { topic, address, signed, row })
    }

    fn may_open(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let Some(token) = &self.options.token else { return Ok(()) };
        let shown = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let shown = shown.and_then(|text| text.strip_prefix("Bearer ")).unwrap_or_default();
        if token.is(shown) { Ok(()) } else { Err(Refusal::NO_ADMISSION) }
    }

    /// Hands something to the thread that writes and waits for its answer.
    pub async fn ask<T>(
        &self,
        command: Command,
        answer: oneshot::Receiver<Result<T, Refusal>>,
    ) -> Result<T, Refusal> {
        self.writer.send(command).await.map_err(|_| Refusal::FAULT)?;
        answer.await.map_err(|_| Refusal::FAULT)?
    }

    /// Says that in the bucket there may be something to take away.
    pub fn wake(&self) {
        if let Some(away) = &self.away {
            away.wake();
        }
    }

    async fn health(&self) -> Result<Answer, Refusal> {
        self.readers.ping().await.map_err(|_| Refusal::BUSY)?;
        let (reply, answer) = oneshot::channel();
        self.ask(Command::Ping(reply), answer).await.map_err(|_| Refusal::BUSY)?;
        Ok(whole(StatusCode::OK, "text/plain", Bytes::from_static(b"ok\n")))
    }

    async fn list(&self, topic: Topic, question: Question) -> Result<Answer, Refusal> {
        let changes = self.readers.changes(topic, question).await?;
        let mut text = String::new();
        for line in &changes.lines {
            text.push_str(&line.line());
            text.push('\n');
        }
        let mut answer = whole(StatusCode::OK, "text/plain", text.into());
        self.mark(&mut answer, CURSOR, HeaderValue::from(changes.cursor));
        self.mark(&mut answer, STORE, self.store.clone());
        if changes.more {
            self.mark(&mut answer, MORE, HeaderValue::from_static("1"));
        }
        Ok(answer)
    }

    fn mark(&self, answer: &mut Answer, name: HeaderName, value: HeaderValue) {
        answer.headers_mut().insert(name, value);
    }
}
