//! What it does when all is well.

use crate::support::{Client, World};
use std::sync::atomic::Ordering::SeqCst;

#[test]
fn files_are_laid_down_listed_read_replaced_and_taken_away() {
    let world = World::new(|_| {});
    let mut client = world.client(1);
    assert_eq!(client.list(0), (vec![], 0));
    assert_eq!(client.put("log/a.cho", b"one"), 201);
    assert_eq!(client.put("keys/b.chk", b""), 201);
    assert_eq!(client.get("log/a.cho").unwrap(), b"one");
    assert_eq!(client.get("keys/b.chk").unwrap(), b"");
    let (lines, first) = client.list(0);
    assert_eq!(lines, ["3 log/a.cho", "0 keys/b.chk"]);
    assert_eq!(client.list(first), (vec![], first));
    assert_eq!(client.put("log/a.cho", b"longer"), 200);
    let (lines, second) = client.list(first);
    assert_eq!(lines, ["6 log/a.cho"]);
    assert_eq!(client.get("log/a.cho").unwrap(), b"longer");
    assert_eq!((client.delete("log/a.cho"), client.delete("log/none")), (200, 200));
    assert_eq!(client.list(second).0, ["- log/a.cho"]);
    assert_eq!(client.list(0).0, ["0 keys/b.chk"]);
    assert_eq!(client.get("log/a.cho"), None);
    assert_eq!(client.put("log/a.cho", b"again"), 201);
    let found = client.ask("GET", "?after=0&prefix=log/", b"").text();
    assert!(found.ends_with(" 5 log/a.cho\n") && found.lines().count() == 1, "{found}");
    // Another topic has none of it.
    assert_eq!(world.client(2).list(0), (vec![], 0));
    assert_eq!(world.client(2).get("log/a.cho"), None);
}

#[test]
fn large_files_come_back_as_they_were() {
    let world = World::new(|_| {});
    let mut client = world.client(1);
    let body: Vec<u8> =
        (0..10_000_000_u32).flat_map(|n| (n % 251).to_be_bytes()).take(9 << 20).collect();
    assert_eq!(client.put("large", &body), 201);
    assert!(client.get("large").unwrap() == body);
}

#[test]
fn many_write_at_once_and_every_change_has_a_number_of_its_own() {
    let world = World::new(|_| {});
    let (address, clock) = (world.address(), world.clock.clone());
    std::thread::scope(|all| {
        for writer in 0..8_u8 {
            let clock = clock.clone();
            all.spawn(move || {
                let mut client = Client::new(address, 1);
                client.clock = clock;
                for n in 0..25 {
                    assert_eq!(client.put(&format!("{writer}/{n}"), &[writer; 100]), 201);
                }
            });
        }
    });
    let mut client = world.client(1);
    let text = client.ask("GET", "?after=0", b"").text();
    let numbers: Vec<u64> =
        text.lines().map(|line| line.split(' ').next().unwrap().parse().unwrap()).collect();
    assert_eq!(numbers.len(), 200);
    assert!(numbers.is_sorted_by(|a, b| a < b));
}

#[test]
fn a_request_that_comes_twice_is_done_once() {
    let world = World::new(|_| {});
    let mut client = world.client(1);
    let path = client.path("/a");
    let first = client.signed("PUT", &path, client.clock.fetch_add(1, SeqCst), b"old");
    assert_eq!(client.send("PUT", &path, &first, b"old").status, 201);
    assert_eq!(client.put("a", b"new"), 200);
    let before = world.dump();
    assert_eq!(client.send("PUT", &path, &first, b"old").status, 200);
    let gone = client.signed("DELETE", &path, client.clock.fetch_add(1, SeqCst), b"");
    assert_eq!(world.dump(), before);
    assert_eq!(client.send("DELETE", &path, &gone, b"").status, 200);
    assert_eq!(client.put("a", b"new"), 201);
    assert_eq!(client.send("DELETE", &path, &gone, b"").status, 200);
    assert_eq!(client.get("a").unwrap(), b"new");
}

#[test]
fn it_says_that_it_lives_and_its_numbers_name_nobody() {
    let world = World::new(|options| options.metrics = Some(([127, 0, 0, 1], 0).into()));
    let mut client = world.client(1);
    let health = client.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    assert_eq!((health.status, health.text().as_str()), (200, "ok\n"));
    client.put("a", b"12345");
    client.ask("GET", "/none", b"");
    let elsewhere = client.raw(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    assert_eq!(elsewhere.status, 404);
    let mut page = Client::new(world.running.as_ref().unwrap().metrics_address().unwrap(), 1);
    let page = page.raw(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n").unwrap().text();
    for line in [
        "commonhold_relay_requests_total{kind=\"put\",status=\"201\"} 1",
        "commonhold_relay_requests_total{kind=\"get\",status=\"404\"} 1",
        "commonhold_relay_requests_total{kind=\"other\",status=\"404\"} 1",
        "commonhold_relay_objects 1",
        "commonhold_relay_topics 1",
        "commonhold_relay_connections 1",
        "commonhold_relay_put_seconds_count 1",
        "commonhold_relay_put_seconds_bucket{le=\"+Inf\"} 1",
    ] {
        assert!(page.lines().any(|found| found == line), "{line}\n{page}");
    }
    assert!(!page.contains(&client.topic()) && !page.contains("127.0.0.1"));
}
