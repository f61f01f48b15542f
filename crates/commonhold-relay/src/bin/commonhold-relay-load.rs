//! A day of a large team in a minute: starts a relay (the program beside this one), has devices
//! watch one topic while files are laid down at a steady pace, and says how long that took and how
//! much memory the relay used. Exit code 1 if it was too slow or grew.

use blake3::Hash;
use clap::Parser;
use ed25519_dalek::{Signer, SigningKey};
use std::error::Error;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader as Lines, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, sleep_until, timeout};

type Failure = Box<dyn Error + Send + Sync>;

/// Lay down files while devices watch, and measure.
#[derive(Parser)]
struct Load {
    /// A relay that runs already, instead of one started for this (its memory is not measured)
    #[arg(long)]
    address: Option<SocketAddr>,
    /// Seconds
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Watching devices
    #[arg(long, default_value_t = 200)]
    watchers: u32,
    /// Files a second
    #[arg(long, default_value_t = 50)]
    rate: u64,
    /// Bytes of each
    #[arg(long, default_value_t = 1000)]
    bytes: usize,
    /// Devices that lay down
    #[arg(long, default_value_t = 10)]
    writers: u64,
}

/// Slower than this, for one in a hundred, is too slow.
const SLOW: u64 = 250_000;
/// Memory may grow by so many per cent after the first seconds.
const GROWTH: u64 = 30;
/// How long it runs before memory is measured first.
const WARM: Duration = Duration::from_secs(5);

/// What all tasks share.
struct World {
    address: SocketAddr,
    key: SigningKey,
    begin: Instant,
    /// When each file was due, microseconds after the beginning; 0 if it is not yet.
    due: Vec<AtomicU64>,
    connected: AtomicU32,
    errors: AtomicU64,
}

/// A relay of our own, ended with its folder.
struct Own(Child, std::path::PathBuf);

impl Drop for Own {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
        let _ = std::fs::remove_dir_all(&self.1);
    }
}

fn main() -> ExitCode {
    let work = || -> Result<bool, Failure> {
        let load = Load::parse();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(run(&load))
    };
    match work() {
        Ok(good) => ExitCode::from(u8::from(!good)),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::from(3)
        }
    }
}

