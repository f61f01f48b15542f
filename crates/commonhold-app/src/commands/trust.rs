//! Who wrote what, what was not taken in and why, and what is destroyed.

use super::people;
use crate::app::App;
use crate::events::Change;
use crate::failure::{Code, Failure};
use commonhold_core::authority::Statement;
use commonhold_core::id::{BookId, Hash, hex};
use commonhold_core::keyring;
use commonhold_core::projection::{Row, State};
use commonhold_core::store::{self, Reader, RefusedObject, RefusedState};
use commonhold_core::{Kind, RecordId};
use serde::Serialize;

/// One step in a record's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct HistoryStep {
    /// When its device says it was written (RFC 3339).
    pub time: String,
    /// The device, short.
    pub device: String,
    /// What its owner calls the device.
    pub label: String,
    /// The name of who wrote it.
    pub person: Option<String>,
    /// Whether it was this device.
    pub own: bool,
    /// Whether it counts.
    #[cfg_attr(test, ts(type = "\"verified\" | \"flagged\" | \"held\" | \"unknown\""))]
    pub standing: &'static str,
    /// Hash of the signed object.
    pub object: String,
    /// What else is to be said.
    pub note: Option<String>,
}

/// An object that was not taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RejectedObject {
    /// Its hash.
    pub object: String,
    /// The device, short.
    pub device: String,
    /// The name of who wrote it.
    pub person: Option<String>,
    /// What it was written to.
    pub document: String,
    /// Why.
    pub reason: String,
}

/// A record that is here and has no effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RejectedRecord {
    /// Its kind.
    #[cfg_attr(test, ts(type = "import(\"./Kind\").Kind"))]
    pub kind: Kind,
    /// Its id.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// What became of it.
    #[cfg_attr(test, ts(type = "import(\"./RecordState\").RecordState"))]
    pub state: State,
    /// Why.
    pub reason: String,
    /// The name of who wrote it.
    pub person: Option<String>,
}

/// What is here and has no effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RejectedList {
    /// Objects that were not taken in.
    pub objects: Vec<RejectedObject>,
    /// Records that break a rule.
    pub records: Vec<RejectedRecord>,
}

/// An object that is held back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct HeldObject {
    /// Its hash.
    pub object: String,
    /// When its device says it was written (RFC 3339).
    pub time: String,
    /// The name of who wrote it.
    pub person: Option<String>,
    /// The device, short.
    pub device: String,
    /// What it was written to.
    pub document: String,
    /// Why it is held back.
    pub reason: String,
    /// The records it writes to.
    pub records: Vec<String>,
    /// Whether the person at this device may let it in.
    pub can_release: bool,
}

/// Who wrote to a record, newest first.
pub fn history(
    reader: &Reader,
    book: &BookId,
    kind: Kind,
    id: &RecordId,
) -> Result<Vec<HistoryStep>, Failure> {
    let row = super::records::find(reader, book, kind, id)?;
    history_of(reader, book, &row, kind)
}

pub(crate) fn history_of(
    reader: &Reader,
    book: &BookId,
    row: &Row,
    kind: Kind,
) -> Result<Vec<HistoryStep>, Failure> {
    let authority = reader.authority(book)?;
    let mut steps = Vec::new();
    for step in reader.history(book, row, kind)? {
        let admitted = authority.state().admitted(&step.device);
        let person = step.person.or(admitted.map(|admitted| admitted.person));
        let name = person.map(|person| people::name_of(reader, book, person)).transpose()?;
        let (standing, note) = match step.standing {
            store::Standing::Verified => ("verified", None),
            store::Standing::Flagged => {
                ("flagged", Some("Written while its author was being removed."))
            }
            store::Standing::Vouched => {
                ("held", Some("Written after its author was removed; somebody let it in."))
            }
            store::Standing::Unknown => ("unknown", Some("Nothing is known of its author.")),
        };
        steps.push(HistoryStep {
            time: step.time.to_string(),
            device: step.device.short(),
            label: admitted.map(|admitted| admitted.label.clone()).unwrap_or_default(),
            person: name,
            own: step.own,
            standing,
            object: hex(&step.object.0),
            note: note.map(str::to_owned),
        });
    }
    Ok(steps)
}

fn author(
    reader: &Reader,
    book: &BookId,
    object: &RefusedObject,
) -> Result<Option<String>, Failure> {
    let authority = reader.authority(book)?;
    let admitted = authority.state().admitted(&object.device);
    admitted.map(|admitted| people::name_of(reader, book, admitted.person)).transpose()
}

/// Objects that were not taken in and are not held back.
pub(crate) fn rejected_objects(
    reader: &Reader,
    book: &BookId,
) -> Result<Vec<RejectedObject>, Failure> {
    let mut rejected = Vec::new();
    let all = reader.refused(book)?.into_iter();
    // What this device was not given the key of is not wrong.
    let wrong =
        all.filter(|object| !matches!(object.state, RefusedState::Held | RefusedState::Locked));
    for object in wrong {
        rejected.push(RejectedObject {
            object: hex(&object.hash.0),
            device: object.device.short(),
            person: author(reader, book, &object)?,
            document: object.document.clone(),
            reason: object.reason.clone(),
        });
    }
    Ok(rejected)
}

