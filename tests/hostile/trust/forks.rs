//! Devices that sign several things for one place of their log, and what others made of them.

use crate::support::crew::{ANN, BEN, CLEO, Crew, DORA, crew, fresh, key};
use crate::support::mallory::{Mallory, entry};
use crate::support::{Chance, fields};
use commonhold_core::Kind;
use commonhold_core::authority::{Role, Statement};
use commonhold_core::document::Edit;
use commonhold_core::object::hash;
use commonhold_core::projection::State;
use commonhold_core::store::{Outcome, RefusedState};
use serde_json::{Value, json};

fn bill(crew: &Crew, n: u64) -> Edit {
    entry("transaction", fresh(n), &crew.harbor.bill(n as i64, "Bill"))
}

fn field(crew: &Crew, name: &str, value: &str) -> Edit {
    Edit::Fields(key(Kind::Page, crew.harbor.page), fields(json!({ name: value })))
}

fn page(crew: &Crew) -> String {
    format!("page/{}", crew.harbor.page)
}

fn shown(crew: &Crew, who: usize, name: &str) -> Value {
    let reader = crew.laptops[who].reader();
    let page = reader.record(&crew.harbor.book, Kind::Page, &crew.harbor.page).unwrap().unwrap();
    page.fields.get(name).cloned().unwrap_or_default()
}

fn state(crew: &Crew, n: u64) -> Option<State> {
    crew.harbor.state(&crew.laptops[BEN], &fresh(n))
}

/// Everybody lists the same logs and branches with the same ends.
fn same_logs(crew: &Crew) {
    let heads = |who: usize| crew.laptops[who].reader().log_heads(&crew.harbor.book).unwrap();
    for who in [BEN, CLEO] {
        assert_eq!(heads(who), heads(ANN));
    }
    let reader = crew.laptops[ANN].reader();
    for log in reader.logs(&crew.harbor.book).unwrap().into_iter().filter(|log| log.last > 0) {
        let objects = reader.objects(log.n, 0, u32::MAX).unwrap();
        assert_eq!((objects[0].0, objects.last().unwrap().0), (log.first, log.last));
        let last = reader.object_hash(&crew.harbor.book, &log.id, log.last).unwrap();
        assert_eq!(last, Some(hash(&objects.last().unwrap().1)));
    }
}

/// A good device of somebody builds on a document as somebody has it.
fn built(crew: &Crew, good: &mut Mallory, on: usize, document: &str, edit: Edit) -> Vec<u8> {
    let change = good.change(&mut crew.document(on, document), &[edit]);
    good.says(document, vec![change])
}

#[test]
fn three_branches_and_branches_of_branches_are_the_same_in_every_order() {
    let mut crew = crew(Role::Treasurer);
    let mut mallory = crew.mallory(1, DORA);
    let trunk = crew.forge(&mut mallory, "ledger/2026", bill(&crew, 1));
    crew.receive(ANN, std::slice::from_ref(&trunk));
    crew.give(ANN, BEN);
    crew.give(ANN, CLEO);
    let [mut a, mut b, mut c] = [(); 3].map(|()| mallory.twin());
    let mut objects = vec![trunk.clone()];
    objects.push(crew.forge(&mut a, "ledger/2026", bill(&crew, 2)));
    let mut nested = a.twin();
    objects.push(crew.forge(&mut a, "charter", field(&crew, "note", "A")));
    objects.push(crew.forge(&mut nested, "ledger/2026", bill(&crew, 3)));
    objects.push(crew.forge(&mut nested, "ledger/2026", bill(&crew, 4)));
    objects.push(crew.forge(&mut b, "ledger/2026", bill(&crew, 5)));
    let page = page(&crew);
    objects.push(crew.forge(&mut b, &page, field(&crew, "title", "B")));
    objects.push(c.states(&[Statement::Policy { removal: Some(1), leadership: None }]));
    crew.spread(&objects);
    same_logs(&crew);
    let forks = crew.laptops[ANN].reader().forks(&crew.harbor.book).unwrap();
    let of: Vec<(u64, usize)> = forks.iter().map(|f| (f.seq, f.branches.len())).collect();
    assert_eq!(of, [(2, 3), (3, 2)]);
    assert_eq!(state(&crew, 1), Some(State::Ok), "what was before stays");
    for n in 2..=5 {
        assert_eq!(state(&crew, n), None);
    }
    assert_eq!(shown(&crew, CLEO, "title"), "Minutes");
    // Everybody hears of the beginning last, and again in other orders.
    let mut chance = Chance(5);
    for _ in 0..10 {
        chance.shuffle(&mut objects);
        let said = crew.receive(CLEO, &objects);
        assert!(said.iter().all(|outcome| *outcome == Outcome::Duplicate));
    }
    crew.goes_on(CLEO);
}

