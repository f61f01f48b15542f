//! Two devices and a live connection: real sockets on loopback.

#![cfg(feature = "peer")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod away;
mod hostile;
mod support;

use commonhold_net::peer::Event;
use commonhold_sync::shelf::{Item, Shelf, Trouble};
use std::time::Duration;
use support::{BOOK, friends};
use tokio::time::Instant;

const SOON: Duration = Duration::from_secs(10);

fn item(name: &str, bytes: u64) -> Item {
    Item { name: name.to_owned(), bytes }
}

#[test]
fn both_take_from_each_other_over_one_connection() {
    let (ann, ben) = friends(1, 2);
    ann.shown.add("a/1.cho", b"of ann".to_vec());
    ben.shown.add("b/1.cho", b"of ben".to_vec());
    ben.shown.add("c/1.cho", vec![5; 1000]);
    let started = Instant::now();
    let mut bens = ann.peers.shelf(&ben.address(), &BOOK);
    assert_eq!(bens.list("").unwrap(), [item("b/1.cho", 6), item("c/1.cho", 1000)]);
    println!("connected and listed after {:?}", started.elapsed());
    assert_eq!(bens.list("b/").unwrap(), [item("b/1.cho", 6)]);
    assert_eq!(bens.get("b/1.cho", 1000).unwrap().unwrap(), b"of ben");
    assert_eq!(bens.get("c/1.cho", 10).unwrap().unwrap(), [5; 10]);
    assert_eq!(bens.get("d/1.cho", 10).unwrap(), None);
    assert_eq!(bens.get("../d", 10).unwrap(), None);
    assert!(!bens.takes() && bens.put("x", b"").unwrap_err().trouble == Trouble::Broken);

    // The side that was dialled needs no address and dials nobody.
    let mut address = ann.address();
    address.direct.clear();
    let mut anns = ben.peers.shelf(&address, &BOOK);
    assert_eq!(anns.list("").unwrap(), [item("a/1.cho", 6)]);
    assert_eq!(anns.get("a/1.cho", 1000).unwrap().unwrap(), b"of ann");
    assert_eq!(
        (ann.peers.traffic(&ben.device()).len(), ann.peers.connected()),
        (1, vec![ben.device()])
    );
    assert!(ben.sees(Event::Connected(ann.device()), SOON));
    ann.peers.clone().stop();
    assert!(ben.sees(Event::Disconnected(ann.device()), SOON));
}

#[test]
fn looking_again_costs_next_to_nothing() {
    let (ann, ben) = friends(3, 4);
    let name = |n: u64| format!("{:032x}/{n:016x}-{n:016x}-{:016x}.cho", 7, 4096);
    for n in 0..2000 {
        ben.shown.add(&name(n), vec![0; 10]);
    }
    let mut shelf = ann.peers.shelf(&ben.address(), &BOOK);
    let traffic = || ann.peers.traffic(&ben.device())[0];
    let mut before = None;
    let mut look = |what: &str| {
        let count = shelf.list("").unwrap().len();
        let now = traffic();
        let last = before.replace(now).unwrap_or_default();
        let (said, told) = (now.said - last.said, now.told - last.told);
        println!("{what}: {said} bytes said, {told} heard, {count} files");
        (said, told, count)
    };
    let first = look("the first look");
    assert!(first.1 < 30_000, "2,000 names of 87 letters are packed");
    let (said, told, count) = look("nothing changed");
    assert!(said <= 49 && told <= 49 && count == 2000);
    ben.shown.add(&name(2000), vec![0; 10]);
    let (said, told, count) = look("one more");
    assert!(said <= 49 && told <= 120 && count == 2001);
    ben.shown.remove(&name(3));
    let (_, told, count) = look("one less");
    assert!(told <= 120 && count == 2000);

    // On a new connection it begins anew.
    let shown = std::sync::Arc::clone(&ben.shown);
    ben.peers.stop();
    let ben = support::start(4, shown, false);
    let mut again = ann.peers.shelf(&ben.address(), &BOOK);
    assert_eq!(again.list("").unwrap().len(), 2000);
}

#[test]
fn both_dial_at_once() {
    let (ann, ben) = friends(5, 6);
    ann.shown.add("a.cho", b"a".to_vec());
    ben.shown.add("b.cho", b"b".to_vec());
    let (to_ann, to_ben) = (ann.address(), ben.address());
    std::thread::scope(|scope| {
        let from_ann = scope.spawn(|| {
            let mut shelf = ann.peers.shelf(&to_ben, &BOOK);
            (0..20).all(|_| shelf.list("").unwrap() == [item("b.cho", 1)])
        });
        let from_ben = scope.spawn(|| {
            let mut shelf = ben.peers.shelf(&to_ann, &BOOK);
            (0..20).all(|_| shelf.list("").unwrap() == [item("a.cho", 1)])
        });
        assert!(from_ann.join().unwrap() && from_ben.join().unwrap());
    });
    println!("{} connections", ann.peers.traffic(&ben.device()).len());
}

