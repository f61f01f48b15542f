//! Who belongs and in which role.

use super::*;

#[test]
fn a_founder_leads_alone() {
    let book = Book::new();
    assert_eq!((book.active(), book.roles(1)), (vec![1], vec![Role::Leadership]));
    let set = book.set();
    assert_eq!(set.heads(), [Hash([0; 32])]);
    assert_eq!(set.state().granted(person(1))[0].basis, Basis::Founding);
    assert!(set.removed().is_empty());
    assert_eq!(Authority::new(Vec::new(), BTreeMap::new()).heads(), []);
}

#[test]
fn one_of_leadership_admits_somebody_new_and_nobody_else_does() {
    let mut book = Book::led_by(3);
    book.now(2, [admit(7, 7)]);
    assert_eq!(book.active(), [1, 2, 3, 7]);
    book.now(7, [admit(8, 8), grant(7, Role::Member)]);
    assert_eq!(book.active(), [1, 2, 3, 7]);
    assert_eq!(book.roles(7), []);
    book.now(3, [grant(7, Role::Member), grant(7, Role::Treasurer)]);
    assert_eq!(book.roles(7), [Role::Member, Role::Treasurer]);
    book.now(9, [admit(9, 9)]);
    assert_eq!(book.active(), [1, 2, 3, 7]);
    same_in_every_order(&book, 5);
}

#[test]
fn a_person_admits_a_device_of_their_own() {
    let mut book = Book::led_by(2);
    book.now(1, [admit(7, 7)]);
    book.now(7, [admit(7, 77)]);
    book.now(77, [admit(7, 78)]);
    let set = book.set();
    for key in [7, 77, 78] {
        assert_eq!(set.state().active(&device(key)).unwrap().person, person(7));
    }
}

#[test]
fn others_admit_a_device_of_somebody_only_together() {
    let mut book = Book::led_by(3);
    book.now(1, [admit(7, 7)]);
    book.now(2, [admit(7, 77)]);
    assert!(book.set().state().admitted(&device(77)).is_none());
    assert_eq!(book.set().state().open().count(), 1);
    book.now(2, [admit(7, 77)]);
    assert!(book.set().state().admitted(&device(77)).is_none(), "one signs once");
    book.now(3, [admit(7, 77)]);
    assert!(book.set().state().active(&device(77)).is_some());
}

#[test]
fn a_device_others_began_to_admit_can_be_admitted_by_its_person() {
    let mut book = Book::led_by(3);
    book.now(1, [admit(7, 7)]);
    book.now(2, [admit(7, 77)]);
    book.now(7, [admit(7, 77)]);
    assert!(book.set().state().active(&device(77)).is_some());
    same_in_every_order(&book, 5);
}

#[test]
fn leadership_needs_more_than_half_of_leadership() {
    for (leaders, needed) in [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3)] {
        let mut book = Book::led_by(leaders);
        book.now(1, [admit(9, 9)]);
        assert_eq!(book.set().state().needed_for_leadership(today()), needed);
        let before = book.heads();
        for signer in 1..=leaders {
            assert_eq!(book.roles(9).is_empty(), u32::from(signer) <= needed);
            book.say(signer, &before, [grant(9, Role::Leadership)]);
        }
        assert_eq!(book.roles(9), [Role::Leadership]);
    }
}

#[test]
fn roles_end_and_can_be_given_again() {
    let mut book = Book::led_by(3);
    book.now(1, [admit(7, 7)]);
    book.now(1, [grant(7, Role::Member)]);
    book.now(7, [end(1, Role::Leadership)]);
    book.now(2, [end(7, Role::Member)]);
    assert_eq!((book.roles(7), book.roles(1)), (vec![], vec![Role::Leadership]));
    book.now(3, [grant(7, Role::Member)]);
    assert_eq!(book.roles(7), [Role::Member]);
    book.now(7, [end(7, Role::Member)]);
    assert_eq!(book.roles(7), []);
    book.now(3, [end(2, Role::Leadership)]);
    assert_eq!(book.roles(2), [Role::Leadership], "as many as to remove her");
    book.now(3, [end(3, Role::Leadership)]);
    assert_eq!(book.roles(3), [], "resigned");
}

#[test]
fn terms_count_by_day() {
    let mut book = Book::led_by(1);
    let (first, last) = (Date::new(2026, 7, 1), Date::new(2026, 7, 31));
    book.now(1, [admit(7, 7), term(7, Role::Treasurer, first, last)]);
    let set = book.set();
    let holds =
        |month, day| !set.state().roles(person(7), Date::new(2026, month, day).unwrap()).is_empty();
    assert!(!holds(6, 30) && holds(7, 1) && holds(7, 31) && !holds(8, 1));
    assert_eq!(set.state().granted(person(7)).len(), 1);
}

