//! The two scripts in an archive, run as an auditor would: from the unpacked folder, with nothing
//! but Python.

use super::book::{Memory, story};
use super::zipped;
use crate::outside::missing;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Unpacks an archive; the folder `data` in it.
pub(super) fn unpacked(zip: &[u8], folder: &Path) -> PathBuf {
    let mut zip = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    zip.extract(folder).unwrap();
    let top = zip.file_names().next().unwrap().split_once('/').unwrap().0.to_owned();
    folder.join(top).join("data")
}

/// Runs a script of the archive; its exit code and what it said, nothing where there is no Python.
fn script(data: &Path, name: &str) -> Option<(i32, String)> {
    let Ok(output) = Command::new("python3").arg(name).current_dir(data).output() else {
        missing("python3");
        return None;
    };
    let said = [output.stdout, output.stderr].concat();
    Some((output.status.code().unwrap(), String::from_utf8(said).unwrap()))
}

#[test]
fn both_scripts_come_to_the_same_and_notice_what_was_changed() {
    for text in [include_str!("../recompute.py"), include_str!("../recount.py")] {
        assert!(text.lines().count() <= 80, "short enough to be read");
    }
    assert!(include_str!("../recompute.py").lines().count() <= 60);
    let folder = tempfile::tempdir().unwrap();
    let data = unpacked(&zipped(&story()).0, folder.path());
    let Some((code, said)) = script(&data, "recompute.py") else { return };
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("the same") && said.contains("JPY"), "{said}");
    let (code, said) = script(&data, "recount.py").unwrap();
    assert_eq!((code, said.matches("the same").count()), (0, 1), "{said}");
    for (file, from, to) in [
        ("finance/postings.csv", ",-412.35,", ",-412.36,"),
        ("finance/postings.csv", "412.35,EUR", "412.35,USD"),
        ("finance/trial-balance.csv", "1.005", "1.006"),
        ("finance/transactions.csv", ",ok,", ",withdrawn,"),
        ("records/transactions.jsonl", "412.35 EUR", "412.35 CHF"),
    ] {
        let changed = turned(&data.join(file), from, to);
        let (code, said) = script(&data, "recompute.py").unwrap();
        assert!(code == 1 && said.contains("DIFFERENT"), "{file}: {said}");
        fs::write(data.join(file), changed).unwrap();
    }
    assert_eq!(script(&data, "recompute.py").unwrap().0, 0, "all was put back");
    turned(&data.join("governance/ballots.csv"), ",yes,", ",no,");
    let (code, said) = script(&data, "recount.py").unwrap();
    assert!(code == 1 && said.contains("DIFFERS"), "{said}");
}

/// Changes a text in a file; what was there before.
fn turned(file: &Path, from: &str, to: &str) -> String {
    let before = fs::read_to_string(file).unwrap();
    let after = before.replacen(from, to, 1);
    assert_ne!(before, after, "{from} is in {}", file.display());
    fs::write(file, after).unwrap();
    before
}

#[test]
fn the_scripts_stand_an_empty_book() {
    let folder = tempfile::tempdir().unwrap();
    let data = unpacked(&zipped(&Memory::default()).0, folder.path());
    for name in ["recompute.py", "recount.py"] {
        let Some((code, said)) = script(&data, name) else { return };
        assert_eq!(code, 0, "{name}: {said}");
    }
}
