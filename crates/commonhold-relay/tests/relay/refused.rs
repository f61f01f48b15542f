//! What it does not do, and that nothing is left of it.

use crate::support::{BEGIN, Client, World, until};
use commonhold_relay::options::Token;
use std::sync::atomic::Ordering::SeqCst;

/// A relay with one file in it, its keeper, and what is stored.
fn kept(world: &World) -> (Client, String) {
    let mut client = world.client(1);
    assert_eq!(client.put("a", b"kept"), 201);
    (client, world.dump())
}

#[test]
fn a_stranger_changes_nothing() {
    let world = World::new(|_| {});
    let (mut client, before) = kept(&world);
    let mut stranger = world.client(2);
    let path = client.path("/a");
    for (method, body) in [("PUT", b"evil".as_slice()), ("DELETE", b""), ("GET", b"")] {
        // Signed with another key, for another path, unsigned, with half a signature.
        let head = stranger.signed(method, &path, BEGIN, body);
        let other = client.signed(method, &client.path("/b"), BEGIN, body);
        let late = client.signed(method, &path, BEGIN + 11 * 60 * 1000, body);
        let half =
            client.signed(method, &path, BEGIN, body).replacen("Signature: ", "Signature: 0", 1);
        for head in [head.as_str(), &other, &late, &half, ""] {
            let reply = stranger.send(method, &path, head, body);
            assert_eq!(reply.status, 401, "{method} {head}");
            assert_eq!(reply.text().lines().count(), 1);
            assert_eq!(reply.header("commonhold-time").is_some(), head == late);
        }
    }
    let watch = client.path("?watch&after=0");
    let head = stranger.signed("GET", &watch, BEGIN, b"");
    assert_eq!(stranger.send("GET", &watch, &head, b"").status, 401);
    assert_eq!(world.dump(), before);
    assert_eq!(client.get("a").unwrap(), b"kept");
}

#[test]
fn a_body_that_was_not_signed_is_not_kept() {
    let world = World::new(|_| {});
    let (mut client, before) = kept(&world);
    let path = client.path("/a");
    let head = client.signed("PUT", &path, BEGIN, b"good");
    let reply = client.send("PUT", &path, &head, b"evil");
    assert_eq!(reply.status, 401, "{}", reply.text());
    // One that breaks off in the middle.
    let head = client.signed("PUT", &path, BEGIN, b"good");
    let half = format!("PUT {path} HTTP/1.1\r\nHost: x\r\n{head}Content-Length: 4\r\n\r\ngo");
    use std::io::Write;
    let mut stream = std::net::TcpStream::connect(world.address()).unwrap();
    stream.write_all(half.as_bytes()).unwrap();
    drop(stream);
    // Without a length.
    let head = client.signed("PUT", &path, BEGIN, b"good");
    let chunked = format!(
        "PUT {path} HTTP/1.1\r\nHost: x\r\n{head}Transfer-Encoding: chunked\r\n\r\n4\r\ngood\r\n0\r\n\r\n"
    );
    assert_eq!(client.raw(chunked.as_bytes()).unwrap().status, 411);
    assert_eq!(world.dump(), before);
}

#[test]
fn wrong_clocks_are_told_the_time() {
    let world = World::new(|_| {});
    let (mut client, _) = kept(&world);
    client.clock = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(5));
    let reply = client.ask("GET", "?after=0", b"");
    let theirs: u64 = reply.header("commonhold-time").unwrap().parse().unwrap();
    assert!(reply.status == 401 && theirs.abs_diff(BEGIN) < 1000);
    client.clock.store(theirs, SeqCst);
    assert_eq!(client.ask("GET", "?after=0", b"").status, 200);
}

#[test]
fn names_and_questions_that_are_none_are_refused() {
    let world = World::new(|_| {});
    let (mut client, before) = kept(&world);
    for (method, rest, status) in [
        ("PUT", "/A", 400),
        ("PUT", "/../a", 400),
        ("PUT", "/a//b", 400),
        ("PUT", "/.a", 400),
        ("PUT", "/a%2e", 400),
        ("PUT", "", 405),
        ("POST", "/a", 405),
        ("HEAD", "", 405),
        ("GET", "?after=x", 400),
        ("GET", "?watch=1&after=0", 400),
        ("GET", "/a?x=1", 400),
        ("GET", "/none", 404),
    ] {
        if method == "HEAD" {
            continue;
        }
        assert_eq!(client.ask(method, rest, b"x").status, status, "{method} {rest}");
    }
    let long = format!("/{}", "a/".repeat(150));
    assert_eq!(client.ask("PUT", &long, b"x").status, 400);
    for path in ["/", "/v1/", "/v1/00", "/v2/x", "/healthz/x"] {
        assert!([400, 404].contains(&client.send("GET", path, "", b"").status), "{path}");
    }
    assert_eq!(world.dump(), before);
}

#[test]
fn what_is_too_large_is_refused_before_it_is_read() {
    let world = World::new(|options| options.limits.max_object = 1000);
    let (mut client, before) = kept(&world);
    assert_eq!(client.put("b", &[0; 1001]), 413);
    // Far more than is ever read, and none of it sent.
    let path = client.path("/b");
    let head = client.signed("PUT", &path, BEGIN, b"");
    let asked =
        format!("PUT {path} HTTP/1.1\r\nHost: x\r\n{head}Content-Length: 99999999999\r\n\r\n");
    assert_eq!(client.raw(asked.as_bytes()).unwrap().status, 413);
    assert_eq!(world.dump(), before);
    assert_eq!(client.put("b", &[0; 1000]), 201);
}

#[test]
fn new_topics_need_the_token_and_old_ones_go_on() {
    let mut world = World::new(|options| options.token = Token::new("a-token-of-length"));
    let mut client = world.client(1);
    for extra in ["", "Authorization: Bearer a-token-of-lengtH\r\n", "Authorization: x\r\n"] {
        client.extra = extra.to_owned();
        assert_eq!((client.put("a", b"1"), client.ask("GET", "?after=0", b"").status), (403, 403));
    }
    assert_eq!(world.dump(), "");
    client.extra = "Authorization: Bearer a-token-of-length\r\n".to_owned();
    assert_eq!(client.put("a", b"1"), 201);
    client.extra = String::new();
    assert_eq!((client.put("b", b"1"), client.list(0).0.len()), (201, 2));
    world.stop();
}

#[test]
fn a_flood_is_held_back_and_does_no_harm() {
    let world = World::new(|options| {
        options.limits.requests_per_second = 5;
        options.limits.requests_at_once = 20;
    });
    let (mut client, before) = kept(&world);
    let mut refused = 0;
    for _ in 0..100 {
        let reply = client.send("PUT", &client.path("/a"), "", b"evil");
        if reply.status == 429 {
            assert_eq!(reply.header("retry-after"), Some("1"));
            refused += 1;
        } else {
            assert_eq!(reply.status, 401);
        }
    }
    assert!(refused >= 60, "{refused}");
    assert_eq!(world.dump(), before);
    let (path, address) = (client.path("?after=0"), world.address());
    until("it lets in again", || {
        let mut again = Client::new(address, 1);
        let head = again.signed("GET", &path, BEGIN, b"");
        again.send("GET", &path, &head, b"").status == 200
    });
}
