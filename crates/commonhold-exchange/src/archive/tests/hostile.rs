//! Damaged, foreign and hostile files.

use super::book::{BOOK, rich};
use super::{judged, zipped};
use crate::archive::Error;
use commonhold_core::id::{Device, LogId};
use ed25519_dalek::SigningKey;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

fn small() -> Vec<u8> {
    let mut book = rich();
    book.records.get_mut(&commonhold_core::Kind::Page).unwrap().pop();
    zipped(&book).0
}

/// A linear congruential generator (Knuth's MMIX constants), for damage that comes again.
pub(super) fn random(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).unwrap()
}

#[test]
fn every_flipped_byte_is_found() {
    let zip = small();
    let mut seed = 7;
    // More of them by hand: COMMONHOLD_FLIPS=5000.
    let count = std::env::var("COMMONHOLD_FLIPS").ok().and_then(|count| count.parse().ok());
    for _ in 0..count.unwrap_or(100) {
        let place = random(&mut seed) % zip.len();
        let mut bad = zip.clone();
        bad[place] ^= u8::try_from(random(&mut seed) % 255 + 1).unwrap();
        match judged(&bad) {
            Err(error) => assert!(error.to_string().len() < 300, "{error}"),
            Ok(verified) => assert!(!verified.ok, "byte {place} of {}", zip.len()),
        }
    }
    for place in zip.len() - 150..zip.len() {
        let mut bad = zip.clone();
        bad[place] ^= 1;
        assert!(judged(&bad).is_ok_and(|v| !v.ok) || judged(&bad).is_err(), "end, byte {place}");
    }
}

#[test]
fn without_the_seal_flips_never_panic_and_harm_no_object() {
    let zip = again(&small(), |name, bytes| Some((name.to_owned(), bytes)), &[]);
    let mut seed = 11;
    let count = std::env::var("COMMONHOLD_FLIPS").ok().and_then(|count| count.parse().ok());
    for _ in 0..count.unwrap_or(50) {
        // Half of them hit the list of files at the end.
        let place = random(&mut seed) % zip.len();
        let place = if place.is_multiple_of(2) { place } else { zip.len() - 1 - place % 5000 };
        let mut bad = zip.clone();
        bad[place] ^= u8::try_from(random(&mut seed) % 255 + 1).unwrap();
        if let Ok(verified) = judged(&bad) {
            assert!(!verified.ok || verified.objects == 12);
        }
    }
}

#[test]
fn every_cut_is_found() {
    let zip = small();
    let mut seed = 3;
    for _ in 0..150 {
        let length = random(&mut seed) % zip.len();
        assert!(judged(&zip[..length]).is_err(), "{length}");
    }
    for length in (0..60).chain(zip.len() - 60..zip.len()) {
        assert!(judged(&zip[..length]).is_err(), "{length}");
    }
    let cut = judged(&zip[..zip.len() / 2]).unwrap_err().to_string();
    assert!(cut.contains("not copied whole"), "{cut}");
}

/// Takes an archive apart and zips it again as another program would, with changes.
pub(super) fn again(
    zip: &[u8],
    change: impl Fn(&str, Vec<u8>) -> Option<(String, Vec<u8>)>,
    more: &[(&str, &[u8])],
) -> Vec<u8> {
    let mut old = ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    for index in 0..old.len() {
        let mut file = old.by_index(index).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        if let Some((name, bytes)) = change(file.name(), bytes) {
            new.start_file(name, options).unwrap();
            new.write_all(&bytes).unwrap();
        }
    }
    for (name, bytes) in more {
        new.start_file(*name, options).unwrap();
        new.write_all(bytes).unwrap();
    }
    new.finish().unwrap().into_inner()
}

#[test]
fn an_archive_zipped_again_by_another_program_is_still_good() {
    let zip = small();
    let same = again(&zip, |name, bytes| Some((name.to_owned(), bytes)), &[]);
    assert!(judged(&same).unwrap().ok);
    let flat =
        again(&zip, |name, bytes| Some((name.split_once('/').unwrap().1.to_owned(), bytes)), &[]);
    assert!(judged(&flat).unwrap().ok);
}

