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

/// How it stands with the archives that are written by themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ArchivesState {
    /// Where to, and how many; nothing where nobody said.
    pub plan: Option<ArchivePlan>,
    /// The newest archive there.
    pub newest: Option<String>,
    /// Why the last run did not work, if it did not.
    pub trouble: Option<String>,
}

/// What is remembered of the last run.
#[derive(Default, Serialize, Deserialize)]
struct Last {
    file: String,
    heads: String,
}

/// What a run did, and what is to be remembered of it.
pub struct Made {
    run: ArchiveRun,
    last: Option<Last>,
}

fn plan_key(book: &BookId) -> String {
    format!("archive/plan/{book}")
}

fn last_key(book: &BookId) -> String {
    format!("archive/last/{book}")
}

fn trouble_key(book: &BookId) -> String {
    format!("archive/trouble/{book}")
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

/// How it stands with the archives of a service that are written by themselves.
pub fn state(reader: &Reader, book: &BookId) -> Result<ArchivesState, Failure> {
    let Some(plan) = plan(reader, book)? else { return Ok(ArchivesState::default()) };
    // A folder that is away has no newest archive; the trouble says why.
    let there = archives(&sync::name_of(reader, book)?, &plan.folder).unwrap_or_default();
    let trouble = reader.setting(&trouble_key(book))?.and_then(|text| String::from_utf8(text).ok());
    Ok(ArchivesState {
        plan: Some(plan),
        newest: there.last().map(|path| path.display().to_string()),
        trouble: trouble.filter(|text| !text.is_empty()),
    })
}

/// The plan of a service of which no archive was written today.
pub fn due(reader: &Reader, book: &BookId, today: Date) -> Result<Option<ArchivePlan>, Failure> {
    let Some(plan) = plan(reader, book)? else { return Ok(None) };
    let name = sync::name_of(reader, book)?;
    let newest = archives(&name, &plan.folder).unwrap_or_default().pop();
    let written = newest.is_some_and(|path| path == file_of(&plan, &name, today));
    Ok((!written).then_some(plan))
}

fn file_of(plan: &ArchivePlan, name: &str, day: Date) -> PathBuf {
    plan.folder.join(format!("{}-{day}.zip", slug(name)))
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
    let made = make(app.reader(), book, &plan, now, on);
    remember(app, book, made)
}

/// The part of a run that needs no profile to write to.
pub fn make(
    reader: &Reader,
    book: &BookId,
    plan: &ArchivePlan,
    now: Time,
    on: OnProgress<'_>,
) -> Result<Made, Failure> {
    std::fs::create_dir_all(&plan.folder).map_err(|error| Failure::file(&plan.folder, &error))?;
    let name = sync::name_of(reader, book)?;
    let heads = hex(&reader.heads_fingerprint(book)?.0);
    let last: Last = reader
        .setting(&last_key(book))?
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let newest = archives(&name, &plan.folder)?.pop();
    if let Some(newest) =
        newest.filter(|path| last.heads == heads && path.display().to_string() == last.file)
    {
        let newest = newest.display().to_string();
        let run = ArchiveRun { written: None, newest, removed: Vec::new() };
        return Ok(Made { run, last: None });
    }
    let path = file_of(plan, &name, now.date());
    let written = export(reader, book, &path, now, on)?;
    let judged = verify(&path, on)?;
    if !judged.ok {
        let first = judged.problems.into_iter().next().unwrap_or_default();
        return Err(Failure::new(
            Code::Storage,
            format!("{} was written and is damaged: {first}", path.display()),
        )
        .hint("Look at the disk. Older archives are still there."));
    }
    let removed = remove_beyond(&name, plan, &path)?;
    let newest = path.display().to_string();
    let last = Some(Last { file: newest.clone(), heads });
    Ok(Made { run: ArchiveRun { written: Some(written), newest, removed }, last })
}

/// Takes away the oldest archives beyond the number, never the one just written.
fn remove_beyond(name: &str, plan: &ArchivePlan, new: &Path) -> Result<Vec<String>, Failure> {
    let mut all = archives(name, &plan.folder)?;
    let keep = usize::try_from(plan.keep.max(1)).unwrap_or(usize::MAX);
    let beyond = all.len().saturating_sub(keep);
    let mut removed = Vec::new();
    for old in all.drain(..beyond).filter(|old| old != new) {
        std::fs::remove_file(&old).map_err(|error| Failure::file(&old, &error))?;
        removed.push(old.display().to_string());
    }
    Ok(removed)
}

/// Keeps in mind how a run went, so that the next one knows, and whoever asks.
pub fn remember(
    app: &mut App,
    book: &BookId,
    made: Result<Made, Failure>,
) -> Result<ArchiveRun, Failure> {
    let known = app.reader().setting(&trouble_key(book))?.unwrap_or_default();
    let trouble = match &made {
        Ok(_) => String::new(),
        Err(failure) if failure.code == Code::Cancelled => return made.map(|made| made.run),
        Err(failure) => failure.to_string(),
    };
    if known != trouble.as_bytes() {
        app.store()?.set_setting(&trouble_key(book), trouble.as_bytes())?;
    }
    let made = made?;
    if let Some(last) = made.last {
        let last = serde_json::to_vec(&last).unwrap_or_default();
        app.store()?.set_setting(&last_key(book), &last)?;
    }
    Ok(made.run)
}
