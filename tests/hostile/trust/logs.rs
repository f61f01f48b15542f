//! Objects out of their place in their log.

use crate::support::crew::{ANN, BEN, CLEO, Crew, DORA, crew, fresh};
use crate::support::mallory::{Mallory, entry};
use commonhold_core::authority::{Genesis, Role};
use commonhold_core::document::Edit;
use commonhold_core::id::{Hash, LogId};
use commonhold_core::object::{Object, ObjectKind};
use commonhold_core::projection::State;
use commonhold_core::store::{Outcome, RefusedState};

fn bill(crew: &Crew, n: u64) -> Edit {
    entry("transaction", fresh(n), &crew.harbor.bill(n as i64, "Bill"))
}

fn refused(outcome: &Outcome, why: &str) {
    let Outcome::Refused(reason) = outcome else { panic!("{why}: {outcome:?}") };
    assert!(reason.contains(why), "{why}: {reason}");
}

/// Whether anybody keeps a log.
fn kept(crew: &Crew, who: usize, log: LogId) -> u64 {
    let logs = crew.laptops[who].reader().logs(&crew.harbor.book).unwrap();
    logs.iter().find(|info| info.id == log).map_or(0, |info| info.last)
}

#[test]
fn nobody_signs_in_anothers_name() {
    let mut crew = crew(Role::Treasurer);
    let mut mallory = crew.mallory(1, DORA);
    let before = crew.dump(ANN);
    let sound = crew.forge(&mut mallory, "ledger/2026", bill(&crew, 1));
    let mut object = Object::open(&sound).unwrap();
    let bens = crew.laptops[BEN].store().unwrap().device();
    object.device = bens;
    let as_ben = object.seal(&mallory.key, None).unwrap();
    let mut altered = sound.clone();
    let last = altered.len() - 1;
    altered[last] ^= 1;
    let said = crew.spread(&[as_ben.clone(), altered]);
    refused(&said[0], "altered or forged");
    refused(&said[1], "altered or forged");
    assert_eq!(kept(&crew, ANN, Object::reopen(&as_ben).unwrap().log()), 0);
    assert_eq!(crew.dump(ANN), before);
    assert!(crew.refused(ANN).is_empty());
    assert_eq!(crew.spread(&[sound]), [Outcome::Stored], "as itself it may");
    crew.goes_on(CLEO);
}

#[test]
fn numbers_that_no_log_has_are_refused_and_gaps_wait() {
    let mut crew = crew(Role::Treasurer);
    let mut mallory = crew.mallory(1, DORA);
    let before = crew.dump(ANN);
    let mut document = crew.document(ANN, "ledger/2026");
    let change = mallory.change(&mut document, &[bill(&crew, 1)]);
    let mut objects = Vec::new();
    for seq in [0, u64::MAX, i64::MAX as u64 + 1, i64::MAX as u64, 2] {
        let mut object = mallory.object("ledger/2026", vec![change.clone()]);
        object.seq = seq;
        objects.push(object.seal(&mallory.key, None).unwrap());
    }
    let said = crew.spread(&objects);
    said[..3].iter().for_each(|outcome| refused(outcome, "number is impossible"));
    assert_eq!(said[3..], [Outcome::Early, Outcome::Early]);
    assert_eq!((crew.dump(ANN), kept(&crew, ANN, mallory.log())), (before, 0));
    let one = mallory.says("ledger/2026", vec![change]);
    let two = mallory.change(&mut document, &[bill(&crew, 2)]);
    let two = mallory.says("ledger/2026", vec![two]);
    let three = mallory.change(&mut document, &[bill(&crew, 3)]);
    let three = mallory.says("ledger/2026", vec![three]);
    let said = crew.spread(&[one, three.clone(), two]);
    assert_eq!(said, [Outcome::Stored, Outcome::Early, Outcome::Stored]);
    assert_eq!(kept(&crew, BEN, mallory.log()), 3, "the gap was closed");
    assert_eq!(crew.receive(ANN, &[three]), [Outcome::Duplicate]);
    crew.goes_on(BEN);
}

