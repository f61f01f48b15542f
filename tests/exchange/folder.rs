//! A shared folder as it is in life: half-written and foreign files, conflict copies, damage,
//! two at once, gone, read-only.

use crate::support::program::{commonhold, run};
use crate::support::{
    Harbor, Laptop, alice, assert_same, bob, carol, dump, found, give, meet, sync,
};
use commonhold_app::commands::sync as app_sync;
use commonhold_app::events::unheard;
use std::fs;
use std::path::{Path, PathBuf};

/// Alice's book in a folder, and Bob who has its beginning.
struct Meeting {
    a: Laptop,
    b: Laptop,
    harbor: Harbor,
    folder: tempfile::TempDir,
}

fn meeting(bills: i64) -> Meeting {
    let (mut a, mut b) = (alice(), bob());
    let harbor = found(&mut a);
    give(&a, &mut b, &harbor.book);
    let folder = tempfile::tempdir().unwrap();
    for n in 0..bills {
        harbor.pay(&mut a, 100 + n, "Before");
    }
    sync(&mut a, &harbor.book, folder.path());
    Meeting { a, b, harbor, folder }
}

fn files(under: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![under.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                false => found.push(entry.path()),
            }
        }
    }
    found.sort();
    found
}

fn bundles(folder: &Path) -> Vec<PathBuf> {
    let all = files(folder).into_iter();
    all.filter(|path| path.extension().is_some_and(|e| e == "cho")).collect()
}

/// Everybody meets twice, and then holds the same.
fn all_equal(meeting: &mut Meeting) {
    let (book, folder) = (meeting.harbor.book, meeting.folder.path());
    for _ in 0..3 {
        sync(&mut meeting.b, &book, folder);
        sync(&mut meeting.a, &book, folder);
    }
    let wanted = dump(meeting.a.reader(), &book);
    assert_same(&dump(meeting.b.reader(), &book), &wanted, "Bob");
    let mut c = carol();
    meet(&mut c, &book, folder);
    assert_same(&dump(c.reader(), &book), &wanted, "Carol, from the folder alone");
}

#[test]
fn files_that_are_not_ours_lie_about_and_are_left_alone() {
    let mut m = meeting(5);
    let bundle = bundles(m.folder.path()).remove(0);
    let (log, name) = (bundle.parent().unwrap(), bundle.file_name().unwrap().to_str().unwrap());
    let bytes = fs::read(&bundle).unwrap();
    let top = m.folder.path().join("commonhold");
    let odd = [
        log.join(name.replace(".cho", " (conflicted copy 2026-11-21).cho")),
        log.join(name.replace(".cho", ".sync-conflict-20261121-101010-ABCDEFG.cho")),
        log.join(format!(".~{name}.tmp")),
        log.join(format!(".syncthing.{name}.tmp")),
        log.join(format!("{name}.part")),
        log.join("desktop.ini"),
        log.join("Thumbs.db"),
        top.join("notes.txt"),
        top.join("not-a-book/0001.cho"),
        log.parent().unwrap().join("not-a-log/x.cho"),
        m.folder.path().join("holiday.jpg"),
    ];
    for path in &odd {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    }
    fs::create_dir(log.join("a folder.cho")).unwrap();
    let size = fs::metadata("/etc/passwd").unwrap().len();
    let secret = log.join(format!("{:016x}-{:016x}-{size:016x}.cho", 90, 90));
    std::os::unix::fs::symlink("/etc/passwd", secret).unwrap();
    std::os::unix::fs::symlink("/", log.parent().unwrap().join("f".repeat(32))).unwrap();
    std::os::unix::fs::symlink(&top, top.join("loop")).unwrap();
    let report = sync(&mut m.b, &m.harbor.book, m.folder.path());
    assert_eq!(report.received, 5, "{report:?}");
    assert!(report.ignored.len() >= 7, "{:?}", report.ignored);
    all_equal(&mut m);
    assert!(odd.iter().all(|path| path.exists()), "what is not ours is never removed");
    let upper = log.join(name.to_uppercase());
    fs::write(&upper, &bytes).unwrap();
    let report = sync(&mut m.b, &m.harbor.book, m.folder.path());
    assert_eq!(report.received, 0, "a name in another case is not ours");
}

