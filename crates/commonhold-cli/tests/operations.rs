//! `commonhold incident`, `runbook`, `secret` and `metrics` as processes.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        let new = ["service", "new", "--name", "Harbor", "--category", "mirror"];
        assert!(home.run(&new).status.success());
        home
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("home")
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_commonhold"));
        command.env("COMMONHOLD_HOME", self.path()).args(words).stdin(Stdio::null());
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    fn told(&self, words: &[&str], input: &str) -> Output {
        let mut command = self.command(words);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    fn json(&self, words: &[&str]) -> Value {
        of(&self.run(&[&["--json"], words].concat()))
    }

    fn id(&self, words: &[&str]) -> String {
        self.json(words)["id"].as_str().unwrap_or_else(|| panic!("{words:?}")).to_owned()
    }
}

fn of(said: &Output) -> Value {
    serde_json::from_slice(&said.stdout).unwrap_or_else(|_| panic!("{said:?}"))
}

fn opened(home: &Home) -> String {
    let id = home.id(&[
        "incident",
        "open",
        "Downloads fail",
        "--severity",
        "sev2",
        "--component",
        "web",
        "--started",
        "2026-07-01T10:00:00Z",
        "--detected",
        "2026-07-01T10:24:00Z",
        "--detection",
        "user",
        "--impact",
        "Nobody could download.",
    ]);
    let lines = [
        ("Restarted the web server", "2026-07-01T10:40:00Z", "action"),
        ("Somebody wrote that downloads fail", "2026-07-01T10:24:00Z", "observation"),
        ("Moved to the second disk", "2026-07-01T11:30:00Z", "decision"),
    ];
    for (text, at, kind) in lines {
        home.id(&["incident", "line", &id, text, "--at", at, "--type", kind, "--public"]);
    }
    id
}

/// Says when it was over; before, nothing can be published.
fn over(home: &Home, id: &str) {
    let early = home.run(&["incident", "publish", id]);
    assert_eq!(early.status.code(), Some(2), "it is not over: {early:?}");
    let at = ["--at", "2026-07-01T11:30:00Z"];
    home.json(&[&["incident", "status", id, "mitigated"], &at[..]].concat());
    let said = home.run(&[
        "incident",
        "resolve",
        id,
        "--at",
        "2026-07-01T11:55:00Z",
        "--text",
        "It works again",
    ]);
    assert!(said.status.success(), "{said:?}");
}

#[test]
fn an_incident_is_written_down_minute_by_minute() {
    let home = Home::new();
    let id = opened(&home);
    over(&home, &id);
    let wrong = home.run(&["incident", "status", &id, "mitigated", "--at", "2026-07-02T00:00:00Z"]);
    assert_eq!(wrong.status.code(), Some(2), "after it was over: {wrong:?}");
    let shown = home.json(&["incident", "show", &id]);
    let minutes =
        ["detect", "mitigate", "resolve"].map(|what| shown[format!("minutes_to_{what}")].clone());
    assert_eq!(minutes, [json!(24), json!(90), json!(115)]);
    let texts: Vec<&str> =
        shown["lines"].as_array().unwrap().iter().map(|l| l["text"].as_str().unwrap()).collect();
    assert_eq!(
        texts,
        [
            "Somebody wrote that downloads fail",
            "Restarted the web server",
            "Moved to the second disk",
            "It works again"
        ]
    );
    assert_eq!(
        (&shown["lines"][1]["minutes"], &shown["lines"][1]["since_last"]),
        (&json!(40), &json!(16))
    );
    assert_eq!(shown["review_due"], "2026-07-15");
}

