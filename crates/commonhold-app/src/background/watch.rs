//! Hearing that something changed in a place.

use super::chance;
use crate::places::Place;
use commonhold_net::relay::{Relay, Stop};
use commonhold_sync::shelf::Room;
use commonhold_sync::transport::folder::Folder;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::net::{IpAddr, UdpSocket};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// Called when something changed; answers whether to go on listening.
pub type Called = Arc<dyn Fn() -> bool + Send + Sync>;

/// First pause before a relay is listened to again; it doubles up to the second.
const PAUSE: (u64, u64) = (1000, 300_000);

/// Listens as long as it is kept.
pub enum Watch {
    /// To a folder.
    Folder {
        #[allow(dead_code)]
        watcher: RecommendedWatcher,
    },
    /// To rooms of a relay.
    Relay(Stop),
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Self::Relay(stop) = self {
            stop.stop();
        }
    }
}

impl Watch {
    /// Begins to listen; nothing where a place cannot tell, or tells in another way.
    pub fn start(place: &Place, rooms: Vec<Room>, called: Called) -> Option<Self> {
        match place {
            Place::Folder(folder) => Self::folder(folder, called),
            Place::Relay(relay) => Some(Self::relay(relay, rooms, &called)),
            Place::File(_) | Place::Bucket(_) | Place::Peer(..) => None,
        }
    }

    fn folder(folder: &Folder, called: Called) -> Option<Self> {
        let heard = move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| !event.kind.is_access()) {
                called();
            }
        };
        let mut watcher = notify::recommended_watcher(heard).ok()?;
        // A network share or a full table of watches: then it is looked at now and then.
        watcher.watch(&folder.top(), RecursiveMode::Recursive).ok()?;
        Some(Self::Folder { watcher })
    }

    fn relay(relay: &Relay, rooms: Vec<Room>, called: &Called) -> Self {
        let stop = Stop::default();
        for room in rooms {
            let (relay, called, stop) = (relay.clone(), Arc::clone(called), stop.clone());
            let listen = move || listen(&relay, &room, &stop, &called);
            // Without a thread to spare it is looked at now and then.
            let _ = thread::Builder::new().name("listening".into()).spawn(listen);
        }
        Self::Relay(stop)
    }
}

/// Listens to a room until it is stopped, again and again.
fn listen(relay: &Relay, room: &Room, stop: &Stop, called: &Called) {
    let Ok(shelf) = relay.shelf(room) else { return };
    let (first, longest) = PAUSE;
    let mut pause = first;
    while !stop.is_stopped() {
        let mut heard = false;
        let ended = shelf.watch(stop, || {
            heard = true;
            called()
        });
        if ended.is_ok() {
            return;
        }
        pause = if heard { first } else { pause.saturating_mul(2).min(longest) };
        let spread = chance().checked_rem(pause).unwrap_or(0);
        let until = pause.saturating_add(spread);
        for _ in 0..until.div_ceil(200) {
            if stop.is_stopped() {
                return;
            }
            thread::sleep(Duration::from_millis(200));
        }
    }
}

/// The address this computer would send from to the outside, if it has a way there. Nothing is
/// sent: for this kind of socket connecting only asks the system for the route. The address named
/// is one that belongs to nobody (RFC 5737).
pub fn way_out() -> Option<IpAddr> {
    let socket = UdpSocket::bind(("0.0.0.0", 0)).ok()?;
    socket.connect(("192.0.2.1", 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}
