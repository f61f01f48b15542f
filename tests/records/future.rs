//! Fields and kinds of later versions are kept as they are.

use super::every_kind::write_as_is;
use crate::support::mallory::{Mallory, entry};
use crate::support::{Laptop, alice, dump, fields, found};
use commonhold_app::commands::{archive, records};
use commonhold_app::events::unheard;
use commonhold_core::document::Document;
use commonhold_core::id::mint;
use commonhold_core::{BookId, Kind, RecordId};
use serde_json::json;
use std::collections::BTreeMap;

fn restored(laptop: &mut Laptop, book: &BookId) -> Laptop {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("harbor.zip");
    let now = laptop.now();
    archive::export(laptop.reader(), book, &file, now, &mut unheard).unwrap();
    let mut other = Laptop::new(9);
    archive::restore(&mut other, &file, &mut unheard).unwrap();
    other
}

fn future(laptop: &Laptop, book: &BookId, kind: Kind, id: &RecordId) -> [serde_json::Value; 2] {
    let row = laptop.reader().record(book, kind, id).unwrap().unwrap();
    ["aura", "moons"].map(|name| row.fields.get(name).cloned().unwrap_or_default())
}

#[test]
fn fields_of_a_later_version_survive_an_edit_here_a_rebuild_and_an_archive() {
    let mut laptop = alice();
    let harbor = found(&mut laptop);
    let living = [
        (Kind::Person, "public_name", json!({"public_name": "Ada"})),
        (Kind::Account, "closed", json!({"path": "Assets:Till", "type": "asset"})),
        (Kind::Fund, "purpose", json!({"name": "tools", "restriction": "designated"})),
        (Kind::Page, "title", json!({"title": "Old", "kind": "page", "body": "text"})),
        (Kind::Service, "purpose", json!({"name": "Harbor", "reporting_currency": "EUR"})),
    ];
    let mut all = Vec::new();
    for (n, (kind, field, record)) in living.into_iter().enumerate() {
        let id = mint(1_782_864_000_000, [n as u8 + 1; 10]);
        let mut record = fields(record);
        record.insert("aura".into(), json!("violet"));
        record.insert("moons".into(), json!(3));
        write_as_is(&mut laptop, &harbor.book, kind, id, &record);
        let to = if field == "closed" { json!("2027-01-01") } else { json!("Changed here") };
        let change = fields(json!({field: to}));
        records::edit(&mut laptop, &harbor.book, kind, &id, change, &BTreeMap::new()).unwrap();
        all.push((kind, id));
    }
    let mut bill = fields(harbor.bill(5, "Of tomorrow"));
    bill.insert("aura".into(), json!("violet"));
    bill.insert("moons".into(), json!(3));
    let id = mint(1_782_864_000_000, [77; 10]);
    write_as_is(&mut laptop, &harbor.book, Kind::Transaction, id, &bill);
    all.push((Kind::Transaction, id));
    laptop.store().unwrap().rebuild().unwrap();
    let other = restored(&mut laptop, &harbor.book);
    for (kind, id) in &all {
        for laptop in [&laptop, &other] {
            let kept = future(laptop, &harbor.book, *kind, id);
            assert_eq!(kept, [json!("violet"), json!(3)], "{kind}");
        }
    }
}

#[test]
fn a_kind_of_a_later_version_is_kept_and_travels_on() {
    let mut laptop = alice();
    let harbor = found(&mut laptop);
    let mut mallory = Mallory::of(&mut laptop, &harbor.book, 5);
    let id = mint(1_782_864_000_000, [1; 10]);
    let mut document = Document::new(&harbor.book, "observatory/2030").unwrap();
    let change = mallory.change(&mut document, &[entry("telescope", id, &json!({"v": 9}))]);
    let object = mallory.says("observatory/2030", vec![change]);
    laptop.store().unwrap().receive(&harbor.book, &[object]).unwrap();
    let dumped = dump(laptop.reader(), &harbor.book);
    assert!(dumped.contains("observatory/2030 telescope"));
    let other = restored(&mut laptop, &harbor.book);
    assert_eq!(dump(other.reader(), &harbor.book), dumped);
}
