//! One connection to another device, and what was said on it.

use super::limits::{FILES_OF_ONE, Pace, REFUSALS, WINDOW_ASKING};
use super::listing::{self, Listing};
use super::lock;
use commonhold_core::id::{BookId, Device};
use iroh::endpoint::{Connection, VarInt};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// Why a connection is closed (application error codes of QUIC, RFC 9000).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// The program ends.
    Bye = 0,
    /// The other side said what makes no sense.
    Nonsense = 1,
    /// Nobody was let in to anything.
    Nothing = 2,
    /// There are newer connections enough.
    Crowded = 3,
    /// The other side was refused too often.
    Refused = 4,
}

/// What went over the connections with a device, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Requests, answers and notices said.
    pub said: u64,
    /// Requests, answers and notices heard.
    pub told: u64,
    /// Everything sent, with encryption, acknowledgements and signs of life.
    pub sent: u64,
    /// Everything received, likewise.
    pub received: u64,
}

/// What the other side was told of a book.
struct Given {
    number: u32,
    listing: Listing,
    /// The listing it has taken everything wanted of (0: none).
    finished: u32,
}

/// What the other side told of a book.
#[derive(Default)]
pub struct Heard {
    /// Number of the listing; 0 before the first.
    pub number: u32,
    /// The files.
    pub listing: Listing,
}

/// How far the other side has come with a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It has taken all it wants of what is there.
    Finished,
    /// It knows what is there.
    Looked,
    /// It does not know all that is there.
    Behind,
}

/// One connection.
pub struct Link {
    /// Who is at the other end; it has proved to have this key.
    pub device: Device,
    /// The connection itself.
    pub connection: Connection,
    /// Whether this side made it.
    pub ours: bool,
    /// Answers with a file that may be in memory at the same time.
    pub files: Semaphore,
    proven: AtomicBool,
    wide: AtomicBool,
    refusals: AtomicU32,
    busy: AtomicUsize,
    said: AtomicU64,
    told: AtomicU64,
    pace: Mutex<Pace>,
    given: Mutex<HashMap<BookId, Given>>,
    heard: Mutex<HashMap<BookId, Arc<tokio::sync::Mutex<Heard>>>>,
}

/// Something is under way on a connection, as long as this is kept.
pub struct Busy<'a>(&'a AtomicUsize);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Link {
    /// A new one, on which nothing was said.
    pub fn new(connection: Connection, ours: bool) -> Self {
        Self {
            device: Device(*connection.remote_id().as_bytes()),
            connection,
            ours,
            files: Semaphore::new(FILES_OF_ONE),
            proven: AtomicBool::new(false),
            wide: AtomicBool::new(false),
            refusals: AtomicU32::new(0),
            busy: AtomicUsize::new(0),
            said: AtomicU64::new(0),
            told: AtomicU64::new(0),
            pace: Mutex::new(Pace::new(Instant::now())),
            given: Mutex::default(),
            heard: Mutex::default(),
        }
    }

    /// Whether it can still be used.
    pub fn alive(&self) -> bool {
        self.connection.close_reason().is_none()
    }

    /// Ends it.
    pub fn close(&self, why: Close) {
        self.connection.close(VarInt::from_u32(why as u32), b"");
    }

    /// One side let the other in to a book: this connection is of use.
    pub fn prove(&self) {
        self.proven.store(true, Ordering::Relaxed);
    }

    /// Whether one side let the other in to a book.
    pub fn proven(&self) -> bool {
        self.proven.load(Ordering::Relaxed)
    }

    /// The other side was refused; too often ends a connection that is of no use.
    pub fn refuse(&self) {
        let before = self.refusals.fetch_add(1, Ordering::Relaxed);
        if before >= REFUSALS && !self.proven() {
            self.close(Close::Refused);
        }
    }

    /// Keeps the connection for as long as something is under way.
    pub fn busy(&self) -> Busy<'_> {
        self.busy.fetch_add(1, Ordering::Relaxed);
        Busy(&self.busy)
    }

    /// Whether it has no use: nobody was let in, and nothing is under way.
    pub fn idle(&self) -> bool {
        !self.proven() && self.busy.load(Ordering::Relaxed) == 0
    }

    /// Counts bytes that were said to the other side.
    pub fn said(&self, bytes: usize) {
        self.said.fetch_add(u64::try_from(bytes).unwrap_or(0), Ordering::Relaxed);
    }

    /// Counts bytes that the other side said.
    pub fn told(&self, bytes: usize) {
        self.told.fetch_add(u64::try_from(bytes).unwrap_or(0), Ordering::Relaxed);
    }

    /// What went over it until now.
    pub fn traffic(&self) -> Traffic {
        let stats = self.connection.stats();
        Traffic {
            said: self.said.load(Ordering::Relaxed),
            told: self.told.load(Ordering::Relaxed),
            sent: stats.udp_tx.bytes,
            received: stats.udp_rx.bytes,
        }
    }

    /// Waits until one more request may be looked at.
    pub async fn pace(&self) {
        let wait = lock(&self.pace).wait(Instant::now(), self.proven());
        if wait > Duration::ZERO {
            tokio::time::sleep(wait).await;
        }
    }

    /// Lets more arrive at once: this side asks for files.
    pub fn widen(&self) {
        if !self.wide.swap(true, Ordering::Relaxed) {
            self.connection.set_receive_window(VarInt::from_u32(WINDOW_ASKING));
        }
    }

    /// The answer to one who has seen the listing of that number: these files. Nothing when they
    /// cannot be said.
    pub fn give(&self, book: &BookId, seen: u32, now: Listing) -> Option<Vec<u8>> {
        let mut all = lock(&self.given);
        let Some(given) = all.get_mut(book) else {
            let body = listing::encode(1, None, &now)?;
            all.insert(*book, Given { number: 1, listing: now, finished: 0 });
            return Some(body);
        };
        let before = (given.number == seen).then_some(&given.listing);
        let same = given.listing == now;
        let next = given.number.checked_add(1).unwrap_or(1);
        let number = if same { given.number } else { next };
        let body = listing::encode(number, before, &now)?;
        given.number = number;
        given.listing = now;
        Some(body)
    }

    /// The other side has taken what it wants of the listing with this number.
    pub fn has_finished(&self, book: &BookId, number: u32) {
        if let Some(given) = lock(&self.given).get_mut(book) {
            given.finished = number;
        }
    }

    /// How far the other side has come, when these files are there now.
    pub fn progress(&self, book: &BookId, now: &Listing) -> Progress {
        match lock(&self.given).get(book) {
            Some(given) if given.listing != *now => Progress::Behind,
            Some(given) if given.finished == given.number => Progress::Finished,
            Some(_) => Progress::Looked,
            None => Progress::Behind,
        }
    }

    /// What was heard of a book; locked by whoever asks.
    pub fn heard(&self, book: &BookId) -> Arc<tokio::sync::Mutex<Heard>> {
        lock(&self.heard).entry(*book).or_default().clone()
    }

    /// What was heard of a book, if it was asked for.
    pub fn heard_already(&self, book: &BookId) -> Option<Arc<tokio::sync::Mutex<Heard>>> {
        lock(&self.heard).get(book).cloned()
    }
}
