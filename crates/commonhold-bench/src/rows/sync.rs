//! Devices that meet in a folder.

use super::{at_most, fossil, peers};
use crate::Failed;
use crate::measure::{Measure, repeat};
use crate::place::{Place, bytes_below};
use crate::table::{Row, Table, Value};
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A folder with a book of a size in it.
pub(super) fn shared(place: &Place, size: usize, name: &str) -> Result<PathBuf, Failed> {
    let (home, folder) = (place.copy(size, &format!("giver-{name}"))?, place.at(name));
    fs::create_dir_all(&folder)?;
    place.commonhold(&home, &["sync", "--with", &folder.display().to_string()])?;
    Ok(folder)
}

/// Joins as a person does, by an invitation; what counts is getting the book once let in.
pub(super) fn join(
    place: &Place,
    giver: &Path,
    home: &Path,
    through: &str,
) -> Result<Measure, Failed> {
    let new = ["invite", "new", "--name", "Bench", "--role", "treasurer", "--with", through];
    let invitation = place.answer(giver, &new)?;
    let words = text(&invitation, "words")?;
    place.commonhold(home, &["join", &words, "--with", through, "--name", "Bench"])?;
    let requests = place.answer(giver, &["invite", "requests"])?;
    let request = requests.as_array().and_then(|all| all.first()).ok_or("nobody asks to join")?;
    place.commonhold(giver, &["invite", "confirm", &text(request, "id")?])?;
    place.commonhold(home, &["join"])
}

fn text(value: &serde_json::Value, name: &str) -> Result<String, Failed> {
    let text = value.get(name).and_then(serde_json::Value::as_str);
    Ok(text.ok_or_else(|| format!("an answer has no {name}"))?.to_owned())
}

/// One exchange in a process that is open; answers with its time and a fingerprint.
fn exchange(place: &Place, home: &Path, through: &str) -> Result<(Duration, String), Failed> {
    let value = place.warm(home, "sync", &[through.to_owned()])?.0;
    let time = value.get("sync").and_then(serde_json::Value::as_u64).unwrap_or(0);
    let print = value.get("fingerprint").and_then(serde_json::Value::as_str).unwrap_or_default();
    Ok((Duration::from_micros(time), print.to_owned()))
}

/// A relay as a process of its own; it ends when this is dropped.
pub(super) struct Relay {
    process: Child,
    /// Its address.
    pub(super) address: String,
}

