//! Taking in what other programs know of the operations of a service: each draft becomes a record,
//! whose id comes of where it is from, so that what comes twice is one.

use super::write;
use crate::app::App;
use crate::commands::records::{acts_among, check, check_author, edit};
use crate::failure::{Code, Failure};
use commonhold_core::id::from_purpose;
use commonhold_core::json::Fields;
use commonhold_core::projection::State;
use commonhold_core::record::Form;
use commonhold_core::store::{Act, Planned};
use commonhold_core::{BookId, Kind, RecordId};
pub use commonhold_exchange::import::operations::signature::{Signature, verify_signature};
use commonhold_exchange::import::operations::{self, Draft, detect};
pub use commonhold_exchange::import::operations::{About, FORMATS, MAX_BYTES, Refused};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What came of taking in a file of operations.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct OperationsImported {
    /// The format it was read as.
    pub format: String,
    /// Records that are new.
    pub added: u32,
    /// How many of each kind are new.
    pub kinds: BTreeMap<String, u32>,
    /// Records that were there and are known better now.
    pub completed: u32,
    /// Records that were there already.
    pub there: u32,
    /// What was not taken in, with why.
    pub refused: Vec<Refused>,
    /// Sentences about the file as a whole.
    pub notes: Vec<String>,
}

/// What is to be written.
#[derive(Default)]
struct Plan {
    new: Vec<(Kind, RecordId, Fields)>,
    completed: Vec<(Kind, RecordId, Fields)>,
}

/// Takes a file in; with `dry_run` only says what would come of it. Without a format it is told by
/// the content. All that is new is written at once, or nothing of it.
pub fn import(
    app: &mut App,
    book: &BookId,
    format: Option<&str>,
    bytes: &[u8],
    about: &About,
    dry_run: bool,
) -> Result<OperationsImported, Failure> {
    let format = format.or_else(|| detect::detect(bytes)).ok_or_else(|| {
        Failure::new(Code::Invalid, "It is not known what file of operations this is.")
            .hint(format!("Name its format: {}.", FORMATS.join(", ")))
    })?;
    let read = operations::read(format, bytes, about)?;
    let mut done = OperationsImported {
        format: read.format.to_owned(),
        refused: read.refused,
        notes: read.notes,
        ..OperationsImported::default()
    };
    let plan = plan(app, book, read.drafts, &mut done)?;
    if !dry_run {
        carry_out(app, book, plan)?;
    }
    Ok(done)
}

/// The kind and id a draft has.
fn known(book: &BookId, draft: &Draft) -> Option<(Kind, RecordId)> {
    let kind: Kind = draft.kind.parse().ok()?;
    Some((kind, from_purpose(book, &format!("{}/{}", kind.name(), draft.origin))))
}

fn plan(
    app: &mut App,
    book: &BookId,
    drafts: Vec<Draft>,
    done: &mut OperationsImported,
) -> Result<Plan, Failure> {
    let ids: BTreeMap<String, RecordId> = drafts
        .iter()
        .filter_map(|draft| Some((draft.origin.clone(), known(book, draft)?.1)))
        .collect();
    let (mut plan, mut seen) = (Plan::default(), BTreeSet::new());
    let mut lost: BTreeSet<String> = BTreeSet::new();
    for draft in drafts {
        let Some((kind, id)) = known(book, &draft) else {
            refuse(done, &draft, "This version does not know such records.", &mut lost);
            continue;
        };
        if !seen.insert((kind, id)) {
            done.there = done.there.saturating_add(1);
            continue;
        }
        if let Some((field, _)) = draft
            .refers
            .iter()
            .find(|(_, origin)| lost.contains(origin) || !ids.contains_key(origin))
        {
            let why = format!("What its “{field}” names is not in the file, or was not taken in.");
            refuse(done, &draft, &why, &mut lost);
            continue;
        }
        let mut fields = draft.fields.clone();
        for (field, origin) in &draft.refers {
            if let Some(id) = ids.get(origin) {
                fields.insert(field.clone(), Value::String(id.to_string()));
            }
        }
        match app.reader().record(book, kind, &id)? {
            Some(row) if kind.info().form == Form::Living && row.state == State::Ok => {
                fields.retain(|name, value| {
                    !says_nothing(value) && row.fields.get(name).is_none_or(says_nothing)
                });
                let counter = if fields.is_empty() { &mut done.there } else { &mut done.completed };
                *counter = counter.saturating_add(1);
                if !fields.is_empty() {
                    plan.completed.push((kind, id, fields));
                }
            }
            Some(_) => done.there = done.there.saturating_add(1),
            None => match problem(app, book, kind, &fields)? {
                Some(why) => refuse(done, &draft, &why, &mut lost),
                None => {
                    done.added = done.added.saturating_add(1);
                    let of_kind = done.kinds.entry(kind.name().to_owned()).or_default();
                    *of_kind = of_kind.saturating_add(1);
                    plan.new.push((kind, id, fields));
                }
            },
        }
    }
    Ok(plan)
}

/// Whether a value is the same as none: records do not keep such.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

fn refuse(done: &mut OperationsImported, draft: &Draft, why: &str, lost: &mut BTreeSet<String>) {
    lost.insert(draft.origin.clone());
    let place = format!("{} {}", draft.kind, draft.origin);
    done.refused.push(Refused { place, reason: why.to_owned() });
}

/// Why a record cannot be written; a failure where nothing of the file can be.
fn problem(
    app: &mut App,
    book: &BookId,
    kind: Kind,
    fields: &Fields,
) -> Result<Option<String>, Failure> {
    let problems = check(app.reader(), book, kind, fields)?;
    if let Some(first) = problems.first() {
        return Ok(Some(format!("{}: {}", first.field, first.message)));
    }
    let judged = (kind.info().judge)(fields);
    check_author(app, book, kind, &judged)?;
    Ok(None)
}

fn carry_out(app: &mut App, book: &BookId, plan: Plan) -> Result<(), Failure> {
    let mut planned = Planned::default();
    let mut all: Vec<Act> = Vec::new();
    for (kind, id, fields) in plan.new {
        let judged = (kind.info().judge)(&fields);
        all.extend(acts_among(app, book, (kind, id), &judged, fields, &mut planned)?);
    }
    if !all.is_empty() {
        write(app, book, &all)?;
    }
    for (kind, id, fields) in plan.completed {
        edit(app, book, kind, &id, fields, &BTreeMap::new())?;
    }
    Ok(())
}
