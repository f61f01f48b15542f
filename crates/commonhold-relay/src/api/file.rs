//! Laying down a file and reading one.

use super::{Asked, Relay, UNIT};
use crate::answer::{Answer, Content, Refusal, whole};
use crate::away::Away;
use crate::names::Topic;
use crate::store::{Came, Command, Found, Intent, Put};
use http_body_util::BodyExt;
use hyper::StatusCode;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_LENGTH, HeaderMap, TRANSFER_ENCODING};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::time::{Instant, timeout, timeout_at};

/// A file that comes more slowly than so many bytes a second is not waited for.
const SLOWEST: u64 = 16 << 10;
/// Files up to this size need no memory of their own.
const SMALL: u64 = 64 << 10;
/// Most bytes of a refused file that are read and thrown away, so that the answer is heard.
const DRAIN: usize = 1 << 20;

/// How often a file is looked for that is replaced again and again meanwhile.
const TRIES: usize = 3;

/// A share of the memory for files under way, given back when dropped.
pub struct Share {
    relay: Arc<Relay>,
    address: IpAddr,
    units: u32,
    permit: Option<OwnedSemaphorePermit>,
}

impl Drop for Share {
    fn drop(&mut self) {
        self.relay.shares.remove_some(self.address, self.units.into());
        self.permit = None;
    }
}

/// The declared length of a file, if the relay takes files of that length. HTTP lets out the length
/// of a file that is empty.
pub fn length(headers: &HeaderMap, most: u64) -> Result<u64, Refusal> {
    let length = match headers.get(CONTENT_LENGTH) {
        None if headers.contains_key(TRANSFER_ENCODING) => return Err(Refusal::NO_LENGTH),
        None => 0,
        Some(text) => {
            let length = text.to_str().ok().and_then(|text| text.parse().ok());
            length.ok_or(Refusal::NO_LENGTH)?
        }
    };
    if length > most { Err(Refusal::TOO_LARGE) } else { Ok(length) }
}

/// Reads what is left of a refused request; says whether it came to its end.
pub async fn drain(mut body: Incoming) -> bool {
    let until = Instant::now().checked_add(Duration::from_secs(2));
    let until = until.unwrap_or_else(Instant::now);
    let mut left = DRAIN;
    while let Ok(piece) = timeout_at(until, body.frame()).await {
        let Some(piece) = piece else { return true };
        let length = piece.ok().and_then(|piece| piece.into_data().ok()).map(|data| data.len());
        let Some(rest) = length.and_then(|length| left.checked_sub(length)) else { return false };
        left = rest;
    }
    false
}

impl Relay {
    fn stall(&self) -> Duration {
        Duration::from_secs(self.options.limits.stall_seconds)
    }

    /// Memory for a file of this length, or the advice to come back. Short files need not wait for
    /// it: so many of them as there are connections fit anyway.
    async fn room(self: &Arc<Self>, asked: &Asked, length: u64) -> Result<Option<Share>, Refusal> {
        if length <= SMALL {
            return Ok(None);
        }
        let (relay, address) = (Arc::clone(self), asked.address);
        let units = u32::try_from(length.div_ceil(UNIT)).map_err(|_| Refusal::TOO_LARGE)?;
        let limits = &self.options.limits;
        // One address alone must not keep all others waiting.
        let most = (limits.max_in_flight / 4).max(limits.max_object).div_ceil(UNIT);
        let busy = Refusal::BUSY.again_after(5);
        if !self.shares.add_some(address, units.into(), most) {
            return Err(busy);
        }
        let mut share = Share { relay, address, units, permit: None };
        let permit = Arc::clone(&self.memory).acquire_many_owned(units);
        let permit = timeout(self.stall(), permit).await.ok().and_then(Result::ok).ok_or(busy)?;
        share.permit = Some(permit);
        Ok(Some(share))
    }

    pub(super) async fn put(
        self: &Arc<Self>,
        asked: Asked,
        name: String,
        length: u64,
        body: &mut Option<Incoming>,
    ) -> Result<Answer, Refusal> {
        let limits = &self.options.limits;
        match &asked.row {
            // The writer asks this again, exactly; here it saves reading the file.
            Some(row) if row.bytes > limits.max_topic || row.files > limits.max_topic_files => {
                return Err(Refusal::TOPIC_FULL);
            }
            Some(_) => {}
            None => {
                let wait = |seconds| Refusal::TOO_MANY_TOPICS.again_after(seconds);
                self.opening.take(asked.address).map_err(wait)?;
            }
        }
        let room = self.room(&asked, length).await?;
        let bytes = self.receive(length, asked.signed.body, body.take()).await?;
        let came = Instant::now();
        let (topic, mark) = (asked.topic, asked.signed.mark);
        let done = match &self.away {
            None => self.write(topic, name, Came::Here(bytes), mark).await?,
            Some(away) => {
                let (relay, away) = (Arc::clone(self), Arc::clone(away));
                // Also when who asked is gone meanwhile, this comes to its end.
                let work = tokio::spawn(async move {
                    let _room = room;
                    relay.put_away(&away, topic, name, bytes, mark).await
                });
                work.await.map_err(|_| Refusal::FAULT)??
            }
        };
        self.metrics.put(came.elapsed());
        let status = if done == Put::New { StatusCode::CREATED } else { StatusCode::OK };
        Ok(whole(status, "text/plain", Bytes::new()))
    }

