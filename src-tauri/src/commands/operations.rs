//! Operations in numbers, and copying the value of a secret without the page.

use crate::host::{Answer, State, now};
use commonhold_app::commands::operations::report::{self, OperationsReport};
use commonhold_app::commands::operations::secret;
use commonhold_core::{BookId, RecordId};
use tauri::command;

#[command]
pub async fn operations_report(host: State<'_>, book: BookId) -> Answer<OperationsReport> {
    host.read_beside(move |reader| report::report(reader, &book, now())).await
}

/// Copies the value of a secret; the page never has it. Answers after how many seconds it is taken
/// out of the clipboard again.
#[command]
pub async fn secret_copy(host: State<'_>, book: BookId, secret: RecordId) -> Answer<u64> {
    let value = host.read_beside(move |reader| secret::get(reader, &book, &secret)).await?;
    host.copy(&value)
}
