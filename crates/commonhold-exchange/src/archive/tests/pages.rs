//! The pages: every link leads somewhere, every chain is there, nothing is loaded, no hidden name.

use super::book::{Memory, id, rich, story};
use super::zipped;
use crate::outside::missing;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

/// All pages of an archive by their paths below `data`, and the paths of all files.
fn pages(zip: &[u8]) -> (BTreeMap<String, String>, BTreeSet<String>) {
    let mut zip = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let (mut pages, mut files) = (BTreeMap::new(), BTreeSet::new());
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).unwrap();
        let path = file.name().split_once('/').unwrap().1.to_owned();
        let Some(path) = path.strip_prefix("data/").map(str::to_owned) else { continue };
        if path.ends_with(".html") {
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            pages.insert(path.clone(), text);
        }
        files.insert(path);
    }
    (pages, files)
}

/// Where a link on a page leads: a file and a place in it.
fn target(page: &str, href: &str) -> (String, String) {
    let (path, place) = href.split_once('#').unwrap_or((href, ""));
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = match path.strip_prefix("../") {
        Some(rest) => rest.to_owned(),
        None if folder.is_empty() => path.to_owned(),
        None => format!("{folder}/{path}"),
    };
    (path, place.to_owned())
}

/// What stands behind each `name="` in a page.
fn values<'p>(page: &'p str, name: &str) -> Vec<&'p str> {
    let name = format!(" {name}=\"");
    page.split(name.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn every_link_leads_somewhere_and_nothing_is_loaded() {
    for book in [story(), rich(), Memory::default()] {
        let (pages, files) = pages(&zipped(&book).0);
        for (path, page) in &pages {
            for word in ["<script", "http", " src=", "@import", "url("] {
                assert!(!page.contains(word), "{word} in {path}");
            }
            let ids = values(page, "id");
            assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "ids of {path}");
            for href in values(page, "href") {
                let (to, place) = target(path, href);
                assert!(files.contains(&to), "{href} on {path}");
                let there = |page: &String| values(page, "id").contains(&place.as_str());
                assert!(place.is_empty() || there(&pages[&to]), "{href} on {path}");
            }
        }
    }
}

#[test]
fn the_whole_story_can_be_followed() {
    let (pages, _) = pages(&zipped(&story()).0);
    let has = |path: &str, words: &[&str]| {
        for word in words {
            assert!(pages[path].contains(word), "{word} is not on {path}: {}", pages[path]);
        }
    };
    let paid = format!("ledger-2026-05.html#r-{}", id(826));
    let receipt =
        format!("../attachments/{}.pdf", commonhold_core::id::Sha256::of(super::book::RECEIPT));
    has("html/payments-1.html", &["Server: 412.35 EUR to Hosting &amp; Co", "Ada", "Cy"]);
    has("html/payments-1.html", &[&paid, &receipt, "payment file", "sent"]);
    has("html/ledger-2026-05.html", &[&receipt, "who approved it", "-412.35 EUR"]);
    let votes =
        ["Passed: 2 yes &gt; 1 no.", "3 ballots", "The old one is fine", "3 people on the roll"];
    has("html/votes-1.html", &votes);
    let vote = format!("votes-1.html#r-{}", id(800));
    let text = format!("../governance/decisions/{}.md", id(807));
    has("html/decisions-1.html", &["in effect from 2026-05-12", &vote, &text]);
    let gap = "GAP: 10.00 EUR is missing between 2026-05-15 and 2026-05-20";
    has("html/statements.html", &[gap, "2 statements, 1 gaps"]);
    has("html/closes-1.html", &["2026-01-01 to 2026-03-31", "approve by Cy"]);
    has("html/people-1.html", &["Paid by The Grant: 100.00 EUR"]);
    let incident = &pages["html/incidents-1.html"];
    assert!(incident.find("First mail") < incident.find("Looked at the disk"), "by the clock");
    has("html/deploys-1.html", &["production", "abc123"]);
    has("html/trial-balance.html", &["too large", "412.35 EUR"]);
    has("index.html", &["html/trial-balance.html", "recompute.py", "sha256sum -c"]);
    for (path, page) in &pages {
        assert!(!page.contains("Bo Hidden"), "{path}");
    }
}

#[test]
fn a_long_ledger_takes_many_pages_of_bounded_length() {
    let mut book = story();
    book.generated = 12_000;
    let (pages, _) = pages(&zipped(&book).0);
    let ledgers = pages.keys().filter(|path| path.starts_with("html/ledger-")).count();
    assert!(ledgers > 100, "{ledgers}");
    for (path, page) in &pages {
        assert!(page.len() < 1_000_000, "{path}: {}", page.len());
    }
}

#[test]
fn another_reader_finds_no_fault_in_the_pages() {
    let folder = tempfile::tempdir().unwrap();
    let data = super::scripts::unpacked(&zipped(&story()).0, folder.path());
    for path in pages(&zipped(&story()).0).0.keys() {
        let mut command = std::process::Command::new("xmllint");
        let Ok(output) = command.args(["--html", "--noout"]).arg(data.join(path)).output() else {
            return missing("xmllint");
        };
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        // It knows HTML 4 only, in which there was no <main> and no <nav>.
        let known = |line: &&str| {
            !["Tag main invalid", "Tag nav invalid"].iter().any(|tag| line.contains(tag))
        };
        let faults: Vec<&str> =
            said.lines().filter(|line| line.contains("error")).filter(known).collect();
        assert!(faults.is_empty(), "{path}: {faults:?}");
    }
}
