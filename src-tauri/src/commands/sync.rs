//! Exchange with other devices.

use crate::host::{Answer, State};
use commonhold_app::commands::sync::{self, Remote, SyncReport};
use commonhold_core::BookId;
use std::path::PathBuf;
use tauri::{AppHandle, command};

#[command]
pub async fn sync_folder(
    host: State<'_>,
    window: AppHandle,
    book: Option<BookId>,
    path: PathBuf,
    job: String,
) -> Answer<SyncReport> {
    host.write_job(window, job, move |app, on| sync::sync_folder(app, book, &path, on)).await
}

#[command]
pub async fn remote_list(host: State<'_>) -> Answer<Vec<Remote>> {
    host.read(sync::remotes).await
}
