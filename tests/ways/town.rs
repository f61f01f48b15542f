//! People with a profile each, run by the real command line.

use crate::support::Chance;
use crate::support::program::{Said, built, commonhold};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Kinds of records that are compared: those everybody may read.
const KINDS: [&str; 5] = ["service", "person", "page", "account", "fund"];

/// What the attached file begins with.
pub const ATTACHED: &str = "canary-of-the-scan-35x7f";

/// Profiles of several people, and everything that was ever printed.
pub struct Town {
    folder: TempDir,
    /// In which network namespace somebody is; elsewhere nobody is.
    spaces: BTreeMap<String, String>,
    heard: RefCell<String>,
}

/// Where somebody finds the place all exchange through.
pub type Way<'a> = &'a dyn Fn(&str) -> String;

impl Town {
    /// Ann with a service.
    pub fn new() -> Self {
        Self::in_spaces(BTreeMap::new())
    }

    pub fn in_spaces(spaces: BTreeMap<String, String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("shared")).unwrap();
        let town = Self { folder, spaces, heard: RefCell::default() };
        let new = ["service", "new", "--name", "Harbor", "--purpose", "A mirror"];
        town.run("Ann", &[&new[..], &["--category", "package registry"]].concat());
        town
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn home(&self, who: &str) -> PathBuf {
        self.path().join(who)
    }

    /// A folder all of them reach.
    pub fn shared(&self) -> String {
        self.path().join("shared").display().to_string()
    }

    /// Everything that was printed so far.
    pub fn heard(&self) -> String {
        self.heard.borrow().clone()
    }

    fn command(&self, who: &str, words: &[&str]) -> Command {
        let mut command = match self.spaces.get(who) {
            None => commonhold(&self.home(who)),
            Some(space) => {
                let mut command = Command::new("ip");
                command.args(["netns", "exec", space]).arg(built("commonhold"));
                command.env("COMMONHOLD_HOME", self.home(who)).stdin(Stdio::null());
                command
            }
        };
        for proxy in ["http_proxy", "https_proxy", "all_proxy"] {
            command.env_remove(proxy).env_remove(proxy.to_uppercase());
        }
        command.args(words);
        command
    }

    fn finish(&self, mut command: Command, input: &str) -> Said {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that reads nothing may have ended.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let said = Said::from(child.wait_with_output().unwrap());
        let mut heard = self.heard.borrow_mut();
        heard.push_str(&said.out);
        heard.push_str(&said.err);
        said
    }

    /// Runs a command.
    pub fn said(&self, who: &str, words: &[&str]) -> Said {
        self.finish(self.command(who, words), "")
    }

    /// Runs a command, which must answer 0, and answers what `--json` printed.
    pub fn run(&self, who: &str, words: &[&str]) -> Value {
        self.run_with(who, words, "")
    }

    fn run_with(&self, who: &str, words: &[&str], input: &str) -> Value {
        let said = self.finish(self.command(who, &[&["--json"], words].concat()), input);
        assert_eq!(said.code, 0, "{who}: {words:?}: {said:?}");
        said.json()
    }

    /// Remembers a place with what opens it.
    pub fn remember(&self, who: &str, place: &str, user: &str, secret: &str) {
        let mut command = self.command(who, &["remote", "add", place, "--user", user]);
        command.env("COMMONHOLD_SECRET", secret);
        let said = self.finish(command, "");
        assert_eq!(said.code, 0, "{said:?}");
    }

    pub fn add(&self, who: &str, kind: &str, record: &Value) -> String {
        let added = self.run_with(who, &["record", "add", kind], &record.to_string());
        added["id"].as_str().unwrap().to_owned()
    }

    pub fn page(&self, who: &str, title: &str) -> String {
        let body = format!("# {title}\n");
        self.add(who, "page", &json!({"title": title, "kind": "minutes", "body": body}))
    }

    pub fn edit(&self, who: &str, id: &str, change: &Value) {
        self.run_with(who, &["record", "edit", "page", id], &change.to_string());
    }

