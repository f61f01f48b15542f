//! The page on its way out: onto a branch of a git repository, or by a command of the person's own.

use super::git::{self, Branch, Words};
use super::{folder, publish_record, refuse_early, site_bytes, write_page};
use crate::app::App;
use crate::commands::payments::Command as Program;
use crate::commands::sync;
use crate::events::OnProgress;
use crate::failure::{Code, Failure};
use commonhold_core::RecordId;
use commonhold_core::id::BookId;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Longest a command may take, in milliseconds.
const PATIENCE: u64 = 15 * 60_000;
/// The form of what a command is told.
const VERSION: u32 = 1;

/// How the page goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// As a commit of a branch.
    Git(Branch),
    /// By a program, told as JSON on its standard input where the folder is. No shell reads
    /// anything.
    Command(Vec<String>),
}

/// What went out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct SiteSent {
    /// The folder the page was written to first.
    pub folder: String,
    /// How many files it has.
    pub files: u32,
    /// How large they are together.
    #[cfg_attr(test, ts(type = "number"))]
    pub bytes: u64,
    /// How many of them are new or changed since the last time.
    pub written: u32,
    /// How many went away.
    pub removed: u32,
    /// SHA-256 over the list of files.
    pub sha256: String,
    /// The commit; nothing where the branch was like that already, or no git was asked.
    pub commit: Option<String>,
    /// The first line a command answered.
    pub said: Option<String>,
    /// How many transactions are public for the first time.
    pub transactions: u32,
    /// How many places were masked.
    pub masked: u32,
    /// The publication that was recorded.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub publication: Option<RecordId>,
}

/// Where the page of a book is written before it goes out; it stays, so that the next time only what
/// changed is written.
fn outbox(app: &App, book: &BookId) -> PathBuf {
    app.home().join("page").join(format!("{book}-out"))
}

/// Writes the page and sends it. It is recorded as published once it went out.
pub fn site_publish(
    app: &mut App,
    book: &BookId,
    way: &Way,
    base_url: Option<String>,
    record: bool,
    on: OnProgress<'_>,
) -> Result<SiteSent, Failure> {
    let path = outbox(app, book);
    let place = match (&base_url, way) {
        (Some(url), _) => url.clone(),
        (None, Way::Git(to)) => format!("{}#{}", to.repository.display(), to.branch),
        (None, Way::Command(parts)) => parts.first().cloned().unwrap_or_default(),
    };
    if record {
        refuse_early(app, book, &place)?;
    }
    let above = path.parent().unwrap_or(&path);
    std::fs::create_dir_all(above).map_err(|error| Failure::file(above, &error))?;
    let (site, swapped) = write_page(app, book, &path, base_url.clone(), on)?;
    let name = sync::name_of(app.reader(), book)?;
    let now = app.now();
    let (mut commit, mut said) = (None, None);
    match way {
        Way::Git(to) => {
            let mut paths: BTreeSet<String> =
                site.files.iter().map(|file| file.path.clone()).collect();
            paths.insert(folder::LIST.to_owned());
            let message = format!("{name}: the public page as of {}", site.as_of);
            let words = Words { message: &message, author: &name, at: now };
            commit = git::commit(&path, &paths, to, &words)?;
        }
        Way::Command(parts) => {
            let told = json!({
                "v": VERSION, "service": name, "folder": path, "base_url": base_url,
                "as_of": site.as_of, "sha256": site.sha256, "files": site.files.len(),
                "bytes": site_bytes(&site), "written": swapped.written, "removed": swapped.removed,
            });
            let program = Program::new(parts.clone()).within(PATIENCE);
            let lost = |why: String| Failure::new(Code::Unreachable, why);
            let (did, answer) = program.tell(&format!("{told}\n")).map_err(lost)?;
            if !did {
                return Err(Failure::new(
                    Code::Unreachable,
                    "The command says it did not publish.",
                )
                .hint(answer));
            }
            said = Some(answer).filter(|answer| !answer.is_empty());
        }
    }
    let publication = if record { publish_record(app, book, &place, &site)? } else { None };
    Ok(SiteSent {
        folder: path.display().to_string(),
        files: crate::commands::count(site.files.len()),
        bytes: site_bytes(&site),
        written: swapped.written,
        removed: swapped.removed,
        sha256: site.sha256,
        commit,
        said,
        transactions: crate::commands::count(site.transactions.len()),
        masked: crate::commands::count(site.findings.len()),
        publication,
    })
}
