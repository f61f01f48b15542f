//! Fossil as a peer, over HTTP to a server of its own on this computer: a book is a repository into
//! which every transaction was imported as a file, all in one check-in; what is entered offline are
//! tickets, its own form of small records, which need no merge.

use super::peers;
use crate::Failed;
use crate::measure::{Measure, now};
use crate::place::Place;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Who writes, and the password of the server.
const USER: &str = "bench";

/// Fossil, with its own settings kept in the folder of this run.
fn fossil(place: &Place, words: &[&str]) -> Command {
    let mut command = Command::new("fossil");
    command.current_dir(place.at("")).env("HOME", place.at("")).env("USER", USER);
    command.env("FOSSIL_USER", USER).stdin(Stdio::null()).args(words);
    command
}

fn run(mut command: Command) -> Result<String, Failed> {
    let output = command.output().map_err(|error| format!("fossil: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    Err(format!("{command:?}: {text}{}", String::from_utf8_lossy(&output.stderr)).into())
}

/// A repository with a book of a size; made when first asked for, and not to be written to.
fn repository(place: &Place, size: usize) -> Result<PathBuf, Failed> {
    let file = place.at(&format!("{size}.fossil"));
    if !file.exists() {
        let stream = place.at("fossil-stream");
        fs::write(&stream, peers::stream("old", size, size, false))?;
        let name = file.display().to_string();
        let mut import = fossil(place, &["import", "--git", &name]);
        import.stdin(fs::File::open(&stream)?);
        run(import)?;
        run(fossil(place, &["user", "password", USER, USER, "-R", &name]))?;
    }
    Ok(file)
}

/// A server of a repository; it ends when this is dropped.
struct Server {
    process: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    fn start(place: &Place, repository: &Path) -> Result<Self, Failed> {
        let free = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let (port, file) = (free.port().to_string(), repository.display().to_string());
        let words = ["server", "--localhost", "--nojail", "--port", &port, &file];
        let mut command = fossil(place, &words);
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let address = format!("http://{USER}:{USER}@127.0.0.1:{port}/");
        let server = Self { process, address };
        for _ in 0..500 {
            if TcpStream::connect(free).is_ok() {
                return Ok(server);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Err("the fossil server does not answer".into())
    }

    fn clone(&self, place: &Place, to: &Path) -> Result<Duration, Failed> {
        let start = now();
        let words = ["clone", "--once", &self.address, &to.display().to_string()];
        run(fossil(place, &words))?;
        Ok(start.elapsed())
    }

    fn sync(&self, place: &Place, repository: &Path) -> Result<(), Failed> {
        let file = repository.display().to_string();
        run(fossil(place, &["sync", &self.address, "--once", "-R", &file])).map(drop)
    }
}

/// A fresh clone of a book over HTTP. Nothing is checked out: the repository can be asked as it is.
pub fn clone(place: &Place, size: usize, repeat: usize) -> Result<Measure, Failed> {
    let server = Server::start(place, &repository(place, size)?)?;
    crate::measure::repeat(repeat, |n| {
        let to = place.at(&format!("clone-{size}-{n}.fossil"));
        Ok(Measure { time: server.clone(place, &to)?, peak: 0 })
    })
}

/// How many tickets a repository has.
fn tickets(place: &Place, repository: &Path) -> Result<String, Failed> {
    let file = repository.display().to_string();
    let count = "SELECT count(*) FROM ticket";
    Ok(run(fossil(place, &["sql", "-R", &file, count]))?.trim().to_owned())
}

/// Two clones, each with `count` tickets the other lacks: sync until both have all. What they enter is
/// made once and copied for each repetition.
pub fn two_clones(
    place: &Place,
    base: usize,
    count: usize,
    repeat: usize,
) -> Result<Measure, Failed> {
    let origin = repository(place, base)?;
    let mut offline = Vec::new();
    for name in ["a", "b"] {
        let to = place.at(&format!("offline-{name}.fossil"));
        Server::start(place, &origin)?.clone(place, &to)?;
        let file = to.display().to_string();
        for n in 0..count {
            let (title, text) = (format!("entered {name} {n}"), peers::entry(name, n));
            let words = ["ticket", "add", "-R", &file, "title", &title, "comment", &text];
            run(fossil(place, &words))?;
        }
        offline.push(to);
    }
    crate::measure::repeat(repeat, |n| {
        let mut here = Vec::new();
        for (name, from) in ["shared", "a", "b"].iter().zip([&origin].into_iter().chain(&offline)) {
            let to = place.at(&format!("two-{n}-{name}.fossil"));
            fs::copy(from, &to)?;
            here.push(to);
        }
        let [shared, a, b] = here.as_slice() else { return Err("three repositories".into()) };
        let server = Server::start(place, shared)?;
        let start = now();
        for one in [a, b, a] {
            server.sync(place, one)?;
        }
        let time = start.elapsed();
        let wanted = count.saturating_mul(2).to_string();
        if tickets(place, a)? == wanted && tickets(place, b)? == wanted {
            return Ok(Measure { time, peak: 0 });
        }
        Err("the two fossil clones are not equal after the sync".into())
    })
}
