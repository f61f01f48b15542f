//! What the window is told without asking: which records changed, and how far long work is.

use commonhold_app::clock::{System, World};
use commonhold_app::{Change, Progress};
use serde::Serialize;
use tauri::{AppHandle, Emitter};

/// Hears progress and answers whether to go on.
pub type On<'a> = &'a mut dyn FnMut(Progress) -> bool;

/// Milliseconds between two words about one job.
const PAUSE_MS: i64 = 50;

#[derive(Clone, Serialize)]
struct JobProgress<'a> {
    job: &'a str,
    #[serde(flatten)]
    progress: Progress,
}

/// Tells which records changed, all at once.
pub fn records_changed(window: &AppHandle, changes: Vec<Change>) {
    if !changes.is_empty() {
        // A window that is just closing hears nothing, and needs nothing.
        let _ = window.emit("records-changed", changes);
    }
}

/// When a job was last spoken of, and what was kept back since.
#[derive(Default)]
pub struct Told {
    at: i64,
    kept: Option<Progress>,
}

impl Told {
    /// Tells how far a job is, not more often than an eye can follow.
    pub fn progress(&mut self, window: &AppHandle, job: &str, progress: Progress) {
        let now = System.now().0;
        self.kept = Some(progress);
        if now.saturating_sub(self.at).saturating_abs() >= PAUSE_MS {
            self.at = now;
            self.last(window, job);
        }
    }

    /// Tells what was kept back, so that the last word about a job is always heard.
    pub fn last(&mut self, window: &AppHandle, job: &str) {
        if let Some(progress) = self.kept.take() {
            let _ = window.emit("job-progress", JobProgress { job, progress });
        }
    }
}