impl Drop for Relay {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Relay {
    /// Starts one with a store of this name.
    pub(super) fn start(place: &Place, name: &str) -> Result<Self, Failed> {
        let free = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let mut command = Command::new(std::env::current_exe()?.with_file_name("commonhold-relay"));
        command.args(["serve", "--listen", &free.to_string(), "--store"]);
        let process = command.arg(place.at(name)).stderr(Stdio::null()).spawn()?;
        let relay = Self { process, address: format!("http://{free}") };
        for _ in 0..500 {
            if TcpStream::connect(free).is_ok() {
                return Ok(relay);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Err("the relay does not answer".into())
    }
}

/// Two devices with a thousand offline entries each on a book of ten thousand; smaller where the
/// large book is.
pub fn two_devices(place: &Place, table: &mut Table) -> Result<(), Failed> {
    let small = place.size < 10_000;
    let (base, count) = if small { (1000, 100) } else { (10_000, 1000) };
    let git = repeat(place.repeat, |n| peers::two_clones(place, base, count, n))?.time;
    let fossil = fossil::two_clones(place, base, count, place.repeat)?.time;
    for by_relay in [false, true] {
        let ours = two_devices_through(place, (base, count), by_relay)?;
        let through = if by_relay { "a relay" } else { "a folder" };
        let what =
            format!("two devices, {count} offline entries each on {base}, through {through}");
        for (peer, time) in [("git push and pull", git), ("fossil sync", fossil)] {
            let row = Row::of(&what, ours).peer(peer, Value::Time(time));
            table.add(row.target(at_most(300)));
        }
    }
    Ok(())
}

fn two_devices_through(
    place: &Place,
    (base, count): (usize, usize),
    by_relay: bool,
) -> Result<Measure, Failed> {
    repeat(place.repeat, |n| {
        let folder = shared(place, base, &format!("two-{n}"))?;
        let (a, b) = (place.at(&format!("giver-two-{n}")), place.at(&format!("taker-two-{n}")));
        let relay = by_relay.then(|| Relay::start(place, &format!("relay-{n}"))).transpose()?;
        let through = match &relay {
            Some(relay) => relay.address.clone(),
            None => folder.display().to_string(),
        };
        if b.exists() {
            fs::remove_dir_all(&b)?;
        }
        place.commonhold(&a, &["sync", "--with", &through])?;
        join(place, &a, &b, &through)?;
        for home in [&a, &b] {
            place.warm(home, "many", &[count.to_string()])?;
        }
        let mut time = Duration::ZERO;
        let mut prints = Vec::new();
        for home in [&a, &b, &a] {
            let (took, print) = exchange(place, home, &through)?;
            time = time.saturating_add(took);
            prints.push(print);
        }
        match prints.as_slice() {
            [_, b, a] if a == b => Ok(Measure { time, peak: 0 }),
            _ => Err("the two devices are not equal after the exchange".into()),
        }
    })
}

/// Bytes of the files attached to records in a shared folder: what is read after the records, and
/// above a size only when somebody asks for it.
fn attached(folder: &Path) -> Result<u64, Failed> {
    let mut bytes = 0_u64;
    for book in fs::read_dir(folder.join("commonhold"))? {
        let files = book?.path().join("files");
        if files.exists() {
            bytes = bytes.saturating_add(bytes_below(&files)?);
        }
    }
    Ok(bytes)
}

/// A device that has nothing gets a book from a folder.
pub fn fresh(place: &Place, table: &mut Table) -> Result<(), Failed> {
    for (size, target) in [(10_000, 300), (place.size, 3000)] {
        if size > place.size || (size == place.size && target == 300) {
            continue;
        }
        let folder = shared(place, size, &format!("fresh-{size}"))?;
        // Before anybody joined, whose messages lie there, too.
        let files = attached(&folder)?;
        let records = bytes_below(&folder)?.saturating_sub(files);
        let ours = repeat(place.repeat, |n| {
            let giver = place.at(&format!("giver-fresh-{size}"));
            let through = folder.display().to_string();
            join(place, &giver, &place.at(&format!("new-{size}-{n}")), &through)
        })?;
        let bare = peers::repository(place, size)?;
        let theirs = repeat(place.repeat, |_| Ok(peers::clone(place, &bare, "clone")?.1))?;
        let fossil = fossil::clone(place, size, place.repeat)?;
        let what = format!("a fresh device gets a book of {size}");
        for (peer, time) in [("git clone", theirs.time), ("fossil clone", fossil.time)] {
            let row = Row::of(&what, ours).peer(peer, Value::Time(time));
            table.add(row.target(at_most(target)));
        }
        let csv = place.files(size)?.0.display().to_string();
        let packed = place.at("packed.zst");
        place.other("zstd", &["-q", "-f", "-3", &csv, "-o", &packed.display().to_string()])?;
        let packed = fs::metadata(packed)?.len();
        let what = format!("bytes of the records of that book of {size}");
        let target = Value::Bytes(packed.saturating_mul(3) / 2);
        let row = Row::new(what, Value::Bytes(records));
        table.add(row.peer("zstd -3 of the CSV", Value::Bytes(packed)).target(target));
        let what = format!("bytes of the imported file kept beside it, of {size}");
        let row = Row::new(what, Value::Bytes(files));
        table.add(row.peer("zstd -3 of the CSV", Value::Bytes(packed)));
    }
    Ok(())
}
