//! Keys made by those who should make none, and what is written where not everybody reads it.

use crate::support::crew::{ANN, BEN, CLEO, Crew, DORA, crew, fresh};
use crate::support::mallory::{Mallory, entry};
use crate::support::{assert_same, sync};
use commonhold_core::Kind;
use commonhold_core::authority::Role;
use commonhold_core::id::{Device, hex};
use commonhold_core::keyring::{BOOK, Earlier, Keyring, SealedKeys, VAULT};
use commonhold_core::keys::{KeyId, Secret};
use commonhold_core::object::ObjectKind;
use commonhold_core::projection::State;
use serde_json::json;

/// A key Mallory knows, sealed to devices, as the latest of many.
fn made(crew: &Crew, secret: &Secret, scope: &str, devices: &[Device]) -> SealedKeys {
    let book = crew.harbor.book;
    let authority = crew.laptops[ANN].reader().authority(&book).unwrap();
    let mut drawn = 0;
    let mut chance = || {
        drawn += 1;
        [drawn; 32]
    };
    let state = authority.state();
    let keyring = Keyring::default();
    let mut set = keyring.seal(&book, scope, secret, devices, state, &mut chance);
    let earlier = |n: u8| Earlier { id: KeyId([n; 16]), sealed: "00".repeat(72) };
    set.earlier = (1..200).map(earlier).collect();
    set
}

fn hands_out(crew: &Crew, mallory: &mut Mallory, secret: &Secret, scope: &str) -> Vec<u8> {
    let authority = crew.laptops[ANN].reader().authority(&crew.harbor.book).unwrap();
    let state = authority.state();
    let others = state.devices().map(|(device, _)| *device);
    let doras = |device: &Device| state.admitted(device).unwrap().person == crew.people[DORA];
    let others: Vec<Device> = others.filter(|device| !doras(device)).collect();
    let mut object = mallory.object(scope, vec![made(crew, secret, scope, &others).bytes()]);
    (object.kind, object.heads) = (ObjectKind::Keys, Vec::new());
    mallory.sign(&object)
}

fn sealing(crew: &mut Crew, who: usize) -> KeyId {
    let (book, now) = (crew.harbor.book, crew.laptops[who].now());
    let store = crew.laptops[who].store().unwrap();
    store.mend_keys(&book, now).unwrap();
    store.sealing_key(&book, now).unwrap().unwrap().id()
}

fn remove_dora(crew: &mut Crew) {
    crew.remove(ANN, DORA);
    crew.give(ANN, BEN);
    crew.remove(BEN, DORA);
    crew.give(BEN, ANN);
    crew.give(BEN, CLEO);
    assert_eq!(crew.belong(CLEO), [true, true, true, false]);
}

#[test]
fn a_key_made_by_somebody_who_was_removed_seals_nothing_any_more() {
    let mut crew = crew(Role::Contributor);
    let mut mallory = crew.mallory(1, DORA);
    let secret = Secret::new([66; 32]);
    let object = hands_out(&crew, &mut mallory, &secret, BOOK);
    crew.remove(ANN, DORA);
    crew.give(ANN, BEN);
    crew.receive(BEN, std::slice::from_ref(&object));
    let (book, now) = (crew.harbor.book, crew.laptops[BEN].now());
    let before = crew.laptops[BEN].store().unwrap().sealing_key(&book, now).unwrap().unwrap();
    assert_eq!(before.id(), secret.id(), "as long as she belongs it is one of theirs");
    // Nobody has given it to her devices, which do not need it.
    crew.remove(BEN, DORA);
    let bens = crew.objects(BEN);
    crew.spread(&bens);
    assert_eq!(crew.belong(CLEO), [true, true, true, false]);
    for who in [ANN, BEN, CLEO] {
        assert_ne!(sealing(&mut crew, who), secret.id(), "Dora knows that key");
    }
    crew.goes_on(CLEO);
}

#[test]
fn a_key_made_beside_or_after_the_removal_seals_nothing() {
    let mut crew = crew(Role::Treasurer);
    let mut mallory = crew.mallory(1, DORA);
    let (beside, after) = (Secret::new([66; 32]), Secret::new([67; 32]));
    let first = hands_out(&crew, &mut mallory, &beside, BOOK);
    remove_dora(&mut crew);
    mallory.catch_up(&crew.laptops[ANN]);
    let second = hands_out(&crew, &mut mallory, &after, BOOK);
    crew.spread(&[first, second]);
    for who in [ANN, BEN, CLEO] {
        let key = sealing(&mut crew, who);
        assert!(key != beside.id() && key != after.id());
    }
    crew.goes_on(CLEO);
}

#[test]
fn a_contributors_key_seals_no_secrets() {
    let mut crew = crew(Role::Contributor);
    let mut mallory = crew.mallory(1, DORA);
    let theirs = Secret::new([66; 32]);
    let objects =
        ["vault", "private/x"].map(|scope| hands_out(&crew, &mut mallory, &theirs, scope));
    crew.spread(&objects);
    let record = json!({"label": "Safe", "kind": "password", "system": "Bank", "blast_radius": 4});
    let (book, record) = (crew.harbor.book, crate::support::fields(record));
    let add = commonhold_app::commands::records::add;
    let id = add(crew.ann(), &book, Kind::Secret, record).unwrap();
    let last = crew.last(ANN);
    let sealed = commonhold_core::object::Object::open(&last).unwrap().sealed.unwrap();
    assert_ne!(sealed.key, Some(theirs.id()));
    assert!(sealed.key.is_some());
    crew.share();
    let row = crew.laptops[BEN].reader().record(&book, Kind::Secret, &id).unwrap();
    assert_eq!(row.unwrap().state, State::Ok, "and leadership reads it");
    crew.goes_on(BEN);
}

