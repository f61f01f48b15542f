//! Places this profile exchanges with, and what came of it.

use super::sync::SyncReport;
use crate::app::App;
use crate::credentials::{self, Credentials, Lies};
use crate::failure::{Code, Failure};
use crate::places::{Address, PlaceKind};
use commonhold_core::BookId;
use commonhold_core::store::Reader;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// A place this profile exchanges with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Remote {
    /// Its address: a path, or a URL without a password.
    pub address: String,
    /// What kind of place it is.
    pub kind: PlaceKind,
    /// Whether it is left out until somebody says otherwise.
    pub paused: bool,
    /// When it was used last with success (RFC 3339).
    pub last: Option<String>,
    /// When that was tried last (RFC 3339).
    pub tried: Option<String>,
    /// Why that did not work, in words; nothing when it did.
    pub error: Option<String>,
    /// What happened when it worked last.
    pub last_report: Option<SyncReport>,
    /// Where its password or token lies, if it has one.
    #[serde(default, skip_deserializing)]
    pub secret: Option<Lies>,
    /// How far this device's own log was handed over there, by book.
    #[serde(default)]
    #[cfg_attr(test, ts(skip))]
    pub handed: BTreeMap<BookId, HandedOver>,
}

/// How far a log of this device was handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    /// The log, in 32 digits.
    pub log: String,
    /// The number of the last object.
    pub last: u64,
}

/// What came of an exchange.
pub(crate) enum Outcome<'a> {
    Done(&'a SyncReport, &'a BTreeMap<BookId, HandedOver>),
    Stopped,
    Failed(String),
}

fn setting(address: &str) -> String {
    format!("remote/{address}")
}

fn find(reader: &Reader, address: &str) -> Result<Option<Remote>, Failure> {
    let bytes = reader.setting(&setting(address))?;
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

fn keep(app: &mut App, remote: &Remote) -> Result<(), Failure> {
    let bytes = serde_json::to_vec(remote).unwrap_or_default();
    Ok(app.store()?.set_setting(&setting(&remote.address), &bytes)?)
}

fn new(address: &Address) -> Remote {
    Remote {
        address: address.to_string(),
        kind: address.kind,
        paused: false,
        last: None,
        tried: None,
        error: None,
        last_report: None,
        secret: None,
        handed: BTreeMap::new(),
    }
}

/// Places used so far, by their addresses.
pub fn list(reader: &Reader) -> Result<Vec<Remote>, Failure> {
    let settings = reader.settings("remote/")?;
    Ok(settings.iter().filter_map(|(_, bytes)| serde_json::from_slice(bytes).ok()).collect())
}

/// The same, with where their passwords lie in a profile.
pub fn with_secrets(reader: &Reader, home: &Path) -> Result<Vec<Remote>, Failure> {
    let mut remotes = list(reader)?;
    for remote in &mut remotes {
        // The places are listed also where that file cannot be read; whoever needs it is told then.
        remote.secret = credentials::lies(home, &remote.address).ok().flatten();
    }
    Ok(remotes)
}

/// Remembers a place without exchanging with it yet, and what opens it.
pub fn add(app: &mut App, address: &str, opens: Option<Credentials>) -> Result<Remote, Failure> {
    let address = Address::parse(address)?;
    app.store()?;
    if let Some(opens) = opens {
        credentials::set(app.home(), app.keychain(), &address.to_string(), &opens)?;
        app.forget_place(&address.to_string());
        if let Err(failure) = app.place(&address) {
            credentials::remove(app.home(), app.keychain(), &address.to_string())?;
            return Err(failure);
        }
    }
    if let Some(known) = find(app.reader(), &address.to_string())? {
        return Ok(known);
    }
    app.place(&address)?;
    let remote = new(&address);
    keep(app, &remote)?;
    Ok(remote)
}

/// Forgets a place. What lies there stays there.
pub fn remove(app: &mut App, address: &str) -> Result<(), Failure> {
    known(app, address)?;
    app.store()?.remove_setting(&setting(address))?;
    app.forget_place(address);
    credentials::remove(app.home(), app.keychain(), address)
}

/// Leaves a place out, or no longer.
pub fn pause(app: &mut App, address: &str, paused: bool) -> Result<(), Failure> {
    let mut remote = known(app, address)?;
    remote.paused = paused;
    keep(app, &remote)
}

fn known(app: &App, address: &str) -> Result<Remote, Failure> {
    find(app.reader(), address)?.ok_or_else(|| {
        Failure::new(Code::NotFound, format!("{address} is none of the places used so far."))
            .hint("See them with: commonhold remote list.")
    })
}

/// Keeps in mind what came of an exchange. A place that is new is kept when it was reached and a
/// person asked for it; a file that is handed over is not one to come back to.
pub(crate) fn note(
    app: &mut App,
    address: &Address,
    outcome: &Outcome<'_>,
    asked: bool,
) -> Result<(), Failure> {
    let known = find(app.reader(), &address.to_string())?;
    let reached = asked && matches!(outcome, Outcome::Done(..));
    if known.is_none() && !(reached && address.kind != PlaceKind::File) {
        return Ok(());
    }
    let now = app.now().to_string();
    let mut remote = known.unwrap_or_else(|| new(address));
    match outcome {
        Outcome::Stopped => return Ok(()),
        Outcome::Failed(why) => remote.error = Some(why.clone()),
        Outcome::Done(report, handed) => {
            (remote.last, remote.error) = (Some(now.clone()), None);
            remote.last_report = Some((*report).clone());
            remote.handed.extend(handed.iter().map(|(book, end)| (*book, end.clone())));
        }
    }
    remote.tried = Some(now);
    keep(app, &remote)
}
