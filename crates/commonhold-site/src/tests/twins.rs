//! The files for machines: they say what the pages say, and others' programs accept them.

use super::book::{Book, now};
use super::pages::{made, text};
use crate::Options;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use std::collections::BTreeMap;

pub fn with_address() -> Options {
    Options { base_url: Some("https://harbor.example/open/".into()), ..Options::at(now()) }
}

fn json(files: &BTreeMap<String, Vec<u8>>, path: &str) -> Value {
    serde_json::from_str(text(files, path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn feeds_and_sitemap_are_sound_xml() {
    let (_, files) = made(&Book::rich(), &with_address());
    let mut seen = 0;
    for (path, bytes) in files.iter().filter(|(p, _)| p.ends_with(".atom") || p.ends_with(".xml")) {
        let mut reader = Reader::from_reader(bytes.as_slice());
        let (mut buffer, mut depth) = (Vec::new(), 0);
        loop {
            match reader.read_event_into(&mut buffer).unwrap_or_else(|e| panic!("{path}: {e}")) {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Eof => break,
                Event::GeneralRef(found) => assert!(
                    found.is_char_ref() || ["amp", "lt", "gt", "quot", "apos"].contains(&&*found),
                    "{path}"
                ),
                _ => {}
            }
            buffer.clear();
        }
        assert_eq!(depth, 0, "{path}");
        seen += 1;
    }
    assert_eq!(seen, 5);
    assert!(text(&files, "feeds/money.atom").contains("Hosting &lt;"));
    assert_eq!(
        text(&files, ".well-known/funding-manifest-urls"),
        "https://harbor.example/open/funding.json\n"
    );
    let pages = files.keys().filter(|path| path.ends_with(".html")).count();
    assert_eq!(
        text(&files, "sitemap.xml").matches("<loc>https://harbor.example/open/").count(),
        pages
    );
}

#[test]
fn the_numbers_are_those_of_the_pages() {
    let (_, files) = made(&Book::rich(), &Options::at(now()));
    let shown = |page: &str, amount: &Value| {
        let value = format!("value=\"{}\"", amount.as_str().unwrap());
        assert!(text(&files, page).contains(&value), "{page} does not show {value}");
    };
    let money = json(&files, "api/money.json");
    for page in ["index.html", "de/index.html"] {
        shown(page, &money["runway"]["months"]);
        shown(page, &money["coverage"]["percent"]);
        shown(page, &money["costs"]["month"]);
        shown(page, &money["unrestricted"]);
    }
    assert_eq!(money["costs"]["month"], "421.85 EUR");
    let months = json(&files, "api/income/month.json");
    let expenses = json(&files, "api/expenses/month.json");
    assert_eq!(months["periods"].as_array().unwrap().len(), 7);
    for (income, expense) in
        months["periods"].as_array().unwrap().iter().zip(expenses["periods"].as_array().unwrap())
    {
        shown("index.html", &income["amount"]);
        shown("money.html", &expense["amount"]);
    }
    for file in ["year", "all", "month"] {
        assert_eq!(
            json(&files, &format!("api/income/{file}.json"))["total"],
            "3460.00 EUR",
            "{file}"
        );
        assert_eq!(
            json(&files, &format!("api/expenses/{file}.json"))["total"],
            "2531.10 EUR",
            "{file}"
        );
    }
    assert_eq!(json(&files, "api/income/week.json")["total"], "3460.00 EUR");
    assert_eq!(json(&files, "api/expenses/now.json")["total"], "0.00 EUR");
    assert_eq!(json(&files, "api/expenses/day.json")["total"], "431.85 EUR");
    let list = json(&files, "api/transactions.json");
    let mut entries = 0;
    for month in list["months"].as_array().unwrap() {
        let path = format!("api/{}", month["file"].as_str().unwrap());
        let found = json(&files, &path)["transactions"].as_array().unwrap().len();
        assert_eq!(month["count"], found);
        entries += found;
    }
    assert_eq!(list["shown"], entries);
    for fund in json(&files, "api/funds.json")["funds"].as_array().unwrap() {
        shown("money.html", &fund["total"]);
    }
    let votes = json(&files, "api/decisions.json");
    let secret =
        votes["votes"].as_array().unwrap().iter().find(|v| v["ballots"].is_null()).unwrap();
    assert!(secret["title"].as_str().unwrap().contains("secret-vote"));
    let funding = json(&files, "funding.json");
    assert_eq!(funding["funding"]["history"][0]["income"].to_string(), "3460.0");
    assert!(text(&files, "funding.json").contains("\"income\": 3460.00"));
    assert!(
        text(&files, "metrics.txt")
            .contains("commonhold_cost_month_average{currency=\"EUR\"} 421.85\n")
    );
}

#[test]
fn what_the_records_do_not_say_is_left_out() {
    let mut bare = Book::new(9);
    let (_, files) = made(&bare, &Options::at(now()));
    for path in [
        "CHANGELOG.md",
        "FUNDING.yml",
        "funding.json",
        "sitemap.xml",
        "publiccode.yml",
        ".well-known/security.txt",
    ] {
        assert!(!files.contains_key(path), "{path}");
    }
    assert!(text(&files, "index.html").contains("not known"));
    let words = serde_json::json!({"from": "operating", "to": "closing", "date": "2026-06-01",
        "decision": "of May", "statement": "The money is gone.", "ends": "2026-12-31", "person": bare.me});
    let decided = serde_json::json!({"title": "We end", "date": "2026-05-20"});
    bare.add("void", commonhold_core::Kind::Phase, words.clone());
    let (_, files) = made(&bare, &Options::at(now()));
    assert!(!text(&files, "index.html").contains("class=\"banner\""), "a move without effect");
    let decision = bare.add("decision", commonhold_core::Kind::Decision, decided);
    let mut counts = words;
    counts["decision"] = serde_json::json!(decision);
    bare.add("phase", commonhold_core::Kind::Phase, counts);
    let (_, files) = made(&bare, &Options::at(now()));
    for (path, _) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let words = if path.starts_with("de/") { "31. Dezember 2026" } else { "31 December 2026" };
        assert!(
            text(&files, path).contains("class=\"banner\"") && text(&files, path).contains(words),
            "{path}"
        );
    }
    assert!(text(&files, "feeds/decisions.atom").contains("The money is gone."));
    assert!(text(&files, "calendar.ics").contains("DTSTART;VALUE=DATE:20261231\r\n"));
}

#[test]
fn what_the_service_declares_is_where_others_look() {
    let (_, files) = made(&Book::rich(), &with_address());
    let security = text(&files, ".well-known/security.txt");
    assert_eq!(
        security,
        "Contact: https://harbor.example/security\nExpires: 2026-12-30T00:00:00Z\n\
         Preferred-Languages: en, de\nCanonical: https://harbor.example/open/.well-known/security.txt\n"
    );
    let code = text(&files, "publiccode.yml");
    for line in [
        "publiccodeYmlVersion: \"0.4\"",
        "developmentStatus: stable",
        "  license: \"AGPL-3.0-or-later\"",
        "    - \"de\"",
    ] {
        assert!(code.lines().any(|found| found == line), "{line} is not in:\n{code}");
    }
    assert!(text(&files, "codemeta.json").contains("https://spdx.org/licenses/AGPL-3.0-or-later"));
    assert!(text(&files, "data.html").contains("publiccode.yml"));
}

#[test]
fn an_address_that_is_none_is_refused() {
    let book = Book::new(9);
    for bad in ["", "harbor.example", "ftp://x", "https://", "https://x/\"><script>", "https:///x"]
    {
        let options = Options { base_url: Some(bad.into()), ..Options::at(now()) };
        let mut files = commonhold_exchange::export::ledger::Files::default();
        assert!(crate::build(&book.store, &book.id, &options, &mut files).is_err(), "{bad}");
    }
}
