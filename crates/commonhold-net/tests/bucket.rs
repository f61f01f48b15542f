//! The bucket transport against real servers on real sockets: S3 by `s3s`, which checks
//! signatures, WebDAV by `wsgidav` out of the tests' own Python folder, and servers that mean harm.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods
)]

#[path = "bucket/hostile.rs"]
mod hostile;
#[path = "bucket/servers.rs"]
mod servers;
#[path = "bucket/tls.rs"]
mod tls;

use commonhold_core::id::{BookId, hex};
use commonhold_core::keys::Topic;
use commonhold_net::bucket::{Bucket, BucketShelf, Credentials};
use commonhold_sync::shelf::{Item, Room, Shelf, Trouble};
use servers::{KEY, SECRET, Server, everywhere};
use std::fs;
use std::sync::OnceLock;
use zeroize::Zeroizing;

const BOOK: BookId = BookId([7; 32]);

/// Any room of a book; the topic plays no part in a bucket.
fn room() -> Room {
    static TOPIC: OnceLock<Topic> = OnceLock::new();
    let topic = TOPIC.get_or_init(|| Topic::of_invitation(b"a secret of a meeting").unwrap());
    Room::Book(BOOK, Some(topic.clone()))
}

fn login() -> Credentials {
    Credentials::new(KEY, SECRET)
}

fn open(server: &Server) -> Bucket {
    Bucket::open(&server.address(""), Some(&login())).unwrap()
}

fn names(shelf: &mut BucketShelf, prefix: &str) -> Vec<(String, u64)> {
    let mut items = shelf.list(prefix).unwrap();
    items.sort();
    items.into_iter().map(|Item { name, bytes }| (name, bytes)).collect()
}

#[test]
fn what_one_lays_down_another_lists_and_reads() {
    everywhere(|server| {
        let (one, two) = (open(server), open(server));
        let (mut mine, mut theirs) = (one.shelf(&room()), two.shelf(&room()));
        assert!(one.books().unwrap().is_empty() && mine.list("").unwrap().is_empty());
        assert_eq!(mine.get("a1/x.cho", 10).unwrap(), None);
        mine.remove("a1/x.cho").unwrap();

        mine.put("a1/x.cho", b"first").unwrap();
        mine.put("a1/x.cho", b"the second").unwrap();
        mine.put("keys/deep/er/0f.chk", b"key").unwrap();
        mine.put("empty", b"").unwrap();
        let all = [("a1/x.cho", 10), ("empty", 0), ("keys/deep/er/0f.chk", 3)];
        let all: Vec<_> = all.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)).collect();
        assert_eq!(names(&mut theirs, ""), all);
        for (prefix, count) in
            [("a", 1), ("a1/", 1), ("a1/y", 0), ("keys/de", 1), ("keys/deep/er/0", 1), ("x/", 0)]
        {
            assert_eq!(theirs.list(prefix).unwrap().len(), count, "{prefix}");
        }
        assert_eq!(theirs.get("a1/x.cho", 100).unwrap().unwrap(), b"the second");
        assert_eq!(theirs.get("a1/x.cho", 10).unwrap().unwrap(), b"the second");
        assert_eq!(theirs.get("a1/x.cho", 3).unwrap().unwrap(), b"the");
        assert_eq!(theirs.get("empty", 3).unwrap().unwrap(), b"");
        assert_eq!(two.books().unwrap(), [BOOK]);

        theirs.remove("a1/x.cho").unwrap();
        theirs.remove("a1/x.cho").unwrap();
        assert_eq!(mine.get("a1/x.cho", 10).unwrap(), None);
        assert_eq!(names(&mut mine, "").len(), 2);
        assert!(mine.put("../x", b"").is_err() && mine.get("A", 1).is_err());

        let meeting = Room::Meeting([9; 16], Zeroizing::new(Vec::new()));
        one.shelf(&meeting).put("offer", b"o").unwrap();
        assert_eq!(names(&mut two.shelf(&meeting), ""), [("offer".to_owned(), 1)]);
        assert_eq!((one.books().unwrap(), names(&mut mine, "").len()), (vec![BOOK], 2));
    });
}

#[test]
fn what_is_no_file_of_ours_is_left_out() {
    everywhere(|server| {
        let bucket = open(server);
        let mut shelf = bucket.shelf(&room());
        shelf.put("a1/x.cho", b"1").unwrap();
        let folder = server.files().join(room().folder());
        for name in ["a1/.tmp-0", "a1/X.CHO", "a1/x (conflict).cho", "a1/ä&<", "a1/%2e"] {
            fs::write(folder.join(name), "no").unwrap();
        }
        fs::create_dir(folder.join("A b")).unwrap();
        fs::write(folder.join("A b/x"), "no").unwrap();
        assert_eq!(names(&mut shelf, ""), [("a1/x.cho".to_owned(), 1)]);
        fs::create_dir(server.files().join("commonhold/somebody-elses")).unwrap();
        assert_eq!(bucket.books().unwrap(), [BOOK]);
    });
}

