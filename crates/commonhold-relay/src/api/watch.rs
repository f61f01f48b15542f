//! Telling a device at once what changes (Server-Sent Events).

use super::Relay;
use crate::answer::{Answer, CURSOR, Refusal, STORE, stream};
use crate::hub::{News, Seat};
use crate::names::{Question, Topic};
use crate::store::{Changes, Command};
use hyper::body::Bytes;
use hyper::header::HeaderValue;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

/// How often something is said when there is nothing to say: more often than routers forget.
const BEAT: Duration = Duration::from_secs(25);
/// Beats in an hour: how often it is noted that the topic is used.
const HOUR: u32 = 144;
/// Most bytes that are gathered to be sent together.
const GATHER: usize = 16 << 10;

impl Relay {
    pub(super) async fn watch(
        self: &Arc<Self>,
        topic: Topic,
        address: IpAddr,
        question: Question,
    ) -> Result<Answer, Refusal> {
        // First the seat, then the list: what changes between is heard twice and said once.
        let seat = self.hub.join(topic, address, &self.options.limits)?;
        let first = self.readers.changes(topic, question.clone()).await?;
        let (pieces, receiver) = mpsc::channel(4);
        let mut answer = stream("text/event-stream", receiver);
        self.mark(&mut answer, CURSOR, HeaderValue::from(question.after));
        self.mark(&mut answer, STORE, self.store.clone());
        let teller = Teller { relay: Arc::clone(self), topic, question, seat, pieces };
        tokio::spawn(teller.run(first));
        Ok(answer)
    }
}

/// Tells one device.
struct Teller {
    relay: Arc<Relay>,
    topic: Topic,
    /// What it asked for; `after` is what it has heard.
    question: Question,
    seat: Seat,
    pieces: mpsc::Sender<Bytes>,
}

impl Teller {
    /// Goes on until the device is gone or the relay stops.
    async fn run(mut self, first: Changes) {
        let mut stop = self.relay.stop.clone();
        let gone = self.pieces.clone();
        tokio::select! {
            _ = self.tell(first) => {}
            () = gone.closed() => {}
            _ = stop.wait_for(|stopped| *stopped) => {}
        }
    }

    async fn tell(&mut self, first: Changes) -> Option<()> {
        self.say_all(first).await?;
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        beat.tick().await;
        let mut beats = 0_u32;
        loop {
            tokio::select! {
                news = self.seat.news.recv() => match news {
                    Ok(news) => self.say_news(news).await?,
                    Err(RecvError::Lagged(_)) => self.catch_up().await?,
                    Err(RecvError::Closed) => return None,
                },
                _ = beat.tick() => {
                    self.say_cursor().await?;
                    beats = beats.wrapping_add(1);
                    if beats.is_multiple_of(HOUR) {
                        let _ = self.relay.writer.try_send(Command::Touch(self.topic));
                    }
                }
            }
        }
    }

    /// Says what the store knows, page by page, and then that this was all.
    async fn say_all(&mut self, mut page: Changes) -> Option<()> {
        loop {
            let mut text = String::new();
            for change in &page.lines {
                text.push_str(&News::new(change).event);
                if text.len() >= GATHER {
                    self.pieces.send(std::mem::take(&mut text).into()).await.ok()?;
                }
            }
            self.question.after = page.cursor;
            if !text.is_empty() {
                self.pieces.send(text.into()).await.ok()?;
            }
            if !page.more {
                return self.say_cursor().await;
            }
            page = self.relay.readers.changes(self.topic, self.question.clone()).await.ok()?;
        }
    }

    /// Reads from the store what went by too fast.
    async fn catch_up(&mut self) -> Option<()> {
        self.seat.news = self.seat.news.resubscribe();
        let page = self.relay.readers.changes(self.topic, self.question.clone()).await.ok()?;
        self.say_all(page).await
    }

    async fn say_news(&mut self, first: News) -> Option<()> {
        let (mut text, mut next, mut lagged) = (String::new(), Some(first), false);
        while let Some(news) = next.take() {
            if news.n > self.question.after {
                self.question.after = news.n;
                if news.name.starts_with(&self.question.prefix) {
                    text.push_str(&news.event);
                }
            }
            if text.len() < GATHER {
                match self.seat.news.try_recv() {
                    Ok(news) => next = Some(news),
                    Err(TryRecvError::Lagged(_)) => lagged = true,
                    Err(TryRecvError::Empty | TryRecvError::Closed) => {}
                }
            }
        }
        if !text.is_empty() {
            self.pieces.send(text.into()).await.ok()?;
        }
        if lagged { self.catch_up().await } else { Some(()) }
    }

    /// Says how far the device is; nothing it asked for is missing up to there.
    async fn say_cursor(&self) -> Option<()> {
        let text = format!(": {}\n\n", self.question.after);
        self.pieces.send(text.into()).await.ok()
    }
}