    async fn write(
        &self,
        topic: Topic,
        name: String,
        body: Came,
        mark: [u8; 16],
    ) -> Result<Put, Refusal> {
        let (reply, answer) = oneshot::channel();
        self.ask(Command::Put { topic, name, body, mark, reply }, answer).await
    }

    /// Lays a file down in the bucket and then lists it. Before, its name there is noted, so that
    /// nothing lies there unknown whatever happens.
    async fn put_away(
        &self,
        away: &Away,
        topic: Topic,
        name: String,
        bytes: Vec<u8>,
        mark: [u8; 16],
    ) -> Result<Put, Refusal> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let (reply, answer) = oneshot::channel();
        let intend = Command::Intend { topic, name: name.clone(), length, mark, reply };
        let Intent::Lay(id, key) = self.ask(intend, answer).await? else { return Ok(Put::Again) };
        let done = match away.put(&key, &bytes).await {
            Ok(()) => self.write(topic, name, Came::Away(id, length), mark).await,
            Err(refusal) => Err(refusal),
        };
        if !matches!(done, Ok(Put::New | Put::Replaced)) {
            let _ = self.writer.send(Command::Spoil(id)).await;
        }
        if done != Ok(Put::New) {
            away.wake();
        }
        done
    }

    /// Reads a file of this length and this hash.
    async fn receive(
        &self,
        length: u64,
        hash: blake3::Hash,
        body: Option<Incoming>,
    ) -> Result<Vec<u8>, Refusal> {
        let mut body = body.ok_or(Refusal::BROKEN_OFF)?;
        let length = usize::try_from(length).map_err(|_| Refusal::TOO_LARGE)?;
        let seconds = u64::try_from(length).unwrap_or(u64::MAX) / SLOWEST;
        let most = self.stall().saturating_add(Duration::from_secs(seconds));
        let until = Instant::now().checked_add(most).unwrap_or_else(Instant::now);
        let (mut bytes, mut hasher) = (Vec::new(), blake3::Hasher::new());
        loop {
            let piece = timeout_at(until, timeout(self.stall(), body.frame())).await;
            let Ok(Ok(piece)) = piece else { return Err(Refusal::SLOW) };
            let Some(piece) = piece else { break };
            let data = piece.map_err(|_| Refusal::BROKEN_OFF)?.into_data();
            let data = data.map_err(|_| Refusal::BROKEN_OFF)?;
            if bytes.len().saturating_add(data.len()) > length {
                return Err(Refusal::TOO_LARGE);
            }
            if bytes.is_empty() {
                bytes.reserve_exact(length.min(data.len().saturating_mul(4)));
            }
            hasher.update(&data);
            bytes.extend_from_slice(&data);
        }
        if bytes.len() != length {
            return Err(Refusal::BROKEN_OFF);
        }
        if hasher.finalize() != hash {
            return Err(Refusal::WRONG_BODY);
        }
        Ok(bytes)
    }

    pub(super) async fn get(
        self: &Arc<Self>,
        asked: Asked,
        name: String,
    ) -> Result<Answer, Refusal> {
        let row = asked.row.as_ref().ok_or(Refusal::NOT_HERE)?;
        match self.readers.file(row.id, name.clone(), false).await? {
            Found::No => Err(Refusal::NOT_HERE),
            Found::Small(bytes) => Ok(answer(bytes, None)),
            Found::Large(length) => {
                let room = self.room(&asked, length).await?;
                match self.readers.file(row.id, name, true).await? {
                    Found::Small(bytes) => Ok(answer(bytes, room)),
                    Found::No | Found::Large(_) | Found::Away(..) => Err(Refusal::NOT_HERE),
                }
            }
            Found::Away(key, length) => self.get_away(&asked, row.id, name, key, length).await,
        }
    }

    /// Reads a file in the bucket. Another may take its place meanwhile; then that is read.
    async fn get_away(
        self: &Arc<Self>,
        asked: &Asked,
        topic: i64,
        name: String,
        mut key: String,
        mut length: u64,
    ) -> Result<Answer, Refusal> {
        let away = self.away.as_ref().ok_or(Refusal::FAULT)?;
        for _ in 0..TRIES {
            let room = self.room(asked, length).await?;
            if let Some(bytes) = away.get(&key, length).await? {
                return Ok(answer(bytes, room));
            }
            match self.readers.file(topic, name.clone(), false).await? {
                Found::Away(now, _) if now == key => {
                    away.lacks();
                    return Err(Refusal::NOT_HERE);
                }
                Found::Away(now, bytes) => (key, length) = (now, bytes),
                _ => return Err(Refusal::NOT_HERE),
            }
        }
        Err(Refusal::BUSY.again_after(5))
    }
}

/// A file, with its share of the memory.
fn answer(bytes: Vec<u8>, room: Option<Share>) -> Answer {
    let answer = whole(StatusCode::OK, "application/octet-stream", bytes.into());
    answer.map(|content| match content {
        Content::Whole(bytes, _) => Content::Whole(bytes, room),
        other @ Content::Stream(_) => other,
    })
}
