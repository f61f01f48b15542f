//! A place does not grow with the years, only with what was written: devices come and go, profiles
//! are renewed, and what they leave behind is joined by whoever comes by.

use super::doubt::{heads, three};
use super::*;
use commonhold_core::Kind;
use commonhold_core::document::{Edit, Key};
use commonhold_core::json::Fields;
use commonhold_core::store::Act;

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

fn later(days: i64) -> Options {
    Options::full(Time(NOW.0 + days * DAY))
}

/// Writes a page's title.
pub(super) fn write(store: &mut Store, book: &BookId, id: u128, day: i64) {
    let mut fields = Fields::new();
    fields.insert("title".to_owned(), serde_json::json!(format!("What was done on day {day}")));
    fields.insert("kind".to_owned(), serde_json::json!("runbook"));
    let id = RecordId::from_u128(id);
    let edit = Edit::Fields(Key { kind: Kind::Page.name().to_owned(), id }, fields);
    let act = Act { document: format!("page/{id}"), edit };
    assert!(store.write(book, Time(NOW.0 + day * DAY), &[act], &mut |_| true).unwrap());
}

/// Exchanges in a program that remembers the place.
fn meet(store: &mut Store, place: &mut dyn Shelf, visit: &mut Visit, book: &BookId, day: i64) {
    let on: OnBundles<'_> = &mut |_, _| true;
    exchange(store, place, visit, book, later(day), on).unwrap();
}

/// Another device of the founder's.
fn admit(ann: &mut Store, other: &mut Store, book: &BookId, day: i64) {
    let (device, sealing) = (other.device(), other.identity().keys().sealing());
    let (log, person) = (other.identity().log(book), RecordId::from_u128(1));
    let (label, recovery) = (format!("laptop of day {day}"), false);
    let said = Statement::Device { person, device, sealing, log, label, recovery };
    ann.say(book, Time(NOW.0 + day * DAY), &[said]).unwrap();
    other.expect(book).unwrap();
}

fn remove(ann: &mut Store, book: &BookId, device: Device, day: i64) {
    let cuts = ann.cuts(book, &[device]).unwrap();
    let (person, reason, decision) = (RecordId::from_u128(1), "sold".to_owned(), None);
    let said = Statement::Remove { person, device: Some(device), reason, cuts, decision };
    ann.say(book, Time(NOW.0 + day * DAY), &[said]).unwrap();
}

/// How many files lie in a place, and how many bytes, of names with this ending.
fn held(place: &Memory, ending: &str) -> (usize, usize) {
    let of = place.files.iter().filter(|(name, _)| name.ends_with(ending));
    of.fold((0, 0), |(count, sum), (_, bytes)| (count + 1, sum + bytes.len()))
}

/// A founder writes for `rounds` days; her second laptop is another one every tenth, and her third goes
/// on in a new log every 25th. Answers the place, and her.
fn years(folder: &Path, rounds: i64) -> (Memory, Store, BookId) {
    let mut ann = store(folder, 1);
    let genesis = ann.genesis_of("Harbor", NOW, [7; 16], RecordId::from_u128(1), "laptop");
    ann.begin(&genesis, NOW, &[]).unwrap();
    let book = genesis.book();
    let mut place = Memory::default();
    let (mut second, mut third) = (store(folder, 2), store(folder, 3));
    admit(&mut ann, &mut second, &book, 0);
    admit(&mut ann, &mut third, &book, 0);
    let mut visits = [Visit::default(), Visit::default(), Visit::default()];
    let mut most = 0;
    for day in 1..=rounds {
        let seed = u8::try_from(day / 10).unwrap();
        if day % 10 == 0 {
            remove(&mut ann, &book, second.device(), day);
            second = store(folder, 100 + seed);
            visits[1] = Visit::default();
            admit(&mut ann, &mut second, &book, day);
            meet(&mut ann, &mut place, &mut visits[0], &book, day);
        }
        if day % 25 == 0 {
            third.renew([seed; 16]).unwrap();
        }
        for (n, one) in [&mut ann, &mut second, &mut third].into_iter().enumerate() {
            meet(one, &mut place, &mut visits[n], &book, day);
            write(one, &book, u128::try_from(10 + n).unwrap(), day);
            meet(one, &mut place, &mut visits[n], &book, day);
        }
        most = most.max(held(&place, ".cho").0);
    }
    meet(&mut ann, &mut place, &mut visits[0], &book, rounds + 200);
    assert!(most < 150, "{most} bundles at once");
    (place, ann, book)
}

