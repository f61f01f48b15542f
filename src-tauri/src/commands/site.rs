//! The public page.

use crate::host::{Answer, State, now};
use commonhold_app::commands::site::{self, Branch, SiteBuilt, SitePreview, SiteSent, Way};
use commonhold_core::BookId;
use std::path::PathBuf;
use tauri::{AppHandle, command};

#[command]
pub async fn site_preview(host: State<'_>, book: BookId) -> Answer<SitePreview> {
    host.read_beside(move |reader| site::site_preview(reader, &book, now())).await
}

#[command]
pub async fn site_build(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    dir: PathBuf,
    record: bool,
    job: String,
) -> Answer<SiteBuilt> {
    host.write_job(window, job, move |app, on| site::site_build(app, &book, &dir, None, record, on))
        .await
}

#[command]
pub async fn site_publish(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    branch: Branch,
    url: Option<String>,
    record: bool,
    job: String,
) -> Answer<SiteSent> {
    let way = Way::Git(branch);
    host.write_job(window, job, move |app, on| {
        site::site_publish(app, &book, &way, url, record, on)
    })
    .await
}
