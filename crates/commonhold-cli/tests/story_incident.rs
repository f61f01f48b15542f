//! An incident that two people write down with no network between them, from the first line to
//! what is published of it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects, clippy::string_slice)]

mod laptops;

use commonhold_app::App;
use commonhold_app::clock::{System, World};
use commonhold_app::commands::alerts::{self, Level};
use commonhold_app::commands::needs::needs_you;
use commonhold_app::commands::operations::incident::{self, NewLine, NewReview};
use commonhold_app::commands::operations::publish;
use commonhold_core::{BookId, Time};
use laptops::Town;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A clock that stands still.
struct Still(Time);

impl World for Still {
    fn now(&mut self) -> Time {
        self.0
    }

    fn random(&mut self, bytes: &mut [u8]) -> Result<(), String> {
        System.random(bytes)
    }
}

/// Opens an incident with all its times and says nothing yet. Minutes after its start: noticed,
/// mitigated, over.
fn over(town: &Town, title: &str, times: [&str; 4]) -> String {
    let [started, detected, mitigated, resolved] = times;
    let open = ["incident", "open", title, "--severity", "sev2", "--impact", "No downloads."];
    let id = town.id("ann", &[&open[..], &["--started", started, "--detected", detected]].concat());
    for (moment, at) in [("mitigated", mitigated), ("resolved", resolved)] {
        let said = town.run("ann", &["incident", "status", &id, moment, "--at", at]);
        assert!(said.status.success(), "{said:?}");
    }
    id
}

/// A laptop as it is open before somebody.
fn laptop(town: &Town, who: &str) -> (App, BookId) {
    let app = App::open(&town.home(who)).unwrap();
    let book = app.reader().books().unwrap()[0].id;
    (app, book)
}

/// What one person writes: every fourth minute, the first at the same moment as the other's. The
/// last are written down first.
fn write(town: &Town, who: &str, id: &str, lines: u32, first: u32) {
    let (mut app, book) = laptop(town, who);
    for line in 0..lines {
        let minute = (lines - 1 - line) * 4 + first;
        let new = NewLine {
            text: format!("{who} saw {line}"),
            at: Some(format!("2026-05-02T02:{minute:02}:00Z").parse().unwrap()),
            line_type: "observation".into(),
            ..NewLine::default()
        };
        incident::line(&mut app, &book, &id.parse().unwrap(), &new).unwrap();
    }
}

fn means(town: &Town, who: &str) -> Value {
    town.json(who, &["incident", "means", "--at", "2026-12-31"])
}

#[test]
fn two_people_write_down_an_incident_with_no_network() {
    let town = Town::new();
    town.join("ben", &["contributor", "member"]);
    let first = over(
        &town,
        "INC-1",
        [
            "2026-05-02T01:10:00Z",
            "2026-05-02T01:34:00Z",
            "2026-05-02T02:40:00Z",
            "2026-05-02T03:05:00Z",
        ],
    );
    let second = over(
        &town,
        "INC-2",
        [
            "2026-06-11T14:00:00Z",
            "2026-06-11T14:06:00Z",
            "2026-06-11T14:20:00Z",
            "2026-06-11T14:45:00Z",
        ],
    );
    town.sync("ann");
    town.sync("ben");
    assert_eq!(means(&town, "ben")["mttr_minutes"], 80);

    // Apart.
    write(&town, "ann", &first, 12, 2);
    write(&town, "ben", &first, 9, 2);
    let why = "It was only a test of the alarm";
    let gone = town.run("ben", &["record", "withdraw", "incident", &first, "--reason", why]);
    assert!(gone.status.success(), "{gone:?}");
    let alone = town.json("ann", &["incident", "show", &first]);
    assert_eq!((alone["state"].as_str(), lines(&alone).len()), (Some("ok"), 12));

    // Together again, in any order.
    for who in ["ann", "ben", "ann"] {
        town.sync(who);
    }
    together(&town, &first, why);
    due(&town, &second);
    published(&town, &second);
}

fn lines(shown: &Value) -> Vec<(String, String)> {
    let text = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
    let found = shown["lines"].as_array().unwrap();
    found.iter().map(|line| (text(line, "at"), text(line, "text"))).collect()
}

/// Both have all 21 lines in the order of UTC, and the incident is withdrawn, not gone.
fn together(town: &Town, id: &str, why: &str) {
    let shown = town.json("ann", &["incident", "show", id]);
    assert_eq!(shown, town.json("ben", &["incident", "show", id]));
    assert_eq!(town.fingerprint("ann"), town.fingerprint("ben"));
    let found = lines(&shown);
    assert_eq!(found.len(), 21, "{found:?}");
    assert!(found.is_sorted_by_key(|(at, _)| at.parse::<Time>().unwrap()), "{found:?}");
    let written: BTreeSet<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
    let wanted: Vec<String> = [("ann", 12), ("ben", 9)]
        .iter()
        .flat_map(|(who, number)| (0..*number).map(move |line| format!("{who} saw {line}")))
        .collect();
    assert_eq!(written, wanted.iter().map(String::as_str).collect());
    assert_eq!(shown["state"], "withdrawn");
    assert_eq!(shown["withdrawn_because"], why);
    let minutes =
        ["detect", "mitigate", "resolve"].map(|what| shown[format!("minutes_to_{what}")].clone());
    assert_eq!(minutes, [json!(24), json!(90), json!(115)]);
    for who in ["ann", "ben"] {
        let found = means(town, who);
        let all = &found["with_withdrawn"];
        assert_eq!((&all["mttd_minutes"], &all["mttr_minutes"]), (&json!(15), &json!(80)));
        assert_eq!((&found["withdrawn"], &found["mttr_minutes"]), (&json!(1), &json!(45)));
    }
}

