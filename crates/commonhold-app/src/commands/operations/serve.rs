//! A tiny HTTP/1.1 server for programs on the same computer: one request after the other, each
//! bounded in size and time, each connection closed after its answer (RFC 9112).

use crate::failure::{Code, Failure};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// Most bytes of a request's first line and headers.
const MAX_HEAD: u64 = 32 << 10;
/// Most headers.
const MAX_HEADERS: usize = 100;
/// Largest body.
pub const MAX_BODY: u64 = 4 << 20;
/// Longest a peer may say nothing.
const SILENCE: Duration = Duration::from_secs(5);

/// What was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Such as `GET`.
    pub method: String,
    /// The path, without a query.
    pub path: String,
    /// Names in small letters, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// The first header of a name, which is given in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(there, _)| there == name).map(|(_, value)| value.as_str())
    }
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    status: u16,
    kind: String,
    body: String,
}

impl Answer {
    /// An answer with its media type.
    pub fn new(status: u16, kind: &str, body: String) -> Self {
        Self { status, kind: kind.to_owned(), body }
    }

    /// One line of text.
    pub fn plain(status: u16, text: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", format!("{text}\n"))
    }

    fn bytes(&self, head_only: bool) -> Vec<u8> {
        let reason = match self.status {
            200 => "OK",
            400 => "Bad Request",
            401 => "Unauthorized",
            404 => "Not Found",
            405 => "Method Not Allowed",
            413 => "Content Too Large",
            422 => "Unprocessable Content",
            _ => "Service Unavailable",
        };
        let mut text = format!(
            "HTTP/1.1 {} {reason}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\
             Cache-Control: no-store\r\nConnection: close\r\n\r\n",
            self.status,
            self.kind,
            self.body.len()
        );
        if !head_only {
            text.push_str(&self.body);
        }
        text.into_bytes()
    }
}

/// Listens at an address; only one of this computer unless `anywhere`.
pub fn listen(address: SocketAddr, anywhere: bool) -> Result<TcpListener, Failure> {
    if !address.ip().is_loopback() && !anywhere {
        return Err(Failure::new(Code::Invalid, format!("Other computers reach {address}."))
            .hint("Name an address such as 127.0.0.1:9464, or add --anywhere."));
    }
    TcpListener::bind(address).map_err(|error| {
        Failure::new(Code::Unreachable, format!("It is not possible to listen at {address}."))
            .hint("See whether another program does already.")
            .detail(error)
    })
}

/// Answers requests, one after the other, until the program is ended.
pub fn forever(listener: &TcpListener, answer: &mut dyn FnMut(&Request) -> Answer) {
    for stream in listener.incoming().flatten() {
        one(&stream, answer);
    }
}

/// Answers the one request of a connection.
fn one(stream: &TcpStream, answer: &mut dyn FnMut(&Request) -> Answer) {
    let limits =
        stream.set_read_timeout(Some(SILENCE)).and(stream.set_write_timeout(Some(SILENCE)));
    if limits.is_err() {
        return;
    }
    let (said, head_only) = match read(stream) {
        Ok(request) => (answer(&request), request.method == "HEAD"),
        Err(status) => (Answer::plain(status, "This request cannot be read."), false),
    };
    let mut out = stream;
    let _ = out.write_all(&said.bytes(head_only)).and_then(|()| out.flush());
    let _ = stream.shutdown(std::net::Shutdown::Write);
}

/// Reads one line of the head, without its end.
fn line(from: &mut impl BufRead) -> Result<String, u16> {
    let mut text = String::new();
    let read = from.read_line(&mut text).map_err(|_| 400_u16)?;
    if read == 0 || !text.ends_with('\n') {
        return Err(400);
    }
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn read(stream: impl Read) -> Result<Request, u16> {
    let mut from = BufReader::new(stream.take(MAX_HEAD));
    let first = line(&mut from)?;
    let mut words = first.split(' ');
    let (method, target, version) = (words.next(), words.next(), words.next());
    if !version.is_some_and(|version| version.starts_with("HTTP/1.")) || words.next().is_some() {
        return Err(400);
    }
    let path = target.unwrap_or_default().split(['?', '#']).next().unwrap_or_default();
    let mut request = Request {
        method: method.unwrap_or_default().to_owned(),
        path: path.to_owned(),
        ..Request::default()
    };
    loop {
        let header = line(&mut from)?;
        if header.is_empty() {
            break;
        }
        let (name, value) = header.split_once(':').ok_or(400_u16)?;
        if request.headers.len() == MAX_HEADERS {
            return Err(413);
        }
        request.headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    if request.header("transfer-encoding").is_some() {
        // Webhooks say how long they are; what does not is not read.
        return Err(400);
    }
    let Some(length) = request.header("content-length") else { return Ok(request) };
    let length: u64 = length.parse().map_err(|_| 400_u16)?;
    if length > MAX_BODY {
        return Err(413);
    }
    from.get_mut().set_limit(length);
    let mut body = Vec::new();
    let read = from.take(length).read_to_end(&mut body).map_err(|_| 400_u16)?;
    if u64::try_from(read) != Ok(length) {
        return Err(400);
    }
    request.body = body;
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_with_its_body() {
        let text =
            "POST /hook?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nX-A:  b \r\n\r\nhello more";
        let request = read(text.as_bytes()).unwrap();
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/hook"));
        assert_eq!((request.header("x-a"), request.body.as_slice()), (Some("b"), &b"hello"[..]));
    }

    #[test]
    fn what_is_too_much_or_no_request_is_refused() {
        let long = format!("GET / HTTP/1.1\r\nA: {}\r\n\r\n", "x".repeat(40_000));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(101));
        for (text, status) in [
            ("", 400),
            ("GET /\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nno header\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nContent-Length: 9\r\n\r\nfew", 400),
            ("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 413),
            ("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nA: \u{0}", 400),
            (long.as_str(), 400),
            (many.as_str(), 413),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap_err(), status, "{text:.60}");
        }
    }

    #[test]
    fn only_this_computer_is_listened_to_unless_it_is_asked_for() {
        let all = SocketAddr::from(([0, 0, 0, 0], 0));
        assert_eq!(listen(all, false).unwrap_err().code, Code::Invalid);
        assert!(listen(SocketAddr::from(([127, 0, 0, 1], 0)), false).is_ok());
    }
}
