//! How much is too much.

use crate::support::{Client, World, until};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

#[test]
fn a_topic_and_the_whole_have_their_limits() {
    let mut world = World::new(|options| {
        options.limits.max_topic = 5000;
        options.limits.max_topic_files = 4;
        options.limits.max_store = 8000;
        options.limits.max_topics = 3;
    });
    let mut one = world.client(1);
    // Each name counts 300 bytes beside its file.
    assert_eq!(one.put("a", &[0; 4700]), 201);
    let before = world.dump();
    assert_eq!(one.put("b", &[0; 1]), 507);
    assert_eq!(one.put("a", &[0; 4701]), 507);
    assert_eq!(world.dump(), before);
    assert_eq!(one.put("a", &[0; 100]), 200);
    for (name, status) in [("b", 201), ("c", 201), ("d", 201), ("e", 507), ("d", 200)] {
        assert_eq!(one.put(name, b"x"), status, "{name}");
    }
    // Also after a new start, it knows what it holds.
    world.stop();
    world.start();
    let mut one = world.client(1);
    assert_eq!(one.put("e", b"x"), 507);
    assert_eq!((one.delete("d"), one.put("e", b"x")), (200, 201));
    let mut two = world.client(2);
    assert_eq!(two.put("a", &[0; 4700]), 201);
    assert_eq!(world.client(3).put("a", &[0; 3000]), 507);
    assert_eq!(world.client(3).put("a", b""), 201);
    assert_eq!(world.client(4).put("a", b""), 507);
    assert_eq!(world.client(3).put("a", b"more"), 200);
}

#[test]
fn one_address_opens_so_many_topics() {
    let world = World::new(|options| options.limits.new_topics_per_hour = 3);
    for key in 1..=3 {
        assert_eq!(world.client(key).put("a", b""), 201);
    }
    let reply = world.client(4).ask("PUT", "/a", b"");
    assert_eq!(reply.status, 429);
    assert!(reply.header("retry-after").unwrap().parse::<u64>().unwrap() > 60);
    assert_eq!(world.client(1).put("b", b""), 201);
}

#[test]
fn who_asks_through_a_proxy_is_told_apart() {
    let world = World::new(|options| {
        options.behind_proxy = true;
        options.limits.new_topics_per_hour = 1;
    });
    let put = |key: u8, from: &str| {
        let mut client = world.client(key);
        client.extra = format!("X-Forwarded-For: {from}\r\n");
        client.put("a", b"")
    };
    // What the client says of itself stands first; the proxy's word stands last.
    assert_eq!((put(1, "9.9.9.9, 10.0.0.1"), put(2, "8.8.8.8, 10.0.0.1")), (201, 429));
    assert_eq!(put(2, "10.0.0.2"), 201);
}

#[test]
fn watchers_have_so_many_places() {
    let world = World::new(|options| {
        options.limits.max_watchers_per_topic = 2;
        options.limits.max_watchers_per_address = 3;
    });
    let mut client = world.client(1);
    client.put("a", b"");
    let watch = |key: u8| {
        let client = world.client(key);
        let mut stream = client.watch(0);
        let head = crate::support::head(&mut stream).unwrap();
        (head.starts_with("HTTP/1.1 200"), stream)
    };
    let first = [watch(1), watch(1)];
    assert!(first.iter().all(|(taken, _)| *taken) && !watch(1).0);
    let other = watch(2);
    assert!(other.0 && !watch(3).0);
    drop(first);
    until("places are free again", || watch(1).0 && watch(3).0);
}

#[test]
fn who_says_nothing_or_takes_nothing_is_let_go() {
    let world = World::new(|options| {
        options.limits.idle_seconds = 1;
        options.limits.stall_seconds = 1;
    });
    let ends = |begin: &[u8]| {
        let mut stream = TcpStream::connect(world.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
        stream.write_all(begin).unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        String::from_utf8(all).unwrap()
    };
    ends(b"");
    ends(b"GET /healthz HTTP/1.1\r\nHost:");
    assert!(ends(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").contains("ok"));
    let client = world.client(1);
    let path = client.path("/a");
    let head = client.signed("PUT", &path, crate::support::BEGIN, b"12345");
    let slow = format!("PUT {path} HTTP/1.1\r\nHost: x\r\n{head}Content-Length: 5\r\n\r\n12");
    assert!(ends(slow.as_bytes()).starts_with("HTTP/1.1 408"));
    // One who asks for much and reads none of it holds its memory for a moment only.
    let mut client = world.client(1);
    assert_eq!(client.put("large", &vec![7; 20 << 20]), 201);
    let path = client.path("/large");
    let head = client.signed("GET", &path, crate::support::BEGIN, b"");
    let mut lazy = TcpStream::connect(world.address()).unwrap();
    write!(lazy, "GET {path} HTTP/1.1\r\nHost: x\r\n{head}\r\n").unwrap();
    std::thread::sleep(Duration::from_secs(4));
    let mut all = Vec::new();
    let _ = lazy.read_to_end(&mut all);
    assert!(all.len() < 20 << 20, "{}", all.len());
}

#[test]
fn connections_have_so_many_places() {
    let world = World::new(|options| options.limits.max_connections = 3);
    let health = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut all: Vec<Client> = (1..=3).map(|key| world.client(key)).collect();
    assert!(all.iter_mut().all(|client| client.raw(health).unwrap().status == 200));
    let refused = world.client(9).raw(b"");
    assert!(refused.is_none_or(|reply| reply.status == 503));
    drop(all);
    until("a place is free again", || {
        world.client(9).raw(health).is_some_and(|reply| reply.status == 200)
    });
}
