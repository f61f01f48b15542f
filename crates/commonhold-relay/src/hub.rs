//! Who is watching, and telling them.

use crate::address::Counts;
use crate::answer::Refusal;
use crate::metrics::Metrics;
use crate::names::Topic;
use crate::options::Limits;
use crate::store::Change;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast;

/// News a slow watcher may be behind before it reads from the store again.
const BEHIND: usize = 256;

/// A change as watchers get it.
#[derive(Clone, Debug)]
pub struct News {
    /// Its number.
    pub n: u64,
    /// The name it is about.
    pub name: Arc<str>,
    /// The event as it is sent.
    pub event: Arc<str>,
}

impl News {
    /// Makes an event of a change.
    pub fn new(change: &Change) -> Self {
        let event = format!("data: {}\n\n", change.line());
        Self { n: change.n, name: change.name.as_str().into(), event: event.into() }
    }
}

struct Room {
    sender: broadcast::Sender<News>,
    seats: u64,
}

/// All who are watching.
pub struct Hub {
    rooms: Mutex<HashMap<Topic, Room>>,
    addresses: Counts,
    metrics: Arc<Metrics>,
}

/// A watcher's place; left when dropped.
pub struct Seat {
    hub: Arc<Hub>,
    topic: Topic,
    address: IpAddr,
    /// What comes from now on.
    pub news: broadcast::Receiver<News>,
}

impl Hub {
    /// With nobody in it.
    pub fn new(metrics: Arc<Metrics>) -> Self {
        Self { rooms: Mutex::default(), addresses: Counts::default(), metrics }
    }

    /// Takes a place, if there is one.
    pub fn join(
        self: &Arc<Self>,
        topic: Topic,
        address: IpAddr,
        limits: &Limits,
    ) -> Result<Seat, Refusal> {
        let full = Refusal::TOO_MANY_WATCHERS.again_after(60);
        if !self.addresses.add(address, limits.max_watchers_per_address) {
            return Err(full);
        }
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let room = rooms
            .entry(topic)
            .or_insert_with(|| Room { sender: broadcast::channel(BEHIND).0, seats: 0 });
        if room.seats >= limits.max_watchers_per_topic {
            if room.seats == 0 {
                rooms.remove(&topic);
            }
            drop(rooms);
            self.addresses.remove(address);
            return Err(full);
        }
        room.seats = room.seats.saturating_add(1);
        let news = room.sender.subscribe();
        self.metrics.watchers(1);
        Ok(Seat { hub: Arc::clone(self), topic, address, news })
    }

    /// Tells those who watch what has changed, in the order of its numbers.
    pub fn tell(&self, changes: &[(Topic, Change)]) {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        for (topic, change) in changes {
            if let Some(room) = rooms.get(topic) {
                let _ = room.sender.send(News::new(change));
            }
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut rooms = self.hub.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(room) = rooms.get_mut(&self.topic) {
            room.seats = room.seats.saturating_sub(1);
            if room.seats == 0 {
                rooms.remove(&self.topic);
            }
        }
        drop(rooms);
        self.hub.addresses.remove(self.address);
        self.hub.metrics.watchers(-1);
    }
}
