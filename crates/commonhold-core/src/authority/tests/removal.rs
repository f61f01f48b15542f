//! Removal: how many it takes, what it voids, and coming back.

use super::*;

#[test]
fn removal_takes_more_than_half_of_leadership_but_never_who_is_removed() {
    for (leaders, outsider, leader) in [(1, 1, 1), (2, 2, 1), (3, 2, 2), (4, 3, 3), (5, 3, 3)] {
        let mut book = Book::led_by(leaders);
        book.now(1, [admit(9, 9)]);
        let mut inside = book.clone();
        let before = book.heads();
        assert_eq!(book.set().state().needed_to_remove(person(9), today()), outsider);
        for signer in 1..=leaders {
            assert_eq!(book.active().contains(&9), u32::from(signer) <= outsider);
            book.say(signer, &before, [remove(9)]);
        }
        assert!(!book.active().contains(&9) && book.is_removed(9));
        for (others, signer) in (1..leaders).enumerate() {
            assert_eq!(inside.active().contains(&leaders), others < leader, "{leaders}");
            inside.say(signer, &before, [remove(leaders)]);
        }
        assert_eq!(inside.active().contains(&leaders), leaders == 1, "{leaders}");
        same_in_every_order(&book, 2);
    }
}

#[test]
fn one_person_has_one_vote_with_two_devices() {
    let mut book = Book::led_by(3);
    book.now(1, [admit(1, 11)]);
    book.now(2, [admit(9, 9)]);
    let before = book.heads();
    book.say(1, &before, [remove(9)]);
    book.say(11, &before, [remove(9)]);
    assert!(book.active().contains(&9));
    let set = book.set();
    let (action, tally) = set.state().open().next().unwrap();
    assert_eq!(*action, Action::Remove(person(9), 0));
    assert_eq!((tally.votes.len(), tally.needed()), (1, 2));
}

#[test]
fn two_who_remove_each_other_are_both_out() {
    let mut book = Book::led_by(2);
    book.now(1, [admit(7, 7)]);
    let before = book.heads();
    book.say(1, &before, [remove(2)]);
    book.say(2, &before, [remove(1)]);
    assert_eq!(book.active(), [7]);
    assert!(book.is_removed(1) && book.is_removed(2));
    same_in_every_order(&book, 10);
}

#[test]
fn what_is_stated_beside_a_removal_is_void_and_what_was_seen_stays() {
    let mut book = Book::led_by(4);
    book.now(4, [admit(7, 7), grant(7, Role::Member)]);
    let before = book.heads();
    book.say(4, &before, [admit(8, 8), grant(7, Role::Treasurer)]);
    book.say(4, &before, [admit(4, 44)]);
    for signer in 1..=3 {
        assert_eq!(book.active().contains(&8), signer < 4);
        book.say(signer, &before, [remove(4)]);
    }
    assert_eq!((book.active(), book.roles(7)), (vec![1, 2, 3, 7], vec![Role::Member]));
    assert!(book.set().state().admitted(&device(44)).is_none());
    assert_eq!(book.set().without_effect().count(), 2);
    same_in_every_order(&book, 10);
    let after = book.now(1, [grant(7, Role::Teller)]);
    book.say(4, &[after], [remove(1), end(7, Role::Member)]);
    assert_eq!(book.active(), [1, 2, 3, 7], "who knows of their removal has no say");
}

#[test]
fn a_cut_that_names_more_keeps_more() {
    let mut book = Book::led_by(2);
    let before = book.heads();
    book.say(2, &before, [admit(7, 7)]);
    book.say(2, &before, [admit(8, 8)]);
    book.say(1, &before, [cut_at(remove(2), log(2), 1)]);
    assert_eq!(book.active(), [1, 7]);
}

#[test]
fn who_comes_back_begins_anew() {
    let mut book = Book::led_by(3);
    book.now(1, [admit(7, 7), grant(7, Role::Member)]);
    for signer in 1..=2 {
        book.now(signer, [remove(7)]);
    }
    assert_eq!(book.active(), [1, 2, 3]);
    book.now(1, [admit(7, 7), grant(7, Role::Member)]);
    book.now(2, [admit(7, 7)]);
    assert_eq!(book.active(), [1, 2, 3], "a removed device is out for good");
    book.now(1, [admit(7, 77)]);
    assert_eq!(book.active(), [1, 2, 3]);
    book.now(2, [admit(7, 77)]);
    assert_eq!((book.active(), book.roles(7)), (vec![1, 2, 3, 7], vec![]));
    assert!(book.is_removed(7) && !book.is_removed(77));
    book.now(3, [remove(7)]);
    assert!(book.active().contains(&7), "old votes are used up");
    book.now(1, [grant(7, Role::Teller)]);
    assert_eq!(book.roles(7), [Role::Teller]);
    book.now(2, [remove(7)]);
    assert_eq!(book.active(), [1, 2, 3]);
    same_in_every_order(&book, 10);
}

