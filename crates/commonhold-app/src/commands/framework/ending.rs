//! The whole record as an archive when a service ends: written right after the move it is for, so
//! that it holds the move, and asked for until it is there.

use super::plain;
use crate::app::App;
use crate::commands::{archive, records};
use crate::events::unheard;
use crate::failure::{Code, Failure};
use commonhold_core::framework::moves;
use commonhold_core::records::product::drill::Drill;
use commonhold_core::records::product::service::Service;
use commonhold_core::reports::all;
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date, Kind, RecordId};
use serde::Serialize;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Whether a phase comes with an archive of the whole record.
pub(super) fn ends(to: &str) -> bool {
    matches!(to, "closing" | "closed")
}

/// An archive that a move asks for and that is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ArchiveDue {
    /// The move.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// The phase it entered.
    pub to: String,
    /// Its day.
    #[cfg_attr(test, ts(type = "string"))]
    pub date: Date,
}

/// What the note of a drill says whose archive holds a move.
fn holds(id: &RecordId) -> String {
    format!("holds {}/{id}", Kind::Phase)
}

/// The archive the last move asks for, if the service ends and no drill says that one was written
/// that holds the move.
pub fn archive_due(
    reader: &Reader,
    book: &BookId,
    today: Date,
) -> Result<Option<ArchiveDue>, Failure> {
    let service = all::<Service>(reader, book, Kind::Service)?.pop().unwrap_or_default().1;
    let way = moves::way(reader, book, &service, today)?;
    let Some((id, last)) = way.moves.last().filter(|(_, last)| ends(&last.to)) else {
        return Ok(None);
    };
    let named = holds(id);
    let written = all::<Drill>(reader, book, Kind::Drill)?.into_iter().any(|(_, drill)| {
        let holds = drill.note.as_deref().is_some_and(|note| note.contains(&named));
        // Whatever was written on a later day holds it too.
        let after = drill.date > last.date;
        drill.drill_type == "archive" && drill.result == "worked" && (holds || after)
    });
    let date = last.date.unwrap_or_default();
    Ok((!written).then(|| ArchiveDue { id: *id, to: last.to.clone(), date }))
}

/// Writes the archive that is due: to the file named, or into the folder named or chosen.
pub fn phase_archive(
    app: &mut App,
    book: &BookId,
    path: Option<&Path>,
) -> Result<PathBuf, Failure> {
    let today = app.today();
    let Some(due) = archive_due(app.reader(), book, today)? else {
        return Err(Failure::new(Code::Invalid, "No archive is due: the last move has its own.")
            .hint("Write one for another reason with: commonhold export"));
    };
    let Some(file) = file(app.reader(), book, path, &due.to, today)? else {
        return Err(Failure::new(Code::Invalid, "Say where the whole record is to be written."));
    };
    write(app, book, (&due.id, &due.to), &file)?;
    Ok(file)
}

/// Writes the whole record as it is now, which holds a move, and that this was done.
pub(super) fn write(
    app: &mut App,
    book: &BookId,
    (id, to): (&RecordId, &str),
    path: &Path,
) -> Result<(), Failure> {
    let now = app.now();
    let person = app.store()?.writer(book, now)?.person;
    let written = archive::export(app.reader(), book, path, now, &mut unheard)?;
    let drill = plain(json!({
        "date": now.date(), "type": "archive", "result": "worked", "sha256": written.sha256,
        "note": format!("{}, the move to {to}", holds(id)), "person": person,
    }));
    records::add(app, book, Kind::Drill, drill)?;
    remember_folder(app, book, path)
}

fn folder_key(book: &BookId) -> String {
    format!("archive-folder/{book}")
}

/// The folder the whole record is written into when the service ends, where one was chosen.
pub fn archive_folder(reader: &Reader, book: &BookId) -> Result<Option<PathBuf>, Failure> {
    let bytes = reader.setting(&folder_key(book))?;
    Ok(bytes.and_then(|bytes| String::from_utf8(bytes).ok()).map(PathBuf::from))
}

/// Chooses the folder the whole record is written into when the service ends.
pub fn choose_archive_folder(app: &mut App, book: &BookId, folder: &Path) -> Result<(), Failure> {
    if !folder.is_dir() {
        let message = format!("There is no folder “{}”.", folder.display());
        return Err(Failure::new(Code::NotFound, message).hint("Make it first, or choose another."));
    }
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let text = folder.to_string_lossy().into_owned();
    app.store()?.set_setting(&folder_key(book), text.as_bytes())?;
    Ok(())
}

fn remember_folder(app: &mut App, book: &BookId, file: &Path) -> Result<(), Failure> {
    match file.parent().filter(|folder| folder.is_dir()) {
        Some(folder) => choose_archive_folder(app, book, folder),
        None => Ok(()),
    }
}

/// The file the whole record is written to: the one named, or one of its own name in the folder
/// named or chosen.
pub(super) fn file(
    reader: &Reader,
    book: &BookId,
    named: Option<&Path>,
    to: &str,
    today: Date,
) -> Result<Option<PathBuf>, Failure> {
    let folder = match named {
        Some(path) if path.is_dir() => Some(path.to_owned()),
        Some(path) => return Ok(Some(path.to_owned())),
        None => archive_folder(reader, book)?,
    };
    let beginning: String = book.to_string().chars().take(12).collect();
    let name = format!("commonhold-{beginning}-{to}-{today}.zip");
    Ok(folder.map(|folder| folder.join(name)))
}
