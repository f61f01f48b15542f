//! One profile, opened for writing or, when that is not possible, for reading.

use crate::clock::{System, World};
use crate::commands::operations::pending;
use crate::credentials;
use crate::events::Change;
use crate::failure::{Code, Failure};
use crate::places::{self, Address, Place, PlaceKind};
use crate::profile::{self, Lock};
use commonhold_core::authority::Genesis;
use commonhold_core::id::{BookId, hex, mint};
use commonhold_core::store::{self, Act, Reader, Store};
use commonhold_core::{Date, RecordId, Time};
use commonhold_keychain::Keychain;
use commonhold_net::peer::Peers;
use commonhold_sync::exchange;
use commonhold_sync::joining::OpenRequest;
use commonhold_sync::keep::{self, Keep};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

enum Access {
    Write(Box<Store>, #[allow(dead_code)] Lock),
    Read(Box<Reader>, String),
}

/// The product over one profile. The functions in [`crate::commands`] take it, or its reader.
pub struct App {
    home: PathBuf,
    access: Access,
    world: Box<dyn World>,
    changes: Vec<Change>,
    places: BTreeMap<String, Place>,
    peers: Option<Peers>,
    /// Where secrets of places are kept rather than in a file.
    keychain: Option<Arc<dyn Keychain>>,
    /// Requests to join that were worked out, or were no requests.
    requests: BTreeMap<String, Option<OpenRequest>>,
}

impl App {
    /// Opens a profile for writing, creating it when it is new. Deploys that ran while another
    /// program held it are taken in.
    pub fn open(home: &Path) -> Result<Self, Failure> {
        let mut app = Self::open_in(home, Box::new(System))?;
        app.keychain = commonhold_keychain::chosen();
        // What cannot be taken in now stays beside the book, and lists show it.
        pending::take_in(&mut app);
        Ok(app)
    }

    /// The same with a clock and randomness of the caller's.
    pub fn open_in(home: &Path, mut world: Box<dyn World>) -> Result<Self, Failure> {
        let (store, lock) = profile::open_writer(home, world.as_mut())?;
        let access = Access::Write(Box::new(store), lock);
        Ok(Self::over(home, access, world))
    }

    /// Opens a profile for writing, or for reading when another process writes to it or the
    /// folder may not be written.
    pub fn open_or_read(home: &Path) -> Result<Self, Failure> {
        match Self::open(home) {
            Err(why)
                if profile::exists(home) && matches!(why.code, Code::ReadOnly | Code::Storage) =>
            {
                let reader = profile::open_reader(home)?;
                let access = Access::Read(Box::new(reader), why.to_string());
                Ok(Self::over(home, access, Box::new(System)))
            }
            other => other,
        }
    }

    fn over(home: &Path, access: Access, world: Box<dyn World>) -> Self {
        let (changes, places, peers, keychain, requests) = Default::default();
        let home = home.to_owned();
        Self { home, access, world, changes, places, peers, keychain, requests }
    }

    /// The profile's folder.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The system's keychain, if it is used.
    pub(crate) fn keychain(&self) -> credentials::Chain<'_> {
        self.keychain.as_deref()
    }

    /// Why nothing can be written, if so.
    pub fn read_only(&self) -> Option<&str> {
        match &self.access {
            Access::Write(..) => None,
            Access::Read(_, why) => Some(why),
        }
    }

    /// For reading.
    pub fn reader(&self) -> &Reader {
        match &self.access {
            Access::Write(store, _) => store,
            Access::Read(reader, _) => reader,
        }
    }

    /// For writing; a sentence when that is not possible.
    pub fn store(&mut self) -> Result<&mut Store, Failure> {
        match &mut self.access {
            Access::Write(store, _) => Ok(store),
            Access::Read(_, why) => Err(Failure::new(Code::ReadOnly, why.clone())),
        }
    }

    /// The moment it is.
    pub fn now(&mut self) -> Time {
        self.world.now()
    }

    /// The day it is, in UTC.
    pub fn today(&mut self) -> Date {
        self.world.now().date()
    }

    /// Where random bytes come from.
    pub fn world(&mut self) -> &mut dyn World {
        self.world.as_mut()
    }

    /// A new record id.
    pub fn fresh_id(&mut self) -> Result<RecordId, Failure> {
        let now = self.world.now();
        Ok(mint(now.milliseconds(), profile::random(self.world.as_mut())?))
    }

    /// Writes edits, all or none, and remembers what to tell. `progress` may stop it.
    pub fn write(
        &mut self,
        book: &BookId,
        acts: &[Act],
        change: Change,
        progress: &mut dyn FnMut(usize) -> bool,
    ) -> Result<(), Failure> {
        let now = self.now();
        let written = match self.store()?.write(book, now, acts, progress) {
            Err(store::Error::Copied) => {
                self.renew()?;
                self.store()?.write(book, now, acts, progress)?
            }
            other => other?,
        };
        if !written {
            return Err(Failure::cancelled());
        }
        self.changes.push(change);
        Ok(())
    }