#[test]
fn the_same_again_and_again_changes_nothing() {
    let mut crew = crew(Role::Treasurer);
    let mut mallory = crew.mallory(1, DORA);
    let object = crew.forge(&mut mallory, "ledger/2026", bill(&crew, 1));
    crew.spread(std::slice::from_ref(&object));
    let (before, mut all) = (crew.dump(ANN), crew.objects(ANN));
    for _ in 0..3 {
        all.reverse();
        for who in [ANN, BEN, CLEO] {
            let said = crew.receive(who, &all);
            assert!(said.iter().all(|outcome| *outcome == Outcome::Duplicate), "{said:?}");
        }
    }
    for _ in 0..20 {
        assert_eq!(crew.receive(BEN, std::slice::from_ref(&object)), [Outcome::Duplicate]);
    }
    crew.assert_alike();
    assert_eq!(crew.dump(BEN), before);
    assert_eq!(crew.objects(ANN).len(), all.len());
    crew.goes_on(ANN);
}

#[test]
fn a_broken_chain_is_refused_and_the_right_one_goes_on() {
    let mut crew = crew(Role::Treasurer);
    let mut mallory = crew.mallory(1, DORA);
    let mut document = crew.document(ANN, "ledger/2026");
    let one = mallory.change(&mut document, &[bill(&crew, 1)]);
    let one = mallory.says("ledger/2026", vec![one]);
    let two = mallory.change(&mut document, &[bill(&crew, 2)]);
    let mut object = mallory.object("ledger/2026", vec![two.clone()]);
    object.previous = Hash([7; 32]);
    let broken = object.seal(&mallory.key, None).unwrap();
    let two = mallory.says("ledger/2026", vec![two]);
    let anns = crew.objects(ANN).iter().map(|o| commonhold_core::object::hash(o)).next();
    let mut stolen = Mallory::new(&mallory.book, 1);
    (stolen.cites, stolen.nonce) = (mallory.cites.clone(), [9; 16]);
    let mut object = stolen.object("charter", vec![]);
    object.previous = anns.unwrap();
    let goes_on_from_anns = object.seal(&stolen.key, None).unwrap();
    let leaps = Object { seq: 5, ..Object::open(&two).unwrap() };
    let leaps = leaps.seal(&mallory.key, None).unwrap();
    let said = crew.spread(&[one, broken, two, goes_on_from_anns, leaps]);
    assert_eq!((&said[0], &said[2]), (&Outcome::Stored, &Outcome::Stored));
    assert_eq!(said[1], Outcome::Early, "it could follow something that is still to come");
    refused(&said[4], "does not follow");
    refused(&said[3], "another device's log");
    for n in [1, 2] {
        assert_eq!(crew.harbor.state(&crew.laptops[CLEO], &fresh(n)), Some(State::Ok));
    }
    crew.goes_on(BEN);
}

#[test]
fn changes_the_signature_does_not_name_are_never_taken_in() {
    let mut crew = crew(Role::Treasurer);
    let before = crew.dump(ANN);
    let mut objects = Vec::new();
    let mut devices = Vec::new();
    for n in 0..4 {
        let mut mallory = crew.mallory(10 + n, DORA);
        let mut document = crew.document(ANN, "ledger/2026");
        let one = mallory.change(&mut document, &[bill(&crew, 10 * n + 1)]);
        let two = mallory.change(&mut document, &[bill(&crew, 10 * n + 2)]);
        let mut object = mallory.object("ledger/2026", vec![one, two]);
        match n {
            0 => object.heads = vec![commonhold_core::document::change_hash(&object.parts[0])],
            1 => object.heads.clear(),
            2 => object.heads.push(Hash([1; 32])),
            _ => object.parts.reverse(),
        }
        devices.push(mallory.device());
        objects.push(mallory.sign(&object));
    }
    crew.spread(&objects);
    assert_eq!(crew.dump(ANN), before);
    for device in &devices[..3] {
        let (state, reason) = crew.why(BEN, *device);
        assert_eq!(state, RefusedState::Refused);
        assert!(reason.contains("not the ones its signature names"), "{reason}");
    }
    let (state, _) = crew.why(BEN, devices[3]);
    assert!(matches!(state, RefusedState::Waiting | RefusedState::Refused));
    crew.goes_on(BEN);
}

