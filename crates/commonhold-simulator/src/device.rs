//! One device: a profile on a disk, the program on it, and the ways it ends.

use crate::Failed;
use crate::chance::Chance;
use crate::disk::Files;
use crate::model::Knowledge;
use crate::place::Life;
use commonhold_core::authority::Statement;
use commonhold_core::id::{BookId, LogId};
use commonhold_core::keys::DeviceKeys;
use commonhold_core::store::{self, Act, Identity, Store};
use commonhold_core::{RecordId, Time};
use commonhold_sync::exchange::{Error, Visit};
use commonhold_sync::keep::{Keep, Work};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What lies in a profile's folder: its records, and which installation it is.
#[derive(Clone)]
pub struct Profile {
    /// The records.
    pub files: Files,
    /// The installation.
    pub install: [u8; 16],
}

/// One device.
pub struct Device {
    /// Which one.
    pub number: usize,
    /// Whose, by their person record.
    pub person: RecordId,
    /// Where its key comes from.
    pub seed: [u8; 32],
    /// Which installation its profile is.
    pub install: [u8; 16],
    /// How far its clock is off, in milliseconds.
    pub clock: i64,
    /// Whether it may be copied or restored: then it exchanges with the first place only, which
    /// tells it the truth, until all is calm.
    pub clonable: bool,
    /// Whether it was copied: then it states nothing any more.
    pub copied: bool,
    /// Whether somebody let it in.
    pub admitted: bool,
    /// A copy of its profile somebody has.
    pub backup: Option<Profile>,
    /// How much of what was acknowledged had been written when that was made.
    pub backed_up: usize,
    /// How much of what was acknowledged had been written when it last handed all over.
    pub handed: usize,
    /// What it remembers of places.
    pub visits: BTreeMap<usize, Visit>,
    path: PathBuf,
    sessions: u64,
    store: Option<Store>,
}

impl Device {
    /// A device whose profile is new.
    pub fn new(
        (number, person): (usize, RecordId),
        folder: &Path,
        chance: &mut Chance,
    ) -> Result<Self, Failed> {
        let mut device = Self {
            number,
            person,
            seed: chance.bytes(),
            install: chance.bytes(),
            clock: 0,
            clonable: false,
            copied: false,
            admitted: false,
            backup: None,
            backed_up: 0,
            handed: 0,
            visits: BTreeMap::new(),
            path: folder.join(format!("device-{number}.sqlite")),
            sessions: 0,
            store: None,
        };
        device.open()?;
        Ok(device)
    }

    /// The same profile on another disk, as if by magic.
    pub fn twin(&self, number: usize, folder: &Path, profile: &Profile) -> Result<Self, Failed> {
        let mut twin = Self {
            number,
            clock: self.clock,
            install: profile.install,
            seed: self.seed,
            person: self.person,
            clonable: true,
            copied: true,
            admitted: true,
            backup: None,
            backed_up: 0,
            handed: 0,
            visits: BTreeMap::new(),
            path: folder.join(format!("device-{number}.sqlite")),
            sessions: 0,
            store: None,
        };
        profile.files.put(&twin.path)?;
        twin.open()?;
        Ok(twin)
    }

    /// What must never be the same twice: from the key, which disk, and how often it was opened.
    fn session(&self) -> [u8; 32] {
        let number = u64::try_from(self.number).unwrap_or(0).to_be_bytes();
        let material = [self.seed.as_slice(), &number, &self.sessions.to_be_bytes()].concat();
        *blake3::hash(&material).as_bytes()
    }

    fn open(&mut self) -> Result<(), Failed> {
        self.sessions += 1;
        let identity =
            Identity::new(DeviceKeys::from_seed(self.seed), self.install, self.session());
        self.store = Some(Store::open(&self.path, identity)?);
        self.visits.clear();
        Ok(())
    }

    /// Its store.
    pub fn store(&mut self) -> Result<&mut Store, Failed> {
        self.store.as_mut().ok_or_else(|| Failed("a profile is not open".to_owned()))
    }

