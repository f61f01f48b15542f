//! Programs of others judge the files. `scripts/setup.sh test` installs them; with
//! COMMONHOLD_REQUIRE_CHECKS=1, as on the build machine, one that is missing is a failure.

use super::book::Book;
use super::pages::made;
use super::twins::with_address;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

fn venv(program: &str) -> PathBuf {
    let var = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let cache = || {
        let home = var("HOME").unwrap_or_default();
        let cache = var("XDG_CACHE_HOME").unwrap_or_else(|| format!("{home}/.cache"));
        Path::new(&cache).join("commonhold/venv-checks")
    };
    let folder = var("COMMONHOLD_CHECKS_VENV").map_or_else(cache, PathBuf::from);
    folder.join("bin").join(program)
}

/// Something is not here: a failure only where all must be.
fn missing(what: &str) {
    let required = std::env::var("COMMONHOLD_REQUIRE_CHECKS").is_ok_and(|v| v == "1");
    assert!(!required, "{what} is not installed");
    println!("skipped: {what} is not installed");
}

/// Runs a program that must find nothing wrong.
fn accepts(program: &Path, arguments: &[&str], folder: &Path) {
    match Command::new(program).args(arguments).current_dir(folder).output() {
        Ok(output) => assert!(
            output.status.success(),
            "{} {arguments:?}: {}{}",
            program.display(),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        ),
        Err(_) => missing(&program.display().to_string()),
    }
}

/// A page with everything, in a folder.
fn laid_down() -> (tempfile::TempDir, BTreeMap<String, Vec<u8>>) {
    let (_, files) = made(&Book::rich(), &with_address());
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in &files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    (folder, files)
}

/// Feeds that a lenient reader reads without having to be lenient.
const FEEDS: &str = "import feedparser, sys
for path in sys.argv[1:]:
    feed = feedparser.parse(path)
    assert not feed.bozo, (path, feed.bozo_exception)
    assert feed.feed.title and feed.feed.updated_parsed and feed.entries, path
    assert all(entry.link and entry.updated_parsed for entry in feed.entries), path
";

#[test]
fn programs_of_others_accept_the_files() {
    let (folder, files) = laid_down();
    let at = folder.path();
    accepts(&venv("frictionless"), &["validate", "tables/datapackage.json"], at);
    accepts(&venv("bean-check"), &["ledger.beancount"], at);
    accepts(Path::new("hledger"), &["-f", "ledger.journal", "check", "--strict"], at);
    let ledger = ["--strict", "--pedantic", "-f", "ledger.journal", "balance"];
    accepts(Path::new("ledger"), &ledger, at);
    let feeds = ["money", "decisions", "incidents", "deploys"].map(|n| format!("feeds/{n}.atom"));
    let feeds: Vec<&str> = feeds.iter().map(String::as_str).collect();
    accepts(Path::new("xmllint"), &[&["--noout"], &feeds[..]].concat(), at);
    accepts(&venv("python"), &[&["-c", FEEDS], &feeds[..]].concat(), at);
    let mut by_schema: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for path in files.keys().filter(|p| p.starts_with("api/") && !p.contains("schemas/")) {
        let name = match path.split('/').nth(1).unwrap().trim_end_matches(".json") {
            "transactions" if path != "api/transactions.json" => "transactions-month",
            name => name,
        };
        by_schema.entry(format!("api/schemas/{name}.schema.json")).or_default().push(path);
    }
    assert!(by_schema.len() > 10 && by_schema.keys().all(|schema| files.contains_key(schema)));
    for (schema, paths) in by_schema {
        let arguments = [&["--schemafile", &schema], &paths[..]].concat();
        accepts(&venv("check-jsonschema"), &arguments, at);
    }
}

/// HTML by html-validate; each page by axe in Chromium, on a phone at night and on a laptop by day;
/// nothing sticks out to the side there, enlarged to 200 %, or read from right to left.
#[test]
fn every_page_can_be_read_by_everybody() {
    let (folder, _) = laid_down();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/pages/check.mjs");
    let found = Command::new("node").arg(script).arg(folder.path()).output();
    let Ok(output) = found else { return missing("node") };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let why = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.code() == Some(3) {
        return missing(why.trim());
    }
    assert!(output.status.success(), "{said}{why}");
    assert!(said.contains(" 0 faults"), "{said}");
}
