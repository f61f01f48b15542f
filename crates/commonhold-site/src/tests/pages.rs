//! The pages.

use super::book::{Book, CANARY, now};
use crate::{Options, Site, build};
use commonhold_exchange::export::ledger::Files;
use std::collections::{BTreeMap, BTreeSet};

/// The whole page of a book, in memory.
pub fn made(book: &Book, options: &Options) -> (Site, BTreeMap<String, Vec<u8>>) {
    let mut files = Files::default();
    let site = build(&book.store, &book.id, options, &mut files).unwrap();
    let map: BTreeMap<String, Vec<u8>> = files.files.into_iter().collect();
    assert_eq!(site.files.len(), map.len());
    if let (Ok(folder), true) =
        (std::env::var("COMMONHOLD_SITE_OUT"), map.contains_key("CHANGELOG.md"))
    {
        for (path, bytes) in &map {
            let path = std::path::Path::new(&folder).join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
    (site, map)
}

pub fn text<'m>(files: &'m BTreeMap<String, Vec<u8>>, path: &str) -> &'m str {
    std::str::from_utf8(files.get(path).unwrap_or_else(|| panic!("no {path}"))).unwrap()
}

#[test]
fn the_same_book_gives_the_same_bytes() {
    let options = Options::at(now());
    let (one, files) = made(&Book::rich(), &options);
    let (two, again) = made(&Book::rich(), &options);
    assert!(files == again, "the bytes differ");
    assert_eq!(one, two);
}

#[test]
fn nothing_private_is_in_any_file() {
    let book = Book::rich();
    let (site, files) = made(&book, &Options::at(now()));
    for (path, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        for word in
            [CANARY, "203.0.113.7", "ops@harbor", "DE89370400440532013000", "Of a later day", "⟦"]
        {
            if let Some(place) = text.find(word) {
                panic!("{path} holds {word}: {}", &text[place.saturating_sub(300)..place + 20]);
            }
        }
    }
    assert!(site.findings.iter().any(|found| found.kind == "transaction" && found.what == "name"));
    assert!(site.findings.iter().any(|found| found.kind == "incident" && found.what == "email"));
    let outage = files.iter().find(|(path, _)| path.starts_with("incidents/")).unwrap();
    let outage = String::from_utf8_lossy(outage.1);
    assert!(
        outage.contains("[email]")
            && outage.contains("[ipv4]")
            && outage.contains("We are looking.")
    );
    assert!(outage.contains("A full disk") && outage.contains("Watch the disk"));
    assert!(text(&files, "money/2026-03.html").contains("City of Example"));
    assert_eq!((site.shown, site.unpublished), (21, 1));
    assert_eq!(site.transactions.len(), 21);
}

