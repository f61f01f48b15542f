//! Servers that mean harm: whatever they send, there is an error in time and little memory used.

use super::{login, room};
use commonhold_net::bucket::{Bucket, BucketShelf, Patience};
use commonhold_sync::shelf::{Error, Shelf, Trouble};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// What a server does with a request, given its first line; whether it goes on listening.
type Answer = dyn Fn(&str, &mut Counting) -> std::io::Result<bool> + Send + Sync;

/// A connection that counts what it could get rid of.
struct Counting(TcpStream, Arc<AtomicU64>);

impl Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.0.write(bytes)?;
        self.1.fetch_add(written as u64, Ordering::Relaxed);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

/// A server of one's own: its port, and how many bytes it sent.
fn server(
    answer: impl Fn(&str, &mut Counting) -> std::io::Result<bool> + Send + Sync + 'static,
) -> (u16, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sent, answer): (_, Arc<Answer>) = (Arc::new(AtomicU64::new(0)), Arc::new(answer));
    let counter = Arc::clone(&sent);
    thread::spawn(move || {
        for socket in listener.incoming() {
            let (answer, counter) = (Arc::clone(&answer), Arc::clone(&counter));
            thread::spawn(move || serve(socket.unwrap(), &*answer, counter));
        }
    });
    (port, sent)
}

fn serve(socket: TcpStream, answer: &Answer, counter: Arc<AtomicU64>) -> std::io::Result<()> {
    let mut reader = BufReader::new(socket.try_clone()?);
    let mut out = Counting(socket, counter);
    loop {
        let (mut first, mut length) = (String::new(), 0);
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let line = line.trim().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(text) = line.strip_prefix("content-length:") {
                length = text.trim().parse().unwrap();
            }
        }
        std::io::copy(&mut reader.by_ref().take(length), &mut std::io::sink())?;
        if !answer(first.trim(), &mut out)? {
            return Ok(());
        }
    }
}

fn answer(out: &mut Counting, status: &str, body: &str) -> std::io::Result<bool> {
    // In one piece, so that nothing waits for the next.
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n", body.len());
    out.write_all(format!("{head}{body}").as_bytes()).map(|()| true)
}

/// A shelf at a port, by S3 and by WebDAV, of somebody with little patience.
fn shelves(port: u16) -> [(Bucket, BucketShelf); 2] {
    let patience = Patience { connect: Duration::from_secs(1), idle: Duration::from_millis(300) };
    [format!("s3://b?endpoint=http://127.0.0.1:{port}"), format!("webdav+http://127.0.0.1:{port}")]
        .map(|address| {
            let bucket = Bucket::open_with(&address, Some(&login()), patience).unwrap();
            let shelf = bucket.shelf(&room());
            (bucket, shelf)
        })
}

/// Tries everything at a port at once, and says what is wrong with each.
fn tried(port: u16) -> Vec<Error> {
    let tries: [fn(&Bucket, &mut BucketShelf) -> Option<Error>; 5] = [
        |_, shelf| shelf.list("").err(),
        |bucket, _| bucket.books().err(),
        |_, shelf| shelf.get("a/x", 100_000).err(),
        |_, shelf| shelf.put("a/x", &[1; 100_000]).err(),
        |_, shelf| shelf.remove("a/x").err(),
    ];
    let errors: Vec<Error> = thread::scope(|scope| {
        let all = shelves(port).into_iter().flat_map(|(bucket, shelf)| {
            tries.map(|once| {
                let (bucket, mut shelf) = (bucket.clone(), shelf.clone());
                scope.spawn(move || once(&bucket, &mut shelf))
            })
        });
        let all: Vec<_> = all.collect();
        all.into_iter().filter_map(|one| one.join().unwrap()).collect()
    });
    for error in &errors {
        assert!(error.reason.ends_with(['.', '?']) && !error.to_string().contains("HUSH"));
    }
    errors
}

#[test]
fn silence_is_an_error() {
    let (silent, _) = server(|_, _| {
        thread::sleep(Duration::from_secs(20));
        Ok(false)
    });
    let errors = tried(silent);
    assert_eq!(errors.len(), 10);
    assert!(errors.iter().all(|e| e.trouble == Trouble::Away), "{errors:?}");

    let (gone, _) = server(|_, _| Ok(false));
    let errors = tried(gone);
    assert!(errors.len() == 10 && errors.iter().all(|e| e.trouble == Trouble::Away), "{errors:?}");
}

#[test]
fn garbage_and_lies_are_errors() {
    let (other, _) = server(|_, out| out.write_all(b"SSH-2.0-HUSH\r\n\r\n").map(|()| false));
    let errors = tried(other);
    assert_eq!(errors.len(), 10);
    assert!(errors.iter().all(|e| e.trouble == Trouble::Broken), "{errors:?}");

    // A page to sign in at, as hotels have them. What it says of a file nobody can check here.
    let (hotel, _) = server(|_, out| answer(out, "200 OK", "<html><p>HUSH &amp; welcome<br>"));
    let errors = tried(hotel);
    assert_eq!(errors.len(), 4, "{errors:?}");
    assert!(errors.iter().all(|e| e.trouble == Trouble::Broken), "{errors:?}");

    let (short, _) = server(|_, out| {
        out.write_all(b"HTTP/1.1 207 X\r\nContent-Length: 99999999999\r\n\r\nHUSH").map(|()| false)
    });
    let errors = tried(short);
    assert!(errors.len() >= 8 && errors.iter().all(|e| e.trouble != Trouble::Full), "{errors:?}");
}

