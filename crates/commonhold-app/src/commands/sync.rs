//! Exchange with other devices through a shared folder.

use super::count;
use crate::app::App;
use crate::events::{Change, OnProgress, Progress};
use crate::failure::{Code, Failure};
use commonhold_core::BookId;
use commonhold_core::store::Reader;
use commonhold_sync::transport::folder::{Folder, Report};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A file in the folder that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RefusedFile {
    /// Its name.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// What an exchange did for one service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct BookReport {
    /// The book.
    #[cfg_attr(test, ts(type = "string"))]
    pub book: BookId,
    /// The service's name.
    pub name: String,
    /// Objects handed over.
    pub sent: u32,
    /// Objects taken in.
    pub received: u32,
    /// Objects that wait for others.
    pub waiting: u32,
    /// Files not accepted.
    pub refused: Vec<RefusedFile>,
    /// Files that are not ours.
    pub ignored: Vec<String>,
}

/// What an exchange did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct SyncReport {
    /// The folder.
    pub folder: String,
    /// Services exchanged.
    pub books: Vec<BookReport>,
    /// How many services lie in the folder that are not in this profile; what they are cannot be
    /// seen without an invitation.
    pub others: u32,
}

/// A folder used before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Remote {
    /// Its path.
    pub path: String,
    /// When it was used last (RFC 3339).
    pub last: Option<String>,
    /// What happened then.
    pub last_report: Option<SyncReport>,
}

/// Exchanges one book, or all of this profile, with a folder.
pub fn sync_folder(
    app: &mut App,
    book: Option<BookId>,
    path: &Path,
    on: OnProgress<'_>,
) -> Result<SyncReport, Failure> {
    app.store()?;
    let folder = Folder::open(path)?;
    let mine: Vec<BookId> = app.reader().books()?.into_iter().map(|info| info.id).collect();
    let wanted = match book {
        Some(book) if app.reader().has(&book)? => vec![book],
        Some(book) => {
            return Err(Failure::new(
                Code::NotFound,
                format!("This profile has no service {book}."),
            ));
        }
        None => mine.clone(),
    };
    let mut books = Vec::new();
    for book in wanted {
        let name = name_of(app.reader(), &book)?;
        let now = app.now();
        let mut report = folder.exchange(app.store()?, &book, now, &mut |done, total| {
            on(Progress { done, total: Some(total), note: name.clone() })
        })?;
        if report.own_log_continued {
            // This profile turned out to be a copy: it goes on under a name of its own, writes
            // there what it wrote meanwhile, and exchanges that too.
            app.renew()?;
            let more = folder.exchange(app.store()?, &book, now, &mut |done, total| {
                on(Progress { done, total: Some(total), note: name.clone() })
            })?;
            report = report.and(more);
        }
        if report.received > 0 {
            app.tell(Change { book, kind: "*".into(), id: None, source: "sync".into() });
        }
        // Read again: a book that was just joined has its name only now.
        books.push(in_words(book, name_of(app.reader(), &book)?, report));
    }
    let others = folder.books()?.into_iter().filter(|book| !mine.contains(book));
    let others = count(others.count());
    let report = SyncReport { folder: path.display().to_string(), books, others };
    remember(app, path, &report)?;
    Ok(report)
}

fn in_words(book: BookId, name: String, report: Report) -> BookReport {
    let refused = report.refused.into_iter().map(|(file, reason)| RefusedFile { file, reason });
    BookReport {
        book,
        name,
        sent: count(report.sent),
        received: count(report.received),
        waiting: count(report.waiting),
        refused: refused.collect(),
        ignored: report.ignored,
    }
}

/// The service's name, or the one it was begun with while its profile has not arrived.
pub(crate) fn name_of(reader: &Reader, book: &BookId) -> Result<String, Failure> {
    let mut name = None;
    reader.each(book, commonhold_core::Kind::Service, &mut |row| {
        name = row.fields.get("name").and_then(|name| name.as_str()).map(str::to_owned);
        name.is_none()
    })?;
    match name {
        Some(name) => Ok(name),
        None => Ok(reader.genesis(book)?.map(|genesis| genesis.name).unwrap_or_default()),
    }
}

fn remember(app: &mut App, path: &Path, report: &SyncReport) -> Result<(), Failure> {
    let last = Some(app.now().to_string());
    let path = path.display().to_string();
    let remote = Remote { path: path.clone(), last, last_report: Some(report.clone()) };
    let bytes = serde_json::to_vec(&remote).unwrap_or_default();
    Ok(app.store()?.set_setting(&format!("remote/{path}"), &bytes)?)
}

/// Folders used so far.
pub fn remotes(reader: &Reader) -> Result<Vec<Remote>, Failure> {
    let settings = reader.settings("remote/")?;
    Ok(settings.iter().filter_map(|(_, bytes)| serde_json::from_slice(bytes).ok()).collect())
}
