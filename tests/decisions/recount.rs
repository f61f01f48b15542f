//! The short script in the archive counts the votes again and comes to the same; and notices when
//! a table was changed.

use super::{Votes, one, ranked};
use crate::support::crew::{ANN, BEN, CLEO, Crew, DORA, crew};
use crate::support::root;
use commonhold_app::commands::{archive, decisions};
use commonhold_app::events::unheard;
use commonhold_core::RecordId;
use commonhold_core::authority::Role;
use commonhold_core::framework::votes_v1;
use commonhold_core::records::governance::rule::Rule;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs the script over the tables of a folder; nothing where there is no Python.
fn recount(tables: &Path) -> Option<Output> {
    let script = root().join("crates/commonhold-exchange/src/archive/recount.py");
    let found = Command::new("python3").arg(script).arg(tables).output();
    if found.is_err() {
        println!("left out: python3 is not installed");
    }
    found.ok()
}

const WHO: [usize; 4] = [ANN, BEN, CLEO, DORA];

/// Rules of every method the script knows, open for an hour.
fn set_rules(crew: &mut Crew) {
    let ranking = Rule {
        name: "ranking".into(),
        electorate: vec!["member".into(), "leadership".into()],
        method: "schulze".into(),
        tie: "fails".into(),
        default_option: Some("talk on".into()),
        ..Rule::default()
    };
    let share = |numerator| Rule {
        name: format!("{numerator} of 3"),
        method: "supermajority".into(),
        numerator: Some(numerator),
        denominator: Some(3),
        default_option: None,
        ..ranking.clone()
    };
    for rule in [ranking.clone(), share(2), share(3)] {
        crew.set_rule(ANN, &rule);
    }
    for name in ["governance-change", "no-confidence", "binding", "membership", "treasurer"] {
        let rule = Rule { open_days_min: 0, ..votes_v1::rule(name).unwrap() };
        crew.set_rule(ANN, &rule);
    }
    crew.share();
}

/// Votes for one option each, and whether they pass.
fn plain(crew: &mut Crew) -> Vec<(RecordId, bool)> {
    let cases = [
        ("governance-change", ["yes", "yes", "no", "abstain"], true),
        ("governance-change", ["yes", "", "", ""], false),
        ("membership", ["yes", "no", "abstain", ""], false),
        ("2 of 3", ["yes", "yes", "no", "abstain"], true),
        ("3 of 3", ["yes", "yes", "no", "yes"], false),
        ("treasurer", ["Ann", "Ben", "Ben", "Cleo"], true),
        ("treasurer", ["Ann", "Ben", "Ben", "Ann"], false),
        ("no-confidence", ["yes", "yes", "yes", "yes"], false),
        ("binding", ["Ann", "Ann", "Ann", "Ann"], false),
    ];
    let mut votes = Vec::new();
    for (number, (rule, choices, passes)) in cases.iter().enumerate() {
        let title = format!("Question {number}");
        let vote = crew.open(ANN, rule, &title, &["Ann", "Ben", "Cleo"]);
        votes.push((vote, *passes));
        crew.share();
        for (who, choice) in WHO.iter().zip(choices).filter(|(_, choice)| !choice.is_empty()) {
            crew.cast(*who, &vote, &one(choice));
        }
    }
    let (book, vetoed) = (crew.harbor.book, votes[votes.len() - 1].0);
    let why = Some("A name is missing");
    decisions::say(&mut crew.laptops[BEN], &book, &vetoed, "veto", why).unwrap();
    votes
}

/// Votes that rank options.
fn orders(crew: &mut Crew) -> Vec<(RecordId, bool)> {
    let cases: [([&[&str]; 4], bool); 3] = [
        ([&["A", "B", "C"], &["B", "C", "A"], &["C", "A", "B"], &["A", "B"]], true),
        ([&["talk on", "A"], &["talk on", "B"], &["A", "talk on"], &["B", "A", "talk on"]], false),
        ([&["B"], &["B", "talk on", "A"], &["A", "B"], &["B", "C"]], true),
    ];
    let mut votes = Vec::new();
    for (number, (rankings, passes)) in cases.iter().enumerate() {
        let vote = crew.open(CLEO, "ranking", &format!("Order {number}"), &["A", "B", "C"]);
        votes.push((vote, *passes));
        crew.share();
        for (who, ranking) in WHO.iter().zip(rankings) {
            crew.cast(*who, &vote, &ranked(ranking));
        }
    }
    votes
}

/// The tables of an archive of a crew's book.
fn tables(crew: &mut Crew, folder: &Path) -> PathBuf {
    let (file, now) = (folder.join("harbor.zip"), crew.ann().now());
    let book = crew.harbor.book;
    archive::export(crew.laptops[ANN].reader(), &book, &file, now, &mut unheard).unwrap();
    let mut zip = zip::ZipArchive::new(fs::File::open(&file).unwrap()).unwrap();
    zip.extract(folder).unwrap();
    let top = zip.file_names().next().unwrap().split_once('/').unwrap().0.to_owned();
    folder.join(top).join("data/governance")
}

/// Turns somebody's yes into no in a table.
fn turn_round(table: &Path, voter: RecordId) {
    let (text, voter) = (fs::read_to_string(table).unwrap(), voter.to_string());
    let turned = |line: &str| match line.contains(&voter) {
        true => line.replace(",yes,", ",no,"),
        false => line.to_owned(),
    };
    let lines: Vec<String> = text.lines().map(turned).collect();
    fs::write(table, lines.join("\n") + "\n").unwrap();
}

#[test]
fn the_script_of_the_archive_comes_to_the_same() {
    let script = "crates/commonhold-exchange/src/archive/recount.py";
    let script = fs::read_to_string(root().join(script)).unwrap();
    assert!(script.lines().count() <= 80, "short enough to be read");
    let mut crew = crew(Role::Member);
    set_rules(&mut crew);
    let votes = [plain(&mut crew), orders(&mut crew)].concat();
    crew.share();
    votes.iter().for_each(|(vote, _)| crew.end(vote));
    for (vote, passes) in &votes {
        let sentence = crew.sign(ANN, vote, false);
        assert_eq!(sentence.starts_with("Passed"), *passes, "{sentence}");
    }
    let folder = tempfile::tempdir().unwrap();
    let tables = tables(&mut crew, folder.path());
    let Some(output) = recount(&tables) else { return };
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(said.lines().filter(|line| line.starts_with("the same")).count(), votes.len());
    turn_round(&tables.join("ballots.csv"), crew.people[ANN]);
    let output = recount(&tables).unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("DIFFERS"));
    assert_eq!(output.status.code(), Some(1));
}
