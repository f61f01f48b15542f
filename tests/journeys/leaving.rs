//! Somebody leaves: who held seven secrets, removed by three of the four others while she, offline,
//! approves an expense and edits a runbook.

use crate::support::crew::{ANN, BEN, CLEO, Crew, DORA, crew};
use crate::support::program::{Said, run, run_with};
use crate::support::{fields, person};
use commonhold_app::commands::people::{self, Rotation};
use commonhold_app::commands::{records, trust};
use commonhold_core::authority::Role;
use commonhold_core::projection::State;
use commonhold_core::{Kind, RecordId};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The secrets: what they are called, the harm they do, and who holds them.
const SECRETS: [(&str, i64, &[&str]); 9] = [
    ("Registrar", 5, &["Dora", "Ann"]),
    ("Backup key", 3, &["Dora"]),
    ("Root password", 5, &["Dora", "Ben"]),
    ("Mailbox", 1, &["Dora", "Ann", "Ben", "Cleo"]),
    ("Signing key", 4, &["Dora"]),
    ("Bank card", 4, &["Dora", "Ann"]),
    ("Chat bot", 2, &["Dora", "Cleo", "Ann"]),
    ("Printer", 1, &["Ann"]),
    ("Wiki", 2, &["Ann", "Ben"]),
];
/// Those Dora held, as they must be changed: first what nobody else holds, then by harm.
const WORKLIST: [(&str, bool); 7] = [
    ("Signing key", true),
    ("Backup key", true),
    ("Registrar", false),
    ("Root password", false),
    ("Bank card", false),
    ("Chat bot", false),
    ("Mailbox", false),
];
/// Held by fewer than two who stay: two of hers alone, three of hers and one other's, and one of
/// Ann's.
const SINGLE: u32 = 6;

fn secret(label: &str, harm: i64, holders: &[String]) -> Value {
    json!({"label": label, "kind": "password", "system": "Server", "blast_radius": harm,
        "holders": holders, "rotated": "2026-01-15", "pointer": format!("{label} in the safe")})
}

/// The whole worklist with the numbers that are public, as leadership sees it.
fn right(rotation: &Rotation) {
    let list: Vec<_> = rotation.items.iter().map(|i| (i.label.as_str(), i.sole)).collect();
    assert_eq!(list, WORKLIST);
    assert_eq!((rotation.public_total, rotation.public_single_holder), (9, SINGLE));
    assert_eq!(rotation.public_oldest_rotation.as_deref(), Some("2026-01-15"));
}

fn prepare(crew: &mut Crew) -> (RecordId, RecordId) {
    let (book, people) = (crew.harbor.book, crew.people.clone());
    let by_name = |name: &str| match name {
        "Ann" => people[ANN].to_string(),
        "Ben" => people[BEN].to_string(),
        "Cleo" => people[CLEO].to_string(),
        _ => people[DORA].to_string(),
    };
    for (label, harm, holders) in SECRETS {
        let holders: Vec<String> = holders.iter().map(|name| by_name(name)).collect();
        let record = fields(secret(label, harm, &holders));
        records::add(crew.ann(), &book, Kind::Secret, record).unwrap();
    }
    let page = json!({"title": "Restore a backup", "kind": "runbook", "body": "# First\n"});
    let page = records::add(crew.ann(), &book, Kind::Page, fields(page)).unwrap();
    let expense = crew.harbor.pay(&mut crew.laptops[CLEO], 4_200, "New disks");
    crew.share();
    (page, expense)
}

/// What Dora does offline: approves the expense and edits the runbook.
fn offline(crew: &mut Crew, page: RecordId, expense: RecordId) -> RecordId {
    let (book, dora) = (crew.harbor.book, &mut crew.laptops[DORA]);
    let me = person(dora, &book);
    let approval =
        json!({"kind": "transaction", "target": expense, "person": me, "verdict": "approve"});
    let approval = records::add(dora, &book, Kind::Approval, fields(approval)).unwrap();
    let base = BTreeMap::from([("body".to_owned(), "# First\n".to_owned())]);
    let change = fields(json!({"body": "# First\n\nAsk Dora.\n"}));
    records::edit(dora, &book, Kind::Page, &page, change, &base).unwrap();
    approval
}