#[test]
fn a_place_grows_with_what_was_written_and_not_with_the_years() {
    // Nothing of it need survive the power going off, and 200 days are some thousand commits.
    let memory = Path::new("/dev/shm");
    let folder = match memory.is_dir() {
        true => tempfile::tempdir_in(memory),
        false => tempfile::tempdir(),
    };
    let folder = folder.unwrap();
    let (mut place, mut ann, book) = years(folder.path(), 200);
    let written: u64 =
        ann.logs(&book).unwrap().iter().map(commonhold_core::store::LogInfo::count).sum();
    assert!(written > 600, "{written}");
    // What somebody who has it all lays down where nothing lies.
    let mut fresh = Memory::default();
    visit(&mut ann, &mut fresh, &book);
    let ((files, bytes), (least, least_bytes)) = (held(&place, ".cho"), held(&fresh, ".cho"));
    let logs = ann.logs(&book).unwrap().len();
    println!(
        "{written} objects in {logs} logs: {files} bundles of {bytes} bytes, at least {least} of {least_bytes}"
    );
    assert!(files <= least + 60, "{files} bundles, at least {least}");
    assert!(bytes <= least_bytes * 2, "{bytes} bytes, at least {least_bytes}");
    assert_eq!(held(&place, ".chk"), held(&fresh, ".chk"), "one envelope for each set of keys");
    assert!(held(&place, ".chr").0 <= 3, "of those who belong: {:?}", held(&place, ".chr"));
    // And it is all there.
    let mut last = store(folder.path(), 9);
    admit(&mut ann, &mut last, &book, 500);
    meet(&mut ann, &mut place, &mut Visit::default(), &book, 500);
    meet(&mut last, &mut place, &mut Visit::default(), &book, 500);
    assert_eq!(heads(&last, &book), heads(&ann, &book));
}

#[test]
fn whoever_joins_what_ended_at_the_same_time_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (book, [mut ann, mut ben, mut cleo]) = three(folder.path());
    let mut place = Memory::default();
    let mut visits = [Visit::default(), Visit::default(), Visit::default()];
    meet(&mut ann, &mut place, &mut visits[0], &book, 0);
    meet(&mut ben, &mut place, &mut visits[1], &book, 0);
    for day in 0..6 {
        state(&mut ben, 20 + u8::try_from(day).unwrap());
        meet(&mut ben, &mut place, &mut visits[1], &book, day);
    }
    let log = ben.identity().log(&book);
    let of = |place: &Memory| -> Vec<String> {
        place.files.keys().filter(|name| name.starts_with(&log.to_string())).cloned().collect()
    };
    meet(&mut cleo, &mut place, &mut visits[2], &book, 6);
    meet(&mut ann, &mut place, &mut visits[0], &book, 6);
    let before = of(&place);
    assert!(before.len() > 4, "Ben's log goes on: {before:?}");
    // One of them sees what is there, the other joins it, and then the first does what it meant to.
    struct Late<'a>(&'a mut Memory, Vec<Item>);
    impl Shelf for Late<'_> {
        fn place(&self) -> String {
            self.0.place()
        }
        fn list(&mut self, _: &str) -> Result<Vec<Item>, shelf::Error> {
            Ok(self.1.clone())
        }
        fn get(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>, shelf::Error> {
            self.0.get(name, most)
        }
        fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), shelf::Error> {
            self.0.put(name, bytes)
        }
        fn remove(&mut self, name: &str) -> Result<(), shelf::Error> {
            self.0.remove(name)
        }
    }
    let seen = place.list("").unwrap();
    meet(&mut ann, &mut place, &mut visits[0], &book, 200);
    assert_eq!(of(&place).len(), 1, "joined: {:?}", of(&place));
    meet(&mut cleo, &mut Late(&mut place, seen), &mut visits[2], &book, 200);
    assert_eq!(of(&place).len(), 1, "{:?}", of(&place));
    // What somebody takes away is laid down again by whoever has it.
    let one = of(&place).remove(0);
    place.remove(&one).unwrap();
    meet(&mut cleo, &mut place, &mut visits[2], &book, 201);
    assert_eq!(of(&place), [one]);
    let mut none = store(folder.path(), 9);
    let (device, sealing) = (none.device(), none.identity().keys().sealing());
    let (log, person, label) = (none.identity().log(&book), RecordId::from_u128(1), "new".into());
    let said = Statement::Device { person, device, sealing, log, label, recovery: false };
    ann.say(&book, later(202).now, &[said]).unwrap();
    none.expect(&book).unwrap();
    meet(&mut ann, &mut place, &mut visits[0], &book, 202);
    meet(&mut none, &mut place, &mut Visit::default(), &book, 202);
    assert_eq!(heads(&none, &book), heads(&ann, &book));
}

#[test]
fn a_file_of_an_ended_log_that_holds_something_else_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (book, [mut ann, mut ben, _]) = three(folder.path());
    let mut place = Memory::default();
    let mut visits = [Visit::default(), Visit::default()];
    meet(&mut ann, &mut place, &mut visits[0], &book, 0);
    meet(&mut ben, &mut place, &mut visits[1], &book, 0);
    for number in 20..24 {
        state(&mut ben, number);
        meet(&mut ben, &mut place, &mut visits[1], &book, 0);
    }
    meet(&mut ann, &mut place, &mut visits[0], &book, 0);
    let log = ben.identity().log(&book);
    // Nobody can say what it is: perhaps a branch under a key that comes later.
    let closed = crate::bundle::Name { first: 2, last: 3, bytes: 300 };
    let closed = format!("{log}/{closed}");
    place.put(&closed, &[b"CHS1".as_slice(), &[9; 296]].concat()).unwrap();
    for day in 200..203 {
        meet(&mut ann, &mut place, &mut visits[0], &book, day);
    }
    let left = place.files.keys().filter(|name| name.starts_with(&log.to_string()));
    assert_eq!(left.filter(|name| **name != closed).count(), 1);
    assert!(place.files.contains_key(&closed));
}
