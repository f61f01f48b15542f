//! What a shelf does wrong once must not be remembered for ever.

mod attachments;

use super::*;
use crate::shelf::{Item, Memory};
use commonhold_core::RecordId;
use commonhold_core::authority::Statement;
use commonhold_core::keys::DeviceKeys;
use commonhold_core::store::{Identity, Store};
use std::path::Path;

const NOW: Time = Time(1_782_864_000_000);

/// Damages the first envelopes that are read.
struct Spoiling<'a>(&'a mut Memory, usize);

impl Shelf for Spoiling<'_> {
    fn place(&self) -> String {
        self.0.place()
    }
    fn list(&mut self, prefix: &str) -> Result<Vec<Item>, shelf::Error> {
        self.0.list(prefix)
    }
    fn get(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>, shelf::Error> {
        let mut bytes = self.0.get(name, most)?;
        if name.starts_with("keys/") && self.1 > 0 {
            self.1 -= 1;
            bytes.iter_mut().flatten().take(1).for_each(|byte| *byte ^= 1);
        }
        Ok(bytes)
    }
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), shelf::Error> {
        self.0.put(name, bytes)
    }
    fn remove(&mut self, name: &str) -> Result<(), shelf::Error> {
        self.0.remove(name)
    }
}

fn store(folder: &Path, seed: u8) -> Store {
    let identity = Identity::new(DeviceKeys::from_seed([seed; 32]), [seed; 16], [seed; 32]);
    Store::open(&folder.join(format!("{seed}.sqlite")), identity).unwrap()
}

#[test]
fn an_envelope_that_arrived_damaged_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let (mut ann, mut ben) = (store(folder.path(), 1), store(folder.path(), 2));
    let (person, label) = (RecordId::from_u128(1), "laptop".to_owned());
    let genesis = ann.genesis_of("Harbor", NOW, [7; 16], person, "laptop");
    ann.begin(&genesis, NOW, &[]).unwrap();
    let book = genesis.book();
    let (device, sealing) = (ben.device(), ben.identity().keys().sealing());
    let (log, recovery) = (ben.identity().log(&book), false);
    let admission = Statement::Device { person, device, sealing, log, label, recovery };
    ann.say(&book, NOW, &[admission]).unwrap();
    let (mut place, options) = (Memory::default(), Options::full(NOW));
    let on: OnBundles<'_> = &mut |_, _| true;
    exchange(&mut ann, &mut place, &mut Visit::default(), &book, options, on).unwrap();
    ben.expect(&book).unwrap();
    let mut visit = Visit::default();
    let mut spoiling = Spoiling(&mut place, 100);
    let first = exchange(&mut ben, &mut spoiling, &mut visit, &book, options, on).unwrap();
    assert_eq!(first.received, 0, "without the key nothing can be opened");
    let second = exchange(&mut ben, &mut place, &mut visit, &book, options, on).unwrap();
    assert!(second.received > 0, "{second:?}");
    assert_eq!(ben.log_heads(&book).unwrap(), ann.log_heads(&book).unwrap());
}

/// Lends a store that somebody writes to just before the second loan.
struct Busy(Store, usize);

impl Keep for Busy {
    fn lend(&mut self, work: crate::keep::Work<'_>) -> Result<(), Error> {
        self.1 += 1;
        if self.1 == 2 {
            state(&mut self.0, 3);
        }
        Ok(work(&mut self.0)?)
    }
}

/// States something about a device, different for each number.
fn state(store: &mut Store, number: u8) {
    let book = store.books().unwrap().remove(0).id;
    let keys = DeviceKeys::from_seed([number; 32]);
    let (device, sealing, log) = (keys.device(), keys.sealing(), LogId([number; 16]));
    let person = store.writer(&book, NOW).unwrap().person;
    let (label, recovery) = (format!("laptop {number}"), false);
    let said = Statement::Device { person, device, sealing, log, label, recovery };
    store.say(&book, NOW, &[said]).unwrap();
}

#[test]
fn what_a_copy_says_during_an_exchange_is_given_up_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut ann = store(folder.path(), 1);
    let genesis = ann.genesis_of("Harbor", NOW, [7; 16], RecordId::from_u128(1), "laptop");
    ann.begin(&genesis, NOW, &[]).unwrap();
    let (book, log) = (genesis.book(), ann.identity().log(&genesis.book()));
    drop(ann);
    let path = folder.path().join("1.sqlite");
    let copy = tempfile::tempdir().unwrap();
    std::fs::copy(path, copy.path().join("1.sqlite")).unwrap();
    let (mut ann, copied) = (store(folder.path(), 1), store(copy.path(), 1));
    state(&mut ann, 2);
    let (mut place, options) = (Memory::default(), Options::full(NOW));
    let (mut visit, on): (_, OnBundles<'_>) = (Visit::default(), &mut |_, _| true);
    exchange(&mut ann, &mut place, &mut visit, &book, options, on).unwrap();
    let mut busy = Busy(copied, 0);
    let mut visit = Visit::default();
    let first = exchange(&mut busy, &mut place, &mut visit, &book, options, on).unwrap();
    assert!(first.own_log_continued, "{first:?}");
    let there =
        |store: &Store| store.log_heads(&book).unwrap().iter().find(|h| h.0 == log).copied();
    assert_eq!(there(&busy.0), there(&ann), "its log is that of the other");
    busy.0.renew([9; 16]).unwrap();
    busy.0.write_again(&book, NOW).unwrap();
    exchange(&mut busy, &mut place, &mut visit, &book, options, on).unwrap();
    exchange(&mut ann, &mut place, &mut Visit::default(), &book, options, on).unwrap();
    assert_eq!(ann.log_heads(&book).unwrap(), busy.0.log_heads(&book).unwrap());
    let known = ann.authority(&book).unwrap().state().devices().count();
    assert_eq!(known, 3, "what both said counts");
}