    /// Begins a book with its first records, all or none.
    pub fn begin(&mut self, genesis: &Genesis, acts: &[Act]) -> Result<(), Failure> {
        let now = self.now();
        self.store()?.begin(genesis, now, acts)?;
        let book = genesis.book();
        self.changes.push(Change { book, kind: "*".into(), id: None, source: "local".into() });
        Ok(())
    }

    /// Opens a place to exchange through.
    pub fn place(&mut self, address: &Address) -> Result<Place, Failure> {
        if let Some(place) = self.places.get(&address.to_string()) {
            return Ok(place.clone());
        }
        // Nobody else writes unfinished files under this name.
        let install = self.store()?.identity().nonce();
        let tag = hex(install.split_at(6).0);
        let credentials = credentials::get(&self.home, self.keychain(), &address.to_string())?;
        let access = places::Access { tag: &tag, credentials, peers: self.peers.as_ref() };
        let place = Place::open(address, &access)?;
        // What remembers connections and listings is worth keeping; a folder is opened anew, since
        // another one may lie there by now.
        if matches!(address.kind, PlaceKind::Bucket | PlaceKind::Relay) {
            self.places.insert(address.to_string(), place.clone());
        }
        Ok(place)
    }

    /// Forgets how a place was opened: what opens it has changed.
    pub fn forget_place(&mut self, address: &str) {
        self.places.remove(address);
    }

    /// Lets this profile take part in direct connections, or no longer.
    pub fn take_part(&mut self, peers: Option<Peers>) {
        self.peers = peers;
    }

    /// Remembers a change to tell about.
    pub fn tell(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// What changed since this was asked last.
    pub fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    /// Works a request to join out, once for as long as this is open; nothing when it is none.
    pub(crate) fn remember_request(
        &mut self,
        id: &str,
        work: impl FnOnce() -> Result<OpenRequest, String>,
    ) -> Option<OpenRequest> {
        if !self.requests.contains_key(id) {
            self.requests.insert(id.to_owned(), work().ok());
        }
        self.requests.get(id).cloned().flatten()
    }

    /// Goes on under a new installation: this profile turned out to be a copy.
    pub fn renew(&mut self) -> Result<(), Failure> {
        let install = profile::renew(&self.home, self.world.as_mut())?;
        self.store()?.renew(install)?;
        self.write_again()
    }

    /// Writes once more what was given up when this profile turned out to be a copy, also if that
    /// was cut short before.
    pub(crate) fn write_again(&mut self) -> Result<(), Failure> {
        for book in self.reader().books()? {
            let now = self.now();
            let written = match self.store()?.write_again(&book.id, now) {
                // It ended between giving up and going on under a name of its own.
                Err(store::Error::Copied) => return self.renew(),
                // Whoever lost the role meanwhile exchanges all the same; what it takes one for
                // stays kept.
                other => other?,
            };
            if written.edits > 0 {
                let (kind, source) = ("*".to_owned(), "sync".to_owned());
                self.tell(Change { book: book.id, kind, id: None, source });
            }
        }
        Ok(())
    }
}

/// Who has a profile that is open for writing, and lends it.
pub trait Lend {
    /// Lends it for one piece of work; others may use it before and after.
    fn lend(
        &mut self,
        work: &mut dyn FnMut(&mut App) -> Result<(), Failure>,
    ) -> Result<(), Failure>;
}

impl Lend for App {
    fn lend(
        &mut self,
        work: &mut dyn FnMut(&mut App) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        work(self)
    }
}

impl dyn Lend + '_ {
    /// Borrows the profile for work that answers something.
    pub fn lent<R>(
        &mut self,
        work: impl FnOnce(&mut App) -> Result<R, Failure>,
    ) -> Result<R, Failure> {
        let (mut work, mut answer) = (Some(work), None);
        self.lend(&mut |app| {
            if let Some(work) = work.take() {
                answer = Some(work(app)?);
            }
            Ok(())
        })?;
        answer.ok_or_else(Failure::cancelled)
    }
}

/// The store of a profile that is lent.
pub(crate) struct Lent<'a>(pub &'a mut dyn Lend);

impl Keep for Lent<'_> {
    fn lend(&mut self, work: keep::Work<'_>) -> Result<(), exchange::Error> {
        let mut done = Ok(());
        let lent = self.0.lend(&mut |app| {
            done = work(app.store()?).map_err(exchange::Error::from);
            Ok(())
        });
        lent.map_err(|failure| exchange::Error::Closed(failure.to_string()))?;
        done
    }
}

impl Drop for App {
    fn drop(&mut self) {
        if let Access::Write(store, _) = &mut self.access {
            // Only a cache is written here; if that fails, the next start replays a little more.
            let _ = store.tidy();
        }
    }
}
