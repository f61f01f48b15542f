//! The keychain against a real GNOME Keyring on a bus of its own; nobody's own keychain is touched.

#![allow(clippy::unwrap_used, clippy::panic)]

use commonhold_keychain::{Keychain, System, Trouble};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Says in the part of the test that runs on the bus what it is to do.
const ROLE: &str = "COMMONHOLD_TEST_KEYCHAIN";

fn missing(what: &str) {
    let required = std::env::var("COMMONHOLD_REQUIRE_CHECKS").is_ok_and(|v| v == "1");
    assert!(!required, "{what} is not installed");
    println!("skipped: {what} is not installed");
}

fn installed(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|done| done.success())
}

/// Runs one of the tests below on a bus of its own, with this before it.
fn on_a_bus(home: &Path, before: &str, test: &str, input: &[u8]) -> String {
    let program = std::env::current_exe().unwrap();
    let line = format!("{before} exec \"{}\" --exact {test} --nocapture", program.display());
    let mut child = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", &line])
        .env(ROLE, test)
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let more = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}\n{more}");
    said
}

fn role(test: &str) -> bool {
    std::env::var(ROLE).is_ok_and(|role| role == test)
}

fn keychain(seconds: u64) -> System {
    System::new(Duration::from_secs(seconds))
}

#[test]
fn part_writes_and_reads() {
    if !role("part_writes_and_reads") {
        return;
    }
    let chain = keychain(20);
    assert_eq!(chain.get("s3://ours"), Ok(None));
    chain.set("s3://ours", "wJalrXUtnFEMI").unwrap();
    chain.set("s3://others", "other").unwrap();
    assert_eq!(chain.get("s3://ours").unwrap().unwrap().as_str(), "wJalrXUtnFEMI");
    chain.set("s3://ours", "newer").unwrap();
    // Another program sees what this one wrote.
    assert_eq!(keychain(20).get("s3://ours").unwrap().unwrap().as_str(), "newer");
    chain.remove("s3://ours").unwrap();
    assert_eq!(chain.get("s3://ours"), Ok(None));
    assert_eq!(chain.remove("s3://ours"), Ok(()));
    assert_eq!(chain.get("s3://others").unwrap().unwrap().as_str(), "other");
}

#[test]
fn part_is_locked() {
    if !role("part_is_locked") {
        return;
    }
    // Nobody is there to unlock it: refused or silent, and soon in any case.
    let chain = keychain(2);
    let answer = chain.get("s3://others");
    assert!(matches!(answer, Err(Trouble::Refused | Trouble::Silent)), "{answer:?}");
    let answer = chain.set("s3://others", "x");
    let trouble = [Err(Trouble::Refused), Err(Trouble::Silent), Err(Trouble::Missing)];
    assert!(trouble.contains(&answer), "{answer:?}");
}

#[test]
fn part_has_none() {
    if !role("part_has_none") {
        return;
    }
    assert_eq!(keychain(20).get("s3://ours"), Err(Trouble::Missing));
    assert_eq!(keychain(20).set("s3://ours", "x"), Err(Trouble::Missing));
}

#[test]
fn secrets_are_kept_in_a_real_keychain_and_a_locked_one_is_not_waited_for() {
    if !installed("dbus-run-session") || !installed("gnome-keyring-daemon") {
        missing("gnome-keyring");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    for folder in ["data", "config", "cache"] {
        std::fs::create_dir(home.path().join(folder)).unwrap();
    }
    let unlock = "gnome-keyring-daemon --unlock --components=secrets >/dev/null &&";
    on_a_bus(home.path(), unlock, "part_writes_and_reads", b"password of the keychain");
    // The keychain's own file does not show it either.
    let mut stored = Vec::new();
    for entry in std::fs::read_dir(home.path().join("data/keyrings")).unwrap() {
        stored.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    let has = |word: &[u8]| stored.windows(word.len()).any(|part| part == word);
    assert!(!stored.is_empty() && !has(b"newer") && !has(b"wJalrXUtnFEMI"));
    let locked = "gnome-keyring-daemon --start --components=secrets >/dev/null &&";
    on_a_bus(home.path(), locked, "part_is_locked", b"");
}

#[test]
fn where_there_is_no_keychain_that_is_said() {
    if !installed("dbus-run-session") {
        missing("dbus-daemon");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    // An address where no bus is.
    let before = "DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere; export DBUS_SESSION_BUS_ADDRESS;";
    on_a_bus(home.path(), before, "part_has_none", b"");
}