fn launch() -> Result<(Own, SocketAddr), Failure> {
    let program = std::env::current_exe()?.with_file_name("commonhold-relay");
    let folder = std::env::temp_dir().join(format!("commonhold-load-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let mut child = Command::new(program)
        .args(["serve", "--listen", "127.0.0.1:0", "--max-watchers-per-address", "100000"])
        .args(["--max-watchers-per-topic", "100000", "--requests-per-second", "100000", "--store"])
        .arg(folder.join("store.sqlite"))
        .stderr(Stdio::piped())
        .spawn()?;
    let log = child.stderr.take();
    let own = Own(child, folder);
    let mut line = String::new();
    Lines::new(log.ok_or("no log")?).read_line(&mut line)?;
    let address = line.split("listens on ").nth(1).and_then(|rest| rest.split(',').next());
    Ok((own, address.ok_or_else(|| line.clone())?.parse()?))
}

/// Memory of a process, KiB (Linux).
fn memory(own: Option<&Own>) -> Option<u64> {
    let path = format!("/proc/{}/status", own?.0.id());
    let status = std::fs::read_to_string(path).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

async fn run(load: &Load) -> Result<bool, Failure> {
    let (own, address) = match load.address {
        Some(address) => (None, address),
        None => launch().map(|(own, address)| (Some(own), address))?,
    };
    let count = usize::try_from(load.rate.saturating_mul(load.seconds))?;
    // A topic of its own for each run, for a relay that goes on running.
    let seed = blake3::hash(&milliseconds().to_be_bytes());
    let world = Arc::new(World {
        address,
        key: SigningKey::from_bytes(seed.as_bytes()),
        begin: Instant::now(),
        due: (0..count).map(|_| AtomicU64::new(0)).collect(),
        connected: AtomicU32::new(0),
        errors: AtomicU64::new(0),
    });
    let mut watching = JoinSet::new();
    for _ in 0..load.watchers {
        watching.spawn(watch(Arc::clone(&world)));
    }
    let ready = async {
        while world.connected.load(Relaxed) < load.watchers {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(20), ready).await.map_err(|_| "not all could watch")?;
    let quiet = memory(own.as_ref());
    let start = Instant::now();
    let mut writing = JoinSet::new();
    for writer in 0..load.writers {
        writing.spawn(write(Arc::clone(&world), writer, load.writers, load.rate, load.bytes));
    }
    let at = |after: Duration| start.checked_add(after).unwrap_or(start);
    sleep_until(at(WARM)).await;
    let first = memory(own.as_ref());
    sleep_until(at(Duration::from_secs(load.seconds / 2))).await;
    let middle = memory(own.as_ref());
    let mut puts = writing.join_all().await.into_iter().flatten().collect::<Vec<_>>();
    // What was laid down last is on its way.
    sleep(Duration::from_secs(1)).await;
    let last = memory(own.as_ref());
    drop(own);
    let mut heard = watching.join_all().await.into_iter().flatten().collect::<Vec<_>>();
    let wanted = u64::try_from(puts.len())?.saturating_mul(u64::from(load.watchers));
    let errors = world.errors.load(Relaxed);
    let report = [
        summary("put", &mut puts)?,
        summary("heard", &mut heard)?,
        format!("heard {} of {wanted}, errors {errors}", heard.len()),
        format!("memory KiB: quiet {quiet:?}, warm {first:?}, middle {middle:?}, end {last:?}"),
    ];
    writeln!(std::io::stdout(), "{}", report.join("\n"))?;
    let whole = u64::try_from(heard.len())? == wanted && errors == 0;
    let fast = part(&puts, 99).max(part(&heard, 99)) <= SLOW;
    let grown = first.zip(last).is_some_and(|(first, last)| {
        last.saturating_mul(100) > first.saturating_mul(GROWTH.saturating_add(100))
    });
    Ok(whole && fast && !grown)
}

/// The value so many of a hundred are not above, in sorted values.
fn part(sorted: &[u64], hundredth: usize) -> u64 {
    let place = sorted.len().saturating_mul(hundredth) / 100;
    sorted.get(place.min(sorted.len().saturating_sub(1))).copied().unwrap_or(0)
}

fn summary(name: &str, micros: &mut [u64]) -> Result<String, Failure> {
    micros.sort_unstable();
    let mut text = format!("{name}: {}", micros.len());
    for (name, value) in
        [("p50", part(micros, 50)), ("p99", part(micros, 99)), ("max", part(micros, 100))]
    {
        write!(text, ", {name} {}.{:03} ms", value / 1000, value % 1000)?;
    }
    Ok(text)
}

#[allow(clippy::disallowed_methods)]
fn milliseconds() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(0)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl World {
    fn request(&self, method: &str, rest: &str, body: &[u8]) -> Vec<u8> {
        let path = format!("/v1/{}{rest}", hex(self.key.verifying_key().as_bytes()));
        let (time, hash): (u64, Hash) = (milliseconds(), blake3::hash(body));
        let message = format!("commonhold relay 1\n{method}\n{path}\n{time}\n{hash}");
        let signature = hex(&self.key.sign(message.as_bytes()).to_bytes());
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: relay\r\ncommonhold-time: {time}\r\n\
             commonhold-signature: {signature}\r\ncommonhold-body: {hash}\r\n\
             content-length: {}\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    }

    fn since(&self, moment: Instant) -> u64 {
        let micros = moment.saturating_duration_since(self.begin).as_micros();
        u64::try_from(micros).unwrap_or(u64::MAX)
    }
}

/// Watches to the end; gives how long after it was due each file was heard of.
async fn watch(world: Arc<World>) -> Vec<u64> {
    let mut heard = Vec::new();
    // That the relay ends is how it ends.
    let _ = hear(&world, &mut heard).await;
    heard
}

async fn hear(world: &World, heard: &mut Vec<u64>) -> Result<(), Failure> {
    let mut stream = TcpStream::connect(world.address).await?;
    stream.write_all(&world.request("GET", "?watch&after=0", b"")).await?;
    let mut lines = BufReader::new(stream).lines();
    while let Some(line) = lines.next_line().await? {
        if line.starts_with(": ") {
            world.connected.fetch_add(1, Relaxed);
        }
        let number = line.strip_prefix("data: ").and_then(|line| line.rsplit('/').next());
        let due = number.and_then(|number| world.due.get(number.parse::<usize>().ok()?));
        if let Some(due) = due {
            heard.push(world.since(Instant::now()).saturating_sub(due.load(Relaxed)));
        }
        // With a relay that goes on, all is heard some time.
        if heard.len() >= world.due.len() {
            break;
        }
    }
    Ok(())
}

/// Lays down every so-manieth file when it is due; gives how long each took from then.
async fn write(world: Arc<World>, writer: u64, writers: u64, rate: u64, bytes: usize) -> Vec<u64> {
    let mut took = Vec::new();
    if let Err(error) = lay_down(&world, (writer, writers, rate, bytes), &mut took).await {
        world.errors.fetch_add(1, Relaxed);
        let _ = writeln!(std::io::stderr(), "{error}");
    }
    took
}

async fn lay_down(
    world: &World,
    (writer, writers, rate, bytes): (u64, u64, u64, usize),
    took: &mut Vec<u64>,
) -> Result<(), Failure> {
    let stream = TcpStream::connect(world.address).await?;
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let each = Duration::from_micros(1_000_000_u64.checked_div(rate).unwrap_or(1));
    let turn = |n: u64| each.saturating_mul(u32::try_from(n).unwrap_or(u32::MAX));
    let first = Instant::now().checked_add(turn(writer)).ok_or("no time")?;
    let mut beat = interval_at(first, turn(writers));
    // What is late is due when it was due.
    beat.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut body = vec![0_u8; bytes];
    let mut number = usize::try_from(writer)?;
    while let Some(place) = world.due.get(number) {
        let due = beat.tick().await;
        place.store(world.since(due), Relaxed);
        // Sealed files cannot be compressed; nobody looks into them here.
        blake3::Hasher::new().update(&number.to_be_bytes()).finalize_xof().fill(&mut body);
        stream.write_all(&world.request("PUT", &format!("/log/{number}"), &body)).await?;
        let (mut line, mut status, mut length) = (String::new(), String::new(), 0_u64);
        while line != "\r\n" {
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Err("the relay ended the connection".into());
            }
            if status.is_empty() {
                status.clone_from(&line);
            }
            if let Some(text) = line.strip_prefix("content-length: ") {
                length = text.trim().parse()?;
            }
        }
        let mut rest = vec![0; usize::try_from(length)?];
        stream.read_exact(&mut rest).await?;
        if !status.contains(" 201 ") {
            return Err(format!("{status}{}", String::from_utf8_lossy(&rest)).into());
        }
        took.push(world.since(Instant::now()).saturating_sub(world.since(due)));
        number = number.saturating_add(usize::try_from(writers)?);
    }
    Ok(())
}
