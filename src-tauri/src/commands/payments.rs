//! What is to be paid.

use super::{Done, Id};
use crate::host::{Answer, State};
use commonhold_app::clock::{System, World};
use commonhold_app::commands::payments::{self, *};
use commonhold_core::{BookId, Date, Kind, RecordId};
use std::path::PathBuf;
use tauri::{AppHandle, command};

#[command]
pub async fn payments(host: State<'_>, window: AppHandle, book: BookId) -> Answer<Payments> {
    host.write(window, move |app| payments::my_payments(app, &book)).await
}

#[command]
#[allow(clippy::too_many_arguments)] // the page's own arguments, one each
pub async fn expense_approve(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    kind: Kind,
    id: RecordId,
    verdict: String,
    reason: String,
    seen: Option<String>,
) -> Answer<Id> {
    host.write(window, move |app| {
        let (kind, id) = (kind, &id);
        let approval = match seen {
            Some(seen) => {
                payments::approve_as_seen(app, &book, (kind, id), (&verdict, &reason), &seen)
            }
            None => payments::expense_approve(app, &book, kind, id, &verdict, &reason),
        };
        Ok(Id { id: approval? })
    })
    .await
}

#[command]
pub async fn payments_prepare(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    until: Date,
) -> Answer<Prepared> {
    host.write(window, move |app| payments::payments_prepare(app, &book, until)).await
}

#[command]
pub async fn lease_take(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    days: u32,
    reason: String,
) -> Answer<LeaseView> {
    host.write(window, move |app| payments::lease_take(app, &book, days, &reason)).await
}

#[command]
pub async fn lease_end(host: State<'_>, window: AppHandle, book: BookId) -> Answer<LeaseView> {
    host.write(window, move |app| payments::lease_end(app, &book, "")).await
}

#[command]
pub async fn batch_preview(
    host: State<'_>,
    book: BookId,
    order: BatchOrder,
) -> Answer<BatchPreview> {
    host.read(move |reader| payments::batch_preview(reader, &book, System.now(), &order)).await
}

#[command]
pub async fn batch_write(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    order: BatchOrder,
    path: PathBuf,
) -> Answer<BatchDone> {
    host.write(window, move |app| payments::batch_write(app, &book, &order, &path)).await
}

#[command]
pub async fn batch_withdraw(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    id: RecordId,
    reason: String,
) -> Answer<Done> {
    host.write(window, move |app| {
        payments::batch_withdraw(app, &book, &id, &reason)?;
        Ok(Done {})
    })
    .await
}

#[command]
pub async fn outcome_add(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    outcome: NewOutcome,
) -> Answer<Id> {
    host.write(window, move |app| Ok(Id { id: payments::outcome_add(app, &book, &outcome)? })).await
}

#[command]
pub async fn match_payments(host: State<'_>, window: AppHandle, book: BookId) -> Answer<Matched> {
    host.write(window, move |app| payments::match_payments(app, &book)).await
}
