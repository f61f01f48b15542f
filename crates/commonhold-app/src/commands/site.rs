//! The public page: what it would show, writing it to a folder, and recording that it was published.

mod folder;
mod git;
mod kept;
mod publish;

pub use git::Branch;
pub use publish::{SiteSent, Way, site_publish};

use crate::app::App;
use crate::events::OnProgress;
use crate::failure::{Code, Failure};
use commonhold_core::id::BookId;
use commonhold_core::json::Fields;
use commonhold_core::projection::State;
use commonhold_core::store::Reader;
use commonhold_core::{Date, Kind, RecordId, Time};
use commonhold_site::{Options, Site, build_keeping};
use folder::Nowhere;
use kept::Kept;
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

/// What the public has not seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct SiteUnpublished {
    /// How many transactions the page would show for the first time.
    pub count: u32,
    /// The day of the oldest of them.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub since: Option<Date>,
    /// How many of them should have been public by now (`finance.history.timely`).
    pub overdue: u32,
    /// How many transactions the page does not show: of later days, or set aside.
    pub left_out: u32,
}

/// The last publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct SitePublished {
    /// The day.
    #[cfg_attr(test, ts(type = "string"))]
    pub date: Date,
    /// Where it was written to, or its address.
    pub place: String,
    /// SHA-256 over the list of its files.
    pub sha256: String,
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
    /// What the public has not seen.
    pub unpublished: SiteUnpublished,
    /// Places of texts that were masked, the first thousand.
    pub findings: Vec<SiteFinding>,
    /// The last publication.
    pub last: Option<SitePublished>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct SiteBuilt {
    /// How many files were written anew.
    pub written: u32,
    /// How many were there already as they must be.
    pub unchanged: u32,
    /// How many of an earlier page were taken away.
    pub removed: u32,
    /// Files of an earlier page that somebody changed: they were left as they are.
    pub kept: Vec<String>,
    /// How large all files are together.
    #[cfg_attr(test, ts(type = "number"))]
    pub bytes: u64,
    /// SHA-256 over the list of files, as the publication holds it.
    pub sha256: String,
    /// How many transactions are public for the first time.
    pub transactions: u32,
    /// How many places were masked.
    pub masked: u32,
    /// The publication that was recorded; nothing where none was asked for or nothing is new.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub publication: Option<RecordId>,
}

/// What the page would show, without writing anything.
pub fn site_preview(reader: &Reader, book: &BookId, now: Time) -> Result<SitePreview, Failure> {
    seen(reader, book, &looked_at(reader, book, &Options::at(now))?)
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
    let place = base_url.clone().unwrap_or_else(|| path.display().to_string());
    if record {
        refuse_early(app, book, &place)?;
    }
    let (site, swapped) = write_page(app, book, path, base_url, on)?;
    let publication = if record { publish_record(app, book, &place, &site)? } else { None };
    Ok(SiteBuilt {
        written: swapped.written,
        unchanged: swapped.unchanged,
        removed: swapped.removed,
        kept: swapped.kept,
        bytes: site_bytes(&site),
        sha256: site.sha256,
        transactions: super::count(site.transactions.len()),
        masked: super::count(site.findings.len()),
        publication,
    })
}

/// Whoever may not record a publication is told before anything is written.
fn refuse_early(app: &mut App, book: &BookId, place: &str) -> Result<(), Failure> {
    let judged = (Kind::Publication.info().judge)(&fields(app, book, place, &[], "")?);
    super::records::check_author(app, book, Kind::Publication, &judged)
}

/// Writes the page into a folder.
fn write_page(
    app: &mut App,
    book: &BookId,
    path: &Path,
    base_url: Option<String>,
    on: OnProgress<'_>,
) -> Result<(Site, folder::Swapped), Failure> {
    let options = Options { base_url, ..Options::at(app.now()) };
    let mut fresh = folder::Fresh::beside(path, on)?;
    let mut kept = Kept::beside(app.reader(), book).map_err(|error| Failure::file(path, &error))?;
    let mut site = build_keeping(app.reader(), book, &options, &mut kept, &mut fresh);
    if matches!(site, Err(commonhold_site::Error::Forgotten)) {
        fresh = fresh.again()?;
        kept = Kept::fresh().map_err(|error| Failure::file(path, &error))?;
        site = build_keeping(app.reader(), book, &options, &mut kept, &mut fresh);
    }
    let site = match site {
        Ok(site) => site,
        Err(_) if fresh.is_cancelled() => return Err(Failure::cancelled()),
        Err(commonhold_site::Error::Io(error)) => return Err(Failure::file(path, &error)),
        Err(error) => return Err(failed(error)),
    };
    kept.tidy();
    let swapped = fresh.swap(path, &site.files)?;
    Ok((site, swapped))
}