    /// Titles of the pages somebody has.
    pub fn pages(&self, who: &str) -> Vec<String> {
        let list = self.run(who, &["record", "list", "page", "--limit", "500"]);
        let rows = list["rows"].as_array().unwrap().iter();
        rows.map(|row| row["title"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until somebody has a page; answers how long it took.
    pub fn arrives(&self, who: &str, title: &str, most: Duration) -> Duration {
        let begin = Instant::now();
        while !self.pages(who).iter().any(|page| page == title) {
            let took = begin.elapsed();
            assert!(took < most, "{who} has no “{title}” after {took:?}: {}", self.watched(who));
            std::thread::sleep(Duration::from_millis(100));
        }
        begin.elapsed()
    }

    /// Ann invites somebody over a place, and they join.
    pub fn join(&self, name: &str, way: Way<'_>) {
        let invite = ["invite", "new", "--name", name, "--role", "contributor", "--with"];
        let view = self.run("Ann", &[&invite[..], &[&way("Ann")]].concat());
        let words = view["words"].as_str().unwrap();
        let asked = self.run(name, &["join", words, "--with", &way(name), "--name", name]);
        way("Ann");
        let requests = self.run("Ann", &["invite", "requests"]);
        let request = &requests[0];
        assert_eq!(request["words"], asked[0]["words"], "both see the same");
        self.run("Ann", &["invite", "confirm", request["id"].as_str().unwrap()]);
        way(name);
        let joined = self.run(name, &["join"]);
        assert_eq!(joined[0]["state"], "joined", "{joined}");
    }

    /// What an exchange handed over and took in.
    pub fn sync(&self, who: &str, way: Way<'_>) -> (u64, u64) {
        let report = self.run(who, &["sync", "--with", &way(who)]);
        let book = &report[0]["books"][0];
        (book["sent"].as_u64().unwrap(), book["received"].as_u64().unwrap())
    }

    /// All of them show the same.
    pub fn same(&self, people: &[&str]) {
        let shown = |who: &str| {
            let mut shown = vec![self.run(who, &["status"])["fingerprint"].clone()];
            for kind in KINDS {
                shown.push(self.run(who, &["record", "list", kind, "--limit", "500"]));
            }
            shown
        };
        let first = shown(people[0]);
        for who in &people[1..] {
            assert_eq!(shown(who), first, "{who} and {}", people[0]);
        }
    }

    /// Fifty words nobody would guess, in records of several kinds.
    pub fn fifty(&self, who: &str) -> Vec<String> {
        let mut chance = Chance(50);
        let words = (0..50).map(|n| format!("canary{n}x{:x}", chance.number()));
        let words: Vec<String> = words.collect();
        let (pages, rest) = words.split_at(36);
        for page in pages.chunks(6) {
            let body = format!("# {}\n\n- {}\n", page[1], page[2..].join("\n- "));
            self.add(who, "page", &json!({"title": page[0], "kind": "runbook", "body": body}));
        }
        let me = self.run(who, &["person", "list"])["me"].clone();
        for words in rest[..9].chunks(3) {
            let secret = json!({"label": words[0], "kind": "password", "system": words[1],
                "blast_radius": 3, "holders": [me], "rotated": "2026-01-15", "pointer": words[2]});
            self.add(who, "secret", &secret);
        }
        for word in &rest[9..13] {
            self.add(who, "contact", &json!({"name": word}));
        }
        let path = format!("Assets:{}", rest[13]);
        self.add(who, "account", &json!({"type": "asset", "path": path}));
        words
    }

    /// Ann keeps a file of several parts, and a transaction names it; answers its SHA-256.
    pub fn attach(&self) -> String {
        let mut chance = Chance(35);
        let mut bytes = format!("{ATTACHED}\n").into_bytes();
        bytes.extend((0..300_000).map(|_| chance.number().to_le_bytes()[0]));
        let file = self.path().join("scan.bin");
        std::fs::write(&file, bytes).unwrap();
        let kept = self.run("Ann", &["file", "add", &file.display().to_string()]);
        let sha256 = kept["sha256"].as_str().unwrap().to_owned();
        let account = self.add("Ann", "account", &json!({"type": "asset", "path": "Assets:Till"}));
        let fund = json!({"name": "till", "restriction": "unrestricted", "purpose": "All"});
        let fund = self.add("Ann", "fund", &fund);
        let line = |amount: &str| json!({"account": account, "amount": amount, "fund": fund});
        let bill = json!({"date": "2026-05-04", "narration": "Disks", "documents": [sha256],
            "postings": [line("-4.00 EUR"), line("4.00 EUR")]});
        self.add("Ann", "transaction", &bill);
        sha256
    }

    /// Ben has the file Ann attached, byte for byte.
    pub fn attached(&self, sha256: &str) {
        let to = self.path().join("scan-of-Ben.bin");
        self.run("Ben", &["file", "get", sha256, "--to", &to.display().to_string()]);
        let same =
            std::fs::read(to).unwrap() == std::fs::read(self.path().join("scan.bin")).unwrap();
        assert!(same, "the file arrived as it was");
    }

    fn watch_file(&self, who: &str) -> PathBuf {
        self.path().join(format!("{who}-watch.txt"))
    }

    /// What the process that goes on printed.
    pub fn watched(&self, who: &str) -> String {
        std::fs::read_to_string(self.watch_file(who)).unwrap_or_default()
    }

    /// Begins to exchange by itself, and waits until it is begun.
    pub fn watch(&self, who: &str, words: &[&str]) -> Watching {
        let file = File::create(self.watch_file(who)).unwrap();
        let mut command = self.command(who, &[&["sync", "--watch"], words].concat());
        command.stdout(file.try_clone().unwrap()).stderr(file);
        let mut watching = Watching(command.spawn().unwrap());
        let end = Instant::now() + Duration::from_secs(20);
        while !self.watched(who).contains("Going on") {
            let ended = watching.0.try_wait().unwrap();
            assert!(ended.is_none() && Instant::now() < end, "{who}: {}", self.watched(who));
            std::thread::sleep(Duration::from_millis(20));
        }
        watching
    }
}

/// A process that exchanges by itself; it ends with this.
pub struct Watching(Child);

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Ann attaches a file and exchanges, and so does Ben: he has it. Then as [`exchange`].
pub fn exchange_files(town: &Town, way: Way<'_>) {
    let scan = town.attach();
    town.sync("Ann", way);
    town.sync("Ben", way);
    town.attached(&scan);
    exchange(town, way);
}

/// Both write apart and exchange: in the end both have the same, and there is nothing to hand over.
pub fn exchange(town: &Town, way: Way<'_>) {
    let page = town.page("Ann", "Written by Ann");
    town.sync("Ann", way);
    town.sync("Ben", way);
    town.edit("Ann", &page, &json!({"title": "Titled by Ann"}));
    town.page("Ann", "Ann, away");
    town.edit("Ben", &page, &json!({"body": "# By Ben\n"}));
    town.page("Ben", "Ben, away");
    for who in ["Ann", "Ben", "Ann"] {
        town.sync(who, way);
    }
    town.same(&["Ann", "Ben"]);
    let pages = town.pages("Ben");
    for title in ["Titled by Ann", "Ann, away", "Ben, away"] {
        assert!(pages.iter().any(|page| page == title), "{title}: {pages:?}");
    }
    let shown = town.run("Ann", &["record", "show", "page", &page]);
    assert_eq!(shown["fields"]["body"], "# By Ben\n");
    for who in ["Ben", "Ann"] {
        assert_eq!(town.sync(who, way), (0, 0), "{who}: all was said");
    }
}

/// Ann removes Ben: what he writes then does not get in, what she writes he does not get.
pub fn removed(town: &Town, way: Way<'_>) {
    let done = town.run("Ann", &["person", "remove", "Ben", "--reason", "He moved away"]);
    assert_eq!(done["in_force"], true, "{done}");
    town.sync("Ann", way);
    town.page("Ann", "After Ben");
    town.sync("Ann", way);
    late(town, way);
}

/// Ben, removed, writes and exchanges; then Ann does.
pub fn late(town: &Town, way: Way<'_>) {
    let late = json!({"title": "Too late", "kind": "minutes", "body": "# Too late\n"}).to_string();
    let _ = town.finish(town.command("Ben", &["record", "add", "page"]), &late);
    for who in ["Ben", "Ann", "Ben", "Ann"] {
        let said = town.said(who, &["sync", "--with", &way(who)]);
        assert!(!said.err.contains("panicked"), "{said:?}");
    }
    let (ann, ben) = (town.pages("Ann"), town.pages("Ben"));
    assert!(!ann.iter().any(|page| page == "Too late"), "{ann:?}");
    assert!(!ben.iter().any(|page| page == "After Ben"), "{ben:?}");
    assert!(ann.iter().any(|page| page == "After Ben"), "{ann:?}");
}
