//! Archives: write one, judge one, begin again from one.

use super::Book;
use crate::host::{Answer, State};
use commonhold_app::clock::{System, World};
use commonhold_app::commands::archive::{
    self, ArchiveExported, ArchivePlan, ArchiveRun, ArchiveVerified, ArchivesState,
};
use commonhold_app::events::unheard;
use commonhold_core::BookId;
use std::path::PathBuf;
use tauri::{AppHandle, command};

#[command]
pub async fn archive_export(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    path: PathBuf,
    job: String,
) -> Answer<ArchiveExported> {
    host.read_job(window, job, move |reader, on| {
        archive::export(reader, &book, &path, System.now(), on)
    })
    .await
}

#[command]
pub async fn archive_verify(host: State<'_>, path: PathBuf) -> Answer<ArchiveVerified> {
    host.run(move |_| archive::verify(&path, &mut unheard)).await
}

#[command]
pub async fn archive_restore(
    host: State<'_>,
    window: AppHandle,
    path: PathBuf,
    job: String,
) -> Answer<Book> {
    host.write_job(window, job, move |app, on| {
        Ok(Book { book: archive::restore(app, &path, on)?.book })
    })
    .await
}

#[command]
pub async fn archive_plan(host: State<'_>, book: BookId) -> Answer<ArchivesState> {
    host.read(move |reader| archive::state(reader, &book)).await
}

#[command]
pub async fn archive_plan_set(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    plan: ArchivePlan,
) -> Answer<()> {
    host.write(window, move |app| archive::set_plan(app, &book, &plan.folder, plan.keep)).await
}

#[command]
pub async fn archive_run(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    job: String,
) -> Answer<ArchiveRun> {
    host.write_job(window, job, move |app, on| {
        let now = app.now();
        archive::run(app, &book, None, now, on)
    })
    .await
}
