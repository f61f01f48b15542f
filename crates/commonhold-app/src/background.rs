//! Exchange that goes on by itself while a profile is open: after changes here, when a place says
//! that something is new, now and then, and again when the network is back. Every place has a
//! thread of its own, so that a slow one delays nobody; the profile is lent to it for moments.

mod plan;
mod watch;
mod worker;

use crate::app::{App, Lend};
use crate::clock::{self, System, World};
use crate::commands::remotes;
use crate::commands::sync::SyncReport;
use crate::events::Progress;
use crate::failure::Failure;
use crate::live::{self, Live, LiveChoice};
use crate::places::{Address, PlaceKind};
use commonhold_core::{BookId, Device};
use commonhold_net::peer::{PeerAddress, Peers};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use worker::Worker;

/// Who has the profile, and hears what happens.
pub trait Owner: Send + Sync {
    /// Lends the profile for one piece of work.
    fn lend(&self, work: &mut dyn FnMut(&mut App) -> Result<(), Failure>) -> Result<(), Failure>;
    /// Something about the exchange changed; who shows it reads it again.
    fn exchange_changed(&self, news: News<'_>);
}

/// What happened with a place.
#[derive(Debug)]
pub enum News<'a> {
    /// An exchange begins.
    Begins(&'a str),
    /// How far a long one is.
    Progress(&'a str, Progress),
    /// It is done.
    Done(&'a SyncReport),
    /// It did not work.
    Failed(&'a str, &'a Failure),
    /// Everything was paused or goes on, or the list of places changed.
    Paused(bool),
}

/// How it stands with the exchange that goes on by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct BackgroundState {
    /// Whether all of it is paused.
    pub paused: bool,
    /// The places that are being exchanged with right now.
    pub busy: Vec<String>,
    /// Places after trouble: in how many seconds each is tried again.
    pub retry: Vec<Retry>,
}

/// A place that is tried again later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Retry {
    /// Its address.
    pub address: String,
    /// In how many seconds.
    pub seconds: u32,
}

/// Milliseconds between looks at places that cannot tell that something changed there.
const OFTEN: u64 = 60_000;
/// The same for those that can.
const SELDOM: u64 = 300_000;
/// How often is looked whether the network came back.
const NETWORK: Duration = Duration::from_secs(5);

/// A worker and its thread.
type Running = (Arc<Worker>, JoinHandle<()>);

/// What all threads share.
struct Hub {
    owner: Arc<dyn Owner>,
    paused: AtomicBool,
    stop: AtomicBool,
    workers: Mutex<BTreeMap<String, Running>>,
    live: Mutex<Option<Live>>,
}

/// Exchange that goes on by itself; it ends when this is dropped.
pub struct Background {
    hub: Arc<Hub>,
    network: Option<JoinHandle<()>>,
}

/// Lends what an owner lends.
pub struct Lender<'a>(pub &'a dyn Owner);