#[test]
fn everybody_may_leave_and_give_up_a_device() {
    let mut book = Book::led_by(3);
    book.now(1, [admit(7, 7)]);
    book.now(7, [admit(7, 77)]);
    book.now(77, [remove_device(7, 7)]);
    assert_eq!(book.active(), [1, 2, 3, 7]);
    assert!(book.is_removed(7) && !book.is_removed(77));
    book.now(7, [remove_device(7, 77)]);
    assert!(!book.is_removed(77));
    book.now(77, [remove(7)]);
    book.now(3, [remove(3)]);
    assert_eq!(book.active(), [1, 2]);
}

#[test]
fn a_sock_puppet_made_beside_the_removal_removes_nobody() {
    let mut book = Book::led_by(2);
    let one = Statement::Policy { removal: None, leadership: Some(1) };
    book.now(1, [one.clone()]);
    book.now(2, [one]);
    let before = book.heads();
    book.say(1, &before, [remove(2)]);
    let sock = book.say(2, &before, [admit(9, 9), grant(9, Role::Leadership)]);
    assert_eq!(book.active(), [1]);
    book.say(9, &[sock], [remove(1)]);
    assert_eq!(book.active(), [1]);
    same_in_every_order(&book, 10);
}

/// Each makes somebody who removes the other: neither removal stands without its ground, which
/// the other takes away.
fn circle() -> Book {
    let mut book = Book::led_by(3);
    let easy = Statement::Policy { removal: Some(1), leadership: Some(1) };
    for signer in 1..=2 {
        book.now(signer, [easy.clone()]);
    }
    let before = book.heads();
    let left = book.say(1, &before, [admit(8, 8), grant(8, Role::Leadership)]);
    let right = book.say(2, &before, [admit(9, 9), grant(9, Role::Leadership)]);
    book.say(8, &[left], [remove(2)]);
    book.say(9, &[right], [remove(1)]);
    book
}

#[test]
fn removals_that_void_each_others_grounds_all_hold() {
    let mut book = circle();
    assert_eq!(book.active(), [3]);
    assert!(book.is_removed(1) && book.is_removed(2));
    assert_eq!(book.set().state().deciders(today()), BTreeSet::from([person(3)]));
    same_in_every_order(&book, 10);
    book.now(3, [admit(7, 7), grant(7, Role::Leadership)]);
    assert_eq!(book.roles(7), [Role::Leadership], "who is left can go on");
    let Stance::Member(writer) = book.set().judge(&device(3), (log(3), 99), &book.heads(), NOW)
    else {
        panic!()
    };
    assert!(!writer.apart);
    let stance = book.set().judge(&device(1), (log(1), 99), &book.heads(), NOW);
    assert_eq!(stance, Stance::Late);
}

#[test]
fn an_object_is_judged_where_it_was_written() {
    let mut book = Book::led_by(4);
    let early = vec![Hash([0; 32])];
    let before = book.heads();
    for signer in 1..=3 {
        book.say(signer, &before, [remove(4)]);
    }
    let (set, after) = (book.set(), book.heads());
    let member = |stance| match stance {
        Stance::Member(writer) => writer,
        other => panic!("{other:?}"),
    };
    let seen = member(set.judge(&device(4), (log(4), 1), &before, NOW));
    assert_eq!(
        (seen.person, seen.apart),
        (person(4), true),
        "no cut names a log without statements"
    );
    assert!(seen.may(&[Role::Leadership], false) && !seen.may(&[Role::Teller], false));
    assert!(seen.may(&[], true));
    assert_eq!(set.judge(&device(4), (log(4), 2), &after, NOW), Stance::Late);
    assert_eq!(set.judge(&device(4), (log(4), 2), &early, NOW), Stance::Stranger);
    assert_eq!(set.judge(&device(8), (log(8), 1), &after, NOW), Stance::Stranger);
    assert_eq!(set.judge(&device(1), (log(1), 99), &[Hash([9; 32])], NOW), Stance::Unknown);
    let good = member(set.judge(&device(1), (log(1), 99), &after, NOW));
    assert!(!good.apart && good.roles.contains(&Role::Leadership));
    assert!(set.knows(&device(4)) && !set.knows(&device(8)));
    assert!(set.covers(&after, &before) && !set.covers(&before, &after));
    let verdicts =
        [&before, &after].map(|cites| set.verdict(&device(4), log(4), cites, (1, u64::MAX)));
    assert_ne!(verdicts[0], verdicts[1]);
}
