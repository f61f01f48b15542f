//! Files of other programs.

use super::Done;
use crate::host::{Answer, State};
use commonhold_app::commands::imports;
use commonhold_app::commands::imports::CsvMapping;
use commonhold_app::commands::imports::{ImportDone, ImportOptions, ImportPreview, NamedMapping};
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
