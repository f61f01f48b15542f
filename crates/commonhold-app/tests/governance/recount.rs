//! The script in an archive goes by the same roll as the program, where one firing's vote was opened
//! twice while apart with different rolls.

use super::closing::{begin, half_a_year};
use super::support::Team;
use commonhold_app::commands::{archive, framework};
use commonhold_app::events::unheard;
use commonhold_core::authority::Role;
use commonhold_core::{Kind, RecordId};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

const ANN: usize = 0;
const BEN: usize = 1;
const CLEO: usize = 2;

/// Ann let Dora in before Ben heard of it; both opened the vote, one an hour before the other.
fn counted(first: usize) -> (Team, RecordId) {
    let mut team = begin();
    half_a_year(&mut team);
    let dora = team.join(Role::Member);
    let book = team.book;
    for (who, hour) in [(first, 10), (BEN - first, 11)] {
        team.desks[who].set(&format!("2026-06-30T{hour}:00:00Z"));
        assert_eq!(framework::scenario_watch(team.app(who), &book).unwrap(), 1);
    }
    team.set("2026-07-01T09:00:00Z");
    team.share();
    let title = "Enter the phase closing: Too little comes in (2026-06)";
    let vote = super::support::named(team.reader(ANN), &book, Kind::Proposal, title);
    for who in [ANN, BEN, CLEO] {
        team.cast(who, &vote, "yes");
    }
    if first == ANN {
        team.cast(dora, &vote, "yes");
    }
    team.set("2026-07-20T09:00:00Z");
    team.share();
    let said = team.sign(ANN, &vote, false);
    assert!(said.starts_with("Passed"), "{said}");
    (team, vote)
}

fn unpacked(team: &mut Team, folder: &Path) -> PathBuf {
    let (book, now) = (team.book, team.app(ANN).now());
    let file = folder.join("all.zip");
    archive::export(team.reader(ANN), &book, &file, now, &mut unheard).unwrap();
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&file).unwrap()).unwrap();
    zip.extract(folder).unwrap();
    let top = zip.file_names().next().unwrap().split_once('/').unwrap().0.to_owned();
    folder.join(top).join("data")
}

/// The ids of people in the roll as the table has it.
fn roll(data: &Path, people: &BTreeSet<String>) -> BTreeSet<String> {
    let text = std::fs::read_to_string(data.join("governance/proposals.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let at = reader.headers().unwrap().iter().position(|name| name == "roll").unwrap();
    let cell = reader.records().next().unwrap().unwrap()[at].to_owned();
    let found: BTreeSet<String> = serde_json::from_str(&cell).unwrap();
    assert!(found.is_subset(people), "{cell}");
    found
}

#[test]
fn the_script_goes_by_the_roll_of_the_vote_that_was_opened_first() {
    for (first, voters) in [(ANN, 4), (BEN, 3)] {
        let (mut team, vote) = counted(first);
        let row = team.reader(ANN).record(&team.book, Kind::Proposal, &vote).unwrap().unwrap();
        assert!(!row.conflicts.is_empty(), "it was opened twice");
        let seen: BTreeSet<String> =
            team.see(ANN, &vote).voters.iter().map(|voter| voter.person.to_string()).collect();
        assert_eq!(seen.len(), voters);
        let folder = tempfile::tempdir().unwrap();
        let data = unpacked(&mut team, folder.path());
        let everybody = team.desks.iter().map(|desk| desk.person.to_string()).collect();
        assert_eq!(roll(&data, &everybody), seen, "the table has the roll the count goes by");
        let Ok(said) = Command::new("python3").arg("recount.py").current_dir(&data).output() else {
            continue;
        };
        let text = String::from_utf8([said.stdout, said.stderr].concat()).unwrap();
        assert!(said.status.success() && text.contains("the same"), "{text}");
    }
}
