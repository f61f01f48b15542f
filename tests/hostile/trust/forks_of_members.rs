//! Forks and who belongs: statements on branches, forks of those who were removed, of founders, and
//! of honest people whose profile was copied.

use crate::support::crew::{ANN, BEN, CLEO, Crew, DORA, crew, fresh, grant, key};
use crate::support::mallory::{Mallory, entry};
use crate::support::{Chance, Laptop, assert_same, dump, fields, found, give, logs, say};
use commonhold_app::commands::archive;
use commonhold_core::authority::{Role, Statement};
use commonhold_core::document::Edit;
use commonhold_core::object::Object;
use commonhold_core::projection::State;
use commonhold_core::store::{Outcome, RefusedState};
use commonhold_core::{BookId, Kind};
use serde_json::json;

fn bill(crew: &Crew, n: u64) -> Edit {
    entry("transaction", fresh(n), &crew.harbor.bill(n as i64, "Bill"))
}

fn removal(crew: &Crew, who: usize) -> Statement {
    let (reason, cuts) = ("Trouble".to_owned(), Vec::new());
    Statement::Remove { person: crew.people[who], device: None, reason, cuts, decision: None }
}

fn end(crew: &Crew, who: usize, role: Role) -> Statement {
    Statement::End { person: crew.people[who], role, reason: "over".into() }
}

/// The same key and nonce as a laptop, as a thief has them who copied its profile, at a place of
/// its log.
fn thief(crew: &mut Crew, of: usize, seed: u64, after: u64) -> Mallory {
    let own = crew.laptops[of].store().unwrap().identity().log(&crew.harbor.book);
    let key = crew.laptops[of].store().unwrap().identity().keys().signing().clone();
    let reader = crew.laptops[of].reader();
    let log = reader.logs(&crew.harbor.book).unwrap().into_iter().find(|log| log.id == own);
    let objects = reader.objects(log.unwrap().n, 0, u32::MAX).unwrap();
    let nonce = Object::open(&objects[0].1).unwrap().nonce;
    let at = objects.into_iter().find(|(seq, _)| *seq == after);
    let mut thief = Mallory::new(&crew.harbor.book, seed);
    (thief.key, thief.nonce, thief.seq) = (key, nonce, after);
    if let Some((_, bytes)) = at {
        thief.previous = commonhold_core::object::hash(&bytes);
        thief.cites = Object::open(&bytes).unwrap().authority;
    }
    thief
}

#[test]
fn what_is_stated_on_branches_counts_as_far_as_others_had_seen_it() {
    let mut crew = crew(Role::Member);
    let (mallory, person) = crew.newcomer(7, Role::Leadership);
    let [mut a, mut b, mut c] = [(); 3].map(|()| mallory.twin());
    let emil = Mallory::new(&crew.harbor.book, 70);
    let admits = a.states(&[emil.admission(fresh(70)), grant(fresh(70), Role::Treasurer)]);
    let ends = b.states(&[end(&crew, DORA, Role::Contributor), removal(&crew, BEN)]);
    let writes = crew.forge(&mut c, "ledger/2026", bill(&crew, 1));
    let objects = [admits.clone(), ends, writes];
    crew.spread(&objects);
    let emils_device = emil.device();
    let known = |crew: &Crew, who: usize| {
        let authority = crew.laptops[who].reader().authority(&crew.harbor.book).unwrap();
        authority.state().active(&emils_device).is_some()
    };
    for who in [ANN, BEN, CLEO] {
        assert!(!known(&crew, who), "nobody had seen it");
        assert_eq!(crew.belong(who), [true; 4]);
        assert_eq!(crew.harbor.state(&crew.laptops[who], &fresh(1)), None);
        let held = crew.refused(who);
        assert_eq!(held.len(), 3, "one of each branch is listed");
        assert!(held.iter().all(|object| object.state == RefusedState::Held));
    }
    // What Emil writes is kept by all, until somebody decides.
    let mut emil = emil;
    emil.cites = vec![commonhold_core::object::hash(&admits)];
    let emils = crew.forge(&mut emil, "ledger/2026", bill(&crew, 2));
    assert_eq!(crew.spread(std::slice::from_ref(&emils)), [Outcome::Stored]);
    assert_eq!(crew.harbor.state(&crew.laptops[CLEO], &fresh(2)), None);
    let object = commonhold_core::object::hash(&admits);
    crew.say(BEN, &[Statement::Release { object, reason: "We agreed".into() }]);
    let bens = crew.objects(BEN);
    crew.spread(&bens);
    for who in [ANN, BEN, CLEO] {
        assert!(known(&crew, who));
        assert_eq!(crew.harbor.state(&crew.laptops[who], &fresh(2)), Some(State::Ok));
    }
    assert_ne!(person, fresh(70));
    crew.goes_on(CLEO);
}

