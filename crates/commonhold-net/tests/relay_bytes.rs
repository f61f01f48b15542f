//! What one change costs on the way: one file laid down, heard of, and read.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice
)]

use commonhold_core::document::{Edit, Key};
use commonhold_core::id::BookId;
use commonhold_core::keys::{DeviceKeys, Secret, Topic};
use commonhold_core::store::{Act, Identity, Store};
use commonhold_core::{Kind, RecordId, Time};
use commonhold_net::relay::{Relay, RelayShelf, Stop};
use commonhold_relay::options::Options;
use commonhold_relay::{clock, start};
use commonhold_sync::exchange::{self, Visit};
use commonhold_sync::shelf::{Room, Shelf};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::time::Duration;

/// Counts what passes: bytes up, bytes down, and how often something was said upwards.
#[derive(Default)]
struct Passed([AtomicU64; 3]);

impl Passed {
    fn take(&self) -> [u64; 3] {
        [0, 1, 2].map(|n| self.0[n].swap(0, SeqCst))
    }
}

/// A place between a device and the relay that counts.
fn between(relay: SocketAddr) -> (String, Arc<Passed>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (url, passed) = (format!("http://{}", listener.local_addr().unwrap()), Arc::default());
    let counts: Arc<Passed> = Arc::clone(&passed);
    std::thread::spawn(move || {
        for near in listener.incoming().flatten() {
            let far = TcpStream::connect(relay).unwrap();
            for stream in [&near, &far] {
                stream.set_nodelay(true).unwrap();
            }
            for (up, from, to) in [(true, &near, &far), (false, &far, &near)] {
                let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                let counts = Arc::clone(&counts);
                std::thread::spawn(move || {
                    let mut piece = [0; 65536];
                    while let Ok(length @ 1..) = from.read(&mut piece) {
                        counts.0[usize::from(!up)].fetch_add(length as u64, SeqCst);
                        // A request begins with what is to be done.
                        let starts = [b"GET ", b"PUT "].iter().any(|m| piece.starts_with(*m));
                        counts.0[2].fetch_add(u64::from(up && starts), SeqCst);
                        if to.write_all(&piece[..length]).is_err() {
                            return;
                        }
                    }
                    let _ = to.shutdown(std::net::Shutdown::Both);
                });
            }
        }
    });
    (url, passed)
}

#[test]
fn one_change_costs_two_kilobytes_and_two_round_trips_at_most() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(Options::local(&folder.path().join("s")), clock::system()).unwrap();
    let room = Room::Book(BookId([1; 32]), Some(Topic::of_key(&Secret::new([1; 32]))));
    let device = || -> (RelayShelf, Arc<Passed>) {
        let (url, passed) = between(running.address());
        (Relay::new(&url, None).unwrap().shelf(&room).unwrap(), passed)
    };
    let ((mut ours, up), (theirs, down)) = (device(), device());
    let name = |n: u64| format!("{}/{n:016x}-{n:016x}-{:016x}.cho", "ab".repeat(16), 700);
    ours.put(&name(1), &[1; 700]).unwrap();
    let (stop, (tell, heard)) = (Stop::default(), channel());
    let thread = {
        let (stop, mut shelf) = (stop.clone(), theirs.clone());
        std::thread::spawn(move || {
            theirs.watch(&stop, || {
                let newest = shelf.list("").unwrap().pop().unwrap();
                let file = shelf.get(&newest.name, 1000).unwrap().unwrap();
                tell.send((newest.name, file)).is_ok()
            })
        })
    };
    let wait = Duration::from_secs(20);
    assert_eq!(heard.recv_timeout(wait).unwrap().0, name(1));
    up.take();
    down.take();
    ours.put(&name(2), &[2; 700]).unwrap();
    assert_eq!(heard.recv_timeout(wait).unwrap(), (name(2), vec![2; 700]));
    let (up, down) = (up.take(), down.take());
    println!("laid down: {} up, {} down, {} round trips", up[0], up[1], up[2]);
    println!("heard and read: {} up, {} down, {} round trips", down[0], down[1], down[2]);
    assert!(up[0] + up[1] <= 2048 && up[2] == 1, "{up:?}");
    assert!(down[0] + down[1] <= 2048 && down[2] == 1, "{down:?}");
    stop.stop();
    thread.join().unwrap().unwrap();
}

/// A store of its own, by a number.
fn store(folder: &std::path::Path, seed: u8) -> Store {
    let identity = Identity::new(DeviceKeys::from_seed([seed; 32]), [seed; 16], [seed; 32]);
    Store::open(&folder.join(format!("{seed}.sqlite")), identity).unwrap()
}

#[test]
fn a_book_at_rest_costs_one_round_trip_and_no_document() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(Options::local(&folder.path().join("s")), clock::system()).unwrap();
    let now = Time(1_782_864_000_000);
    let mut ann = store(folder.path(), 1);
    let genesis = ann.genesis_of("Harbor", now, [7; 16], RecordId::from_u128(1), "laptop");
    ann.begin(&genesis, now, &[]).unwrap();
    let book = genesis.book();
    let pages = (10..30).map(|number| {
        let id = RecordId::from_u128(number);
        let mut fields = serde_json::Map::new();
        fields.insert("title".to_owned(), serde_json::json!(format!("Page {number}")));
        let edit = Edit::Fields(Key { kind: Kind::Page.name().to_owned(), id }, fields);
        Act { document: format!("page/{id}"), edit }
    });
    assert!(ann.write(&book, now, &pages.collect::<Vec<_>>(), &mut |_| true).unwrap());
    ann.mend_keys(&book, now).unwrap();
    let key = ann.sealing_key(&book, now).unwrap().unwrap();
    let (url, passed) = between(running.address());
    let room = Room::Book(book, Some(Topic::of_key(&key)));
    let mut shelf = Relay::new(&url, None).unwrap().shelf(&room).unwrap();
    let (mut visit, options) = (Visit::default(), exchange::Options::full(now));
    for round in 0..3 {
        let before = ann.documents_loaded();
        passed.take();
        let on: exchange::OnBundles<'_> = &mut |_, _| true;
        let report =
            exchange::exchange(&mut ann, &mut shelf, &mut visit, &book, options, on).unwrap();
        let [up, down, trips] = passed.take();
        assert_eq!(ann.documents_loaded(), before, "round {round}");
        assert_eq!(report.sent > 0, round == 0);
        if round == 2 {
            println!("at rest: {up} up, {down} down, {trips} round trips");
            assert!(trips == 1 && up + down <= 2048, "{up} {down} {trips}");
        }
    }
}
