//! `commonhold file` as a process: what it prints, and that being killed leaves a file whole or not
//! there at all.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice
)]

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

fn commonhold(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_commonhold"));
    command.env("COMMONHOLD_HOME", home).stdin(Stdio::null());
    command
}

fn run(home: &Path, words: &[&str]) -> Output {
    commonhold(home).args(words).output().unwrap()
}

fn json(home: &Path, words: &[&str]) -> Value {
    let said = run(home, &[&["--json"], words].concat());
    serde_json::from_slice(&said.stdout).unwrap_or_else(|_| panic!("{said:?}"))
}

fn service(home: &Path) {
    let new = ["service", "new", "--name", "Harbor", "--category", "mirror"];
    let said = run(home, &new);
    assert!(said.status.success(), "{said:?}");
}

#[test]
fn files_are_added_listed_and_written_out() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    service(&home);
    let receipt = folder.path().join("receipt.pdf");
    fs::write(&receipt, b"%PDF-1.7 a receipt").unwrap();
    let path = receipt.to_str().unwrap();
    let added = json(&home, &["file", "add", path]);
    assert_eq!(
        (&added["media_type"], &added["state"]),
        (&"application/pdf".into(), &"here".into())
    );
    let hash = added["sha256"].as_str().unwrap();
    assert_eq!(json(&home, &["file", "list"])[0]["sha256"], hash);
    assert_eq!(json(&home, &["file", "list", "--wanted"]), Value::Array(Vec::new()));
    let to = folder.path().join("out.pdf");
    let said = run(&home, &["file", "get", &hash[..10], "--to", to.to_str().unwrap()]);
    assert!(said.status.success(), "{said:?}");
    assert_eq!(fs::read(&to).unwrap(), b"%PDF-1.7 a receipt");
    let again = run(&home, &["file", "get", hash, "--to", to.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(2), "what is there is not overwritten");
    assert_eq!(run(&home, &["file", "get", "0000", "--to", "x"]).status.code(), Some(2));
    assert_eq!(run(&home, &["file", "fetch", &"0".repeat(64)]).status.code(), Some(2));
    assert_eq!(json(&home, &["file", "policy"])["up_to"], 2 << 20);
    assert_eq!(json(&home, &["file", "policy", "--up-to", "0"])["up_to"], 0);
    let status = json(&home, &["status"]);
    assert_eq!(status["attachments"]["here"], 1, "{status}");
}

#[test]
fn killed_while_it_adds_a_file_is_there_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    service(&home);
    let mut finished = 0;
    for n in 0..8_u8 {
        let path = folder.path().join(format!("scan {n}"));
        let bytes: Vec<u8> = (0..6 << 20).map(|at: usize| (at % 251) as u8 ^ n).collect();
        fs::write(&path, &bytes).unwrap();
        let mut command = commonhold(&home);
        command.args(["file", "add"]).arg(&path).stdout(Stdio::null());
        let mut child = command.spawn().unwrap();
        sleep(Duration::from_millis(12 * u64::from(n)));
        let _ = child.kill();
        finished += usize::from(child.wait().unwrap().success());
    }
    let list = json(&home, &["file", "list"]);
    let list = list.as_array().unwrap();
    assert!(list.len() >= finished, "what was acknowledged is there");
    for (n, info) in list.iter().enumerate() {
        assert_eq!((&info["state"], &info["size"]), (&"here".into(), &(6 << 20).into()));
        let to = folder.path().join(format!("out {n}"));
        let hash = info["sha256"].as_str().unwrap();
        let said = run(&home, &["file", "get", hash, "--to", to.to_str().unwrap()]);
        assert!(said.status.success(), "{said:?}");
    }
}
