//! The books as files for other programs: Beancount, hledger and Ledger, tables, one sheet.

use super::archive::StoredBook;
use super::sync;
use crate::events::{OnProgress, Progress};
use crate::failure::{Code, Failure};
use commonhold_core::Time;
use commonhold_core::id::BookId;
use commonhold_core::store::Reader;
use commonhold_exchange::export::ledger::{self, Error, Folder, Numbers};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Component, Path, PathBuf};

/// What the books are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum BooksFormat {
    /// For Beancount 3.
    Beancount,
    /// For hledger and Ledger.
    Journal,
    /// A folder of tables (CSV) with a Data Package that explains them.
    Tables,
    /// One sheet that is safe to open, with decimal points.
    Sheet,
    /// The same with decimal commas.
    SheetComma,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct BooksExported {
    /// Where it lies.
    pub path: String,
}

/// Writes the books. A file appears whole or not at all; nothing that lies there is replaced.
pub fn export(
    reader: &Reader,
    book: &BookId,
    format: BooksFormat,
    path: &Path,
    now: Time,
    on: OnProgress<'_>,
) -> Result<BooksExported, Failure> {
    if fs::symlink_metadata(path).is_ok() {
        let message = format!("{} is there already.", path.display());
        return Err(Failure::new(Code::Exists, message).hint("Choose another name."));
    }
    let _one_moment = reader.view()?;
    let name = sync::name_of(reader, book)?;
    let stored = StoredBook { reader, book: *book, name, at: None };
    let mut tell = |done, total, note: &str| on(Progress { done, total, note: note.to_owned() });
    let above = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |error: io::Error| Failure::file(path, &error);
    let hidden = || {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".commonhold-");
        builder
    };
    if format == BooksFormat::Tables {
        let folder = hidden().tempdir_in(above).map_err(failed)?;
        let mut files = Disk { root: folder.path().to_owned(), open: None };
        written(path, ledger::tables(&stored, &mut files, now, &mut tell))?;
        files.end().map_err(failed)?;
        // The folder is the reader's own now: it is no longer removed with its handle.
        let kept = folder.keep();
        open_to_all(&kept).map_err(failed)?;
        fs::rename(&kept, path).map_err(failed)?;
        return Ok(BooksExported { path: path.display().to_string() });
    }
    let file = hidden().tempfile_in(above).map_err(failed)?;
    let mut out = BufWriter::new(file.as_file());
    written(
        path,
        match format {
            BooksFormat::Beancount => ledger::beancount(&stored, &mut out, &mut tell),
            BooksFormat::Journal => ledger::journal(&stored, &mut out, &mut tell),
            BooksFormat::SheetComma => {
                ledger::spreadsheet(&stored, &mut out, Numbers::Comma, &mut tell)
            }
            _ => ledger::spreadsheet(&stored, &mut out, Numbers::Point, &mut tell),
        },
    )?;
    out.flush().map_err(failed)?;
    drop(out);
    file.as_file().sync_all().map_err(failed)?;
    open_to_all(file.path()).map_err(failed)?;
    file.persist_noclobber(path).map_err(|error| Failure::file(path, &error.error))?;
    Ok(BooksExported { path: path.display().to_string() })
}

/// Made unreadable for others while unfinished; these are files like any other.
fn open_to_all(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let mode = if path.is_dir() { 0o755 } else { 0o644 };
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn written(path: &Path, result: Result<(), Error>) -> Result<(), Failure> {
    match result {
        Err(Error::Cancelled) => Err(Failure::cancelled()),
        Err(Error::Io(error)) => Err(Failure::file(path, &error)),
        other => Ok(other?),
    }
}

/// Files below a folder on the disk.
struct Disk {
    root: PathBuf,
    open: Option<BufWriter<File>>,
}

impl Disk {
    fn end(&mut self) -> io::Result<()> {
        match self.open.take() {
            Some(mut file) => {
                file.flush()?;
                file.get_ref().sync_all()
            }
            None => Ok(()),
        }
    }
}

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.open {
            Some(file) => file.write(bytes),
            None => Err(io::Error::other("no file is begun")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.open.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Folder for Disk {
    fn begin(&mut self, path: &str) -> io::Result<()> {
        self.end()?;
        let plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        if !plain {
            return Err(io::Error::other("a path leads out of the folder"));
        }
        let path = self.root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        self.open = Some(BufWriter::new(File::create_new(&path)?));
        Ok(())
    }
}
