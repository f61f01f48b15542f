//! The client against a real relay.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice
)]

use commonhold_core::id::BookId;
use commonhold_core::keys::{Secret, Topic};
use commonhold_net::relay::{Clock, Relay, RelayShelf, Stop};
use commonhold_relay::options::{Options, Token};
use commonhold_relay::{Running, clock, start};
use commonhold_sync::shelf::{Room, Shelf, Trouble};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

struct World {
    folder: tempfile::TempDir,
    running: Running,
}

impl World {
    fn new(choose: impl FnOnce(&mut Options)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut options = Options::local(&folder.path().join("store.sqlite"));
        choose(&mut options);
        let running = start(options, clock::system()).unwrap();
        Self { folder, running }
    }

    fn url(&self) -> String {
        format!("http://{}", self.running.address())
    }

    fn shelf(&self, key: u8) -> RelayShelf {
        Relay::new(&self.url(), None).unwrap().shelf(&room(key)).unwrap()
    }
}

fn room(key: u8) -> Room {
    let topic = Topic::of_key(&Secret::new([key; 32]));
    Room::Book(BookId([key; 32]), Some(topic))
}

fn names(shelf: &mut RelayShelf, prefix: &str) -> Vec<String> {
    shelf.list(prefix).unwrap().into_iter().map(|item| item.name).collect()
}

#[allow(clippy::disallowed_methods)]
fn until(what: &str, mut so: impl FnMut() -> bool) {
    let end = std::time::Instant::now() + Duration::from_secs(20);
    while !so() {
        assert!(std::time::Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_relay_is_a_shelf() {
    let world = World::new(|_| {});
    let (mut ours, mut theirs) = (world.shelf(1), world.shelf(1));
    assert_eq!(names(&mut ours, ""), [""; 0]);
    ours.put("log/a.cho", b"sealed").unwrap();
    ours.put("keys/b.chk", b"").unwrap();
    assert_eq!(names(&mut theirs, ""), ["keys/b.chk", "log/a.cho"]);
    assert_eq!(theirs.list("log/").unwrap()[0].bytes, 6);
    assert_eq!(theirs.get("log/a.cho", 100).unwrap().unwrap(), b"sealed");
    assert_eq!(theirs.get("log/a.cho", 3).unwrap().unwrap(), b"sea");
    assert_eq!(theirs.get("log/none", 100).unwrap(), None);
    theirs.put("log/a.cho", b"more").unwrap();
    theirs.remove("keys/b.chk").unwrap();
    theirs.remove("keys/b.chk").unwrap();
    assert_eq!(names(&mut ours, ""), ["log/a.cho"]);
    assert_eq!(ours.list("").unwrap()[0].bytes, 4);
    let large = vec![9; 3 << 20];
    ours.put("large", &large).unwrap();
    assert!(theirs.get("large", 4 << 20).unwrap().unwrap() == large);
    // Another room, another key: nothing there.
    assert_eq!(names(&mut world.shelf(2), ""), [""; 0]);
    assert!(ours.put("../up", b"").is_err());
}

#[test]
fn a_room_to_meet_in_needs_the_words_alone() {
    let world = World::new(|_| {});
    let relay = Relay::new(&world.url(), None).unwrap();
    let meeting = |words: &[u8]| Room::Meeting([1; 16], zeroize::Zeroizing::new(words.to_vec()));
    relay.shelf(&meeting(b"six words")).unwrap().put("offer", b"x").unwrap();
    assert_eq!(names(&mut relay.shelf(&meeting(b"six words")).unwrap(), ""), ["offer"]);
    assert_eq!(names(&mut relay.shelf(&meeting(b"six other")).unwrap(), ""), [""; 0]);
}

#[test]
fn a_clock_that_is_years_off_does_not_matter() {
    let world = World::new(|_| {});
    for wrong in [1_000_u64, 4_000_000_000_000] {
        let clock: Clock = Arc::new(move || wrong);
        let relay = Relay::trusting(&world.url(), None, &[], clock).unwrap();
        let mut shelf = relay.shelf(&room(1)).unwrap();
        shelf.put(&format!("a{wrong}"), b"1").unwrap();
        assert!(names(&mut shelf, "").contains(&format!("a{wrong}")));
    }
}

#[test]
fn who_is_too_fast_waits_as_long_as_the_relay_says() {
    let world = World::new(|options| {
        options.limits.requests_per_second = 2;
        options.limits.requests_at_once = 2;
    });
    let mut shelf = world.shelf(1);
    for n in 0..6 {
        shelf.put(&format!("{n}"), b"1").unwrap();
    }
    assert_eq!(names(&mut shelf, "").len(), 6);
}

#[test]
fn the_token_is_shown_where_it_is_asked_for() {
    let token = "a-token-of-length";
    let world = World::new(|options| options.token = Token::new(token));
    let without = world.shelf(1).put("a", b"").unwrap_err();
    assert_eq!(without.trouble, Trouble::Denied);
    assert!(without.to_string().contains("token"), "{without}");
    let mut with = Relay::new(&world.url(), Some(token)).unwrap().shelf(&room(1)).unwrap();
    with.put("a", b"").unwrap();
    world.shelf(1).put("b", b"").unwrap();
    let wrong = Relay::new(&world.url(), Some("another-token-here")).unwrap();
    let wrong = wrong.shelf(&room(2)).unwrap().put("a", b"").unwrap_err();
    assert!(wrong.trouble == Trouble::Denied && !wrong.to_string().contains("another-token"));
}

#[test]
fn what_is_wrong_is_said_in_words() {
    let world = World::new(|options| options.limits.max_object = 10);
    let mut shelf = world.shelf(1);
    shelf.put("a", b"1").unwrap();
    let large = shelf.put("b", &[0; 20_000_000]).unwrap_err();
    assert!(matches!(large.trouble, Trouble::Full | Trouble::Away), "{large}");
    let large = shelf.put("b", &[0; 20_000]).unwrap_err();
    assert!(large.trouble == Trouble::Full && large.to_string().contains("larger"), "{large}");
    let url = world.url();
    world.running.stop();
    let away = shelf.get("a", 10).unwrap_err();
    assert_eq!((away.trouble, away.place), (Trouble::Away, url.replace("http://", "relay ")));
    drop(world.folder);
}

#[test]
fn who_watches_hears_at_once_and_need_not_ask() {
    let world = World::new(|_| {});
    let (mut ours, theirs) = (world.shelf(1), world.shelf(1));
    ours.put("a", b"1").unwrap();
    let (stop, calls) = (Stop::default(), Arc::new(AtomicUsize::new(0)));
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let thread = {
        let (stop, calls, seen) = (stop.clone(), Arc::clone(&calls), Arc::clone(&seen));
        let (watching, mut shelf) = (theirs.clone(), theirs.clone());
        std::thread::spawn(move || {
            watching.watch(&stop, || {
                calls.fetch_add(1, SeqCst);
                *seen.lock().unwrap() = names(&mut shelf, "");
                true
            })
        })
    };
    until("it knows what was there", || *seen.lock().unwrap() == ["a"]);
    ours.put("b", b"1").unwrap();
    until("it hears of b", || *seen.lock().unwrap() == ["a", "b"]);
    ours.remove("a").unwrap();
    until("it hears that a is gone", || *seen.lock().unwrap() == ["b"]);
    assert_eq!(calls.load(SeqCst), 3);
    stop.stop();
    until("it ends within a moment", || thread.is_finished());
    thread.join().unwrap().unwrap();
    // From now on it asks again.
    ours.put("c", b"1").unwrap();
    assert_eq!(names(&mut theirs.clone(), ""), ["b", "c"]);
}

#[test]
fn watching_ends_when_the_relay_does() {
    let world = World::new(|_| {});
    let shelf = world.shelf(1);
    let (told, hear) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        shelf.watch(&Stop::default(), || {
            told.send(()).unwrap();
            true
        })
    });
    hear.recv_timeout(Duration::from_secs(20)).unwrap();
    world.running.stop();
    assert_eq!(thread.join().unwrap().unwrap_err().trouble, Trouble::Away);
}

#[test]
fn a_store_that_began_anew_is_listed_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = Options::local(&folder.path().join("one.sqlite"));
    let first = start(options.clone(), clock::system()).unwrap();
    options.listen = first.address();
    let relay = Relay::new(&format!("http://{}", first.address()), None).unwrap();
    let mut shelf = relay.shelf(&room(1)).unwrap();
    shelf.put("old", b"1").unwrap();
    assert_eq!(names(&mut shelf, ""), ["old"]);
    first.stop();
    options.store = folder.path().join("two.sqlite");
    let _second = start(options, clock::system()).unwrap();
    for name in ["a", "b", "c"] {
        shelf.put(name, b"1").unwrap();
    }
    assert_eq!(names(&mut shelf, ""), ["a", "b", "c"]);
}