#[test]
fn who_was_let_in_before_the_fork_was_known_stays_and_so_does_their_work() {
    let mut crew = crew(Role::Member);
    let (mallory, _) = crew.newcomer(7, Role::Leadership);
    let [mut a, mut b] = [(); 2].map(|()| mallory.twin());
    let mut emil = Mallory::new(&crew.harbor.book, 70);
    let admits = a.states(&[emil.admission(fresh(70)), grant(fresh(70), Role::Treasurer)]);
    crew.receive(BEN, std::slice::from_ref(&admits));
    // Ben states something having seen it: that is enough, whatever it is.
    let bens = crew.mallory_unshared(2, BEN);
    emil.catch_up(&crew.laptops[BEN]);
    let emils = crew.forge(&mut emil, "ledger/2026", bill(&crew, 2));
    let back = b.states(&[removal(&crew, CLEO), end(&crew, DORA, Role::Member)]);
    let mut objects = vec![back, emils, admits];
    objects.extend(crew.objects(BEN));
    crew.spread(&objects);
    for who in [ANN, BEN, CLEO] {
        let authority = crew.laptops[who].reader().authority(&crew.harbor.book).unwrap();
        assert!(authority.state().active(&emil.device()).is_some());
        assert!(authority.state().active(&bens.device()).is_some());
        assert_eq!(crew.harbor.state(&crew.laptops[who], &fresh(2)), Some(State::Ok));
        assert_eq!(crew.belong(who), [true; 4]);
    }
    crew.goes_on(CLEO);
}

/// Whoever finds the founder's laptop cannot take back what they said, nor say more as of then.
#[test]
fn an_old_log_that_is_forked_takes_nothing_back_that_others_know() {
    for after in [0, 1, 2, 5, 8, 12] {
        let mut crew = crew(Role::Treasurer);
        for who in [BEN, CLEO, DORA] {
            crew.harbor.pay(&mut crew.laptops[who], 7, "Good");
            crew.mallory(40 + who as u64, who);
        }
        let before = crew.dump(BEN);
        let (belong, heads) = (crew.belong(BEN), |crew: &Crew| {
            crew.laptops[BEN].reader().authority(&crew.harbor.book).unwrap().heads().to_vec()
        });
        let heads_before = heads(&crew);
        let mut thief = thief(&mut crew, ANN, 60 + after, after);
        let sock = Mallory::new(&crew.harbor.book, 99);
        let mut forged = vec![thief.states(&[
            sock.admission(fresh(99)),
            grant(fresh(99), Role::Leadership),
            removal(&crew, BEN),
        ])];
        forged.push(crew.forge(&mut thief, "ledger/2026", bill(&crew, 9)));
        for who in [BEN, CLEO, DORA] {
            crew.receive(who, &forged);
            crew.receive(who, &forged);
        }
        assert_eq!(crew.belong(BEN), belong, "forked after {after}");
        let authority = crew.laptops[BEN].reader().authority(&crew.harbor.book).unwrap();
        assert!(authority.state().active(&sock.device()).is_none(), "forked after {after}");
        assert_eq!(heads(&crew), heads_before);
        assert_eq!(crew.dump(BEN), crew.dump(CLEO));
        assert_eq!(crew.dump(BEN), crew.dump(DORA));
        let lost: Vec<&str> = before.lines().filter(|l| !crew.dump(BEN).contains(l)).collect();
        println!("after {after}: {} of {} lines are held", lost.len(), before.lines().count());
        crew.goes_on(CLEO);
    }
}

#[test]
fn a_fork_beyond_the_cut_of_a_removal_changes_nothing() {
    let mut crew = crew(Role::Treasurer);
    let mut mallory = crew.mallory(1, DORA);
    let seen = crew.forge(&mut mallory, "ledger/2026", bill(&crew, 1));
    crew.receive(ANN, std::slice::from_ref(&seen));
    crew.share();
    let early = Mallory { seq: 0, previous: commonhold_core::id::Hash([0; 32]), ..mallory.twin() };
    crew.remove(ANN, DORA);
    crew.give(ANN, BEN);
    crew.remove(BEN, DORA);
    crew.share();
    let before = crew.dump(CLEO);
    assert_eq!(crew.harbor.state(&crew.laptops[CLEO], &fresh(1)), Some(State::Ok));
    let mut objects = Vec::new();
    for (n, from) in [(2, &mallory), (3, &mallory), (4, &early)] {
        let edit = Edit::Fields(key(Kind::Page, crew.harbor.page), fields(json!({"title": n})));
        let page = format!("page/{}", crew.harbor.page);
        objects.push(crew.forge(&mut from.twin(), &page, edit));
    }
    crew.spread(&objects);
    assert_eq!(crew.dump(CLEO), before, "also one that lies before it");
    crew.goes_on(CLEO);
}

