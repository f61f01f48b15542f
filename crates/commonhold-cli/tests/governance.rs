//! Phases, their checklist and archive, decisions made elsewhere, links between services and people
//! in several of them: the program as people run it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod laptops;

use laptops::Town;
use serde_json::{Value, json};
use std::fs;
use std::process::Output;

fn said(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8(text).unwrap()
}

/// A second service on Ann's laptop, in operation.
fn second(town: &Town) -> String {
    let new = ["service", "new", "--name", "Pier", "--category", "shop", "--phase", "operating"];
    town.json("ann", &new)["book"].as_str().unwrap().to_owned()
}

/// Ann's laptop with two services.
fn pier() -> (Town, String) {
    let town = Town::new();
    let book = second(&town);
    (town, book)
}

/// The same words about the second service.
fn of<'w>(service: &'w str, words: &[&'w str]) -> Vec<&'w str> {
    [&["--service", service], words].concat()
}

fn refused(town: &Town, words: &[&str], why: &str) {
    let output = town.run("ann", words);
    assert!(!output.status.success(), "{words:?}");
    assert!(said(&output).contains(why), "{words:?}: {}", said(&output));
}

fn add(town: &Town, kind: &str, fields: &Value) -> String {
    let file = town.file("record.json", &fields.to_string());
    town.id("ann", &of("Pier", &["record", "add", kind, "--from", &file]))
}

fn items(town: &Town) -> Vec<Value> {
    let found = town.json("ann", &of("Pier", &["phase", "checklist"]));
    found.as_array().unwrap().clone()
}

fn phase(town: &Town) -> Value {
    town.json("ann", &of("Pier", &["phase", "show"]))
}

/// A folder for the archive, a vote about the phase, and the move by a decision.
fn closes(town: &Town) {
    add(
        town,
        "plan",
        &json!({"grace_days": 30, "shutdown_days": 90, "notice": "By mail.",
        "export": "By a button.", "leftover": "To a foundation.", "handover": "The domain."}),
    );
    add(town, "channel", &json!({"name": "Liberapay", "recurring": true}));
    let nowhere = town.path().join("nowhere");
    refused(
        town,
        &of("Pier", &["phase", "archive-folder", nowhere.to_str().unwrap()]),
        "no folder",
    );
    let kept = town.path().join("kept");
    fs::create_dir(&kept).unwrap();
    let chosen =
        town.json("ann", &of("Pier", &["phase", "archive-folder", kept.to_str().unwrap()]));
    assert_eq!(chosen, town.json("ann", &of("Pier", &["phase", "archive-folder"])));
    assert!(chosen["folder"].as_str().unwrap().ends_with("kept"), "{chosen}");

    let ask = |phase: &'static str| {
        of("Pier", &["propose", "Close?", "--rule", "phase-change", "--phase", phase])
    };
    let vote = town.json("ann", &ask("closing"));
    let shown =
        town.json("ann", &of("Pier", &["proposal", "show", vote["proposal"].as_str().unwrap()]));
    assert_eq!(shown["phase"], "closing", "{shown}");
    refused(town, &ask("asleep"), "is not one of: starting");

    let enter = |more: &[&'static str]| {
        let words = of("Pier", &["phase", "enter", "closing", "--statement", "We end."]);
        [words, more.to_vec()].concat()
    };
    refused(town, &enter(&[]), "Say which decision");
    refused(town, &enter(&["--decision", "Of May"]), "no decision of this book");
    refused(town, &enter(&["--decision", "Close?"]), "no decision of this book");
    let decided = ["decision", "record", "--title", "We close"];
    let decision = town.json("ann", &of("Pier", &decided))["decision"].clone();
    let known = town.json("ann", &of("Pier", &["decision", "list"]));
    assert_eq!((&known[0]["id"], &known[0]["title"]), (&decision, &json!("We close")));
    let done = town.json("ann", &enter(&["--decision", "We close"]));
    let archive = done["archive"].as_str().unwrap_or_else(|| panic!("{done}"));
    assert!(fs::metadata(archive).unwrap().len() > 0);
    assert_eq!(done["problem"], Value::Null);
    let now = phase(town);
    assert_eq!((&now["phase"], &now["archive_due"]), (&json!("closing"), &Value::Null));
    refused(town, &of("Pier", &["phase", "archive"]), "No archive is due");
}

