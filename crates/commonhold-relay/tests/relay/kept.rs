//! What is kept, for how long, and what is forgotten.

use crate::support::World;
use commonhold_relay::clock::DAY;

#[test]
fn what_was_stored_is_there_after_a_new_start() {
    let mut world = World::new(|_| {});
    let mut client = world.client(1);
    client.put("a", b"1");
    client.put("b", b"2");
    client.delete("a");
    let (_, cursor) = client.list(0);
    let store = client.ask("GET", "?after=0", b"").header("commonhold-store").unwrap().to_owned();
    let before = world.dump();
    world.stop();
    assert_eq!(world.dump(), before);
    world.start();
    let mut client = world.client(1);
    assert_eq!(client.list(cursor), (vec![], cursor));
    assert_eq!(client.get("b").unwrap(), b"2");
    assert_eq!(client.ask("GET", "?after=0", b"").header("commonhold-store"), Some(store.as_str()));
    client.put("c", b"3");
    assert_eq!(client.list(cursor).0, ["1 c"]);
}

#[test]
fn two_relays_do_not_share_a_store() {
    let world = World::new(|_| {});
    let why = commonhold_relay::start(world.options.clone(), commonhold_relay::clock::system());
    assert!(why.err().unwrap().contains("another relay"));
}

#[test]
fn that_a_file_was_taken_away_is_forgotten_in_time() {
    let world = World::new(|_| {});
    let mut client = world.client(1);
    client.put("a", b"1");
    client.put("b", b"1");
    let (_, early) = client.list(0);
    client.delete("a");
    let (_, cursor) = client.list(0);
    world.later(29 * DAY);
    assert!(world.running.as_ref().unwrap().tidy());
    assert_eq!(client.list(early).0, ["- a"]);
    world.later(2 * DAY);
    assert!(world.running.as_ref().unwrap().tidy());
    // Who knew of it goes on; who did not lists anew, and then goes on.
    assert_eq!(client.list(cursor), (vec![], cursor));
    assert_eq!(client.ask("GET", &format!("?after={early}"), b"").status, 410);
    assert_eq!(client.list(0), (vec!["1 b".to_owned()], cursor));
    assert_eq!(client.ask("GET", &format!("?watch&after={early}"), b"").status, 410);
    assert_eq!(client.ask("GET", &format!("?after={}", cursor + 1), b"").status, 410);
}

#[test]
fn topics_nobody_uses_are_forgotten_and_those_somebody_reads_are_not() {
    let world = World::new(|_| {});
    let (mut read, mut left) = (world.client(1), world.client(2));
    for n in 0..5 {
        assert_eq!((read.put(&format!("{n}"), b"1"), left.put(&format!("{n}"), b"1")), (201, 201));
    }
    let (_, cursor) = left.list(0);
    world.later(399 * DAY);
    assert_eq!(read.get("1").unwrap(), b"1");
    // The writer notes that in its own time; what comes after it, after that.
    assert_eq!(read.put("last", b"1"), 201);
    world.later(2 * DAY);
    assert!(world.running.as_ref().unwrap().tidy());
    assert_eq!(read.list(0).0.len(), 6);
    assert_eq!(left.ask("GET", &format!("?after={cursor}"), b"").status, 410);
    assert_eq!(left.list(0), (vec![], 0));
    assert!(!world.dump().contains(&left.topic().to_uppercase()));
    // It may begin again, and nobody mistakes that for how it was.
    assert_eq!(left.put("1", b"new"), 201);
    assert_eq!(left.ask("GET", &format!("?after={cursor}"), b"").status, 410);
    assert_eq!(left.list(0).0, ["3 1"]);
}
