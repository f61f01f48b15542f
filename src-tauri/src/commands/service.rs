//! The profile and its services.

use super::Book;
use crate::host::{Answer, State};
use commonhold_app::commands::sample;
use commonhold_app::commands::service::{self, AppState, NewService};
use commonhold_app::commands::service_links::{self, ServiceLinked, ServiceLinks};
use commonhold_core::BookId;
use std::path::PathBuf;
use tauri::{AppHandle, command};

#[command]
pub async fn app_state(host: State<'_>) -> Answer<AppState> {
    host.about().await
}

#[command]
pub async fn service_create(
    host: State<'_>,
    window: AppHandle,
    service: NewService,
) -> Answer<Book> {
    host.write(window, move |app| Ok(Book { book: service::create(app, &service)? })).await
}

#[command]
pub async fn service_sample(host: State<'_>, window: AppHandle) -> Answer<Book> {
    host.write(window, |app| Ok(Book { book: sample::create(app)? })).await
}

#[command]
pub async fn service_read_ecosystems(host: State<'_>, path: PathBuf) -> Answer<NewService> {
    host.run(move |_| service::read_ecosystems(&path)).await
}

#[command]
pub async fn service_links(host: State<'_>, book: BookId) -> Answer<ServiceLinks> {
    host.read(move |reader| service_links::service_links(reader, &book)).await
}

#[command]
pub async fn service_link(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    direction: String,
    other: BookId,
    words: Option<String>,
) -> Answer<ServiceLinked> {
    host.write(window, move |app| {
        let to = (direction.as_str(), other);
        service_links::service_link(app, &book, to, words.as_deref())
    })
    .await
}
