//! What was given up and is written again.

use super::*;
use crate::authority::{Basis, Role};

fn say(by: &mut Laptop, book: &BookId, statement: Statement) {
    by.clock += 1;
    by.store.say(book, Time(by.clock), &[statement]).unwrap();
}

fn write(by: &mut Laptop, book: &BookId, document: &str, edit: Edit) {
    by.clock += 1;
    let act = Act { document: document.into(), edit };
    assert!(by.store.write(book, Time(by.clock), &[act], &mut |_| true).unwrap());
}

fn again(by: &mut Laptop, book: &BookId) -> WrittenAgain {
    by.clock += 1;
    by.store.write_again(book, Time(by.clock)).unwrap()
}

/// Gives up what a laptop wrote in its log from a number on, and goes on in a new one.
fn give_up(laptop: &mut Laptop, book: &BookId, from: u64, install: u8) {
    let log = laptop.store.identity().log(book);
    laptop.store.give_up(book, &log, from).unwrap();
    laptop.store.renew([install; 16]).unwrap();
}

fn end(laptop: &Laptop, book: &BookId) -> u64 {
    let log = laptop.store.identity().log(book);
    let heads = laptop.store.log_heads(book).unwrap();
    heads.iter().find(|head| head.0 == log).map_or(0, |head| head.1)
}

fn page_key(id: RecordId) -> Key {
    Key { kind: Kind::Page.name().into(), id }
}

fn text(id: RecordId, base: Option<&str>, text: &str) -> Edit {
    let (field, base) = ("body".into(), base.map(str::to_owned));
    Edit::Text { key: page_key(id), field, base, text: text.into() }
}

fn body(laptop: &Laptop, book: &BookId, id: RecordId) -> String {
    let row = laptop.store.record(book, Kind::Page, &id).unwrap().unwrap();
    row.fields["body"].as_str().unwrap().to_owned()
}

/// A page with a text everybody knows.
fn page(laptop: &mut Laptop, book: &BookId) -> (RecordId, String) {
    let id = mint(5, [5; 10]);
    let document = format!("page/{id}");
    let title = json!({"title": "Minutes", "kind": "minutes"}).as_object().cloned().unwrap();
    write(laptop, book, &document, Edit::Fields(page_key(id), title));
    write(laptop, book, &document, text(id, None, "begin\nend\n"));
    (id, document)
}

#[test]
fn what_one_may_not_write_any_more_is_kept_and_the_rest_is_written() {
    let mut a = Laptop::new(1);
    let (book, _) = founded(&mut a);
    let (id, document) = page(&mut a, &book);
    let mut b = Laptop::new(2);
    let (person, identity) = (mint(9, [9; 10]), b.store.identity());
    let grant = |role| Statement::Grant {
        person,
        role,
        from: None,
        to: None,
        basis: Basis::Decision,
        decision: None,
    };
    let admission = Statement::Device {
        person,
        device: identity.device(),
        sealing: identity.keys().sealing(),
        log: identity.log(&book),
        label: "Ben".into(),
        recovery: false,
    };
    say(&mut a, &book, admission);
    say(&mut a, &book, grant(Role::Contributor));
    exchange(&a, &mut b, &book);
    let own = Key { kind: Kind::Person.name().into(), id: person };
    let note = json!({"public_name": "Ben"}).as_object().cloned().unwrap();
    write(&mut b, &book, &document, text(id, Some("begin\nend\n"), "begin\nmine\nend\n"));
    write(&mut b, &book, "charter", Edit::Fields(own.clone(), note));
    let reason = "The term is over".to_owned();
    say(&mut a, &book, Statement::End { person, role: Role::Contributor, reason });
    give_up(&mut b, &book, 1, 8);
    exchange(&a, &mut b, &book);
    assert_eq!(body(&b, &book, id), "begin\nend\n");
    let said = again(&mut b, &book);
    assert_eq!(said, WrittenAgain { edits: 1, kept: vec![page_key(id)] });
    assert!(b.store.record(&book, Kind::Person, &person).unwrap().is_some());
    let end_before = end(&b, &book);
    let said = again(&mut b, &book);
    assert_eq!(said, WrittenAgain { edits: 0, kept: vec![page_key(id)] });
    assert_eq!(end(&b, &book), end_before, "nothing is written where nothing may be");
    say(&mut a, &book, grant(Role::Member));
    exchange(&a, &mut b, &book);
    assert_eq!(again(&mut b, &book), WrittenAgain { edits: 1, kept: Vec::new() });
    assert_eq!(body(&b, &book, id), "begin\nmine\nend\n");
    assert_eq!(again(&mut b, &book), WrittenAgain::default());
}

#[test]
fn two_copies_that_say_a_line_again_say_it_once() {
    let mut a = Laptop::new(1);
    let (book, _) = founded(&mut a);
    let (id, document) = page(&mut a, &book);
    let from = end(&a, &book) + 1;
    write(&mut a, &book, &document, text(id, Some("begin\nend\n"), "begin\nagain\nend\n"));
    // The copy has all of it, and gives it up as well, since somebody else's lies there.
    let mut copy = Laptop::new(1);
    exchange(&a, &mut copy, &book);
    give_up(&mut a, &book, from, 8);
    give_up(&mut copy, &book, from, 9);
    assert_eq!(again(&mut a, &book).edits, 1);
    write(&mut a, &book, &document, text(id, None, "begin\nagain\nmore\nend\n"));
    exchange(&a, &mut copy, &book);
    assert_eq!(again(&mut copy, &book), WrittenAgain::default());
    assert_eq!(body(&copy, &book, id), "begin\nagain\nmore\nend\n");
    // Another line is not taken for it.
    let mut other = Laptop::new(1);
    exchange(&a, &mut other, &book);
    write(&mut copy, &book, &document, text(id, None, "begin\nagain\nmore\nend\nagain\n"));
    let log = end(&copy, &book);
    give_up(&mut copy, &book, log, 10);
    assert_eq!(again(&mut copy, &book).edits, 1);
    assert_eq!(body(&copy, &book, id), "begin\nagain\nmore\nend\nagain\n");
}

#[test]
fn what_was_given_up_twice_is_written_again_in_one_go() {
    let mut a = Laptop::new(1);
    let (book, [bank, host, fund]) = founded(&mut a);
    let (id, document) = page(&mut a, &book);
    let from = end(&a, &book) + 1;
    write(&mut a, &book, &document, text(id, None, "begin\none\nend\n"));
    let bill = a.add(&book, Kind::Transaction, transaction(bank, host, fund, "1.00"));
    give_up(&mut a, &book, from, 8);
    write(&mut a, &book, &document, text(id, None, "begin\nend\ntwo\n"));
    give_up(&mut a, &book, 1, 9);
    assert_eq!(again(&mut a, &book).edits, 3);
    assert_eq!(body(&a, &book, id), "begin\none\nend\ntwo\n");
    assert_eq!(a.store.state(&book, Kind::Transaction, &bill).unwrap(), Some(State::Ok));
}
