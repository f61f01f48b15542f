//! What lies on the shelf, by names and sizes alone (`docs/FORMAT.md`, folders and bundles).

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

/// One log of one book.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// The book, hexadecimal.
    pub book: String,
    /// The log, hexadecimal.
    pub log: String,
    /// Number of the last object.
    pub last: u64,
    /// Bytes in whole bundles.
    pub bytes: u64,
    /// Ranges of objects that are in no whole bundle: first and last.
    pub missing: Vec<(u64, u64)>,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = |text: &str| text.chars().take(8).collect::<String>();
        let (book, log) = (short(&self.book), short(&self.log));
        write!(f, "book {book} log {log}: {} objects, {} bytes", self.last, self.bytes)?;
        for (first, last) in &self.missing {
            write!(f, "; missing {first} to {last}")?;
        }
        Ok(())
    }
}

/// Reads a bundle's name: first and last object, and length in bytes.
fn bundle(name: &str) -> Option<(u64, u64, u64)> {
    let mut parts = name.strip_suffix(".cho")?.split('-').map(|text| {
        let plain = text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
        plain.then(|| u64::from_str_radix(text, 16).ok()).flatten()
    });
    let found = (parts.next()??, parts.next()??, parts.next()??);
    (parts.next().is_none() && found.0 >= 1 && found.1 >= found.0).then_some(found)
}

fn is_hex(name: &str, digits: usize) -> bool {
    name.len() == digits && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

fn folders(path: &Path, digits: usize) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_hex(&name, digits) && entry.file_type()?.is_dir() {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}

/// Lists every log below a shared folder.
pub fn inspect(folder: &Path) -> io::Result<Vec<Line>> {
    let top = folder.join("commonhold");
    let mut lines = Vec::new();
    for book in folders(&top, 64)? {
        for log in folders(&top.join(&book), 32)? {
            let mut whole = BTreeSet::new();
            for entry in fs::read_dir(top.join(&book).join(&log))? {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let length = entry.metadata()?.len();
                whole.extend(bundle(&name).filter(|(_, _, bytes)| *bytes == length));
            }
            lines.push(line(book.clone(), log, &whole));
        }
    }
    Ok(lines)
}

fn line(book: String, log: String, whole: &BTreeSet<(u64, u64, u64)>) -> Line {
    let (mut next, mut missing, mut size) = (1_u64, Vec::new(), 0_u64);
    for (first, last, bytes) in whole {
        if *first > next {
            missing.push((next, first.saturating_sub(1)));
        }
        next = next.max(last.saturating_add(1));
        size = size.saturating_add(*bytes);
    }
    Line { book, log, last: next.saturating_sub(1), bytes: size, missing }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_and_half_written_files_are_named() {
        let folder = std::env::temp_dir().join(format!("commonhold-shelf-{}", std::process::id()));
        let log = folder.join("commonhold").join("a".repeat(64)).join("b".repeat(32));
        fs::create_dir_all(&log).unwrap();
        let name = |first: u64, last: u64, bytes: u64| {
            format!("{first:016x}-{last:016x}-{bytes:016x}.cho")
        };
        fs::write(log.join(name(1, 2, 3)), [0; 3]).unwrap();
        fs::write(log.join(name(3, 4, 9)), [0; 3]).unwrap();
        fs::write(log.join(name(5, 5, 1)), [0; 1]).unwrap();
        fs::write(log.join("notes.txt"), "x").unwrap();
        let found = inspect(&folder).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        let [line] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((line.last, line.bytes, line.missing.as_slice()), (5, 4, [(3, 4)].as_slice()));
        assert!(line.to_string().ends_with("missing 3 to 4"));
    }
}
