//! Hearing at once what changes.

use crate::support::{World, event, head};

#[test]
fn watchers_hear_what_was_and_what_comes() {
    let world = World::new(|_| {});
    let mut client = world.client(1);
    client.put("a", b"12");
    client.put("b", b"123");
    let cursor = client.list(0).1;
    let (mut old, mut new) = (client.watch(0), client.watch(cursor));
    for stream in [&mut old, &mut new] {
        let head = head(stream).unwrap();
        assert!(head.contains("content-type: text/event-stream"), "{head}");
    }
    assert!(event(&mut old).ends_with(" 2 a") && event(&mut old).ends_with(" 3 b"));
    for stream in [&mut old, &mut new] {
        assert_eq!(event(stream), format!(": {cursor}"));
    }
    client.put("c", b"1");
    client.delete("a");
    world.client(2).put("elsewhere", b"1");
    client.put("d", b"");
    for stream in [&mut old, &mut new] {
        let heard = [event(stream), event(stream), event(stream)];
        let heard =
            heard.map(|line| line.split_once(' ').unwrap().1.split_once(' ').unwrap().1.to_owned());
        assert_eq!(heard, ["1 c", "- a", "0 d"]);
    }
}

#[test]
fn a_watcher_may_ask_for_a_part() {
    let world = World::new(|_| {});
    let mut client = world.client(1);
    client.put("log/a", b"");
    client.put("keys/a", b"");
    let mut stream = client.watch(0);
    let mut part = {
        let path = client.path("?watch&after=0&prefix=keys/");
        let signed = client.signed("GET", &path, crate::support::BEGIN, b"");
        let mut stream = std::net::TcpStream::connect(world.address()).unwrap();
        use std::io::Write;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\n{signed}\r\n").unwrap();
        std::io::BufReader::new(stream)
    };
    assert!(event(&mut part).ends_with(" 0 keys/a") && event(&mut part).starts_with(": "));
    assert!(event(&mut stream).ends_with(" 0 log/a"));
    client.put("log/b", b"");
    client.put("keys/b", b"");
    assert!(event(&mut part).ends_with(" 0 keys/b"));
}

#[test]
fn a_watcher_that_falls_behind_misses_nothing() {
    let world = World::new(|options| {
        options.limits.requests_per_second = 100_000;
        options.limits.requests_at_once = 100_000;
    });
    let mut client = world.client(1);
    client.put("first", b"");
    let name = |n: usize| format!("{}{n}", "x".repeat(100));
    // It reads nothing while more comes than any buffer holds.
    let mut lazy = client.watch(0);
    let count = 1500;
    let (address, clock) = (world.address(), world.clock.clone());
    std::thread::scope(|all| {
        for part in 0..6 {
            let clock = clock.clone();
            all.spawn(move || {
                let mut client = crate::support::Client::new(address, 1);
                client.clock = clock;
                for n in (part..count).step_by(6) {
                    assert_eq!(client.put(&name(n), b""), 201);
                }
            });
        }
    });
    let mut heard = std::collections::BTreeSet::new();
    while heard.len() < count + 1 {
        let line = event(&mut lazy);
        if let Some(change) = line.strip_prefix("data: ") {
            assert!(heard.insert(change.split(' ').nth(2).unwrap().to_owned()), "{line}");
        }
    }
}
