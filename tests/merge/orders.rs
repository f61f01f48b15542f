//! Twenty orders, the same end.

use super::apart::{Common, Writer, quarrels};
use super::delivery::{self, Log};
use crate::support::{Chance, Closed, Harbor, Laptop, alice, assert_same, bob, carol, dump};
use crate::support::{found, give, logs, sync};
use commonhold_core::BookId;

const EDITS: usize = 1000;
const ORDERS: u64 = 20;

/// Two people who parted with the same records and wrote a thousand edits each.
struct Apart {
    harbor: Harbor,
    a: Closed,
    b: Closed,
    of_a: Log,
    of_b: Log,
}

fn own(laptop: &Laptop, book: &BookId) -> Log {
    assert!(laptop.reader().note_shown(book).unwrap());
    let log = laptop.reader().logs(book).unwrap().into_iter().find(|log| log.own).unwrap();
    laptop.reader().objects(log.n, 0, u32::MAX).unwrap().into_iter().map(|o| o.1).collect()
}

fn apart(edits: usize) -> Apart {
    let (mut a, mut b) = (alice(), bob());
    let harbor = found(&mut a);
    let common = Common::begin(&mut a, &harbor);
    give(&a, &mut b, &harbor.book);
    for (laptop, seed) in [(&mut a, 11), (&mut b, 12)] {
        Writer::new(laptop, &harbor, &common, seed).edit(edits);
    }
    let (of_a, of_b) = (own(&a, &harbor.book), own(&b, &harbor.book));
    assert!(of_a.len() > edits && of_b.len() >= edits);
    Apart { harbor, a: a.close(), b: b.close(), of_a, of_b }
}

fn rebuilt(laptop: &mut Laptop, book: &BookId) -> String {
    laptop.store().unwrap().rebuild().unwrap();
    dump(laptop.reader(), book)
}

#[test]
fn a_thousand_edits_each_in_twenty_orders_end_in_the_same_bytes() {
    let apart = apart(EDITS);
    let book = apart.harbor.book;
    let mut one = apart.a.twin();
    delivery::offer(&mut one, &book, std::slice::from_ref(&apart.of_b), &mut Chance(1));
    let wanted = dump(one.reader(), &book);
    let (withdrawn, superseded, rival, conflicts) = quarrels(&one, &apart.harbor);
    println!("{withdrawn} withdrawn, {superseded} superseded, {rival} rivals, {conflicts} at odds");
    assert!(withdrawn > 50 && superseded > 50 && rival >= 5 && conflicts >= 5);
    assert_same(&rebuilt(&mut one, &book), &wanted, "a rebuild");
    for order in 0..ORDERS {
        let mut chance = Chance(100 + order);
        let mut a = apart.a.twin();
        delivery::offer(&mut a, &book, std::slice::from_ref(&apart.of_b), &mut chance);
        assert_same(&dump(a.reader(), &book), &wanted, &format!("Alice, order {order}"));
        let mut b = apart.b.twin();
        delivery::offer(&mut b, &book, std::slice::from_ref(&apart.of_a), &mut chance);
        assert_same(&dump(b.reader(), &book), &wanted, &format!("Bob, order {order}"));
        if order % 5 == 0 {
            assert_same(&rebuilt(&mut a, &book), &wanted, &format!("Alice rebuilt, {order}"));
            assert_same(&rebuilt(&mut b, &book), &wanted, &format!("Bob rebuilt, {order}"));
        }
    }
}

#[test]
fn a_third_who_gets_everything_second_hand_holds_the_same() {
    let apart = apart(EDITS / 4);
    let book = apart.harbor.book;
    let mut a = apart.a.twin();
    delivery::offer(&mut a, &book, std::slice::from_ref(&apart.of_b), &mut Chance(1));
    let wanted = dump(a.reader(), &book);
    let everything = logs(a.reader(), &book);
    assert_eq!(everything.len(), 2);
    for order in 0..ORDERS {
        let mut c = carol();
        c.store().unwrap().join(&apart.of_a[0]).unwrap();
        delivery::offer(&mut c, &book, &everything, &mut Chance(200 + order));
        assert_same(&dump(c.reader(), &book), &wanted, &format!("Carol, order {order}"));
    }
}

#[test]
fn through_a_folder_with_what_arrives_late_and_again_it_is_the_same() {
    let apart = apart(EDITS / 4);
    let book = apart.harbor.book;
    let mut a = apart.a.twin();
    delivery::offer(&mut a, &book, std::slice::from_ref(&apart.of_b), &mut Chance(1));
    let wanted = dump(a.reader(), &book);
    let now = a.now();
    let secret = a.store().unwrap().sealing_key(&book, now).unwrap().unwrap();
    for order in 0..ORDERS {
        let mut chance = Chance(300 + order);
        let folder = tempfile::tempdir().unwrap();
        let both = [apart.of_a.clone(), apart.of_b.clone()];
        delivery::lay(folder.path(), (&book, &secret), &both, &mut chance, 400);
        let mut laptops = vec![apart.a.twin(), apart.b.twin()];
        let mut c = carol();
        c.store().unwrap().join(&apart.of_a[0]).unwrap();
        laptops.push(c);
        for _ in 0..4 {
            let which = chance.below(3);
            sync(&mut laptops[which], &book, folder.path());
        }
        for round in 0..2 {
            for laptop in &mut laptops {
                let report = sync(laptop, &book, folder.path());
                assert!(report.refused.is_empty(), "{report:?}");
                assert!(round == 0 || report.waiting == 0, "{report:?}");
            }
        }
        for (laptop, name) in laptops.iter().zip(["Alice", "Bob", "Carol"]) {
            assert_same(&dump(laptop.reader(), &book), &wanted, &format!("{name}, {order}"));
        }
        let quiet = sync(&mut laptops[0], &book, folder.path());
        assert_eq!((quiet.sent, quiet.received), (0, 0), "nothing travels twice");
    }
}

#[test]
fn after_meeting_they_go_on_writing_about_the_same_records_and_meet_again() {
    let (mut a, mut b, mut c) = (alice(), bob(), carol());
    let harbor = found(&mut a);
    let common = Common::begin(&mut a, &harbor);
    give(&a, &mut b, &harbor.book);
    for round in 0..8 {
        Writer::new(&mut a, &harbor, &common, 500 + round).edit(25);
        Writer::new(&mut b, &harbor, &common, 600 + round).edit(25);
        // Carol hears of Alice through Bob and the other way round.
        give(&b, &mut c, &harbor.book);
        give(&c, &mut a, &harbor.book);
        give(&a, &mut b, &harbor.book);
        give(&a, &mut c, &harbor.book);
        let wanted = dump(a.reader(), &harbor.book);
        assert_same(&dump(b.reader(), &harbor.book), &wanted, &format!("Bob, round {round}"));
        assert_same(&dump(c.reader(), &harbor.book), &wanted, &format!("Carol, round {round}"));
    }
    let wanted = dump(a.reader(), &harbor.book);
    assert_same(&rebuilt(&mut c, &harbor.book), &wanted, "rebuilt");
}