#[test]
fn changes_are_told_to_those_who_are_let_in() {
    let (ann, ben) = friends(7, 8);
    let stranger = support::node(9);
    let mut shelf = ann.peers.shelf(&ben.address(), &BOOK);
    shelf.list("").unwrap();
    let mut strange = stranger.peers.shelf(&ben.address(), &BOOK);
    assert_eq!(strange.list("").unwrap_err().trouble, Trouble::Denied);
    ben.shown.add("b.cho", b"b".to_vec());
    let started = Instant::now();
    (0..50).for_each(|_| ben.peers.tell_changed(&BOOK));
    assert!(ann.sees(Event::Changed(ben.device(), BOOK), SOON));
    println!("told after {:?}", started.elapsed());
    assert!(!stranger.sees(Event::Changed(ben.device(), BOOK), Duration::from_millis(500)));
    // A stranger's word is not passed on.
    stranger.peers.tell_changed(&BOOK);
    stranger.let_in(&ben);
    stranger.peers.tell_changed(&BOOK);
    assert!(!ben.sees(Event::Changed(stranger.device(), BOOK), Duration::from_millis(500)));
}

#[test]
fn one_waits_until_the_other_has_taken_what_it_wants() {
    let (ann, ben) = friends(10, 11);
    ann.shown.add("a.cho", b"a".to_vec());
    assert!(!ann.peers.wait_finished(&ben.device(), &BOOK, SOON), "nobody is connected");
    ann.peers.shelf(&ben.address(), &BOOK).list("").unwrap();
    assert!(!ann.peers.wait_finished(&ben.device(), &BOOK, Duration::from_millis(300)));

    // Ben takes whenever he hears of something, slowly.
    let (peers, address) = (ben.peers.clone(), ann.address());
    ben.peers.on_event(Box::new(move |event| {
        if let Event::Changed(device, book) = event {
            let mut shelf = peers.shelf(&address, &book);
            let Ok(items) = shelf.list("") else { return };
            for item in items {
                std::thread::sleep(Duration::from_millis(100));
                let _ = shelf.get(&item.name, item.bytes);
            }
            peers.finished(&device, &book);
        }
    }));
    let told = || ben.events.try_iter().filter(|event| matches!(event, Event::Changed(..))).count();
    told();
    assert!(ann.peers.wait_finished(&ben.device(), &BOOK, SOON));
    assert_eq!(told(), 1);
    assert!(ann.peers.wait_finished(&ben.device(), &BOOK, SOON));
    assert_eq!(told(), 0, "nothing new, so nothing to wait for");
    ann.shown.add("b.cho", b"b".to_vec());
    let started = Instant::now();
    assert!(ann.peers.wait_finished(&ben.device(), &BOOK, SOON));
    assert!(started.elapsed() >= Duration::from_millis(200), "both files are taken");
    // One that goes away is not waited for.
    ann.shown.add("c.cho", b"c".to_vec());
    ben.shown.members.lock().unwrap().clear();
    let peers = ben.peers.clone();
    let leaving = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        peers.stop();
    });
    let started = Instant::now();
    assert!(!ann.peers.wait_finished(&ben.device(), &BOOK, SOON));
    assert!(started.elapsed() < Duration::from_secs(8));
    leaving.join().unwrap();
}

#[test]
fn a_book_of_fifty_megabytes_arrives() {
    let (ann, ben) = friends(12, 13);
    for n in 0..12u8 {
        ben.shown.add(&format!("log/{n}.cho"), vec![n; 4 << 20]);
    }
    ben.shown.add("log/long.cho", vec![200; 24 << 20]);
    let mut shelf = ann.peers.shelf(&ben.address(), &BOOK);
    let items = shelf.list("").unwrap();
    let started = Instant::now();
    let mut bytes = 0;
    for item in items.iter().filter(|item| item.name != "log/long.cho") {
        let got = shelf.get(&item.name, item.bytes).unwrap().unwrap();
        assert!(got.iter().all(|byte| *byte == got[0]) && got.len() == 4 << 20);
        bytes += got.len();
    }
    let took = started.elapsed();
    println!("{bytes} bytes in {took:?}: {} MB/s", bytes as u128 / took.as_micros().max(1));
    for _ in 0..4 {
        assert_eq!(shelf.get("log/long.cho", u64::MAX).unwrap().unwrap().len(), 24 << 20);
    }
    // Never on a second connection: the first one lasted.
    assert_eq!(ben.events.try_iter().collect::<Vec<_>>(), [Event::Connected(ann.device())]);
    let started = Instant::now();
    (0..500).for_each(|_| assert!(shelf.get("log/1.cho", 100).unwrap().is_some()));
    println!("500 small files in {:?}", started.elapsed());
}

#[test]
fn stopping_is_quick() {
    let (ann, ben) = friends(14, 15);
    let mut shelf = ann.peers.shelf(&ben.address(), &BOOK);
    shelf.list("").unwrap();
    let started = Instant::now();
    ann.peers.clone().stop();
    println!("stopped after {:?}", started.elapsed());
    assert!(started.elapsed() < Duration::from_secs(3));
    assert!(ben.sees(Event::Disconnected(ann.device()), Duration::from_secs(6)));
    assert_eq!(shelf.list("").unwrap_err().trouble, Trouble::Away);
    // What is let go without a word is closed too.
    let cleo = support::node(16);
    let _ = ben.peers.shelf(&cleo.address(), &BOOK).list("");
    let device = cleo.device();
    drop(cleo);
    assert!(ben.sees(Event::Disconnected(device), Duration::from_secs(6)));
}
