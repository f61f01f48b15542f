//! Records of every kind.

use super::{Done, Id};
use crate::host::{Answer, State};
use commonhold_app::commands::records::{self, Query, RecordPage, RecordView, SearchPage};
use commonhold_core::json::Fields;
use commonhold_core::{BookId, Kind, Problem, RecordId};
use std::collections::BTreeMap;
use tauri::{AppHandle, command};

#[command]
pub async fn record_list(
    host: State<'_>,
    book: BookId,
    kind: Kind,
    query: Query,
) -> Answer<RecordPage> {
    host.read(move |reader| records::list(reader, &book, kind, &query)).await
}

#[command]
pub async fn record_get(
    host: State<'_>,
    book: BookId,
    kind: Kind,
    id: RecordId,
) -> Answer<RecordView> {
    host.read(move |reader| records::get(reader, &book, kind, &id)).await
}

#[command]
pub async fn record_check(
    host: State<'_>,
    book: BookId,
    kind: Kind,
    fields: Fields,
) -> Answer<Vec<Problem>> {
    host.read(move |reader| records::check(reader, &book, kind, &fields)).await
}

#[command]
pub async fn record_add(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    kind: Kind,
    fields: Fields,
) -> Answer<Id> {
    host.write(window, move |app| Ok(Id { id: records::add(app, &book, kind, fields)? })).await
}

#[command]
pub async fn record_edit(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    kind: Kind,
    id: RecordId,
    fields: Fields,
    base: Option<BTreeMap<String, String>>,
) -> Answer<Done> {
    let base = base.unwrap_or_default();
    host.write(window, move |app| {
        records::edit(app, &book, kind, &id, fields, &base)?;
        Ok(Done {})
    })
    .await
}

#[command]
pub async fn record_withdraw(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    kind: Kind,
    id: RecordId,
    reason: String,
) -> Answer<Id> {
    host.write(window, move |app| Ok(Id { id: records::withdraw(app, &book, kind, &id, &reason)? }))
        .await
}

#[command]
pub async fn record_correct(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    id: RecordId,
    fields: Fields,
) -> Answer<Id> {
    host.write(window, move |app| Ok(Id { id: records::correct(app, &book, &id, fields)? })).await
}

#[command]
pub async fn search(
    host: State<'_>,
    book: BookId,
    words: String,
    offset: u32,
    limit: u32,
) -> Answer<SearchPage> {
    host.read(move |reader| records::search(reader, &book, &words, offset, limit)).await
}