#[test]
fn nobody_is_locked_out_by_a_key_that_was_sealed_wrongly_for_them() {
    let mut crew = crew(Role::Contributor);
    let (book, folder) = (crew.harbor.book, tempfile::tempdir().unwrap());
    let mut mallory = crew.mallory(1, DORA);
    let secret = Secret::new([66; 32]);
    let bens = crew.laptops[BEN].store().unwrap().device();
    let authority = crew.laptops[ANN].reader().authority(&book).unwrap();
    let all: Vec<Device> = authority.state().devices().map(|(device, _)| *device).collect();
    let mut set = made(&crew, &secret, BOOK, &all);
    for recipient in set.recipients.iter_mut().filter(|recipient| recipient.device == bens) {
        recipient.sealed = "00".repeat(recipient.sealed.len() / 2);
    }
    let mut object = mallory.object("", vec![set.bytes()]);
    (object.kind, object.heads) = (ObjectKind::Keys, Vec::new());
    let object = mallory.sign(&object);
    crew.spread(&[object]);
    let bill = crew.harbor.pay(crew.laptops.first_mut().unwrap(), 500, "Bill");
    for who in [ANN, BEN, CLEO, ANN, BEN] {
        sync(&mut crew.laptops[who], &book, folder.path());
    }
    assert_eq!(crew.harbor.state(&crew.laptops[BEN], &bill), Some(State::Ok));
}

#[test]
fn a_key_of_the_vault_stays_one_whatever_others_say_it_is_for() {
    let mut crew = crew(Role::Contributor);
    let record = json!({"label": "Safe", "kind": "password", "system": "Bank", "blast_radius": 4});
    let (book, record) = (crew.harbor.book, crate::support::fields(record));
    let add = commonhold_app::commands::records::add;
    let sealed = |object: &[u8]| {
        commonhold_core::object::Object::open(object).unwrap().sealed.unwrap().key.unwrap()
    };
    add(crew.ann(), &book, Kind::Secret, record.clone()).unwrap();
    let key = sealed(&crew.last(ANN));
    crew.share();
    let mut mallory = crew.mallory(1, DORA);
    let authority = crew.laptops[ANN].reader().authority(&book).unwrap();
    let devices: Vec<Device> = authority.state().devices().map(|(device, _)| *device).collect();
    // Several, so that some come before the right one whatever they are ordered by.
    let objects: Vec<Vec<u8>> = (0..8_u8)
        .map(|n| {
            let mut set = made(&crew, &Secret::new([66; 32]), BOOK, &devices);
            set.id = key;
            set.recipients.iter_mut().for_each(|recipient| recipient.sealed = hex(&[n; 80]));
            let mut object = mallory.object("", vec![set.bytes()]);
            (object.kind, object.heads) = (ObjectKind::Keys, Vec::new());
            mallory.sign(&object)
        })
        .collect();
    crew.spread(&objects);
    for who in [ANN, BEN, CLEO] {
        assert_ne!(sealing(&mut crew, who), key, "the vault's key is not given to all");
    }
    let id = add(crew.ann(), &book, Kind::Secret, record).unwrap();
    assert_eq!(sealed(&crew.last(ANN)), key, "and leadership goes on with it");
    crew.share();
    let row = crew.laptops[BEN].reader().record(&book, Kind::Secret, &id).unwrap();
    assert_eq!(row.unwrap().state, State::Ok);
    assert!(crew.laptops[DORA].reader().keyring(&book).unwrap().get(&key).is_none());
    crew.goes_on(BEN);
}

#[test]
fn what_lies_where_not_everybody_reads_changes_nothing_that_everybody_reads() {
    let mut crew = crew(Role::Member);
    let bill = crew.harbor.pay(&mut crew.laptops[ANN], 700, "Bill");
    crew.share();
    let withdrawal = json!({"kind": "transaction", "target": bill, "reason": "In secret", "v": 1});
    let approval = json!({"kind": "transaction", "target": bill, "person": crew.people[ANN],
        "verdict": "approve", "v": 1});
    let secret = json!({"label": "Safe", "kind": "password", "system": "Bank", "blast_radius": 4});
    let (book, secret) = (crew.harbor.book, crate::support::fields(secret));
    let records = commonhold_app::commands::records::add;
    let secret = records(crew.ann(), &book, Kind::Secret, secret).unwrap();
    crew.edit(ANN, VAULT, entry("withdrawal", fresh(1), &withdrawal));
    crew.edit(ANN, VAULT, entry("approval", fresh(2), &approval));
    crew.edit(ANN, "private/x", entry("withdrawal", fresh(3), &withdrawal));
    crew.share();
    for who in [ANN, BEN, DORA] {
        assert_eq!(crew.harbor.state(&crew.laptops[who], &bill), Some(State::Ok), "{who}");
        assert_same(&crew.dump(who), &crew.dump(DORA), "leadership and members see the same");
    }
    assert_eq!(crew.sums(ANN), crew.sums(DORA));
    let withdraw = commonhold_app::commands::records::withdraw;
    withdraw(&mut crew.laptops[BEN], &book, Kind::Secret, &secret, "Gone").unwrap();
    crew.share();
    let state = crew.laptops[CLEO].reader().state(&book, Kind::Secret, &secret).unwrap();
    assert_eq!(state, Some(State::Withdrawn), "what is secret is withdrawn in secret");
    crew.goes_on(BEN);
}
