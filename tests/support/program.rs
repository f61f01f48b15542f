//! The command line as a process of its own.

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::SystemTime;

/// A program that was built beside this test.
pub fn built(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(Path::parent).unwrap();
    let path = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let hint = "build the programs first: cargo build --workspace";
    let built = std::fs::metadata(&path).and_then(|meta| meta.modified());
    let built = built.unwrap_or_else(|_| panic!("{} is missing; {hint}", path.display()));
    let newest = match name {
        "commonhold-relay" => newest_of(&["relay"]),
        _ => newest(),
    };
    assert!(built >= newest, "{} is older than the source; {hint}", path.display());
    path
}

/// When the newest source file of the command line was written.
fn newest() -> SystemTime {
    static NEWEST: OnceLock<SystemTime> = OnceLock::new();
    *NEWEST.get_or_init(|| newest_of(&["core", "sync", "exchange", "net", "app", "cli"]))
}

fn newest_of(names: &[&str]) -> SystemTime {
    let crates = super::root().join("crates");
    let mut folders: Vec<PathBuf> =
        names.iter().map(|name| crates.join(format!("commonhold-{name}/src"))).collect();
    let mut newest = SystemTime::UNIX_EPOCH;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let meta = entry.metadata().unwrap();
            match meta.is_dir() {
                true => folders.push(entry.path()),
                false if !entry.path().to_string_lossy().contains("test") => {
                    newest = newest.max(meta.modified().unwrap());
                }
                false => {}
            }
        }
    }
    newest
}

/// The command line, on a profile.
pub fn commonhold(home: &Path) -> Command {
    let mut command = Command::new(built("commonhold"));
    command.env("COMMONHOLD_HOME", home).stdin(Stdio::null());
    command
}

/// What a run said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    pub fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// What `--json` printed.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// One clear sentence on the error output, and the code that it cannot be done now.
    pub fn cannot_now(&self) -> &str {
        assert_eq!(self.code, 3, "{self:?}");
        let first = self.err.lines().next().unwrap_or_default();
        let first = first.strip_prefix("commonhold: ").unwrap_or_else(|| panic!("{self:?}"));
        assert!(first.len() > 20 && first.ends_with('.'), "{self:?}");
        assert!(!self.err.contains("panicked"), "{self:?}");
        first
    }
}

/// Runs the command line.
pub fn run(home: &Path, arguments: &[&str]) -> Said {
    Said::from(commonhold(home).args(arguments).output().unwrap())
}

/// Runs it with something on its standard input.
pub fn run_with(home: &Path, arguments: &[&str], input: &str) -> Said {
    let mut command = commonhold(home);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that refuses its arguments does not read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    Said::from(child.wait_with_output().unwrap())
}
