//! Nobody keeps anything from the others by laying something else down under its name.

use super::*;
use crate::bundle::Name;

/// A founder, and two whom she let in.
pub(super) fn three(folder: &Path) -> (BookId, [Store; 3]) {
    let mut ann = store(folder, 1);
    let genesis = ann.genesis_of("Harbor", NOW, [7; 16], RecordId::from_u128(1), "laptop");
    ann.begin(&genesis, NOW, &[]).unwrap();
    let book = genesis.book();
    let mut others = [2, 3].map(|seed| store(folder, seed));
    for (other, number) in others.iter_mut().zip(2..) {
        let (device, sealing) = (other.device(), other.identity().keys().sealing());
        let (log, person) = (other.identity().log(&book), RecordId::from_u128(number));
        let (label, recovery) = (format!("laptop {number}"), false);
        let said = Statement::Device { person, device, sealing, log, label, recovery };
        ann.say(&book, NOW, &[said]).unwrap();
        other.expect(&book).unwrap();
    }
    let [ben, cleo] = others;
    (book, [ann, ben, cleo])
}

/// Lays something down under the name of all that is here of a log, in this many files.
fn lay_junk(place: &mut Memory, store: &Store, book: &BookId, log: &LogId, files: u64) {
    let last = store.log_heads(book).unwrap().iter().find(|head| head.0 == *log).unwrap().1;
    for number in 0..files {
        let name = Name { first: 1, last, bytes: 300 + number };
        let length = usize::try_from(name.bytes).unwrap();
        place.put(&format!("{log}/{name}"), &vec![7; length]).unwrap();
    }
}

pub(super) fn heads(store: &Store, book: &BookId) -> Vec<store::Head> {
    store.log_heads(book).unwrap()
}

#[test]
fn what_lies_under_the_name_of_anothers_log_keeps_it_from_nobody() {
    for files in [1, 3] {
        let folder = tempfile::tempdir().unwrap();
        let (book, [mut ann, mut ben, mut cleo]) = three(folder.path());
        let (mut here, mut there) = (Memory::default(), Memory::default());
        for store in [&mut ann, &mut ben] {
            visit(store, &mut here, &book);
        }
        (20..23).for_each(|number| state(&mut ben, number));
        for store in [&mut ben, &mut ann] {
            visit(store, &mut here, &book);
        }
        // Ben does not come to the other place, where somebody was before all.
        let log = ben.identity().log(&book);
        lay_junk(&mut there, &ben, &book, &log, files);
        let mut visits = [Visit::default(), Visit::default()];
        let (options, on): (_, OnBundles<'_>) = (Options::full(NOW), &mut |_, _| true);
        for _ in 0..3 {
            exchange(&mut ann, &mut there, &mut visits[0], &book, options, on).unwrap();
            exchange(&mut cleo, &mut there, &mut visits[1], &book, options, on).unwrap();
        }
        assert_eq!(heads(&cleo, &book), heads(&ann, &book));
        assert!(heads(&cleo, &book).iter().any(|head| head.0 == log));
        let before = there.files.len();
        let last = exchange(&mut ann, &mut there, &mut visits[0], &book, options, on).unwrap();
        assert_eq!((last.sent, there.files.len()), (0, before), "it is laid down once");
    }
}

/// Counts how often bundles are read.
struct Counting(Memory, usize);

impl Shelf for Counting {
    fn place(&self) -> String {
        self.0.place()
    }
    fn list(&mut self, prefix: &str) -> Result<Vec<Item>, shelf::Error> {
        self.0.list(prefix)
    }
    fn get(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>, shelf::Error> {
        self.1 += usize::from(name.ends_with(".cho"));
        self.0.get(name, most)
    }
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), shelf::Error> {
        self.0.put(name, bytes)
    }
    fn remove(&mut self, name: &str) -> Result<(), shelf::Error> {
        self.0.remove(name)
    }
}

#[test]
fn files_are_not_read_again_because_somebody_was_not_here_for_long() {
    let folder = tempfile::tempdir().unwrap();
    let (book, [mut ann, mut ben, mut cleo]) = three(folder.path());
    let mut place = Counting(Memory::default(), 0);
    for store in [&mut ann, &mut cleo, &mut ben] {
        visit(store, &mut place, &book);
    }
    let mut writes = 0;
    for number in 20..30 {
        let later = Options::full(Time(NOW.0 + 86_400_000 * i64::from(number)));
        let keys = DeviceKeys::from_seed([number; 32]);
        let (device, sealing, log) = (keys.device(), keys.sealing(), LogId([number; 16]));
        let (label, recovery) = (format!("laptop {number}"), false);
        let person = RecordId::from_u128(2);
        let said = Statement::Device { person, device, sealing, log, label, recovery };
        ben.say(&book, later.now, &[said]).unwrap();
        let on: OnBundles<'_> = &mut |_, _| true;
        exchange(&mut ben, &mut place, &mut Visit::default(), &book, later, on).unwrap();
        writes += 1;
        let before = place.1;
        for _ in 0..3 {
            // Each time as by a program that was begun anew.
            let mut new = Visit::default();
            exchange(&mut ann, &mut place, &mut new, &book, later, on).unwrap();
        }
        assert!(place.1 - before <= 1 + 3, "{} reads", place.1 - before);
    }
    assert_eq!(writes, 10);
}
