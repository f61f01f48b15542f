//! The programs a window test starts; all of them end with the test, also when it panics.

use std::io::{BufRead, BufReader, ErrorKind};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// A program that is ended when this is dropped.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(program: &str, package: &str, command: &mut Command) -> Child {
    command.spawn().unwrap_or_else(|error| match error.kind() {
        ErrorKind::NotFound => panic!(
            "{program} is missing and the window cannot be tested without it: \
             install the package {package} (scripts/setup.sh test does it)."
        ),
        _ => panic!("{program} could not be started: {error}"),
    })
}

/// A screen of its own. Ending it also ends the window on it.
pub fn screen() -> (Running, String) {
    let mut command = Command::new("Xvfb");
    command
        .args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = start("Xvfb", "xvfb", &mut command);
    let out = child.stdout.take().expect("Xvfb's output is a pipe");
    let running = Running(child);
    let mut number = String::new();
    BufReader::new(out).read_line(&mut number).expect("Xvfb names its display");
    assert!(!number.trim().is_empty(), "Xvfb ended without naming a display");
    (running, format!(":{}", number.trim()))
}

/// WebKitWebDriver for windows on a display, with everything a window may write under `scratch`.
pub fn driver(display: &str, scratch: &Path) -> (Running, String) {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = free.local_addr().expect("the port's number");
    drop(free);
    let mut command = Command::new("WebKitWebDriver");
    command
        .arg(format!("--port={}", address.port()))
        .arg("--host=127.0.0.1")
        .env("DISPLAY", display)
        .env("GDK_BACKEND", "x11")
        .env("NO_AT_BRIDGE", "1")
        .env("MESA_SHADER_CACHE_DISABLE", "true")
        .env("TAURI_WEBVIEW_AUTOMATION", "true")
        .env("LANG", "en_GB.UTF-8")
        .env_remove("LC_ALL")
        .env_remove("LANGUAGE")
        .env_remove("WAYLAND_DISPLAY")
        // With compositing off, WebKitGTK 2.50 never answers the request for a picture.
        .env_remove("WEBKIT_DISABLE_COMPOSITING_MODE")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    for name in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"] {
        let folder = scratch.join(name.to_lowercase());
        std::fs::create_dir_all(&folder).expect("a scratch folder");
        command.env(name, folder);
    }
    let running = Running(start("WebKitWebDriver", "webkit2gtk-driver", &mut command));
    for _ in 0..400 {
        if TcpStream::connect(address).is_ok() {
            return (running, format!("http://{address}"));
        }
        sleep(Duration::from_millis(25));
    }
    panic!("WebKitWebDriver did not answer within 10 seconds");
}

/// The folder the tests were built into (`target/debug`).
pub fn built() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this program");
    test.ancestors().nth(2).expect("target/debug/deps/<this>").to_owned()
}

/// The window's program.
pub fn window_program() -> PathBuf {
    let program = built().join("commonhold-desktop");
    assert!(
        program.is_file(),
        "{} is not there: run `cargo build --workspace` before the tests (`make test` does).",
        program.display()
    );
    program
}

/// The checkout.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in it").to_owned()
}