#[test]
fn damage_names_the_file_and_what_it_concerns() {
    let zip = small();
    let damage = |ending: &str, words: &[&str]| {
        let bad = again(
            &zip,
            |name, mut bytes| {
                if name.ends_with(ending) {
                    let middle = bytes.len() / 2;
                    bytes[middle] ^= 1;
                }
                Some((name.to_owned(), bytes))
            },
            &[],
        );
        let verified = judged(&bad).unwrap();
        let all = verified.problems.join("\n");
        for word in words {
            assert!(all.contains(word), "{word} not in: {all}");
        }
    };
    damage(
        "finance/postings.csv",
        &["data/finance/postings.csv is damaged", "the table of postings"],
    );
    let device = Device(SigningKey::from_bytes(&[1; 32]).verifying_key().to_bytes());
    let log = LogId::of(&device, &BOOK, &[1; 16]).to_string();
    let named = format!("the device with the log {}", &log[..8]);
    damage(&format!("{log}.objects"), &["is damaged", &named, "object 4"]);
    damage("ledger__2026.automerge", &["the document “ledger/2026”"]);
    damage("records/transactions.jsonl", &["it concerns the transactions"]);
    damage("ledger.journal", &["ledger programs"]);
    damage("/manifest-sha256.txt", &["manifest-sha256.txt is damaged", "is whole, but"]);
    let page = format!("{}.md", super::book::id(500));
    damage(&page, &["a text of page 01980000"]);
}

#[test]
fn missing_and_added_files_are_named() {
    let zip = small();
    let gone = again(
        &zip,
        |name, bytes| (!name.ends_with("prices.csv")).then(|| (name.to_owned(), bytes)),
        &[],
    );
    let all = judged(&gone).unwrap().problems.join("\n");
    assert!(
        all.contains("data/finance/prices.csv is missing; it concerns the table of prices"),
        "{all}"
    );
    let top = ZipArchive::new(Cursor::new(&zip))
        .unwrap()
        .file_names()
        .next()
        .unwrap()
        .split_once('/')
        .unwrap()
        .0
        .to_owned();
    let (mac, windows) = (format!("{top}/data/.DS_Store"), format!("{top}/data/finance/Thumbs.db"));
    let more: [(&str, &[u8]); 3] = [(&mac, b"x"), (&windows, b"y"), ("__MACOSX/._x", b"z")];
    let all = judged(&again(&zip, |name, bytes| Some((name.to_owned(), bytes)), &more)).unwrap();
    let all = all.problems.join("\n");
    assert!(
        all.contains("added later (the Finder") && all.contains("added later (Windows"),
        "{all}"
    );
    assert!(all.contains("__MACOSX/._x” does not belong here"), "{all}");
    // A log cut short and listed anew is found by its chain and not by sums alone.
    let short = again(
        &zip,
        |name, bytes| {
            let bytes = if name.ends_with(".objects") { second_half(&bytes) } else { bytes };
            Some((name.to_owned(), bytes))
        },
        &[],
    );
    let all = judged(&short).unwrap().problems.join("\n");
    assert!(all.contains("object 1 is missing: number 2 follows"), "{all}");
}

fn second_half(row: &[u8]) -> Vec<u8> {
    let length = usize::try_from(u32::from_be_bytes(row[..4].try_into().unwrap())).unwrap();
    row[4 + length..].to_vec()
}

fn refusal(zip: &[u8]) -> String {
    judged(zip).unwrap_err().to_string()
}

fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Changes a field in the list of files (`at` from the beginning of the first entry).
fn patched(mut zip: Vec<u8>, at: usize, bytes: &[u8]) -> Vec<u8> {
    let entry = zip.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    zip[entry + at..entry + at + bytes.len()].copy_from_slice(bytes);
    zip
}