#[test]
fn a_policy_changes_how_many_it_takes() {
    let mut book = Book::led_by(5);
    let policy = Statement::Policy { removal: Some(2), leadership: Some(5) };
    let before = book.heads();
    for signer in 1..=2 {
        book.say(signer, &before, [policy.clone()]);
    }
    assert_eq!(book.set().state().needed_to_remove(person(1), today()), 3);
    book.say(3, &before, [policy]);
    let set = book.set();
    assert_eq!(set.state().needed_to_remove(person(1), today()), 2);
    assert_eq!(set.state().needed_for_leadership(today()), 5);
    let unreachable = Statement::Policy { removal: Some(90), leadership: None };
    for signer in 1..=5 {
        book.now(signer, [unreachable.clone()]);
    }
    let set = book.set();
    assert_eq!(set.state().needed_to_remove(person(1), today()), 4);
    assert_eq!(set.state().needed_for_leadership(today()), 3);
}

#[test]
fn where_leadership_is_gone_members_decide_and_after_them_all() {
    let mut book = Book::led_by(1);
    for who in 2..=4 {
        book.now(1, [admit(who, who), grant(who, Role::Member)]);
    }
    book.now(1, [admit(5, 5)]);
    book.now(1, [end(1, Role::Leadership)]);
    let members: BTreeSet<_> = (2..=4).map(person).collect();
    assert_eq!(book.set().state().deciders(today()), members);
    book.now(5, [grant(5, Role::Leadership)]);
    book.now(2, [grant(2, Role::Leadership)]);
    assert_eq!(book.roles(2), [Role::Member]);
    book.now(3, [grant(2, Role::Leadership)]);
    assert_eq!(book.roles(2), [Role::Member, Role::Leadership]);
    for who in 2..=4 {
        book.now(who, [end(who, Role::Member)]);
    }
    book.now(2, [end(2, Role::Leadership)]);
    assert_eq!(book.set().state().deciders(today()).len(), 5);
}

#[test]
fn private_documents_and_objects_held_back_are_for_some() {
    let mut book = Book::led_by(2);
    book.now(1, [admit(7, 7), grant(7, Role::Treasurer), admit(8, 8), grant(8, Role::Member)]);
    let release = |n| Statement::Release { object: Hash([n; 32]), reason: "sound".into() };
    let erase = |name: &str| Statement::Erase { document: name.into(), reason: "asked".into() };
    book.now(7, [release(1), erase("private/7")]);
    book.now(8, [release(2), erase("private/8")]);
    book.now(2, [release(3), erase("private/2"), erase("ledger")]);
    let set = book.set();
    let released: Vec<u8> = (1..4).filter(|n| set.state().released(&Hash([*n; 32]))).collect();
    assert_eq!(released, [3]);
    assert_eq!(set.state().erased().iter().collect::<Vec<_>>(), ["private/2", "private/7"]);
}

#[test]
fn statements_that_say_too_much_or_nothing_known_are_not_read() {
    let sound = end(1, Role::Member);
    assert_eq!(Statement::read(&sound.bytes()), Some(sound.clone()));
    let text = String::from_utf8(sound.bytes()).unwrap();
    assert_eq!(Statement::read(text.replace(',', ", ").as_bytes()), None, "not canonical");
    assert_eq!(Statement::read(text.replace("\"end\"", "\"crown\"").as_bytes()), None);
    assert_eq!(Statement::read(text.replace("over", &"x".repeat(1001)).as_bytes()), None);
    assert_eq!(Statement::read(text.replace("over", " ").as_bytes()), None, "no reason");
    assert_eq!(Statement::read(&vec![b' '; 30_000]), None);
    let (early, late) = (Date::new(2026, 1, 1), Date::new(2026, 1, 2));
    assert!(Statement::read(&term(1, Role::Member, early, late).bytes()).is_some());
    assert!(Statement::read(&term(1, Role::Member, late, early).bytes()).is_none());
    let policy = |removal| Statement::Policy { removal: Some(removal), leadership: None };
    assert!(!policy(0).is_sensible() && policy(1).is_sensible() && !policy(101).is_sensible());
    let cuts = vec![LogCut { log: log(1), seq: 1, hash: Hash([0; 32]) }; 101];
    let Statement::Remove { person, reason, decision, .. } = remove(1) else { unreachable!() };
    let crowd = Statement::Remove { person, device: None, reason, cuts, decision };
    assert!(!crowd.is_sensible());
    let mut book = Book::led_by(1);
    let hash = book.now(1, [admit(7, 7)]);
    book.nodes.last_mut().unwrap().statements.insert(0, None);
    assert!(book.heads() == [hash] && book.active() == [1, 7], "the rest of an object counts");
}

#[test]
fn what_cites_something_unknown_waits_for_it() {
    let mut book = Book::led_by(1);
    let first = book.now(1, [admit(7, 7)]);
    book.say(7, &[first], [admit(7, 77)]);
    let place = book.nodes.iter().position(|node| node.hash == first).unwrap();
    let missing = book.nodes.remove(place);
    assert_eq!(book.active(), [1]);
    let place = (log(7), 2);
    let set = book.set();
    assert_eq!(set.judge(&device(7), place, &[first], NOW), Stance::Unknown);
    assert!(!set.covers(&[first], &[]) && set.covers(&[Hash([0; 32])], &[]));
    book.nodes.push(missing);
    assert!(book.set().state().active(&device(77)).is_some());
}
