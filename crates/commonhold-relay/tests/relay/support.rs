//! A client that can also do what a good one never does.

use commonhold_relay::options::Options;
use commonhold_relay::{Running, clock, start};
use ed25519_dalek::{Signer, SigningKey};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;

/// A moment every test begins at.
pub const BEGIN: u64 = 1_800_000_000_000;

/// A relay with a clock of its own in a folder of its own.
pub struct World {
    _folder: tempfile::TempDir,
    pub clock: Arc<AtomicU64>,
    pub running: Option<Running>,
    pub options: Options,
}

impl World {
    pub fn new(choose: impl FnOnce(&mut Options)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut options = Options::local(&folder.path().join("store.sqlite"));
        choose(&mut options);
        let clock = Arc::new(AtomicU64::new(BEGIN));
        let mut world = Self { _folder: folder, clock, running: None, options };
        world.start();
        world
    }

    pub fn start(&mut self) {
        let clock = Arc::clone(&self.clock);
        let clock: clock::Clock = Arc::new(move || clock.load(SeqCst));
        self.running = Some(start(self.options.clone(), clock).unwrap());
    }

    pub fn stop(&mut self) {
        self.running.take().unwrap().stop();
    }

    pub fn address(&self) -> SocketAddr {
        self.running.as_ref().unwrap().address()
    }

    pub fn later(&self, milliseconds: u64) {
        self.clock.fetch_add(milliseconds, SeqCst);
    }

    pub fn store(&self) -> PathBuf {
        self.options.store.clone()
    }

    pub fn client(&self, key: u8) -> Client {
        let mut client = Client::new(self.address(), key);
        client.clock = Arc::clone(&self.clock);
        client
    }

    /// All that is stored, to compare.
    pub fn dump(&self) -> String {
        let store = rusqlite::Connection::open(self.store()).unwrap();
        let mut all = String::new();
        for ask in [
            "SELECT hex(key) || forgotten || ' ' || files || ' ' || bytes FROM topic ORDER BY 1",
            "SELECT n || ' ' || name || ' ' || coalesce(bytes, '-') FROM object ORDER BY n",
            "SELECT n || ' ' || hex(data) FROM body ORDER BY n",
        ] {
            let mut statement = store.prepare(ask).unwrap();
            let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
            rows.for_each(|row| all.push_str(&(row.unwrap() + "\n")));
        }
        all
    }
}

pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| *found == name).map(|(_, value)| value.trim())
    }

    pub fn cursor(&self) -> u64 {
        self.header("commonhold-cursor").unwrap().parse().unwrap()
    }
}

/// A connection of one who has a topic's key.
pub struct Client {
    pub address: SocketAddr,
    pub key: SigningKey,
    pub stream: Option<BufReader<TcpStream>>,
    pub clock: Arc<AtomicU64>,
    /// More lines for the head of each request.
    pub extra: String,
}

impl Client {
    pub fn new(address: SocketAddr, key: u8) -> Self {
        let key = SigningKey::from_bytes(&[key; 32]);
        let clock = Arc::new(AtomicU64::new(BEGIN));
        Self { address, key, stream: None, clock, extra: String::new() }
    }

    pub fn topic(&self) -> String {
        hex(self.key.verifying_key().as_bytes())
    }

    pub fn path(&self, rest: &str) -> String {
        format!("/v1/{}{rest}", self.topic())
    }

    /// The lines that sign a request.
    pub fn signed(&self, method: &str, path: &str, time: u64, body: &[u8]) -> String {
        let hash = blake3::hash(body).to_hex();
        let message = format!("commonhold relay 1\n{method}\n{path}\n{time}\n{hash}");
        let signature = hex(&self.key.sign(message.as_bytes()).to_bytes());
        format!(
            "Commonhold-Time: {time}\r\nCommonhold-Signature: {signature}\r\n\
             Commonhold-Body: {hash}\r\n"
        )
    }

