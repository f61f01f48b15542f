//! Two devices that can reach each other, without anything between them. Each is a shelf for the
//! other that can only be read: it shows what it could lay down in a folder, and takes from the
//! other what it wants, over one connection whichever of them made it (`docs/PEER.md`).
//!
//! A device is dialled by its key and must prove to have it; what it is shown is decided by the
//! [`Source`], for each book. Nobody else is spoken to: no relay and no name service but those the
//! user named, and no router is asked for anything.
//!
//! Nothing here may be called from inside an asynchronous task: calls wait on their thread.

#![cfg(feature = "peer")]

mod address;
mod answer;
mod ask;
mod endpoint;
#[cfg(test)]
mod frozen;
mod limits;
mod link;
pub mod listing;
mod node;
mod table;
pub mod wire;

pub use address::{MAX_RELAYS, PeerAddress, is_relay};
pub use ask::PeerShelf;
pub use link::Traffic;

use commonhold_core::id::{BookId, Device};
use commonhold_sync::shelf::{Error, Source, Trouble};
use iroh::SecretKey;
use limits::STOP;
use node::Inner;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How a device takes part.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Addresses to listen on; none: a free port of every network the computer is in. A port other
    /// than 0 keeps an address valid after a restart.
    pub bind: Vec<SocketAddr>,
    /// Whether to be known in the same network and to look for devices there (multicast DNS).
    pub discovery: bool,
    /// Addresses of iroh relays (`https://…`) that help where no direct way is found; none by
    /// default. A relay named in somebody's address is used only if it is named here too.
    pub relays: Vec<String>,
}

/// What happens with other devices. These are hints: when more come than are taken care of, some
/// are lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A device is connected. It has proved its key and may yet be a stranger.
    Connected(Device),
    /// The last connection with a device ended.
    Disconnected(Device),
    /// A device says that it has something new for this book.
    Changed(Device, BookId),
    /// Somebody in the same network says to be this device; dialling will show.
    Found(Device),
}

/// This device among others; cheap to clone. When the last clone is gone, connections are closed.
#[derive(Clone)]
pub struct Peers {
    guard: Arc<Guard>,
}

/// Closes what is open when nobody needs it any more.
struct Guard(Arc<Inner>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Ok(runtime) = crate::runtime::runtime() {
            runtime.spawn(Arc::clone(&self.0).close());
        }
    }
}

impl Peers {
    /// Opens the port and answers whoever the source lets in. The seed is the device's own
    /// (Ed25519, RFC 8032), so that its key is also its address. Fails when the port is taken, a
    /// relay is no address or the system gives no sockets.
    pub fn start(seed: [u8; 32], source: Arc<dyn Source>, options: Options) -> Result<Self, Error> {
        let device = Device(*SecretKey::from_bytes(&seed).public().as_bytes());
        let place = "live exchange";
        blocking(place, async {
            let opened = endpoint::open(&seed, &options).await;
            let endpoint = opened.map_err(|reason| error(place, Trouble::Broken, reason))?;
            let inner = Inner::new(device, endpoint, source);
            inner.run(options.discovery).await;
            Ok(Self { guard: Arc::new(Guard(inner)) })
        })?
    }

    /// This device's key.
    pub fn device(&self) -> Device {
        self.inner().device
    }

    /// Where this device can be reached, as far as the computer knows.
    pub fn address(&self) -> PeerAddress {
        let address = self.inner().endpoint.addr();
        let usable = |direct: &&SocketAddr| match direct.ip() {
            IpAddr::V4(_) => true,
            // Valid only together with the name of an interface.
            IpAddr::V6(ip) => !ip.is_unicast_link_local(),
        };
        let mut direct: Vec<SocketAddr> = address.ip_addrs().filter(usable).copied().collect();
        direct.truncate(address::MAX_DIRECT);
        let relays = address.relay_urls().take(address::MAX_RELAYS).map(ToString::to_string);
        PeerAddress { device: self.device(), direct, relays: relays.collect() }
    }

    /// Whether this device is known in its network and looks for others there.
    pub fn discovers(&self) -> bool {
        self.inner().discovers()
    }

    /// Another device's files of a book. Connects when it is first asked for something, or uses a
    /// connection that is there.
    pub fn shelf(&self, address: &PeerAddress, book: &BookId) -> PeerShelf {
        PeerShelf::new(self.clone(), address.clone(), *book)
    }

    /// The devices that are connected; some may be strangers.
    pub fn connected(&self) -> Vec<Device> {
        lock(&self.inner().table).devices()
    }

    /// What went over each connection there is with a device.
    pub fn traffic(&self, device: &Device) -> Vec<Traffic> {
        lock(&self.inner().table).of(device).iter().map(|link| link.traffic()).collect()
    }

    /// Calls this for every event, one after the other on a thread of its own, beginning with
    /// those since the start (the first 1,024). It may take its time and may use shelves. It
    /// should not hold the last clone of this, which then would never be let go.
    pub fn on_event(&self, call: Box<dyn Fn(Event) + Send + Sync>) {
        self.inner().listen(Arc::from(call));
    }

    /// Tells every connected device that is let in to this book that there is something new. In
    /// the background; many calls at once become one.
    pub fn tell_changed(&self, book: &BookId) {
        self.inner().tell_changed(*book);
    }

    /// Tells a device that this one has taken all it wants of what it was shown of this book.
    /// Waits at most two seconds until it is told; nothing happens when it is not connected.
    pub fn finished(&self, device: &Device, book: &BookId) {
        let told = timeout(STOP, self.inner().say_finished(device, book));
        let _ = blocking("live exchange", told);
    }

    /// Waits until a device has taken all it wants of what is there now, and says so; whether it
    /// did in time. One that does not know all is told to look. At once false when it is not
    /// connected or not let in.
    pub fn wait_finished(&self, device: &Device, book: &BookId, most: Duration) -> bool {
        let waiting = timeout(most, self.inner().wait_finished(*device, *book));
        matches!(blocking("live exchange", waiting), Ok(Ok(true)))
    }

    /// Closes every connection and the port, within two seconds. What other clones do after that
    /// fails.
    pub fn stop(self) {
        let _ = blocking("live exchange", Arc::clone(self.inner()).close());
    }

    fn inner(&self) -> &Arc<Inner> {
        &self.guard.0
    }
}

/// A device in words for people.
fn place(device: &Device) -> String {
    format!("device {}", device.short())
}

fn error(place: &str, trouble: Trouble, reason: String) -> Error {
    Error { place: place.to_owned(), trouble, reason }
}

async fn timeout<T>(most: Duration, work: impl Future<Output = T>) -> Result<T, ()> {
    tokio::time::timeout(most, work).await.map_err(|_| ())
}

/// Waits on this thread until something is done.
fn blocking<T>(place: &str, work: impl Future<Output = T>) -> Result<T, Error> {
    let runtime = crate::runtime::runtime().map_err(|failed| {
        error(place, Trouble::Broken, format!("connections cannot be made here: {failed}"))
    })?;
    Ok(runtime.block_on(work))
}

/// A panic elsewhere does not make what is kept here wrong: it is only ever replaced whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
