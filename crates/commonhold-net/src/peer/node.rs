//! What runs behind [`Peers`](super::Peers): connections come and go, others are told.

use super::answer::serve;
use super::limits::{DIAL, EVENTS, FILES, FOUND, HANDSHAKES, QUESTIONS, STOP};
use super::link::{Close, Link, Progress};
use super::table::Table;
use super::wire::{ALPN, Notice};
use super::{Event, PeerAddress, endpoint, error, listing, lock, place};
use commonhold_core::id::{BookId, Device};
use commonhold_sync::shelf::{Error, Source, Trouble};
use iroh::endpoint::{Connection, Incoming};
use iroh::{Endpoint, EndpointAddr, EndpointId};
use iroh_mdns_address_lookup::{DiscoveryEvent, MdnsAddressLookup};
use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use tokio::time::timeout;
use tokio_stream::StreamExt;

/// Changes that come together are told together.
const TOGETHER: Duration = Duration::from_millis(20);
/// How long a notice may take.
const NOTICE: Duration = Duration::from_secs(5);

type Listener = Arc<dyn Fn(Event) + Send + Sync>;

/// The state of one device's connections.
pub struct Inner {
    /// This device.
    pub device: Device,
    /// Its socket.
    pub endpoint: Endpoint,
    /// What it shows.
    pub source: Arc<dyn Source>,
    /// Its connections.
    pub table: Mutex<Table>,
    /// Answers with a file that may be in memory at the same time.
    pub files: Semaphore,
    /// Somebody said to have finished, or went away.
    pub finished: Notify,
    questions: Arc<Semaphore>,
    dialling: Mutex<HashMap<Device, Arc<tokio::sync::Mutex<()>>>>,
    telling: Mutex<HashSet<BookId>>,
    found: Mutex<HashMap<Device, Vec<SocketAddr>>>,
    lookup: Mutex<Option<MdnsAddressLookup>>,
    events: Mutex<Option<SyncSender<Event>>>,
    waiting: Mutex<Option<Receiver<Event>>>,
    listeners: Arc<Mutex<Vec<Listener>>>,
}

impl Inner {
    /// Nothing is connected yet.
    pub fn new(device: Device, endpoint: Endpoint, source: Arc<dyn Source>) -> Arc<Self> {
        let (events, waiting) = sync_channel(EVENTS);
        Arc::new(Self {
            device,
            endpoint,
            source,
            table: Mutex::default(),
            files: Semaphore::new(FILES),
            finished: Notify::new(),
            questions: Arc::new(Semaphore::new(QUESTIONS)),
            dialling: Mutex::default(),
            telling: Mutex::default(),
            found: Mutex::default(),
            lookup: Mutex::default(),
            events: Mutex::new(Some(events)),
            waiting: Mutex::new(Some(waiting)),
            listeners: Arc::default(),
        })
    }

    /// Lets others in and, if wanted, looks for them.
    pub async fn run(self: &Arc<Self>, discovery: bool) {
        tokio::spawn(Arc::clone(self).accept());
        let lookup = discovery.then(|| endpoint::discover(&self.endpoint)).flatten();
        if let Some(lookup) = lookup {
            let mut events = lookup.subscribe().await;
            *lock(&self.lookup) = Some(lookup);
            let inner = Arc::clone(self);
            tokio::spawn(async move {
                while let Some(event) = events.next().await {
                    inner.seen(event);
                }
            });
        }
    }

    /// Whether it looks for others in the same network.
    pub fn discovers(&self) -> bool {
        lock(&self.lookup).is_some()
    }

    fn seen(&self, event: DiscoveryEvent) {
        match event {
            DiscoveryEvent::Discovered { endpoint_info, .. } => {
                let device = Device(*endpoint_info.endpoint_id.as_bytes());
                let addresses = endpoint_info.ip_addrs().take(8).copied().collect();
                let mut found = lock(&self.found);
                if found.len() >= FOUND && !found.contains_key(&device) {
                    return;
                }
                let before = found.insert(device, addresses);
                if before.as_ref() != found.get(&device) {
                    self.tell(Event::Found(device));
                }
            }
            DiscoveryEvent::Expired { endpoint_id } => {
                lock(&self.found).remove(&Device(*endpoint_id.as_bytes()));
            }
            _ => {}
        }
    }

