//! Files that others made, where a folder of them is beside the source: what comes of each is in
//! `docs/IMPORTS.md`.

use super::*;
use std::path::Path;

/// The folder, which may also be named by `COMMONHOLD_SAMPLES`.
fn folder() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures/samples");
    let folder =
        std::env::var_os("COMMONHOLD_SAMPLES").map_or(PathBuf::from(beside), PathBuf::from);
    folder.is_dir().then_some(folder)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            files(&path, found);
        } else if name != "LICENSE" && !name.ends_with(".xsd") && !name.ends_with(".md") {
            found.push(path);
        }
    }
}

/// A line of the table.
fn row(root: &Path, path: &Path, folder: &str) -> String {
    let bytes = std::fs::read(path).unwrap();
    let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
    let detected = detect(&bytes, &name);
    // What cannot be told is read as what its folder says.
    let format = detected.unwrap_or(if folder == "headers" { csv::FORMAT } else { folder });
    let found = match read(format, &bytes, None) {
        Ok(reading) => {
            assert_sound(&reading, &bytes);
            let mut out = format!("{} rows", reading.rows);
            if !reading.not_understood.is_empty() {
                out = format!("{out}, {} not understood", reading.not_understood.len());
            }
            let reasons: std::collections::BTreeSet<&str> =
                reading.not_understood.iter().map(|row| row.reason.as_str()).collect();
            for said in reasons.into_iter().take(2) {
                write!(out, "; {said}").unwrap();
            }
            for said in reading.warnings.iter().take(2) {
                write!(out, " Warning: {said}").unwrap();
            }
            format!("{} | {}", reading.statements.len(), out.replace('|', "\\|"))
        }
        Err(error) => format!("– | refused: {}", error.to_string().replace('|', "\\|")),
    };
    let told = detected.unwrap_or("not told");
    format!("| `{name}` | {told} | {found} |")
}

#[test]
fn samples_of_others_read_as_documented() {
    let Some(folder) = folder() else { return };
    let mut table = String::from("| file | told as | statements | result |\n|---|---|---|---|\n");
    for part in ["camt", "ofx", "mt940", "headers"] {
        let mut found = Vec::new();
        files(&folder.join(part), &mut found);
        found.sort();
        for path in found {
            table.push_str(&row(&folder, &path, part));
            table.push('\n');
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/IMPORTS.md");
    let text = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    let (before, rest) = text.split_once("<!-- samples -->\n").unwrap();
    if std::env::var_os("COMMONHOLD_GOLDEN").is_some() {
        std::fs::write(&path, format!("{before}<!-- samples -->\n{table}")).unwrap();
        return;
    }
    assert_eq!(rest, table, "run again with COMMONHOLD_GOLDEN=write and read the difference");
}
