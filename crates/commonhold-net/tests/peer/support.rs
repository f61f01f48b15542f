//! Devices on loopback with books in memory.

use commonhold_core::id::{BookId, Device};
use commonhold_net::peer::{Event, Options, PeerAddress, Peers};
use commonhold_sync::shelf::{Item, Source};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

pub const BOOK: BookId = BookId([1; 32]);
pub const UNKNOWN: BookId = BookId([2; 32]);

/// Books in memory, and who is let in to them.
#[derive(Default)]
pub struct Shown {
    pub files: Mutex<BTreeMap<BookId, BTreeMap<String, Vec<u8>>>>,
    pub members: Mutex<BTreeSet<Device>>,
}

impl Shown {
    pub fn add(&self, name: &str, bytes: Vec<u8>) {
        self.files.lock().unwrap().entry(BOOK).or_default().insert(name.to_owned(), bytes);
    }

    pub fn remove(&self, name: &str) {
        self.files.lock().unwrap().entry(BOOK).or_default().remove(name);
    }
}

impl Source for Shown {
    fn list(&self, peer: &Device, book: &BookId) -> Option<Vec<Item>> {
        if !self.members.lock().unwrap().contains(peer) {
            return None;
        }
        let files = self.files.lock().unwrap();
        let item = |(name, bytes): (&String, &Vec<u8>)| Item {
            name: name.clone(),
            bytes: bytes.len() as u64,
        };
        Some(files.get(book)?.iter().map(item).collect())
    }

    fn get(&self, peer: &Device, book: &BookId, name: &str, most: u64) -> Option<Vec<u8>> {
        self.list(peer, book)?;
        let files = self.files.lock().unwrap();
        let bytes = files.get(book)?.get(name)?;
        Some(bytes[..bytes.len().min(most as usize)].to_vec())
    }
}

/// A device that takes part.
pub struct Node {
    pub peers: Peers,
    pub shown: Arc<Shown>,
    pub events: Receiver<Event>,
}

impl Node {
    pub fn device(&self) -> Device {
        self.peers.device()
    }

    pub fn address(&self) -> PeerAddress {
        self.peers.address()
    }

    pub fn let_in(&self, other: &Node) {
        self.shown.members.lock().unwrap().insert(other.device());
    }

    /// Waits for an event.
    pub fn sees(&self, wanted: Event, most: Duration) -> bool {
        let until = Instant::now() + most;
        loop {
            match self.events.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(event) if event == wanted => return true,
                Ok(_) => {}
                Err(_) => return false,
            }
        }
    }
}

/// A device on a free port of loopback, with an empty book.
pub fn node(seed: u8) -> Node {
    start(seed, Arc::default(), false)
}

pub fn start(seed: u8, shown: Arc<Shown>, discovery: bool) -> Node {
    shown.files.lock().unwrap().entry(BOOK).or_default();
    // Others in a network are found by addresses of that network, not by those of loopback.
    let bind = if discovery { "0.0.0.0:0" } else { "127.0.0.1:0" };
    let options = Options { bind: vec![bind.parse().unwrap()], discovery, relays: Vec::new() };
    let peers = Peers::start(own(seed), Arc::clone(&shown) as Arc<dyn Source>, options).unwrap();
    let (tell, events) = channel();
    let tell = Mutex::new(tell);
    peers.on_event(Box::new(move |event| {
        let _ = tell.lock().unwrap().send(event);
    }));
    Node { peers, shown, events }
}

/// A device of this run: another run in the same network is not taken for it.
fn own(seed: u8) -> [u8; 32] {
    let mut own = [seed; 32];
    own[..4].copy_from_slice(&std::process::id().to_be_bytes());
    own
}

/// Two devices that let each other in.
pub fn friends(one: u8, two: u8) -> (Node, Node) {
    let (one, two) = (node(one), node(two));
    one.let_in(&two);
    two.let_in(&one);
    (one, two)
}

/// Runs something that waits for the network.
pub fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}