#[test]
fn a_half_written_file_waits_and_is_taken_when_it_is_whole() {
    let mut m = meeting(5);
    let bundle = bundles(m.folder.path()).remove(0);
    let bytes = fs::read(&bundle).unwrap();
    for part in [0, 1, bytes.len() / 2, bytes.len() - 1] {
        fs::write(&bundle, &bytes[..part]).unwrap();
        let report = sync(&mut m.b, &m.harbor.book, m.folder.path());
        assert_eq!((report.received, report.ignored.len()), (0, 1), "{part}: {report:?}");
        // Bob handed over what he has himself; it is not what he waits for.
        for other in bundles(m.folder.path()).iter().filter(|other| **other != bundle) {
            fs::remove_file(other).unwrap();
        }
    }
    fs::write(&bundle, &bytes).unwrap();
    assert_eq!(sync(&mut m.b, &m.harbor.book, m.folder.path()).received, 5);
    all_equal(&mut m);
}

#[test]
fn damage_in_place_is_named_and_harms_nobody() {
    let mut m = meeting(12);
    let bundle = bundles(m.folder.path()).remove(0);
    let whole = fs::read(&bundle).unwrap();
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 4;
    for damaged in [flipped, vec![0; whole.len()], vec![0xa5; whole.len()]] {
        fs::write(&bundle, &damaged).unwrap();
        let before = dump(m.b.reader(), &m.harbor.book);
        let report = sync(&mut m.b, &m.harbor.book, m.folder.path());
        assert!(!report.refused.is_empty(), "{report:?}");
        assert!(report.refused.iter().all(|refused| refused.reason.len() > 10));
        let after = dump(m.b.reader(), &m.harbor.book);
        assert!(report.received > 0 || after == before);
    }
    let seen = run_of(&m.a, &m.harbor);
    assert_eq!(seen, 12, "who has the objects loses nothing");
    fs::write(&bundle, &whole).unwrap();
    all_equal(&mut m);
}

fn run_of(laptop: &Laptop, harbor: &Harbor) -> u64 {
    laptop.reader().count(&harbor.book, commonhold_core::Kind::Transaction).unwrap()
}

#[test]
fn damage_in_place_is_mended_by_the_device_that_has_the_objects() {
    let mut m = meeting(12);
    let bundle = bundles(m.folder.path()).remove(0);
    let length = fs::metadata(&bundle).unwrap().len() as usize;
    fs::write(&bundle, vec![0xa5; length]).unwrap();
    all_equal(&mut m);
}

#[test]
fn a_file_nobody_may_read_stops_nothing_else() {
    let mut m = meeting(3);
    let bundle = bundles(m.folder.path()).remove(0);
    let none = std::os::unix::fs::PermissionsExt::from_mode(0o0);
    fs::set_permissions(&bundle, none).unwrap();
    sync(&mut m.b, &m.harbor.book, m.folder.path());
    let all = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    fs::set_permissions(&bundle, all).unwrap();
    all_equal(&mut m);
}

#[test]
fn a_folder_that_is_gone_or_a_file_is_one_sentence() {
    let mut m = meeting(1);
    let missing = m.folder.path().join("unplugged");
    let file = m.folder.path().join("file");
    fs::write(&file, "x").unwrap();
    for path in [&missing, &file] {
        let failure = app_sync::sync_folder(&mut m.a, None, path, &mut unheard).unwrap_err();
        assert!(failure.message.contains(path.to_str().unwrap()), "{failure}");
    }
    assert!(!missing.exists(), "a stick that is not plugged in is not made up");
}

