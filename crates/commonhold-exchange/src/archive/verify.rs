//! Judging an archive from anywhere. Nothing is believed: the ZIP's own list is judged by
//! `limits.rs`, every byte is hashed and compared with the manifests in both directions (RFC 8493
//! §3: complete and valid), every signature and every log is checked, every document is loaded.

use super::damage::{UNAFFECTED, stray};
use super::limits::{self, Entry, shown};
use super::look::{About, Found};
use super::stream::{Hashing, Passed};
use super::{Error, Tell, VERSION, attachments, bag};
use commonhold_core::id::{BookId, Device, Hash};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Seek};
use zip::ZipArchive;

mod concerned;
mod lists;

/// Longest small text (bag-info, heads) and longest manifest, in bytes.
const MAX_TEXT: u64 = 64 << 20;
/// Most problems that are listed.
const MAX_PROBLEMS: usize = 1000;

/// What an archive is and whether it is whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// The service's name.
    pub name: String,
    /// The book's id, if it can be read.
    pub book: Option<BookId>,
    /// The moment it was written (RFC 3339), as it says.
    pub written: String,
    /// How many records it holds, in any state.
    pub records: u64,
    /// How many documents could be loaded.
    pub documents: u64,
    /// How many signed objects are good.
    pub objects: u64,
    /// How many devices signed them.
    pub signers: u64,
    /// What is wrong, a sentence each.
    pub problems: Vec<String>,
}

/// Where a file of the manifests stands.
#[derive(Default)]
struct Expected {
    sha256: Option<String>,
    sha512: Option<String>,
    seen: bool,
}

/// What is wrong with a file: a sentence without its end.
enum Broken {
    /// Its content is not what it should be.
    Content(String),
    /// It is whole, and the lists of check sums are not.
    Lists(String),
}

struct Check<'a, R> {
    zip: ZipArchive<R>,
    tell: &'a mut Tell<'a>,
    done: u64,
    total: u64,
    /// Path of the bag's folder, with its slash; empty when the bag is not in a folder.
    top: String,
    expected: BTreeMap<String, Expected>,
    /// Path of the file, name and heads of the document.
    heads: BTreeMap<String, (String, BTreeSet<Hash>)>,
    signers: BTreeSet<Device>,
    payload: (u64, u64),
    /// Files that are not what they should be, with the place of the problem that says so.
    harmed: Vec<(usize, String)>,
    report: Verified,
}

/// Judges an archive of `size` bytes. `tell` hears bytes.
///
/// It proves that nothing was damaged and that the objects were signed. That the tables say what
/// the objects say is shown by restoring and writing again: the same bytes come out.
///
/// # Errors
/// [`Error::Foreign`] when it is no archive of ours, [`Error::Refused`] when it must not be
/// opened, [`Error::Damaged`] when it cannot be, [`Error::Cancelled`].
pub fn verify<'a>(
    mut zip: impl Read + Seek,
    size: u64,
    tell: &'a mut Tell<'a>,
) -> Result<Verified, Error> {
    let listing = limits::scan(&mut zip, size)?;
    let top = find_top(&listing.entries)?;
    let packed = listing.entries.iter().fold(0_u64, |sum, entry| sum.saturating_add(entry.packed));
    let total = size.saturating_add(packed);
    let mut done: u64 = 0;
    let sealed = limits::check_seal(&mut zip, size, &listing, &mut |count| {
        done = done.saturating_add(count);
        if tell(done, Some(total), "") { Ok(()) } else { Err(Error::Cancelled) }
    })?;
    let heads = match sealed {
        Some(false) => limits::altered_heads(&mut zip, &listing)?,
        _ => Vec::new(),
    };
    let zip = ZipArchive::new(zip)?;
    let names = listing.entries.iter().map(|entry| entry.path.as_str());
    if zip.len() != listing.entries.len() || !zip.file_names().eq(names) {
        return Err(Error::Damaged("its list of files cannot be read in one way only.".into()));
    }
    let check = Check {
        zip,
        tell,
        done,
        total,
        top,
        expected: BTreeMap::new(),
        heads: BTreeMap::new(),
        signers: BTreeSet::new(),
        payload: (0, 0),
        harmed: Vec::new(),
        report: Verified::default(),
    };
    check.run(&listing.entries, sealed, &heads)
}

