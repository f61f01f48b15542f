//! The program itself: killed, told to stop, with TLS.

use crate::support::{BEGIN, Client, event, until};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

pub struct Program {
    pub child: Child,
    address: SocketAddr,
    pub log: BufReader<std::process::ChildStderr>,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a relay with its store in this folder; when this returns, it listens.
pub fn run(folder: &Path, more: &[&str]) -> Program {
    let mut child = Command::new(env!("CARGO_BIN_EXE_commonhold-relay"))
        .args(["serve", "--listen", "127.0.0.1:0", "--requests-per-second", "100000", "--store"])
        .arg(folder.join("deep").join("store.sqlite"))
        .args(more)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("listens on") {
        line.clear();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "it ended");
    }
    let address = line.split("listens on ").nth(1).unwrap_or_else(|| panic!("{line}"));
    let address = address.split(',').next().unwrap().parse().unwrap();
    Program { child, address, log }
}

#[allow(clippy::disallowed_methods)]
pub fn now() -> Arc<AtomicU64> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Arc::new(AtomicU64::new(u64::try_from(since.as_millis()).unwrap()))
}

pub fn client(program: &Program, clock: &Arc<AtomicU64>) -> Client {
    let mut client = Client::new(program.address, 1);
    client.clock = Arc::clone(clock);
    client
}

fn signal(program: &Program, name: &str) {
    let id = program.child.id().to_string();
    assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
}

pub fn body(n: u64) -> Vec<u8> {
    n.to_be_bytes().repeat(usize::try_from(1 + n % 2000).unwrap())
}

/// Six writers lay files down until so many are acknowledged; then the relay is killed. Says which
/// were acknowledged.
pub fn load(program: &mut Program, clock: &Arc<AtomicU64>, round: u64, enough: usize) -> Vec<u64> {
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    let killed = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..6_u64)
        .map(|writer| {
            let (mut client, killed) = (client(program, clock), Arc::clone(&killed));
            let acknowledged = Arc::clone(&acknowledged);
            std::thread::spawn(move || {
                for n in 0.. {
                    let number = round * 1_000_000 + writer * 100_000 + n;
                    let path = client.path(&format!("/w/{number}"));
                    let body = body(number);
                    let head =
                        client.signed("PUT", &path, client.clock.fetch_add(1, SeqCst), &body);
                    let mut bytes = format!(
                        "PUT {path} HTTP/1.1\r\nHost: x\r\n{head}Content-Length: {}\r\n\r\n",
                        body.len()
                    )
                    .into_bytes();
                    bytes.extend_from_slice(&body);
                    match client.raw(&bytes) {
                        Some(reply) if reply.status == 201 => {
                            acknowledged.lock().unwrap().push(number);
                        }
                        Some(reply) => panic!("{}", reply.text()),
                        None if killed.load(SeqCst) => return,
                        None => panic!("it ended by itself"),
                    }
                }
            })
        })
        .collect();
    until("enough is acknowledged", || acknowledged.lock().unwrap().len() >= enough);
    killed.store(true, SeqCst);
    program.child.kill().unwrap();
    program.child.wait().unwrap();
    writers.into_iter().for_each(|writer| {
        // Its next connection may be refused: that is a panic of the test's client.
        let _ = writer.join();
    });
    let kept = acknowledged.lock().unwrap();
    kept.clone()
}

#[test]
fn killed_under_load_it_has_lost_nothing_it_promised_to_keep() {
    let folder = tempfile::tempdir().unwrap();
    let clock = now();
    let mut acknowledged = Vec::new();
    for round in 0..3_u64 {
        let mut program = run(folder.path(), &[]);
        acknowledged.extend(load(&mut program, &clock, round, 150));
    }
    assert!(acknowledged.len() >= 450);
    let program = run(folder.path(), &[]);
    let mut client = client(&program, &clock);
    for number in &acknowledged {
        assert!(client.get(&format!("w/{number}")).unwrap() == body(*number), "{number}");
    }
    // What was not acknowledged is there whole or not at all.
    let (lines, _) = client.list(0);
    assert!(lines.len() >= acknowledged.len());
    for line in lines {
        let (length, name) = line.split_once(' ').unwrap();
        let number = name.strip_prefix("w/").unwrap().parse().unwrap();
        assert_eq!(length.parse::<usize>().unwrap(), body(number).len());
        assert!(client.get(name).unwrap() == body(number), "{name}");
    }
}

#[test]
#[allow(clippy::disallowed_methods)]
fn told_to_stop_it_finishes_and_ends_the_watching() {
    let folder = tempfile::tempdir().unwrap();
    let (mut program, clock) = (run(folder.path(), &[]), now());
    let mut writer = client(&program, &clock);
    assert_eq!(writer.put("a", b"1"), 201);
    let mut watching = writer.watch(0);
    while !event(&mut watching).starts_with(": ") {}
    // A file that is on its way when the relay is told to stop.
    let path = writer.path("/b");
    let head = writer.signed("PUT", &path, clock.fetch_add(1, SeqCst), b"1234");
    let mut slow = std::net::TcpStream::connect(program.address).unwrap();
    write!(slow, "PUT {path} HTTP/1.1\r\nHost: x\r\n{head}Content-Length: 4\r\n\r\n12").unwrap();
    // Answered on the other connection, so the relay has seen that one.
    assert_eq!(writer.get("a").unwrap(), b"1");
    let begin = std::time::Instant::now();
    signal(&program, "-TERM");
    let mut rest = String::new();
    watching.read_to_string(&mut rest).unwrap();
    assert!(rest.ends_with("0\r\n\r\n"), "the stream ends as it should: {rest:?}");
    slow.write_all(b"34").unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert_eq!(program.child.wait().unwrap().code(), Some(0));
    assert!(begin.elapsed().as_secs() < 10);
    let mut log = String::new();
    program.log.read_to_string(&mut log).unwrap();
    assert!(log.contains("has stopped") && !log.contains(&writer.topic()), "{log}");
    let program = run(folder.path(), &[]);
    assert_eq!(client(&program, &clock).get("b").unwrap(), b"1234");
}

#[test]
fn what_cannot_be_is_said_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let token = folder.path().join("token");
    std::fs::write(&token, "short").unwrap();
    let certificate = folder.path().join("none.pem");
    let try_with = |more: &[&std::ffi::OsStr]| {
        let store = folder.path().join("store.sqlite");
        let output = Command::new(env!("CARGO_BIN_EXE_commonhold-relay"))
            .args(["serve", "--listen", "127.0.0.1:0", "--store"])
            .arg(store)
            .args(more)
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, why) = try_with(&["--token".as_ref(), token.as_ref()]);
    assert_eq!(code, Some(3));
    assert!(why.contains("16 to 512") && !why.contains("short"), "{why}");
    let both =
        ["--tls-cert".as_ref(), certificate.as_ref(), "--tls-key".as_ref(), certificate.as_ref()];
    let (code, why) = try_with(&both);
    assert!(code == Some(3) && why.contains("none.pem"), "{why}");
    assert_eq!(try_with(&["--tls-cert".as_ref(), certificate.as_ref()]).0, Some(2));
    let _ = BEGIN;
}
