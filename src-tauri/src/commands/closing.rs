//! Comparing with statements, and closing periods.

use super::Id;
use crate::host::{Answer, State, today};
use commonhold_app::commands::closing::{self, ClosedPeriod, NewReconciliation, Reconciled};
use commonhold_core::reports::finance::closing::{ClosePreview, Closes};
use commonhold_core::{BookId, Date, RecordId};
use tauri::{AppHandle, command};

#[command]
pub async fn reconcile(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    compared: NewReconciliation,
) -> Answer<Reconciled> {
    host.write(window, move |app| closing::reconcile(app, &book, &compared)).await
}

#[command]
pub async fn close_preview(
    host: State<'_>,
    book: BookId,
    from: Date,
    to: Date,
) -> Answer<ClosePreview> {
    host.read_beside(move |reader| closing::close_preview(reader, &book, from, to, today())).await
}

#[command]
pub async fn close_write(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    from: Date,
    to: Date,
    note: Option<String>,
) -> Answer<Id> {
    host.write(window, move |app| {
        Ok(Id { id: closing::close_write(app, &book, from, to, note.as_deref())? })
    })
    .await
}

#[command]
pub async fn close_list(host: State<'_>, book: BookId) -> Answer<Closes> {
    host.read_beside(move |reader| closing::close_list(reader, &book)).await
}

#[command]
pub async fn closed_on(host: State<'_>, book: BookId, day: Date) -> Answer<Option<ClosedPeriod>> {
    host.read_beside(move |reader| closing::closed_on(reader, &book, day)).await
}

#[command]
pub async fn post_forward(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    transaction: RecordId,
    date: Date,
) -> Answer<Id> {
    host.write(window, move |app| {
        Ok(Id { id: closing::post_forward(app, &book, &transaction, date)? })
    })
    .await
}