/// The review of what is over is due in 14 days, then it needs somebody.
fn due(town: &Town, id: &str) {
    for (day, overdue) in [("2026-06-25T23:59:00Z", false), ("2026-06-26T00:01:00Z", true)] {
        let clock = Still(day.parse().unwrap());
        let mut app = App::open_in(&town.home("ann"), Box::new(clock)).unwrap();
        let book: BookId = app.reader().books().unwrap()[0].id;
        let needs = needs_you(&mut app, &book).unwrap();
        let found: Vec<_> =
            needs.items.iter().filter(|item| item.what == "review-overdue").collect();
        assert_eq!(found.len(), usize::from(overdue), "{day}: {found:?}");
        let told = alerts::alerts(&mut app, &book, Level::Warning).unwrap().alerts;
        let told: Vec<_> = told.iter().filter(|alert| alert.what == "review-overdue").collect();
        assert_eq!(told.len(), usize::from(overdue));
        if let (Some(item), Some(alert)) = (found.first(), told.first()) {
            assert_eq!(item.args["title"], "INC-2", "not the one that was withdrawn");
            assert_eq!(item.action, format!("operations/incidents/{id}"));
            let text = "What was learned from “INC-2” was to be published by 2026-06-25.";
            assert_eq!(alert.text, text);
        }
    }
}

/// Lines of the known answers of masking that hold one kind alone.
fn known(kind: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/mask/known.txt");
    let text = fs::read_to_string(path).unwrap();
    let mark = format!("⟦{kind}:");
    let lines = text.lines().filter(|line| {
        !line.starts_with("##")
            && line.contains(&mark)
            && line.matches('⟦').count() == line.matches(&mark).count()
    });
    lines.map(|line| line.replace(&mark, "").replace(['⟧', '¦'], "")).collect()
}

/// Nothing is published while an address stands in it, and the line is named.
fn addresses(town: &Town, id: &str) {
    let (mut app, book) = laptop(town, "ann");
    let id = id.parse().unwrap();
    for kind in ["email", "ipv4", "ipv6"] {
        let known = known(kind);
        assert!(known.len() >= 3, "{kind}: {known:?}");
        for line in [&known[0], &known[known.len() / 2], &known[known.len() - 1]] {
            let new = NewReview {
                summary: Some(format!("The disk was full.\n{line}\nIt works again.")),
                contributing_factors: vec!["No alert".into()],
                ..NewReview::default()
            };
            incident::review(&mut app, &book, &id, &new).unwrap();
            let text = publish::preview(app.reader(), &book, &id).unwrap();
            let number = text.lines().position(|found| found == line).unwrap() + 1;
            let said = publish::publish(&mut app, &book, &id).unwrap_err().message;
            assert!(said.contains(&format!("line {number} holds")), "{line}: {said}");
            assert!(said.contains(&format!("[{kind}]")), "{line}: {said}");
        }
    }
}

/// What is published stays, and what is changed is published as one more.
fn published(town: &Town, id: &str) {
    let review = |summary: &str| {
        town.id("ann", &["incident", "review", id, "--summary", summary, "--factor", "No alert"]);
    };
    addresses(town, id);
    let said = town.run("ann", &["incident", "publish", id]);
    let text = String::from_utf8(said.stderr).unwrap();
    assert!(
        said.status.code() == Some(2) && text.contains(" holds"),
        "as a person sees it: {text}"
    );
    let commons = |who: &str| town.json(who, &["record", "list", "commons"])["total"].clone();
    assert_eq!(commons("ann"), 0, "nothing was published");
    review("The disk was full.");
    let old = town.json("ann", &["incident", "publish", id])["sha256"].as_str().unwrap().to_owned();
    review("The disk was full of logs.");
    let new = town.json("ann", &["incident", "publish", id])["sha256"].as_str().unwrap().to_owned();
    assert_ne!(old, new);
    town.sync("ann");
    town.sync("ben");
    assert_eq!(town.fingerprint("ann"), town.fingerprint("ben"));

    // The archive keeps both, and says which text had which hash.
    let archive = town.path().join("harbor.zip");
    let archive = archive.to_str().unwrap();
    assert!(town.run("ben", &["export", archive]).status.success());
    assert!(town.run("ben", &["verify", archive]).status.success());
    assert!(town.run("cleo", &["restore", archive]).status.success());
    for who in ["ben", "cleo"] {
        let kept = town.json(who, &["record", "list", "commons"]);
        assert_eq!(kept["total"], 2, "{kept}");
        for (sha256, part) in [(&old, "The disk was full.\n"), (&new, "full of logs.\n")] {
            assert!(kept.to_string().contains(sha256.as_str()), "{who} {part}: {kept}");
            let to = town.path().join(format!("{who}-{sha256}"));
            let said = town.run(who, &["file", "get", sha256, "--to", to.to_str().unwrap()]);
            assert!(said.status.success(), "{who} {part}: {said:?}");
            assert!(fs::read_to_string(&to).unwrap().contains(part), "{who} {part}");
        }
    }
    let told = town.json("ann", &["alerts"]);
    assert!(!told.to_string().contains("review-overdue"), "it is published: {told}");
}