#[test]
fn two_processes_at_once_lose_nothing() {
    let mut m = meeting(150);
    for n in 0..150 {
        m.harbor.pay(&mut m.b, 900 + n, "Bob's");
    }
    let (book, folder) = (m.harbor.book, m.folder.path().to_owned());
    let (a, b) = (m.a.close(), m.b.close());
    for _ in 0..4 {
        let start =
            |home: &Path| commonhold(home).args(["sync", "--with"]).arg(&folder).spawn().unwrap();
        let both = [start(a.path()), start(b.path())];
        for mut child in both {
            assert!(child.wait().unwrap().success());
        }
    }
    let fingerprint = |home: &Path| run(home, &["--json", "status"]).json()["fingerprint"].clone();
    assert_eq!(fingerprint(a.path()), fingerprint(b.path()));
    let mut c = carol();
    meet(&mut c, &book, &folder);
    let seen = commonhold_app::commands::status::status(c.reader(), &book).unwrap();
    assert_eq!(fingerprint(a.path()), seen.fingerprint);
    assert_eq!(c.reader().count(&book, commonhold_core::Kind::Transaction).unwrap(), 300);
    assert!(files(&folder).iter().all(|path| !path.to_string_lossy().contains(".tmp-")));
}

#[test]
fn a_copied_profile_goes_on_as_an_installation_of_its_own() {
    let mut m = meeting(2);
    let closed = m.a.close();
    let mut copy = closed.twin();
    m.a = closed.open();
    for round in 0..3 {
        m.harbor.pay(&mut m.a, 10 + round, "The one");
        sync(&mut m.a, &m.harbor.book, m.folder.path());
        sync(&mut copy, &m.harbor.book, m.folder.path());
        m.harbor.pay(&mut copy, 20 + round, "The other");
        sync(&mut copy, &m.harbor.book, m.folder.path());
    }
    all_equal(&mut m);
    sync(&mut copy, &m.harbor.book, m.folder.path());
    let wanted = dump(m.a.reader(), &m.harbor.book);
    assert_same(&dump(copy.reader(), &m.harbor.book), &wanted, "the copy");
    let count = copy.reader().count(&m.harbor.book, commonhold_core::Kind::Transaction);
    assert_eq!(count.unwrap(), 2 + 6);
}

#[test]
fn what_two_copies_of_a_profile_wrote_while_apart_is_all_there_in_the_end() {
    let mut m = meeting(2);
    let book = m.harbor.book;
    let closed = m.a.close();
    let mut copy = closed.twin();
    m.a = closed.open();
    let paid = m.harbor.pay(&mut m.a, 10, "The one");
    m.harbor.write(&mut m.a, "# Minutes\n\nPresent: Ada, Ben.\n\n- The mirror answers.\n- One\n");
    let also = m.harbor.pay(&mut copy, 20, "The other");
    m.harbor.write(&mut copy, "# Minutes\n\nPresent: Ada.\n\n- The mirror answers.\n");
    let purpose = serde_json::json!("Written in the copy");
    m.harbor.set(&mut copy, commonhold_core::Kind::Fund, &m.harbor.fund, "purpose", purpose);
    sync(&mut m.a, &book, m.folder.path());
    sync(&mut copy, &book, m.folder.path());
    all_equal(&mut m);
    sync(&mut copy, &book, m.folder.path());
    let wanted = dump(m.a.reader(), &book);
    assert_same(&dump(copy.reader(), &book), &wanted, "the copy");
    for id in [paid, also] {
        let ok = Some(commonhold_core::projection::State::Ok);
        assert_eq!(m.harbor.state(&m.a, &id), ok);
    }
    let text = m.harbor.text(&m.a);
    assert!(text.contains("- One") && text.contains("Present: Ada.\n"), "{text}");
    assert!(wanted.contains("Written in the copy"));
    copy.store().unwrap().rebuild().unwrap();
    assert_same(&dump(copy.reader(), &book), &wanted, "the copy, rebuilt");
    m.harbor.pay(&mut copy, 30, "It goes on");
    sync(&mut copy, &book, m.folder.path());
    all_equal(&mut m);
}
