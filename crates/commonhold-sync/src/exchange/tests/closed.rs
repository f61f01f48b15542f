//! A key that was sealed wrongly for one device, where all that names it lies under it.

use super::doubt::{heads, three};
use super::*;
use commonhold_core::keyring::{BOOK, Earlier, Keyring};
use commonhold_core::keys::Secret;
use commonhold_core::object::{Object, ObjectKind};
use commonhold_core::store::LogInfo;

/// Cleo hands a key to all, as the latest of many, but something else to one device.
fn hands_out(ann: &Store, cleo: &Store, book: &BookId, secret: &Secret, wrong: Device) -> Vec<u8> {
    let authority = ann.authority(book).unwrap();
    let state = authority.state();
    let devices: Vec<Device> = state.devices().map(|(device, _)| *device).collect();
    let (mut drawn, keyring) = (0, Keyring::default());
    let mut chance = || {
        drawn += 1;
        [drawn; 32]
    };
    let mut set = keyring.seal(book, BOOK, secret, &devices, state, &mut chance);
    for recipient in set.recipients.iter_mut().filter(|one| one.device == wrong) {
        recipient.sealed = "00".repeat(recipient.sealed.len() / 2);
    }
    let earlier = |n: u8| Earlier { id: KeyId([n; 16]), sealed: "00".repeat(72) };
    set.earlier = (1..200).map(earlier).collect();
    let log = cleo.identity().log(book);
    let before = cleo.log_heads(book).unwrap().into_iter().find(|head| head.0 == log);
    let (seq, previous) =
        before.map_or((1, commonhold_core::id::Hash([0; 32])), |(_, last, hash)| (last + 1, hash));
    let object = Object {
        kind: ObjectKind::Keys,
        book: *book,
        nonce: cleo.identity().nonce(),
        seq,
        device: cleo.device(),
        previous,
        time: NOW,
        document: String::new(),
        authority: authority.heads().to_vec(),
        heads: Vec::new(),
        parts: vec![set.bytes()],
        sealed: None,
    };
    object.seal(cleo.identity().keys().signing(), None).unwrap()
}

#[test]
fn who_cannot_open_a_key_is_heard_though_nothing_that_names_it_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let (book, [mut ann, mut ben, mut cleo]) = three(folder.path());
    let mut before = Memory::default();
    for store in [&mut ann, &mut ben, &mut cleo] {
        visit(store, &mut before, &book);
    }
    visit(&mut ann, &mut before, &book);
    let secret = Secret::new([66; 32]);
    let object = hands_out(&ann, &cleo, &book, &secret, ben.device());
    let received = ann.receive(&book, std::slice::from_ref(&object)).unwrap();
    assert_eq!(received.outcomes, [store::Outcome::Stored]);
    state(&mut ann, 20);
    assert_eq!(ann.sealing_key(&book, NOW).unwrap().unwrap().id(), secret.id());
    // Here all lies under that key, also what names it.
    let mut place = Memory::default();
    visit(&mut ann, &mut place, &book);
    let own = |ben: &Store| -> u64 {
        ben.logs(&book).unwrap().iter().filter(|log| log.own).map(LogInfo::count).sum()
    };
    let written = own(&ben);
    for _ in 0..4 {
        let report = visit(&mut ben, &mut place, &book);
        assert_eq!(report.received, 0, "{report:?}");
    }
    assert!(ben.keyring(&book).unwrap().get(&secret.id()).is_none());
    let envelopes = place
        .files
        .iter()
        .filter(|(name, bytes)| name.ends_with(".chk") && bytes[4..20] == secret.id().0);
    let envelopes = u64::try_from(envelopes.count()).unwrap();
    assert_eq!(own(&ben), written + envelopes, "it is said no more often than it was sealed");
    visit(&mut ann, &mut place, &book);
    visit(&mut ben, &mut place, &book);
    assert!(ben.keyring(&book).unwrap().get(&secret.id()).is_some());
    visit(&mut ann, &mut place, &book);
    assert_eq!(heads(&ben, &book), heads(&ann, &book));
}

#[test]
fn who_does_not_belong_or_was_not_meant_says_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (book, [mut ann, _, _]) = three(folder.path());
    let mut place = Memory::default();
    visit(&mut ann, &mut place, &book);
    let mut stranger = store(folder.path(), 9);
    stranger.expect(&book).unwrap();
    for _ in 0..3 {
        visit(&mut stranger, &mut place, &book);
    }
    assert_eq!(stranger.logs(&book).unwrap().iter().map(LogInfo::count).sum::<u64>(), 0);
}
