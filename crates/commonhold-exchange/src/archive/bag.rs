//! The outside of an archive: a BagIt 1.0 bag (RFC 8493) written into a ZIP, hashing on the way.
//! The same parts can write into a plain [`Folder`] instead, for exports that are no archive.

use super::{Container, Error, Folder, MAX_FILES, MAX_UNPACKED, Summary};
use commonhold_core::date::Time;
use commonhold_core::id::hex;
use sha2::{Digest, Sha256, Sha512};
use std::io::{self, Read, Seek, SeekFrom, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The bag declaration (RFC 8493 §2.1.1).
pub(super) const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
/// What the ZIP's comment begins with; 64 hexadecimal digits follow.
pub(super) const SEAL: &str = "commonhold-archive sha256 ";
/// How many digits the sum in the comment has.
pub(super) const SEAL_DIGITS: u64 = 64;

/// One file in the bag, by its path below the bag's folder.
pub(super) struct File {
    pub path: String,
    pub bytes: u64,
    sha256: [u8; 32],
    sha512: [u8; 64],
}

impl File {
    /// SHA-256, hexadecimal.
    pub fn sha256(&self) -> String {
        hex(&self.sha256)
    }
}

struct Open {
    path: String,
    bytes: u64,
    sha256: Sha256,
    sha512: Sha512,
}

/// What a ZIP is written to. After something could not be written it takes all and keeps nothing: a
/// ZIP that is dropped is ended by the library, which would complain on standard error.
pub(super) struct Paper<'a> {
    out: &'a mut dyn Container,
    failed: Option<io::ErrorKind>,
}

impl<'a> Paper<'a> {
    pub fn new(out: &'a mut dyn Container) -> Self {
        Self { out, failed: None }
    }

    /// What was written to; an error when anything could not be.
    pub fn into_inner(self) -> io::Result<&'a mut dyn Container> {
        self.failed.map_or(Ok(self.out), |kind| Err(kind.into()))
    }

    fn note<T>(&mut self, done: io::Result<T>) -> io::Result<T> {
        done.inspect_err(|error| {
            if error.kind() != io::ErrorKind::Interrupted {
                self.failed = Some(error.kind());
            }
        })
    }
}

impl Write for Paper<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.failed.is_some() {
            return Ok(bytes.len());
        }
        let written = self.out.write(bytes);
        self.note(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.failed.is_some() {
            return Ok(());
        }
        let flushed = self.out.flush();
        self.note(flushed)
    }
}

impl Seek for Paper<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.out.seek(to)
    }
}

/// Where the files go.
enum Place<'a> {
    /// Into a ZIP, below a top folder.
    Zip { zip: Box<ZipWriter<Paper<'a>>>, top: String, options: SimpleFileOptions },
    /// Into a folder, without the `data/` of a bag.
    Folder(&'a mut dyn Folder),
}

/// The bag being written. Between [`Bag::start`] and [`Bag::end`] it is a writer of one file.
pub(super) struct Bag<'a> {
    place: Place<'a>,
    files: Vec<File>,
    open: Option<Open>,
    unpacked: u64,
}

impl<'a> Bag<'a> {
    /// Begins a bag in an empty container, with `bagit.txt` first.
    pub fn new(out: &'a mut dyn Container, top: &str, written: Time) -> Result<Self, Error> {
        if out.seek(SeekFrom::End(0))? != 0 {
            return Err(io::Error::other("the file to write to is not empty").into());
        }
        let options = SimpleFileOptions::default()
            .system(zip::System::Unix)
            .unix_permissions(0o644)
            .compression_level(Some(6))
            .last_modified_time(stamp(written));
        let mut bag = Self::at(Place::Zip {
            zip: Box::new(ZipWriter::new(Paper::new(out))),
            top: top.to_owned(),
            options,
        });
        bag.whole("bagit.txt", DECLARATION.as_bytes())?;
        Ok(bag)
    }

    /// No bag, but its payload in a folder.
    pub fn folder(folder: &'a mut dyn Folder) -> Self {
        Self::at(Place::Folder(folder))
    }

    fn at(place: Place<'a>) -> Self {
        Self { place, files: Vec::new(), open: None, unpacked: 0 }
    }

    /// Begins a file; `pays` says whether compressing it pays.
    pub fn start(&mut self, path: &str, pays: bool) -> Result<(), Error> {
        if self.files.len() >= MAX_FILES {
            return Err(Error::TooLarge(format!("it has more than {MAX_FILES} files.")));
        }
        match &mut self.place {
            Place::Zip { zip, top, options } => {
                let (method, level) = match pays {
                    true => (CompressionMethod::Deflated, Some(6)),
                    false => (CompressionMethod::Stored, None),
                };
                let options = options.compression_method(method).compression_level(level);
                zip.start_file(format!("{top}/{path}"), options)?;
            }
            Place::Folder(folder) => folder.begin(path.strip_prefix("data/").unwrap_or(path))?,
        }
        self.open = Some(Open {
            path: path.to_owned(),
            bytes: 0,
            sha256: Sha256::new(),
            sha512: Sha512::new(),
        });
        Ok(())
    }

    /// Ends the file begun last.
    pub fn end(&mut self) {
        if let Some(open) = self.open.take() {
            self.files.push(File {
                path: open.path,
                bytes: open.bytes,
                sha256: open.sha256.finalize().into(),
                sha512: open.sha512.finalize().into(),
            });
        }
    }

