//! Exchange that goes on by itself while a profile is open: after changes here, when a place says
//! that something is new, now and then, and again when the network is back. Every place has a
//! thread of its own, so that a slow one delays nobody; the profile is lent to it for moments.
//! One more looks at the scenarios, and one writes the archives of the day.

mod archives;
mod plan;
mod scenarios;
mod watch;
mod worker;

use crate::app::{App, Lend};
use crate::clock::{self, System, World};
use crate::commands::operations::pending;
use crate::commands::remotes;
use crate::commands::sync::SyncReport;
use crate::events::Progress;
use crate::failure::Failure;
use crate::live::{self, Live, LiveChoice, LiveNow};
use crate::places::{Address, PlaceKind};
use commonhold_core::{BookId, Device};
use commonhold_net::peer::Peers;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle, Thread};
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

/// What all threads share.
struct Hub {
    owner: Arc<dyn Owner>,
    paused: AtomicBool,
    stop: AtomicBool,
    workers: Mutex<BTreeMap<String, Arc<Worker>>>,
    live: Mutex<Option<Live>>,
    /// Who looks at the scenarios.
    watcher: Mutex<Option<Thread>>,
    /// Why direct connections could not begin, in words.
    live_error: Mutex<Option<String>>,
}

/// Exchange that goes on by itself; it ends when this is dropped.
pub struct Background {
    hub: Arc<Hub>,
    threads: Vec<JoinHandle<()>>,
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
            watcher: Mutex::default(),
            live_error: Mutex::default(),
        });
        let threads = [watch_network(&hub), scenarios::watch(&hub), archives::watch(&hub)];
        let background = Self { threads: threads.into_iter().flatten().collect(), hub };
        background.live_changed();
        background.places_changed();
        background
    }

    /// Reads the list of places again: after one was added, removed, paused or used first.
    pub fn places_changed(&self) {
        let (mut wanted, mut paused) = (Vec::new(), Vec::new());
        let read = self.hub.owner.lend(&mut |app| {
            let known = remotes::list(app.reader())?;
            // A file is handed over by a person, when that person says so.
            let by_itself = known.into_iter().filter(|remote| remote.kind != PlaceKind::File);
            let (out, used): (Vec<_>, Vec<_>) = by_itself.partition(|remote| remote.paused);
            wanted = used.into_iter().map(|remote| remote.address).collect();
            paused = out.into_iter().map(|remote| remote.address).collect();
            Ok(())
        });
        if read.is_err() {
            return; // a profile that only reads exchanges nothing
        }
        // Devices that came by themselves stay as long as there are direct connections.
        let live = lock(&self.hub.live).is_some();
        let came = |address: &str| address.starts_with("peer:") && !address.contains('@');
        let mut workers = lock(&self.hub.workers);
        workers.retain(|address, worker| {
            let stays =
                wanted.contains(address) || live && came(address) && !paused.contains(address);
            if !stays {
                worker.end();
            }
            stays
        });
        for text in wanted {
            let Ok(address) = Address::parse(&text) else { continue };
            if !workers.contains_key(&text)
                && let Some(worker) = Worker::start(&self.hub, address)
            {
                workers.insert(text, worker);
            }
        }
        drop(workers);
        self.hub.owner.exchange_changed(News::Paused(self.paused()));
    }

    /// Reads again whether this device takes part in direct connections.
    pub fn live_changed(&self) {
        // What was before is over first: it may hold the same port.
        let before = lock(&self.hub.live).take();
        drop(before);
        *lock(&self.hub.live_error) = None;
        let mut choice = LiveChoice::default();
        let read = self.hub.owner.lend(&mut |app| {
            choice = live::choice(app.reader())?;
            Ok(())
        });
        if read.is_err() || !choice.on {
            return;
        }
        let hub = Arc::downgrade(&self.hub);
        let heard = move |device: Device, sure: bool| {
            if let Some(hub) = hub.upgrade() {
                hub.heard(&device, sure);
            }
        };
        match Live::start(&self.hub.owner, &choice, heard) {
            Ok(started) => *lock(&self.hub.live) = Some(started),
            Err(failure) => {
                *lock(&self.hub.live_error) = Some(failure.to_string());
                self.hub.owner.exchange_changed(News::Failed("direct connections", &failure));
            }
        }
    }

    /// How it stands with direct connections right now.
    pub fn live(&self) -> LiveNow {
        let live = lock(&self.hub.live);
        let peers = live.as_ref().and_then(Live::peers);
        let connected = peers.map(Peers::connected).unwrap_or_default();
        let error = lock(&self.hub.live_error).clone();
        LiveNow { address: peers.map(Peers::address), connected, error }
    }

    /// Something was written here, in these books.
    pub fn changed(&self, books: &[BookId]) {
        self.hub.spread(books, None);
    }

    /// Exchanges with every place now, whatever was planned, and looks at the scenarios.
    pub fn call(&self) {
        for worker in lock(&self.hub.workers).values() {
            worker.touch(|plan, now| plan.called(now));
        }
        self.hub.wake_watcher();
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
        for (address, worker) in lock(&self.hub.workers).iter() {
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
    /// A device is there that may have something new: its place is called, or made if it belongs
    /// to one of the services here.
    ///
    /// Who is only found, and has not proved to be who they say, hurries nothing that failed.
    fn heard(self: &Arc<Self>, device: &Device, sure: bool) {
        let known = lock(&self.workers)
            .values()
            .find(|worker| worker.address.device() == Some(*device))
            .cloned();
        if let Some(worker) = known {
            return worker.touch(|plan, now| match sure {
                true => plan.called(now),
                false => plan.network_is_back(now, chance()),
            });
        }
        let text = format!("peer:{device}");
        let mut belongs = false;
        let _ = self.owner.lend(&mut |app| {
            let paused = remotes::list(app.reader())?;
            if paused.iter().any(|remote| remote.paused && remote.address == text) {
                return Ok(());
            }
            for book in app.reader().books()? {
                let authority = app.reader().authority(&book.id)?;
                belongs |= authority.state().active(device).is_some();
            }
            Ok(())
        });
        if !belongs || self.stop.load(Ordering::SeqCst) {
            return;
        }
        let mut workers = lock(&self.workers);
        if let Ok(address) = Address::parse(&text)
            && !workers.contains_key(&text)
            && let Some(worker) = Worker::start(self, address)
        {
            workers.insert(text, worker);
        }
    }

    /// Says that something is new here, to every place but the one it came from.
    fn spread(&self, books: &[BookId], from: Option<&Address>) {
        if let Some(peers) = lock(&self.live).as_ref().and_then(Live::peers) {
            books.iter().for_each(|book| peers.tell_changed(book));
        }
        let workers = lock(&self.workers);
        for worker in workers.values().filter(|worker| Some(&worker.address) != from) {
            worker.touch(|plan, now| plan.changed(now));
        }
        drop(workers);
        self.wake_watcher();
    }

    /// The scenarios are looked at soon.
    fn wake_watcher(&self) {
        if let Some(watcher) = lock(&self.watcher).as_ref() {
            watcher.unpark();
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.hub.stop.store(true, Ordering::SeqCst);
        let live = lock(&self.hub.live).take();
        drop(live);
        // Their threads end when the place they wait for answers; nobody waits for that. What they
        // were doing is cut short as if the program had been killed, and that loses nothing.
        for worker in std::mem::take(&mut *lock(&self.hub.workers)).values() {
            worker.end();
        }
        for one in self.threads.drain(..) {
            one.thread().unpark();
            let _ = one.join();
        }
    }
}

/// Looks now and then whether this computer has another way out than before.
fn watch_network(hub: &Arc<Hub>) -> Option<JoinHandle<()>> {
    let hub = Arc::clone(hub);
    let look = move || {
        let (mut before, mut home) = (None, None);
        // A profile that only reads takes nothing in.
        let _ = hub.owner.lend(&mut |app| {
            home = app.read_only().is_none().then(|| app.home().to_owned());
            Ok(())
        });
        while !hub.stop.load(Ordering::SeqCst) {
            // Folders need no network, and without other places nothing is asked of it.
            let away: Vec<Arc<Worker>> = lock(&hub.workers).values().cloned().collect();
            if away.iter().any(|worker| worker.address.kind.is_network()) {
                let now = watch::way_out();
                if now.is_some() && before.as_ref().is_some_and(|before| *before != now) {
                    away.iter().for_each(|worker| {
                        worker.touch(|plan, now| plan.network_is_back(now, chance()));
                    });
                }
                before = Some(now);
            }
            if home.as_deref().is_some_and(pending::waits) {
                // Deploys that ran meanwhile: this program holds the profile, so it takes them in.
                let _ = hub.owner.lend(&mut |app| {
                    pending::take_in(app);
                    Ok(())
                });
            }
            thread::park_timeout(NETWORK);
        }
    };
    thread::Builder::new().name("network".into()).spawn(look).ok()
}
