//! What is secret or private is in no byte of what leaves a device. Words that stand nowhere else
//! (canaries) are put into everything that can hold them; then every file is searched, and
//! everything that is packed in it. The same search must find them where they belong.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects, clippy::string_slice)]

mod laptops;

use laptops::{Town, files};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

/// Most bytes anything is unpacked to, and how often what was unpacked is unpacked again.
const MOST: u64 = 64 << 20;
const DEEP: u32 = 3;

/// The values of secrets: on no disk in the clear, not even the own.
const VALUES: [&str; 4] = [
    "canary-value-correct-horse",
    "canary-value-before-it-was-changed",
    "canaryLineOfAKeyMIIEvQIBADANBgkqh",
    "canary-value-nobody-else-knows",
];
/// What leadership and treasurers alone read.
const SEALED: [&str; 13] = [
    "canary-label-registrar",
    "canary-system-registrar",
    "canary-pointer-in-the-safe",
    "canary-recovery-codes",
    "Canaria Contacta",
    "canary.contact@mail.example",
    "+49 30 555 0199 77",
    "Canary Street 7, 20457 Hamburg",
    "DE89370400440532013000",
    "canary-note-prefers-letters",
    "203.0.113.77",
    "canary.log@mail.example",
    "ghp_CanaryCanaryCanaryCanaryCanary012345",
];
/// What everybody in the book reads, and nobody else.
const PRIVATE: [&str; 17] = [
    "203.0.113.78",
    "canary.line@mail.example",
    "2001:db8:ca:4a::78",
    "canary-embargoed-title",
    "203.0.113.81",
    "canary.run@mail.example",
    "canary.feedback@mail.example",
    "203.0.113.79",
    "Canario Donoro",
    "canary-person-not-named",
    "canary.alert@mail.example",
    "203.0.113.80",
    "canary.narration@mail.example",
    "DE02120300000000202051",
    "canary-continuity-who-holds-what",
    "glpat-CanaryCanaryCanary01",
    "canary-line-for-the-team-alone",
];

/// A part of a file, by what it was unpacked from.
struct Part {
    name: String,
    bytes: Vec<u8>,
}

/// A file and everything packed in it: members of ZIP, frames of Zstandard, gzip, wherever they
/// begin. What ends early is taken as far as it goes.
fn unpacked(name: &str, bytes: Vec<u8>, deep: u32, all: &mut Vec<Part>) {
    if deep > 0 {
        if let Ok(mut zip) = zip::ZipArchive::new(Cursor::new(&bytes)) {
            for at in 0..zip.len() {
                let mut member = zip.by_index(at).unwrap();
                let (mut inner, inside) = (Vec::new(), format!("{name}!{}", member.name()));
                member.by_ref().take(MOST).read_to_end(&mut inner).unwrap();
                drop(member);
                unpacked(&inside, inner, deep - 1, all);
            }
        }
        for at in 0..bytes.len().saturating_sub(4) {
            let rest = &bytes[at..];
            let mut inner = Vec::new();
            if rest.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
                if let Ok(decoder) = zstd::stream::Decoder::new(rest) {
                    let _ = decoder.take(MOST).read_to_end(&mut inner);
                }
            } else if rest.starts_with(&[0x1f, 0x8b, 0x08]) {
                let _ = flate2::read::GzDecoder::new(rest).take(MOST).read_to_end(&mut inner);
            }
            if !inner.is_empty() {
                unpacked(&format!("{name}@{at}"), inner, deep - 1, all);
            }
        }
    }
    all.push(Part { name: name.to_owned(), bytes });
}

/// Every text and blob of every table of an SQLite file: what lies over several pages lies here in
/// one piece.
fn cells(path: &Path, all: &mut Vec<Part>) {
    let db = rusqlite::Connection::open(path).unwrap();
    let mut tables = db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
        .unwrap();
    let names = tables.query_map([], |row| row.get::<_, String>(0)).unwrap();
    for table in names.map(Result::unwrap) {
        let Ok(mut rows) = db.prepare(&format!("SELECT * FROM \"{table}\"")) else { continue };
        let columns = rows.column_count();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                use rusqlite::types::ValueRef;
                let bytes = match row.get_ref(column).unwrap() {
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.to_vec(),
                    _ => continue,
                };
                unpacked(&format!("{}:{table}", path.display()), bytes, DEEP, all);
            }
        }
    }
}

