//! What is entered while nobody is there goes out as one object; what somebody may have seen stays as
//! it was, also where that was a copy of the profile or an archive.

use crate::support::{Laptop, alice, assert_same, bob, carol, dump, found, logs, meet, sync};
use commonhold_app::commands::{archive, status, sync as places};
use commonhold_app::events::unheard;
use commonhold_core::object::Object;
use commonhold_core::{BookId, Kind};

fn objects(laptop: &Laptop, book: &BookId) -> u64 {
    laptop.reader().logs(book).unwrap().iter().map(|log| log.last).sum()
}

fn no_forks(laptop: &Laptop, book: &BookId) {
    let forks = laptop.reader().forks(book).unwrap();
    assert!(forks.is_empty(), "{forks:?}");
}

#[test]
fn what_is_entered_offline_goes_out_as_one_object_for_each_document() {
    let (mut a, mut b) = (alice(), bob());
    let harbor = found(&mut a);
    let (book, folder) = (harbor.book, tempfile::tempdir().unwrap());
    sync(&mut a, &book, folder.path());
    meet(&mut b, &book, folder.path());
    let before = objects(&a, &book);
    let paid: Vec<_> = (1..=40).map(|n| harbor.pay(&mut a, n * 100, "Hosting")).collect();
    assert_eq!(objects(&a, &book), before + 40);
    let said = dump(a.reader(), &book);
    let report = sync(&mut a, &book, folder.path());
    assert_eq!((report.sent, objects(&a, &book)), (1, before + 1));
    assert_same(&dump(a.reader(), &book), &said, "the one who wrote");
    sync(&mut b, &book, folder.path());
    assert_same(&dump(b.reader(), &book), &said, "the other one");
    // Who entered what when is told as it was, on both.
    let steps = |laptop: &Laptop| {
        let of = |id| {
            let row = laptop.reader().record(&book, Kind::Transaction, id).unwrap().unwrap();
            let steps = laptop.reader().history(&book, &row, Kind::Transaction).unwrap();
            steps.iter().map(|step| (step.time.0 / 1000, step.person)).collect::<Vec<_>>()
        };
        paid.iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(steps(&a), steps(&b));
    assert!(steps(&a).iter().all(|steps| steps.len() == 1));
    let times: std::collections::BTreeSet<_> = steps(&a).concat().into_iter().collect();
    assert!(times.len() > 1, "each at its own second: {times:?}");
    // At the next exchange nothing is new, and nothing is written; what comes later is counted.
    let report = sync(&mut a, &book, folder.path());
    assert_eq!((report.sent, report.received), (0, 0));
    let unsent = |laptop: &Laptop| status::status(laptop.reader(), &book).unwrap().unsent;
    assert_eq!(unsent(&a), 0);
    harbor.pay(&mut a, 999, "A domain");
    harbor.pay(&mut a, 998, "Another one");
    assert_eq!(unsent(&a), 2);
    sync(&mut a, &book, folder.path());
    assert_eq!(unsent(&a), 0);
}

#[test]
fn a_backup_from_before_it_was_handed_over_contradicts_nothing() {
    let (mut a, mut b) = (alice(), bob());
    let harbor = found(&mut a);
    let (book, folder) = (harbor.book, tempfile::tempdir().unwrap());
    sync(&mut a, &book, folder.path());
    meet(&mut b, &book, folder.path());
    for n in 1..=40 {
        harbor.pay(&mut a, n * 100, "Before the backup");
    }
    let closed = a.close();
    // With other chance than the one that goes on, as after any start.
    let backup = closed.twin().close().open().close();
    let mut a = closed.open();
    harbor.pay(&mut a, 700, "After the backup");
    sync(&mut a, &book, folder.path());
    sync(&mut b, &book, folder.path());
    let whole = dump(b.reader(), &book);
    // The disk fails, and the backup is put back; first something is entered.
    drop(a);
    let mut back = backup.open();
    harbor.pay(&mut back, 900, "On the backup");
    for _ in 0..3 {
        sync(&mut back, &book, folder.path());
        sync(&mut b, &book, folder.path());
    }
    assert_same(&dump(back.reader(), &book), &dump(b.reader(), &book), "both");
    no_forks(&b, &book);
    no_forks(&back, &book);
    let list = dump(b.reader(), &book);
    for (what, times) in [("Before the backup", 40), ("After the backup", 1), ("On the backup", 1)]
    {
        let query = commonhold_core::projection::Query { limit: 90, ..Default::default() };
        let rows = b.reader().list(&book, Kind::Transaction, &query).unwrap().rows;
        let found = rows.iter().filter(|row| row.fields["narration"] == what).count();
        assert_eq!(found, times, "{what}: {list}");
    }
    assert_ne!(list, whole);
    let refused = b.reader().refused(&book).unwrap();
    assert!(refused.is_empty(), "{refused:?}");
}

#[test]
fn what_lies_in_an_archive_is_never_written_anew() {
    let (mut a, mut b, mut c) = (alice(), bob(), carol());
    let harbor = found(&mut a);
    let (book, folder) = (harbor.book, tempfile::tempdir().unwrap());
    sync(&mut a, &book, folder.path());
    meet(&mut b, &book, folder.path());
    for n in 1..=40 {
        harbor.pay(&mut a, n * 100, "In the archive");
    }
    let zip = folder.path().join("harbor.zip");
    let now = a.now();
    // Whoever only reads may write it, as a second program does beside the window.
    let reader = commonhold_core::store::Reader::open(&a.home().join("book.sqlite")).unwrap();
    archive::export(&reader, &book, &zip, now, &mut unheard).unwrap();
    let archived = logs(a.reader(), &book);
    for n in 1..=40 {
        harbor.pay(&mut a, n * 100, "After it");
    }
    sync(&mut a, &book, folder.path());
    for (then, now) in archived.iter().zip(logs(a.reader(), &book)) {
        assert!(now.starts_with(then));
    }
    let grown = logs(a.reader(), &book).concat().len() - archived.concat().len();
    assert_eq!(grown, 1, "what came after it is joined");
    // Somebody begins again from it and meets the others: nobody finds two things at one place.
    archive::restore(&mut c, &zip, &mut unheard).unwrap();
    sync(&mut b, &book, folder.path());
    places::sync_folder(&mut c, Some(book), folder.path(), &mut unheard).unwrap();
    sync(&mut b, &book, folder.path());
    no_forks(&b, &book);
    no_forks(&c, &book);
    assert_same(&dump(b.reader(), &book), &dump(a.reader(), &book), "the team");
    let times = |laptop: &Laptop| {
        let each = logs(laptop.reader(), &book).concat();
        each.iter().map(|bytes| Object::reopen(bytes).unwrap().parts.len()).sum::<usize>()
    };
    assert_eq!(times(&b), times(&a));
}