/// What is here and has no effect, with the reasons.
pub fn rejected(reader: &Reader, book: &BookId) -> Result<RejectedList, Failure> {
    let objects = rejected_objects(reader, book)?;
    let mut records = Vec::new();
    for kind in Kind::ALL {
        let mut rows = Vec::new();
        reader.each(book, *kind, &mut |row| {
            if matches!(row.state, State::Rejected | State::Flagged) {
                rows.push(row);
            }
            rows.len() < 1000
        })?;
        for row in rows {
            let wrote = history_of(reader, book, &row, *kind)?.pop();
            let judged = (kind.info().judge)(&row.fields);
            let title = Some(judged.title).filter(|title| !title.is_empty());
            let reasons: Vec<&str> = row.problems.iter().map(|p| p.message.as_str()).collect();
            records.push(RejectedRecord {
                kind: *kind,
                id: row.id,
                title: title.unwrap_or_else(|| row.id.to_string()),
                state: row.state,
                reason: reasons.join(" "),
                person: wrote.and_then(|step| step.person),
            });
        }
    }
    Ok(RejectedList { objects, records })
}

/// What is held back since its device was removed.
pub fn held(app: &mut App, book: &BookId) -> Result<Vec<HeldObject>, Failure> {
    let can_release = people::decides(app, book)?;
    let reader = app.reader();
    let mut held = Vec::new();
    let all = reader.refused(book)?.into_iter();
    for object in all.filter(|object| object.state == RefusedState::Held) {
        let mut records = Vec::new();
        for key in reader.records_of(book, &object.hash)? {
            let kind = key.kind.parse::<Kind>().ok();
            let row = kind.map(|kind| reader.record(book, kind, &key.id)).transpose()?.flatten();
            let title = row.zip(kind).map(|(row, kind)| (kind.info().judge)(&row.fields).title);
            let title = title.filter(|title| !title.is_empty());
            records.push(title.unwrap_or_else(|| format!("{} {}", key.kind, key.id)));
        }
        if records.is_empty() {
            records.extend(title_of_document(reader, book, &object.document)?);
        }
        held.push(HeldObject {
            object: hex(&object.hash.0),
            time: object.time.to_string(),
            person: author(reader, book, &object)?,
            device: object.device.short(),
            document: object.document,
            reason: object.reason,
            records,
            can_release,
        });
    }
    Ok(held)
}

/// What the record is called that has a document to itself.
fn title_of_document(
    reader: &Reader,
    book: &BookId,
    document: &str,
) -> Result<Option<String>, Failure> {
    let Some((kind, id)) = document.split_once('/') else { return Ok(None) };
    let (Ok(kind), Ok(id)) = (kind.parse::<Kind>(), id.parse::<RecordId>()) else {
        return Ok(None);
    };
    let row = reader.record(book, kind, &id)?;
    Ok(row.map(|row| (kind.info().judge)(&row.fields).title))
}

/// Lets in what is held back; this person answers for it.
pub fn release(app: &mut App, book: &BookId, object: &str, reason: &str) -> Result<(), Failure> {
    let object: Hash = object
        .parse()
        .map_err(|_| Failure::new(Code::Invalid, format!("“{object}” is not an object's hash.")))?;
    let there = app.reader().refused(book)?;
    if !there.iter().any(|held| held.hash == object && held.state == RefusedState::Held) {
        return Err(Failure::new(Code::NotFound, "Nothing with this hash is held back."));
    }
    people::require_decider(app, book)?;
    let statement = Statement::Release { object, reason: reason.trim().to_owned() };
    people::say(app, book, vec![statement])
}

/// Destroys the private document of a record together with its key, on this device now and on
/// the others when they hear of it.
pub fn erase(
    app: &mut App,
    book: &BookId,
    kind: Kind,
    id: &RecordId,
    reason: &str,
) -> Result<(), Failure> {
    let row = super::records::find(app.reader(), book, kind, id)?;
    if !row.document.starts_with(keyring::PRIVATE) {
        return Err(Failure::new(Code::Invalid, format!("A {kind} is not private and is kept."))
            .hint("Withdraw it with a reason instead."));
    }
    let now = app.now();
    let writer = app.store()?.writer(book, now)?;
    let roles = keyring::readers(&row.document).unwrap_or_default();
    if !writer.may(roles, false) {
        return Err(store::Error::NotAllowed { kind, roles }.into());
    }
    let statement = Statement::Erase { document: row.document, reason: reason.trim().to_owned() };
    people::say(app, book, vec![statement])?;
    let id = Some(id.to_string());
    app.tell(Change { book: *book, kind: kind.name().into(), id, source: "local".into() });
    Ok(())
}
