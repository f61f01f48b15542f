//! Exchange that goes on by itself behind the window.

use crate::events::{self, Told};
use crate::host::{Answer, Profile, lock};
use commonhold_app::app::Lend;
use commonhold_app::background::{News, Owner};
use commonhold_app::{App, Failure};
use std::sync::{Arc, Mutex};
use tauri::{AppHandle, Emitter};

/// Lends the profile behind the window, and tells the page what happens.
pub struct Behind {
    pub profile: Arc<Profile>,
    pub window: AppHandle,
    pub told: Mutex<Told>,
}

impl Lend for &Behind {
    fn lend(&mut self, work: &mut dyn FnMut(&mut App) -> Answer<()>) -> Answer<()> {
        Owner::lend(*self, work)
    }
}

impl Owner for Behind {
    fn lend(&self, work: &mut dyn FnMut(&mut App) -> Answer<()>) -> Result<(), Failure> {
        let mut app = lock(&self.profile.writer);
        let answer = work(&mut app);
        let changes = app.take_changes();
        drop(app);
        events::records_changed(&self.window, changes);
        answer
    }

    fn exchange_changed(&self, news: News<'_>) {
        if let News::Progress(_, progress) = news {
            // The page shows how far it is under the name of the work, as with any other.
            return lock(&self.told).progress(&self.window, "background", progress);
        }
        lock(&self.told).last(&self.window, "background");
        // A window that is just closing hears nothing, and needs nothing.
        let _ = self.window.emit("exchange-changed", ());
    }
}