fn text(crew: &Crew, who: usize, page: RecordId) -> Value {
    let reader = crew.laptops[who].reader();
    let row = reader.record(&crew.harbor.book, Kind::Page, &page).unwrap().unwrap();
    row.fields["body"].clone()
}

/// Three of the four sign, each on their own laptop, and hand it on. Dora hears nothing.
fn removed(crew: &mut Crew) {
    let (book, dora) = (crew.harbor.book, crew.people[DORA]);
    for (signed, signer) in [(1, ANN), (2, BEN), (3, CLEO)] {
        let shown = people::preview(&mut crew.laptops[signer], &book, dora, None).unwrap();
        assert_eq!((shown.votes, shown.needed, shown.in_force), (signed, 3, signed == 3));
        assert_eq!((shown.secrets.len(), shown.sole_secrets), (7, 2));
        let leaves = "She moved away";
        let done = people::remove(&mut crew.laptops[signer], &book, dora, None, leaves).unwrap();
        assert_eq!(done.in_force, signed == 3, "{done:?}");
        for to in [ANN, BEN, CLEO].into_iter().filter(|to| *to != signer) {
            crew.give(signer, to);
        }
    }
}

#[test]
fn who_leaves_while_offline_leaves_a_worklist_and_changes_nothing_that_counts() {
    let mut crew = crew(Role::Leadership);
    let emil = crew.join(Role::Contributor);
    crew.share();
    let (book, dora) = (crew.harbor.book, crew.people[DORA]);
    let (page, expense) = prepare(&mut crew);
    let sums = crew.sums(ANN);
    let approval = offline(&mut crew, page, expense);
    removed(&mut crew);
    for who in [ANN, BEN, CLEO] {
        crew.give(DORA, who);
        crew.give(who, emil);
    }
    crew.share();
    for who in [ANN, BEN, CLEO, DORA, emil] {
        assert_eq!(crew.belong(who), [true, true, true, false, true], "without her signature");
        let state = crew.laptops[who].reader().state(&book, Kind::Approval, &approval).unwrap();
        assert_eq!(state, Some(State::Flagged), "her approval is kept and does not count");
        assert_eq!(crew.harbor.state(&crew.laptops[who], &expense), Some(State::Ok));
        assert_eq!(crew.sums(who), sums);
        assert_eq!(text(&crew, who, page), "# First\n");
    }
    let row = crew.laptops[BEN].reader().record(&book, Kind::Approval, &approval).unwrap().unwrap();
    assert!(row.problems[0].message.contains("while its author was being removed"));
    let rejected = trust::rejected(crew.laptops[BEN].reader(), &book).unwrap();
    let flagged = rejected.records.iter().find(|record| record.id == approval).unwrap();
    assert_eq!((flagged.state, flagged.person.as_deref()), (State::Flagged, Some("Dora")));
    right(&people::rotation(crew.laptops[BEN].reader(), &book).unwrap());
    for who in [DORA, emil] {
        let public = people::rotation(crew.laptops[emil].reader(), &book).unwrap();
        assert!(public.items.is_empty(), "{who}: no label for those who read no secrets");
    }
    let removed = people::team(&mut crew.laptops[DORA], &book).unwrap();
    assert_eq!(removed.standing, people::Standing::Removed, "she is told");
    crew.assert_alike();
    let held = trust::held(&mut crew.laptops[CLEO], &book).unwrap();
    assert_eq!(held.len(), 1, "{held:?}");
    assert_eq!(held[0].person.as_deref(), Some("Dora"));
    assert_eq!(held[0].records, ["Restore a backup"]);
    assert!(held[0].can_release && held[0].reason.contains("while its device was being removed"));
    trust::release(&mut crew.laptops[CLEO], &book, &held[0].object, "It helps").unwrap();
    crew.share();
    for who in [ANN, BEN, emil] {
        assert_eq!(text(&crew, who, page), "# First\n\nAsk Dora.\n", "the good edit is in");
    }
    let steps = trust::history(crew.laptops[ANN].reader(), &book, Kind::Page, &page).unwrap();
    assert_eq!((steps[0].person.as_deref(), steps[0].standing), (Some("Dora"), "flagged"));
    assert!(
        records::add(&mut crew.laptops[DORA], &book, Kind::Page, fields(json!({"title": "x"})))
            .is_err()
    );
    let gone = people::name_of(crew.laptops[ANN].reader(), &book, dora).unwrap();
    assert_eq!(gone, "Dora", "her name stays");
    crew.goes_on(CLEO);
}