/// The folder the bag is in: where the only `bagit.txt` near the top stands.
pub(super) fn find_top(entries: &[Entry]) -> Result<String, Error> {
    let near = |entry: &&Entry| {
        let top = entry.path.strip_suffix("bagit.txt")?;
        (top.is_empty() || top.ends_with('/') && top.matches('/').count() == 1)
            .then(|| top.to_owned())
    };
    let mut tops = entries.iter().filter_map(|entry| near(&entry));
    match (tops.next(), tops.next()) {
        (Some(top), None) => Ok(top),
        (Some(_), Some(_)) => Err(Error::Refused("it holds several archives.".into())),
        _ => Err(Error::Foreign("the ZIP file holds no bagit.txt.".into())),
    }
}

impl<R: Read + Seek> Check<'_, R> {
    fn problem(&mut self, sentence: String) {
        let problems = &mut self.report.problems;
        if problems.len() < MAX_PROBLEMS {
            problems.push(sentence);
        } else if problems.len() == MAX_PROBLEMS {
            problems.push("There are more problems than are listed here.".into());
        }
    }

    /// A problem of a file whose content is not what it should be.
    fn harm(&mut self, path: &str, sentence: String) {
        if self.report.problems.len() < MAX_PROBLEMS {
            self.harmed.push((self.report.problems.len(), path.to_owned()));
        }
        self.problem(sentence);
    }

    fn run(
        mut self,
        entries: &[Entry],
        sealed: Option<bool>,
        heads: &[String],
    ) -> Result<Verified, Error> {
        let info = self.read_info()?;
        for (name, payload) in [("manifest", true), ("tagmanifest", false)] {
            for (algorithm, digits) in [("sha256", 64), ("sha512", 128)] {
                self.read_manifest(&format!("{name}-{algorithm}.txt"), payload, digits);
            }
        }
        self.read_heads();
        for (index, entry) in entries.iter().enumerate() {
            if !entry.is_folder() {
                self.check_file(index, entry)?;
            }
        }
        self.check_missing();
        self.check_counts(&info);
        self.name_records()?;
        self.check_between(sealed, heads);
        self.report.signers = u64::try_from(self.signers.len()).unwrap_or(u64::MAX);
        self.report.ok = self.report.problems.is_empty();
        Ok(self.report)
    }

    /// Reads a small text of the bag; what is wrong is a sentence without its end.
    fn small(&mut self, path: &str) -> Result<String, String> {
        let file = self.zip.by_name(&format!("{}{path}", self.top));
        let file = file.map_err(|_| "is missing or cannot be opened".to_owned())?;
        let mut text = String::new();
        let read = file.take(MAX_TEXT).read_to_string(&mut text);
        read.map_err(|_| "is damaged and cannot be read".to_owned())?;
        Ok(text)
    }

    fn read_info(&mut self) -> Result<BTreeMap<String, String>, Error> {
        match self.small("bagit.txt") {
            Ok(text) if text.replace("\r\n", "\n") == bag::DECLARATION => {}
            Ok(_) => self.problem("bagit.txt does not declare BagIt 1.0 in UTF-8.".into()),
            Err(why) => self.problem(format!("bagit.txt {why}.")),
        }
        let text = self.small("bag-info.txt").unwrap_or_else(|why| {
            self.problem(format!("bag-info.txt {why}."));
            String::new()
        });
        let pairs = text.lines().filter_map(|line| line.split_once(": "));
        let info: BTreeMap<String, String> =
            pairs.map(|(key, value)| (key.to_owned(), value.trim().to_owned())).collect();
        match info.get("Commonhold-Archive").map(String::as_str) {
            Some(VERSION) => {}
            Some(version) => {
                return Err(Error::Refused(format!(
                    "it was written in the form {}, by a newer version of Commonhold.",
                    shown(version)
                )));
            }
            None if self.report.problems.is_empty() => {
                return Err(Error::Foreign("it is a BagIt bag of another program.".into()));
            }
            None => {}
        }
        let get = |key: &str| info.get(key).cloned().unwrap_or_default();
        self.report.name = get("Source-Organization");
        self.report.written = get("Commonhold-Written");
        self.report.book = get("Commonhold-Book").parse().ok();
        if self.report.book.is_none() && !info.is_empty() {
            self.problem("bag-info.txt does not say which book this is.".into());
        }
        Ok(info)
    }

    fn check_file(&mut self, index: usize, entry: &Entry) -> Result<(), Error> {
        let Some(path) = entry.path.strip_prefix(&self.top).map(str::to_owned) else {
            self.problem(format!(
                "The file “{}” does not belong here{}.",
                shown(&entry.path),
                stray(&entry.path)
            ));
            return Ok(());
        };
        if !(self.tell)(self.done, Some(self.total), &path) {
            return Err(Error::Cancelled);
        }
        self.done = self.done.saturating_add(entry.packed);
        let mut found = Found::default();
        let passed = match self.zip.by_index(index) {
            Ok(file) => {
                let hashing = Hashing::new(file, entry.bytes);
                let about = About {
                    path: &path,
                    book: self.report.book,
                    bytes: entry.bytes,
                    heads: self.heads.get(&path),
                };
                found.look(&about, hashing, &mut self.signers)
            }
            Err(error) => Err(io::Error::other(error)),
        };
        if let (Some(name), Ok(passed)) = (attachments::named_after(&path), &passed)
            && name != passed.sha256
        {
            found.problems.push("it is not the file its name says".into());
        }
        let broken = self.compare(&path, entry, passed.as_ref().ok());
        self.report.records = self.report.records.saturating_add(found.lines);
        self.report.documents = self.report.documents.saturating_add(found.documents);
        self.report.objects = self.report.objects.saturating_add(found.objects);
        match broken {
            Some(Broken::Content(why)) => self.harm(&path, format!("{} {why}.", shown(&path))),
            Some(Broken::Lists(why)) => self.problem(format!("{} {why}.", shown(&path))),
            None => {}
        }
        for problem in found.problems {
            self.harm(&path, format!("{}: {problem}.", shown(&path)));
        }
        Ok(())
    }

    /// Compares a file with the manifests; what is wrong is a sentence without its end.
    fn compare(&mut self, path: &str, entry: &Entry, passed: Option<&Passed>) -> Option<Broken> {
        if path.starts_with("data/") {
            let (bytes, files) = &mut self.payload;
            *bytes = bytes.saturating_add(entry.bytes);
            *files = files.saturating_add(1);
        }
        let sums = self.expected.get_mut(path).map(|expected| {
            expected.seen = true;
            (expected.sha256.clone(), expected.sha512.clone())
        });
        let tag_manifest = path.starts_with("tagmanifest-") && path.ends_with(".txt");
        let harm = |why: &str| Some(Broken::Content(why.to_owned()));
        let lists = |why: &str| Some(Broken::Lists(format!("{why}{UNAFFECTED}")));
        let Some(passed) = passed else {
            return harm("is damaged and cannot be read whole");
        };
        if passed.bytes != entry.bytes {
            return harm("is not as long as it should be");
        }
        let Some((sha256, sha512)) = sums else {
            let why = format!("is in no list of check sums: it was added later{}", stray(path));
            return lists(&why).filter(|_| !tag_manifest);
        };
        let fits = [sha256.map(|sum| sum == passed.sha256), sha512.map(|sum| sum == passed.sha512)];
        match fits {
            [Some(true), Some(true)] => None,
            [None, Some(true)] | [Some(true), None] => {
                lists("is whole, but in only one of the two lists of check sums")
            }
            [Some(true), _] | [_, Some(true)] => {
                lists("is whole, but one of its two check sums in the lists was altered")
            }
            _ => harm("is damaged: its content was changed"),
        }
    }

    fn check_missing(&mut self) {
        let missing: Vec<String> = self
            .expected
            .iter()
            .filter(|(_, expected)| !expected.seen)
            .map(|(path, _)| path.clone())
            .collect();
        for path in missing {
            self.harm(&path, format!("{} is missing.", shown(&path)));
        }
    }

    fn check_counts(&mut self, info: &BTreeMap<String, String>) {
        let (bytes, files) = self.payload;
        let oxum = format!("{bytes}.{files}");
        if info.get("Payload-Oxum").is_some_and(|said| *said != oxum) {
            self.problem("bag-info.txt names another size or number of files.".into());
        }
        let records = self.report.records.to_string();
        if info.get("Commonhold-Records").is_some_and(|said| *said != records) {
            self.problem(format!("There are {records} records in it, not as many as it says."));
        }
    }
}
