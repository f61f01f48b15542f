//! What keeps the code as it was meant: directions, sizes, forgotten files.

use crate::support::root;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Files git knows or would add, with their text; those that are not text are left out.
fn files(extensions: &[&str]) -> Vec<(String, String)> {
    let list = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .unwrap();
    let names = String::from_utf8(list.stdout).unwrap();
    let wanted = |name: &&str| extensions.iter().any(|end| name.ends_with(end));
    let read = |name: &str| Some((name.to_owned(), fs::read_to_string(root().join(name)).ok()?));
    names.lines().filter(wanted).filter_map(read).collect()
}

fn none(found: Vec<String>, rule: &str) {
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

/// Names of our crates a manifest depends on, outside tests.
fn ours(manifest: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join(manifest)).unwrap();
    let part = text.split("[dependencies]").nth(1).unwrap_or_default();
    let part = part.split("\n[").next().unwrap_or_default();
    let names = part.lines().filter_map(|line| line.strip_prefix("commonhold-"));
    names.map(|rest| rest.split(['.', ' ', '=']).next().unwrap().to_owned()).collect()
}

#[test]
fn crates_depend_in_one_direction() {
    for (manifest, allowed) in [
        ("crates/commonhold-core/Cargo.toml", &[][..]),
        ("crates/commonhold-sync/Cargo.toml", &["core"]),
        ("crates/commonhold-exchange/Cargo.toml", &["core"]),
        ("crates/commonhold-site/Cargo.toml", &["core", "exchange"]),
        ("crates/commonhold-bucket/Cargo.toml", &[]),
        // The one crate that opens connections for exchange, and only the app uses it.
        ("crates/commonhold-net/Cargo.toml", &["core", "sync", "bucket"]),
        ("crates/commonhold-keychain/Cargo.toml", &[]),
        (
            "crates/commonhold-app/Cargo.toml",
            &["core", "sync", "net", "exchange", "site", "keychain"],
        ),
        ("crates/commonhold-cli/Cargo.toml", &["core", "app"]),
        // It must not see what a record is.
        ("crates/commonhold-relay/Cargo.toml", &["bucket"]),
        ("src-tauri/Cargo.toml", &["core", "app"]),
    ] {
        let allowed = allowed.iter().map(|name| (*name).to_owned()).collect();
        let found = ours(manifest);
        assert!(found.is_subset(&allowed), "{manifest} depends on {found:?}");
    }
}

/// Code without comments and without what is only there for tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn core_has_no_clock_chance_thread_network_or_writing_of_files() {
    let words = [
        "std::thread",
        "std::net",
        "std::process",
        "std::env",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "Zoned::now",
        "getrandom",
        "tokio",
        "tauri",
        "fs::write",
        "File::create",
        "fs::remove",
        "fs::rename",
        "println!",
        "eprintln!",
    ];
    let mut found = Vec::new();
    for (name, text) in files(&[".rs"]) {
        let core = name.starts_with("crates/commonhold-core/src") && !name.contains("test");
        for word in words.iter().filter(|word| core && code(&text).contains(**word)) {
            found.push(format!("{name}: {word}"));
        }
    }
    none(found, "the core is given what it needs");
}

#[test]
fn documents_and_read_model_know_no_kind_by_name() {
    let mut found = Vec::new();
    for (name, text) in files(&[".rs"]) {
        let generic = ["document.rs", "document/", "projection.rs", "projection/"];
        let path = name.strip_prefix("crates/commonhold-core/src/").unwrap_or_default();
        if !generic.iter().any(|start| path.starts_with(start)) || path.contains("test") {
            continue;
        }
        for kind in commonhold_core::Kind::ALL {
            let variant = format!("{kind:?}");
            if code(&text).contains(&format!("Kind::{variant}"))
                || text.contains("records::finance")
            {
                found.push(format!("{name}: {variant}"));
            }
        }
    }
    none(found, "a new kind needs no line in the machinery");
}

#[test]
fn nothing_outside_tests_allows_itself_to_panic() {
    let mut found = Vec::new();
    for (name, text) in files(&[".rs"]) {
        let product = name.starts_with("crates/") || name.starts_with("src-tauri/src");
        if !product || name.contains("test") || name.contains("commonhold-bench") {
            continue;
        }
        for lint in ["unwrap_used", "expect_used", "clippy::panic", "indexing_slicing"] {
            if code(&text).contains(lint) {
                found.push(format!("{name}: {lint}"));
            }
        }
    }
    none(found, "data never makes the program panic");
}

const GENERATED: &[&str] = &["ui/src/generated/", "src-tauri/gen/"];

#[test]
fn files_are_short() {
    let mut found = Vec::new();
    for (name, text) in files(&[".rs", ".ts", ".svelte"]) {
        let lines = text.lines().count();
        if lines > 400 && !GENERATED.iter().any(|folder| name.starts_with(folder)) {
            found.push(format!("{name}: {lines} lines"));
        }
    }
    none(found, "at most 400 lines a file");
}