#[test]
fn a_certificate_of_ones_own_is_trusted_when_it_is_given_and_only_then() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let files = Some((cert.clone(), key.clone()));
    let world = World::new(|options| options.tls = files);
    let url = format!("https://localhost:{}", world.running.address().port());
    let pem = made.cert.pem();
    let system: Clock = clock::system();
    let relay = Relay::trusting(&url, None, &[pem.as_bytes()], Arc::clone(&system)).unwrap();
    let mut shelf = relay.shelf(&room(1)).unwrap();
    shelf.put("a", b"1").unwrap();
    assert_eq!(shelf.get("a", 9).unwrap().unwrap(), b"1");
    // A certificate that was renewed, and one that is none.
    let renewed = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(&cert, renewed.cert.pem()).unwrap();
    std::fs::write(&key, renewed.signing_key.serialize_pem()).unwrap();
    world.running.reload().unwrap();
    std::fs::write(&cert, "none").unwrap();
    assert!(world.running.reload().is_err());
    let renewed = renewed.cert.pem();
    let renewed = Relay::trusting(&url, None, &[renewed.as_bytes()], system).unwrap();
    assert_eq!(names(&mut renewed.shelf(&room(1)).unwrap(), ""), ["a"]);
    // The connection from before goes on.
    assert_eq!(shelf.get("a", 9).unwrap().unwrap(), b"1");
    let other = Relay::new(&url, None).unwrap().shelf(&room(1)).unwrap().list("").unwrap_err();
    assert_eq!(other.trouble, Trouble::Away);
    let plain = Relay::new(&url.replace("https", "http"), None).unwrap();
    assert!(plain.shelf(&room(1)).unwrap().list("").is_err());
}