/// A fork before which everything else of a log was there: branches end and begin at other places.
#[test]
fn a_fork_further_up_is_the_same_whether_it_is_heard_of_first_or_last() {
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [1, 0, 2]] {
        let mut crew = crew(Role::Treasurer);
        let mut mallory = crew.mallory(1, DORA);
        let mut lines: Vec<Vec<Vec<u8>>> = Vec::new();
        let (mut early, mut middle) = (None, None);
        let (mut long, mut ledger) = (Vec::new(), crew.document(ANN, "ledger/2026"));
        for n in 1..=5 {
            early = early.or((n == 2).then(|| mallory.twin()));
            middle = middle.or((n == 4).then(|| mallory.twin()));
            let change = mallory.change(&mut ledger, &[bill(&crew, n)]);
            long.push(mallory.says("ledger/2026", vec![change]));
        }
        lines.push(long);
        for (n, from) in [(10, early), (20, middle)] {
            let mut from = from.unwrap();
            lines.push(
                (n..n + 2).map(|n| crew.forge(&mut from, "charter", bill(&crew, n))).collect(),
            );
        }
        let objects: Vec<Vec<u8>> = order.iter().flat_map(|at| lines[*at].clone()).collect();
        crew.spread(&objects);
        same_logs(&crew);
        let reader = crew.laptops[CLEO].reader();
        let forks = reader.forks(&crew.harbor.book).unwrap();
        let mut places: Vec<u64> = forks.iter().map(|fork| fork.seq).collect();
        places.sort_unstable();
        assert_eq!(places, [2, 4]);
    }
}

#[test]
fn what_somebody_built_on_a_branch_stays_and_the_branch_with_it() {
    let mut crew = crew(Role::Leadership);
    let mallory = crew.mallory(1, DORA);
    let page = page(&crew);
    let [mut a, mut b] = [(); 2].map(|()| mallory.twin());
    let one = crew.forge(&mut a, &page, field(&crew, "title", "A"));
    let other = crew.forge(&mut b, &page, field(&crew, "title", "B"));
    crew.receive(BEN, std::slice::from_ref(&one));
    let mut good = crew.mallory(2, BEN);
    let later = built(&crew, &mut good, BEN, &page, field(&crew, "kind", "note"));
    crew.spread(&[later, other.clone(), one]);
    for who in [ANN, BEN, CLEO] {
        assert_eq!(
            (shown(&crew, who, "title"), shown(&crew, who, "kind")),
            (json!("A"), json!("note"))
        );
        assert_eq!(crew.why(who, mallory.device()).0, RefusedState::Held);
    }
    same_logs(&crew);
    // Who decides lets in the other one instead.
    let release = Statement::Release { object: hash(&other), reason: "This one".into() };
    crew.say(CLEO, &[release]);
    let said = crew.objects(CLEO);
    crew.spread(&said);
    assert_eq!(shown(&crew, ANN, "title"), "B");
    crew.goes_on(CLEO);
}

/// Both branches were built on, one by more people: it counts, and who built on the other writes
/// once more what they wrote.
#[test]
fn what_was_built_on_both_branches_is_all_there_in_the_end() {
    let mut crew = crew(Role::Treasurer);
    let mallory = crew.mallory(1, DORA);
    let [mut a, mut b] = [(); 2].map(|()| mallory.twin());
    let one = crew.forge(&mut a, "ledger/2026", bill(&crew, 1));
    let other = crew.forge(&mut b, "ledger/2026", bill(&crew, 2));
    crew.receive(BEN, std::slice::from_ref(&one));
    crew.receive(CLEO, std::slice::from_ref(&one));
    crew.receive(ANN, std::slice::from_ref(&other));
    let mut paid = Vec::new();
    for (who, cents) in [(ANN, 100), (BEN, 200), (CLEO, 300), (ANN, 400)] {
        paid.push(crew.harbor.pay(&mut crew.laptops[who], cents, "Good"));
    }
    let all: Vec<Vec<u8>> =
        [ANN, BEN, CLEO].into_iter().flat_map(|who| crew.objects(who)).collect();
    crew.spread(&all);
    assert_eq!((state(&crew, 1), state(&crew, 2)), (Some(State::Ok), None));
    same_logs(&crew);
    let (book, now) = (crew.harbor.book, crew.laptops[ANN].now());
    let store = crew.laptops[ANN].store().unwrap();
    assert_eq!(store.write_again(&book, now).unwrap().edits, 2);
    assert_eq!(store.write_again(&book, now).unwrap().edits, 0);
    let anns = crew.objects(ANN);
    crew.spread(&anns);
    for bill in &paid {
        assert_eq!(crew.harbor.state(&crew.laptops[BEN], bill), Some(State::Ok));
    }
    // The other is let in after all: nothing is there twice.
    let sums = crew.sums(ANN);
    crew.say(BEN, &[Statement::Release { object: hash(&other), reason: "That one".into() }]);
    let bens = crew.objects(BEN);
    crew.spread(&bens);
    assert_eq!((state(&crew, 1), state(&crew, 2)), (None, Some(State::Ok)));
    assert_ne!(crew.sums(ANN), sums);
    for who in [BEN, CLEO] {
        let now = crew.laptops[who].now();
        crew.laptops[who].store().unwrap().write_again(&book, now).unwrap();
    }
    let all: Vec<Vec<u8>> = [BEN, CLEO].into_iter().flat_map(|who| crew.objects(who)).collect();
    crew.spread(&all);
    for bill in &paid {
        assert_eq!(crew.harbor.state(&crew.laptops[ANN], bill), Some(State::Ok));
    }
}

