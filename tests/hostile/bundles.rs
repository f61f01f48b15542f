//! Spoiled bundles and objects.

use super::damage::spoiled;
use crate::support::{Chance, alice, bob, dump, found, give, logs};
use commonhold_core::object::Object;
use commonhold_core::store::Outcome;
use commonhold_sync::bundle;

#[test]
fn spoiled_objects_are_refused_and_the_sound_ones_beside_them_are_not() {
    let (mut a, mut b) = (alice(), bob());
    let harbor = found(&mut a);
    give(&a, &mut b, &harbor.book);
    harbor.pay(&mut a, 700, "Sound");
    let log = logs(a.reader(), &harbor.book).remove(0);
    let sound = log.last().unwrap();
    let before = dump(b.reader(), &harbor.book);
    for (what, bytes) in spoiled(sound, 400, 31) {
        assert!(Object::open(&bytes).is_err(), "{what}");
        let received = b.store().unwrap().receive(&harbor.book, &[bytes]).unwrap();
        match &received.outcomes[0] {
            Outcome::Refused(why) => assert!(why.len() > 10, "{what}: {why}"),
            Outcome::Stranger => {} // the damage made another device's key of it
            other => panic!("{what}: {other:?}"),
        }
    }
    assert!(dump(b.reader(), &harbor.book) == before);
    let noise = vec![0xa5; 20 << 20];
    let batch = [noise, sound.clone(), sound[..40].to_vec()];
    let received = b.store().unwrap().receive(&harbor.book, &batch).unwrap();
    assert_eq!(received.outcomes[1], Outcome::Stored, "{:?}", received.outcomes);
    assert_eq!(dump(b.reader(), &harbor.book), dump(a.reader(), &harbor.book));
}

#[test]
fn spoiled_bundles_give_sound_objects_or_none() {
    let mut a = alice();
    let harbor = found(&mut a);
    for n in 0..20 {
        harbor.pay(&mut a, 100 + n, "x");
    }
    let log = logs(a.reader(), &harbor.book).remove(0);
    let bytes = bundle::pack(&log);
    let mut chance = Chance(32);
    for (what, bytes) in spoiled(&bytes, 400, 33) {
        for object in bundle::unpack(&bytes).unwrap_or_default() {
            let fine = Object::open(&object).is_ok();
            assert!(!fine || log.contains(&object), "{what} made an object up");
        }
    }
    let zeros = vec![0; 24 << 20];
    assert_eq!(bundle::unpack(&zeros), None, "six million empty objects are none");
    let mut claim = (u32::MAX).to_be_bytes().to_vec();
    claim.extend((0..100).map(|_| chance.number() as u8));
    assert_eq!(bundle::unpack(&claim), None);
}
