//! Operations in numbers.

use crate::host::{Answer, State, now};
use commonhold_app::commands::operations::report::{self, OperationsReport};
use commonhold_core::BookId;
use tauri::command;

#[command]
pub async fn operations_report(host: State<'_>, book: BookId) -> Answer<OperationsReport> {
    host.read_beside(move |reader| report::report(reader, &book, now())).await
}