/// Two copies of a profile write and meet through others, whom each gave what it wrote.
#[test]
fn two_copies_that_meet_through_others_lose_nothing_and_say_nothing_twice() {
    let mut one = Laptop::new(3);
    let harbor = found(&mut one);
    let mut friend = Laptop::new(204);
    let friends = crate::support::device(
        &harbor.book,
        fresh(44),
        friend.store().unwrap().identity(),
        "Friend",
    );
    say(&mut one, &harbor.book, &[friends, grant(fresh(44), Role::Treasurer)]);
    friend.store().unwrap().expect(&harbor.book).unwrap();
    give(&one, &mut friend, &harbor.book);
    let closed = one.close();
    let mut copy = closed.twin();
    let mut one = closed.open();
    let mut paid = vec![harbor.pay(&mut one, 10, "The one")];
    paid.push(harbor.pay(&mut copy, 20, "The other"));
    harbor.set(&mut copy, Kind::Fund, &harbor.fund, "purpose", json!("Written in the copy"));
    say(&mut copy, &harbor.book, &[grant(fresh(44), Role::Contributor)]);
    let of = |laptop: &Laptop| -> Vec<Vec<u8>> {
        logs(laptop.reader(), &harbor.book).into_iter().flatten().collect()
    };
    // The friend builds on the one, and hears of the other later.
    give(&one, &mut friend, &harbor.book);
    paid.push(harbor.pay(&mut friend, 30, "The friend"));
    friend.store().unwrap().receive(&harbor.book, &of(&copy)).unwrap();
    let mut chance = Chance(8);
    for _ in 0..4 {
        for laptop in [&mut one, &mut copy] {
            let mut objects = of(&friend);
            chance.shuffle(&mut objects);
            let received = laptop.store().unwrap().receive(&harbor.book, &objects).unwrap();
            if received.own_log_continued {
                laptop.renew().unwrap();
            }
        }
        for laptop in [&one, &copy] {
            friend.store().unwrap().receive(&harbor.book, &of(laptop)).unwrap();
        }
    }
    let shown = dump(friend.reader(), &harbor.book);
    for laptop in [&mut one, &mut copy, &mut friend] {
        assert_same(&dump(laptop.reader(), &harbor.book), &shown, "the same");
        laptop.store().unwrap().rebuild().unwrap();
        assert_same(&dump(laptop.reader(), &harbor.book), &shown, "worked out anew");
        for (n, bill) in paid.iter().enumerate() {
            assert_eq!(harbor.state(laptop, bill), Some(State::Ok), "{n}");
        }
        let authority = laptop.reader().authority(&harbor.book).unwrap();
        let day = laptop.today();
        assert_eq!(authority.state().roles(fresh(44), day).len(), 2);
    }
    assert!(shown.contains("Written in the copy"));
    assert_eq!(one.reader().count(&harbor.book, Kind::Transaction).unwrap(), 3);
    harbor.pay(&mut copy, 40, "It goes on");
    say(&mut copy, &harbor.book, &[grant(fresh(44), Role::Member)]);
    give(&copy, &mut friend, &harbor.book);
    let authority = friend.reader().authority(&harbor.book).unwrap();
    assert_eq!(authority.state().roles(fresh(44), friend.today()).len(), 3);
    an_archive_brings_it_back(&mut friend, &harbor.book);
}

/// The whole book, its branches too.
fn an_archive_brings_it_back(friend: &mut Laptop, book: &BookId) {
    let folder = tempfile::tempdir().unwrap();
    let (file, now) = (folder.path().join("a.zip"), friend.now());
    let mut unheard = |_| true;
    archive::export(friend.reader(), book, &file, now, &mut unheard).unwrap();
    let mut restored = Laptop::new(77);
    archive::restore(&mut restored, &file, &mut unheard).unwrap();
    assert_same(&dump(restored.reader(), book), &dump(friend.reader(), book), "restored");
    let forks = |laptop: &Laptop| laptop.reader().forks(book).unwrap();
    assert_eq!((forks(&restored), forks(friend).len()), (forks(friend), 1));
}
