//! Deciding from the command line.

use crate::support::program::run;

#[test]
fn proposing_voting_and_recording_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    assert_eq!(run(home, &["service", "sample"]).code, 0);
    let json = |words: &[&str]| {
        let said = run(home, &[&["--json"], words].concat());
        assert_eq!(said.code, 0, "{said:?}");
        said.json()
    };
    let rules = json(&["proposal", "rules"]);
    assert_eq!(rules.as_array().unwrap().len(), 7);
    let opened = json(&["propose", "A second mirror", "--rule", "governance-change"]);
    let id = opened["proposal"].as_str().unwrap();
    assert!(opened["rule"].as_str().unwrap().contains("at least 31 days"), "{opened}");
    let list = json(&["proposal", "list"]);
    assert_eq!((&list[0]["id"], &list[0]["my_vote_missing"]), (&opened["proposal"], &true.into()));
    json(&["vote", "A second mirror", "no"]);
    json(&["vote", id, "yes", "--reason", "The first one is full"]);
    let seen = json(&["proposal", "show", id]);
    assert_eq!(seen["outcome"]["count"]["result"], "passed");
    assert_eq!((&seen["mine"]["ballot"]["seq"], &seen["stage"]), (&2.into(), &"open".into()));
    let said = run(home, &["tally", id]);
    assert_eq!((said.code, said.out.contains("As it stands, not counted: Passed: 1")), (0, true));
    // What is refused is said in a sentence, with the code for wrong use.
    for words in [
        &["vote", id, "maybe"][..],
        &["vote", "No such thing", "yes"],
        &["vote", id],
        &["tally", id, "--sign"],
        &["propose", "What", "--rule", "none"],
        &["proposal", "second", id],
        &["decision", "record", "--proposal", id],
    ] {
        let said = run(home, words);
        assert_eq!(said.code, 2, "{words:?} {said:?}");
    }
    let file = home.join("board.blt");
    std::fs::write(&file, "2 1\n3 1 2 0\n1 2 0\n0\nAnn\nBen\n\"Board 2026\"\n").unwrap();
    let file = file.to_str().unwrap();
    let first = json(&["decision", "import", file, "--dry-run"]);
    assert_eq!(first["election"]["order"], serde_json::json!(["Ann", "Ben"]));
    let done = json(&["decision", "import", file]);
    let record = json(&["record", "show", "decision", done["decision"].as_str().unwrap()]);
    assert_eq!(record["title"], "Board 2026");
    assert_eq!(record["fields"]["vote_sha256"], first["election"]["sha256"]);
    assert_eq!(run(home, &["decision", "import", file]).code, 2, "it is there already");
}
