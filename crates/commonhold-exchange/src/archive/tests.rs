//! Tests of the archive: round trip, damage, hostile files, and other people's programs.
#![allow(clippy::arithmetic_side_effects, clippy::string_slice)]

mod alone;
mod attachments;
pub mod book;
mod frozen;
mod full;
mod hostile;
mod located;
mod outside;
mod packed;
mod pages;
mod scripts;

use super::*;
use book::{Memory, rich};
use std::io::Cursor;

/// 2026-11-20T20:00:01Z.
const WRITTEN: Time = Time(1_795_204_801_000);

fn zipped(source: &dyn Source) -> (Vec<u8>, Summary) {
    let mut out = Cursor::new(Vec::new());
    let summary = export(source, &mut out, WRITTEN, &mut |_, _, _| true).unwrap();
    (out.into_inner(), summary)
}

fn judged(zip: &[u8]) -> Result<Verified, Error> {
    let size = u64::try_from(zip.len()).unwrap();
    verify(Cursor::new(zip), size, &mut |_, _, _| true)
}

/// The text of one file in an archive.
fn text(zip: &[u8], ending: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let name = zip.file_names().find(|name| name.ends_with(ending)).unwrap().to_owned();
    let mut out = String::new();
    zip.by_name(&name).unwrap().read_to_string(&mut out).unwrap();
    out
}

#[test]
fn a_book_goes_out_and_is_found_whole() {
    let book = rich();
    let (zip, summary) = zipped(&book);
    let verified = judged(&zip).unwrap();
    assert_eq!(verified.problems, Vec::<String>::new());
    let records: usize = book.records.values().map(Vec::len).sum();
    assert_eq!(verified.records, u64::try_from(records).unwrap());
    assert_eq!(
        (verified.ok, verified.documents, verified.objects, verified.signers),
        (true, 4, 12, 2)
    );
    assert_eq!(verified.book, Some(book::BOOK));
    assert_eq!(verified.name, "Beispiel „Register“ & Söhne <b>");
    assert_eq!(verified.written, "2026-11-20T20:00:01Z");
    assert_eq!(
        (summary.records, summary.bytes),
        (verified.records, u64::try_from(zip.len()).unwrap())
    );
    assert_eq!(
        summary.sha256,
        commonhold_core::id::hex(&<[u8; 32]>::from(<sha2::Sha256 as sha2::Digest>::digest(&zip)))
    );
    let names: Vec<String> =
        zip::ZipArchive::new(Cursor::new(&zip)).unwrap().file_names().map(str::to_owned).collect();
    assert_eq!(names[0], "beispiel-register-soehne-b/bagit.txt");
    assert_eq!(names.len(), usize::try_from(summary.files).unwrap());
}

#[test]
fn the_same_book_gives_the_same_bytes() {
    assert!(zipped(&rich()).0 == zipped(&rich()).0);
    let mut out = Cursor::new(Vec::new());
    export(&rich(), &mut out, Time(0), &mut |_, _, _| true).unwrap();
    assert!(out.into_inner() != zipped(&rich()).0);
}

#[test]
fn objects_come_back_as_they_went() {
    let book = rich();
    let (zip, _) = zipped(&book);
    let mut back = Vec::new();
    let size = u64::try_from(zip.len()).unwrap();
    let count = objects(Cursor::new(&zip), size, &mut |log, seq, bytes| {
        back.push((log, seq, bytes.to_vec()));
        Ok(())
    });
    assert_eq!(count.unwrap(), 12);
    assert!(back == book.objects);
    let stopped = objects(Cursor::new(&zip), size, &mut |_, _, _| Err(Stop));
    assert!(matches!(stopped, Err(Error::Stopped)));
}

#[test]
fn nothing_a_record_holds_is_lost() {
    let book = rich();
    let (zip, _) = zipped(&book);
    for kind in Kind::ALL {
        let lines = text(&zip, &format!("records/{}.jsonl", kind.plural()));
        let mut records: Vec<_> = book.records.get(kind).into_iter().flatten().collect();
        records.sort_by_key(|record| record.id);
        assert_eq!(lines.lines().count(), records.len());
        for (line, record) in lines.lines().zip(records) {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(value["fields"], serde_json::Value::Object(record.fields.clone()));
            assert_eq!(value["state"], record.state);
        }
        let table = text(&zip, &format!("{}/{}.csv", kind.area(), kind.plural()));
        let rows = csv::Reader::from_reader(table.as_bytes()).into_records().map(Result::unwrap);
        assert_eq!(rows.count(), lines.lines().count(), "{kind}");
        assert!(!table.contains("\r\n,") && !table.starts_with('\u{feff}'));
    }
    let table = text(&zip, "finance/transactions.csv");
    assert!(table.contains("=cmd|' /C calc'!A0"), "no cell is escaped against spreadsheets");
    assert!(table.contains(r#""{""brand_new"":{""big"":9007199254740991}}""#), "{table}");
    assert!(table.contains(r#""date"":""2026-02-30"#));
    assert!(text(&zip, "knowledge/pages.csv").contains(&format!("pages/{}.md", book::id(500))));
    assert!(text(&zip, &format!("{}.md", book::id(500))).contains("# Title\n\n- a\n- ü 🎉"));
}

#[test]
fn the_page_needs_nothing_and_hides_nothing() {
    let page = text(&zipped(&rich()).0, "index.html");
    assert!(!page.contains("<script") && !page.contains("http"));
    assert!(page.contains("&lt;b&gt;") && !page.contains("<b>"));
    assert!(page.contains("too large"), "a sum that does not fit is no number");
    assert!(page.contains("1.005 KWD") && page.contains("1200 JPY"));
    let empty = text(&zipped(&Memory::default()).0, "index.html");
    assert!(empty.contains("no transaction"));
}

#[test]
fn an_empty_book_is_an_archive_too() {
    let (zip, summary) = zipped(&Memory::default());
    let verified = judged(&zip).unwrap();
    assert_eq!((verified.problems, summary.records), (vec![], 0));
}

#[test]
fn cancelling_stops_both_ways() {
    let mut out = Cursor::new(Vec::new());
    let cancelled = export(&rich(), &mut out, WRITTEN, &mut |_, _, note| note != "data/objects");
    assert!(matches!(cancelled, Err(Error::Cancelled)));
    let (zip, _) = zipped(&rich());
    let size = u64::try_from(zip.len()).unwrap();
    let mut calls = 0;
    let cancelled = verify(Cursor::new(&zip), size, &mut |done, total, _| {
        calls += 1;
        assert!(done <= total.unwrap());
        calls < 5
    });
    assert!(matches!(cancelled, Err(Error::Cancelled)));
    let full = export(&rich(), &mut Cursor::new(vec![1]), WRITTEN, &mut |_, _, _| true);
    assert!(full.unwrap_err().to_string().contains("not empty"));
}

/// Size, time and memory at 100,000 transactions; run by hand in release:
/// `cargo test --release -p commonhold-exchange a_large_book -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn a_large_book() {
    let mut book = rich();
    book.generated = 100_000;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let summary = export(&book, file.as_file_mut(), WRITTEN, &mut |_, _, _| true).unwrap();
    println!("{summary:?}\n{}", peak());
    let verified = verify(file.reopen().unwrap(), summary.bytes, &mut |_, _, _| true).unwrap();
    assert!(verified.ok, "{:?}", verified.problems);
    println!("{}", peak());
    if let Ok(folder) = std::env::var("COMMONHOLD_KEEP_ARCHIVE") {
        std::fs::copy(file.path(), folder).unwrap();
    }
}

fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default().to_owned()
}
