//! Paying from the command line: what comes due is prepared and written by itself, and a person is
//! told what is left to them.

use crate::support::program::{Said, run, run_with};
use serde_json::{Value, json};
use std::path::Path;

fn add(home: &Path, kind: &str, fields: &Value) -> String {
    let said = run_with(home, &["--json", "record", "add", kind], &fields.to_string());
    assert_eq!(said.code, 0, "{said:?}");
    said.json()["id"].as_str().unwrap().to_owned()
}

fn named(home: &Path, kind: &str, title: &str) -> String {
    let said = run(home, &["--json", "record", "list", kind]).json();
    let rows = said["rows"].as_array().unwrap().clone();
    let found = rows.iter().find(|row| row["title"] == title);
    found.unwrap_or_else(|| panic!("{title} in {rows:#?}"))["id"].as_str().unwrap().to_owned()
}

fn json(home: &Path, words: &[&str]) -> (i32, Value) {
    let said: Said = run(home, &[&["--json"], words].concat());
    (said.code, said.json())
}

#[test]
fn a_run_pays_by_itself_and_says_what_is_left_to_a_person() {
    let (place, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let home = place.path();
    assert_eq!(run(home, &["service", "sample"]).code, 0);
    let bank = named(home, "account", "Assets:Bank:EUR");
    let own = json!({"name": "Harbor e.V.", "iban": "DE89370400440532013000"});
    let own = add(home, "contact", &own);
    let edit = json!({"contact": own}).to_string();
    assert_eq!(run_with(home, &["record", "edit", "account", &bank], &edit).code, 0);
    let contact = add(home, "contact", &json!({"name": "Rack", "iban": "NL91ABNA0417164300"}));
    let payee = add(home, "payee", &json!({"name": "Rack", "contact": contact}));
    let hosting = named(home, "account", "Expenses:Program:Hosting");
    let fund = named(home, "fund", "general");
    let plan = add(
        home,
        "schedule",
        &json!({"payee": payee, "narration": "Rack space", "amount": "10.00 EUR",
            "amount_is": "fixed", "account": hosting, "fund": fund, "rule": "weekly",
            "from": "2026-01-05"}),
    );
    let dir = files.path().join("out");
    let words = ["pay", "run", "--dir", dir.to_str().unwrap()];
    // Nobody approved it: prepared, and left.
    let (code, report) = json(home, &words);
    let prepared = report["prepared"].as_array().unwrap().len();
    assert_eq!(code, 1, "{report:#}");
    assert!((2..=3).contains(&prepared), "what was due before it was entered is left out");
    assert_eq!(report["left"].as_array().unwrap().len(), prepared);
    assert!(report["left"][0]["why"].as_str().unwrap().contains("not approved"), "{report:#}");
    assert_eq!(run(home, &["pay", "approve", &plan]).code, 0);
    let (code, report) = json(home, &words);
    assert_eq!((code, report["batches"][0]["count"].as_u64()), (0, Some(prepared as u64)));
    let file = report["batches"][0]["file"].as_str().unwrap().to_owned();
    assert!(std::fs::read_to_string(&file).unwrap().contains("NL91ABNA0417164300"));
    let said = run(home, &words);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("Nothing can be paid"), "{said:?}");
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 1);
    // Its way to the bank.
    let (code, all) = json(home, &["pay", "list"]);
    let first = &all["expenses"][0];
    assert_eq!((code, first["state"].as_str()), (0, Some("in-batch")), "{all:#}");
    let id = first["id"].as_str().unwrap().to_owned();
    assert_eq!(run(home, &["pay", "outcome", &id, "sent"]).code, 0);
    let said = run(home, &["pay", "show", &id]);
    assert!(said.code == 0 && said.out.contains("State: sent"), "{said:?}");
    let said = run(home, &["pay", "lease"]);
    assert!(said.out.contains("This device writes payment files"), "{said:?}");
    let said = run(home, &["pay", "batch", "--account", "Assets:Bank:EUR"]);
    assert!(said.code == 1 && said.out.contains("nothing to pay"), "{said:?}");
    let said = run(home, &["pay", "batch", "--account", "Assets:Nowhere"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(run(home, &["pay", "rules"]).out.contains("500.00"));
}
