//! Embeds icons and capabilities, and makes one `allow-…` permission for every command: a command
//! that no capability names cannot be called from the page.

/// Every command of the window. A test compares this list with the handlers in `main.rs`, with
/// `capabilities/window.json` and with `ui/src/host.ts`.
const COMMANDS: &[&str] = &[
    "app_state",
    "archive_export",
    "archive_restore",
    "archive_verify",
    "import_preview",
    "import_run",
    "import_undo",
    "job_cancel",
    "mapping_list",
    "mapping_save",
    "pick_file",
    "pick_folder",
    "pick_save",
    "record_add",
    "record_check",
    "record_correct",
    "record_edit",
    "record_get",
    "record_list",
    "record_withdraw",
    "remote_list",
    "report_balances",
    "report_efficiency",
    "report_overview",
    "search",
    "service_create",
    "service_read_ecosystems",
    "service_sample",
    "status",
    "sync_folder",
    "sync_join",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    Ok(tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?)
}
