//! Inputs that are files and texts.

use crate::{Seed, seed};
use commonhold_core::BookId;
use commonhold_core::id::LogId;
use commonhold_core::keyring::{Recipient, SealedKeys};
use commonhold_core::keys::{KeyId, SEALED_EXTRA, Secret};
use commonhold_exchange::export::age::{self, Identity};
use commonhold_exchange::import::operations::{FORMATS, detect};
use commonhold_sync::bundle::{self, Name};
use commonhold_sync::joining::Invitation;
use commonhold_sync::sealing::{self, Envelope};
use std::path::Path;

/// The files of a folder of fixtures with one of some endings, with a few bytes put before them.
fn fixtures(folder: &str, wanted: impl Fn(&str) -> bool, before: &[u8]) -> Vec<Seed> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(folder);
    let entries = std::fs::read_dir(path).expect("fixtures").map(|entry| entry.expect("a file"));
    let mut seeds: Vec<Seed> = entries
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .filter(|(name, _)| wanted(name))
        .map(|(name, path)| seed(name, [before, &std::fs::read(path).expect("read")].concat()))
        .collect();
    seeds.sort();
    seeds
}

pub fn records() -> Vec<Seed> {
    let mut seeds = fixtures("records", |name| name.ends_with(".json"), b"");
    seeds.push(seed("nothing", "{}"));
    seeds.push(seed("future", r#"{"v":2,"amount":1e400,"date":"-0001-02-30"}"#));
    seeds
}

pub fn csv() -> Vec<Seed> {
    let services = ["stripe", "paypal", "github-sponsors", "liberapay"];
    let csv = |name: &str| {
        name.ends_with(".csv") && !services.iter().any(|service| name.starts_with(service))
    };
    let mut seeds = fixtures("import", csv, &[0]);
    // Form, what is chosen, a column for each of eight things, lines to skip, and one byte more.
    let choice = [1, 0, 0x39, 0, 1, 2, 3, 4, 5, 6, 7, 0, 0];
    for (name, bytes) in fixtures("import", |name| name.starts_with("statement"), &choice) {
        seeds.push(seed(format!("chosen-{name}"), bytes));
    }
    let text = "Datum;Betrag;Währung\r\n31.07.2026;-1.234,56;EUR\r\n\"a\"\"b\n;;\r\n";
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    seeds.push(seed("utf-16", [&[0, 0xff, 0xfe], wide.as_slice()].concat()));
    seeds.push(seed("windows-1252", b"\0Datum;Betrag;W\xe4hrung\n01/02/2026;(5,00);\x80\n"));
    seeds
}

pub fn open_collective() -> Vec<Seed> {
    fixtures("import", |name| name.starts_with("oc-") && name.ends_with(".csv"), b"")
}

/// Bank statements of a format, by how the names of their fixtures begin.
pub fn statements(format: &str) -> Vec<Seed> {
    fixtures("import", |name| name.starts_with(format) && !name.ends_with(".txt"), b"")
}

pub fn platforms() -> Vec<Seed> {
    let services = ["stripe", "paypal", "github-sponsors", "liberapay"];
    let of = |(choice, service): (u8, &&str)| {
        fixtures("import", |n| n.starts_with(*service) && n.ends_with(".csv"), &[choice])
    };
    (0..).zip(&services).flat_map(of).collect()
}

pub fn ecosystems() -> Vec<Seed> {
    let mut seeds = fixtures("import", |name| name.ends_with(".json"), b"");
    seeds.push(seed("alone", r#"{"full_name":"a/b","html_url":"https://git.example/a/b"}"#));
    seeds
}

pub fn operations() -> Vec<Seed> {
    let of = |(choice, format): (u8, &&str)| {
        let told = |name: &str| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../tests/fixtures/import/operations")
                .join(name);
            let bytes = std::fs::read(path).expect("read");
            detect::detect(&bytes) == Some(*format)
        };
        fixtures("import/operations", told, &[choice])
    };
    (0..).zip(FORMATS).flat_map(of).collect()
}

pub fn masked() -> Vec<Seed> {
    fixtures("mask", |name| name.ends_with(".txt"), b"")
}

pub fn age() -> Vec<Seed> {
    let one = Identity::from_random([7; 32]);
    let mut chance = |bytes: &mut [u8]| {
        bytes.fill(9);
        true
    };
    let sealed = age::seal(b"the password", &[one.recipient()], &mut chance).expect("sealed");
    vec![
        seed("armored", age::armor(&sealed)),
        seed("sealed", sealed),
        seed("recipient", one.recipient().to_string()),
        seed("identity", one.to_text().as_str()),
    ]
}

fn invitation() -> Invitation {
    let text = serde_json::json!({"id": "01".repeat(16), "book": "02".repeat(32),
        "secret": "ability able about above absent absorb", "seed": "03".repeat(32),
        "inviter": "04".repeat(32), "person": null, "name": "Ada", "roles": ["member"],
        "expires": 1_782_864_000_000_i64, "folder": "", "used": false, "revoked": false});
    serde_json::from_value(text).expect("an invitation")
}

pub fn joining() -> Vec<Seed> {
    let text = |text: &str| [&(text.len() as u16).to_be_bytes(), text.as_bytes()].concat();
    let body = [&[5; 80], text("Ben").as_slice(), &text("Laptop")].concat();
    let mut own = commonhold_core::keys::DeviceKeys::from_seed([5; 32]).device().0.to_vec();
    own.extend_from_slice(&body[32..]);
    let offer = invitation().offer();
    let request = [b"CHR1".as_slice(), &[1; 16], &[0], &offer[28..], &[9; 80]].concat();
    let accepted = [&[0], [2; 32].as_slice(), &text("Harbor")].concat();
    let refused = [&[1], text("No").as_slice()].concat();
    let kept = r#"{"id":"01010101010101010101010101010101","message":"00","key":"","compare_words":"","book":null}"#;
    let with = |how: u8, rest: &[u8]| [&[how], rest].concat();
    vec![
        seed("offer", with(0, &offer)),
        seed("request", with(0, &request)),
        seed("welcome", with(0, &[b"CHW1".as_slice(), &[1; 16], &[7; 60]].concat())),
        seed("inside", with(2, &own)),
        seed("inside-with-ticket", with(0x0a, &own)),
        seed("accepted", with(5, &accepted)),
        seed("refused", with(6, &refused)),
        seed("answered", with(0xff, &offer)),
        seed("kept", with(7, kept.as_bytes())),
    ]
}

pub fn words() -> Vec<Seed> {
    let ticket = invitation().ticket("Harbor").expect("a ticket").text();
    let letters = ticket.strip_prefix("COMMONHOLD1:").expect("a ticket");
    let bytes = data_encoding::BASE32_NOPAD.decode(letters.as_bytes()).expect("base32");
    let with = |how: u8, rest: &[u8]| [&[how], rest].concat();
    let sheet = "abandon ".repeat(11) + "about";
    vec![
        seed("six", with(0, b"ability able about above absent absorb")),
        seed("slip", with(0, " Zoo\n ABLE-abilty, caf\u{e9} \u{2010}zoo.".as_bytes())),
        seed("ticket", with(3, ticket.as_bytes())),
        seed("newer", with(3, b"commonhold12:AAAA")),
        seed("inside", with(5, &bytes[..bytes.len() - 4])),
        seed("sheet", with(7, sheet.as_bytes())),
    ]
}

pub fn bundles() -> Vec<Seed> {
    let (book, log, secret) = (BookId([1; 32]), LogId([2; 16]), Secret::new([3; 32]));
    let objects = [b"one".to_vec(), b"two".to_vec()];
    let plain = bundle::pack(&objects);
    let sealed = sealing::seal(&secret, &book, &log, (1, 2), &objects).expect("sealed");
    let recipient = |n: u8| {
        let device = commonhold_core::Device([n; 32]);
        Recipient { device, sealed: commonhold_core::id::hex(&[n; SEALED_EXTRA + 32]) }
    };
    let (id, recipients) = (KeyId([4; 16]), vec![recipient(1), recipient(2)]);
    let set = SealedKeys { v: 1, scope: String::new(), id, recipients, earlier: Vec::new() };
    let mut envelope = Envelope::of(&set).expect("an envelope");
    envelope.earlier.push((KeyId([5; 16]), vec![6; 70]));
    let envelope = envelope.bytes(&secret).expect("bytes");
    let name = Name { first: 1, last: 2, bytes: 100 }.to_string();
    let with = |how: u8, rest: &[u8]| [&[how], rest].concat();
    vec![
        seed("plain", with(0, &plain)),
        seed("sealed", with(1, &sealed)),
        seed("inside", with(2, &plain)),
        seed("envelope", with(3, &envelope)),
        seed("name", with(4, name.as_bytes())),
        seed("book", with(4, book.to_string().as_bytes())),
        seed("log", with(4, log.to_string().as_bytes())),
    ]
}
