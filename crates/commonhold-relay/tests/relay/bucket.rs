//! A relay whose files lie in a bucket, against a real S3 server.

use crate::program::{client, load, now, run};
use crate::s3::{KEY, SECRET, Server};
use crate::support::{Client, World, event, until};
use commonhold_relay::clock::DAY;
use commonhold_relay::{clock, start};
use std::io::Read;

fn world(server: &Server) -> World {
    World::new(|options| {
        options.bucket = Some(server.options(false));
        options.metrics = Some(([127, 0, 0, 1], 0).into());
    })
}

fn bodies_in_the_index(world: &World) -> i64 {
    let store = rusqlite::Connection::open(world.store()).unwrap();
    store.query_row("SELECT count(*) FROM body", [], |row| row.get(0)).unwrap()
}

fn numbers(world: &World) -> String {
    let mut page = Client::new(world.running.as_ref().unwrap().metrics_address().unwrap(), 1);
    page.raw(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n").unwrap().text()
}

#[test]
fn what_is_laid_down_lies_in_the_bucket_and_is_read_from_there() {
    let server = Server::new();
    let world = world(&server);
    let mut client = world.client(1);
    let mut watching = client.watch(0);
    while !event(&mut watching).starts_with(": ") {}
    let large = vec![7; 300_000];
    assert_eq!(client.put("keys/a.chk", b"small"), 201);
    assert_eq!(client.put("keys", &large), 201);
    assert_eq!(client.put("empty", b""), 201);
    for line in ["5 keys/a.chk", "300000 keys", "0 empty"] {
        assert!(event(&mut watching).ends_with(line));
    }
    assert_eq!(client.get("keys/a.chk").unwrap(), b"small");
    assert!(client.get("keys").unwrap() == large && client.get("empty").unwrap().is_empty());
    assert_eq!(client.get("none"), None);
    let mut stranger = world.client(2);
    assert_eq!(stranger.get("keys"), None);
    assert_eq!(server.names(&client.topic()), ["empty", "keys", "keys/a.chk"]);
    assert_eq!(bodies_in_the_index(&world), 0);
    // In place of another, and away: also in the bucket.
    assert_eq!(client.put("keys", b"new"), 200);
    assert_eq!(client.get("keys").unwrap(), b"new");
    assert_eq!(client.delete("empty"), 200);
    until("only what is listed is left", || {
        server.names(&client.topic()) == ["keys", "keys/a.chk"]
    });
    // A request that comes twice is done once, and leaves nothing behind.
    let path = client.path("/twice");
    let head = client.signed("PUT", &path, crate::support::BEGIN, b"1");
    assert_eq!(client.send("PUT", &path, &head, b"1").status, 201);
    assert_eq!(client.delete("twice"), 200);
    assert_eq!(client.send("PUT", &path, &head, b"1").status, 200);
    assert_eq!(client.get("twice"), None);
    until("nothing is left of it", || server.names(&client.topic()).len() == 2);
    assert!(numbers(&world).contains("\ncommonhold_relay_bucket_up 1\n"));
}

#[test]
fn what_is_forgotten_is_taken_away_in_the_bucket_too() {
    let server = Server::new();
    let world = world(&server);
    let mut client = world.client(1);
    for name in ["a", "b", "c"] {
        assert_eq!(client.put(name, b"1"), 201);
    }
    world.later(401 * DAY);
    assert!(world.running.as_ref().unwrap().tidy());
    assert_eq!(client.list(0).0.len(), 0);
    until("the bucket forgets it as well", || server.names(&client.topic()).is_empty());
}

#[test]
fn a_bucket_that_is_away_costs_a_503_and_nothing_else() {
    let mut server = Server::new();
    let mut world = world(&server);
    let mut client = world.client(1);
    assert_eq!((client.put("a", b"1"), client.put("b", b"2")), (201, 201));
    server.stop();
    let refused = client.ask("PUT", "/c", b"3");
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert_eq!(refused.header("retry-after"), Some("15"));
    assert!(refused.text().contains("storage space"), "{}", refused.text());
    assert_eq!(client.ask("GET", "/a", b"").status, 503);
    // What needs no bucket goes on.
    assert_eq!(client.list(0).0, ["1 a", "1 b"]);
    assert_eq!(client.delete("b"), 200);
    assert_eq!(client.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap().status, 200);
    let page = numbers(&world);
    assert!(page.contains("\ncommonhold_relay_bucket_up 0\n"), "{page}");
    // Also starting again.
    world.stop();
    world.start();
    client = world.client(1);
    assert_eq!(client.list(0).0, ["1 a"]);
    assert_eq!(client.put("c", b"3"), 503);
    server.start();
    assert_eq!(client.get("a").unwrap(), b"1");
    assert_eq!(client.put("c", b"3"), 201);
    until("what was taken away meanwhile is gone", || server.names(&client.topic()) == ["a", "c"]);
    assert_eq!(client.list(0).0, ["1 a", "1 c"]);
}

#[test]
fn a_lost_index_is_made_anew_from_the_bucket() {
    let server = Server::new();
    let mut world = world(&server);
    let (mut client, mut other) = (world.client(1), world.client(2));
    for name in ["a", "b", "c/d"] {
        assert_eq!((client.put(name, name.as_bytes()), other.put(name, b"other")), (201, 201));
    }
    assert_eq!((client.put("a", b"newer"), client.delete("b")), (200, 200));
    until("the bucket is tidy", || server.names(&client.topic()) == ["a", "c/d"]);
    let (_, cursor) = client.list(0);
    let store = client.ask("GET", "?after=0", b"").header("commonhold-store").unwrap().to_owned();
    world.stop();
    let folder = tempfile::tempdir().unwrap();
    let mut options = world.options.clone();
    options.store = folder.path().join("index.sqlite");
    let why = start(options.clone(), clock::system()).err().unwrap();
    assert!(why.contains("--rebuild"), "{why}");
    options.bucket = Some(server.options(true));
    let before = std::mem::replace(&mut world.options, options);
    world.start();
    let (mut client, mut other) = (world.client(1), world.client(2));
    assert_eq!(client.list(0).0, ["3 c/d", "5 a"]);
    assert_eq!((client.get("a").unwrap(), client.get("b")), (b"newer".to_vec(), None));
    assert_eq!(other.list(0).0, ["5 a", "5 b", "5 c/d"]);
    assert_eq!(other.get("c/d").unwrap(), b"other");
    let now = client.ask("GET", "?after=0", b"").header("commonhold-store").unwrap().to_owned();
    assert_ne!(now, store);
    assert!(cursor > 0 && world.dump().contains("c/d"));
    // It goes on, and what is laid down now is later than all that was there.
    assert_eq!(client.put("a", b"newest"), 200);
    until("the older is gone", || server.names(&client.topic()) == ["a", "c/d"]);
    assert_eq!(client.get("a").unwrap(), b"newest");
    world.stop();
    // The index from before follows this bucket no more.
    let why = start(before, clock::system()).err().unwrap();
    assert!(why.contains("another relay"), "{why}");
    world.options.bucket = None;
    let why = start(world.options.clone(), clock::system()).err().unwrap();
    assert!(why.contains("--bucket"), "{why}");
}

#[test]
fn a_store_that_holds_files_becomes_no_index() {
    let server = Server::new();
    let mut world = World::new(|_| {});
    assert_eq!(world.client(1).put("a", b"1"), 201);
    world.stop();
    for rebuild in [false, true] {
        world.options.bucket = Some(server.options(rebuild));
        let why = start(world.options.clone(), clock::system()).err().unwrap();
        assert!(why.contains("--store"), "{why}");
    }
    world.options.bucket = None;
    world.start();
    assert_eq!(world.client(1).get("a").unwrap(), b"1");
}

#[test]
fn what_the_bucket_lost_is_not_there_and_said_to_the_operator_alone() {
    let server = Server::new();
    let world = world(&server);
    let mut client = world.client(1);
    assert_eq!((client.put("a", b"1"), client.put("b", b"1")), (201, 201));
    let files = server.files();
    let file = files.iter().find(|name| name.contains("/a.")).unwrap();
    assert_eq!(server.read(file), b"1");
    server.remove(file);
    assert_eq!(client.get("a"), None);
    assert_eq!(client.get("b").unwrap(), b"1");
    assert_eq!(client.put("a", b"again"), 200);
    assert_eq!(client.get("a").unwrap(), b"again");
}

#[test]
fn killed_under_load_with_a_bucket_it_has_lost_nothing_it_promised_to_keep() {
    let server = Server::new();
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, format!("{KEY}\n{SECRET}\n")).unwrap();
    let address = server.address();
    let with = ["--bucket", &address, "--bucket-credentials", secret.to_str().unwrap()];
    let clock = now();
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        let mut program = run(folder.path(), &with);
        acknowledged.extend(load(&mut program, &clock, round, 60));
    }
    assert!(acknowledged.len() >= 180);
    let check = |with: &[&str], folder: &std::path::Path| {
        let mut program = run(folder, with);
        let mut client = client(&program, &clock);
        for number in &acknowledged {
            let found = client.get(&format!("w/{number}"));
            assert!(found.unwrap() == crate::program::body(*number), "{number}");
        }
        // What was under way when it was killed is taken away again: listed is what lies there.
        let mut listed: Vec<String> = client.list(0).0;
        listed.iter_mut().for_each(|line| *line = line.split_once(' ').unwrap().1.to_owned());
        listed.sort();
        until("the bucket holds what is listed", || {
            let mut there = server.names(&client.topic());
            there.sort();
            there == listed
        });
        program.child.kill().unwrap();
        let mut log = String::new();
        program.log.read_to_string(&mut log).unwrap();
        assert!(!log.contains(SECRET) && !log.contains(&client.topic()), "{log}");
        listed
    };
    let listed = check(&with, folder.path());
    let anew = tempfile::tempdir().unwrap();
    let mut rebuild = with.to_vec();
    rebuild.push("--rebuild");
    assert_eq!(check(&rebuild, anew.path()), listed);
}
