//! A full disk: one clear sentence, nothing lost, and it goes on once there is space.

use super::scratch::Disk;
use crate::support::program::{run, run_with};
use crate::support::{Chance, fields};
use commonhold_app::commands::{records, sample};
use commonhold_app::{App, Code};
use commonhold_core::projection::State;
use commonhold_core::{BookId, Kind, RecordId};
use serde_json::{Value, json};

fn wordy_page(chance: &mut Chance) -> Value {
    let words: Vec<String> = (0..600).map(|_| format!("{:x}", chance.number())).collect();
    json!({"title": format!("Page {}", words[0]), "kind": "page", "body": words.join(" ")})
}

fn page_state(app: &App, book: &BookId, id: &RecordId) -> Option<State> {
    app.reader().state(book, Kind::Page, id).unwrap()
}

#[test]
fn a_full_disk_is_one_sentence_and_nothing_is_lost() {
    let Some(disk) = Disk::new(6 * 1024) else {
        return;
    };
    let home = disk.home();
    let mut app = App::open(&home).unwrap();
    let book = sample::create(&mut app).unwrap();
    disk.fill_but(900);
    let mut chance = Chance(7);
    let mut acknowledged = Vec::new();
    let failure = loop {
        match records::add(&mut app, &book, Kind::Page, fields(wordy_page(&mut chance))) {
            Ok(id) => acknowledged.push(id),
            Err(failure) => break failure,
        }
    };
    println!("{failure} ({} pages fitted)", acknowledged.len());
    assert_eq!(failure.code, Code::Storage);
    assert!(failure.message.contains("disk"), "{failure}");
    assert!(failure.message.ends_with('.') && failure.hint.is_some());
    for id in &acknowledged {
        assert_eq!(page_state(&app, &book, id), Some(State::Ok));
    }
    drop(app);
    let page = wordy_page(&mut chance).to_string();
    let said = run_with(&home, &["record", "add", "page"], &page);
    assert!(said.cannot_now().contains("disk"), "{said:?}");
    disk.free();
    let said = run_with(&home, &["record", "add", "page"], &page);
    assert_eq!(said.code, 0, "{said:?}");
    let app = App::open(&home).unwrap();
    for id in &acknowledged {
        assert_eq!(page_state(&app, &book, id), Some(State::Ok));
    }
    let pages = app.reader().count(&book, Kind::Page).unwrap();
    assert_eq!(pages as usize, acknowledged.len() + 3, "two of the sample, one after");
}

#[test]
fn a_full_disk_lets_reports_be_read_or_says_why_not() {
    let Some(disk) = Disk::new(4 * 1024) else {
        return;
    };
    let home = disk.home();
    assert_eq!(run(&home, &["service", "sample"]).code, 0);
    disk.fill_but(0);
    let said = run(&home, &["report", "runway"]);
    match said.code {
        0 => assert!(said.out.contains("9.2 months")),
        _ => assert!(said.cannot_now().contains("disk")),
    }
    let archive = disk.path().join("harbor.zip");
    let said = run(&home, &["export", archive.to_str().unwrap()]);
    assert!(said.cannot_now().contains("disk"), "{said:?}");
    assert!(!archive.exists(), "an archive is there whole or not at all");
    disk.free();
    assert_eq!(run(&home, &["report", "runway"]).code, 0);
}

#[test]
fn a_full_disk_at_the_other_end_of_export_and_sync_loses_nothing() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(run(home.path(), &["service", "sample"]).code, 0);
    let before = run(home.path(), &["--json", "status"]).json()["fingerprint"].clone();
    let Some(disk) = Disk::new(1024) else { return };
    disk.fill_but(4);
    let archive = disk.path().join("harbor.zip");
    let said = run(home.path(), &["export", archive.to_str().unwrap()]);
    assert!(said.cannot_now().contains("full"), "{said:?}");
    assert!(!archive.exists());
    let said = run(home.path(), &["sync", "--with", disk.path().to_str().unwrap()]);
    assert!(said.cannot_now().contains("full"), "{said:?}");
    assert_eq!(run(home.path(), &["--json", "status"]).json()["fingerprint"], before);
    disk.free();
    let said = run(home.path(), &["sync", "--with", disk.path().to_str().unwrap()]);
    assert_eq!(said.code, 0, "{said:?}");
    let said = run(home.path(), &["export", archive.to_str().unwrap()]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(run(home.path(), &["verify", archive.to_str().unwrap()]).code, 0);
    let other = tempfile::tempdir().unwrap();
    let said = run(other.path(), &["restore", archive.to_str().unwrap()]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(run(other.path(), &["--json", "status"]).json()["fingerprint"], before);
}