    /// Sends bytes as they are and reads an answer; nothing if the relay ends the connection.
    pub fn raw(&mut self, bytes: &[u8]) -> Option<Reply> {
        let address = self.address;
        let stream = self.stream.get_or_insert_with(|| {
            let stream = TcpStream::connect(address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            stream.set_nodelay(true).unwrap();
            BufReader::new(stream)
        });
        let _ = stream.get_mut().write_all(bytes);
        let reply = reply(stream);
        if reply.as_ref().is_none_or(|reply| reply.header("connection") == Some("close")) {
            self.stream = None;
        }
        reply
    }

    /// Sends a request with these lines in its head.
    pub fn send(&mut self, method: &str, path: &str, head: &str, body: &[u8]) -> Reply {
        let extra = &self.extra;
        let length = body.len();
        let mut bytes = format!(
            "{method} {path} HTTP/1.1\r\nHost: relay\r\n{head}{extra}Content-Length: {length}\r\n\r\n"
        )
        .into_bytes();
        bytes.extend_from_slice(body);
        self.raw(&bytes).unwrap()
    }

    /// A request as it should be. Each has a time of its own.
    pub fn ask(&mut self, method: &str, rest: &str, body: &[u8]) -> Reply {
        let path = self.path(rest);
        let head = self.signed(method, &path, self.clock.fetch_add(1, SeqCst), body);
        self.send(method, &path, &head, body)
    }

    pub fn put(&mut self, name: &str, body: &[u8]) -> u16 {
        self.ask("PUT", &format!("/{name}"), body).status
    }

    pub fn get(&mut self, name: &str) -> Option<Vec<u8>> {
        let reply = self.ask("GET", &format!("/{name}"), b"");
        assert!([200, 404].contains(&reply.status), "{}", reply.text());
        (reply.status == 200).then_some(reply.body)
    }

    pub fn delete(&mut self, name: &str) -> u16 {
        self.ask("DELETE", &format!("/{name}"), b"").status
    }

    /// Lines of a listing without their numbers.
    pub fn list(&mut self, after: u64) -> (Vec<String>, u64) {
        let reply = self.ask("GET", &format!("?after={after}"), b"");
        assert_eq!(reply.status, 200, "{}", reply.text());
        let text = reply.text();
        let lines = text.lines().map(|line| line.split_once(' ').unwrap().1.to_owned());
        (lines.collect(), reply.cursor())
    }

    /// Begins to watch; gives what comes.
    pub fn watch(&self, after: u64) -> BufReader<TcpStream> {
        let path = self.path(&format!("?watch&after={after}"));
        let head = self.signed("GET", &path, self.clock.fetch_add(1, SeqCst), b"");
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: relay\r\n{head}\r\n").unwrap();
        BufReader::new(stream)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn head(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    Some(head)
}

fn reply(stream: &mut BufReader<TcpStream>) -> Option<Reply> {
    let head = head(stream)?;
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let mut reply = Reply { status, head, body: Vec::new() };
    let length = reply.header("content-length").map_or(0, |text| text.parse().unwrap());
    reply.body = vec![0; length];
    stream.read_exact(&mut reply.body).ok()?;
    assert_eq!(reply.header("commonhold-relay"), Some("1"));
    Some(reply)
}

/// The next line of a watch that says something: `data: …` or `: …`.
pub fn event(stream: &mut BufReader<TcpStream>) -> String {
    loop {
        let mut line = String::new();
        assert_ne!(stream.read_line(&mut line).unwrap(), 0, "the stream ended");
        // Sizes of chunks and empty lines are between.
        if line.starts_with("data: ") || line.starts_with(": ") {
            return line.trim_end().to_owned();
        }
    }
}

/// Waits until something is so.
#[allow(clippy::disallowed_methods)]
pub fn until(what: &str, so: impl Fn() -> bool) {
    let end = std::time::Instant::now() + Duration::from_secs(20);
    while !so() {
        assert!(std::time::Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
