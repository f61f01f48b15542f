//! Laptops of people with one service, who exchange through a shared folder; the program as they
//! run it.

#![allow(dead_code)]

use serde_json::Value;
use std::cell::RefCell;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder with laptops in it, each a profile of its own.
pub struct Town {
    folder: tempfile::TempDir,
    /// Everything the program printed to standard error, and what was not asked for with `heard`.
    heard: RefCell<Vec<u8>>,
}

impl Town {
    /// Ann's laptop with the service Harbor.
    pub fn new() -> Self {
        let town = Self { folder: tempfile::tempdir().unwrap(), heard: RefCell::default() };
        fs::create_dir(town.shared()).unwrap();
        let new = ["service", "new", "--name", "Harbor", "--category", "mirror"];
        assert!(town.run("ann", &new).status.success());
        town
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn shared(&self) -> PathBuf {
        self.path().join("shared")
    }

    pub fn home(&self, who: &str) -> PathBuf {
        self.path().join(who)
    }

    /// A file with a text.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn command(&self, who: &str, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_commonhold"));
        command.env("COMMONHOLD_HOME", self.home(who)).args(words);
        command.current_dir(self.path()).stdin(Stdio::null());
        command
    }

    pub fn run(&self, who: &str, words: &[&str]) -> Output {
        let said = self.command(who, words).output().unwrap();
        self.heard.borrow_mut().extend_from_slice(&said.stderr);
        said
    }

    /// The same, told something on its standard input.
    pub fn told(&self, who: &str, words: &[&str], input: &str) -> Output {
        let mut command = self.command(who, words);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let said = child.wait_with_output().unwrap();
        self.heard.borrow_mut().extend_from_slice(&said.stderr);
        said
    }

    /// What was printed to standard error so far.
    pub fn heard(&self) -> Vec<u8> {
        self.heard.borrow().clone()
    }

    /// What it answers with `--json`.
    pub fn json(&self, who: &str, words: &[&str]) -> Value {
        let said = self.run(who, &[&["--json"], words].concat());
        serde_json::from_slice(&said.stdout).unwrap_or_else(|_| panic!("{who} {words:?}: {said:?}"))
    }

    /// The id it answers.
    pub fn id(&self, who: &str, words: &[&str]) -> String {
        let said = self.json(who, words);
        said["id"].as_str().unwrap_or_else(|| panic!("{who} {words:?}: {said}")).to_owned()
    }

    /// Adds a record of a kind and answers its id.
    pub fn add(&self, who: &str, kind: &str, fields: &Value) -> String {
        let file = self.file("record.json", &fields.to_string());
        self.id(who, &["record", "add", kind, "--from", &file])
    }

    /// Ann invites somebody with roles, and they join through the folder.
    pub fn join(&self, name: &str, roles: &[&str]) {
        let folder = self.shared().to_str().unwrap().to_owned();
        let mut invite = vec!["invite", "new", "--name", name, "--with", &folder];
        roles.iter().for_each(|role| invite.extend(["--role", role]));
        let view = self.json("ann", &invite);
        let words = view["words"].as_str().unwrap_or_else(|| panic!("{view}"));
        let asked = self.json(name, &["join", words, "--with", &folder, "--name", name]);
        let requests = self.json("ann", &["invite", "requests"]);
        assert_eq!(requests[0]["words"], asked[0]["words"], "both see the same");
        self.json("ann", &["invite", "confirm", requests[0]["id"].as_str().unwrap()]);
        let joined = self.json(name, &["join"]);
        assert_eq!(joined[0]["state"], "joined", "{joined}");
    }

    /// Exchanges with the folder.
    pub fn sync(&self, who: &str) {
        let folder = self.shared().to_str().unwrap().to_owned();
        let said = self.run(who, &["sync", "--with", &folder]);
        assert!(said.status.success(), "{who}: {said:?}");
    }

    /// The fingerprint of all records, the same on every laptop that has the same.
    pub fn fingerprint(&self, who: &str) -> String {
        self.json(who, &["status"])["fingerprint"].as_str().unwrap().to_owned()
    }
}

/// Every file below a folder.
pub fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.metadata().unwrap().is_dir() {
            true => files(&entry.path(), found),
            false => found.push(entry.path()),
        }
    }
}
