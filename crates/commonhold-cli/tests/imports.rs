//! `commonhold import operations`, `listen` and files of age as processes.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn fixture(name: &str) -> PathBuf {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/import/operations");
    folder.join(name)
}

fn command(home: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_commonhold"));
    command.env("COMMONHOLD_HOME", home).args(words).stdin(Stdio::null());
    command
}

fn run(home: &Path, words: &[&str]) -> Output {
    command(home, words).output().unwrap()
}

fn json(home: &Path, words: &[&str]) -> Value {
    let said = run(home, &[&["--json"], words].concat());
    serde_json::from_slice(&said.stdout).unwrap_or_else(|_| panic!("{words:?}: {said:?}"))
}

fn service(home: &Path) {
    let new = ["service", "new", "--name", "Harbor", "--category", "mirror"];
    let said = run(home, &new);
    assert!(said.status.success(), "{said:?}");
}

#[test]
fn what_other_programs_know_is_taken_in_once() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    service(&home);
    let mut added = 0;
    for name in [
        "github-deployment-status.json",
        "github-workflow-run.json",
        "github-release.json",
        "forgejo-run.json",
        "gitlab-deployment.json",
        "gitlab-pipeline.json",
        "alertmanager.json",
        "statuspage.json",
        "git-log.bin",
        "changelog.md",
        "calendar.ics",
        "prometheus.txt",
        "openmetrics.txt",
    ] {
        let path = fixture(name);
        let words = [
            "import",
            "operations",
            path.to_str().unwrap(),
            "--metric",
            "users",
            "--source",
            "Harbor",
            "--own",
            // Else values that bear no time are of the second they are read in.
            "--fetched",
            "2026-05-04T10:00:00Z",
        ];
        let before = json(&home, &["status"])["objects"].clone();
        let planned = json(&home, &[&words[..], &["--dry-run"]].concat());
        assert_eq!(json(&home, &["status"])["objects"], before, "{name}: nothing is written");
        let first = json(&home, &words);
        assert_eq!(first["added"], planned["added"], "{name}");
        added += first["added"].as_u64().unwrap_or_else(|| panic!("{name}: {first}"));
        let after = json(&home, &["status"])["objects"].clone();
        let again = json(&home, &words);
        assert_eq!(
            (&again["added"], &again["completed"]),
            (&json!(0), &json!(0)),
            "{name}: {again}"
        );
        assert_eq!(json(&home, &["status"])["objects"], after, "{name}: nothing twice");
    }
    assert!(added > 13, "{added}");
    let deploys = json(&home, &["deploy", "list"]);
    assert!(!deploys["deploys"].as_array().unwrap().is_empty(), "{deploys}");
    let deploys = deploys["deploys"].as_array().unwrap().iter();
    let committed: Vec<&str> = deploys.filter_map(|one| one["committed"].as_str()).collect();
    // Of a push the oldest commit; of a run or a pipeline the one it is of.
    for moment in ["2026-03-04T10:10:00Z", "2026-03-04T10:20:00Z", "2026-03-04T09:30:00Z"] {
        assert!(committed.contains(&moment), "{moment}: {committed:?}");
    }
    let incidents = json(&home, &["incident", "list"]);
    let incident = incidents[0]["id"].as_str().unwrap();
    assert!(json(&home, &["incident", "show", incident])["lines"].is_array());
    let file = folder.path().join("other.bin");
    fs::write(&file, b"nothing of that").unwrap();
    let said = run(&home, &["import", "operations", file.to_str().unwrap()]);
    assert_eq!(said.status.code(), Some(2), "{said:?}");
}

fn post(address: &str, headers: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(stream, "POST / HTTP/1.1\r\nContent-Length: {length}\r\n{headers}\r\n").unwrap();
    stream.write_all(body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_webhook_is_taken_in_when_its_sender_knows_the_secret() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    service(&home);
    let secret = folder.path().join("secret");
    fs::write(&secret, "short\n").unwrap();
    let words = ["listen", "--address", "127.0.0.1:0", "--secret-file", secret.to_str().unwrap()];
    assert_eq!(run(&home, &words).status.code(), Some(2), "that secret is guessed");
    fs::write(&secret, "0123456789abcdef0123\n").unwrap();
    let mut child = command(&home, &words).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut said).unwrap();
    let address = said.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let body = fs::read(fixture("gitlab-deployment.json")).unwrap();
    let refused = post(&address, "", &body);
    assert!(refused.starts_with("HTTP/1.1 401"), "{refused}");
    let refused = post(&address, "X-Hub-Signature-256: sha256=00\r\n", &body);
    assert!(refused.starts_with("HTTP/1.1 401"), "{refused}");
    let taken = post(&address, "X-Gitlab-Token: 0123456789abcdef0123\r\n", &body);
    assert!(taken.starts_with("HTTP/1.1 200") && taken.contains("\"added\":1"), "{taken}");
    let alert = fs::read(fixture("alertmanager.json")).unwrap();
    let taken = post(&address, "Authorization: Bearer 0123456789abcdef0123\r\n", &alert);
    assert!(taken.starts_with("HTTP/1.1 200"), "{taken}");
    let odd = post(&address, "X-Gitlab-Token: 0123456789abcdef0123\r\n", b"{}");
    assert!(odd.starts_with("HTTP/1.1 422"), "{odd}");
    let held = commonhold_app::App::open(&home).unwrap();
    let later = post(&address, "X-Gitlab-Token: 0123456789abcdef0123\r\n", &body);
    assert!(later.starts_with("HTTP/1.1 503"), "{later}");
    drop(held);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(json(&home, &["deploy", "list"])["deploys"].as_array().unwrap().len(), 1);
}

#[test]
fn secrets_go_to_another_vault_and_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let (home, other) = (folder.path().join("home"), folder.path().join("other"));
    service(&home);
    service(&other);
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let fields = json!({"label": "dns", "kind": "token", "system": "registrar", "blast_radius": 4, "holders": []});
    fs::write(at("secret.json"), fields.to_string()).unwrap();
    assert!(
        run(&home, &["record", "add", "secret", "--from", &at("secret.json")]).status.success()
    );
    let (file, identity) = (at("secrets.age"), at("key.txt"));
    // A key of the age project's own test vectors.
    let text = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX\n";
    let recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
    fs::write(&identity, text).unwrap();
    let export = ["secret", "export", "--to", recipient, "--out", &file];
    assert_eq!(run(&home, &export).status.code(), Some(2), "there is no value yet");
    let mut put = command(&home, &["secret", "put", "dns"]);
    let mut child = put.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"swordfish-42").unwrap();
    assert!(child.wait().unwrap().success());
    let said = run(&home, &export);
    assert!(said.status.success(), "{said:?}");
    let sealed = fs::read_to_string(&file).unwrap();
    assert!(sealed.starts_with("-----BEGIN AGE") && !sealed.contains("swordfish"));
    assert_eq!(run(&home, &export).status.code(), Some(2), "nothing is overwritten");
    let import = ["secret", "import", &file, "--identity", &identity];
    let said = json(&other, &import);
    assert_eq!((&said["added"], &said["values"]), (&json!(1), &json!(1)), "{said}");
    let got = run(&other, &["secret", "get", "dns", "--stdout"]);
    assert_eq!(String::from_utf8(got.stdout).unwrap(), "swordfish-42\n");
    assert_eq!(json(&other, &import)["added"], 0, "it is there already");
    fs::write(&identity, "AGE-SECRET-KEY-1WRONG\n").unwrap();
    assert_eq!(run(&other, &import).status.code(), Some(2));
}