    /// The log it writes.
    pub fn log(&self, book: &BookId) -> LogId {
        let identity = Identity::new(DeviceKeys::from_seed(self.seed), self.install, [0; 32]);
        identity.log(book)
    }

    /// What makes it a device of its person.
    pub fn admission(&self, book: &BookId) -> Statement {
        let keys = DeviceKeys::from_seed(self.seed);
        let (person, device, sealing) = (self.person, keys.device(), keys.sealing());
        let (label, recovery) = (format!("device {}", self.number), false);
        Statement::Device { person, device, sealing, log: self.log(book), label, recovery }
    }

    /// Where its own log ends.
    pub fn end_of_log(&mut self, book: &BookId) -> Result<(LogId, u64), Failed> {
        let log = self.log(book);
        let heads = self.store()?.log_heads(book)?;
        Ok((log, heads.iter().find(|head| head.0 == log).map_or(0, |head| head.1)))
    }

    /// Its files as they are now.
    pub fn files(&self) -> Result<Files, Failed> {
        Ok(Files::of(&self.path)?)
    }

    /// Its profile as it is now.
    pub fn profile(&self) -> Result<Profile, Failed> {
        Ok(Profile { files: self.files()?, install: self.install })
    }

    /// The power goes, at some moment since an earlier one or now, and comes back. Answers how
    /// many commits since then are lost.
    pub fn crash(&mut self, since: Option<&Files>, chance: &mut Chance) -> Result<usize, Failed> {
        let now = self.files()?;
        let (files, lost) = match since {
            Some(since) => now.torn_since(since, chance),
            None => (now, 0),
        };
        self.store = None;
        files.put(&self.path)?;
        self.open()?;
        Ok(lost)
    }

    /// An old copy of the profile is put back.
    pub fn restore(&mut self, profile: &Profile) -> Result<(), Failed> {
        self.store = None;
        profile.files.put(&self.path)?;
        self.install = profile.install;
        self.open()
    }

    /// SQLite's own look at the file.
    pub fn integrity(&mut self) -> Result<String, Failed> {
        let words = |error: rusqlite::Error| Failed(format!("a profile cannot be read: {error}"));
        let db = rusqlite::Connection::open(&self.path).map_err(words)?;
        db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).map_err(words)
    }
}

/// What came of something written in the middle of an exchange.
pub type Said = (Result<bool, store::Error>, Knowledge, (LogId, u64));

/// Something a person writes in the middle of an exchange: at which loan of the store, what, when.
pub struct Aside {
    /// Loans until then.
    pub after: u64,
    /// What is written.
    pub act: Act,
    /// When.
    pub now: Time,
    /// What came of it, with what was known then and where the log ended afterwards.
    pub said: Option<Said>,
}

/// Lends a device's store to an exchange, until the process dies.
pub struct Lender<'a> {
    /// The device.
    pub device: &'a mut Device,
    /// The book.
    pub book: BookId,
    /// The life of the process.
    pub life: Arc<Life>,
    /// The files before the loan in which it died.
    pub last: Option<Files>,
    /// What else is written meanwhile.
    pub aside: Option<Aside>,
}

impl Keep for Lender<'_> {
    fn lend(&mut self, work: Work<'_>) -> Result<(), Error> {
        let gone = || Error::Closed("the power went".to_owned());
        let closed = |failed: Failed| Error::Closed(failed.0);
        if self.life.is_over() {
            return Err(gone());
        }
        if self.life.last_call() {
            self.last = self.device.files().ok();
            let store = self.device.store().map_err(closed)?;
            let _ = work(store);
            return Err(gone());
        }
        if let Some(aside) = self.aside.as_mut().filter(|aside| aside.said.is_none()) {
            aside.after = aside.after.saturating_sub(1);
            if aside.after == 0 {
                let store = self.device.store().map_err(closed)?;
                let known = Knowledge::of(store, &self.book)?;
                let act = std::slice::from_ref(&aside.act);
                let said = store.write(&self.book, aside.now, act, &mut |_| true);
                let place = self.device.end_of_log(&self.book).map_err(closed)?;
                aside.said = Some((said, known, place));
            }
        }
        Ok(work(self.device.store().map_err(closed)?)?)
    }
}
