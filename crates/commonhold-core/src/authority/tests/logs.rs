//! Logs: what a device has seen whatever it cites, copies of profiles, and objects that conflict.

use super::*;

/// Person 2 led until the end; afterwards something claims not to have seen that.
fn ended() -> (Book, Vec<Hash>) {
    let mut book = Book::led_by(3);
    let before = book.heads();
    book.now(2, [end(2, Role::Leadership)]);
    (book, before)
}

#[test]
fn who_cites_only_the_old_has_still_seen_what_they_said() {
    let (mut book, before) = ended();
    book.say(2, &before, [admit(9, 9)]);
    assert_eq!(book.active(), [1, 2, 3]);
    let Stance::Member(writer) = book.set().judge(&device(2), (log(2), 99), &before, NOW) else {
        panic!()
    };
    assert!(writer.roles.is_empty());
}

#[test]
fn a_log_that_goes_on_from_nothing_states_nothing() {
    for origin in [None, Some(Origin::Fresh), Some(Origin::Unknown), Some(Origin::After(log(9), 1))]
    {
        let (mut book, before) = ended();
        book.logs.extend(origin.map(|origin| (log(22), origin)));
        book.say_at(2, (log(22), 1), &before, [admit(9, 9)]);
        assert_eq!(book.active(), [1, 2, 3], "{origin:?}");
    }
}

#[test]
fn a_log_that_goes_on_counts_and_has_seen_the_one_before() {
    let (mut book, before) = ended();
    book.logs.insert(log(22), Origin::After(log(2), 99));
    book.say_at(2, (log(22), 1), &before, [admit(9, 9)]);
    book.say_at(2, (log(22), 2), &before, [admit(2, 42)]);
    assert_eq!(book.active(), [1, 2, 3]);
    assert!(book.set().state().active(&device(42)).is_some());
    book.logs.insert(log(23), Origin::After(log(22), 2));
    book.say_at(2, (log(23), 1), &before, [admit(2, 43)]);
    assert!(book.set().state().active(&device(43)).is_some());
    same_in_every_order(&book, 5);
}

#[test]
fn a_log_without_statements_between_makes_nobody_forget() {
    let (mut book, before) = ended();
    book.logs.insert(log(22), Origin::After(log(2), 99));
    book.logs.insert(log(23), Origin::After(log(22), 4));
    book.say_at(2, (log(23), 1), &before, [admit(9, 9), admit(2, 42)]);
    assert_eq!(book.active(), [1, 2, 3]);
    assert!(book.set().state().active(&device(42)).is_some());
}

#[test]
fn a_copy_that_states_something_beside_the_original_states_nothing() {
    let (mut book, before) = ended();
    let last = book.nodes.iter().filter(|node| node.log == log(2)).map(|n| n.seq).max().unwrap();
    book.logs.insert(log(22), Origin::After(log(2), last - 1));
    book.say_at(2, (log(22), 1), &before, [admit(9, 9)]);
    assert_eq!(book.active(), [1, 2, 3]);
}

#[test]
fn of_two_copies_one_counts_also_where_they_are_copied_again() {
    let (mut book, _) = ended();
    let before = book.heads();
    book.logs.insert(log(22), Origin::After(log(2), 99));
    book.logs.insert(log(23), Origin::After(log(2), 99));
    book.logs.insert(log(24), Origin::After(log(22), 9));
    book.logs.insert(log(25), Origin::After(log(23), 9));
    book.say_at(2, (log(25), 1), &before, [admit(2, 45)]);
    assert!(book.set().state().active(&device(45)).is_some());
    book.say_at(2, (log(24), 1), &before, [admit(2, 44)]);
    let set = book.set();
    let active = [44, 45].map(|key| set.state().active(&device(key)).is_some());
    assert_eq!(active, [true, false]);
    same_in_every_order(&book, 5);
}

#[test]
fn logs_that_go_on_from_each_other_are_no_trouble() {
    let mut book = Book::led_by(2);
    let before = book.heads();
    book.logs.insert(log(22), Origin::After(log(23), 9));
    book.logs.insert(log(23), Origin::After(log(22), 9));
    book.say_at(2, (log(22), 1), &before, [admit(9, 9)]);
    book.say_at(2, (log(23), 1), &before, [admit(9, 9)]);
    assert_eq!(book.active(), [1, 2]);
    assert_eq!(book.set().judge(&device(2), (log(24), 0), &[], NOW), Stance::Stranger);
}

#[test]
fn two_objects_at_one_place_are_the_same_trouble_everywhere() {
    let mut book = Book::led_by(3);
    let before = book.heads();
    let place = (log(3), 50);
    book.say_at(3, place, &before, [admit(7, 7)]);
    book.say_at(3, place, &before, [admit(8, 8)]);
    book.say_at(3, (log(3), 51), &before, [grant(7, Role::Member), grant(8, Role::Member)]);
    same_in_every_order(&book, 20);
}
