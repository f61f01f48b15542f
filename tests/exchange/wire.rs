//! What devices exchange, frozen: a folder as an earlier version wrote it is read by this one, and
//! by a second program that follows `docs/FORMAT.md`. Written anew with `COMMONHOLD_FREEZE=1`, and
//! only when the format changes before the first release.

use crate::support::{Laptop, alice, bob, dump, fields, fixture, found, meet, sync};
use commonhold_app::App;
use commonhold_app::commands::records;
use commonhold_core::id::hex;
use commonhold_core::keyring::{BOOK, Keyring, SealedKeys, VAULT};
use commonhold_core::keys::{DeviceKeys, KeyId};
use commonhold_core::{BookId, Kind};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Ann and Ben write some of everything and exchange it through a folder.
fn write(folder: &Path) -> (Laptop, BookId) {
    let (mut a, mut b) = (alice(), bob());
    let harbor = found(&mut a);
    let book = harbor.book;
    harbor.pay(&mut a, 41235, "Hosting in June");
    let add = |app: &mut App, kind: Kind, value: Value| {
        records::add(app, &book, kind, fields(value)).unwrap();
    };
    add(
        &mut a,
        Kind::Secret,
        json!({"label": "Root", "system": "mirror", "kind": "password", "blast_radius": 5}),
    );
    add(&mut a, Kind::Contact, json!({"name": "Zoë Müller", "email": "zoe@example.org"}));
    sync(&mut a, &book, folder);
    meet(&mut b, &book, folder);
    harbor.pay(&mut b, 999, "A domain");
    add(
        &mut b,
        Kind::Page,
        json!({"title": "Runbook", "kind": "runbook", "body": "# 1\n\nBreathe.\n"}),
    );
    sync(&mut b, &book, folder);
    sync(&mut a, &book, folder);
    (a, book)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        match path.is_dir() {
            true => copy(&path, &to),
            false => drop(fs::copy(&path, &to).unwrap()),
        }
    }
}

fn freeze(frozen: &Path) {
    let _ = fs::remove_dir_all(frozen);
    fs::create_dir_all(frozen).unwrap();
    let (a, book) = write(frozen);
    let reader = Laptop::new(2);
    let seed = |laptop: &mut Laptop| {
        let identity = laptop.store().unwrap().identity();
        hex(&identity.keys().seed())
    };
    let mut reader = reader;
    let keyring = a.reader().keyring(&book).unwrap();
    let keys: Vec<String> =
        keyring.of_book().iter().map(|(secret, _)| hex(secret.bytes())).collect();
    let about = json!({
        "book": book.to_string(),
        "keys_of_the_book": keys,
        "seed_of_a_device_that_belongs": seed(&mut reader),
    });
    fs::write(frozen.join("about.json"), format!("{about:#}\n")).unwrap();
    fs::write(frozen.join("records.txt"), dump(a.reader(), &book)).unwrap();
}

/// What a device says that cannot open a key, in the form of an earlier version: others must hear it.
#[test]
fn a_complaint_of_an_earlier_version_is_one() {
    let frozen = fs::read(fixture("wire").join("complaint.json")).unwrap();
    let frozen: Value = serde_json::from_slice(&frozen).unwrap();
    for (complaint, scope) in frozen.as_array().unwrap().iter().zip([BOOK, VAULT]) {
        let id: KeyId = complaint["key"].as_str().unwrap().parse().unwrap();
        let said = complaint["set"].as_str().unwrap().as_bytes();
        let set = SealedKeys::of_nothing(scope, id);
        assert_eq!((complaint["scope"].as_str(), set.bytes().as_slice()), (Some(scope), said));
        assert_eq!(SealedKeys::read(said), Some(set));
        let keys = DeviceKeys::from_seed([1; 32]);
        let (mut keyring, book) = (Keyring::default(), BookId([2; 32]));
        let read = SealedKeys::read(said).unwrap();
        keyring.take(&book, &DeviceKeys::from_seed([2; 32]), (keys.device(), &read));
        assert_eq!(keyring.complaints(scope, &id, &keys.device()), 1, "and it is counted");
    }
}

#[test]
fn a_folder_written_by_an_earlier_version_is_read() {
    let frozen = fixture("wire");
    if std::env::var_os("COMMONHOLD_FREEZE").is_some() {
        freeze(&frozen);
    }
    let about: Value =
        serde_json::from_slice(&fs::read(frozen.join("about.json")).unwrap()).unwrap();
    let book: BookId = about["book"].as_str().unwrap().parse().unwrap();
    let folder = tempfile::tempdir().unwrap();
    copy(&frozen.join("commonhold"), &folder.path().join("commonhold"));
    let mut b = bob();
    let report = meet(&mut b, &book, folder.path());
    assert!(report.refused.is_empty() && report.waiting == 0, "{report:?}");
    let known = fs::read_to_string(frozen.join("records.txt")).unwrap();
    crate::support::assert_same(&dump(b.reader(), &book), &known, "the frozen records");
    assert!(known.contains("Breathe."), "the test's own sense");
    crate::support::harbor::named(b.reader(), &book, Kind::Contact, "Zoë Müller");
}
