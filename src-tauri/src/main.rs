//! The window of Commonhold: glue between the page in `ui/` and `commonhold-app`. It knows no
//! record and computes nothing.

mod window;

use std::path::PathBuf;
use std::process::ExitCode;

/// Exit code for a wrong use, the same as the command line's.
const USED_WRONGLY: u8 = 2;

fn main() -> ExitCode {
    match home(std::env::args_os().skip(1)).and_then(|home| start(home)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(USED_WRONGLY)
        }
    }
}

/// The profile's folder named by `--home DIR`, if any.
fn home(mut args: impl Iterator<Item = std::ffi::OsString>) -> Result<Option<PathBuf>, String> {
    match (args.next(), args.next(), args.next()) {
        (None, ..) => Ok(None),
        (Some(flag), Some(dir), None) if flag == "--home" => Ok(Some(PathBuf::from(dir))),
        _ => Err("Use: commonhold-desktop [--home DIR]".into()),
    }
}

fn start(_home: Option<PathBuf>) -> Result<(), String> {
    window::require_display()?;
    tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .setup(|app| Ok(window::open(app)?))
        .run(tauri::generate_context!())
        .map_err(|error| format!("The window could not start: {error}"))
}
