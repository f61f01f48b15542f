//! Taking over runbooks and processes of other services, and what changes there later.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod laptops;

use laptops::Town;
use serde_json::{Value, json};

const FIRST: &str = "# Disk full\n\n1. Look at the disk\n2. Remove old logs\n3. Tell users\n";
const OWN: &str =
    "# Disk full\n\n1. Look at the disk of the mirror\n2. Remove old logs\n3. Tell users\n";
const LATER: &str = "# Disk full\n\n1. Look at the disk\n2. Remove old logs\n3. Tell users\n4. Order a larger disk\n";
const BOTH: &str = "# Disk full\n\n1. Look at the disk of the mirror\n2. Remove old logs\n3. Tell users\n4. Order a larger disk\n";
const RIVAL: &str = "# Disk full\n\n1. Look at both disks\n2. Remove old logs\n3. Tell users\n4. Order a larger disk\n";

fn body(town: &Town, kind: &str, id: &str) -> (String, Value) {
    let shown = town.json("ann", &["record", "show", kind, id]);
    (shown["fields"]["body"].as_str().unwrap().to_owned(), shown["fields"]["reviewed"].clone())
}

fn takes_in(town: &Town, kind: &str, id: &str) {
    let write = |text: &str| town.file("text.md", text);
    let nothing = town.json("ann", &[kind, "changes", id]);
    assert_eq!(nothing["own"], json!([]), "{nothing}");
    let fields = json!({"body": OWN, "reviewed": "2026-06-01"}).to_string();
    let edit = ["record", "edit", kind, id, "--from", &write(&fields)];
    assert!(town.run("ann", &edit).status.success());
    let own = town.json("ann", &[kind, "changes", id]);
    assert_eq!(own["own"][0]["before"], "1. Look at the disk\n");
    assert_eq!((&own["from"], &own["licence"]), (&json!("Codeberg"), &json!("CC-BY-4.0")));

    let later = write(LATER);
    let dry = town.json("ann", &[kind, "update", id, &later, "--dry-run"]);
    assert_eq!((&dry["written"], body(town, kind, id).0), (&json!(false), OWN.to_owned()));
    let done = town.json("ann", &[kind, "update", id, &later]);
    assert_eq!(done["written"], true, "{done}");
    assert_eq!(done["taken"][0]["theirs"], "4. Order a larger disk\n");
    assert_eq!(done["own"][0]["own"], "1. Look at the disk of the mirror\n");
    let (text, reviewed) = body(town, kind, id);
    assert_eq!((text.as_str(), reviewed), (BOTH, Value::Null), "it is to be looked at again");
    let again = town.json("ann", &[kind, "update", id, &later]);
    assert_eq!((&again["written"], body(town, kind, id).0), (&json!(false), BOTH.to_owned()));

    let rival = write(RIVAL);
    let asked = town.run("ann", &[kind, "update", id, &rival]);
    assert_eq!(asked.status.code(), Some(1), "{asked:?}");
    let said = String::from_utf8(asked.stdout).unwrap();
    for part in ["of the mirror", "+ 1. Look at both disks", "--keep own"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(body(town, kind, id).0, BOTH, "nothing was written");
    town.json("ann", &[kind, "update", id, &rival, "--keep", "own"]);
    assert_eq!(body(town, kind, id).0, BOTH);
    let own = town.json("ann", &[kind, "changes", id]);
    assert_eq!(own["own"][0]["before"], "1. Look at both disks\n", "since the last version");
    let last = write(&RIVAL.replace("Look at both", "Look at all"));
    town.json("ann", &[kind, "update", id, &last, "--keep", "theirs"]);
    assert_eq!(body(town, kind, id).0, RIVAL.replace("Look at both", "Look at all"));
}

#[test]
fn what_changes_there_is_taken_in_and_what_was_changed_here_stays() {
    let town = Town::new();
    let from = ["--from", "Codeberg", "--licence", "CC-BY-4.0"];
    let file = town.file("first.md", FIRST);
    let runbook = town.id("ann", &[&["runbook", "adopt", &file], &from[..]].concat());
    takes_in(&town, "runbook", &runbook);
    let process = town.id("ann", &[&["process", "adopt", &file], &from[..]].concat());
    takes_in(&town, "process", &process);
    // Each text is kept once, as it was taken over.
    let kept = town.json("ann", &["record", "list", "commons"]);
    assert_eq!(kept["total"], 4, "{kept}");
    let own = town.file("own.md", FIRST);
    let own = town.id("ann", &["runbook", "add", &own]);
    let said = town.run("ann", &["runbook", "changes", &own]);
    assert_eq!(said.status.code(), Some(2), "it is of one's own: {said:?}");
}
