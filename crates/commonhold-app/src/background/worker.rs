//! One place and the thread that exchanges with it.

use super::plan::Plan;
use super::watch::Watch;
use super::{Hub, Lender, News, OFTEN, SELDOM, chance, lock};
use crate::app::Lend;
use crate::clock;
use crate::commands::sync::{self, Depth, Errand, SyncReport, Visits};
use crate::failure::{Code, Failure};
use crate::places::{Address, Place};
use commonhold_core::BookId;
use commonhold_core::keys::KeyId;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// One place and its thread.
pub(super) struct Worker {
    pub address: Address,
    pub plan: Mutex<Plan>,
    pub wake: Condvar,
    pub stop: AtomicBool,
    pub busy: AtomicBool,
    pub failing: AtomicBool,
}

impl Worker {
    pub fn start(hub: &Arc<Hub>, address: Address) -> Option<Arc<Self>> {
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
        thread::Builder::new().name(name).spawn(move || own.run(&hub)).ok()?;
        Some(worker)
    }

    /// Ends its thread, as soon as what it waits for answers.
    pub fn end(&self) {
        self.stop.store(true, Ordering::SeqCst);
        self.wake.notify_all();
    }

    pub fn touch(&self, change: impl FnOnce(&mut Plan, u64)) {
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
        let (mut visits, mut place, mut ear) = (Visits::default(), None, Ear::default());
        while let Some(thorough) = self.wait(hub) {
            self.busy.store(true, Ordering::SeqCst);
            hub.owner.exchange_changed(News::Begins(&self.address.to_string()));
            let depth = if thorough { Depth::Full } else { Depth::Quick };
            let outcome = self.exchange(hub, &mut place, &mut visits, depth);
            self.busy.store(false, Ordering::SeqCst);
            let stopped = matches!(&outcome, Err(why) if why.code == Code::Cancelled);
            self.failing.store(outcome.is_err() && !stopped, Ordering::SeqCst);
            let now = clock::monotonic();
            match outcome {
                // Paused or ended meanwhile: gone on with at once when that is over.
                Err(_) if stopped => lock(&self.plan).called(now),
                Ok(report) => {
                    let moved = report.books.iter().any(|b| b.sent > 0 || b.received > 0);
                    lock(&self.plan).done(now, moved, chance());
                    let brought = report.books.iter().filter(|book| book.received > 0);
                    let brought: Vec<BookId> = brought.map(|book| book.book).collect();
                    if !brought.is_empty() {
                        hub.spread(&brought, Some(&self.address));
                    }
                    self.listen(hub, place.as_ref(), &mut ear);
                    hub.owner.exchange_changed(News::Done(&report));
                }
                Err(failure) => {
                    // Opened anew next time: a folder may lie on another disk by then.
                    (place, ear) = (None, Ear::default());
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
        let mut owned = Lender(hub.owner.as_ref());
        let owned: &mut dyn Lend = &mut owned;
        let opened = match place.take() {
            Some(place) => place,
            None => owned.lent(|app| app.place(&self.address))?,
        };
        let place = place.insert(opened);
        let address = &self.address;
        let text = address.to_string();
        let errand = Errand { book: None, address, place, visits, depth, asked: false };
        sync::run(owned, errand, &mut |progress| {
            hub.owner.exchange_changed(News::Progress(&text, progress));
            !self.ended(hub) && !hub.paused.load(Ordering::SeqCst)
        })
    }

    /// Listens to a place, if it can tell that something changed there; anew when its rooms are
    /// others than before.
    fn listen(self: &Arc<Self>, hub: &Arc<Hub>, place: Option<&Place>, ear: &mut Ear) {
        let Some(place) = place else { return };
        let (mut keys, mut rooms) = (Vec::new(), Vec::new());
        let read = hub.owner.lend(&mut |app| {
            for book in app.reader().books()? {
                for (key, room) in sync::rooms(app.reader(), &book.id, place.by_topic())? {
                    keys.push((book.id, key));
                    rooms.push(room);
                }
            }
            Ok(())
        });
        if read.is_err() || ear.rooms.as_ref() == Some(&keys) {
            return;
        }
        let (worker, of_hub) = (Arc::downgrade(self), Arc::downgrade(hub));
        let called = move || {
            let (Some(worker), Some(_)) = (worker.upgrade(), of_hub.upgrade()) else {
                return false;
            };
            worker.touch(|plan, now| plan.called(now));
            true
        };
        ear.watch = Watch::start(place, rooms, Arc::new(called));
        ear.rooms = Some(keys);
        if matches!(ear.watch, Some(Watch::Folder { .. })) {
            // What came between the exchange and now was not heard.
            self.touch(|plan, now| plan.called(now));
        }
    }
}

/// What is listened to of one place.
#[derive(Default)]
struct Ear {
    rooms: Option<Vec<(BookId, Option<KeyId>)>>,
    #[allow(dead_code)]
    watch: Option<Watch>,
}
