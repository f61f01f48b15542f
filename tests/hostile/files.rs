//! Files a person might choose: statements, records, archives.

use super::damage::spoiled;
use crate::support::{Laptop, alice, bob, dump, fixture};
use commonhold_app::commands::imports::{self, ImportOptions};
use commonhold_app::commands::{archive, records, sample, service};
use commonhold_app::events::unheard;
use commonhold_app::{Code, Failure};
use commonhold_core::{BookId, Kind};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// A laptop with the sample, and a folder for spoiled files.
struct Desk {
    laptop: Laptop,
    book: BookId,
    before: String,
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let mut laptop = alice();
        let book = sample::create(&mut laptop).unwrap();
        let before = dump(laptop.reader(), &book);
        Self { laptop, book, before, folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join("file");
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn unchanged(&self, what: &str) {
        assert!(dump(self.laptop.reader(), &self.book) == self.before, "{what} changed the book");
    }
}

/// A failure says what is wrong in a sentence a person can read.
fn sentence(failure: &Failure, what: &str) {
    assert!(failure.message.len() > 15, "{what}: {failure:?}");
    assert!(failure.message.len() < 2000, "{what}: {failure:?}");
    assert_ne!(failure.code, Code::Internal, "{what}: {failure:?}");
    for word in ["panicked", "unwrap", "Some(", "Err("] {
        assert!(!failure.message.contains(word), "{what}: {failure:?}");
    }
}

#[test]
fn spoiled_statements_are_previewed_or_refused_and_change_nothing() {
    let desk = Desk::new();
    let files = [
        ("csv", "statement-w2.csv"),
        ("csv", "bank-preamble.csv"),
        ("csv", "debit-credit.csv"),
        ("open-collective", "oc-default.csv"),
        ("open-collective", "oc-flattened.csv"),
    ];
    let mut refused = 0;
    for (format, name) in files {
        let bytes = std::fs::read(fixture("import").join(name)).unwrap();
        for (what, bytes) in spoiled(&bytes, 160, 21) {
            let path = desk.file(&bytes);
            let options = ImportOptions::default();
            let reader = desk.laptop.reader();
            match imports::preview(reader, &desk.book, format, &path, &options) {
                Ok(preview) => {
                    let rows = preview.total as usize + preview.not_understood.len();
                    assert!(rows <= bytes.len(), "{name}, {what}");
                    let said = preview.not_understood.iter().all(|row| row.reason.len() > 10);
                    assert!(said, "{name}, {what}");
                }
                Err(failure) => {
                    refused += 1;
                    sentence(&failure, &format!("{name}, {what}"));
                }
            }
        }
    }
    assert!(refused >= 25, "foreign files are refused");
    desk.unchanged("a preview");
}

#[test]
fn odd_statements_are_refused_with_the_line_and_the_reason() {
    let mut desk = Desk::new();
    let digits = "9".repeat(1_000_000);
    let wide = format!("date,amount{}\n", ",x".repeat(5000));
    let long = format!("date,text,amount\n2026-01-01,\"{}", "never closed ".repeat(200_000));
    let cases: Vec<(&str, String)> = vec![
        (
            "a number of a million digits",
            format!("date,text,amount,currency\n2026-01-01,a,{digits},EUR\n"),
        ),
        ("an exponent", "date,text,amount,currency\n2026-01-01,a,1e999999999,EUR\n".into()),
        (
            "more than money holds",
            "date,text,amount,currency\n2026-01-01,a,9223372036854775808,EUR\n".into(),
        ),
        ("too many columns", wide),
        ("an open quotation mark", long),
        ("a day that is none", "date,text,amount,currency\n2026-02-31,a,1.00,EUR\n".into()),
        ("a formula", "date,text,amount,currency\n2026-01-01,a,=1+1,EUR\n".into()),
    ];
    for (what, text) in cases {
        let path = desk.file(text.as_bytes());
        let options = ImportOptions::default();
        let (book, laptop) = (desk.book, &mut desk.laptop);
        match imports::run(laptop, &book, "csv", &path, &options, &mut unheard) {
            Ok(done) => assert_eq!((done.added, done.not_understood), (0, 1), "{what}"),
            Err(failure) => sentence(&failure, what),
        }
        desk.unchanged(what);
    }
}

#[test]
fn spoiled_records_of_ecosystems_are_refused_or_read() {
    let desk = Desk::new();
    let bytes = std::fs::read(fixture("import/ecosystems-project.json")).unwrap();
    for (what, bytes) in spoiled(&bytes, 120, 22) {
        match service::read_ecosystems(&desk.file(&bytes)) {
            Ok(new) => assert!(new.name.len() < 100_000, "{what}"),
            Err(failure) => sentence(&failure, &what),
        }
    }
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let deep_name = format!("{{\"name\": {deep}}}");
    let number = format!("{{\"name\": \"a\", \"score\": {}}}", "9".repeat(5_000_000));
    for bytes in [deep, deep_name, number] {
        if let Err(failure) = service::read_ecosystems(&desk.file(bytes.as_bytes())) {
            sentence(&failure, "deep or long");
        }
    }
}

#[test]
fn hostile_records_are_refused_with_their_problems() {
    let mut desk = Desk::new();
    let id = |n: u8| format!("00000000-0000-4000-8000-0000000000{n:02x}");
    let line = |amount: &str| json!({"account": id(1), "amount": amount, "fund": id(2)});
    let two = |a: &str, b: &str| json!({"date": "2026-01-01", "narration": "x", "postings": [line(a), line(b)]});
    let mut deep = json!([]);
    for _ in 0..100 {
        deep = json!([deep]);
    }
    let many: Vec<Value> = (0..100_000).map(|_| line("0.00 EUR")).collect();
    let cases = [
        ("unbalanced", two("1.00 EUR", "1.00 EUR")),
        ("two currencies", two("1.00 EUR", "-1.00 USD")),
        (
            "a float",
            json!({"date": "2026-01-01", "narration": "x", "postings": [{"account": id(1), "amount": 1.5, "fund": id(2)}]}),
        ),
        ("more than 64 bits", two("92233720368547758079.00 EUR", "-92233720368547758079.00 EUR")),
        ("more than is true", two("900000000000.00 EUR", "-900000000000.00 EUR")),
        ("a million digits", two(&format!("{} EUR", "9".repeat(1_000_000)), "1.00 EUR")),
        ("an exponent", two("1e5 EUR", "-1e5 EUR")),
        ("no currency", two("1.00", "-1.00")),
        ("an invented currency", two("1.00 ZZZZ", "-1.00 ZZZZ")),
        (
            "a hundred thousand lines",
            json!({"date": "2026-01-01", "narration": "x", "postings": many}),
        ),
        (
            "lines that are none",
            json!({"date": "2026-01-01", "narration": "x", "postings": [deep.clone()]}),
        ),
        ("a day that is none", json!({"date": "2026-13-01", "narration": "x", "postings": []})),
        (
            "a deep field",
            json!({"date": "2026-01-01", "narration": "x", "postings": [], "z": deep}),
        ),
        (
            "a long text",
            json!({"date": "2026-01-01", "narration": "x".repeat(20_000), "postings": []}),
        ),
        ("accounts of nobody", two("1.00 EUR", "-1.00 EUR")),
    ];
    for (what, fields) in cases {
        let fields = fields.as_object().cloned().unwrap();
        let refused = records::add(&mut desk.laptop, &desk.book, Kind::Transaction, fields);
        let failure = refused.expect_err(what);
        assert_eq!(failure.code, Code::Invalid, "{what}: {failure:?}");
        assert!(!failure.problems.is_empty(), "{what}");
        desk.unchanged(what);
    }
}

fn exported(desk: &mut Desk, path: &Path) -> Vec<u8> {
    let now = desk.laptop.now();
    archive::export(desk.laptop.reader(), &desk.book, path, now, &mut unheard).unwrap();
    std::fs::read(path).unwrap()
}

#[test]
fn spoiled_archives_are_refused_whole() {
    let mut desk = Desk::new();
    let path = desk.folder.path().join("whole.zip");
    let bytes = exported(&mut desk, &path);
    let mut other = bob();
    for (what, bytes) in spoiled(&bytes, 200, 23) {
        let path = desk.file(&bytes);
        match archive::verify(&path, &mut unheard) {
            Ok(found) => {
                assert!(!found.ok, "{what} was not noticed");
                assert!(found.problems.iter().all(|problem| problem.len() > 10), "{what}");
            }
            Err(failure) => sentence(&failure, &what),
        }
        let refused = archive::restore(&mut other, &path, &mut unheard).expect_err(&what);
        sentence(&refused, &what);
        assert!(other.reader().books().unwrap().is_empty(), "{what}");
        let refused = archive::restore(&mut desk.laptop, &path, &mut unheard).expect_err(&what);
        sentence(&refused, &what);
    }
    desk.unchanged("a spoiled archive");
    archive::restore(&mut other, &path, &mut unheard).unwrap();
    assert!(dump(other.reader(), &desk.book) == desk.before, "the whole one is restored");
}

#[test]
fn files_that_are_none_are_named() {
    let mut desk = Desk::new();
    let missing = desk.folder.path().join("missing");
    let folder = desk.folder.path().to_owned();
    for path in [&missing, &folder] {
        let what = path.display().to_string();
        let options = ImportOptions::default();
        let reader = desk.laptop.reader();
        for format in ["csv", "open-collective", "morse"] {
            let refused = imports::preview(reader, &desk.book, format, path, &options);
            sentence(&refused.unwrap_err(), &what);
        }
        sentence(&archive::verify(path, &mut unheard).unwrap_err(), &what);
        sentence(&archive::restore(&mut desk.laptop, path, &mut unheard).unwrap_err(), &what);
        sentence(&service::read_ecosystems(path).unwrap_err(), &what);
    }
    desk.unchanged("nothing at all");
}