/// Everything in a file or a folder.
fn everything(place: &Path) -> Vec<Part> {
    let (mut paths, mut all) = (Vec::new(), Vec::new());
    match place.is_dir() {
        true => files(place, &mut paths),
        false => paths.push(place.to_owned()),
    }
    for path in paths {
        let bytes = fs::read(&path).unwrap();
        if bytes.starts_with(b"SQLite format 3\0") {
            cells(&path, &mut all);
        }
        unpacked(&path.display().to_string(), bytes, DEEP, &mut all);
    }
    all
}

/// A word as it may be written: as it is, escaped for HTML, JSON and addresses, without spaces.
fn spellings(word: &str) -> BTreeSet<Vec<u8>> {
    let escape = |what: &[(&str, &str)]| {
        what.iter().fold(word.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [
        word.as_bytes().to_vec(),
        escape(&[("@", "&#64;"), ("+", "&#43;")]).into_bytes(),
        escape(&[("@", "%40"), (" ", "%20"), (":", "%3A"), ("+", "%2B")]).into_bytes(),
        escape(&[(" ", "")]).into_bytes(),
        word.to_lowercase().into_bytes(),
        word.to_uppercase().into_bytes(),
        wide,
    ]
    .into()
}

/// Which words are where. One pass over each part: two bytes say which words may begin there.
fn found<'a>(words: &[&'a str], parts: &[Part]) -> BTreeSet<(&'a str, String)> {
    let mut begins: Vec<Vec<(&'a str, Vec<u8>)>> = vec![Vec::new(); 1 << 16];
    for word in words {
        for spelling in spellings(word) {
            begins[two(&spelling)].push((*word, spelling));
        }
    }
    let mut found = BTreeSet::new();
    for part in parts {
        for at in 0..part.bytes.len().saturating_sub(1) {
            for (word, spelling) in &begins[two(&part.bytes[at..])] {
                if part.bytes[at..].starts_with(spelling) {
                    found.insert((*word, part.name.clone()));
                }
            }
        }
    }
    found
}

/// The first two bytes as a number.
fn two(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

/// Whether bytes hold a word.
fn holds(bytes: &[u8], word: &str) -> bool {
    let part = Part { name: String::new(), bytes: bytes.to_vec() };
    !found(&[word], &[part]).is_empty()
}

fn none(what: &str, words: &[&str], parts: &[Part]) {
    assert!(!parts.is_empty(), "{what}: there is something to search");
    let found = found(words, parts);
    assert!(found.is_empty(), "{what}: {found:#?}");
}

fn all(what: &str, words: &[&str], parts: &[Part]) {
    let found: BTreeSet<&str> = found(words, parts).into_iter().map(|(word, _)| word).collect();
    let missing: Vec<_> = words.iter().filter(|word| !found.contains(*word)).collect();
    assert!(missing.is_empty(), "{what}: the search does not find {missing:?}");
}

/// Secrets of the register with their values, one of them changed.
fn secrets(town: &Town, me: &str) {
    let fields = json!({"label": SEALED[0], "kind": "password", "system": SEALED[1],
        "blast_radius": 5, "holders": [me], "pointer": SEALED[2], "recovery": SEALED[3]});
    town.add("ann", "secret", &fields);
    let fields = json!({"label": "canary-label-signing", "kind": "key",
        "system": "mirror", "blast_radius": 4, "holders": [me]});
    town.add("ann", "secret", &fields);
    let key = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----", VALUES[2]);
    for (label, value) in
        [(SEALED[0], VALUES[1]), (SEALED[0], VALUES[0]), ("canary-label-signing", key.as_str())]
    {
        let said = town.told("ann", &["secret", "put", label], value);
        assert!(said.status.success(), "{said:?}");
        assert!(!holds(&said.stdout, value));
    }
    let fields = json!({"label": "canary-label-third", "kind": "token", "system": "mail",
        "blast_radius": 2, "holders": [me]});
    let third = town.add("ann", "secret", &fields);
    // The other way a value is written.
    town.add("ann", "sealed-value", &json!({"secret": third, "value": VALUES[3]}));
}

fn people(town: &Town) {
    let contact = json!({"name": SEALED[4], "email": SEALED[5], "phone": SEALED[6],
        "address": SEALED[7], "iban": SEALED[8], "note": SEALED[9]});
    let contact = town.add("ann", "contact", &contact);
    let donor = json!({"name": PRIVATE[8], "type": "individual", "consent": false,
        "contact": contact});
    town.add("ann", "donor", &donor);
    let person = json!({"public_name": PRIVATE[9], "show_name": false, "show_roles": false});
    town.add("ann", "person", &person);
    let item = json!({"name": PRIVATE[14], "type": "domain", "holders": []});
    town.add("ann", "continuity", &item);
}

/// A log with all that must not be in it, and the value of a secret.
fn deploy(town: &Town) {
    let log = format!(
        "echo from {} and {}; echo token {}; echo password {}; echo deployed",
        SEALED[10], SEALED[11], SEALED[12], VALUES[0]
    );
    let words = ["--json", "deploy", "run", "--commit", "abcdef1234", "--", "sh", "-c", &log];
    // What the program says is shown to who runs it: this output is not listened to.
    let said = town.command("ann", &words).output().unwrap();
    assert!(said.status.success(), "{said:?}");
    let done: Value = serde_json::from_slice(&said.stdout).unwrap();
    let shown = town.json("ann", &["deploy", "show", done["id"].as_str().unwrap()]);
    let text = shown["text"].as_str().unwrap();
    assert!(text.contains("[ipv4]") && text.contains("password [token]"), "{text}");
    assert!(text.contains("deployed"), "{text}");
}

fn incidents(town: &Town) -> String {
    let open = ["incident", "open", "canary-public-title", "--severity", "sev2"];
    let id = town.id("ann", &open);
    let line = format!("A bot at {} fills the disk", PRIVATE[0]);
    town.id("ann", &["incident", "line", &id, &line]);
    town.id("ann", &["incident", "line", &id, PRIVATE[16]]);
    let line = format!("{} wrote, and {} too; token {}", PRIVATE[1], PRIVATE[2], PRIVATE[15]);
    town.id("ann", &["incident", "line", &id, &line, "--public"]);
    let until = commonhold_core::Time(now()).date().days_later(30).to_string();
    town.id("ann", &["incident", "open", PRIVATE[3], "--embargo-until", &until]);
    id
}

/// The moment it is, in milliseconds since 1970.
fn now() -> i64 {
    use commonhold_app::clock::{System, World};
    System.now().0
}

fn knowledge(town: &Town) {
    let file = town.file("disk.md", "# Disk full\n\n1. Look at the disk\n2. Tell users\n");
    let id = town.id("ann", &["runbook", "add", &file, "--public"]);
    let answers = format!("f: {}\nd\nmail {}\n", PRIVATE[4], PRIVATE[5]);
    let said = town.told("ann", &["--json", "runbook", "run", &id], &answers);
    assert_eq!(said.status.code(), Some(1), "a step failed: {said:?}");
    let text = format!("Ask {} at {}", PRIVATE[6], PRIVATE[7]);
    town.add(
        "ann",
        "feedback",
        &json!({"about": id, "from": "public", "text": text,
        "received": "2026-07-05", "state": "open"}),
    );
}

/// What came by a webhook: an alert that says too much.
fn webhook(town: &Town) {
    let body = json!({"version": "4", "groupKey": "{}:{}", "truncatedAlerts": 0,
        "status": "firing", "receiver": "book", "alerts": [{
            "status": "firing",
            "labels": {"alertname": "PagesSlow", "severity": "warning"},
            "annotations": {"summary": format!("Slow for {}", PRIVATE[10]),
                "description": format!("Asked from {}", PRIVATE[11])},
            "startsAt": "2026-05-02T01:10:27.3Z", "endsAt": "0001-01-01T00:00:00Z",
            "fingerprint": "00ff00ff00ff00ff"}]});
    let file = town.file("alert.json", &body.to_string());
    town.json("ann", &["import", "operations", &file, "--own"]);
}

fn money(town: &Town) {
    let first = |kind: &str, name: &str| {
        let rows = town.json("ann", &["record", "list", kind, "--limit", "100"]);
        let rows = rows["rows"].as_array().unwrap().clone();
        let row = rows.iter().find(|row| row["title"].as_str().unwrap().starts_with(name));
        row.unwrap_or_else(|| panic!("{kind} {name}: {rows:?}"))["id"].as_str().unwrap().to_owned()
    };
    let fund = town.json("ann", &["record", "list", "fund"])["rows"][0]["id"].clone();
    let (bank, other) = (first("account", "Assets"), first("account", "Expenses"));
    let text = format!("Refund to {} {}", PRIVATE[12], PRIVATE[13]);
    let fields = json!({"date": "2026-06-29", "narration": text, "postings": [
        {"account": bank, "amount": "-18.40 EUR", "fund": fund},
        {"account": other, "amount": "18.40 EUR", "fund": fund}]});
    town.add("ann", "transaction", &fields);
}

#[test]
fn what_is_secret_or_private_is_in_no_byte_that_leaves() {
    let town = Town::new();
    town.join("ben", &["contributor"]);
    let me = town.json("ann", &["record", "list", "person"])["rows"][0]["id"].clone();
    secrets(&town, me.as_str().unwrap());
    people(&town);
    deploy(&town);
    let incident = incidents(&town);
    knowledge(&town);
    webhook(&town);
    money(&town);
    // What is looked at, looked for, refused and said must not say it either.
    town.run("ann", &["secret", "list"]);
    town.run("ann", &["secret", "get", SEALED[0]]);
    town.run("ann", &["incident", "publish", &incident]);
    town.run("ann", &["alerts"]);
    town.run("ann", &["metrics"]);
    town.run("ann", &["check"]);
    for who in ["ann", "ben", "ann"] {
        town.sync(who);
    }

    let secret: Vec<&str> = VALUES.iter().chain(&SEALED).copied().collect();
    let every: Vec<&str> = secret.iter().chain(&PRIVATE).copied().collect();
    none("the shared folder", &every, &everything(&town.shared()));

    let site = town.path().join("site");
    let said = town.run("ann", &["site", "build", site.to_str().unwrap(), "--no-record"]);
    assert!(said.status.success(), "{said:?}");
    let site = everything(&site);
    none("the public page", &every, &site);
    all("the public page", &["canary-public-title", "[email]"], &site);

    let archive = town.path().join("harbor.zip");
    assert!(town.run("ann", &["export", archive.to_str().unwrap()]).status.success());
    let archive = everything(&archive);
    none("the archive", &secret, &archive);
    // The search finds what is there: everybody in the book reads this, and the archive is theirs.
    all("the archive", &PRIVATE, &archive);

    let heard = vec![Part { name: "standard error".into(), bytes: town.heard() }];
    none("standard error", &every, &heard);
    all("standard error", &["commonhold: "], &heard);

    let ben = everything(&town.home("ben"));
    none("a contributor's profile", &secret, &ben);
    all("a contributor's profile", &[PRIVATE[0], PRIVATE[6], PRIVATE[16]], &ben);

    let ann = everything(&town.home("ann"));
    none("the own profile", &VALUES, &ann);
    all("the own profile", &[SEALED[0], SEALED[5], PRIVATE[0]], &ann);
    let said = town.run("ann", &["secret", "get", SEALED[0], "--stdout"]);
    assert_eq!(String::from_utf8(said.stdout).unwrap().trim_end(), VALUES[0], "it is there");
}

#[test]
fn the_search_finds_what_is_packed() {
    let word = "canary-in-a-coal-mine";
    let text = format!("before {word} after").repeat(3);
    let frame = zstd::encode_all(text.as_bytes(), 3).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut gzip, text.as_bytes()).unwrap();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("inside", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut zip, &frame).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    let gzip = gzip.finish().unwrap();
    assert!(!holds(&gzip, word), "it is packed");
    for packed in [[b"head".to_vec(), frame].concat(), gzip, zip] {
        let mut parts = Vec::new();
        unpacked("a file", packed, DEEP, &mut parts);
        assert!(!found(&[word], &parts).is_empty());
    }
}
