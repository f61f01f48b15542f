//! The one window: its size, where it may go, and what to say when there is no screen.

use tauri::webview::NewWindowResponse;
use tauri::{App, Url, WebviewUrl, WebviewWindowBuilder};

/// What is said where no window can be shown.
pub const NO_DISPLAY: &str = "No display answers here, so no window can open; \
    the program `commonhold` does the same work on the command line.";

/// Refuses to start where no window can be shown.
pub fn require_display() -> Result<(), String> {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY") {
        return Ok(());
    }
    Err(NO_DISPLAY.into())
}

/// Opens the window. It shows the pages inside the program and nothing else: no other address, no
/// second window.
pub fn open(app: &App) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("Commonhold")
        .inner_size(1200.0, 800.0)
        .min_inner_size(720.0, 480.0)
        .zoom_hotkeys_enabled(true)
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    Ok(())
}

/// Whether an address is inside the program (or, while developing, Vite's server).
fn is_own_page(url: &Url) -> bool {
    match (url.scheme(), url.host_str(), url.port()) {
        ("tauri", Some("localhost"), None) | ("http", Some("tauri.localhost"), None) => true,
        ("http", Some("127.0.0.1"), Some(5173)) => tauri::is_dev(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_own_page;

    #[test]
    fn only_pages_inside_the_program_are_shown() {
        for (address, own) in [
            ("tauri://localhost/", true),
            ("tauri://localhost/index.html#/money", true),
            ("http://tauri.localhost/", true),
            ("http://localhost/", false),
            ("http://127.0.0.1:1/", false),
            ("https://tauri.localhost.example.org/", false),
            ("tauri://elsewhere/", false),
            ("file:///etc/passwd", false),
            ("data:text/html,x", false),
            ("about:blank", false),
        ] {
            assert_eq!(is_own_page(&address.parse().unwrap()), own, "{address}");
        }
    }
}