#[test]
fn a_proof_that_comes_late_takes_out_again_what_nobody_built_on() {
    let mut crew = crew(Role::Treasurer);
    let before = crew.dump(ANN);
    let mallory = crew.mallory(1, DORA);
    let page = page(&crew);
    let [mut a, mut b] = [(); 2].map(|()| mallory.twin());
    let long = [
        crew.forge(&mut a, "ledger/2026", bill(&crew, 1)),
        crew.forge(&mut a, &page, field(&crew, "title", "A")),
        crew.forge(&mut a, "charter", bill(&crew, 3)),
    ];
    crew.spread(&long);
    assert_eq!((state(&crew, 1), shown(&crew, ANN, "title")), (Some(State::Ok), json!("A")));
    let proof = crew.forge(&mut b, "ledger/2027", bill(&crew, 4));
    // A stranger's forgery of it is none.
    let mut forged = commonhold_core::object::Object::open(&proof).unwrap();
    forged.time = commonhold_core::Time(1);
    let forged = forged.seal(&Mallory::new(&crew.harbor.book, 9).key, None).unwrap();
    let with_all = crew.dump(BEN);
    let said = crew.spread(std::slice::from_ref(&forged));
    assert!(matches!(&said[0], Outcome::Refused(why) if why.contains("altered or forged")));
    assert_eq!(crew.dump(BEN), with_all);
    crew.spread(&[proof]);
    assert_eq!(crew.dump(BEN), before);
    same_logs(&crew);
    crew.goes_on(BEN);
}

#[test]
fn a_flood_of_branches_is_bounded_and_all_show_the_same() {
    let mut crew = crew(Role::Treasurer);
    let mut mallory = crew.mallory(1, DORA);
    let before = crew.dump(ANN);
    let trunk = crew.forge(&mut mallory, "charter", bill(&crew, 1));
    let mut flood = Vec::new();
    for n in 2..100 {
        flood.push(crew.forge(&mut mallory.twin(), "ledger/2026", bill(&crew, n)));
    }
    crew.receive(ANN, std::slice::from_ref(&trunk));
    crew.receive(BEN, std::slice::from_ref(&trunk));
    let refused = |said: Vec<Outcome>| {
        let refused = |outcome: &&Outcome| matches!(outcome, Outcome::Refused(_));
        said.iter().filter(refused).count()
    };
    assert_eq!(refused(crew.receive(ANN, &flood)), 98 - 64);
    flood.reverse();
    assert_eq!(refused(crew.receive(BEN, &flood)), 98 - 64);
    assert_eq!(crew.dump(ANN), crew.dump(BEN));
    assert_ne!(crew.dump(ANN), before, "what was before all branches stays");
    // One that somebody built on is taken nevertheless, by all of them.
    let wanted = flood.iter().find(|o| crew.receive(ANN, &[o.to_vec()]) != [Outcome::Duplicate]);
    let wanted = wanted.unwrap().clone();
    crew.receive(CLEO, &[trunk, wanted.clone()]);
    let paid = crew.harbor.pay(&mut crew.laptops[CLEO], 5, "Good");
    let cleos = crew.objects(CLEO);
    for who in [ANN, BEN] {
        crew.receive(who, &cleos);
        crew.receive(who, &cleos);
        assert_eq!(crew.harbor.state(&crew.laptops[who], &paid), Some(State::Ok));
    }
    crew.receive(CLEO, &flood);
    for who in [ANN, BEN] {
        assert_eq!(crew.dump(who), crew.dump(CLEO));
    }
}
