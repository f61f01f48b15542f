//! How the service keeps the framework.

use super::{Done, Id};
use crate::host::{Answer, State, today};
use commonhold_app::commands::framework::{
    self, ArchiveDue, ConformanceMonth, PhaseEntered, PhaseMove, Vouch,
};
use commonhold_core::framework::conformance::Conformance;
use commonhold_core::framework::scenarios::ScenarioView;
use commonhold_core::{BookId, Date};
use serde::Serialize;
use std::path::PathBuf;
use tauri::{AppHandle, command};

/// How many scenarios fired.
#[derive(Serialize)]
pub struct Fired {
    fired: u32,
}

#[command]
pub async fn framework_check(
    host: State<'_>,
    book: BookId,
    at: Option<Date>,
    version: Option<String>,
) -> Answer<Conformance> {
    host.read_beside(move |reader| {
        framework::conformance(reader, &book, at, version.as_deref(), today())
    })
    .await
}

#[command]
pub async fn framework_history(
    host: State<'_>,
    book: BookId,
    months: u16,
) -> Answer<Vec<ConformanceMonth>> {
    host.read_beside(move |reader| framework::history(reader, &book, months, today())).await
}

#[command]
pub async fn framework_attest(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    vouch: Vouch,
) -> Answer<Id> {
    host.write(window, move |app| Ok(Id { id: framework::attest(app, &book, &vouch)? })).await
}

#[command]
pub async fn phase_enter(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    entered: PhaseMove,
) -> Answer<PhaseEntered> {
    host.write(window, move |app| framework::phase_enter(app, &book, &entered)).await
}

/// Where an archive was written.
#[derive(Serialize)]
pub struct Archived {
    archive: PathBuf,
}

#[command]
pub async fn phase_archive(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    path: Option<PathBuf>,
) -> Answer<Archived> {
    host.write(window, move |app| {
        Ok(Archived { archive: framework::phase_archive(app, &book, path.as_deref())? })
    })
    .await
}

#[command]
pub async fn phase_archive_due(host: State<'_>, book: BookId) -> Answer<Option<ArchiveDue>> {
    host.read_beside(move |reader| framework::archive_due(reader, &book, today())).await
}

#[command]
pub async fn framework_migrate(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    to: String,
    decision: String,
) -> Answer<Done> {
    host.write(window, move |app| {
        framework::migrate(app, &book, &to, &decision)?;
        Ok(Done {})
    })
    .await
}

#[command]
pub async fn scenario_list(
    host: State<'_>,
    book: BookId,
    at: Option<Date>,
) -> Answer<Vec<ScenarioView>> {
    host.read_beside(move |reader| framework::scenario_list(reader, &book, at, today())).await
}

#[command]
pub async fn scenario_watch(host: State<'_>, window: AppHandle, book: BookId) -> Answer<Fired> {
    host.write(window, move |app| Ok(Fired { fired: framework::scenario_watch(app, &book)? })).await
}