    /// Writes a small file at once.
    pub fn whole(&mut self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        self.start(path, true)?;
        self.write_all(bytes)?;
        self.end();
        Ok(())
    }

    /// Whether a file of the payload was written, by its path without `data/`.
    pub fn has(&self, path: &str) -> bool {
        self.files.iter().any(|file| file.path.strip_prefix("data/") == Some(path))
    }

    /// The files of the payload so far, without `data/` before the path, sorted by path.
    pub fn payload(&self) -> Vec<(&str, &File)> {
        let mut files: Vec<_> = self
            .files
            .iter()
            .filter_map(|file| Some((file.path.strip_prefix("data/")?, file)))
            .collect();
        files.sort_unstable_by_key(|(path, _)| *path);
        files
    }

    /// Writes `bag-info.txt`, the manifests and the ZIP's end, and seals it.
    pub fn finish(mut self, info: &str, records: u64) -> Result<Summary, Error> {
        let payload = self.payload();
        let bytes = payload.iter().fold(0_u64, |sum, (_, file)| sum.saturating_add(file.bytes));
        let info = format!("{info}Payload-Oxum: {bytes}.{}\n", payload.len());
        self.whole("bag-info.txt", info.as_bytes())?;
        for (name, payload) in [("manifest", true), ("tagmanifest", false)] {
            let lines = self.manifests(payload);
            for (algorithm, lines) in ["sha256", "sha512"].iter().zip(lines) {
                self.whole(&format!("{name}-{algorithm}.txt"), lines.as_bytes())?;
            }
        }
        let files = u64::try_from(self.files.len()).unwrap_or(u64::MAX);
        let zeros = "0".repeat(usize::try_from(SEAL_DIGITS).unwrap_or_default());
        let Place::Zip { mut zip, .. } = self.place else {
            return Err(io::Error::other("a folder is no bag").into());
        };
        zip.set_comment(format!("{SEAL}{zeros}"))?;
        let out = zip.finish()?.into_inner()?;
        let (bytes, sha256) = seal(out)?;
        Ok(Summary { files, bytes, sha256, records })
    }

    /// Manifest lines with two spaces (what `sha256sum -c` reads), sorted by path.
    fn manifests(&self, payload: bool) -> [String; 2] {
        let mut files: Vec<&File> =
            self.files.iter().filter(|file| file.path.starts_with("data/") == payload).collect();
        files.sort_unstable_by_key(|file| &file.path);
        let mut lines = [String::new(), String::new()];
        let [sha256, sha512] = &mut lines;
        for file in files {
            sha256.push_str(&format!("{}  {}\n", hex(&file.sha256), file.path));
            sha512.push_str(&format!("{}  {}\n", hex(&file.sha512), file.path));
        }
        lines
    }
}

impl Write for Bag<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let open = self.open.as_mut().ok_or_else(|| io::Error::other("no file is begun"))?;
        let count = match &mut self.place {
            Place::Zip { zip, .. } => zip.write(bytes)?,
            Place::Folder(folder) => folder.write(bytes)?,
        };
        let (taken, _) = bytes.split_at(count.min(bytes.len()));
        open.sha256.update(taken);
        if matches!(self.place, Place::Zip { .. }) {
            open.sha512.update(taken);
        }
        let added = u64::try_from(taken.len()).unwrap_or(u64::MAX);
        open.bytes = open.bytes.saturating_add(added);
        self.unpacked = self.unpacked.saturating_add(added);
        if self.unpacked > MAX_UNPACKED {
            return Err(io::Error::other("the archive is larger than 4 GiB unpacked"));
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads back what was written, puts its SHA-256 into the comment; size and SHA-256 of the whole.
fn seal(out: &mut dyn Container) -> Result<(u64, String), Error> {
    let size = out.seek(SeekFrom::End(0))?;
    let body = size.saturating_sub(SEAL_DIGITS);
    out.seek(SeekFrom::Start(0))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut reader = out.take(body);
    loop {
        let count = reader.read(&mut buffer)?;
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else {
            break;
        };
        hash.update(read);
    }
    let out = reader.into_inner();
    let sum: [u8; 32] = hash.clone().finalize().into();
    let digits = hex(&sum);
    out.seek(SeekFrom::Start(body))?;
    out.write_all(digits.as_bytes())?;
    out.flush()?;
    hash.update(digits.as_bytes());
    let whole: [u8; 32] = hash.finalize().into();
    Ok((size, hex(&whole)))
}

/// The ZIP's stamp: UTC, from 1980 to 2107 in steps of two seconds; else the first of 1980.
fn stamp(written: Time) -> zip::DateTime {
    let date = written.date();
    let seconds = written.0.div_euclid(1000).rem_euclid(86_400);
    let part = |divisor: i64, modulus: i64| {
        u8::try_from(seconds.div_euclid(divisor).rem_euclid(modulus)).unwrap_or(0)
    };
    let unsigned = |number: i8| u8::try_from(number).unwrap_or(0);
    zip::DateTime::from_date_and_time(
        u16::try_from(date.year()).unwrap_or(0),
        unsigned(date.month_of_year()),
        unsigned(date.day()),
        part(3600, 24),
        part(60, 60),
        part(1, 60),
    )
    .unwrap_or_default()
}
