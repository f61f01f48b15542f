//! Exchange with other devices.

use super::Book;
use crate::host::{Answer, State};
use commonhold_app::commands::sync::{self, Remote, SyncReport};
use commonhold_app::events::unheard;
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
pub async fn sync_join(
    host: State<'_>,
    window: AppHandle,
    path: PathBuf,
    book: BookId,
) -> Answer<Book> {
    host.write(window, move |app| {
        sync::join(app, &path, &book, &mut unheard)?;
        Ok(Book { book })
    })
    .await
}

#[command]
pub async fn remote_list(host: State<'_>) -> Answer<Vec<Remote>> {
    host.read(sync::remotes).await
}