#[test]
fn what_was_learned_is_published_when_it_is_clean_and_stays() {
    let home = Home::new();
    let id = opened(&home);
    over(&home, &id);
    home.id(&[
        "incident",
        "review",
        &id,
        "--summary",
        "The disk was full.\nmail ann@example.org",
        "--factor",
        "No alert for disks",
        "--action",
        "detect: alert at 80 %",
        "--due",
        "2026-08-01",
    ]);
    let refused = home.run(&["incident", "publish", &id]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    let preview = home.run(&["--json", "incident", "publish", &id, "--preview"]);
    assert_eq!(preview.status.code(), Some(1));
    let text = of(&preview)["text"].as_str().unwrap().to_owned();
    let line = text.lines().position(|line| line.contains("ann@")).unwrap() + 1;
    assert!(said.contains(&format!("line {line} holds")) && said.contains("[email]"), "{said}");
    assert!(!said.contains("ann@"), "what is refused is not repeated: {said}");

    home.id(&["incident", "review", &id, "--summary", "The disk was full."]);
    let done = home.json(&["incident", "publish", &id]);
    let sha256 = done["sha256"].as_str().unwrap().to_owned();
    let kept = home.0.path().join("published.md");
    assert!(home.run(&["file", "get", &sha256, "--to", kept.to_str().unwrap()]).status.success());
    let kept = fs::read_to_string(kept).unwrap();
    for part in [
        "# Downloads fail",
        "after 115 minutes",
        "No alert for disks",
        "Restarted the web server",
        "detect: alert at 80 % (due 2026-08-01)",
    ] {
        assert!(kept.contains(part), "{part}: {kept}");
    }
    assert_eq!(home.json(&["incident", "list"])[0]["review_due"], Value::Null);
    assert_eq!(home.run(&["incident", "publish", &id]).status.code(), Some(2), "nothing is new");
    home.id(&["incident", "review", &id, "--well", "Everybody helped"]);
    let again = home.json(&["incident", "publish", &id]);
    assert_ne!(again["sha256"], sha256.as_str(), "{again}");
    let commons = home.json(&["record", "list", "commons"]);
    assert_eq!(commons["total"], 2, "what was published stays: {commons}");
    let withdrawn = ["record", "withdraw", "incident", &id, "--reason", "It was a test"];
    assert!(home.run(&withdrawn).status.success());
    let shown = home.json(&["incident", "show", &id]);
    assert_eq!(
        (shown["state"].as_str(), shown["lines"].as_array().unwrap().len()),
        (Some("withdrawn"), 6)
    );
}

#[test]
fn a_runbook_is_followed_step_by_step_and_what_differed_becomes_feedback() {
    let home = Home::new();
    let body = "# Disk full\n\n1. Look at the disk\n   expect: below 90 %\n2. Remove old logs\n   undo: restore\n3. Tell users\n";
    let file = home.file("disk.md", body);
    let id = home.id(&[
        "runbook",
        "adopt",
        &file,
        "--from",
        "Codeberg",
        "--licence",
        "CC-BY-4.0",
        "--component",
        "web",
    ]);
    let run = ["--json", "runbook", "run", &id, "--drill"];
    let said = home.told(&run, "d\nmaybe\ns no old logs\nf: nobody there\nused the other disk\n");
    assert_eq!(said.status.code(), Some(1), "a step failed: {said:?}");
    let asked = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(asked.contains("expect: below 90 %") && asked.contains("Begin with done"), "{asked}");
    let done = of(&said);
    let run = home.json(&["record", "show", "runbook-run", done["run"].as_str().unwrap()]);
    let fields = &run["fields"];
    assert_eq!(
        fields["steps"],
        json!(["1 done", "2 skipped: no old logs", "3 failed: nobody there"])
    );
    assert_eq!(
        (&fields["drill"], &fields["deviations"]),
        (
            &json!(true),
            &json!("used the other disk\nStep 2 skipped: no old logs\nStep 3 failed: nobody there")
        )
    );
    let feedback = home.json(&["record", "show", "feedback", done["feedback"].as_str().unwrap()]);
    assert_eq!(
        (&feedback["fields"]["about"], &feedback["fields"]["state"]),
        (&json!(id), &json!("open"))
    );
    let shown = home.json(&["runbook", "show", &id]);
    assert_eq!(fields["sha256"], shown["sha256"]);
    assert_eq!(
        (&shown["adopted_sha256"], &shown["licence"]),
        (&shown["sha256"], &json!("CC-BY-4.0"))
    );
    assert_eq!((&shown["steps"][1]["undo"], &shown["runs"]), (&json!("restore"), &json!(1)));

    let said = home.told(&["runbook", "run", &id], "\n\n\n\n");
    assert_eq!(said.status.code(), Some(0), "all done, nothing differed: {said:?}");
    let said = home.told(&["--json", "runbook", "run", &id, "--no-feedback"], "");
    assert_eq!((said.status.code(), &of(&said)["feedback"]), (Some(1), &Value::Null));
    let out = home.0.path().join("out.md");
    let to = out.to_str().unwrap();
    assert!(home.run(&["runbook", "export", &id, "--to", to]).status.success());
    let text = fs::read_to_string(&out).unwrap();
    assert!(text.starts_with("---\ntitle: \"Disk full\"\n") && text.ends_with(body), "{text}");
    assert_eq!(home.run(&["runbook", "export", &id, "--to", to]).status.code(), Some(2));
    let file = home.file("no-steps.md", "# Nothing\n\nNo list.\n");
    assert_eq!(home.run(&["runbook", "add", &file]).status.code(), Some(2));
    assert_eq!(home.json(&["runbook", "list"]).as_array().unwrap().len(), 1);
}

fn everything_of(folder: &Path, found: &mut Vec<Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.metadata().unwrap().is_dir() {
            true => everything_of(&entry.path(), found),
            false => found.push(fs::read(entry.path()).unwrap()),
        }
    }
}