#[test]
fn a_secret_that_is_changed_leaves_the_worklist() {
    let mut crew = crew(Role::Leadership);
    let book = crew.harbor.book;
    prepare(&mut crew);
    removed(&mut crew);
    let first = people::rotation(crew.laptops[ANN].reader(), &book).unwrap().items.remove(0);
    let today = crew.ann().today().to_string();
    let holders = [crew.people[ANN].to_string(), crew.people[BEN].to_string()];
    let change = fields(json!({"rotated": today, "holders": holders}));
    let none = BTreeMap::new();
    records::edit(crew.ann(), &book, Kind::Secret, &first.id, change, &none).unwrap();
    crew.give(ANN, BEN);
    let rotation = people::rotation(crew.laptops[BEN].reader(), &book).unwrap();
    assert_eq!((rotation.items.len(), rotation.public_single_holder), (6, SINGLE - 1));
    assert!(rotation.items.iter().all(|item| item.id != first.id));
}

/// Profiles of several people with the folder they share.
struct Town {
    place: TempDir,
}

impl Town {
    fn home(&self, who: &str) -> PathBuf {
        self.place.path().join(who)
    }

    fn folder(&self) -> String {
        self.place.path().join("shared").display().to_string()
    }

    /// Runs a command, which must answer 0, and answers what `--json` printed.
    fn run(&self, who: &str, words: &[&str]) -> Value {
        let said = self.said(who, words);
        assert_eq!(said.code, 0, "{who}: {words:?}: {said:?}");
        said.json()
    }

    fn said(&self, who: &str, words: &[&str]) -> Said {
        run(&self.home(who), &[&["--json"], words].concat())
    }

    fn add(&self, who: &str, kind: &str, record: &Value) -> String {
        let home = self.home(who);
        let said = run_with(&home, &["--json", "record", "add", kind], &record.to_string());
        assert_eq!(said.code, 0, "{who}: {kind}: {said:?}");
        said.json()["id"].as_str().unwrap().to_owned()
    }

    fn sync(&self, who: &[&str]) {
        for who in who {
            self.run(who, &["sync", "--with", &self.folder()]);
        }
    }

    /// Ann invites somebody, they join, and the others sign where it takes more.
    fn join(&self, name: &str, role: &str, leaders: &[&str]) {
        let folder = self.folder();
        let invite = ["invite", "new", "--name", name, "--role", role, "--with", &folder];
        let view = self.run("Ann", &invite);
        let words = view["words"].as_str().unwrap();
        let asked = self.run(name, &["join", words, "--with", &folder, "--name", name]);
        let request = self.run("Ann", &["invite", "requests"])[0].clone();
        assert_eq!(request["words"], asked[0]["words"], "both see the same");
        self.run("Ann", &["invite", "confirm", request["id"].as_str().unwrap()]);
        assert_eq!(self.run(name, &["join"])[0]["state"], "joined");
        for leader in leaders {
            self.sync(&[leader]);
            self.run(leader, &["person", "grant", name, role]);
            self.sync(&[leader]);
        }
        self.sync(&["Ann", name]);
        let team = self.run(name, &["person", "list"]);
        assert_eq!(team["my_roles"], json!([role]), "{name}");
    }

