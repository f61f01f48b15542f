//! Archives written by themselves while a profile is open: one a day of each service with a plan.
//! The book is read through a connection of its own; the profile is lent only to remember it.

use super::Hub;
use crate::commands::archive::{self, ArchivePlan};
use crate::failure::Failure;
use crate::profile;
use commonhold_core::{BookId, Time};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Between looks whether an archive is due.
const LOOK: Duration = Duration::from_secs(600);

/// A book whose archive of today is missing.
struct Due {
    home: PathBuf,
    book: BookId,
    plan: ArchivePlan,
    now: Time,
}

/// Begins to look; ends with the hub.
pub(super) fn watch(hub: &Arc<Hub>) -> Option<JoinHandle<()>> {
    let hub = Arc::clone(hub);
    let run = move || {
        while !hub.stop.load(Ordering::SeqCst) {
            // What does not work is remembered with its service, told there, and tried again.
            for one in due(&hub).unwrap_or_default() {
                let _ = write(&hub, &one);
            }
            thread::park_timeout(LOOK);
        }
    };
    thread::Builder::new().name("archives".into()).spawn(run).ok()
}

fn due(hub: &Hub) -> Result<Vec<Due>, Failure> {
    let mut found = Vec::new();
    hub.owner.lend(&mut |app| {
        found.clear();
        if app.read_only().is_some() {
            return Ok(());
        }
        let (now, home) = (app.now(), app.home().to_owned());
        for book in app.reader().books()? {
            if let Some(plan) = archive::due(app.reader(), &book.id, now.date())? {
                found.push(Due { home: home.clone(), book: book.id, plan, now });
            }
        }
        Ok(())
    })?;
    Ok(found)
}

fn write(hub: &Hub, due: &Due) -> Result<(), Failure> {
    let reader = profile::open_reader(&due.home)?;
    let mut on = |_| !hub.stop.load(Ordering::SeqCst);
    let mut made = Some(archive::make(&reader, &due.book, &due.plan, due.now, &mut on));
    hub.owner.lend(&mut |app| match made.take() {
        Some(made) => archive::remember(app, &due.book, made).map(|_| ()),
        None => Ok(()),
    })
}
