//! Scenarios looked at by themselves while a profile is open: when it opens, after whatever changed
//! a book, and once a day, since a new period may have begun. Where nothing changed only the ends of
//! the logs are read.

use super::{Hub, Owner, lock};
use crate::clock;
use crate::commands::framework;
use crate::failure::Failure;
use crate::profile;
use commonhold_core::framework::scenarios::ScenarioView;
use commonhold_core::id::Hash;
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Milliseconds between looks whether anything changed.
const LOOK: u64 = 5000;
/// Milliseconds until the next look after one that did not work.
const TROUBLE: u64 = 60_000;
/// A look that took long is not repeated before so many times as long have passed.
const REST: u64 = 20;

/// What was looked at: where the logs of a book ended, and on which day.
type Looked = (Hash, Date);

/// Begins to look; ends with the hub.
pub(super) fn watch(hub: &Arc<Hub>) -> Option<JoinHandle<()>> {
    let hub = Arc::clone(hub);
    let run = move || {
        *lock(&hub.watcher) = Some(thread::current());
        let mut seen = BTreeMap::new();
        while !hub.stop.load(Ordering::SeqCst) {
            let now = clock::monotonic();
            let done = look(&hub, &mut seen);
            let after = clock::monotonic();
            let rest = after.saturating_sub(now).saturating_mul(REST);
            let rest = if done.is_ok() { rest } else { TROUBLE };
            thread::park_timeout(Duration::from_millis(rest.max(LOOK)));
            // Asked to look while it rests, it looks when it has rested.
            let next = after.saturating_add(rest);
            while let Some(wait) = next.checked_sub(clock::monotonic()).filter(|wait| *wait > 0)
                && !hub.stop.load(Ordering::SeqCst)
            {
                thread::park_timeout(Duration::from_millis(wait));
            }
        }
    };
    thread::Builder::new().name("scenarios".into()).spawn(run).ok()
}

/// Looks at each book that changed since, and writes down what fires.
fn look(hub: &Hub, seen: &mut BTreeMap<BookId, Looked>) -> Result<(), Failure> {
    for (book, looked) in due(hub.owner.as_ref(), seen)? {
        if hub.stop.load(Ordering::SeqCst) {
            break;
        }
        if let Some(reader) = looked.reader {
            let views = framework::scenario_list(&reader, &book, None, looked.now.1)?;
            if views.iter().any(|view| view.fires) && write(hub.owner.as_ref(), &book, &views)? {
                hub.spread(&[book], None);
            }
        }
        seen.insert(book, looked.now);
    }
    Ok(())
}

/// A book to look at.
struct Due {
    now: Looked,
    /// Who reads it without holding the profile; nothing where this device may not write down what
    /// it finds.
    reader: Option<Reader>,
}

/// The books that changed since they were looked at, or on an earlier day.
fn due(owner: &dyn Owner, seen: &BTreeMap<BookId, Looked>) -> Result<Vec<(BookId, Due)>, Failure> {
    let mut found: Vec<(BookId, Looked, Option<PathBuf>)> = Vec::new();
    owner.lend(&mut |app| {
        found.clear();
        if app.read_only().is_some() {
            return Ok(());
        }
        let (today, home) = (app.today(), app.home().to_owned());
        for book in app.reader().books()? {
            let now = (app.reader().heads_fingerprint(&book.id)?, today);
            if seen.get(&book.id) == Some(&now) {
                continue;
            }
            // Who does not belong, or no longer, may not either.
            let may = framework::may_fire(app, &book.id).unwrap_or(false);
            found.push((book.id, now, may.then(|| home.clone())));
        }
        Ok(())
    })?;
    let mut all = Vec::new();
    for (book, now, home) in found {
        let reader = home.map(|home| profile::open_reader(&home)).transpose()?;
        all.push((book, Due { now, reader }));
    }
    Ok(all)
}

/// Writes down what fires; whether anything was written.
fn write(owner: &dyn Owner, book: &BookId, views: &[ScenarioView]) -> Result<bool, Failure> {
    let mut wrote = false;
    owner.lend(&mut |app| {
        let before = app.reader().heads_fingerprint(book)?;
        framework::scenario_write(app, book, views)?;
        wrote = app.reader().heads_fingerprint(book)? != before;
        Ok(())
    })?;
    Ok(wrote)
}
