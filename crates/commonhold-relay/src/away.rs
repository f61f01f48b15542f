//! The bucket that holds the bytes of files, where the operator chose one. It may hang, fail and
//! come back: whoever lays a file down then hears 503 and comes again; nothing is acknowledged that
//! the bucket has not taken.

use crate::answer::Refusal;
use crate::api::Relay;
use crate::metrics::Metrics;
use crate::store::Command;
use commonhold_bucket::{Bucket, Error, Trouble};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore, SemaphorePermit, oneshot};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// Requests to the bucket at the same time.
const PLACES: usize = 64;
/// How long a request waits for its turn.
const TURN: Duration = Duration::from_secs(20);
/// Seconds after which one may come again when the bucket is away.
const AGAIN: u64 = 15;
/// Files taken away in one part.
const PART: usize = 16;
/// How often it is looked for files to take away when nobody says that there are some.
const LOOK: Duration = Duration::from_secs(60);
/// How long after a failure, at first and at most.
const WAIT: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(300));

/// The bucket, as requests use it.
pub struct Away {
    bucket: Bucket,
    places: Semaphore,
    metrics: Arc<Metrics>,
    failing: AtomicBool,
    wake: Notify,
}

impl Away {
    /// Uses this bucket.
    pub fn new(bucket: Bucket, metrics: Arc<Metrics>) -> Self {
        metrics.bucket(true);
        let (places, failing) = (Semaphore::new(PLACES), AtomicBool::new(false));
        Self { bucket, places, metrics, failing, wake: Notify::new() }
    }

    /// Says that there is something to take away.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    async fn turn(&self) -> Result<SemaphorePermit<'_>, Refusal> {
        let turn = timeout(TURN, self.places.acquire()).await;
        turn.ok().and_then(Result::ok).ok_or(Refusal::AWAY.again_after(AGAIN))
    }

    /// Counts what came of a request, and says it in the log when that begins or ends to fail.
    fn said<T>(&self, done: Result<T, Error>) -> Result<T, Refusal> {
        match done {
            Ok(done) => {
                if self.failing.swap(false, Relaxed) {
                    crate::serve::log(&format!("{} answers again", self.bucket.place()));
                }
                self.metrics.bucket(true);
                Ok(done)
            }
            Err(error) => {
                if !self.failing.swap(true, Relaxed) {
                    crate::serve::log(&error.to_string());
                }
                self.metrics.bucket(false);
                Err(match error.trouble {
                    Trouble::Full => Refusal::AWAY_FULL.again_after(60),
                    _ => Refusal::AWAY.again_after(AGAIN),
                })
            }
        }
    }

    /// Lays down a file; when this is well, the bucket has it.
    pub async fn put(&self, key: &str, bytes: &[u8]) -> Result<(), Refusal> {
        let _turn = self.turn().await?;
        self.said(self.bucket.put(key, bytes).await)
    }

    /// Reads a file of this length; nothing if it is not there.
    pub async fn get(&self, key: &str, length: u64) -> Result<Option<Vec<u8>>, Refusal> {
        let _turn = self.turn().await?;
        let found = self.said(self.bucket.get(key, length.saturating_add(1)).await)?;
        let Some(bytes) = found else { return Ok(None) };
        if u64::try_from(bytes.len()).is_ok_and(|found| found == length) {
            return Ok(Some(bytes));
        }
        let reason = "a file there has not the length it was laid down with.".to_owned();
        let place = self.bucket.place().to_owned();
        self.said(Err(Error { place, trouble: Trouble::Broken, reason }))
    }

    /// Says in the log that a file is not there which should be.
    pub fn lacks(&self) {
        let place = self.bucket.place();
        crate::serve::log(&format!("{place}: a file is not there that was laid down"));
    }
}

/// Takes away in the bucket what nobody needs, a part at a time; what fails is tried again.
pub async fn sweep_for_ever(relay: Arc<Relay>) {
    let Some(away) = relay.away.clone() else { return };
    let (mut stop, mut wait) = (relay.stop.clone(), WAIT.0);
    loop {
        let (pause, hear) = match sweep(&relay, &away).await {
            Ok(true) => (Duration::ZERO, true),
            Ok(false) => (LOOK, true),
            Err(_) => {
                let now = wait;
                wait = wait.saturating_mul(2).min(WAIT.1);
                (now, false)
            }
        };
        if hear {
            wait = WAIT.0;
        }
        tokio::select! {
            () = sleep(pause) => {}
            () = away.wake.notified(), if hear => {}
            _ = stop.wait_for(|stopped| *stopped) => return,
        }
    }
}

/// Takes a part away; says whether there may be more.
async fn sweep(relay: &Relay, away: &Arc<Away>) -> Result<bool, Refusal> {
    let part = relay.readers.waste(PART).await?;
    let more = part.len() == PART;
    let mut work = JoinSet::new();
    for (id, key) in part {
        let away = Arc::clone(away);
        work.spawn(async move {
            let _turn = away.turn().await?;
            away.said(away.bucket.remove(&key).await).map(|()| id)
        });
    }
    let (mut gone, mut trouble) = (Vec::new(), None);
    while let Some(done) = work.join_next().await {
        match done {
            Ok(Ok(id)) => gone.push(id),
            Ok(Err(refusal)) => trouble = Some(refusal),
            Err(_) => trouble = Some(Refusal::FAULT),
        }
    }
    if !gone.is_empty() {
        let (reply, answer) = oneshot::channel();
        relay.ask(Command::Swept(gone, reply), answer).await?;
    }
    match trouble {
        Some(refusal) => Err(refusal),
        None => Ok(more),
    }
}
