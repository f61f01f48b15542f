//! Files of other programs.

use super::Done;
use crate::host::{Answer, State};
use commonhold_app::commands::imports;
use commonhold_app::commands::imports::CsvMapping;
use commonhold_app::commands::imports::{Assignment, ImportDone, ImportOptions, ImportPreview};
use commonhold_app::commands::imports::{ImportReview, NamedMapping};
use commonhold_core::{BookId, RecordId};
use serde::Serialize;
use std::path::PathBuf;
use tauri::{AppHandle, command};

/// What an undone import had brought.
#[derive(Serialize)]
pub struct Undone {
    withdrawn: u32,
}

#[command]
pub async fn import_preview(
    host: State<'_>,
    book: BookId,
    format: String,
    path: PathBuf,
    options: ImportOptions,
) -> Answer<ImportPreview> {
    host.read_beside(move |reader| imports::preview(reader, &book, &format, &path, &options)).await
}

#[command]
pub async fn import_run(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    format: String,
    path: PathBuf,
    options: ImportOptions,
    job: String,
) -> Answer<ImportDone> {
    host.write_job(window, job, move |app, on| {
        imports::run(app, &book, &format, &path, &options, on)
    })
    .await
}

#[command]
pub async fn import_undo(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    id: RecordId,
    reason: String,
) -> Answer<Undone> {
    host.write(window, move |app| {
        Ok(Undone { withdrawn: imports::undo(app, &book, &id, &reason)? })
    })
    .await
}

/// Most lines of one look.
const REVIEW_ROWS: u32 = 500;

#[command]
pub async fn import_review(
    host: State<'_>,
    book: BookId,
    import: RecordId,
) -> Answer<ImportReview> {
    host.read_beside(move |reader| imports::review(reader, &book, Some(&import), 0, REVIEW_ROWS))
        .await
}

/// How many lines were sorted.
#[derive(Serialize)]
pub struct Sorted {
    count: u32,
}

#[command]
pub async fn import_assign(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    assignments: Vec<Assignment>,
) -> Answer<Sorted> {
    host.write(window, move |app| Ok(Sorted { count: imports::assign(app, &book, &assignments)? }))
        .await
}

#[command]
pub async fn mapping_list(host: State<'_>) -> Answer<Vec<NamedMapping>> {
    host.read(imports::mapping_list).await
}

#[command]
pub async fn mapping_save(
    host: State<'_>,
    window: AppHandle,
    name: String,
    mapping: CsvMapping,
) -> Answer<Done> {
    let named = NamedMapping { name, mapping };
    host.write(window, move |app| {
        imports::mapping_save(app, &named)?;
        Ok(Done {})
    })
    .await
}
