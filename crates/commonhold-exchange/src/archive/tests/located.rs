//! One byte of an archive is flipped: the file is named, and the records it concerns.

use super::book::{id, story};
use super::hostile::{again, random};
use super::{judged, zipped};
use std::io::Cursor;

/// Where in a ZIP the packed content of each file lies.
fn places(zip: &[u8]) -> Vec<(String, std::ops::Range<usize>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut places = Vec::new();
    for index in 0..zip.len() {
        let file = zip.by_index_raw(index).unwrap();
        let start = usize::try_from(file.data_start().unwrap()).unwrap();
        let end = start + usize::try_from(file.compressed_size()).unwrap();
        let path = file.name().split_once('/').unwrap().1.to_owned();
        places.push((path, start..end));
    }
    places
}

#[test]
fn a_hundred_flipped_bytes_are_each_found_with_file_and_records() {
    let (zip, summary) = zipped(&story());
    let (places, mut seed, mut inside) = (places(&zip), 2026, 0);
    assert!(summary.records > 60);
    for _ in 0..100 {
        let place = random(&mut seed) % zip.len();
        let mut bad = zip.clone();
        bad[place] ^= u8::try_from(random(&mut seed) % 255 + 1).unwrap();
        let hit = places.iter().find(|(_, span)| span.contains(&place));
        let said = match judged(&bad) {
            Err(error) => error.to_string(),
            Ok(verified) => {
                assert!(!verified.ok, "byte {place}");
                verified.problems.join("\n")
            }
        };
        let Some((path, _)) = hit else {
            // Between the files: their heads, and the list of them.
            let named = said.contains("no record is affected") || said.contains("list of files");
            let named = named || said.contains("; it ") || said.contains("refused");
            assert!(named, "byte {place}: {said}");
            continue;
        };
        inside += 1;
        let mut lines = said.lines().filter(|line| line.contains(path.as_str()));
        let line = lines.find(|line| line.contains("; it ") || line.contains("no record"));
        let line = line.unwrap_or_else(|| panic!("{path} and its records are not named: {said}"));
        let kinds = ["data/finance/", "data/governance/", "data/objects/", "data/crdt/led"];
        if kinds.iter().any(|folder| path.starts_with(folder)) {
            let told = line.contains(" (") || line.contains("no record");
            assert!(told, "{path}: {line}");
        }
    }
    assert!(inside > 50, "{inside}");
}

/// What is said when a text in a file is changed.
fn said(zip: &[u8], ending: &str, from: &str, to: &str) -> String {
    let bad = again(
        zip,
        |name, bytes| {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let hit = name.ends_with(ending) && text.contains(from);
            let bytes = if hit { text.replacen(from, to, 1).into_bytes() } else { bytes };
            Some((name.to_owned(), bytes))
        },
        &[],
    );
    let verified = judged(&bad).unwrap();
    assert!(!verified.ok, "{ending}");
    verified.problems.join("\n")
}

#[test]
fn the_records_are_told_from_the_twins() {
    let zip = zipped(&story()).0;
    let (paid, expense) = (id(826).to_string(), id(821).to_string());
    let has = |said: &str, words: &[&str]| {
        for word in words {
            assert!(said.contains(word), "{word} is not in: {said}");
        }
    };
    let postings = said(&zip, "finance/postings.csv", ",-412.35,", ",-412.36,");
    has(&postings, &["1 of ", " transactions (", &paid]);
    has(&said(&zip, "finance/expenses.csv", "412.35", "412.36"), &["1 expense (", &expense]);
    let lines = said(&zip, "records/transactions.jsonl", "bank:7", "bank:8");
    has(&lines, &["1 of ", &paid, "CSV"]);
    has(&said(&zip, "ledger.journal", "bank:7", "bank:8"), &["ledger programs", &paid]);
    has(&said(&zip, "ledger.beancount", "\"Server\"", "\"server\""), &[&paid]);
    has(&said(&zip, "trial-balance.csv", "1.005", "1.006"), &["1 account ("]);
    let decision = format!("decisions/{}.md", id(807));
    has(&said(&zip, &decision, "We buy", "We sell"), &["1 decision (", &id(807).to_string()]);
    has(&said(&zip, ".pdf", "a receipt", "b receipt"), &["1 transaction (", "1 expense ("]);
    has(&said(&zip, "ledger__2026.automerge", "", "x"), &[" and ", " more)"]);
    has(&said(&zip, "html/votes-1.html", "Passed", "passed"), &["holds none"]);
    has(&said(&zip, "ballots.csv", "id,state", "id,State"), &["no record in it is altered"]);
    let both = again(
        &zip,
        |name, bytes| {
            let bytes = match name.contains("ballots.") {
                true => bytes.iter().map(|byte| if *byte == b'y' { b'Y' } else { *byte }).collect(),
                false => bytes,
            };
            Some((name.to_owned(), bytes))
        },
        &[],
    );
    has(&judged(&both).unwrap().problems.join("\n"), &["which ones cannot be told"]);
    let gone = again(
        &zip,
        |name, bytes| (!name.ends_with("ballots.csv")).then(|| (name.to_owned(), bytes)),
        &[],
    );
    has(&judged(&gone).unwrap().problems.join("\n"), &["is missing", "3 ballots ("]);
}