impl Lend for Lender<'_> {
    fn lend(
        &mut self,
        work: &mut dyn FnMut(&mut App) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.0.lend(work)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn chance() -> u64 {
    let mut bytes = [0; 8];
    // Without chance all that is lost is that devices come back at different moments.
    let _ = System.random(&mut bytes);
    u64::from_be_bytes(bytes)
}

impl Background {
    /// Begins with the places known so far.
    pub fn start(owner: Arc<dyn Owner>) -> Self {
        let hub = Arc::new(Hub {
            owner,
            paused: AtomicBool::new(false),
            stop: AtomicBool::new(false),
            workers: Mutex::default(),
            live: Mutex::default(),
        });
        let background = Self { network: watch_network(&hub), hub };
        background.live_changed();
        background.places_changed();
        background
    }

    /// Reads the list of places again: after one was added, removed, paused or used first.
    pub fn places_changed(&self) {
        let mut wanted = Vec::new();
        let read = self.hub.owner.lend(&mut |app| {
            let known = remotes::list(app.reader())?;
            // A file is handed over by a person, when that person says so.
            let by_itself = |r: &remotes::Remote| !r.paused && r.kind != PlaceKind::File;
            wanted = known.into_iter().filter(by_itself).map(|r| r.address).collect();
            Ok(())
        });
        if read.is_err() {
            return; // a profile that only reads exchanges nothing
        }
        let mut gone = Vec::new();
        {
            let mut workers = lock(&self.hub.workers);
            let old: Vec<String> =
                workers.keys().filter(|known| self.over(known, &wanted)).cloned().collect();
            gone.extend(old.iter().filter_map(|address| workers.remove(address)));
            for text in wanted {
                let Ok(address) = Address::parse(&text) else { continue };
                if !workers.contains_key(&text)
                    && let Some(worker) = Worker::start(&self.hub, address)
                {
                    workers.insert(text, worker);
                }
            }
        }
        stop_all(gone);
        self.hub.owner.exchange_changed(News::Paused(self.paused()));
    }

    /// Whether a place is not used any more. Devices that came by themselves stay until they go.
    fn over(&self, known: &str, wanted: &[String]) -> bool {
        let by_itself = known.starts_with("peer:") && !known.contains('@');
        !wanted.iter().any(|address| address == known) && !by_itself
    }

    /// Reads again whether this device takes part in direct connections.
    pub fn live_changed(&self) {
        // What was before is over first: it may hold the same port.
        let before = lock(&self.hub.live).take();
        drop(before);
        let mut choice = LiveChoice::default();
        let read = self.hub.owner.lend(&mut |app| {
            choice = live::choice(app.reader())?;
            Ok(())
        });
        if read.is_err() || !choice.on {
            return;
        }
        let hub = Arc::downgrade(&self.hub);
        let heard = move |device: Device| {
            if let Some(hub) = hub.upgrade() {
                hub.heard(&device);
            }
        };
        match Live::start(&self.hub.owner, &choice, heard) {
            Ok(started) => *lock(&self.hub.live) = Some(started),
            Err(failure) => {
                self.hub.owner.exchange_changed(News::Failed("direct connections", &failure));
            }
        }
    }

    /// Where this device can be reached directly; nothing while it does not take part.
    pub fn address(&self) -> Option<PeerAddress> {
        lock(&self.hub.live).as_ref().and_then(Live::peers).map(Peers::address)
    }

    /// Something was written here, in these books.
    pub fn changed(&self, books: &[BookId]) {
        self.hub.changed(books, None);
    }

    /// Exchanges with every place now, whatever was planned.
    pub fn call(&self) {
        for (worker, _) in lock(&self.hub.workers).values() {
            worker.touch(|plan, now| plan.called(now));
        }
    }

    /// Pauses all, or goes on. What is under way stops.
    pub fn pause(&self, paused: bool) {
        self.hub.paused.store(paused, Ordering::SeqCst);
        self.call();
        self.hub.owner.exchange_changed(News::Paused(paused));
    }

    /// Whether all is paused.
    pub fn paused(&self) -> bool {
        self.hub.paused.load(Ordering::SeqCst)
    }

    /// How it stands.
    pub fn state(&self) -> BackgroundState {
        let now = clock::monotonic();
        let mut state = BackgroundState { paused: self.paused(), ..BackgroundState::default() };
        for (address, (worker, _)) in lock(&self.hub.workers).iter() {
            if worker.busy.load(Ordering::SeqCst) {
                state.busy.push(address.clone());
            } else if worker.failing.load(Ordering::SeqCst) {
                let wait = lock(&worker.plan).wait(now).unwrap_or(0);
                let seconds = u32::try_from(wait.div_ceil(1000)).unwrap_or(u32::MAX);
                state.retry.push(Retry { address: address.clone(), seconds });
            }
        }
        state
    }
}

impl Hub {
    /// There is something new in these books: for every place but the one it came from.
    fn changed(&self, books: &[BookId], from: Option<&Worker>) {
        if let Some(peers) = lock(&self.live).as_ref().and_then(Live::peers) {
            books.iter().for_each(|book| peers.tell_changed(book));
        }
        let workers = lock(&self.workers);
        let others = workers.values().map(|(worker, _)| worker);
        for worker in
            others.filter(|worker| !from.is_some_and(|from| std::ptr::eq(from, &***worker)))
        {
            worker.touch(|plan, now| plan.changed(now));
        }
    }

    /// A device is there that may have something new: its place is called, or made if it belongs
    /// to one of the services here.
    fn heard(self: &Arc<Self>, device: &Device) {
        let mut workers = lock(&self.workers);
        let of_device = |worker: &&Running| worker.0.address.device() == Some(*device);
        if let Some((worker, _)) = workers.values().find(of_device) {
            return worker.touch(|plan, now| plan.called(now));
        }
        let mut belongs = false;
        let _ = self.owner.lend(&mut |app| {
            for book in app.reader().books()? {
                let authority = app.reader().authority(&book.id)?;
                belongs |= authority.state().active(device).is_some();
            }
            Ok(())
        });
        let text = format!("peer:{device}");
        if let Ok(address) = Address::parse(&text)
            && belongs
            && !self.stop.load(Ordering::SeqCst)
            && let Some(worker) = Worker::start(self, address)
        {
            workers.insert(text, worker);
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let live = lock(&self.hub.live).take();
        drop(live);
        self.hub.stop.store(true, Ordering::SeqCst);
        let workers = std::mem::take(&mut *lock(&self.hub.workers));
        stop_all(workers.into_values().collect());
        if let Some(network) = self.network.take() {
            network.thread().unpark();
            let _ = network.join();
        }
    }
}

fn stop_all(workers: Vec<Running>) {
    for (worker, _) in &workers {
        worker.stop.store(true, Ordering::SeqCst);
        worker.wake.notify_all();
    }
    for (_, thread) in workers {
        // One that panicked has ended, too.
        let _ = thread.join();
    }
}

/// Looks now and then whether this computer has another way out than before.
fn watch_network(hub: &Arc<Hub>) -> Option<JoinHandle<()>> {
    let hub = Arc::clone(hub);
    let look = move || {
        let mut before = None;
        while !hub.stop.load(Ordering::SeqCst) {
            // Folders need no network, and without other places nothing is asked of it.
            let workers = || lock(&hub.workers).values().map(|(w, _)| Arc::clone(w)).collect();
            let away: Vec<Arc<Worker>> = workers();
            if away.iter().any(|worker| worker.address.kind.is_network()) {
                let now = watch::way_out();
                if now.is_some() && before.as_ref().is_some_and(|before| *before != now) {
                    away.iter().for_each(|worker| {
                        worker.touch(|plan, now| plan.network_is_back(now, chance()));
                    });
                }
                before = Some(now);
            }
            thread::park_timeout(NETWORK);
        }
    };
    thread::Builder::new().name("network".into()).spawn(look).ok()
}
