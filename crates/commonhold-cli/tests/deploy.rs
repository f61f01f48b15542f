//! `commonhold deploy` and its hooks as processes, on real repositories of git: what is merged
//! deploys by itself, what fails is undone, and nothing that ran is lost.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    /// A profile with one service, and a repository.
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        let new = ["service", "new", "--name", "Harbor", "--category", "mirror"];
        assert!(place.run(&new).status.success());
        fs::create_dir(place.repository()).unwrap();
        place.git(&["init", "--quiet", "--initial-branch=main"]);
        place
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("my home")
    }

    fn repository(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_commonhold"));
        command.arg("--home").arg(self.home()).args(words).stdin(Stdio::null());
        let there = self.repository();
        command.current_dir(if there.is_dir() { there } else { self.folder.path().to_owned() });
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    fn json(&self, words: &[&str]) -> Value {
        let said = self.run(&[&["--json"], words].concat());
        serde_json::from_slice(&said.stdout).unwrap_or_else(|_| panic!("{said:?}"))
    }

    fn deploys(&self) -> Vec<Value> {
        self.json(&["deploy", "list"])["deploys"].as_array().unwrap().clone()
    }

    fn git_in(&self, folder: &Path, words: &[&str]) -> Output {
        let mut command = Command::new("git");
        command.current_dir(folder).args(["-c", "user.name=A", "-c", "user.email=a@b.example"]);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        let said = command.args(words).output().unwrap();
        assert!(said.status.success(), "{words:?}: {said:?}");
        said
    }

    fn git(&self, words: &[&str]) -> Output {
        self.git_in(&self.repository(), words)
    }

    fn script(&self, name: &str, text: &str) {
        let path = self.repository().join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
    }

    fn pending(&self) -> Vec<PathBuf> {
        let found = fs::read_dir(self.home().join("deploys"));
        found.map(|all| all.map(|entry| entry.unwrap().path()).collect()).unwrap_or_default()
    }
}

fn until(mut true_: impl FnMut() -> bool) {
    for _ in 0..200 {
        if true_() {
            return;
        }
        sleep(Duration::from_millis(50));
    }
    panic!("it did not come about");
}

#[test]
fn what_is_committed_deploys_by_itself_and_what_fails_is_undone() {
    let place = Place::new();
    place.script("deploy.sh", "echo user 192.0.2.7 and ann@example.org came\ntest ! -e broken");
    place.script("undo.sh", "echo back to $COMMONHOLD_COMMIT from $COMMONHOLD_FAILED");
    fs::create_dir(place.repository().join(".commonhold")).unwrap();
    let declared =
        r#"{"environment": "live", "command": ["./deploy.sh"], "rollback": ["./undo.sh"]}"#;
    fs::write(place.repository().join(".commonhold/deploy.json"), declared).unwrap();
    let installed = place.run(&["hook", "install"]);
    assert!(installed.status.success(), "{installed:?}");

    place.commit("First page, thanks to bea@example.org");
    let deploys = place.deploys();
    assert_eq!(deploys.len(), 1, "{deploys:?}");
    let first = &deploys[0];
    let head = String::from_utf8(place.git(&["rev-parse", "HEAD"]).stdout).unwrap();
    assert_eq!(first["commit"], head.trim());
    for (name, value) in [
        ("trigger", "commit"),
        ("result", "succeeded"),
        ("environment", "live"),
        ("reference", "main"),
        ("repository", "site"),
    ] {
        assert_eq!(first[name], value, "{name}");
    }
    assert_eq!(first["changelog"], "First page, thanks to [email]");
    assert!(first["committed"].is_string() && first["findings"].as_i64() >= Some(3), "{first}");
    let shown = place.json(&["deploy", "show", first["id"].as_str().unwrap()]);
    let log = shown["text"].as_str().unwrap();
    assert!(log.contains("user [ipv4] and [email] came"), "{log}");
    let sealed = first["log"].as_str().unwrap();
    let out = place.folder.path().join("original");
    assert!(place.run(&["file", "get", sealed, "--to", out.to_str().unwrap()]).status.success());
    assert!(fs::read_to_string(&out).unwrap().contains("192.0.2.7 and ann@example.org"));

    fs::write(place.repository().join("broken"), "").unwrap();
    place.commit("Second page");
    let deploys = place.deploys();
    assert_eq!(deploys.len(), 3, "{deploys:?}");
    let of = |trigger: &str, result: &str| {
        let found = deploys.iter().find(|d| d["trigger"] == trigger && d["result"] == result);
        found.unwrap_or_else(|| panic!("{trigger} {result}: {deploys:?}"))
    };
    let (failed, undone) = (of("commit", "failed"), of("rollback", "succeeded"));
    assert_eq!(undone["rolls_back"], failed["id"]);
    assert_eq!(undone["commit"], first["commit"], "it goes back to what worked");
    assert_eq!(failed["changelog"], "Second page");
    let shown = place.json(&["deploy", "show", undone["id"].as_str().unwrap()]);
    let wanted = format!("back to {} from", head.trim());
    assert!(shown["text"].as_str().unwrap().contains(&wanted), "{shown}");

    let out = place.run(&["hook", "remove"]);
    assert!(out.status.success());
    place.commit("Third page");
    assert_eq!(place.deploys().len(), 3, "the hook is gone");
}