    fn person(&self, name: &str) -> String {
        let team = self.run("Ann", &["person", "list"]);
        let mut members = team["members"].as_array().unwrap().iter();
        let member = members.find(|member| member["name"] == name).unwrap();
        member["person"].as_str().unwrap().to_owned()
    }
}

/// Ann, Ben, Cleo and Dora in leadership, Emil a contributor: each with a profile of their own.
fn town() -> Town {
    let town = Town { place: tempfile::tempdir().unwrap() };
    std::fs::create_dir(town.folder()).unwrap();
    town.run(
        "Ann",
        &[
            "service",
            "new",
            "--name",
            "Harbor",
            "--purpose",
            "A mirror",
            "--category",
            "package registry",
        ],
    );
    let me = town.run("Ann", &["person", "list"])["me"].as_str().unwrap().to_owned();
    let name = json!({"public_name": "Ann"}).to_string();
    let edit = ["record", "edit", "person", &me];
    assert_eq!(run_with(&town.home("Ann"), &edit, &name).code, 0);
    town.sync(&["Ann"]);
    town.join("Ben", "leadership", &[]);
    town.join("Cleo", "leadership", &["Ben"]);
    town.join("Dora", "leadership", &["Ben"]);
    town.join("Emil", "contributor", &[]);
    town.sync(&["Ann", "Ben", "Cleo", "Dora", "Emil"]);
    town
}

fn named(town: &Town, kind: &str, title: &str) -> String {
    let list = town.run("Ann", &["record", "list", kind, "--limit", "500"]);
    let mut rows = list["rows"].as_array().unwrap().iter();
    rows.find(|row| row["title"] == title).unwrap()["id"].as_str().unwrap().to_owned()
}

/// Secrets, an expense and a runbook; Dora's approval and edit, offline.
fn work(town: &Town) -> (String, String, String) {
    let people: BTreeMap<&str, String> =
        ["Ann", "Ben", "Cleo", "Dora"].map(|name| (name, town.person(name))).into();
    for (label, harm, holders) in SECRETS {
        let holders: Vec<String> = holders.iter().map(|name| people[name].clone()).collect();
        town.add("Ann", "secret", &secret(label, harm, &holders));
    }
    let page = json!({"title": "Restore a backup", "kind": "runbook", "body": "# First\n"});
    let page = town.add("Ann", "page", &page);
    let (bank, fund) = (named(town, "account", "Assets:Bank"), named(town, "fund", "general"));
    let hosting = named(town, "account", "Expenses:Program:Hosting");
    let expense = json!({"date": "2026-05-04", "narration": "New disks", "postings": [
        {"account": bank, "amount": "-42.00 EUR", "fund": fund},
        {"account": hosting, "amount": "42.00 EUR", "fund": fund}]});
    let expense = town.add("Ann", "transaction", &expense);
    town.sync(&["Ann", "Ben", "Cleo", "Dora", "Emil"]);
    let approval = json!({"kind": "transaction", "target": expense, "person": people["Dora"],
        "verdict": "approve"});
    let approval = town.add("Dora", "approval", &approval);
    let edit = json!({"body": "# First\n\nAsk Dora.\n"}).to_string();
    let said = run_with(&town.home("Dora"), &["record", "edit", "page", &page], &edit);
    assert_eq!(said.code, 0, "{said:?}");
    (page, expense, approval)
}

/// Dora, who is online again, hands over what she wrote: by a stick, since the folder's key is no
/// more hers. What she sees last is a sentence.
fn dora_again(town: &Town, shared: &Path) {
    let before = std::fs::read_dir(shared).unwrap().count();
    let said = town.said("Dora", &["sync", "--with", &town.folder()]);
    assert_eq!(said.code, 1, "what is sealed is not accepted: {said:?}");
    assert_eq!(std::fs::read_dir(shared).unwrap().count(), before);
}

