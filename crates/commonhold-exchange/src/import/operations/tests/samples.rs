//! Files that others made, where a folder of them is beside the source: what comes of each is in
//! `docs/IMPORTS.md`.

use super::*;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The folders that hold something of operations.
const PARTS: &[&str] = &[
    "github-webhooks",
    "alertmanager",
    "statuspage",
    "upptime",
    "calendar",
    "manifesto",
    "open-registry",
    "fosstodon",
];
const BEGIN: &str = "<!-- operations -->\n";
const END: &str = "<!-- end of operations -->\n";

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.file_name().is_some_and(|name| name != "LICENSE") {
            found.push(path);
        }
    }
}

/// What came of a file, in a few words.
fn result(bytes: &[u8], format: Option<&'static str>) -> String {
    let found = match format {
        Some(format) => read(format, bytes, &about()),
        None => Err(detect::unknown(bytes)),
    };
    match found {
        Err(error) => format!("refused: {error}"),
        Ok(found) => {
            assert_sound(&found);
            assert!(!found.drafts.is_empty() || !found.refused.is_empty());
            let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
            for draft in &found.drafts {
                *counts.entry(draft.kind).or_default() += 1;
            }
            let counts: Vec<String> =
                counts.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
            let mut out = if counts.is_empty() { "nothing".into() } else { counts.join(", ") };
            for refused in found.refused.iter().take(2) {
                write!(out, "; {}: {}", refused.place, refused.reason).unwrap();
            }
            if found.refused.len() > 2 {
                write!(out, "; and {} more", found.refused.len() - 2).unwrap();
            }
            out
        }
    }
}

#[test]
fn samples_of_others_become_drafts_as_documented() {
    let Some(folder) = crate::outside::sample("") else { return };
    let mut table = String::from("| file | told as | result |\n|---|---|---|\n");
    for part in PARTS {
        let mut found = Vec::new();
        files(&folder.join(part), &mut found);
        found.sort();
        for path in found {
            let bytes = std::fs::read(&path).unwrap();
            let name = path.strip_prefix(&folder).unwrap().to_string_lossy().replace('\\', "/");
            let format = detect::detect(&bytes);
            let said = result(&bytes, format).replace('|', "\\|");
            writeln!(table, "| `{name}` | {} | {said} |", format.unwrap_or("not told")).unwrap();
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/IMPORTS.md");
    let text = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (documented, after) = rest.split_once(END).unwrap();
    if std::env::var_os("COMMONHOLD_GOLDEN").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(documented, table, "run again with COMMONHOLD_GOLDEN=write and read the difference");
}