    async fn accept(self: Arc<Self>) {
        let places = Arc::new(Semaphore::new(HANDSHAKES));
        while let Some(incoming) = self.endpoint.accept().await {
            let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                incoming.refuse();
                continue;
            };
            // When many come at once, each has to show first that its address is not made up.
            let many = places.available_permits() < HANDSHAKES / 2;
            if many && !incoming.remote_addr_validated() {
                let _ = incoming.retry();
                continue;
            }
            let inner = Arc::clone(&self);
            tokio::spawn(async move {
                let connection = shake_hands(incoming).await;
                drop(place);
                connection.and_then(|connection| inner.admit(connection, false));
            });
        }
    }

    /// Takes a connection in; nothing when it is with a copy of this device.
    fn admit(self: &Arc<Self>, connection: Connection, ours: bool) -> Option<Arc<Link>> {
        let link = Arc::new(Link::new(connection, ours));
        if link.device == self.device {
            link.close(Close::Nothing);
            return None;
        }
        let (first, go) = lock(&self.table).insert(Arc::clone(&link));
        go.iter().for_each(|old| old.close(Close::Crowded));
        if first {
            self.tell(Event::Connected(link.device));
        }
        tokio::spawn(serve(Arc::clone(self), Arc::clone(&link)));
        Some(link)
    }

    /// A connection ended.
    pub fn ended(&self, link: &Arc<Link>) {
        if lock(&self.table).remove(link) {
            self.tell(Event::Disconnected(link.device));
        }
        self.finished.notify_waiters();
    }

    /// A connection with a device, and whether it is new.
    pub async fn link(self: &Arc<Self>, to: &PeerAddress) -> Result<(Arc<Link>, bool), Error> {
        if let Some(link) = lock(&self.table).newest(&to.device) {
            return Ok((link, false));
        }
        let one = Arc::clone(lock(&self.dialling).entry(to.device).or_default());
        let _one = one.lock().await;
        if let Some(link) = lock(&self.table).newest(&to.device) {
            return Ok((link, false));
        }
        Ok((self.dial(to).await?, true))
    }

    async fn dial(self: &Arc<Self>, to: &PeerAddress) -> Result<Arc<Link>, Error> {
        let failed = |trouble, reason: &str| error(&place(&to.device), trouble, reason.to_owned());
        let own = "it has the same key as this device: it is this one, or a copy of its files.";
        if to.device == self.device {
            return Err(failed(Trouble::Broken, own));
        }
        let id = EndpointId::from_bytes(&to.device.0).map_err(|_| {
            failed(Trouble::Broken, "its address is damaged: copy it again from that device.")
        })?;
        let mut address = EndpointAddr::new(id);
        let found = lock(&self.found).get(&to.device).cloned().unwrap_or_default();
        for direct in to.direct.iter().chain(&found) {
            address = address.with_ip_addr(*direct);
        }
        for relay in to.relays.iter().filter_map(|relay| relay.parse().ok()) {
            address = address.with_relay_url(relay);
        }
        let connection = timeout(DIAL, self.endpoint.connect(address, ALPN)).await;
        let away = "it cannot be reached now: it is switched off, in another network, or behind \
                    a firewall. It will be tried again.";
        let connection = connection.ok().and_then(Result::ok);
        let connection = connection.ok_or_else(|| failed(Trouble::Away, away))?;
        self.admit(connection, true).ok_or_else(|| failed(Trouble::Broken, own))
    }

    /// Asks the source on a thread where waiting is fine; nothing when it failed.
    pub async fn question<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let place = Arc::clone(&self.questions).acquire_owned().await.ok()?;
        let work = move || {
            let _place = place;
            work()
        };
        tokio::task::spawn_blocking(work).await.ok()
    }

    /// Whether a device is let in to a book.
    pub async fn lets_in(&self, device: Device, book: BookId) -> bool {
        let source = Arc::clone(&self.source);
        self.question(move || source.list(&device, &book).is_some()).await.unwrap_or(false)
    }

    /// Passes an event on, unless too many wait.
    pub fn tell(&self, event: Event) {
        if let Some(events) = lock(&self.events).as_ref() {
            let _ = events.try_send(event);
        }
    }

    /// Adds one who listens.
    pub fn listen(&self, listener: Listener) {
        lock(&self.listeners).push(listener);
        let Some(waiting) = lock(&self.waiting).take() else { return };
        let listeners = Arc::clone(&self.listeners);
        std::thread::spawn(move || {
            for event in waiting {
                let all: Vec<Listener> = lock(&listeners).clone();
                for listener in &all {
                    // One that fails on one event still hears of the next.
                    let _ = catch_unwind(AssertUnwindSafe(|| listener(event)));
                }
            }
        });
    }

    /// Tells all who are let in that a book changed.
    pub fn tell_changed(self: &Arc<Self>, book: BookId) {
        if !lock(&self.telling).insert(book) {
            return;
        }
        let inner = Arc::clone(self);
        let telling = async move {
            tokio::time::sleep(TOGETHER).await;
            lock(&inner.telling).remove(&book);
            let devices = lock(&inner.table).devices();
            for device in devices {
                let link = lock(&inner.table).newest(&device);
                let Some(link) = link else { continue };
                if inner.lets_in(device, book).await {
                    tokio::spawn(async move { say(&link, &Notice::Changed(book)).await });
                }
            }
        };
        if let Ok(runtime) = crate::runtime::runtime() {
            runtime.spawn(telling);
        }
    }

    /// Says on every connection with a device how far its listing of a book was taken.
    pub async fn say_finished(&self, device: &Device, book: &BookId) {
        let links = lock(&self.table).of(device);
        for link in links {
            let Some(heard) = link.heard_already(book) else { continue };
            let number = heard.lock().await.number;
            if number > 0 {
                say(&link, &Notice::Finished(*book, number)).await;
            }
        }
    }

    /// Waits until a device has finished with a book; false when it is gone or not let in.
    pub async fn wait_finished(&self, device: Device, book: BookId) -> bool {
        let mut told = None;
        loop {
            let mut next = std::pin::pin!(self.finished.notified());
            next.as_mut().enable();
            let links = lock(&self.table).of(&device);
            let Some(newest) = links.last() else { return false };
            let source = Arc::clone(&self.source);
            let items = self.question(move || source.list(&device, &book)).await.flatten();
            let Some(now) = items.and_then(listing::of) else { return false };
            let progress: Vec<Progress> =
                links.iter().map(|link| link.progress(&book, &now)).collect();
            if progress.contains(&Progress::Finished) {
                return true;
            }
            // Once for each state it does not know.
            if !progress.contains(&Progress::Looked) && told.as_ref() != Some(&now) {
                say(newest, &Notice::Changed(book)).await;
                told = Some(now);
            }
            next.await;
        }
    }

    /// Closes everything.
    pub async fn close(self: Arc<Self>) {
        if let Ok(services) = self.endpoint.address_lookup() {
            services.clear();
        }
        lock(&self.lookup).take();
        lock(&self.events).take();
        lock(&self.listeners).clear();
        let devices = lock(&self.table).devices();
        for device in devices {
            lock(&self.table).of(&device).iter().for_each(|link| link.close(Close::Bye));
        }
        let _ = timeout(STOP, self.endpoint.close()).await;
    }
}

async fn shake_hands(incoming: Incoming) -> Option<Connection> {
    timeout(DIAL, incoming.accept().ok()?).await.ok()?.ok()
}

/// Says something and waits until it has arrived, if that does not take long.
async fn say(link: &Link, notice: &Notice) {
    let saying = async {
        let mut send = link.connection.open_uni().await.ok()?;
        let said = notice.encode();
        send.write_all(&said).await.ok()?;
        link.said(said.len());
        send.finish().ok()?;
        send.stopped().await.ok()
    };
    let _ = timeout(NOTICE, saying).await;
}
