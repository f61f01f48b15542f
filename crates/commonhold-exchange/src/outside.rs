//! Other people's programs, as the tests run them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Where `scripts/setup.sh test` installs the validators that are Python packages.
pub fn venv() -> PathBuf {
    let var = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    var("COMMONHOLD_CHECKS_VENV").map_or_else(
        || {
            let home = var("HOME").unwrap_or_default();
            let cache = var("XDG_CACHE_HOME").unwrap_or_else(|| format!("{home}/.cache"));
            Path::new(&cache).join("commonhold/venv-checks")
        },
        PathBuf::from,
    )
}

/// Something is not here: a failure only when COMMONHOLD_REQUIRE_CHECKS=1.
pub fn missing(what: &str) {
    let required = std::env::var("COMMONHOLD_REQUIRE_CHECKS").is_ok_and(|v| v == "1");
    assert!(!required, "{what} is not installed");
    println!("skipped: {what} is not installed");
}

/// Runs a program that must find nothing wrong; what it printed, nothing when it is not here.
pub fn run(name: &str, program: &Path, arguments: &[&str], folder: &Path) -> Option<String> {
    let output = Command::new(program).args(arguments).current_dir(folder).output();
    let Ok(output) = output else {
        missing(&format!("{name}: {}", program.display()));
        return None;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{name}: {text}{said}");
    Some(text)
}

/// A file among samples that lie beside the checkout (or in COMMONHOLD_SAMPLES), if it is there.
pub fn sample(path: &str) -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures/samples");
    let folder = std::env::var("COMMONHOLD_SAMPLES").unwrap_or_else(|_| beside.to_owned());
    Some(Path::new(&folder).join(path)).filter(|path| path.exists())
}
