//! The public page: what it would show, writing it to a folder, and recording that it was published.

mod folder;

use crate::app::App;
use crate::events::OnProgress;
use crate::failure::{Code, Failure};
use commonhold_core::id::BookId;
use commonhold_core::json::Fields;
use commonhold_core::projection::State;
use commonhold_core::store::Reader;
use commonhold_core::{Date, Kind, RecordId, Time};
use commonhold_site::{Options, Site};
use folder::Nowhere;
use serde::Serialize;
use serde_json::{Value, json};
use std::path::Path;

/// Most transactions one publication names; a first one may need several.
const MAX_NAMED: usize = 20_000;
/// Most places that were masked that are told one by one.
const MAX_FINDINGS: usize = 1_000;

/// A place of a text that was masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct SiteFinding {
    /// The kind of the record; `report` for a sentence the program made.
    pub kind: String,
    /// The record.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// The field.
    pub field: String,
    /// The line of the text, from 1.
    pub line: u32,
    /// What was found: `email`, `ipv4`, `name` and so on.
    pub what: String,
}

/// What the page would show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct SitePreview {
    /// The day it is of.
    #[cfg_attr(test, ts(type = "string"))]
    pub as_of: Date,
    /// How many files it has.
    pub files: u32,
    /// How large they are together.
    #[cfg_attr(test, ts(type = "number"))]
    pub bytes: u64,
    /// How many transactions it shows.
    pub shown: u32,
    /// How many of them no publication showed before.
    pub new: u32,
    /// The day of the oldest of these.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub new_since: Option<Date>,
    /// How many of these should have been public by now (`finance.history.timely`).
    pub overdue: u32,
    /// How many transactions of the book it does not show.
    pub unpublished: u32,
    /// The day of the last publication.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub last_publication: Option<Date>,
    /// SHA-256 over the list of files.
    pub sha256: String,
    /// How many places were masked.
    pub masked: u32,
    /// The first of them.
    pub findings: Vec<SiteFinding>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct SiteBuilt {
    /// The folder.
    pub path: String,
    /// How many files were written anew.
    pub written: u32,
    /// How many were there already as they must be.
    pub unchanged: u32,
    /// How many of an earlier page were taken away.
    pub removed: u32,
    /// Files of an earlier page that somebody changed: they were left as they are.
    pub kept: Vec<String>,
    /// The publication that was recorded; nothing where none was asked for or nothing is new.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub publication: Option<RecordId>,
    /// What the page shows.
    pub preview: SitePreview,
}

/// What the page would show, without writing anything.
pub fn site_preview(reader: &Reader, book: &BookId, now: Time) -> Result<SitePreview, Failure> {
    let site = commonhold_site::build(reader, book, &Options::at(now), &mut Nowhere::default());
    seen(reader, book, &site.map_err(failed)?)
}

/// Writes the page into a folder: beside it first, then file by file into its place. Only what
/// changed is written, what an earlier page had and this one has not is taken away, and files of
/// others stay. With `record` the publication is written down, which sets the clock of publication.
pub fn site_build(
    app: &mut App,
    book: &BookId,
    path: &Path,
    base_url: Option<String>,
    record: bool,
    on: OnProgress<'_>,
) -> Result<SiteBuilt, Failure> {
    if record {
        // Whoever may not record it is told before anything is written.
        let judged = (Kind::Publication.info().judge)(&fields(app, book, path, None, &[], "")?);
        super::records::check_author(app, book, Kind::Publication, &judged)?;
    }
    let options = Options { base_url: base_url.clone(), ..Options::at(app.now()) };
    let mut fresh = folder::Fresh::beside(path, on)?;
    let site = commonhold_site::build(app.reader(), book, &options, &mut fresh);
    let site = match site {
        Ok(site) => site,
        Err(_) if fresh.is_cancelled() => return Err(Failure::cancelled()),
        Err(commonhold_site::Error::Io(error)) => return Err(Failure::file(path, &error)),
        Err(error) => return Err(failed(error)),
    };
    let swapped = fresh.swap(path, &site.files)?;
    let preview = seen(app.reader(), book, &site)?;
    let publication =
        if record { publish(app, book, path, base_url.as_deref(), &site)? } else { None };
    Ok(SiteBuilt {
        path: path.display().to_string(),
        written: swapped.written,
        unchanged: swapped.unchanged,
        removed: swapped.removed,
        kept: swapped.kept,
        publication,
        preview,
    })
}

