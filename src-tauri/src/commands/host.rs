//! The system's own dialogs, and stopping a job. The page itself may open no dialog: it gets one
//! path back, of what a person has chosen.

use super::Done;
use crate::host::{Answer, State};
use tauri::{WebviewWindow, command};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};

fn dialog(window: &WebviewWindow, title: &str) -> FileDialogBuilder<tauri::Wry> {
    window.dialog().file().set_parent(window).set_title(title)
}

fn path(chosen: Option<FilePath>) -> Option<String> {
    chosen.map(|chosen| chosen.to_string())
}

#[command]
pub async fn pick_file(
    host: State<'_>,
    window: WebviewWindow,
    title: String,
    extensions: Vec<String>,
) -> Answer<Option<String>> {
    host.run(move |_| {
        let extensions: Vec<&str> = extensions.iter().map(String::as_str).collect();
        let dialog = dialog(&window, &title).add_filter(extensions.join(", "), &extensions);
        Ok(path(dialog.blocking_pick_file()))
    })
    .await
}

#[command]
pub async fn pick_folder(
    host: State<'_>,
    window: WebviewWindow,
    title: String,
) -> Answer<Option<String>> {
    host.run(move |_| Ok(path(dialog(&window, &title).blocking_pick_folder()))).await
}

#[command]
pub async fn pick_save(
    host: State<'_>,
    window: WebviewWindow,
    title: String,
    name: String,
) -> Answer<Option<String>> {
    host.run(move |_| Ok(path(dialog(&window, &title).set_file_name(name).blocking_save_file())))
        .await
}

#[command]
pub async fn job_cancel(host: State<'_>, job: String) -> Answer<Done> {
    host.stop(&job);
    Ok(Done {})
}

#[command]
pub async fn opened_file(host: State<'_>) -> Answer<Option<String>> {
    Ok(host.opened().map(|path| path.display().to_string()))
}
