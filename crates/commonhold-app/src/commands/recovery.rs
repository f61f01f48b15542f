//! The recovery sheet: twelve words on paper that are a device of their own. With them and a copy
//! of the shared folder a person who lost every device admits a new one.

use super::people;
use super::sync;
use crate::app::App;
use crate::events::{Change, OnProgress};
use crate::failure::{Code, Failure};
use crate::places::{Address, Place};
use crate::profile::random;
use commonhold_core::authority::Statement;
use commonhold_core::id::BookId;
use commonhold_core::keys::{DeviceKeys, recovery};
use commonhold_core::problem::Problem;
use commonhold_core::store::{Identity, Store};
use commonhold_sync::attachments::Fetching;
use commonhold_sync::exchange::{self, Options, Visit};
use commonhold_sync::shelf::Room;
use serde::Serialize;
use std::path::Path;

/// A service a sheet is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RecoveryService {
    /// Its name.
    pub name: String,
    /// Its book.
    #[cfg_attr(test, ts(type = "string"))]
    pub book: BookId,
}

/// A recovery sheet, to be printed and never kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RecoverySheet {
    /// Twelve words. They are shown once.
    pub words: String,
    /// When it was made (RFC 3339).
    pub created: String,
    /// What it is for.
    pub services: Vec<RecoveryService>,
}

/// What a sheet brought back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Recovered {
    /// The services, by their books.
    #[cfg_attr(test, ts(type = "Array<string>"))]
    pub books: Vec<BookId>,
}

/// The identity a sheet writes as: everything about it comes from its words.
fn identity(keys: DeviceKeys, session: [u8; 32]) -> Identity {
    let hash = blake3::derive_key("commonhold 1 recovery installation", &keys.seed());
    let mut install = [0; 16];
    install.copy_from_slice(hash.split_at(16).0);
    Identity::new(keys, install, session)
}

fn keys_of(words: &str) -> Result<DeviceKeys, Failure> {
    recovery::keys(words).map_err(|why| Failure::invalid(vec![Problem::new("words", why)]))
}

/// Makes a sheet for the person at this device: a further device of theirs.
pub fn create(app: &mut App, book: &BookId) -> Result<RecoverySheet, Failure> {
    let now = app.now();
    let writer = app.store()?.writer(book, now)?;
    let sheet = recovery::sheet(random(app.world())?);
    let identity = identity(keys_of(&sheet.words)?, random(app.world())?);
    let statement = Statement::Device {
        person: writer.person,
        device: identity.device(),
        sealing: identity.keys().sealing(),
        log: identity.log(book),
        label: "Recovery sheet".into(),
        recovery: true,
    };
    people::say(app, book, vec![statement])?;
    let name = sync::name_of(app.reader(), book)?;
    Ok(RecoverySheet {
        words: sheet.words,
        created: now.to_string(),
        services: vec![RecoveryService { name, book: *book }],
    })
}

/// Admits this device by a sheet, for every service in a folder the sheet is for.
pub fn restore(
    app: &mut App,
    words: &str,
    address: &str,
    label: &str,
    on: OnProgress<'_>,
) -> Result<Recovered, Failure> {
    let keys = keys_of(words)?;
    let place = app.place(&Address::parse(address)?)?;
    let mut books = Vec::new();
    for book in place.find_books()? {
        if admit(app, &book, &keys, &place, label)? {
            app.store()?.expect(&book)?;
            sync::sync(app, Some(book), address, on)?;
            app.tell(Change { book, kind: "*".into(), id: None, source: "restore".into() });
            books.push(book);
        }
    }
    if books.is_empty() {
        return Err(Failure::new(
            Code::NotFound,
            format!("These words open no service in {address}."),
        )
        .hint("Check the words, and that the folder has arrived completely on this computer."));
    }
    Ok(Recovered { books })
}

/// Writes, as the sheet, that this device is its person's; false when the sheet does not belong
/// to the book. What the sheet writes with is thrown away afterwards.
fn admit(
    app: &mut App,
    book: &BookId,
    keys: &DeviceKeys,
    place: &Place,
    label: &str,
) -> Result<bool, Failure> {
    let now = app.now();
    let scratch = app.home().join("recovery.sqlite");
    remove(&scratch);
    let sheet = identity(keys.clone(), random(app.world())?);
    let mut store = Store::open(&scratch, sheet)?;
    let exchange = |store: &mut Store| -> Result<(), Failure> {
        let mut shelf = place.shelf(&Room::Book(*book, None))?;
        let options = Options { now, receipt: false, fold: false, fetching: Fetching::NONE };
        let visit = &mut Visit::default();
        exchange::exchange(store, shelf.as_mut(), visit, book, options, &mut |_, _| true)?;
        Ok(())
    };
    let admitted = (|| -> Result<bool, Failure> {
        store.expect(book)?;
        exchange(&mut store)?;
        let authority = store.authority(book)?;
        let Some(of) = authority.state().active(&store.device()).cloned() else {
            return Ok(false);
        };
        let own = app.store()?.identity();
        if authority.state().active(&own.device()).is_none() {
            let statement = Statement::Device {
                person: of.person,
                device: own.device(),
                sealing: own.keys().sealing(),
                log: own.log(book),
                label: label.trim().to_owned(),
                recovery: false,
            };
            if !statement.is_sensible() {
                let problem = Problem::new("name", "The name is too long or has odd characters.");
                return Err(Failure::invalid(vec![problem]));
            }
            store.say(book, now, &[statement])?;
        }
        exchange(&mut store)?;
        place.finish(book)?;
        Ok(true)
    })();
    drop(store);
    remove(&scratch);
    admitted
}

fn remove(scratch: &Path) {
    for end in ["sqlite", "sqlite-wal", "sqlite-shm"] {
        // It may not be there.
        let _ = std::fs::remove_file(scratch.with_extension(end));
    }
}
