//! What one person alone could try, with a program of their own.

use super::*;

#[test]
fn who_is_removed_cannot_keep_what_they_wrote_by_leaving() {
    let mut book = Book::led_by(4);
    book.now(4, [admit(4, 44)]);
    let before = book.heads();
    book.say(4, &before, [admit(8, 8)]);
    for key in [4, 44] {
        book.say(key, &before, [cut_at(remove(4), log(4), u64::MAX)]);
    }
    for signer in 1..=3 {
        book.say(signer, &before, [remove(4)]);
    }
    assert_eq!(book.active(), [1, 2, 3]);
    assert!(!book.set().removed()[&device(4)].cut.values().any(|seq| *seq > 20));
    same_in_every_order(&book, 5);
}

#[test]
fn a_stolen_device_cannot_keep_what_it_wrote() {
    let mut book = Book::led_by(1);
    book.now(1, [admit(1, 11)]);
    let before = book.heads();
    book.say(11, &before, [admit(8, 8)]);
    book.say(11, &before, [cut_at(remove_device(1, 11), log(11), u64::MAX)]);
    book.say(1, &before, [remove_device(1, 11)]);
    assert_eq!(book.active(), [1]);
}

#[test]
fn nobody_speaks_for_another_by_not_having_seen_them() {
    let mut book = Book::led_by(3);
    let before = book.heads();
    book.say(2, &before, [admit(7, 7), grant(7, Role::Treasurer)]);
    let seen = book.heads();
    book.say(1, &before, [admit(7, 66)]);
    assert!(book.set().state().admitted(&device(66)).is_none());
    let Stance::Member(writer) = book.set().judge(&device(7), (log(7), 1), &seen, NOW) else {
        panic!()
    };
    assert_eq!((writer.person, writer.apart), (person(7), false));
    same_in_every_order(&book, 5);
    book.now(3, [admit(7, 7)]);
    assert!(book.set().state().active(&device(7)).is_some(), "two against one");
    assert!(book.set().state().admitted(&device(66)).is_none());
}

#[test]
fn a_member_cannot_decide_by_naming_a_day_without_leadership() {
    for day in [-3650 * DAY, 3650 * DAY] {
        let mut book = Book::led_by(1);
        let (first, last) = (Date::new(2026, 1, 1), Date::new(2026, 12, 31));
        book.now(1, [admit(2, 2), term(2, Role::Leadership, first, last)]);
        book.now(1, [admit(7, 7), grant(7, Role::Member)]);
        book.now(1, [end(1, Role::Leadership)]);
        book.time = Time(NOW.0 + day);
        let erase = Statement::Erase { document: "private/2".into(), reason: "mine".into() };
        book.now(7, [admit(9, 9), grant(7, Role::Leadership), erase]);
        assert_eq!((book.active(), book.roles(7)), (vec![1, 2, 7], vec![Role::Member]));
        assert!(book.set().state().erased().is_empty());
    }
}

#[test]
fn one_member_cannot_take_over_where_leadership_is_gone() {
    let mut book = Book::led_by(1);
    for who in 2..=4 {
        book.now(1, [admit(who, who), grant(who, Role::Member)]);
    }
    book.now(1, [end(1, Role::Leadership)]);
    book.now(2, [end(3, Role::Member), end(4, Role::Member)]);
    book.now(2, [admit(9, 9), grant(9, Role::Member)]);
    assert_eq!(book.set().state().deciders(today()).len(), 3);
    book.now(3, [grant(9, Role::Member)]);
    assert_eq!(book.roles(9), [Role::Member]);
}

#[test]
fn one_of_all_cannot_bring_a_crowd() {
    let mut book = Book::led_by(1);
    book.now(1, [admit(2, 2), admit(3, 3)]);
    book.now(1, [end(1, Role::Leadership)]);
    book.now(2, [admit(9, 9), grant(2, Role::Leadership), grant(2, Role::Member)]);
    assert_eq!((book.active(), book.roles(2)), (vec![1, 2, 3], vec![]));
    book.now(3, [admit(9, 9)]);
    assert_eq!(book.active(), [1, 2, 3, 9]);
}

#[test]
fn one_who_was_removed_takes_at_most_those_who_did_it_with_them() {
    let mut book = Book::led_by(2);
    book.now(1, [admit(7, 7), admit(8, 8)]);
    let before = book.heads();
    book.say(1, &before, [remove(2)]);
    book.say(2, &before, [remove(1)]);
    book.say(2, &before, [remove(7)]);
    book.say(2, &before, [remove(8)]);
    assert_eq!(book.active(), [7, 8]);
    same_in_every_order(&book, 5);
}

#[test]
fn a_crowd_of_devices_keeps_nobody_from_writing() {
    let mut book = Book::led_by(2);
    let before = book.heads();
    for n in 0..600_u16 {
        let mut key = [200; 32];
        key[..2].copy_from_slice(&n.to_be_bytes());
        let mut at = [200; 16];
        at[..2].copy_from_slice(&n.to_be_bytes());
        let Statement::Device { person, sealing, label, recovery, .. } = admit(2, 2) else {
            unreachable!()
        };
        let (device, log) = (Device(key), LogId(at));
        let own = Statement::Device { person, device, sealing, log, label, recovery };
        let seen = book.say(2, &before, [own]);
        let mut node = book.nodes.last().unwrap().clone();
        node = Node { hash: Hash::of(&key), device, log, seq: 1, cites: vec![seen], ..node };
        node.statements = vec![Some(end(2, Role::Teller))];
        book.nodes.push(node);
    }
    let own = book.say(1, &before, [admit(7, 7)]);
    let heads = book.heads();
    assert!(heads.len() <= 255 && heads.contains(&own));
}
