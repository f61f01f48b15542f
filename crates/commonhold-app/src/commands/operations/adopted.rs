//! Texts of other services taken over: where they are from stays named, and what those services
//! change later can be taken in without losing what was changed here
//! (`operations.knowledge.shared`, `operations.process.public`).

pub mod merge;

use super::{New, object, person, planned, write};
use crate::app::App;
use crate::commands::attachments;
use crate::commands::records::{edit, find};
use crate::failure::{Code, Failure};
use commonhold_core::framework::facts::all;
use commonhold_core::id::Sha256;
use commonhold_core::records::knowledge::commons::Commons;
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Kind, RecordId};
use merge::{Change, Merged, merge};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A process that is taken over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewProcess {
    /// The heading; the first heading of the body when it is empty.
    pub title: String,
    /// The text, Markdown.
    pub body: String,
    /// What it is for.
    pub purpose: Option<String>,
    /// Whether everybody may read it.
    pub public: bool,
    /// The service or organisation it is from, or its address.
    pub from: String,
    /// Its licence (SPDX).
    pub licence: String,
}

/// What to do where both sides changed the same lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Both {
    /// Nothing is written; the places are shown.
    Ask,
    /// What was written here stays.
    Own,
    /// What the other service wrote takes its place.
    Theirs,
}

/// How a text stands to the one it was taken over from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Where it is from.
    pub from: String,
    /// Its licence (SPDX).
    pub licence: Option<String>,
    /// What was changed here since.
    pub own: Vec<Change>,
}

/// What came of taking in a later version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Updated {
    /// What the other service changed, and is taken in.
    pub taken: Vec<Change>,
    /// What was changed here, and stays.
    pub own: Vec<Change>,
    /// Where both changed the same lines.
    pub both: Vec<Change>,
    /// Whether it was written.
    pub written: bool,
}

/// A text that was taken over, as far as this needs it.
struct Adopted {
    title: String,
    body: String,
    from: String,
    licence: Option<String>,
    sha256: String,
}

fn adopted(reader: &Reader, book: &BookId, kind: Kind, id: &RecordId) -> Result<Adopted, Failure> {
    let row = find(reader, book, kind, id)?;
    let text = |name: &str| row.fields.get(name).and_then(Value::as_str).map(str::to_owned);
    let (Some(from), Some(sha256)) = (text("adopted_from"), text("adopted_sha256")) else {
        let message = format!("This {kind} was not taken over from others.");
        return Err(Failure::new(Code::Invalid, message));
    };
    let (title, body) = (text("title").unwrap_or_default(), text("body").unwrap_or_default());
    Ok(Adopted { title, body, from, licence: text("licence"), sha256 })
}

/// The text as it was taken over.
fn base(reader: &Reader, book: &BookId, sha256: &str, body: &str) -> Result<String, Failure> {
    if Sha256::of(body.as_bytes()).to_string() == sha256 {
        return Ok(body.to_owned());
    }
    let missing = || {
        Failure::new(
            Code::NotFound,
            "The text as it was taken over is not in the book, so what was changed here cannot be \
             told apart.",
        )
        .hint("Take the new text over as one of its own, and copy your changes.")
    };
    let name: Sha256 = sha256.parse().map_err(|_| missing())?;
    let kept = all::<Commons>(reader, book, Kind::Commons)?.into_iter();
    let mut kept = kept.filter(|(_, one)| one.sha256 == sha256);
    if kept.next().is_none() {
        return Err(missing());
    }
    let (_, bytes) = attachments::get(reader, book, &name)?;
    String::from_utf8(bytes).map_err(|_| missing())
}

/// Keeps a text as it was taken over: as a file, and in a record that names source and licence.
/// Nothing where it is kept already.
pub(super) fn keep(
    app: &mut App,
    book: &BookId,
    kind: Kind,
    title: &str,
    (from, licence): (&str, Option<&str>),
    body: &str,
) -> Result<Option<New>, Failure> {
    let sha256 = Sha256::of(body.as_bytes()).to_string();
    let kept = all::<Commons>(app.reader(), book, Kind::Commons)?;
    if kept.iter().any(|(_, one)| one.sha256 == sha256) {
        return Ok(None);
    }
    attachments::add_bytes(app, book, "The text", body.as_bytes(), false)?;
    let today = app.today();
    let fields = json!({"title": title, "type": kind.name(), "source": from, "date": today,
        "sha256": sha256, "licence": licence, "file": sha256});
    Ok(Some(New::of(Kind::Commons, fields)))
}

/// Takes over a process of others.
pub fn process(app: &mut App, book: &BookId, new: &NewProcess) -> Result<RecordId, Failure> {
    let me = person(app, book)?;
    let heading = new.body.lines().find_map(|line| line.strip_prefix("# "));
    let title = match new.title.trim() {
        "" => heading.unwrap_or_default().trim(),
        title => title,
    };
    let fields = json!({"title": title, "body": new.body, "purpose": new.purpose,
        "public": new.public, "owner": me, "adopted_from": new.from, "licence": new.licence,
        "adopted_sha256": Sha256::of(new.body.as_bytes()).to_string()});
    let source = (new.from.as_str(), Some(new.licence.as_str()));
    let mut all = vec![New::of(Kind::Process, fields)];
    all.extend(keep(app, book, Kind::Process, title, source, &new.body)?);
    let (ids, acts) = planned(app, book, all)?;
    write(app, book, &acts)?;
    Ok(ids.first().copied().unwrap_or_default())
}

/// What was changed here of a text since it was taken over, last updated.
pub fn standing(
    reader: &Reader,
    book: &BookId,
    kind: Kind,
    id: &RecordId,
) -> Result<Standing, Failure> {
    let found = adopted(reader, book, kind, id)?;
    let base = base(reader, book, &found.sha256, &found.body)?;
    let Merged { own, .. } = merge(&base, &found.body, &base, Both::Ask);
    Ok(Standing { from: found.from, licence: found.licence, own })
}

/// Takes in a later version of a text: what changed there is taken over, what was changed here
/// stays. Where both changed the same lines it is said, and nothing is written unless it is told
/// which to keep. The text is to be looked at again then. Only shown with `dry_run`.
pub fn update(
    app: &mut App,
    book: &BookId,
    (kind, id): (Kind, &RecordId),
    theirs: &str,
    both: Both,
    dry_run: bool,
) -> Result<Updated, Failure> {
    let found = adopted(app.reader(), book, kind, id)?;
    let base = base(app.reader(), book, &found.sha256, &found.body)?;
    let merged = merge(&base, &found.body, theirs, both);
    let waits = both == Both::Ask && !merged.both.is_empty();
    let written = !dry_run && !waits && theirs != base;
    if written {
        let source = (found.from.as_str(), found.licence.as_deref());
        if let Some(new) = keep(app, book, kind, &found.title, source, theirs)? {
            let (_, acts) = planned(app, book, vec![new])?;
            write(app, book, &acts)?;
        }
        let mut fields = object(json!({"body": merged.text,
            "adopted_sha256": Sha256::of(theirs.as_bytes()).to_string()}));
        if merged.text != found.body {
            // What others changed was not checked here yet.
            fields.insert("reviewed".into(), Value::Null);
        }
        let before = BTreeMap::from([("body".to_owned(), found.body)]);
        edit(app, book, kind, id, fields, &before)?;
    }
    let Merged { taken, own, both, .. } = merged;
    Ok(Updated { taken, own, both, written })
}