#[test]
fn the_same_by_the_command_line_with_five_profiles() {
    let town = town();
    let (page, expense, approval) = work(&town);
    // What she wrote has left her laptop when she is removed: nobody has taken it in yet.
    town.sync(&["Dora"]);
    let shared = PathBuf::from(town.folder()).join("commonhold");
    let late = town.place.path().join("late");
    std::fs::rename(&shared, &late).unwrap();
    let folder = town.place.path().join("other");
    std::fs::create_dir(&folder).unwrap();
    let folder = folder.display().to_string();
    for (signed, who) in [(1, "Ann"), (2, "Ben"), (3, "Cleo")] {
        town.run(who, &["sync", "--with", &folder]);
        let preview =
            town.run(who, &["person", "remove", "Dora", "--reason", "Moved", "--preview"]);
        assert_eq!((&preview["votes"], &preview["needed"]), (&json!(signed), &json!(3)));
        assert_eq!(preview["sole_secrets"], 2);
        let done = town.run(who, &["person", "remove", "Dora", "--reason", "She moved away"]);
        assert_eq!(done["in_force"], signed == 3, "{done}");
        town.run(who, &["sync", "--with", &folder]);
    }
    std::fs::rename(&late, &shared).unwrap();
    let everybody = ["Ann", "Ben", "Cleo", "Emil"];
    for _ in 0..2 {
        for who in everybody {
            town.run(who, &["sync", "--with", &folder, "--with", &town.folder()]);
        }
    }
    dora_again(&town, &shared);
    for who in everybody {
        let shown = town.run(who, &["record", "show", "approval", &approval]);
        assert_eq!(shown["state"], "flagged", "{who}");
        let shown = town.run(who, &["record", "show", "transaction", &expense]);
        assert_eq!(shown["state"], "ok", "{who}");
        let shown = town.run(who, &["record", "show", "page", &page]);
        assert_eq!(shown["fields"]["body"], "# First\n", "{who}");
    }
    let rejected = town.run("Emil", &["rejected"]).to_string();
    assert!(rejected.contains("while its author was being removed"), "{rejected}");
    worklist(&town);
    let held = town.run("Ben", &["held", "list"]);
    assert_eq!((held[0]["person"].as_str(), held.as_array().unwrap().len()), (Some("Dora"), 1));
    let object = held[0]["object"].as_str().unwrap();
    let no = town.said("Emil", &["held", "release", object, "--reason", "I like it"]);
    assert_eq!(no.code, 2, "{no:?}");
    town.run("Ben", &["held", "release", object, "--reason", "It helps"]);
    town.sync(&["Ben", "Ann", "Emil"]);
    let shown = town.run("Emil", &["record", "show", "page", &page]);
    assert_eq!(shown["fields"]["body"], "# First\n\nAsk Dora.\n");
}

fn worklist(town: &Town) {
    let said = town.said("Cleo", &["report", "rotation"]);
    assert_eq!(said.code, 1, "there is something to do: {said:?}");
    let rotation = said.json();
    let items = rotation["items"].as_array().unwrap();
    let list: Vec<_> = items
        .iter()
        .map(|item| (item["label"].as_str().unwrap(), item["sole"].as_bool().unwrap()))
        .collect();
    assert_eq!(list, WORKLIST);
    assert_eq!(rotation["public_single_holder"], SINGLE);
    let plain = run(&town.home("Cleo"), &["report", "rotation"]).out;
    assert!(plain.contains("9 secrets, 6 of them with fewer than two holders"), "{plain}");
    // Who is not in leadership sees no label of any secret, in nothing that is printed.
    let said = town.said("Emil", &["report", "rotation"]);
    let other = town.said("Emil", &["search", "key"]);
    for (label, ..) in SECRETS {
        assert!(!said.out.contains(label) && !other.out.contains(label), "{label}");
    }
}
