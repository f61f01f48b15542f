//! What a shelf does wrong once must not be remembered for ever.

mod attachments;
mod closed;
mod doubt;
mod frozen;
mod growth;
mod harm;
mod rest;

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

/// Lends a store that somebody writes to just before one of the loans.
struct Busy {
    store: Store,
    loan: usize,
    at: usize,
    said: bool,
}

impl Keep for Busy {
    fn lend(&mut self, work: crate::keep::Work<'_>) -> Result<(), Error> {
        self.loan += 1;
        if self.loan == self.at {
            self.said = say(&mut self.store, 3).is_ok();
        }
        Ok(work(&mut self.store)?)
    }
}

/// States something about a device, different for each number.
fn state(store: &mut Store, number: u8) {
    say(store, number).unwrap();
}

fn say(store: &mut Store, number: u8) -> Result<(), store::Error> {
    let book = store.books().unwrap().remove(0).id;
    let keys = DeviceKeys::from_seed([number; 32]);
    let (device, sealing, log) = (keys.device(), keys.sealing(), LogId([number; 16]));
    let person = store.writer(&book, NOW).unwrap().person;
    let (label, recovery) = (format!("laptop {number}"), false);
    let said = Statement::Device { person, device, sealing, log, label, recovery };
    store.say(&book, NOW, &[said]).map(drop)
}

/// A founder's profile and a copy of it, each on a disk of its own.
struct Twins {
    ann: Store,
    copy: Store,
    book: BookId,
    log: LogId,
    _folders: [tempfile::TempDir; 2],
}

fn twins() -> Twins {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let mut ann = store(folders[0].path(), 1);
    let genesis = ann.genesis_of("Harbor", NOW, [7; 16], RecordId::from_u128(1), "laptop");
    ann.begin(&genesis, NOW, &[]).unwrap();
    let (book, log) = (genesis.book(), ann.identity().log(&genesis.book()));
    drop(ann);
    let file = |folder: &tempfile::TempDir| folder.path().join("1.sqlite");
    std::fs::copy(file(&folders[0]), file(&folders[1])).unwrap();
    let (ann, copy) = (store(folders[0].path(), 1), store(folders[1].path(), 1));
    Twins { ann, copy, book, log, _folders: folders }
}

fn visit(keep: &mut dyn Keep, place: &mut dyn Shelf, book: &BookId) -> Report {
    let options = Options::full(NOW);
    exchange(keep, place, &mut Visit::default(), book, options, &mut |_, _| true).unwrap()
}

#[test]
fn what_a_copy_says_during_an_exchange_is_given_up_too() {
    // Whenever it says it, and whether the other had said one thing by then or several.
    for (at, said) in (1..12).flat_map(|at| [(at, 1), (at, 3)]) {
        let Twins { mut ann, copy, book, log, _folders } = twins();
        let mut place = Memory::default();
        for number in 0..said {
            state(&mut ann, 20 + number);
            visit(&mut ann, &mut place, &book);
        }
        let mut busy = Busy { store: copy, loan: 0, at, said: false };
        let mut reports = vec![visit(&mut busy, &mut place, &book)];
        for _ in 0..3 {
            if reports.iter().any(|report| report.own_log_continued) {
                break;
            }
            reports.push(visit(&mut busy, &mut place, &book));
        }
        let there =
            |store: &Store| store.log_heads(&book).unwrap().iter().find(|h| h.0 == log).copied();
        assert_eq!(there(&busy.store), there(&ann), "at {at}: its log is that of the other");
        assert_eq!(busy.store.forks(&book).unwrap(), [], "at {at}");
        busy.store.renew([9; 16]).unwrap();
        busy.store.write_again(&book, NOW).unwrap();
        visit(&mut busy, &mut place, &book);
        visit(&mut ann, &mut place, &book);
        assert_eq!(ann.log_heads(&book).unwrap(), busy.store.log_heads(&book).unwrap());
        let known = ann.authority(&book).unwrap().state().devices().count();
        let both = usize::from(said) + usize::from(busy.said);
        assert_eq!(known, 1 + both, "at {at}: what both said counts");
    }
}

#[test]
fn a_copy_gives_up_nothing_before_it_can_read_what_differs() {
    let Twins { mut ann, mut copy, book, log, _folders } = twins();
    let mut place = Memory::default();
    for number in [20, 21] {
        state(&mut ann, number);
        visit(&mut ann, &mut place, &book);
    }
    state(&mut copy, 3);
    // The first thing that differs is read once, when it is compared, and is gone after that; what
    // follows it can be read.
    let mut names: Vec<String> = place.list("").unwrap().into_iter().map(|i| i.name).collect();
    names.retain(|name| name.starts_with(&format!("{log}/")));
    names.sort();
    let mut fleeting = Fleeting { place: &mut place, name: names[0].clone(), reads: 1 };
    let first = visit(&mut copy, &mut fleeting, &book);
    assert_eq!((first.sent, first.own_log_continued), (0, false), "it waits: {first:?}");
    let second = visit(&mut copy, &mut place, &book);
    assert!(second.own_log_continued, "{second:?}");
    copy.renew([9; 16]).unwrap();
    copy.write_again(&book, NOW).unwrap();
    visit(&mut copy, &mut place, &book);
    visit(&mut ann, &mut place, &book);
    assert_eq!(ann.log_heads(&book).unwrap(), copy.log_heads(&book).unwrap());
    assert_eq!(ann.forks(&book).unwrap(), []);
    assert_eq!(ann.authority(&book).unwrap().state().devices().count(), 4);
}

/// A place one file of which can be read so many times.
struct Fleeting<'a> {
    place: &'a mut Memory,
    name: String,
    reads: usize,
}

impl Shelf for Fleeting<'_> {
    fn place(&self) -> String {
        self.place.place()
    }
    fn list(&mut self, prefix: &str) -> Result<Vec<Item>, shelf::Error> {
        self.place.list(prefix)
    }
    fn get(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>, shelf::Error> {
        if name == self.name {
            let Some(left) = self.reads.checked_sub(1) else { return Ok(None) };
            self.reads = left;
        }
        self.place.get(name, most)
    }
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), shelf::Error> {
        self.place.put(name, bytes)
    }
    fn remove(&mut self, name: &str) -> Result<(), shelf::Error> {
        self.place.remove(name)
    }
}

#[test]
fn a_file_laid_down_for_numbers_to_come_stands_for_nothing_when_they_come() {
    let Twins { mut ann, book, log, _folders, .. } = twins();
    let mut place = Memory::default();
    let mut visited = Visit::default();
    let options = Options::full(NOW);
    let on: OnBundles<'_> = &mut |_, _| true;
    exchange(&mut ann, &mut place, &mut visited, &book, options, on).unwrap();
    let heads = ann.log_heads(&book).unwrap();
    let next = heads.iter().find(|head| head.0 == log).unwrap().1 + 1;
    // For the next one, and two after it.
    let junk = crate::bundle::Name { first: next, last: next + 2, bytes: 300 };
    place.put(&format!("{log}/{junk}"), &[7; 300]).unwrap();
    for number in 20..24 {
        state(&mut ann, number);
        exchange(&mut ann, &mut place, &mut visited, &book, options, on).unwrap();
    }
    place.remove(&format!("{log}/{junk}")).unwrap();
    let listed = Listed::of(place.list("").unwrap());
    let held: u64 = listed.bundles[&log].iter().map(|name| name.last - name.first + 1).sum();
    let last = ann.log_heads(&book).unwrap().iter().find(|head| head.0 == log).unwrap().1;
    assert_eq!(held, last, "each object lies there once");
}