#[test]
fn a_service_closes_item_by_item() {
    let (town, _) = pier();
    assert_eq!(items(&town), Vec::<Value>::new());
    closes(&town);
    let before = items(&town);
    assert_eq!(before.len(), 3, "{before:?}");
    let open = town.run("ann", &of("Pier", &["phase", "checklist"]));
    assert_eq!(open.status.code(), Some(1));
    assert!(said(&open).contains("[ ] Gifts through “Liberapay” are cancelled"), "{}", said(&open));
    let proves = |item: &str, more: &[&str]| {
        let words = ["phase", "prove", item, "--statement", "Confirmed."].to_vec();
        [vec!["--service", "Pier"], words, more.to_vec()]
            .concat()
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<Vec<String>>()
    };
    for item in &before {
        let id = item["id"].as_str().unwrap();
        let words = proves(id, &[]);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        refused(&town, &words, "Say where the proof is");
        let words =
            proves(id, &["--evidence", "https://pier.example/end", "--ended", "2026-01-31"]);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert!(!town.id("ann", &words).is_empty());
    }
    let words = proves("closed.nothing", &["--evidence", "x"]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    refused(&town, &words, "is no item of the closing checklist");
    let after = items(&town);
    // What ended before the service began to close is on the list no more.
    assert!(after.len() >= 2 && after.iter().all(|item| item["holds"] == true), "{after:?}");
    assert!(town.run("ann", &of("Pier", &["phase", "checklist"])).status.success());
    let early = of("Pier", &["phase", "enter", "closed", "--statement", "Done."]);
    refused(&town, &early, "The last day has come");
}

#[test]
fn services_name_each_other_and_what_was_decided_there() {
    let town = Town::new();
    town.join("ben", &["member"]);
    let pier = second(&town);
    let list = town.json("ann", &["service", "list"]);
    let harbor = list.as_array().unwrap().iter().find(|one| one["name"] == "Harbor").unwrap();
    let harbor = harbor["book"].as_str().unwrap();
    let linked = town.json("ann", &of("Pier", &["service", "link", "predecessor", harbor]));
    assert_eq!(linked, json!({"standing": "mutual", "not_back": null}));
    for (service, direction, other) in
        [("Pier", "predecessor", harbor), ("Harbor", "successor", pier.as_str())]
    {
        let links = town.json("ann", &of(service, &["service", "links"]))["services"].clone();
        assert_eq!(
            (&links[0]["direction"], &links[0]["book"], &links[0]["standing"]),
            (&json!(direction), &json!(other), &json!("mutual"))
        );
    }
    refused(&town, &of("Pier", &["service", "link", "beside", harbor]), "a predecessor and a succ");

    let there = ["decision", "record", "--title", "We end"];
    let there = town.json("ann", &of("Harbor", &there))["decision"].as_str().unwrap().to_owned();
    let link = format!("{harbor}/decision/{there}");
    let here = ["decision", "record", "--title", "We go on", "--elsewhere", &link];
    town.json("ann", &of("Pier", &here));
    let links = town.json("ann", &of("Pier", &["service", "links"]));
    let one = &links["decisions"][0];
    assert_eq!((&one["there"], &one["holds"]), (&json!("We end"), &json!(true)), "{links}");
    let wrong = ["decision", "record", "--title", "x", "--elsewhere", "the minutes"];
    refused(&town, &of("Pier", &wrong), "BOOK/KIND/ID");

    // Ben may not write Harbor's profile: the link stands, and he is told why there is none back.
    let quay = ["service", "new", "--name", "Quay", "--category", "dock"];
    assert!(town.run("ben", &quay).status.success());
    let words = of("Quay", &["service", "link", "predecessor", harbor]);
    let told = town.run("ben", &words);
    assert!(told.status.success(), "{}", said(&told));
    let why = "The link back could not be written in “Harbor”: ";
    assert!(said(&told).contains(why), "{}", said(&told));
    let links = town.json("ben", &of("Quay", &["service", "links"]));
    assert_eq!(links["services"][0]["standing"], "one-way");
}

#[test]
fn a_person_is_shown_in_their_other_service_once_they_agreed_in_both() {
    let (town, pier) = pier();
    let me = |service: &'static str| {
        let people = town.json("ann", &of(service, &["person", "list"]));
        people["members"][0]["person"].as_str().unwrap_or_else(|| panic!("{people}")).to_owned()
    };
    let harbor = me("Harbor");
    let elsewhere = || town.json("ann", &of("Harbor", &["person", "elsewhere", &harbor]));
    for service in ["Harbor", "Pier"] {
        assert_eq!(elsewhere(), json!([]), "not before both agree");
        let file = town.file("agree.json", r#"{"show_elsewhere": true}"#);
        let id = me(service);
        let edit = of(service, &["record", "edit", "person", &id, "--from", &file]);
        assert!(town.run("ann", &edit).status.success());
    }
    let found = elsewhere();
    assert_eq!((&found[0]["service"], &found[0]["book"]), (&json!("Pier"), &json!(pier)));
    let roles = found[0]["roles"].as_array().unwrap();
    assert!(roles.contains(&json!("leadership")), "{found}");
}

#[test]
fn bylaws_come_in_german_as_a_translation_that_names_what_binds() {
    let town = Town::new();
    let both = |language: &'static str| {
        let file = town.path().join(format!("GOVERNANCE.{language}.md"));
        let words = ["framework", "bylaws", "--answer", "tie=chair", "--language", language];
        let out = ["--out", file.to_str().unwrap()];
        let draft = town.json("ann", &[words.as_slice(), out.as_slice()].concat());
        (fs::read_to_string(file).unwrap(), draft["draft"]["sha256"].as_str().unwrap().to_owned())
    };
    let (english, sha256) = both("en");
    let (german, same) = both("de");
    assert_eq!(sha256, same, "one text binds");
    assert!(english.contains("Leadership decides a tie.") && !english.contains(&sha256));
    assert!(german.contains("Bei Gleichstand entscheidet die Leitung."), "{german}");
    assert!(german.contains("Dies ist eine Übersetzung") && german.contains(&sha256));
    let french = town.run("ann", &["framework", "bylaws", "--language", "fr"]);
    assert_eq!(french.status.code(), Some(2));
}