#[test]
fn the_founder_begins_the_service_only_once() {
    let mut crew = crew(Role::Member);
    let book = crew.harbor.book;
    let before = crew.dump(ANN);
    let genesis = crew.laptops[ANN].reader().genesis(&book).unwrap().unwrap();
    let mut mallory = crew.mallory(1, ANN);
    mallory.nonce = [5; 16];
    let as_statement = |mallory: &mut Mallory, part: Vec<u8>| {
        let mut object = mallory.object("", vec![part]);
        object.kind = ObjectKind::Statements;
        mallory.sign(&object)
    };
    let same = as_statement(&mut mallory, genesis.bytes());
    let mut other = Mallory::new(&book, 2);
    let own = Genesis {
        device: other.device(),
        log_nonce: commonhold_core::id::hex(&other.nonce),
        person: fresh(66),
        ..genesis
    };
    assert_ne!(own.book(), book, "another beginning is another book");
    let usurper = as_statement(&mut other, own.bytes());
    let said = crew.spread(&[same, usurper]);
    assert_eq!(said, [Outcome::Stored, Outcome::Stranger]);
    assert_eq!(crew.dump(BEN), before);
    let authority = crew.laptops[BEN].reader().authority(&book).unwrap();
    assert!(authority.state().admitted(&other.device()).is_none());
    assert_eq!(crew.laptops[BEN].reader().genesis(&book).unwrap().unwrap().book(), book);
    crew.goes_on(BEN);
}

/// Two things at one place of a log, each told to somebody else: once both are heard neither counts,
/// and all have and show the same.
#[test]
fn who_says_two_things_at_one_place_is_caught_by_everybody_who_hears_both() {
    let mut crew = crew(Role::Treasurer);
    let before = crew.dump(ANN);
    let mallory = crew.mallory(1, DORA);
    let twice = [1, 2].map(|n| crew.forge(&mut mallory.twin(), "ledger/2026", bill(&crew, n)));
    for (who, first) in [(ANN, 0), (BEN, 1), (CLEO, 0)] {
        assert_eq!(crew.receive(who, &twice[first..=first]), [Outcome::Stored]);
        let bill = crew.harbor.state(&crew.laptops[who], &fresh(1 + first as u64));
        assert_eq!(bill, Some(State::Ok), "nobody knows better yet");
        assert_eq!(crew.receive(who, &twice[1 - first..=1 - first]), [Outcome::Stored]);
        assert_eq!(crew.dump(who), before, "neither counts");
        let held = crew.refused(who);
        assert_eq!(held.len(), 2);
        for object in &held {
            assert_eq!(object.state, RefusedState::Held);
            assert!(object.reason.contains("said two different things at this place"));
        }
        let forks = crew.laptops[who].reader().forks(&crew.harbor.book).unwrap();
        assert_eq!((forks.len(), forks[0].seq, forks[0].branches.len()), (1, 1, 2));
        assert_eq!((forks[0].device, forks[0].log), (mallory.device(), mallory.log()));
    }
    crew.spread(&twice);
    let removal = commonhold_core::authority::Statement::Remove {
        person: crew.people[DORA],
        device: Some(mallory.device()),
        reason: "It said two things".into(),
        cuts: Vec::new(),
        decision: None,
    };
    for signer in [ANN, BEN] {
        crew.say(signer, std::slice::from_ref(&removal));
    }
    let [a, b] = [ANN, BEN].map(|who| crew.objects(who));
    crew.spread(&[a, b].concat());
    for n in [1, 2] {
        let state = crew.harbor.state(&crew.laptops[BEN], &fresh(n));
        assert!(matches!(state, None | Some(State::Flagged)), "neither counts: {state:?}");
    }
    crew.goes_on(CLEO);
}
