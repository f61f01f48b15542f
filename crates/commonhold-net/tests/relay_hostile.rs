//! The client against servers that are no good.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice
)]

use commonhold_core::id::BookId;
use commonhold_core::keys::{Secret, Topic};
use commonhold_net::relay::{Relay, RelayShelf, Stop};
use commonhold_sync::shelf::{Room, Shelf, Trouble};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

/// A server that answers every request like this, with the request's path.
fn server(
    answer: impl Fn(&mut TcpStream, &str) -> std::io::Result<()> + Send + Sync + 'static,
) -> RelayShelf {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = std::sync::Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = std::sync::Arc::clone(&answer);
            std::thread::spawn(move || {
                let mut reader = BufReader::new(stream);
                loop {
                    let (mut path, mut line) = (String::new(), String::new());
                    if reader.read_line(&mut path).unwrap_or(0) == 0 {
                        return;
                    }
                    while line != "\r\n" {
                        line.clear();
                        if reader.read_line(&mut line).unwrap_or(0) == 0 {
                            return;
                        }
                    }
                    let path = path.split(' ').nth(1).unwrap_or_default().to_owned();
                    if answer(reader.get_mut(), &path).is_err() {
                        return;
                    }
                }
            });
        }
    });
    let topic = Topic::of_key(&Secret::new([1; 32]));
    let room = Room::Book(BookId([1; 32]), Some(topic));
    Relay::new(&url, None).unwrap().shelf(&room).unwrap()
}

const GOOD: &str = "HTTP/1.1 200 OK\r\ncommonhold-relay: 1\r\ncommonhold-store: 0\r\n";

fn trouble<T: std::fmt::Debug>(result: Result<T, commonhold_sync::shelf::Error>) -> Trouble {
    let error = result.unwrap_err();
    assert!(error.to_string().len() < 600 && !error.to_string().contains('\u{1b}'), "{error}");
    error.trouble
}

#[test]
fn an_endless_listing_comes_to_an_end() {
    // One page without an end.
    let mut shelf = server(|stream, _| {
        write!(stream, "{GOOD}commonhold-cursor: 1\r\n\r\n")?;
        for n in 1.. {
            writeln!(stream, "{n} 1 a{n}")?;
        }
        Ok(())
    });
    assert_eq!(trouble(shelf.list("")), Trouble::Broken);
    // Pages without an end.
    let mut shelf = server(|stream, path| {
        let after: u64 = path.split("after=").nth(1).unwrap().parse().unwrap();
        let line = format!("{} 1 a\n", after + 1);
        let (cursor, length) = (after + 1, line.len());
        write!(
            stream,
            "{GOOD}commonhold-cursor: {cursor}\r\ncommonhold-more: 1\r\ncontent-length: {length}\r\n\r\n{line}"
        )
    });
    assert_eq!(trouble(shelf.list("")), Trouble::Broken);
    // The same page again and again; a cursor that is always too old.
    let mut shelf = server(|stream, _| {
        write!(
            stream,
            "{GOOD}commonhold-cursor: 0\r\ncommonhold-more: 1\r\ncontent-length: 0\r\n\r\n"
        )
    });
    assert_eq!(trouble(shelf.list("")), Trouble::Broken);
    let mut shelf = server(|stream, _| {
        write!(stream, "HTTP/1.1 410 Gone\r\ncommonhold-relay: 1\r\ncontent-length: 0\r\n\r\n")
    });
    assert_eq!(trouble(shelf.list("")), Trouble::Broken);
    assert_eq!(trouble(shelf.watch(&Stop::default(), || true)), Trouble::Broken);
}

#[test]
fn an_endless_file_is_read_as_far_as_was_asked() {
    let mut shelf = server(|stream, _| {
        write!(stream, "{GOOD}\r\n")?;
        loop {
            stream.write_all(&[b'x'; 1 << 16])?;
        }
    });
    assert_eq!(shelf.get("a", 100_000).unwrap().unwrap().len(), 100_000);
}

#[test]
fn garbage_is_called_garbage() {
    for body in ["x", "1 1 ../a\n", "1 1 a", "2 1 a\n1 1 b\n", "1 1 a\u{1b}[2J\n", "\u{0}"] {
        let mut shelf = server(move |stream, _| {
            let length = body.len();
            write!(stream, "{GOOD}commonhold-cursor: 0\r\ncontent-length: {length}\r\n\r\n{body}")
        });
        assert_eq!(trouble(shelf.list("")), Trouble::Broken, "{body:?}");
    }
    for head in ["", "commonhold-cursor: -1\r\n", "commonhold-cursor: 99999999999999999999\r\n"] {
        let mut shelf =
            server(move |stream, _| write!(stream, "{GOOD}{head}content-length: 0\r\n\r\n"));
        assert_eq!(trouble(shelf.list("")), Trouble::Broken, "{head:?}");
    }
}

#[test]
fn what_is_no_relay_never_takes_a_file() {
    // A network that wants a login answers everything with a page.
    let page = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
    let mut shelf = server(move |stream, _| write!(stream, "{page}"));
    assert_eq!(trouble(shelf.put("a", b"")), Trouble::Broken);
    assert_eq!(trouble(shelf.get("a", 10)), Trouble::Broken);
    let elsewhere =
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    let mut shelf = server(move |stream, _| write!(stream, "{elsewhere}"));
    assert_eq!(trouble(shelf.put("a", b"")), Trouble::Broken);
    let mut shelf = server(|stream, _| write!(stream, "\u{1b}[31mSSH-2.0-x\r\n\r\n"));
    assert_eq!(trouble(shelf.list("")), Trouble::Away);
}

#[test]
fn a_refusal_shows_no_more_than_a_plain_sentence() {
    let mut shelf = server(|stream, _| {
        let text = format!("\u{1b}[31mred{}", "x".repeat(100_000));
        let length = text.len();
        write!(
            stream,
            "HTTP/1.1 507 X\r\ncommonhold-relay: 1\r\ncontent-length: {length}\r\n\r\n{text}"
        )
    });
    assert_eq!(trouble(shelf.put("a", b"")), Trouble::Full);
    // A wrong time again and again is no reason to ask again and again.
    let mut shelf = server(|stream, _| {
        write!(
            stream,
            "HTTP/1.1 401 X\r\ncommonhold-relay: 1\r\ncommonhold-time: 5\r\ncontent-length: 0\r\n\r\n"
        )
    });
    assert_eq!(trouble(shelf.put("a", b"")), Trouble::Denied);
}

#[test]
fn a_watch_that_says_nonsense_ends() {
    for body in ["data: x\n", "event: x\n", ": x\n", "data: 1 1 ../a\n", "data: 5 1 a\n\n: 4\n"] {
        let shelf = server(move |stream, _| {
            write!(stream, "{GOOD}commonhold-cursor: 0\r\n\r\n{body}")?;
            std::thread::sleep(std::time::Duration::from_secs(30));
            Ok(())
        });
        assert_eq!(trouble(shelf.watch(&Stop::default(), || true)), Trouble::Broken, "{body:?}");
    }
    let shelf = server(|stream, _| {
        write!(stream, "{GOOD}commonhold-cursor: 0\r\n\r\n")?;
        loop {
            stream.write_all(&[b'x'; 1 << 16])?;
        }
    });
    assert_eq!(trouble(shelf.watch(&Stop::default(), || true)), Trouble::Broken);
}