/// The page as it would be.
fn looked_at(reader: &Reader, book: &BookId, options: &Options) -> Result<Site, Failure> {
    let unkept = |error: std::io::Error| failed(commonhold_site::Error::Io(error));
    let mut kept = Kept::beside(reader, book).map_err(unkept)?;
    let mut nowhere = Nowhere::default();
    match build_keeping(reader, book, options, &mut kept, &mut nowhere) {
        Err(commonhold_site::Error::Forgotten) => {
            let mut kept = Kept::fresh().map_err(unkept)?;
            build_keeping(reader, book, options, &mut kept, &mut nowhere).map_err(failed)
        }
        other => other.map_err(failed),
    }
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

/// The newest publication that counts.
fn last(reader: &Reader, book: &BookId) -> Result<Option<SitePublished>, Failure> {
    let mut newest: Option<(String, SitePublished)> = None;
    reader.each(book, Kind::Publication, &mut |row| {
        let text = |name: &str| row.fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let at = text("at").to_owned();
        let newer = newest.as_ref().is_none_or(|(other, _)| *other < at);
        if let Ok(date) = text("date").parse::<Date>()
            && row.state == State::Ok
            && newer
        {
            let (place, sha256) = (text("place").to_owned(), text("sha256").to_owned());
            newest = Some((at, SitePublished { date, place, sha256 }));
        }
        true
    })?;
    Ok(newest.map(|(_, published)| published))
}

fn site_bytes(site: &Site) -> u64 {
    site.files.iter().fold(0, |sum: u64, file| sum.saturating_add(file.bytes))
}

fn seen(reader: &Reader, book: &BookId, site: &Site) -> Result<SitePreview, Failure> {
    let first_day = Date::new(1, 1, 1).unwrap_or_default();
    let (mut since, mut overdue) = (None, 0_u32);
    for entry in reader.entries(book, first_day, site.as_of)? {
        if site.transactions.binary_search(&entry.id).is_ok() {
            since = Some(since.map_or(entry.date, |day: Date| day.min(entry.date)));
            let late = entry.date.working_days_until(site.as_of) > 1;
            overdue = overdue.saturating_add(u32::from(late));
        }
    }
    // Sentences of reports have no record to go to; what they say comes from records that have.
    let of_records = site.findings.iter().filter(|found| found.kind != "report");
    let findings = of_records.take(MAX_FINDINGS).map(|found| SiteFinding {
        kind: found.kind.to_owned(),
        id: found.id,
        field: found.field.clone(),
        line: found.line,
        what: found.what.to_owned(),
    });
    Ok(SitePreview {
        as_of: site.as_of,
        files: super::count(site.files.len()),
        bytes: site_bytes(site),
        shown: site.shown,
        unpublished: SiteUnpublished {
            count: super::count(site.transactions.len()),
            since,
            overdue,
            left_out: site.unpublished,
        },
        findings: findings.collect(),
        last: last(reader, book)?,
    })
}

/// The fields of a publication record.
fn fields(
    app: &mut App,
    book: &BookId,
    place: &str,
    transactions: &[RecordId],
    sha256: &str,
) -> Result<Fields, Failure> {
    let now = app.now();
    let person = app.store()?.writer(book, now)?.person;
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
fn publish_record(
    app: &mut App,
    book: &BookId,
    place: &str,
    site: &Site,
) -> Result<Option<RecordId>, Failure> {
    let same = last(app.reader(), book)?.is_some_and(|last| last.sha256 == site.sha256);
    if same && site.transactions.is_empty() {
        return Ok(None);
    }
    let mut parts: Vec<&[RecordId]> = site.transactions.chunks(MAX_NAMED).collect();
    if parts.is_empty() {
        parts.push(&[]);
    }
    let mut written = None;
    for part in parts {
        let fields = fields(app, book, place, part, &site.sha256)?;
        written = Some(super::records::add(app, book, Kind::Publication, fields)?);
    }
    Ok(written)
}
