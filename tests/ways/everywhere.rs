//! Ann invites Ben over a place, both write apart and have the same in the end, and Ben is removed:
//! the same with every kind of place that keeps what is laid down there.

use super::servers::{Dav, Relay, S3, SECRET, USER};
use super::town::{ATTACHED, Town, exchange, exchange_files, removed};
use crate::support::crew::holding;
use std::cell::RefCell;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

#[test]
fn a_folder() {
    let town = Town::new();
    let way = |_: &str| town.shared();
    town.join("Ben", &way);
    exchange_files(&town, &way);
    removed(&town, &way);
}

#[test]
fn a_file_that_is_handed_to_and_fro() {
    let town = Town::new();
    let newest: RefCell<Option<PathBuf>> = RefCell::default();
    // Whoever is about to use it gets it from whoever used it before.
    let way = |who: &str| {
        let own = town.home(who).with_extension("commonhold");
        let before = newest.replace(Some(own.clone()));
        if let Some(before) = before.filter(|before| *before != own && before.exists()) {
            std::fs::copy(before, &own).unwrap();
        }
        own.display().to_string()
    };
    town.join("Ben", &way);
    exchange_files(&town, &way);
    removed(&town, &way);
}

/// Nothing that was written lies open where it is exchanged.
fn sealed(town: &Town, words: &[String], at: &Path) {
    assert!(!holding(&town.home("Ben"), &words[0]).is_empty(), "it is found where it lies open");
    for word in words.iter().map(String::as_str).chain(["Harbor", "Written by", ATTACHED]) {
        assert_eq!(holding(at, word), Vec::<PathBuf>::new(), "{word}");
    }
}

/// The secret is in one file of each profile, and nobody else may read it.
fn secret(town: &Town, secret: &str) {
    for who in ["Ann", "Ben"] {
        let kept = town.home(who).join("credentials");
        assert_eq!(holding(&town.home(who), secret), std::slice::from_ref(&kept), "{who}");
        assert_eq!(std::fs::metadata(kept).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(holding(Path::new(&town.shared()), secret), Vec::<PathBuf>::new());
    let archive = town.path().join("harbor.zip");
    town.run("Ann", &["export", &archive.display().to_string()]);
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&archive).unwrap()).unwrap();
    assert!(zip.len() > 10);
    for n in 0..zip.len() {
        let (mut bytes, mut file) = (Vec::new(), zip.by_index(n).unwrap());
        file.read_to_end(&mut bytes).unwrap();
        let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
        assert!(!found, "{}", file.name());
    }
    town.run("Ann", &["remote", "list"]);
    town.said("Ann", &["remote", "list"]);
    assert!(!town.heard().contains(secret));
}

fn with_a_secret(address: &str, user: &str, opens: &str, files: &Path) {
    let town = Town::new();
    let without = town.said("Ann", &["sync", "--with", address]);
    assert!(without.cannot_now().contains("127.0.0.1"), "{without:?}");
    for who in ["Ann", "Ben"] {
        town.remember(who, address, user, opens);
    }
    let way = |_: &str| address.to_owned();
    town.join("Ben", &way);
    let words = town.fifty("Ann");
    // This S3 server spells a file's name out in hexadecimal and has 255 bytes for it: those of parts
    // of attachments are too long for it.
    match address.starts_with("s3://") {
        true => exchange(&town, &way),
        false => exchange_files(&town, &way),
    }
    sealed(&town, &words, files);
    removed(&town, &way);
    secret(&town, opens);
}

#[test]
fn storage_space_s3() {
    let server = S3::start();
    with_a_secret(&server.address, USER, SECRET, server.files());
}

#[test]
fn storage_space_webdav() {
    let Some(server) = Dav::start() else { return };
    with_a_secret(&server.address, USER, SECRET, &server.files());
}

#[test]
fn a_relay() {
    let relay = Relay::start(None);
    let town = Town::new();
    let way = |_: &str| relay.address.clone();
    town.join("Ben", &way);
    let words = town.fifty("Ann");
    exchange_files(&town, &way);
    sealed(&town, &words, relay.files());
    removed(&town, &way);
}

#[test]
fn a_relay_whose_files_lie_in_a_web_folder() {
    let Some(server) = Dav::start() else { return };
    let relay = Relay::on(&server);
    let town = Town::new();
    let way = |_: &str| relay.address.clone();
    town.join("Ben", &way);
    let words = town.fifty("Ann");
    exchange_files(&town, &way);
    let laid: Vec<PathBuf> = holding(&server.files(), "CHS1");
    assert!(!laid.is_empty() && holding(relay.files(), "CHS1").is_empty(), "{laid:?}");
    for at in [&server.files(), relay.files()] {
        sealed(&town, &words, at);
    }
    removed(&town, &way);
}

#[test]
fn a_relay_with_a_token() {
    let token = "tok3n-of-the-team-alone";
    let relay = Relay::start(Some(token));
    with_a_secret(&relay.address, "", token, relay.files());
}