#[test]
fn foreign_files_are_not_archives() {
    assert!(refusal(b"").contains("not a Commonhold archive"));
    assert!(refusal(b"%PDF-1.7 and so on").contains("not a ZIP file"));
    assert!(refusal(&zip_of(&[("a.txt", b"x")])).contains("no bagit.txt"));
    let bag: [(&str, &[u8]); 2] = [
        ("x/bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"),
        ("x/bag-info.txt", b"Source-Organization: Others\n"),
    ];
    assert!(refusal(&zip_of(&bag)).contains("another program"));
    let newer: [(&str, &[u8]); 2] = [bag[0], ("x/bag-info.txt", b"Commonhold-Archive: 2\n")];
    assert!(refusal(&zip_of(&newer)).contains("newer version"));
    let two: [(&str, &[u8]); 2] = [("x/bagit.txt", b""), ("y/bagit.txt", b"")];
    assert!(refusal(&zip_of(&two)).contains("several archives"));
}

#[test]
fn names_that_lead_out_are_refused() {
    for name in ["../evil", "/etc/passwd", "a/../../b", "a\\b", "C:/x", "a//b", "./a", "a\nb"] {
        let stored = "n".repeat(name.len());
        let mut zip = zip_of(&[(&stored, b"x")]);
        while let Some(at) = zip.windows(stored.len()).position(|w| w == stored.as_bytes()) {
            zip[at..at + name.len()].copy_from_slice(name.as_bytes());
        }
        assert!(refusal(&zip).contains("lead out"), "{name}: {}", refusal(&zip));
    }
    assert!(refusal(&zip_of(&[("Data/x", b"1"), ("data/X", b"2")])).contains("capitals"));
    let mut twice = zip_of(&[("aa", b"1"), ("ab", b"2")]);
    while let Some(at) = twice.windows(2).position(|w| w == b"ab") {
        twice[at + 1] = b'a';
    }
    assert!(refusal(&twice).contains("occurs twice"));
}

#[test]
fn links_encryption_and_odd_packing_are_refused() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("link", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    assert!(refusal(&zip.finish().unwrap().into_inner()).contains("link or device"));
    let plain = zip_of(&[("x", b"1")]);
    assert!(refusal(&patched(plain.clone(), 8, &[1])).contains("encrypted"));
    assert!(refusal(&patched(plain.clone(), 10, &[12])).contains("packed in a way"));
    assert!(refusal(&patched(plain.clone(), 24, &[0xff; 4])).contains("larger than 4 GiB"));
    assert!(refusal(&patched(plain.clone(), 24, &[0xfe, 0xff, 0xff, 0xfe])).contains("far more"));
    let mut many = plain;
    let end = many.len() - 22;
    many[end + 8..end + 12].copy_from_slice(&[0xfe, 0xff, 0xfe, 0xff]);
    assert!(judged(&many).is_err());
}

#[test]
fn bombs_are_refused_before_they_unpack() {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let zeros = vec![0; 1 << 20];
    zip.start_file("x/bagit.txt", options).unwrap();
    for _ in 0..600 {
        zip.write_all(&zeros).unwrap();
    }
    let bomb = zip.finish().unwrap().into_inner();
    assert!(refusal(&bomb).contains("far more"), "{}", refusal(&bomb));
    // The same bytes claiming to be small: reading ends where the claim does.
    let lying = patched(bomb, 24, &[10, 0, 0, 0]);
    let verdict = judged(&lying);
    assert!(verdict.as_ref().is_ok_and(|v| !v.ok) || verdict.is_err());
    // Two entries over the same packed bytes.
    let mut shared = zip_of(&[("aa", b"12345678"), ("bb", b"12345678")]);
    let second = shared.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    shared[second + 42..second + 46].copy_from_slice(&[0; 4]);
    assert!(refusal(&shared).contains("overlap"));
}

#[test]
fn errors_are_one_sentence_each() {
    let cases =
        [Error::Foreign("x.".into()), Error::Refused("x.".into()), Error::Damaged("x.".into())];
    for error in cases {
        assert_eq!(error.to_string().matches('.').count(), 1);
    }
}
