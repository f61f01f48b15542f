//! Hearing at once what changes in a room.

use super::listing::{Listing, Wrong, number};
use super::{RelayShelf, lock};
use commonhold_sync::shelf::{Error, Trouble};
use reqwest::{Method, Response, StatusCode};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// A relay says something every 25 seconds; after this it is gone.
const SILENCE: Duration = Duration::from_secs(65);
/// Longest line.
const LINE: usize = 512;

/// Ends watching, from any thread.
#[derive(Clone, Debug)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Default for Stop {
    fn default() -> Self {
        Self(Arc::new(watch::channel(false).0))
    }
}

impl Stop {
    /// Ends every watching that was given this, also one that begins later.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was called.
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is called.
    async fn wait(&self) {
        let mut told = self.0.subscribe();
        // We hold the sender, so this does not fail.
        let _ = told.wait_for(|stopped| *stopped).await;
    }
}

/// Says that somebody keeps the listing up to date, as long as that is so.
struct Keeping<'a>(&'a Mutex<Listing>, bool);

impl Keeping<'_> {
    fn begin(&mut self) {
        if !self.1 {
            lock(self.0).keep(true);
            self.1 = true;
        }
    }
}

impl Drop for Keeping<'_> {
    fn drop(&mut self) {
        if self.1 {
            lock(self.0).keep(false);
        }
    }
}

/// What has been read of a stream of events.
struct Stream {
    line: Vec<u8>,
    /// Number of the last change it said.
    last: u64,
    epoch: u64,
}

/// What a piece of it said.
#[derive(Default)]
struct Heard {
    changed: bool,
    /// It said how far it is, so it has said everything so far.
    reached: bool,
}

impl Stream {
    fn piece(&mut self, piece: &[u8], listing: &Mutex<Listing>) -> Result<Heard, Wrong> {
        let mut heard = Heard::default();
        let mut listing = lock(listing);
        for byte in piece {
            if *byte != b'\n' {
                if self.line.len() >= LINE {
                    return Err(Wrong::Nonsense);
                }
                self.line.push(*byte);
                continue;
            }
            let line = std::mem::take(&mut self.line);
            let line = std::str::from_utf8(&line).map_err(|_| Wrong::Nonsense)?;
            if let Some(change) = line.strip_prefix("data: ") {
                self.last = listing.line(change, self.last, self.epoch)?;
                heard.changed = true;
            } else if let Some(cursor) = line.strip_prefix(": ") {
                let cursor = number(cursor).ok_or(Wrong::Nonsense)?;
                listing.reached(cursor, self.last, self.epoch)?;
                self.last = cursor;
                heard.reached = true;
            } else if !line.is_empty() {
                return Err(Wrong::Nonsense);
            }
        }
        Ok(heard)
    }
}

impl RelayShelf {
    /// Listens until the connection ends, `stop` is called or `on_change` says no. `on_change` is
    /// called once when everything so far is known, and then whenever something has changed; it
    /// may use the shelf, whose listing is then answered from what was heard. For a thread of its
    /// own. `Ok` if it was stopped; else why it ended: begin again, after a pause.
    pub fn watch(&self, stop: &Stop, mut on_change: impl FnMut() -> bool) -> Result<(), Error> {
        let Some((mut answer, mut stream)) = self.begin(stop)? else { return Ok(()) };
        let mut keeping = Keeping(&self.listing, false);
        loop {
            // The calling thread waits in here for each piece; outside it may wait for others.
            let piece = self.relay.wait(async {
                tokio::select! {
                    () = stop.wait() => Ok(None),
                    piece = timeout(SILENCE, answer.chunk()) => match piece {
                        Ok(Ok(Some(piece))) => Ok(Some(piece)),
                        Ok(_) => Err(self.relay.fail(Trouble::Away, "the connection ended")),
                        Err(_) => Err(self.relay.fail(Trouble::Away, "it has fallen silent")),
                    },
                }
            })?;
            let Some(piece) = piece else { return Ok(()) };
            let heard = stream.piece(&piece, &self.listing).map_err(|w| self.nonsense(&w))?;
            let first = heard.reached && !keeping.1;
            if heard.reached {
                keeping.begin();
            }
            if keeping.1 && (heard.changed || first) && !on_change() {
                return Ok(());
            }
        }
    }

    /// Begins to listen; nothing if it was stopped meanwhile.
    fn begin(&self, stop: &Stop) -> Result<Option<(Response, Stream)>, Error> {
        // The second time is for a store that does not know the cursor of the first.
        for _ in 0..2 {
            let (after, epoch) = lock(&self.listing).place();
            let question = self.question(Method::GET, &format!("?watch&after={after}"), None);
            let answer = self.relay.wait(async {
                tokio::select! {
                    () = stop.wait() => Ok(None),
                    answer = self.relay.ask(&question) => answer.map(Some),
                }
            })?;
            let Some(answer) = answer else { return Ok(None) };
            if answer.status() == StatusCode::GONE {
                lock(&self.listing).begin_anew(None);
                continue;
            }
            let answer = self.relay.wait(self.relay.fine(answer, &question))?;
            let (_, store) = self.relay.marks(&answer)?;
            if lock(&self.listing).is_of(&store) {
                return Ok(Some((answer, Stream { line: Vec::new(), last: after, epoch })));
            }
            lock(&self.listing).begin_anew(Some(store));
        }
        Err(self.relay.fail(Trouble::Broken, "it forgets at once what it has said"))
    }
}
