//! What tests are written with: laptops with a clock and chance of their own, a small service on
//! them, ways to exchange, and the whole of what a laptop shows as one text.

pub mod crew;
pub mod harbor;
pub mod mallory;
pub mod program;

pub use commonhold_tests::{Chance, Still};
pub use harbor::{Harbor, found};

use commonhold_app::App;
use commonhold_app::commands::sync;
use commonhold_app::events::unheard;
use commonhold_core::authority::Statement;
use commonhold_core::json::Fields;
use commonhold_core::store::{Identity, Outcome, Reader};
use commonhold_core::{BookId, RecordId};
use serde_json::Value;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// One person's device.
pub struct Laptop {
    app: App,
    seed: u64,
    home: TempDir,
}

impl Deref for Laptop {
    type Target = App;
    fn deref(&self) -> &App {
        &self.app
    }
}

impl DerefMut for Laptop {
    fn deref_mut(&mut self) -> &mut App {
        &mut self.app
    }
}

pub fn alice() -> Laptop {
    Laptop::new(1)
}

pub fn bob() -> Laptop {
    Laptop::new(2)
}

pub fn carol() -> Laptop {
    Laptop::new(3)
}

impl Laptop {
    pub fn new(seed: u64) -> Self {
        Self::at(tempfile::tempdir().unwrap(), seed)
    }

    fn at(home: TempDir, seed: u64) -> Self {
        let app = App::open_in(home.path(), Box::new(Still::new(seed))).unwrap();
        Self { app, seed, home }
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Closes the profile; it can be opened again, or copied meanwhile.
    pub fn close(self) -> Closed {
        let Self { app, seed, home } = self;
        drop(app);
        Closed { seed, home }
    }
}

/// A laptop that is switched off.
pub struct Closed {
    seed: u64,
    home: TempDir,
}

impl Closed {
    /// The same profile once more, as if by magic: it must not write, since two of one device
    /// would contradict each other.
    pub fn twin(&self) -> Laptop {
        let home = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(self.home.path()).unwrap() {
            let from = file.unwrap().path();
            std::fs::copy(&from, home.path().join(from.file_name().unwrap())).unwrap();
        }
        Laptop::at(home, self.seed)
    }

    /// Switched on again, with other chance than before.
    pub fn open(self) -> Laptop {
        Laptop::at(self.home, self.seed + 1000)
    }

    pub fn path(&self) -> &Path {
        self.home.path()
    }
}

/// The fields of a JSON object.
pub fn fields(value: Value) -> Fields {
    value.as_object().cloned().unwrap()
}

/// Every object a profile has of a book, log after log, as others are shown it.
pub fn logs(reader: &Reader, book: &BookId) -> Vec<Vec<Vec<u8>>> {
    assert!(reader.note_shown(book).unwrap());
    let logs = reader.logs(book).unwrap();
    let objects = |n| reader.objects(n, 0, u32::MAX).unwrap().into_iter().map(|o| o.1).collect();
    logs.iter().map(|log| objects(log.n)).collect()
}

/// Hands all that `from` has to `to`, at once.
pub fn give(from: &App, to: &mut App, book: &BookId) {
    let objects: Vec<Vec<u8>> = logs(from.reader(), book).into_iter().flatten().collect();
    if !to.reader().has(book).unwrap() {
        assert!(objects.iter().any(|first| to.store().unwrap().join(first).is_ok()));
    }
    let received = to.store().unwrap().receive(book, &objects).unwrap();
    let fine = |outcome: &Outcome| matches!(outcome, Outcome::Stored | Outcome::Duplicate);
    assert!(received.outcomes.iter().all(fine), "{:?}", received.outcomes);
    assert_eq!(received.waiting, 0);
}

/// Takes over a book another of the founder's laptops shared through a folder.
pub fn meet(app: &mut App, book: &BookId, folder: &Path) -> sync::BookReport {
    app.store().unwrap().expect(book).unwrap();
    sync(app, book, folder)
}

/// What makes a device of a person.
pub fn device(book: &BookId, person: RecordId, identity: &Identity, label: &str) -> Statement {
    Statement::Device {
        person,
        device: identity.device(),
        sealing: identity.keys().sealing(),
        log: identity.log(book),
        label: label.to_owned(),
        recovery: false,
    }
}

/// Says something about people as the person at a laptop.
pub fn say(app: &mut App, book: &BookId, statements: &[Statement]) {
    let now = app.now();
    app.store().unwrap().say(book, now, statements).unwrap();
}

/// The person a laptop belongs to.
pub fn person(app: &mut App, book: &BookId) -> RecordId {
    let now = app.now();
    app.store().unwrap().writer(book, now).unwrap().person
}

/// Everything a profile shows of a book, line by line.
pub fn dump(reader: &Reader, book: &BookId) -> String {
    let mut text = String::new();
    reader
        .dump(book, &mut |line| {
            text.push_str(line);
            text.push('\n');
        })
        .unwrap();
    text
}

/// Says where two dumps differ, in few lines instead of two walls of text.
pub fn assert_same(one: &str, other: &str, what: &str) {
    if one == other {
        return;
    }
    let (a, b): (Vec<_>, Vec<_>) = (one.lines().collect(), other.lines().collect());
    let only = |of: &[&str], not: &[&str]| -> Vec<String> {
        let lines = of.iter().filter(|line| !not.contains(line));
        lines.take(4).map(|line| line.chars().take(600).collect()).collect()
    };
    panic!(
        "{what}: {} lines and {} lines.\nOnly here: {:#?}\nOnly there: {:#?}",
        a.len(),
        b.len(),
        only(&a, &b),
        only(&b, &a)
    );
}

/// Exchanges one book with a folder.
pub fn sync(app: &mut App, book: &BookId, folder: &Path) -> sync::BookReport {
    sync::sync_folder(app, Some(*book), folder, &mut unheard).unwrap().books.remove(0)
}

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// A file below `tests/fixtures`.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// Fixtures shared beside the repository; nothing where they are not.
pub fn shared(name: &str) -> Option<PathBuf> {
    let path = root().parent()?.join("shared/fixtures").join(name);
    if !path.exists() {
        println!("left out: {} is not here", path.display());
    }
    path.exists().then_some(path)
}
