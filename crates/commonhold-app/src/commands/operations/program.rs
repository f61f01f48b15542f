//! Runs a program, shows what it says, and keeps it.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Most bytes of a log that are kept; the rest is counted.
pub const MAX_LOG: u64 = 16 << 20;
/// Longest line that is kept in one piece, in bytes.
const MAX_LINE: usize = 64 << 10;
/// How long the rest of what it said is waited for after a program ended: what it started may hold
/// its output open for ever.
const REST: Duration = Duration::from_secs(2);

/// Where what a program says is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// As the program says it.
    Both,
    /// All of it on the error output.
    Errors,
    /// Nowhere.
    Nowhere,
}

/// How a program ended.
pub struct Ended {
    /// Whether it says it did what it should.
    pub success: bool,
    /// Bytes of its log that were not kept.
    pub left_out: u64,
}

struct Log {
    /// Nothing once the program has ended: what it started may still talk.
    file: Option<File>,
    room: u64,
    left_out: u64,
}

impl Log {
    fn line(&mut self, line: &[u8]) {
        let length = u64::try_from(line.len()).unwrap_or(u64::MAX);
        let Some(file) = &mut self.file else { return };
        if self.left_out > 0 || length > self.room || file.write_all(line).is_err() {
            // Whole lines from the beginning: a log with holes says something else.
            self.left_out = self.left_out.saturating_add(length);
            return;
        }
        self.room = self.room.saturating_sub(length);
    }
}

fn locked<R>(log: &Mutex<Log>, work: impl FnOnce(&mut Log) -> R) -> R {
    work(&mut log.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Shows and keeps one of a program's two outputs until it ends.
fn copy(mut from: impl Read, mut show: impl Write, log: &Mutex<Log>) {
    let mut bytes = [0_u8; 8192];
    let mut line: Vec<u8> = Vec::new();
    loop {
        let read = match from.read(&mut bytes) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        let said = bytes.get(..read).unwrap_or_default();
        let _ = show.write_all(said).and_then(|()| show.flush());
        for piece in said.split_inclusive(|byte| *byte == b'\n') {
            line.extend_from_slice(piece);
            if piece.ends_with(b"\n") || line.len() >= MAX_LINE {
                locked(log, |log| log.line(&line));
                line.clear();
            }
        }
    }
    if !line.is_empty() {
        line.push(b'\n');
        locked(log, |log| log.line(&line));
    }
}

/// Shows an output in a thread of its own, which says when it is through.
fn follow(
    from: Option<impl Read + Send + 'static>,
    show: impl Write + Send + 'static,
    log: &Arc<Mutex<Log>>,
    through: Sender<()>,
) {
    let (Some(from), log) = (from, Arc::clone(log)) else { return };
    thread::spawn(move || {
        copy(from, show, &log);
        let _ = through.send(());
    });
}

fn outputs(child: &mut Child, screen: Screen, log: &Arc<Mutex<Log>>) -> Receiver<()> {
    let (through, waiting) = channel();
    let (out, errors) = (child.stdout.take(), child.stderr.take());
    let again = through.clone();
    match screen {
        Screen::Both => follow(out, std::io::stdout(), log, through),
        Screen::Errors => follow(out, std::io::stderr(), log, through),
        Screen::Nowhere => follow(out, std::io::sink(), log, through),
    }
    match screen {
        Screen::Nowhere => follow(errors, std::io::sink(), log, again),
        _ => follow(errors, std::io::stderr(), log, again),
    }
    waiting
}

/// Runs a program with its arguments in a folder, with these variables beside those there are, and
/// writes what it says into a file. No shell reads anything.
pub fn run(
    parts: &[String],
    folder: &Path,
    variables: &[(&str, String)],
    file: File,
    screen: Screen,
) -> Ended {
    let log = Log { file: Some(file), room: MAX_LOG, left_out: 0 };
    let log = Arc::new(Mutex::new(log));
    let say = |text: String| locked(&log, |log| log.line(format!("{text}\n").as_bytes()));
    say(format!("$ {}", parts.join(" ")));
    let success = match start(parts, folder, variables) {
        Err(why) => {
            say(format!("commonhold: {why}"));
            if screen != Screen::Nowhere {
                let _ = writeln!(std::io::stderr(), "commonhold: {why}");
            }
            false
        }
        Ok(mut child) => {
            let through = outputs(&mut child, screen, &log);
            let status = child.wait();
            for _ in 0..2 {
                let _ = through.recv_timeout(REST);
            }
            match &status {
                Ok(status) => say(format!("commonhold: it ended with {status}.")),
                Err(error) => say(format!("commonhold: it was lost: {error}.")),
            }
            status.is_ok_and(|status| status.success())
        }
    };
    let left_out = locked(&log, |log| {
        let _ = log.file.take().map(|file| file.sync_all());
        log.left_out
    });
    Ended { success, left_out }
}

fn start(parts: &[String], folder: &Path, variables: &[(&str, String)]) -> Result<Child, String> {
    let (program, arguments) = parts.split_first().ok_or("there is no command.")?;
    std::process::Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{program} could not be started: {error}."))
}
