//! Exchange that goes on by itself while a profile is open: after changes here, when a place says
//! that something is new, now and then, and again when the network is back. Every place has a
//! thread of its own, so that a slow one delays nobody; the profile is lent to it for moments.

mod plan;
mod watch;

use crate::app::{App, Lend};
use crate::clock::{self, System, World};
use crate::commands::remotes;
use crate::commands::sync::{self, Depth, Errand, SyncReport, Visits};
use crate::events::Progress;
use crate::failure::Failure;
use crate::places::{Address, Place, PlaceKind};
use plan::Plan;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use watch::Watch;

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

/// One place and its thread.
struct Worker {
    address: Address,
    plan: Mutex<Plan>,
    wake: Condvar,
    stop: AtomicBool,
    busy: AtomicBool,
    failing: AtomicBool,
}

/// A worker and its thread.
type Running = (Arc<Worker>, JoinHandle<()>);

/// What all threads share.
struct Hub {
    owner: Arc<dyn Owner>,
    paused: AtomicBool,
    stop: AtomicBool,
    workers: Mutex<BTreeMap<String, Running>>,
}

/// Exchange that goes on by itself; it ends when this is dropped.
pub struct Background {
    hub: Arc<Hub>,
    network: Option<JoinHandle<()>>,
}

struct Owned<'a>(&'a dyn Owner);

impl Lend for Owned<'_> {
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
        });
        let background = Self { network: watch_network(&hub), hub };
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
                workers.keys().filter(|known| !wanted.contains(known)).cloned().collect();
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

    /// Something was written here.
    pub fn changed(&self) {
        for (worker, _) in lock(&self.hub.workers).values() {
            worker.touch(|plan, now| plan.changed(now));
        }
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

impl Drop for Background {
    fn drop(&mut self) {
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

impl Worker {
    fn start(hub: &Arc<Hub>, address: Address) -> Option<Running> {
        let every = if address.kind.tells() { SELDOM } else { OFTEN };
        let worker = Arc::new(Self {
            plan: Mutex::new(Plan::new(every, clock::monotonic())),
            address,
            wake: Condvar::new(),
            stop: AtomicBool::new(false),
            busy: AtomicBool::new(false),
            failing: AtomicBool::new(false),
        });
        let (hub, own) = (Arc::clone(hub), Arc::clone(&worker));
        let name = "exchange".to_owned();
        let thread = thread::Builder::new().name(name).spawn(move || own.run(&hub)).ok()?;
        Some((worker, thread))
    }

    fn touch(&self, change: impl FnOnce(&mut Plan, u64)) {
        change(&mut lock(&self.plan), clock::monotonic());
        self.wake.notify_all();
    }

    fn ended(&self, hub: &Hub) -> bool {
        self.stop.load(Ordering::SeqCst) || hub.stop.load(Ordering::SeqCst)
    }

    /// Waits until it is time; says whether the exchange should be thorough, or nothing at the end.
    fn wait(&self, hub: &Hub) -> Option<bool> {
        let mut plan = lock(&self.plan);
        loop {
            if self.ended(hub) {
                return None;
            }
            let now = clock::monotonic();
            let wait = match plan.wait(now) {
                _ if hub.paused.load(Ordering::SeqCst) => SELDOM,
                None => return Some(plan.begin(now)),
                Some(wait) => wait,
            };
            let woken = self.wake.wait_timeout(plan, Duration::from_millis(wait));
            plan = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn run(self: &Arc<Self>, hub: &Arc<Hub>) {
        let (mut visits, mut place, mut watch) = (Visits::default(), None, None);
        while let Some(thorough) = self.wait(hub) {
            self.busy.store(true, Ordering::SeqCst);
            hub.owner.exchange_changed(News::Begins(&self.address.to_string()));
            let depth = if thorough { Depth::Full } else { Depth::Quick };
            let outcome = self.exchange(hub, &mut place, &mut visits, depth);
            self.busy.store(false, Ordering::SeqCst);
            self.failing.store(outcome.is_err(), Ordering::SeqCst);
            let now = clock::monotonic();
            match outcome {
                Ok(report) => {
                    let moved = report.books.iter().any(|b| b.sent > 0 || b.received > 0);
                    lock(&self.plan).done(now, moved, chance());
                    if watch.is_none() {
                        watch = self.watch(hub, place.as_ref());
                    }
                    hub.owner.exchange_changed(News::Done(&report));
                }
                Err(failure) => {
                    // Opened anew next time: a folder may lie on another disk by then.
                    (place, watch) = (None, None);
                    lock(&self.plan).failed(now, chance());
                    hub.owner.exchange_changed(News::Failed(&self.address.to_string(), &failure));
                }
            }
        }
    }

    fn exchange(
        &self,
        hub: &Hub,
        place: &mut Option<Place>,
        visits: &mut Visits,
        depth: Depth,
    ) -> Result<SyncReport, Failure> {
        let mut owned = Owned(hub.owner.as_ref());
        let owned: &mut dyn Lend = &mut owned;
        let opened = match place.take() {
            Some(place) => place,
            None => owned.lent(|app| app.place(&self.address))?,
        };
        let place = place.insert(opened);
        let address = &self.address;
        let text = address.to_string();
        let errand = Errand { book: None, address, place, visits, depth };
        sync::run(owned, errand, &mut |progress| {
            hub.owner.exchange_changed(News::Progress(&text, progress));
            !self.ended(hub) && !hub.paused.load(Ordering::SeqCst)
        })
    }

    /// Listens to a place, if it can tell that something changed there.
    fn watch(self: &Arc<Self>, hub: &Arc<Hub>, place: Option<&Place>) -> Option<Watch> {
        let (worker, hub) = (Arc::downgrade(self), Arc::downgrade(hub));
        let called = move || {
            let (Some(worker), Some(_)) = (worker.upgrade(), hub.upgrade()) else { return false };
            worker.touch(|plan, now| plan.called(now));
            true
        };
        Watch::start(place?, Box::new(called))
    }
}
