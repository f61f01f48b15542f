//! Reports, as of a day, and what this device has.

use crate::host::{Answer, State, today};
use commonhold_app::commands::{reports, status};
use commonhold_core::reports::finance::balances::Balances;
use commonhold_core::reports::finance::efficiency::Efficiency;
use commonhold_core::reports::finance::overview::Overview;
use commonhold_core::{BookId, Date};
use tauri::command;

#[command]
pub async fn report_overview(host: State<'_>, book: BookId, at: Option<Date>) -> Answer<Overview> {
    host.read(move |reader| reports::overview(reader, &book, at, today())).await
}

#[command]
pub async fn report_balances(host: State<'_>, book: BookId, at: Option<Date>) -> Answer<Balances> {
    host.read(move |reader| reports::balances(reader, &book, at, today())).await
}

#[command]
pub async fn report_efficiency(
    host: State<'_>,
    book: BookId,
    at: Option<Date>,
) -> Answer<Efficiency> {
    host.read(move |reader| reports::efficiency(reader, &book, at, today())).await
}

#[command]
pub async fn status(host: State<'_>, book: BookId) -> Answer<status::Status> {
    host.read(move |reader| status::status(reader, &book)).await
}
