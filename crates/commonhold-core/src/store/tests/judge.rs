//! Judging anew what statements bear on, and nothing else.

use super::*;
use crate::authority::{Basis, Role};

#[test]
fn only_what_a_statement_bears_on_is_judged_anew() {
    let (mut a, mut b) = (Laptop::new(1), Laptop::new(2));
    let (book, [bank, host, fund]) = founded(&mut a);
    let bill = a.add(&book, Kind::Transaction, transaction(bank, host, fund, "9.99"));
    let said = |by: &mut Laptop, statement: Statement| {
        by.clock += 1;
        by.store.say(&book, Time(by.clock), &[statement]).unwrap().touched
    };
    let person =
        a.store.authority(&book).unwrap().state().active(&a.store.device()).unwrap().person;
    let grant = |role, from| {
        let (basis, decision) = (Basis::Decision, None);
        Statement::Grant { person, role, from, to: None, basis, decision }
    };
    assert!(said(&mut a, grant(Role::Teller, None)).is_empty(), "what was written before stays");
    admit(&mut a, &b, &book);
    exchange(&a, &mut b, &book);
    // A statement of the other device bears on nothing that is here.
    let after = Date::new(2030, 1, 1);
    assert!(said(&mut b, grant(Role::Contributor, after)).is_empty());
    let received = a.store.receive(&book, &b.all(&book)).unwrap();
    assert!(received.touched.is_empty(), "{:?}", received.touched);
    let late = b.add(&book, Kind::Transaction, transaction(bank, host, fund, "1.00"));
    let received = a.store.receive(&book, &b.all(&book)).unwrap();
    assert_eq!(received.touched.iter().map(|key| key.id).collect::<Vec<_>>(), [late]);
    // Removed from before it wrote anything: all it wrote is looked at, and nobody else's.
    let cuts = a.store.cuts(&book, &[b.store.device()]).unwrap();
    let cuts = cuts.into_iter().filter(|cut| cut.log != b.store.identity().log(&book)).collect();
    let (device, reason) = (Some(b.store.device()), "lost".into());
    let touched = said(&mut a, Statement::Remove { person, device, reason, cuts, decision: None });
    assert_eq!(touched.iter().map(|key| key.id).collect::<Vec<_>>(), [late]);
    let state = |id| a.store.state(&book, Kind::Transaction, &id).unwrap();
    assert_eq!((state(bill), state(late)), (Some(State::Ok), Some(State::Flagged)));
    // Whoever works it all out anew finds the same.
    let before = a.dump(&book);
    a.store.rebuild().unwrap();
    assert_eq!(a.dump(&book), before);
}
