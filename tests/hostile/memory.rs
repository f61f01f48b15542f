//! Huge input: a process that meets it keeps to a small memory.

use crate::support::program::commonhold;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use zip::write::SimpleFileOptions;

/// Runs the command line and says its code, its sentence and the most memory it held, in MiB.
fn watched(home: &Path, arguments: &[&str], input: Option<&Path>) -> (i32, String, u64) {
    let mut command = commonhold(home);
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::piped());
    if let Some(path) = input {
        command.stdin(std::fs::File::open(path).unwrap());
    }
    let mut child = command.spawn().unwrap();
    let (status, begun) = (format!("/proc/{}/status", child.id()), Instant::now());
    let mut most = 0;
    let end = loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        most = most.max(kilobytes.unwrap_or(0));
        if let Some(end) = child.try_wait().unwrap() {
            break end;
        }
        assert!(begun.elapsed() < Duration::from_secs(120), "{arguments:?} takes for ever");
        std::thread::sleep(Duration::from_millis(1));
    };
    assert_eq!(end.signal(), None, "{arguments:?} died");
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(!said.contains("panicked"), "{said}");
    println!("{arguments:?}: exit {:?}, {} MiB: {said}", end.code(), most / 1024);
    (end.code().unwrap(), said, most / 1024)
}

fn profile() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let made = commonhold(home.path()).args(["service", "sample"]).output().unwrap();
    assert!(made.status.success());
    home
}

fn fingerprint(home: &Path) -> Vec<u8> {
    commonhold(home).args(["--json", "status"]).output().unwrap().stdout
}

/// A zip file with one entry that unpacks to so many megabytes of nothing.
fn bomb(path: &Path, name: &str, megabytes: usize) {
    let mut zip = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    let options = SimpleFileOptions::default().compression_level(Some(1));
    zip.start_file(name, options).unwrap();
    let block = vec![0; 1 << 20];
    for _ in 0..megabytes {
        zip.write_all(&block).unwrap();
    }
    zip.finish().unwrap();
}

/// The same archive, saying of each entry that it unpacks to ten gigabytes.
fn claim_ten_gigabytes(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    for at in 0..bytes.len().saturating_sub(30) {
        let size = match &bytes[at..at + 4] {
            b"PK\x03\x04" => 22,
            b"PK\x01\x02" => 24,
            _ => continue,
        };
        bytes[at + size..at + size + 4].copy_from_slice(&0xffff_fff0_u32.to_le_bytes());
    }
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn bombs_and_huge_claims_are_refused_in_little_memory() {
    let (home, folder) = (profile(), tempfile::tempdir().unwrap());
    let before = fingerprint(home.path());
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for (file, entry) in [
        ("bomb.zip", "harbor/bagit.txt"),
        ("data.zip", "harbor/data/tables/transactions.csv"),
        ("climb.zip", "../../../../tmp/commonhold-climbed-out"),
        ("absolute.zip", "/tmp/commonhold-climbed-out"),
    ] {
        bomb(Path::new(&at(file)), entry, 300);
    }
    bomb(Path::new(&at("claim.zip")), "harbor/bagit.txt", 1);
    claim_ten_gigabytes(Path::new(&at("claim.zip")));
    let sparse = std::fs::File::create(at("huge")).unwrap();
    sparse.set_len(10 << 30).unwrap();
    for file in ["bomb.zip", "data.zip", "climb.zip", "absolute.zip", "claim.zip", "huge"] {
        for verb in ["verify", "restore"] {
            let (code, said, most) = watched(home.path(), &[verb, &at(file)], None);
            assert!((1..=3).contains(&code), "{file}");
            assert!(said.len() > 20 || code == 1, "{file}: {said}");
            assert!(most < 200, "{verb} {file} took {most} MiB");
        }
    }
    assert!(!Path::new("/tmp/commonhold-climbed-out").exists());
    for format in ["csv", "open-collective"] {
        let (code, said, most) = watched(home.path(), &["import", format, &at("huge")], None);
        assert_eq!(code, 2, "{said}");
        assert!(most < 400, "{format} took {most} MiB");
    }
    assert_eq!(fingerprint(home.path()), before);
}

#[test]
fn endless_and_deep_json_is_refused_in_little_memory() {
    let (home, folder) = (profile(), tempfile::tempdir().unwrap());
    let before = fingerprint(home.path());
    let write = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let deep = write("deep", "{\"a\":".repeat(1_000_000));
    let list = write("list", format!("{{\"a\":{}", "[".repeat(5_000_000)));
    let digits = write("digits", format!("{{\"date\":{}}}", "9".repeat(12_000_000)));
    let huge = folder.path().join("huge");
    std::fs::File::create(&huge).unwrap().set_len(10 << 30).unwrap();
    for path in [&deep, &list, &digits, &huge] {
        let add = ["record", "add", "transaction"];
        let (code, said, most) = watched(home.path(), &add, Some(path));
        assert_eq!(code, 2, "{path:?}: {said}");
        assert!(said.len() < 2000 && most < 200, "{path:?}: {most} MiB, {said}");
        let from = ["service", "new", "--from-ecosystems", path.to_str().unwrap()];
        let (code, said, most) = watched(home.path(), &from, None);
        assert_eq!(code, 2, "{path:?}: {said}");
        assert!(said.len() < 2000 && most < 600, "{path:?}: {most} MiB");
    }
    assert_eq!(fingerprint(home.path()), before);
}

#[test]
fn a_folder_of_huge_files_is_synced_in_little_memory() {
    let (home, folder) = (profile(), tempfile::tempdir().unwrap());
    let with = ["sync", "--with", folder.path().to_str().unwrap()];
    assert_eq!(watched(home.path(), &with, None).0, 0);
    let book = std::fs::read_dir(folder.path().join("commonhold")).unwrap().next().unwrap();
    let log = book.unwrap().path().join("0123456789abcdef0123456789abcdef");
    std::fs::create_dir_all(&log).unwrap();
    for (first, bytes) in [(1_u64, 24_u64 << 20), (2, 10 << 30), (3, 1 << 40)] {
        let name = format!("{first:016x}-{first:016x}-{bytes:016x}.cho");
        std::fs::File::create(log.join(name)).unwrap().set_len(bytes).unwrap();
    }
    let (code, said, most) = watched(home.path(), &with, None);
    assert_eq!(code, 1, "what is not accepted is something found wrong: {said}");
    assert!(most < 150, "{most} MiB");
}