#[test]
fn functions_are_short() {
    let mut found = Vec::new();
    for (name, text) in files(&[".rs"]) {
        let lines: Vec<&str> = text.lines().collect();
        for (start, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let is_function = line.trim_start().split("fn ").count() > 1
                && !line.trim_start().starts_with("//")
                && !line.trim_end().ends_with([';', '}']);
            // rustfmt closes a function where its first line begins.
            let end = format!("{}}}", " ".repeat(indent));
            let length = lines[start..].iter().position(|line| **line == end);
            // The list of the window's commands is a list, wherever it has to stand.
            let body = &lines[start..start + length.unwrap_or(0)];
            let listed = body.iter().filter(|line| line.trim().starts_with("commands::")).count();
            let length = length.map(|length| length - listed);
            if is_function && length.is_some_and(|length| length >= 70) {
                found.push(format!("{name}:{}: {} lines", start + 1, length.unwrap_or(0) + 1));
            }
        }
    }
    none(found, "at most 70 lines a function");
}

#[test]
fn colours_are_named_in_one_file() {
    let mut found = Vec::new();
    for (name, text) in files(&[".svelte", ".css"]) {
        if !name.starts_with("ui/src/") || name.ends_with("tokens.css") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let hex = line.split('#').skip(1).any(|rest| {
                let digits = rest.chars().take_while(char::is_ascii_hexdigit).count();
                let after = rest.chars().nth(digits).unwrap_or(' ');
                [3, 4, 6, 8].contains(&digits) && matches!(after, ';' | ' ' | ',' | ')' | '"')
            });
            let call = ["rgb(", "rgba(", "hsl(", "oklch("].iter().any(|call| line.contains(call));
            if hex && line.contains(':') || call {
                found.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    none(found, "colours stand in ui/src/tokens.css only");
}

/// Modules a file names that lie in files of their own.
fn modules(path: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(path).unwrap();
    let stem = path.file_stem().unwrap().to_str().unwrap();
    let beside = path.parent().unwrap();
    let under = if ["mod", "all"].contains(&stem) { beside.to_owned() } else { beside.join(stem) };
    let names = text.lines().filter_map(|line| {
        let line = line.trim_start_matches("pub ").trim_start_matches("pub(crate) ");
        line.strip_prefix("mod ")?.strip_suffix(';')
    });
    let file = |name: &str| {
        let flat = under.join(format!("{name}.rs"));
        if flat.exists() { flat } else { under.join(name).join("mod.rs") }
    };
    names.map(file).collect()
}

#[test]
fn no_test_file_is_forgotten() {
    let tests = root().join("tests");
    let mut reached: BTreeSet<PathBuf> =
        ["lib.rs", "crash/writer.rs"].map(|f| tests.join(f)).into();
    let mut waiting = vec![tests.join("all.rs")];
    while let Some(path) = waiting.pop() {
        waiting.extend(modules(&path));
        reached.insert(path);
    }
    let mut text = String::new();
    for path in &reached {
        text.push_str(&fs::read_to_string(path).unwrap());
    }
    let mut found = Vec::new();
    for (name, _) in files(&[".rs", ".md"]) {
        let path = root().join(&name);
        let code = name.starts_with("tests/") && name.ends_with(".rs");
        let walk = name.starts_with("tests/journeys/") && name.ends_with(".md");
        let file = path.file_name().unwrap().to_str().unwrap();
        if (code && !reached.contains(&path)) || (walk && !text.contains(file)) {
            found.push(name);
        }
    }
    none(found, "every file under tests is run");
}

#[test]
fn every_dependency_says_why() {
    let text = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let part = text.split("[workspace.dependencies]").nth(1).unwrap();
    let lines = part.split("\n[").next().unwrap().lines().filter(|line| line.contains('='));
    let silent = lines.filter(|line| !line.contains("path =") && !line.contains("# "));
    none(silent.map(str::to_owned).collect(), "why is it here?");
}

#[test]
fn the_window_is_glue() {
    let (mut lines, mut commands) = (0, 0);
    for (_, text) in files(&[".rs"]).iter().filter(|(name, _)| name.starts_with("src-tauri/src")) {
        lines += text.lines().count();
        commands += text.lines().filter(|line| line.trim() == "#[command]").count();
    }
    // One typed signature for each of the window's commands, and little else.
    assert!(lines <= 460 + 13 * commands, "{lines} lines for {commands} commands");
}

#[test]
fn no_path_of_one_machine_is_in_any_file() {
    let ends =
        [".rs", ".ts", ".svelte", ".toml", ".sh", ".mjs", ".json", ".md", "Makefile", ".yml"];
    let paths = [["/wo", "rk/"], ["/ro", "ot/"], ["/ho", "me/"]].map(|parts| parts.concat());
    let mut found = Vec::new();
    for (name, text) in files(&ends) {
        for (number, line) in text.lines().enumerate() {
            let starts = |path: &String| {
                line.match_indices(path.as_str()).any(|(at, _)| {
                    !line[..at].ends_with(|c: char| c.is_alphanumeric() || "./-_~$}".contains(c))
                })
            };
            if paths.iter().any(starts) {
                found.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    none(found, "it must work on every machine");
}
