//! `commonhold alerts` as a process: what needs somebody, for programs that look after a service.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod laptops;

use laptops::Town;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn told(town: &Town, words: &[&str]) -> (i32, BTreeMap<String, Value>) {
    let said = town.run("ann", &[&["--json", "alerts"], words].concat());
    let value: Value = serde_json::from_slice(&said.stdout).unwrap_or_else(|_| panic!("{said:?}"));
    let alerts = value["alerts"].as_array().unwrap().iter();
    let alerts = alerts.map(|one| (one["what"].as_str().unwrap().to_owned(), one.clone()));
    (said.status.code().unwrap(), alerts.collect())
}

/// Everything that is due, of years ago.
fn overdue(town: &Town) {
    let me = town.json("ann", &["record", "list", "person"])["rows"][0]["id"].clone();
    let open = ["incident", "open", "Mirror is down", "--severity", "sev1"];
    town.id("ann", &[&open[..], &["--started", "2020-01-01T00:00:00Z"]].concat());
    let now = commonhold_core::Time(now()).date();
    let until = now.days_later(30).to_string();
    town.id("ann", &["incident", "open", "Nobody may know of this", "--embargo-until", &until]);
    let times = ["--started", "2020-02-01T10:00:00Z", "--detected", "2020-02-01T10:05:00Z"];
    let over = town.id("ann", &[&["incident", "open", "Disk full"], &times[..]].concat());
    let end = ["incident", "resolve", &over, "--at", "2020-02-01T11:00:00Z"];
    assert!(town.run("ann", &end).status.success());
    let action = ["--action", "detect: alert at 80 %", "--due", "2020-03-01"];
    let review = ["incident", "review", &over, "--summary", "The disk.", "--factor", "No alert"];
    town.id("ann", &[&review[..], &action[..]].concat());
    let file = town.file("disk.md", "# Disk full\n\n1. Look at the disk\n");
    let runbook = town.id("ann", &["runbook", "add", &file]);
    let fields =
        town.file("expires.json", r#"{"reviewed": "2019-04-01", "expires": "2020-04-01"}"#);
    let edit = ["record", "edit", "runbook", &runbook, "--from", &fields];
    assert!(town.run("ann", &edit).status.success());
    let secret = json!({"label": "the registrar", "kind": "password", "system": "registrar",
        "blast_radius": 5, "holders": [me], "rotated": "2020-01-01", "rotate_every": 30});
    town.add("ann", "secret", &secret);
    let item = json!({"name": "harbor.example", "type": "domain", "holders": [me],
        "renewal": "2020-05-01"});
    town.add("ann", "continuity", &item);
    let soon = now.days_later(10).to_string();
    let yesterday = now.days_later(0).to_string();
    let grant = ["person", "grant", me.as_str().unwrap(), "treasurer"];
    let term = ["--from", &yesterday, "--to", &soon];
    let said = town.run("ann", &[&grant[..], &term[..]].concat());
    assert!(said.status.success(), "{said:?}");
}

fn now() -> i64 {
    use commonhold_app::clock::{System, World};
    System.now().0
}

#[test]
fn a_monitor_hears_what_is_due_and_nothing_it_must_not() {
    let town = Town::new();
    let (code, quiet) = told(&town, &["--level", "warning"]);
    assert_eq!((code, quiet.len()), (0, 0), "{quiet:?}");
    overdue(&town);
    let (code, alerts) = told(&town, &[]);
    assert_eq!(code, 1);
    let text = |what: &str| {
        let alert = alerts.get(what).unwrap_or_else(|| panic!("{what}: {alerts:?}"));
        alert["text"].as_str().unwrap().to_owned()
    };
    for (what, wanted) in [
        ("incident-open", "The incident “Mirror is down” (SEV1) is not over."),
        ("incident-kept-back", "An incident that is kept back (SEV3) is not over."),
        ("review-overdue", "What was learned from “Disk full” was to be published by 2020-02-15."),
        ("action-overdue", "The follow-up “alert at 80 %” was to be done by 2020-03-01."),
        ("runbook-expired", "The runbook “Disk full” could be relied on until 2020-04-01."),
        ("renewal", "“harbor.example” must be renewed by 2020-05-01."),
        ("secrets-due", "1 secret should have been changed by now."),
        ("single-holder", "1 secret is held by one person alone."),
    ] {
        assert_eq!(text(what), wanted);
    }
    assert!(text("term").contains("as treasurer ends on"), "{alerts:?}");
    assert_eq!(alerts["incident-open"]["since"], "2020-01-01T00:00:00Z");
    let all = format!("{alerts:?}");
    for word in ["Nobody may know", "registrar"] {
        assert!(!all.contains(word), "{word}: {all}");
    }
    let (code, critical) = told(&town, &["--level", "critical"]);
    assert_eq!(code, 1);
    assert_eq!(critical.keys().collect::<Vec<_>>(), ["incident-open"]);
    assert_eq!(town.run("ann", &["alerts", "--level", "loud"]).status.code(), Some(2));

    // As a person reads it: the most pressing first, and why something is left out.
    let held = commonhold_app::App::open(&town.home("ann")).unwrap();
    let said = town.run("ann", &["alerts"]);
    drop(held);
    assert_eq!(said.status.code(), Some(1), "{said:?}");
    let text = String::from_utf8(said.stdout).unwrap();
    assert!(text.starts_with("critical The incident “Mirror is down”"), "{text}");
    assert!(text.contains("What only you can do is left out"), "{text}");
}

#[test]
fn the_runway_warns_below_the_limit_a_scenario_sets() {
    let town = Town::new();
    let sample = |words: &[&str]| {
        let mut command = town.command("sample", words);
        command.output().unwrap()
    };
    assert!(sample(&["service", "sample"]).status.success());
    let scenario = json!({"name": "Money runs out", "type": "stop", "metric": "runway-months",
        "comparison": "below", "limit": "1000", "months": 1, "then": "notify"});
    let file = town.file("scenario.json", &scenario.to_string());
    let added = sample(&["record", "add", "scenario", "--from", &file]);
    assert!(added.status.success(), "{added:?}");
    let said = sample(&["alerts", "--level", "critical"]);
    let text = String::from_utf8(said.stdout).unwrap();
    assert_eq!(said.status.code(), Some(1), "{text}");
    assert!(text.contains("“Money runs out” warns below 1000."), "{text}");
}