#[test]
fn a_secret_is_sealed_and_printed_only_where_it_is_asked_for() {
    let home = Home::new();
    let people = home.json(&["record", "list", "person"]);
    let me = people["rows"][0]["id"].as_str().unwrap();
    let fields = json!({"label": "registrar", "kind": "password", "system": "registrar.example", "blast_radius": 5, "holders": [me], "rotate_every": 30});
    let file = home.file("secret.json", &fields.to_string());
    home.id(&["record", "add", "secret", "--from", &file]);
    let value = "correct horse 7 battery";
    let put = home.told(&["secret", "put", "registrar"], &format!("{value}\n"));
    assert!(
        put.status.success() && !String::from_utf8_lossy(&put.stdout).contains(value),
        "{put:?}"
    );
    assert_eq!(home.run(&["secret", "get", "registrar"]).status.code(), Some(2), "no terminal");
    let got = home.run(&["secret", "get", "registrar", "--stdout"]);
    assert_eq!(String::from_utf8(got.stdout).unwrap(), format!("{value}\n"));
    let listed = home.json(&["secret", "list"]);
    assert_eq!(listed[0]["has_value"], true);
    assert!(listed[0]["warnings"][0].as_str().unwrap().contains("One person alone"), "{listed}");
    let values = home.json(&["record", "list", "sealed-value"]);
    let id = values["rows"][0]["id"].as_str().unwrap().to_owned();
    let shown = home.json(&["record", "show", "sealed-value", &id]);
    let searched = home.json(&["search", "battery"]);
    for said in [&listed, &values, &shown, &searched] {
        assert!(
            !said.to_string().contains("battery 7") && !said.to_string().contains(value),
            "{said}"
        );
    }
    assert_eq!(searched["total"], 0);
    let dots = home.file("dots.json", r#"{"value": "••••••"}"#);
    let said = home.run(&["record", "edit", "sealed-value", &id, "--from", &dots]);
    assert_eq!(said.status.code(), Some(2), "dots are no value: {said:?}");
    assert!(home.run(&["secret", "rotate", "registrar", "--date", "2026-01-01"]).status.success());
    let listed = home.json(&["secret", "list"]);
    assert_eq!(
        (&listed[0]["rotated"], &listed[0]["due"]),
        (&json!("2026-01-01"), &json!("2026-01-31"))
    );
    assert!(listed[0]["warnings"].to_string().contains("should have been changed"), "{listed}");
    let tables = home.0.path().join("tables");
    let archive = home.0.path().join("a.zip");
    assert!(home.run(&["export", archive.to_str().unwrap()]).status.success());
    let unpacked = home.run(&["books", "tables", tables.to_str().unwrap()]);
    assert!(unpacked.status.success(), "{unpacked:?}");
    let mut files = vec![fs::read(&archive).unwrap()];
    everything_of(&tables, &mut files);
    let holds = |bytes: &Vec<u8>| bytes.windows(value.len()).any(|part| part == value.as_bytes());
    assert!(!files.iter().any(holds), "no file for others holds it");
    assert_eq!(home.run(&["secret", "get", "nothing", "--stdout"]).status.code(), Some(2));
}

#[test]
fn the_value_of_a_secret_is_masked_in_the_log_of_a_deploy() {
    let home = Home::new();
    let fields = json!({"label": "key", "kind": "token", "system": "host", "blast_radius": 3, "holders": []});
    let file = home.file("secret.json", &fields.to_string());
    home.id(&["record", "add", "secret", "--from", &file]);
    assert!(home.told(&["secret", "put", "key"], "opensesame").status.success());
    let words =
        ["--json", "deploy", "run", "--commit", "abcdef1", "--", "echo", "it is opensesame."];
    let done = of(&home.run(&words));
    let shown = home.json(&["deploy", "show", done["id"].as_str().unwrap()]);
    let log = shown["text"].as_str().unwrap();
    assert!(log.contains("it is [token].") && !log.contains("opensesame"), "{log}");
}

#[test]
fn a_monitor_reads_the_numbers() {
    let home = Home(tempfile::tempdir().unwrap());
    assert!(home.run(&["service", "sample"]).status.success());
    let printed = String::from_utf8(home.run(&["metrics"]).stdout).unwrap();
    for name in [
        "commonhold_balance{currency=\"EUR\",restriction=\"",
        "commonhold_income_year{currency=\"",
        "commonhold_runway_months ",
        "commonhold_backers ",
        "commonhold_contributors ",
        "commonhold_requirements{framework=\"",
        "commonhold_incidents_open{severity=\"sev1\"} 0",
    ] {
        assert!(printed.contains(name), "{name}: {printed}");
    }
    for line in printed.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(name.starts_with("commonhold_") && value.parse::<f64>().is_ok(), "{line}");
        let name = name.split('{').next().unwrap();
        assert!(printed.contains(&format!("# TYPE {name} gauge\n")), "{line}");
    }
    let out = home.0.path().join("commonhold.prom");
    assert!(home.run(&["metrics", "--out", out.to_str().unwrap()]).status.success());
    assert_eq!(fs::read_to_string(&out).unwrap().trim(), printed.trim());
    assert_eq!(home.run(&["metrics", "--listen", "0.0.0.0:0"]).status.code(), Some(2));
    let mut command = home.command(&["metrics", "--listen", "127.0.0.1:0"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let address = said.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let ask = |text: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let answer = ask("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("version=0.0.4"),
        "{answer}"
    );
    assert!(answer.contains("commonhold_runway_months "), "{answer}");
    assert!(ask("GET /other HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404"));
    assert!(ask("POST /metrics HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 405"));
    child.kill().unwrap();
    child.wait().unwrap();
}
