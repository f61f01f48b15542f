//! What a member who means harm does to others' keys and to what they are about to write.

use super::doubt::{heads, three};
use super::*;
use commonhold_core::Kind;
use commonhold_core::authority::{Basis, Role};
use commonhold_core::document::{Edit, Key};
use commonhold_core::id::Device;
use commonhold_core::keyring::{BOOK, Earlier, Keyring};
use commonhold_core::keys::{KeyId, Secret};
use commonhold_core::object::{Object, ObjectKind};
use commonhold_core::projection::State;
use commonhold_core::store::Act;
use serde_json::json;

const ANN: usize = 0;
const BEN: usize = 1;
const CLEO: usize = 2;

/// They exchange one after the other.
fn go(all: &mut [Store], order: &[usize], place: &mut Memory, book: &BookId) {
    for who in order {
        visit(&mut all[*who], place, book);
    }
}

/// A key of the book that others will prefer, sealed rightly to all but one.
fn sealed_wrongly(by: &Store, book: &BookId, secret: &Secret, for_whom: &Device) -> Vec<u8> {
    let authority = by.authority(book).unwrap();
    let all: Vec<Device> = authority.state().devices().map(|(device, _)| *device).collect();
    let (mut drawn, keyring) = (0, Keyring::default());
    let mut chance = || {
        drawn += 1;
        [drawn; 32]
    };
    let mut set = keyring.seal(book, BOOK, secret, &all, authority.state(), &mut chance);
    let earlier = |n: u8| Earlier { id: KeyId([n; 16]), sealed: "00".repeat(72) };
    set.earlier = (1..200).map(earlier).collect();
    for recipient in set.recipients.iter_mut().filter(|one| one.device == *for_whom) {
        recipient.sealed = "00".repeat(recipient.sealed.len() / 2);
    }
    let object = Object {
        kind: ObjectKind::Keys,
        book: *book,
        nonce: [9; 16],
        seq: 1,
        device: by.device(),
        previous: commonhold_core::id::Hash([0; 32]),
        time: NOW,
        document: String::new(),
        authority: authority.heads().to_vec(),
        heads: Vec::new(),
        parts: vec![set.bytes()],
        sealed: None,
    };
    object.seal(by.identity().keys().signing(), None).unwrap()
}

#[test]
fn who_cannot_open_a_key_says_so_and_is_given_it_by_another() {
    let folder = tempfile::tempdir().unwrap();
    let (book, mut all) = three(folder.path());
    let mut place = Memory::default();
    go(&mut all, &[ANN, BEN, CLEO], &mut place, &book);
    let secret = Secret::new([66; 32]);
    let object = sealed_wrongly(&all[CLEO], &book, &secret, &all[BEN].device());
    for store in &mut all[..2] {
        store.receive(&book, std::slice::from_ref(&object)).unwrap();
    }
    state(&mut all[ANN], 20);
    go(&mut all, &[ANN], &mut place, &book);
    assert_eq!(
        all[ANN].sealing_key(&book, NOW).unwrap().unwrap().id(),
        secret.id(),
        "Cleo's is used"
    );
    go(&mut all, &[BEN, ANN, BEN, ANN], &mut place, &book);
    assert_eq!(heads(&all[BEN], &book), heads(&all[ANN], &book));
    assert!(all[BEN].keyring(&book).unwrap().get(&secret.id()).is_some());
    let (files, heads_before) = (place.files.len(), heads(&all[ANN], &book));
    go(&mut all, &[BEN, ANN, BEN, ANN], &mut place, &book);
    assert_eq!(
        (place.files.len(), heads(&all[ANN], &book)),
        (files, heads_before),
        "it is said once"
    );
}

fn ballot(proposal: RecordId, id: RecordId, choice: &str) -> Act {
    let value = json!({"proposal": proposal, "voter": RecordId::from_u128(2), "seq": 1,
                       "choice": choice, "v": 1});
    let key = Key { kind: "ballot".to_owned(), id };
    let fields = value.as_object().unwrap().clone();
    Act { document: format!("proposal/{proposal}"), edit: Edit::Entry(key, fields) }
}

fn shown(store: &Store, book: &BookId) -> Vec<String> {
    let mut lines = Vec::new();
    store.dump(book, &mut |line| lines.push(line.to_owned())).unwrap();
    lines
}

#[test]
fn what_was_forged_beforehand_keeps_nobody_from_writing_it() {
    // Whether or not who was forged wrote to that document before.
    for before in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let (book, mut all) = three(folder.path());
        for number in 2..=3 {
            let (person, basis) = (RecordId::from_u128(number), Basis::Decision);
            let (role, from, to, decision) = (Role::Member, None, None, None);
            all[ANN]
                .say(&book, NOW, &[Statement::Grant { person, role, from, to, basis, decision }])
                .unwrap();
        }
        let mut place = Memory::default();
        go(&mut all, &[ANN, BEN, CLEO, ANN], &mut place, &book);
        let (proposal, id) = (RecordId::from_u128(77), RecordId::from_u128(78));
        let on = &mut |_| true;
        if before {
            let other = ballot(proposal, RecordId::from_u128(79), "yes");
            all[BEN].write(&book, NOW, &[other], on).unwrap();
        }
        all[CLEO].write(&book, NOW, &[ballot(proposal, id, "no")], on).unwrap();
        go(&mut all, &[CLEO, BEN], &mut place, &book);
        let is = |store: &Store| store.state(&book, Kind::Ballot, &id).unwrap();
        assert_eq!(is(&all[BEN]), Some(State::Rejected));
        all[BEN].write(&book, NOW, &[ballot(proposal, id, "yes")], on).unwrap();
        assert_eq!(is(&all[BEN]), Some(State::Ok));
        assert!(all[BEN].write(&book, NOW, &[ballot(proposal, id, "no")], on).is_err(), "once");
        go(&mut all, &[BEN, ANN, CLEO, BEN], &mut place, &book);
        for store in &mut all {
            let row = store.record(&book, Kind::Ballot, &id).unwrap().unwrap();
            assert_eq!((row.state, &row.fields["choice"]), (State::Ok, &json!("yes")));
            assert!(row.conflicts.is_empty(), "a forgery is no rival");
            let lines = shown(store, &book);
            store.rebuild().unwrap();
            assert_eq!(shown(store, &book), lines);
        }
        assert_eq!(shown(&all[ANN], &book), shown(&all[BEN], &book));
        assert_eq!(heads(&all[ANN], &book), heads(&all[BEN], &book));
    }
}