#[test]
fn what_is_pushed_deploys_and_other_branches_do_not() {
    let place = Place::new();
    let bare = place.folder.path().join("origin of it.git");
    fs::create_dir(&bare).unwrap();
    place.git_in(&bare, &["init", "--quiet", "--bare", "--initial-branch=main"]);
    let words = ["hook", "install", bare.to_str().unwrap()];
    assert_eq!(place.run(&words).status.code(), Some(2), "the command must be named");
    let command = ["--environment", "live", "--", "git", "log", "-1", "--format=it's %s"];
    let said = place.run(&[&words[..], &command[..]].concat());
    assert!(said.status.success(), "{said:?}");
    place.commit("One");
    let to = bare.to_str().unwrap();
    place.git(&["push", "--quiet", to, "main:main", "main:other"]);
    let deploys = place.deploys();
    assert_eq!(deploys.len(), 1, "{deploys:?}");
    assert_eq!(deploys[0]["result"], "succeeded");
    assert_eq!(deploys[0]["repository"], "origin of it");
    assert_eq!(deploys[0]["log"], Value::Null, "nothing was masked, so one file says it all");
    let shown = place.json(&["deploy", "show", deploys[0]["id"].as_str().unwrap()]);
    assert!(shown["text"].as_str().unwrap().contains("it's One"), "{shown}");
    place.git(&["push", "--quiet", to, ":other"]);
    assert_eq!(place.deploys().len(), 1);
}

#[test]
fn a_hook_of_somebody_else_is_left_alone() {
    let place = Place::new();
    let path = place.repository().join(".git/hooks/post-commit");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "#!/bin/sh\necho mine\n").unwrap();
    let said = place.run(&["hook", "install", "--", "true"]);
    assert_eq!(said.status.code(), Some(2), "{said:?}");
    assert!(String::from_utf8_lossy(&said.stderr).contains("is not ours"), "{said:?}");
    assert!(place.run(&["hook", "remove"]).status.success());
    assert_eq!(fs::read_to_string(&path).unwrap(), "#!/bin/sh\necho mine\n");
}

#[test]
fn while_another_program_holds_the_profile_nothing_that_ran_is_lost() {
    let place = Place::new();
    place.commit("One");
    let held = commonhold_app::App::open(&place.home()).unwrap();
    let words = ["deploy", "run", "--wait", "0", "--", "sh", "-c", "echo from 192.0.2.9"];
    let said = place.run(&words);
    assert_eq!(said.status.code(), Some(3), "{said:?}");
    assert!(String::from_utf8_lossy(&said.stderr).contains("taken in by the next"), "{said:?}");
    assert!(String::from_utf8_lossy(&said.stdout).contains("from 192.0.2.9"), "{said:?}");
    let listed = place.json(&["deploy", "list"]);
    assert_eq!(listed["deploys"], Value::Array(Vec::new()));
    assert_eq!(listed["pending"][0]["result"], "succeeded");
    for path in place.pending() {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    drop(held);
    assert!(place.run(&["file", "policy"]).status.success(), "any command that writes");
    let deploys = place.deploys();
    assert_eq!((deploys.len(), &deploys[0]["result"]), (1, &"succeeded".into()));
    assert!(place.pending().is_empty());
    let again = place.run(&["file", "policy"]);
    assert!(again.status.success() && place.deploys().len() == 1);
}

fn running(place: &Place) -> Child {
    let words = ["deploy", "run", "--", "sh", "-c", "echo begun; sleep 20"];
    let child = place.command(&words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = |path: &PathBuf| {
        path.extension().is_some_and(|end| end == "log")
            && fs::read_to_string(path).is_ok_and(|text| text.contains("begun"))
    };
    until(|| place.pending().iter().any(begun));
    child
}

#[test]
fn killed_in_the_middle_it_is_recorded_as_cut_short() {
    let place = Place::new();
    place.commit("One");
    let mut child = running(&place);
    assert!(place.run(&["file", "policy"]).status.success(), "the profile is not held meanwhile");
    assert!(place.deploys().is_empty(), "it runs");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(place.run(&["file", "policy"]).status.success());
    let deploys = place.deploys();
    assert_eq!(deploys.len(), 1, "{deploys:?}");
    assert_eq!((&deploys[0]["result"], &deploys[0]["ended"]), (&"cancelled".into(), &Value::Null));
    let shown = place.json(&["deploy", "show", deploys[0]["id"].as_str().unwrap()]);
    let log = shown["text"].as_str().unwrap();
    assert!(log.contains("begun\n") && log.contains("cut short"), "{log}");
    assert!(place.pending().is_empty());
}

#[test]
fn what_is_used_wrongly_runs_nothing() {
    let place = Place::new();
    let touch = place.folder.path().join("ran");
    let run = ["deploy", "run", "--", "touch", touch.to_str().unwrap()];
    assert_eq!(place.run(&run).status.code(), Some(2), "no commit is known");
    place.commit("One");
    assert_eq!(place.run(&["deploy", "run"]).status.code(), Some(2), "no command");
    let elsewhere = [&["--service", "Other"], &run[..]].concat();
    assert_eq!(place.run(&elsewhere).status.code(), Some(2));
    assert!(!touch.exists() && place.deploys().is_empty());
    let failing = place.json(&["deploy", "run", "--", "/no/such/program"]);
    assert_eq!((&failing["result"], &failing["recorded"]), (&"failed".into(), &true.into()));
    assert_eq!(place.run(&["deploy", "run", "--", "false"]).status.code(), Some(1));
    assert_eq!(place.deploys().len(), 2);
}