fn failed(error: commonhold_site::Error) -> Failure {
    match error {
        commonhold_site::Error::Store(error) => error.into(),
        commonhold_site::Error::Books(error) => error.into(),
        commonhold_site::Error::Io(error) => {
            Failure::new(Code::Storage, "The page could not be written.").detail(error)
        }
        wrong => Failure::new(Code::Invalid, wrong.to_string()),
    }
}

/// The newest publication that counts: its day and hash.
fn last(reader: &Reader, book: &BookId) -> Result<Option<(Date, String)>, Failure> {
    let mut newest: Option<(String, Date, String)> = None;
    reader.each(book, Kind::Publication, &mut |row| {
        let text = |name: &str| row.fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let at = text("at").to_owned();
        let newer = newest.as_ref().is_none_or(|(other, ..)| *other < at);
        if let Ok(day) = text("date").parse::<Date>()
            && row.state == State::Ok
            && newer
        {
            newest = Some((at, day, text("sha256").to_owned()));
        }
        true
    })?;
    Ok(newest.map(|(_, day, sha256)| (day, sha256)))
}

fn seen(reader: &Reader, book: &BookId, site: &Site) -> Result<SitePreview, Failure> {
    let first_day = Date::new(1, 1, 1).unwrap_or_default();
    let (mut since, mut overdue) = (None, 0_u32);
    for entry in reader.entries(book, first_day, site.as_of)? {
        if site.transactions.binary_search(&entry.id).is_ok() {
            since = Some(since.map_or(entry.date, |day: Date| day.min(entry.date)));
            let due = entry.date.business_days_later(1);
            overdue = overdue.saturating_add(u32::from(due < site.as_of));
        }
    }
    let findings = site.findings.iter().take(MAX_FINDINGS).map(|found| SiteFinding {
        kind: found.kind.to_owned(),
        id: found.id,
        field: found.field.clone(),
        line: found.line,
        what: found.what.to_owned(),
    });
    Ok(SitePreview {
        as_of: site.as_of,
        files: super::count(site.files.len()),
        bytes: site.files.iter().fold(0, |sum: u64, file| sum.saturating_add(file.bytes)),
        shown: site.shown,
        new: super::count(site.transactions.len()),
        new_since: since,
        overdue,
        unpublished: site.unpublished,
        last_publication: last(reader, book)?.map(|(day, _)| day),
        sha256: site.sha256.clone(),
        masked: super::count(site.findings.len()),
        findings: findings.collect(),
    })
}

/// The fields of a publication record.
fn fields(
    app: &mut App,
    book: &BookId,
    path: &Path,
    base_url: Option<&str>,
    transactions: &[RecordId],
    sha256: &str,
) -> Result<Fields, Failure> {
    let now = app.now();
    let person = app.store()?.writer(book, now)?.person;
    let place = base_url.map_or_else(|| path.display().to_string(), str::to_owned);
    let ids: Vec<String> = transactions.iter().map(ToString::to_string).collect();
    let value = json!({
        "date": now.date(), "at": now, "place": place, "transactions": ids, "sha256": sha256,
        "person": person,
    });
    Ok(match value {
        Value::Object(fields) => fields,
        _ => Fields::new(),
    })
}

/// Records that the page was published; nothing where the last publication was the same.
fn publish(
    app: &mut App,
    book: &BookId,
    path: &Path,
    base_url: Option<&str>,
    site: &Site,
) -> Result<Option<RecordId>, Failure> {
    let same = last(app.reader(), book)?.is_some_and(|(_, sha256)| sha256 == site.sha256);
    if same && site.transactions.is_empty() {
        return Ok(None);
    }
    let mut parts: Vec<&[RecordId]> = site.transactions.chunks(MAX_NAMED).collect();
    if parts.is_empty() {
        parts.push(&[]);
    }
    let mut written = None;
    for part in parts {
        let fields = fields(app, book, path, base_url, part, &site.sha256)?;
        written = Some(super::records::add(app, book, Kind::Publication, fields)?);
    }
    Ok(written)
}
