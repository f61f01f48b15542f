//! Archives written by themselves: one a day into a folder, so many kept.

use super::{ArchiveExported, export, verify};
use crate::app::App;
use crate::commands::sync;
use crate::events::OnProgress;
use crate::failure::{Code, Failure};
use commonhold_core::id::{BookId, hex};
use commonhold_core::store::Reader;
use commonhold_core::{Date, Time};
use commonhold_exchange::archive::slug;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// How many archives are kept where nobody said.
pub const KEEP: u32 = 12;
/// Most archives of one service that are kept.
const MOST: u32 = 10_000;

/// Where archives are written by themselves. It is this computer's own, and travels nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ArchivePlan {
    /// The folder.
    #[cfg_attr(test, ts(type = "string"))]
    pub folder: PathBuf,
    /// How many are kept, at least one.
    pub keep: u32,
}

/// What one run did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ArchiveRun {
    /// What was written; nothing where the newest archive holds the same.
    pub written: Option<ArchiveExported>,
    /// The newest archive now.
    pub newest: String,
    /// Older ones that were taken away.
    pub removed: Vec<String>,
}

/// What is remembered of the last run.
#[derive(Default, Serialize, Deserialize)]
struct Last {
    file: String,
    heads: String,
}

fn plan_key(book: &BookId) -> String {
    format!("archive/plan/{book}")
}

fn last_key(book: &BookId) -> String {
    format!("archive/last/{book}")
}

/// Where archives of a service are written by themselves; nothing where nobody said.
pub fn plan(reader: &Reader, book: &BookId) -> Result<Option<ArchivePlan>, Failure> {
    let bytes = reader.setting(&plan_key(book))?;
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

/// Says where archives of a service are written by themselves, and how many are kept.
pub fn set_plan(app: &mut App, book: &BookId, folder: &Path, keep: u32) -> Result<(), Failure> {
    if !(1..=MOST).contains(&keep) {
        return Err(Failure::new(
            Code::Invalid,
            format!("Keep at least 1 archive, at most {MOST}."),
        ));
    }
    let folder = std::path::absolute(folder).map_err(|error| Failure::file(folder, &error))?;
    let bytes = serde_json::to_vec(&ArchivePlan { folder, keep }).unwrap_or_default();
    Ok(app.store()?.set_setting(&plan_key(book), &bytes)?)
}

/// The archives of a service in a folder, by their names, the oldest first: what this program
/// wrote there by itself and nothing else.
pub fn archives(name: &str, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error: std::io::Error| Failure::file(folder, &error);
    let begin = format!("{}-", slug(name));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let file = entry.file_name();
        let day = file.to_str().and_then(|name| name.strip_prefix(&begin)?.strip_suffix(".zip"));
        let ours = day.is_some_and(|day| day.parse::<Date>().is_ok());
        if ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Writes today's archive where the plan says, or where the caller says, unless the newest one holds
/// the same; judges what it wrote, and takes away the oldest beyond the number. On any trouble no
/// archive goes.
pub fn run(
    app: &mut App,
    book: &BookId,
    wanted: Option<ArchivePlan>,
    now: Time,
    on: OnProgress<'_>,
) -> Result<ArchiveRun, Failure> {
    let plan = match wanted {
        Some(plan) => plan,
        None => plan(app.reader(), book)?.ok_or_else(|| {
            Failure::new(Code::NotFound, "Nobody said where archives of this service are written.")
                .hint("Say it once: commonhold archive plan --dir FOLDER --keep 12")
        })?,
    };
    std::fs::create_dir_all(&plan.folder).map_err(|error| Failure::file(&plan.folder, &error))?;
    let name = sync::name_of(app.reader(), book)?;
    let heads = hex(&app.reader().heads_fingerprint(book)?.0);
    let last: Last = app
        .reader()
        .setting(&last_key(book))?
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let newest = archives(&name, &plan.folder)?.pop();
    if let Some(newest) =
        newest.filter(|path| last.heads == heads && path.display().to_string() == last.file)
    {
        return Ok(ArchiveRun {
            written: None,
            newest: newest.display().to_string(),
            removed: Vec::new(),
        });
    }
    let path = plan.folder.join(format!("{}-{}.zip", slug(&name), now.date()));
    let written = export(app.reader(), book, &path, now, on)?;
    let judged = verify(&path, on)?;
    if !judged.ok {
        let first = judged.problems.into_iter().next().unwrap_or_default();
        return Err(Failure::new(
            Code::Storage,
            format!("{} was written and is damaged: {first}", path.display()),
        )
        .hint("Look at the disk. Older archives are still there."));
    }
    let file = path.display().to_string();
    let last = serde_json::to_vec(&Last { file: file.clone(), heads }).unwrap_or_default();
    app.store()?.set_setting(&last_key(book), &last)?;
    let mut all = archives(&name, &plan.folder)?;
    let keep = usize::try_from(plan.keep.max(1)).unwrap_or(usize::MAX);
    let beyond = all.len().saturating_sub(keep);
    let mut removed = Vec::new();
    for old in all.drain(..beyond).filter(|old| *old != path) {
        std::fs::remove_file(&old).map_err(|error| Failure::file(&old, &error))?;
        removed.push(old.display().to_string());
    }
    Ok(ArchiveRun { written: Some(written), newest: file, removed })
}
