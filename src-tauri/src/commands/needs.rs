//! What needs the person at this device.

use crate::host::{Answer, State};
use commonhold_app::commands::needs::{self, NeedsYou};
use commonhold_core::BookId;
use tauri::{AppHandle, command};

#[command]
pub async fn needs_you(host: State<'_>, window: AppHandle, book: BookId) -> Answer<NeedsYou> {
    host.write(window, move |app| needs::needs_you(app, &book)).await
}
