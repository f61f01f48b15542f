//! A profile that cannot be written now: read-only, in use, damaged, without its key.

use super::scratch::Disk;
use crate::support::program::{Said, run, run_with};
use crate::support::{alice, found};
use commonhold_app::App;
use serde_json::json;
use std::path::Path;

const PERSON: &str = r#"{"public_name": "Cleo"}"#;

fn add(home: &Path) -> Said {
    run_with(home, &["record", "add", "person"], PERSON)
}

#[test]
fn a_second_process_is_told_who_writes_and_can_read_meanwhile() {
    let mut laptop = alice();
    let harbor = found(&mut laptop);
    let said = add(laptop.home());
    let sentence = said.cannot_now();
    assert!(sentence.contains(&std::process::id().to_string()), "{sentence}");
    let said = run(laptop.home(), &["--json", "record", "add", "person", "--from", "/dev/null"]);
    assert_ne!(said.code, 0);
    harbor.pay(&mut laptop, 700, "While the other reads");
    let said = run(laptop.home(), &["--json", "record", "list", "transaction"]);
    assert_eq!((said.code, &said.json()["total"]), (0, &json!(1)), "{said:?}");
    let reading = App::open_or_read(laptop.home()).unwrap();
    assert!(reading.read_only().unwrap().contains("process"));
    let home = laptop.close();
    assert_eq!(add(home.path()).code, 0, "free again as soon as the other ends");
}

#[test]
fn a_read_only_disk_is_one_sentence_and_reading_works() {
    let Some(disk) = Disk::new(8 * 1024) else {
        return;
    };
    let home = disk.home();
    assert_eq!(run(&home, &["service", "sample"]).code, 0);
    disk.read_only(true);
    let said = add(&home);
    assert!(said.cannot_now().contains("read-only"), "{said:?}");
    let said = run(&home, &["report", "runway"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("9.2 months"));
    let app = App::open_or_read(&home).unwrap();
    assert!(app.read_only().unwrap().contains("read-only"));
    drop(app);
    disk.read_only(false);
    assert_eq!(add(&home).code, 0);
}

#[test]
fn a_read_only_folder_for_export_and_sync_is_one_sentence() {
    let Some(disk) = Disk::new(2 * 1024) else {
        return;
    };
    let home = tempfile::tempdir().unwrap();
    assert_eq!(run(home.path(), &["service", "sample"]).code, 0);
    disk.read_only(true);
    let folder = disk.path().to_str().unwrap();
    let said = run(home.path(), &["sync", "--with", folder]);
    assert!(said.cannot_now().contains("read-only"), "{said:?}");
    let said = run(home.path(), &["export", &format!("{folder}/a.zip")]);
    assert!(said.cannot_now().contains("read-only"), "{said:?}");
}

#[test]
fn a_file_that_may_not_be_written_is_one_sentence() {
    let Some(disk) = Disk::new(8 * 1024) else {
        return;
    };
    let home = disk.home();
    assert_eq!(run(&home, &["service", "sample"]).code, 0);
    // Only the book's file: mounted over itself, read-only.
    let book = home.join("book.sqlite");
    let mount = |arguments: &[&str]| {
        let done = std::process::Command::new("mount").args(arguments).arg(&book).output();
        assert!(done.unwrap().status.success());
    };
    mount(&["--bind", book.to_str().unwrap()]);
    mount(&["-o", "remount,bind,ro"]);
    let said = add(&home);
    let read = run(&home, &["report", "runway"]);
    std::process::Command::new("umount").arg(&book).output().unwrap();
    assert!(said.cannot_now().contains("may not be written"), "{said:?}");
    assert_eq!(read.code, 0, "{read:?}");
    assert_eq!(add(&home).code, 0);
}

#[test]
fn a_damaged_or_foreign_book_or_key_is_named_and_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let book = home.path().join("book.sqlite");
    assert_eq!(run(home.path(), &["service", "sample"]).code, 0);
    let (bytes, key) = (std::fs::read(&book).unwrap(), home.path().join("device.key"));
    let cases: [Vec<u8>; 3] = [
        b"This is a letter to my aunt, not a book. ".repeat(400),
        bytes[..bytes.len() / 3].to_vec(),
        bytes.iter().enumerate().map(|(n, b)| if n % 97 == 5 { !b } else { *b }).collect(),
    ];
    for damaged in cases {
        std::fs::write(&book, &damaged).unwrap();
        let said = add(home.path());
        said.cannot_now();
        let said = run(home.path(), &["report", "runway"]);
        said.cannot_now();
    }
    std::fs::write(&book, &bytes).unwrap();
    let secret = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    assert!(add(home.path()).cannot_now().contains("key"), "a lost key is never made anew");
    std::fs::write(&key, b"{}").unwrap();
    assert!(add(home.path()).cannot_now().contains("key"));
    std::fs::write(&key, &secret).unwrap();
    assert_eq!(add(home.path()).code, 0);
}
