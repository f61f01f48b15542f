use super::*;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The sentences of the window: for one, and for several.
fn of_the_window() -> BTreeMap<String, (String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/messages/en/tray.ts");
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter_map(|line| line.trim().strip_prefix("\"needs.what."));
    let said = |line: &str| {
        let (what, rest) = line.split_once("\": ").unwrap();
        let texts: Vec<String> = rest.split('"').skip(1).step_by(2).map(str::to_owned).collect();
        let (one, other) = (texts.first().unwrap(), texts.last().unwrap());
        (what.to_owned(), (one.clone(), other.clone()))
    };
    lines.map(said).collect()
}

#[test]
fn alerts_say_what_the_window_says() {
    let known: BTreeMap<String, (String, String)> = SENTENCES
        .iter()
        .map(|known| (known.what.to_owned(), (known.one.to_owned(), known.other.to_owned())))
        .collect();
    assert_eq!(known.len(), SENTENCES.len(), "each once");
    assert_eq!(known, of_the_window());
}

#[test]
fn there_is_a_sentence_for_everything_that_is_listed() {
    let sources = [include_str!("../needs.rs"), include_str!("../needs/running.rs")];
    let mut named = BTreeSet::new();
    for source in sources {
        for call in ["needs.add(", "needs.some("] {
            let after = source.split(call).skip(1);
            let first = after.filter_map(|rest| rest.trim_start().strip_prefix('"'));
            named.extend(first.filter_map(|rest| rest.split('"').next()));
        }
    }
    assert!(named.len() > 20, "{named:?}");
    for what in named {
        assert!(SENTENCES.iter().any(|known| known.what == what), "{what}");
    }
}

#[test]
fn a_sentence_is_one_line_with_its_names() {
    let item = |what: &str, args: Value| NeedsItem {
        id: format!("{what}-1"),
        what: what.to_owned(),
        args: args.as_object().cloned().unwrap(),
        action: String::new(),
        since: None,
    };
    let said = alert(item("incident-open", json!({"title": "Disk\nfull", "severity": "SEV1"})));
    assert_eq!(said.text, "The incident “Disk full” (SEV1) is not over.");
    assert_eq!(said.level, Level::Critical);
    let said = alert(item("secrets-due", json!({"n": 1})));
    assert_eq!(said.text, "1 secret should have been changed by now.");
    let said = alert(item("secrets-due", json!({"n": 2})));
    assert_eq!(said.text, "2 secrets should have been changed by now.");
    assert_eq!("critical".parse(), Ok(Level::Critical));
    assert!("loud".parse::<Level>().is_err());
}
