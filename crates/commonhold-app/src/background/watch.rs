//! Hearing that something changed in a place.

use crate::places::Place;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::net::{IpAddr, UdpSocket};

/// Called when something changed; answers whether to go on listening.
pub type Called = Box<dyn Fn() -> bool + Send + Sync>;

/// Listens as long as it is kept.
pub struct Watch {
    #[allow(dead_code)]
    folder: Option<RecommendedWatcher>,
}

impl Watch {
    /// Begins to listen; nothing where a place cannot tell, and is looked at now and then instead.
    pub fn start(place: &Place, called: Called) -> Option<Self> {
        match place {
            Place::Folder(folder) => Self::folder(folder, called),
            Place::File(_) => None,
        }
    }

    fn folder(folder: &commonhold_sync::transport::folder::Folder, called: Called) -> Option<Self> {
        let heard = move |event: notify::Result<notify::Event>| {
            let changed = event.is_ok_and(|event| !event.kind.is_access());
            if changed {
                called();
            }
        };
        let mut watcher = notify::recommended_watcher(heard).ok()?;
        // A network share or a full table of watches: then it is looked at now and then.
        watcher.watch(&folder.top(), RecursiveMode::Recursive).ok()?;
        Some(Self { folder: Some(watcher) })
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