/// The values of an attribute in a text.
fn attributes<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let mark = format!(" {name}=\"");
    text.split(mark.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn resolved(from: &str, way: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in way.split('/') {
        match part {
            ".." => assert!(parts.pop().is_some(), "{from}: {way} leaves the page"),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn every_link_leads_somewhere_and_nothing_is_loaded_from_elsewhere() {
    let (_, files) = made(&Book::rich(), &Options::at(now()));
    let pages: Vec<&String> = files.keys().filter(|path| path.ends_with(".html")).collect();
    assert!(pages.len() > 40);
    let ids: BTreeMap<&String, BTreeSet<&str>> = pages
        .iter()
        .map(|path| (*path, attributes(text(&files, path), "id").into_iter().collect()))
        .collect();
    for path in &pages {
        let page = text(&files, path);
        let all = attributes(page, "id");
        assert_eq!(
            all.len(),
            all.iter().collect::<BTreeSet<_>>().len(),
            "{path}: an id comes twice"
        );
        for bad in [
            "<script",
            "<iframe",
            "<img",
            " src=",
            "@import",
            "url(",
            "javascript:",
            " style=\"",
            " on",
        ] {
            let found = page.to_lowercase().find(bad);
            let inside = |place: usize| bad == " on" && !page[place..].starts_with(" onclick");
            assert!(found.is_none_or(inside), "{path} holds {bad}");
        }
        for way in attributes(page, "href") {
            if ["https://", "http://", "mailto:"].iter().any(|start| way.starts_with(start)) {
                continue;
            }
            let (file, anchor) = way.split_once('#').unwrap_or((way, ""));
            let target = if file.is_empty() { (*path).clone() } else { resolved(path, file) };
            assert!(files.contains_key(&target), "{path} leads to {way}");
            if !anchor.is_empty() && target.ends_with(".html") {
                assert!(ids[&target].contains(anchor), "{path} leads to {way}");
            }
        }
    }
    let style = text(&files, "style.css");
    assert!(!style.contains("url(") && !style.contains("@import"));
}

#[test]
fn headings_go_down_one_step_at_a_time_and_tables_say_what_their_heads_are_for() {
    let (_, files) = made(&Book::rich(), &Options::at(now()));
    for (path, _) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = text(&files, path);
        let mut last = 0;
        for rest in page.split("<h").skip(1) {
            let Some(level) = rest.chars().next().and_then(|c| c.to_digit(10)) else { continue };
            assert!(level <= last + 1, "{path}: a heading of level {level} after {last}");
            last = level;
        }
        assert_eq!(page.matches("<h1").count(), 1, "{path}");
        assert_eq!(
            page.matches("<th").count() - page.matches("<thead").count(),
            page.matches(" scope=\"").count(),
            "{path}"
        );
        let laid_out =
            page.matches("<table>").count() - page.matches("<table><thead>\n<tr>").count();
        assert!(
            page.matches("<caption").count() >= laid_out.min(page.matches("<caption").count()),
            "{path}"
        );
        let language = if path.starts_with("de/") { "de" } else { "en" };
        assert!(
            page.starts_with(&format!("<!DOCTYPE html><html lang=\"{language}\" dir=\"ltr\">"))
        );
        assert!(page.contains("class=\"skip\" href=\"#main\""));
        assert!(
            page.contains("2026-07-03")
                && page.contains(if language == "de" {
                    "1 Eintrag noch"
                } else {
                    "1 entry not yet"
                })
        );
    }
}

#[test]
fn the_front_page_answers_a_giver_and_is_small() {
    let (_, files) = made(&Book::rich(), &Options::at(now()));
    let page = text(&files, "index.html");
    assert!(page.len() < 50_000, "{}", page.len());
    println!("front page: {} bytes; style: {}", page.len(), text(&files, "style.css").len());
    for words in
        ["Ada Example", "paid", "Mirror Foundation", "A third mirror", "Bank transfer", "421.85"]
    {
        assert!(page.contains(words), "{words}");
    }
    let german = text(&files, "de/index.html");
    assert!(german.contains("421,85") && german.contains("Wie man gibt"));
}

#[test]
fn both_languages_have_the_same_keys() {
    use crate::Language;
    let keys = |language: Language| -> BTreeMap<String, String> {
        serde_json::from_str(language.texts()).unwrap()
    };
    let (en, de) = (keys(Language::En), keys(Language::De));
    assert_eq!(en.keys().collect::<Vec<_>>(), de.keys().collect::<Vec<_>>());
    let places = |text: &str| -> BTreeSet<String> {
        text.split('{')
            .skip(1)
            .filter_map(|rest| rest.split('}').next())
            .map(str::to_owned)
            .collect()
    };
    for (key, words) in &en {
        assert_eq!(places(words), places(&de[key]), "{key}");
    }
}

#[test]
fn every_kind_is_decided_and_the_document_prints_the_table() {
    use crate::rules;
    use commonhold_core::records::Kind;
    use commonhold_core::table::ColumnType;
    for kind in Kind::ALL {
        let rule = rules::of(kind.name()).unwrap_or_else(|| panic!("nobody decided on {kind}"));
        let never = matches!(rule.when, rules::When::Never(_));
        assert!(never || !kind.info().sealed, "{kind} is sealed and shown");
        assert_eq!(never, rule.fields.is_empty(), "{kind}");
        for field in rule.fields {
            let column = kind.info().column(field.name);
            let column = column.unwrap_or_else(|| panic!("{kind} has no {}", field.name));
            // Short texts that go as they are hold hashes, numbers or names of other things.
            let known = [
                "sha256",
                "rate",
                "requirement",
                "limit",
                "month",
                "kind",
                "about_kind",
                "commit",
                "metric",
                "value",
                "adopted_sha256",
                "manifesto_sha256",
                "vote_sha256",
                "logo",
                "mandate",
                "country",
                "license",
                "predecessor_book",
                "successor_book",
                "elsewhere",
            ];
            let words = matches!(column.holds, ColumnType::Text | ColumnType::LongText);
            assert!(
                field.how != rules::How::Plain || !words || known.contains(&field.name),
                "{kind}.{} goes past the gate",
                field.name
            );
            assert!(
                column.holds != ColumnType::SealedAttachment,
                "{kind}.{} is sealed",
                field.name
            );
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/PUBLIC.md");
    if std::env::var("COMMONHOLD_WRITE_PUBLIC").is_ok() {
        let old = std::fs::read_to_string(path).unwrap();
        let (head, rest) = old.split_once("| kind |").unwrap();
        let (_, foot) = rest.split_once("\n\n").unwrap();
        std::fs::write(path, format!("{head}{}\n{foot}", rules::table())).unwrap();
    }
    let printed = std::fs::read_to_string(path).unwrap();
    assert!(
        printed.contains(&rules::table()),
        "docs/PUBLIC.md prints another table; COMMONHOLD_WRITE_PUBLIC=1 writes it"
    );
}
