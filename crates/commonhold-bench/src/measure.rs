//! Time and memory of programs and of functions.

use crate::Failed;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What one measurement gave.
#[derive(Clone, Copy, Default)]
pub struct Measure {
    /// How long it took.
    pub time: Duration,
    /// Most memory the process had at once, in KiB; 0 when it is not known.
    pub peak: u64,
}

/// The moment it is; the one place of this program that asks.
#[allow(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub fn now() -> Instant {
    Instant::now()
}

/// Times a function.
pub fn timed<T>(work: impl FnOnce() -> Result<T, Failed>) -> Result<(T, Duration), Failed> {
    let start = now();
    let value = work()?;
    Ok((value, start.elapsed()))
}

/// Runs a program to its end; it must succeed. Its output is thrown away.
pub fn process(command: &mut Command) -> Result<Measure, Failed> {
    command.stdout(Stdio::null()).stderr(Stdio::piped()).stdin(Stdio::null());
    let start = now();
    let mut child = command.spawn()?;
    let peak = std::thread::spawn({
        let id = child.id();
        move || watch(id)
    });
    let status = child.wait()?;
    let time = start.elapsed();
    let peak = peak.join().unwrap_or(0);
    if !status.success() {
        return Err(format!("{command:?} failed: {}", words(&mut child)).into());
    }
    Ok(Measure { time, peak })
}

fn words(child: &mut Child) -> String {
    let mut text = String::new();
    if let Some(error) = child.stderr.as_mut() {
        let _ = std::io::Read::read_to_string(error, &mut text);
    }
    text
}

/// Most memory of a process, asked for again and again until it ends.
fn watch(id: u32) -> u64 {
    let mut peak = 0;
    while let Some(now) = peak_of(&id.to_string()) {
        peak = now;
        std::thread::sleep(Duration::from_millis(2));
    }
    peak
}

/// `VmHWM` of a process, or of `self`; nothing once it ended, or where there is no `/proc`.
pub fn peak_of(process: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// The middle one by time.
pub fn median(mut all: Vec<Measure>) -> Measure {
    all.sort_by_key(|measure| measure.time);
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// Repeats a measurement and takes the middle one.
pub fn repeat(
    times: usize,
    mut work: impl FnMut(usize) -> Result<Measure, Failed>,
) -> Result<Measure, Failed> {
    Ok(median((0..times).map(&mut work).collect::<Result<Vec<_>, _>>()?))
}
