//! Files that records name.

use crate::host::{Answer, State};
use commonhold_app::commands::attachments::{self, AttachmentInfo, AttachmentText};
use commonhold_core::BookId;
use std::path::PathBuf;
use tauri::{AppHandle, command};

#[command]
pub async fn attachment_add(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    path: PathBuf,
    sealed: bool,
) -> Answer<AttachmentInfo> {
    host.write(window, move |app| attachments::add(app, &book, &path, sealed)).await
}

#[command]
pub async fn attachment_list(host: State<'_>, book: BookId) -> Answer<Vec<AttachmentInfo>> {
    host.read(move |reader| attachments::list(reader, &book)).await
}

#[command]
pub async fn attachment_save(
    host: State<'_>,
    book: BookId,
    sha256: String,
    path: PathBuf,
) -> Answer<AttachmentInfo> {
    host.read_beside(move |reader| {
        attachments::save_to(reader, &book, &attachments::sha256(&sha256)?, &path)
    })
    .await
}

#[command]
pub async fn attachment_fetch(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    sha256: String,
) -> Answer<AttachmentInfo> {
    host.write(window, move |app| attachments::fetch(app, &book, &attachments::sha256(&sha256)?))
        .await
}

#[command]
pub async fn attachment_text(
    host: State<'_>,
    book: BookId,
    sha256: String,
) -> Answer<AttachmentText> {
    host.read_beside(move |reader| attachments::text(reader, &book, &attachments::sha256(&sha256)?))
        .await
}