#[test]
fn credentials_are_not_sent_to_where_a_server_refers() {
    let (thief, stolen) = server(|_, out| answer(out, "200 OK", ""));
    let (refers, _) = server(move |_, out| {
        answer(out, &format!("307 HUSH\r\nLocation: http://127.0.0.1:{thief}/"), "")
    });
    let errors = tried(refers);
    assert_eq!(errors.len(), 10);
    assert!(errors.iter().all(|e| e.reason.contains("refers to another address")), "{errors:?}");
    assert_eq!(stolen.load(Ordering::Relaxed), 0);
}

#[test]
fn an_endless_file_ends_where_it_should() {
    let (port, sent) = server(|_, out| {
        write!(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        let part = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
        loop {
            out.write_all(part.as_bytes())?;
        }
    });
    for (_, mut shelf) in shelves(port) {
        assert_eq!(shelf.get("a/x", 1_000_000).unwrap().unwrap().len(), 1_000_000);
        assert_eq!(shelf.get("a/x", 0).unwrap().unwrap().len(), 0);
    }
    // What was on its way when the connection was closed lies in the system's buffers.
    assert!(sent.load(Ordering::Relaxed) < 64_000_000, "{sent:?}");

    let (port, _) = server(|_, out| {
        write!(out, "HTTP/1.1 200 OK\r\n\r\n")?;
        loop {
            out.write_all(b"x")?;
            thread::sleep(Duration::from_millis(50));
        }
    });
    for (_, mut shelf) in shelves(port) {
        let error = shelf.get("a/x", 1_000_000).unwrap_err();
        assert!(error.reason.contains("too slowly"), "{error}");
    }
}

#[test]
fn an_endless_list_ends() {
    let name = format!("{}x", room().folder());
    let dav = format!(
        "<response><href>/{name}</href><propstat><prop><getcontentlength>1</getcontentlength>\
         </prop></propstat></response>"
    );
    let s3 = format!("<Contents><Key>{name}</Key><Size>1</Size></Contents>");
    let [dav, s3] = [dav, s3].map(|entry| entry.repeat(1000));
    let (port, sent) = server(move |first, out| {
        write!(out, "HTTP/1.1 207 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        write!(out, "1f\r\n<multistatus><ListBucketResult>\r\n")?;
        let many = if first.starts_with("PROPFIND") { &dav } else { &s3 };
        let part = format!("{:x}\r\n{many}\r\n", many.len());
        loop {
            out.write_all(part.as_bytes())?;
        }
    });
    for (_, mut shelf) in shelves(port) {
        let error = shelf.list("").unwrap_err();
        assert_eq!(error.trouble, Trouble::Broken, "{error}");
    }
    assert!(sent.load(Ordering::Relaxed) < 140_000_000, "{sent:?}");
}

#[test]
fn endless_pages_and_folders_end() {
    let asked = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&asked);
    let (port, _) = server(move |first, out| {
        let n = count.fetch_add(1, Ordering::Relaxed);
        if !first.starts_with("PROPFIND") {
            let page = format!(
                "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>{n}\
                 </NextContinuationToken></ListBucketResult>"
            );
            return answer(out, "200 OK", &page);
        }
        let here = first.split(' ').nth(1).unwrap();
        let folder = |name: String| {
            format!("<response><href>{here}{name}</href><a><collection/></a></response>")
        };
        let all: String = (0..20).map(|k| folder(format!("{n}-{k}/"))).collect();
        answer(out, "207 X", &format!("<multistatus>{}{all}</multistatus>", folder(String::new())))
    });
    for (_, mut shelf) in shelves(port) {
        let error = shelf.list("").unwrap_err();
        assert!(error.reason.contains("more files than any book"), "{error}");
    }
    assert!(asked.load(Ordering::Relaxed) < 10_000, "{asked:?}");

    let (port, _) = server(|_, out| {
        let list = "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>same\
                    </NextContinuationToken></ListBucketResult>";
        answer(out, "200 OK", list)
    });
    let [(_, mut shelf), _] = shelves(port);
    assert_eq!(shelf.list("").unwrap_err().trouble, Trouble::Broken);
}

#[test]
fn a_server_that_cannot_move_gets_the_file_in_its_place() {
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let note = Arc::clone(&seen);
    let (port, _) = server(move |first, out| {
        note.lock().unwrap().push(first.split(' ').next().unwrap().to_owned());
        let status = if first.starts_with("MOVE") { "501 No" } else { "201 Done" };
        answer(out, status, "")
    });
    let [_, (_, mut shelf)] = shelves(port);
    shelf.put("a/x", b"1").unwrap();
    assert_eq!(*seen.lock().unwrap(), ["PUT", "MOVE", "PUT", "DELETE"]);
}
