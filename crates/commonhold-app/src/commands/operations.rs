//! Running the service: deploys and their logs, incidents, runbooks, secrets, numbers for monitors.

pub mod adopted;
pub mod deploy;
pub mod drafts;
pub mod git;
pub mod hook;
pub mod incident;
pub mod means;
pub mod metrics;
pub mod pending;
pub mod privacy;
mod program;
pub mod publish;
pub mod report;
pub mod runbook;
pub mod secret;
pub mod serve;
pub mod vault;

use super::records::{acts_among, check, check_author};
use crate::app::App;
use crate::events::Change;
use crate::failure::{Code, Failure};
use commonhold_core::json::Fields;
use commonhold_core::store::{Act, Planned};
use commonhold_core::{BookId, Kind, RecordId};
use serde_json::Value;

/// A record that is to be written.
pub(crate) struct New {
    /// What it is.
    pub kind: Kind,
    /// Its id, where it is known before; else a new one, or the one its purpose gives.
    pub id: Option<RecordId>,
    /// Its fields.
    pub fields: Fields,
}

impl New {
    /// A record whose id is made when it is written.
    pub fn of(kind: Kind, fields: Value) -> Self {
        Self { kind, id: None, fields: object(fields) }
    }
}

/// The fields of an object that say something.
pub(crate) fn object(value: Value) -> Fields {
    let fields = value.as_object().cloned().unwrap_or_default();
    fields.into_iter().filter(|(_, value)| !value.is_null()).collect()
}

/// The person at this device.
pub(crate) fn person(app: &mut App, book: &BookId) -> Result<RecordId, Failure> {
    let now = app.now();
    Ok(app.store()?.writer(book, now)?.person)
}

/// Writes several records, all or none, and returns their ids in the same order.
pub(crate) fn write_all(
    app: &mut App,
    book: &BookId,
    all: Vec<New>,
) -> Result<Vec<RecordId>, Failure> {
    let (ids, edits) = planned(app, book, all)?;
    write(app, book, &edits)?;
    Ok(ids)
}

/// The edits that would write several records, each checked first.
pub(crate) fn planned(
    app: &mut App,
    book: &BookId,
    all: Vec<New>,
) -> Result<(Vec<RecordId>, Vec<Act>), Failure> {
    app.store()?;
    let (mut ids, mut edits) = (Vec::new(), Vec::new());
    let mut planned = Planned::default();
    for New { kind, id, fields } in all {
        let problems = check(app.reader(), book, kind, &fields)?;
        if !problems.is_empty() {
            return Err(Failure::invalid(problems));
        }
        let judged = (kind.info().judge)(&fields);
        check_author(app, book, kind, &judged)?;
        let fresh = app.fresh_id()?;
        let id = id.unwrap_or_else(|| kind.info().id(book, &judged, fresh));
        if app.reader().state(book, kind, &id)?.is_some() {
            let message = format!("“{}” is there already.", judged.title);
            return Err(Failure::new(Code::Exists, message).detail(id));
        }
        edits.extend(acts_among(app, book, (kind, id), &judged, fields, &mut planned)?);
        ids.push(id);
    }
    Ok((ids, edits))
}

/// Writes edits of any kinds and tells that something changed.
pub(crate) fn write(app: &mut App, book: &BookId, edits: &[Act]) -> Result<(), Failure> {
    let change = Change { book: *book, kind: "*".into(), id: None, source: "local".into() };
    app.write(book, edits, change, &mut |_| true)
}