#[test]
fn thousands_of_names_and_a_large_file() {
    everywhere(|server| {
        let mut shelf = open(server).shelf(&room());
        let folder = server.files().join(room().folder());
        for log in ["b1", "b2", "b3"] {
            fs::create_dir_all(folder.join(log)).unwrap();
            for n in 0..500_u32 {
                fs::write(folder.join(format!("{log}/{n:04x}.cho")), n.to_string()).unwrap();
            }
        }
        let all = names(&mut shelf, "");
        assert_eq!(all.len(), 1500);
        assert_eq!(all[1499], ("b3/01f3.cho".to_owned(), 3));
        assert_eq!(shelf.list("b2/").unwrap().len(), 500);

        let large: Vec<u8> = (0..20 * 1024 * 1024_u32).map(|n| (n % 251) as u8).collect();
        shelf.put("b1/large.cho", &large).unwrap();
        assert!(shelf.get("b1/large.cho", 32 * 1024 * 1024).unwrap().unwrap() == large);
        assert!(shelf.get("b1/large.cho", 5_000_000).unwrap().unwrap() == large[..5_000_000]);
        let large = Item { name: "b1/large.cho".to_owned(), bytes: 20 * 1024 * 1024 };
        assert_eq!(shelf.list("b1/l").unwrap(), [large]);
    });
}

#[test]
fn wrong_credentials_are_denied_and_never_told() {
    everywhere(|server| {
        open(server).shelf(&room()).put("x", b"1").unwrap();
        for login in [
            Some(Credentials::new(KEY, "hush-hush")),
            Some(Credentials::new("nobody", "hush-hush")),
            None,
        ] {
            let bucket = Bucket::open(&server.address(""), login.as_ref()).unwrap();
            let mut shelf = bucket.shelf(&room());
            for error in [
                shelf.list("").unwrap_err(),
                shelf.get("x", 9).unwrap_err(),
                shelf.put("x", b"2").unwrap_err(),
                shelf.remove("x").unwrap_err(),
                bucket.books().unwrap_err(),
            ] {
                assert_eq!(error.trouble, Trouble::Denied, "{error}");
                let told = format!("{error} {error:?} {bucket:?} {shelf:?} {login:?}");
                assert!(!told.contains("hush") && !told.contains(SECRET), "{told}");
            }
        }
        let mut shelf = open(server).shelf(&room());
        assert_eq!(shelf.get("x", 9).unwrap().unwrap(), b"1");
    });
}

#[test]
fn a_bucket_or_folder_that_does_not_exist_is_said() {
    everywhere(|server| {
        let bucket = Bucket::open(&server.elsewhere(), Some(&login())).unwrap();
        let mut shelf = bucket.shelf(&room());
        for error in [
            Some(shelf.list("").unwrap_err()),
            Some(bucket.books().unwrap_err()),
            // The S3 server of the tests makes the bucket then.
            shelf.put("a/x", b"1").err(),
        ]
        .into_iter()
        .flatten()
        {
            assert_eq!(error.trouble, Trouble::Broken, "{error}");
            assert!(error.reason.contains("make it there"), "{error}");
        }
    });
}

#[test]
fn a_server_that_is_gone_is_away_and_may_come_back() {
    everywhere(|server| {
        let bucket = open(server);
        let mut shelf = bucket.shelf(&room());
        shelf.put("x", b"1").unwrap();
        server.stop();
        for error in [shelf.list("").unwrap_err(), shelf.put("x", b"2").unwrap_err()] {
            assert_eq!(error.trouble, Trouble::Away, "{error}");
        }
        server.start();
        assert_eq!(shelf.get("x", 9).unwrap().unwrap(), b"1");
    });
}

#[test]
fn a_folder_within_the_bucket_keeps_to_itself() {
    everywhere(|server| {
        fs::create_dir_all(server.files().join("team")).unwrap();
        let within = Bucket::open(&server.address("team"), Some(&login())).unwrap();
        let mut shelf = within.shelf(&room());
        shelf.put("a/x", b"1").unwrap();
        assert_eq!(names(&mut shelf, ""), [("a/x".to_owned(), 1)]);
        assert_eq!(within.books().unwrap(), [BOOK]);
        assert!(open(server).books().unwrap().is_empty());
        let file = format!("team/commonhold/{}/a/x", hex(&BOOK.0));
        assert_eq!(fs::read(server.files().join(file)).unwrap(), b"1");
    });
}

#[test]
fn many_devices_lay_down_at_once() {
    everywhere(|server| {
        let (bucket, dav) = (open(server), server.is_dav());
        std::thread::scope(|scope| {
            for n in 0..8_u8 {
                let mut shelf = bucket.shelf(&room());
                scope.spawn(move || {
                    for file in 0..5_u8 {
                        shelf.put(&format!("log-{n}/{file}"), &[n; 1000]).unwrap();
                        // Servers replace by deleting first (RFC 4918, 9.9.3), so one of two that
                        // replace the same file at once may have to try later. S3 has no such gap.
                        if let Err(error) = shelf.put("same/for-all", &vec![n; 100_000]) {
                            assert!(error.trouble == Trouble::Away && dav, "{error}");
                        }
                        match shelf.get("same/for-all", 1_000_000) {
                            Ok(Some(one)) => {
                                assert!(one.len() == 100_000 && one.iter().all(|b| *b == one[0]));
                            }
                            Ok(None) => assert!(dav),
                            Err(error) => assert!(error.trouble == Trouble::Away && dav, "{error}"),
                        }
                    }
                });
            }
        });
        let mut shelf = bucket.shelf(&room());
        shelf.put("same/for-all", b"at last").unwrap();
        assert_eq!(shelf.list("").unwrap().len(), 41);
        assert_eq!(shelf.get("same/for-all", 100).unwrap().unwrap(), b"at last");
        let left = fs::read_dir(server.files().join(room().folder()).join("same")).unwrap();
        assert_eq!(left.count(), 1, "something was left aside");
    });
}
