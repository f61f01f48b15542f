//! Moving between phases: the gate, the decision behind a move, the archive it writes, and the
//! checklist of closing with its proofs.

use super::{Vouch, plain};
use crate::app::App;
use crate::commands::decisions::{self, NewDecision};
use crate::commands::{archive, records};
use crate::events::unheard;
use crate::failure::{Code, Failure};
use commonhold_core::framework::closing::{self, ClosingItem, PREFIX};
use commonhold_core::framework::conformance::{self, Conformance};
use commonhold_core::framework::facts::Facts;
use commonhold_core::framework::gates::Gate;
use commonhold_core::json::Fields;
use commonhold_core::projection::State;
use commonhold_core::records::governance::decision::Decision;
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date, Kind, RecordId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Months of notice the framework advises before a service ends; never fewer days than the plan's
/// shutdown period.
const NOTICE_MONTHS: i32 = 6;

/// A move to another phase.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct PhaseMove {
    /// The phase it leads to.
    pub to: String,
    /// What the public is told.
    pub statement: String,
    /// The decision that approved it: the id of a decision or proposal on record, or words. Nothing:
    /// the vote that passed for this move, where there is one.
    pub decision: Option<String>,
    /// For closing: the last day of the service; nothing: six months from today, or the shutdown
    /// period where that is longer.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub ends: Option<Date>,
    /// Where the whole record is written to, for closing and closed: a file, or a folder that is
    /// remembered; nothing: the folder remembered.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub archive: Option<PathBuf>,
}

/// Whether a move brings what a gate asks for itself: its export of the whole record.
fn comes_along(to: &str, what: &str) -> bool {
    matches!(to, "closing" | "closed") && what.starts_with("The whole record")
}

/// The gate of a phase, where a service can go there from where it is.
fn gate_to<'a>(found: &'a Conformance, to: &str) -> Result<&'a Gate, Failure> {
    found.gates.iter().find(|gate| gate.to == to).ok_or_else(|| {
        let ways: Vec<&str> = found.gates.iter().map(|gate| gate.to.as_str()).collect();
        let ways = if ways.is_empty() { "nowhere".into() } else { ways.join(" or ") };
        Failure::new(Code::Invalid, format!("From {} a service goes to {ways}.", found.phase))
    })
}

/// Refuses where a gate lacks something besides what `brings` says the move itself brings.
fn pass(gate: &Gate, brings: &dyn Fn(&str) -> bool) -> Result<(), Failure> {
    let lacking: Vec<&str> = gate
        .items
        .iter()
        .filter(|item| !item.holds && !brings(&item.what))
        .map(|item| item.what.as_str())
        .collect();
    if lacking.is_empty() {
        return Ok(());
    }
    let message = format!("The gate to {} is not open. Missing: {}.", gate.to, lacking.join("; "));
    Err(Failure::new(Code::Invalid, message)
        .hint("See what to do next with: commonhold check; commonhold phase checklist"))
}

/// Refuses a move to closed that is written by hand while the gate is not open: no way of writing
/// goes around it.
pub(in crate::commands) fn guard(
    reader: &Reader,
    book: &BookId,
    fields: &Fields,
    today: Date,
) -> Result<(), Failure> {
    let to = fields.get("to").and_then(Value::as_str).unwrap_or_default();
    if to != "closed" {
        return Ok(());
    }
    let found = conformance::conformance(&Facts::read(reader, book, today)?, None);
    pass(gate_to(&found, to)?, &|_| false)
}

/// Moves the service to another phase, if the gate is open. What the gate said is written down
/// with it; for closing and closed the whole record is exported first.
pub fn phase_enter(app: &mut App, book: &BookId, entered: &PhaseMove) -> Result<RecordId, Failure> {
    let now = app.now();
    let today = now.date();
    let person = app.store()?.writer(book, now)?.person;
    let facts = Facts::read(app.reader(), book, today)?;
    let found = conformance::conformance(&facts, None);
    let file = match entered.to.as_str() {
        "closing" | "closed" => archive_file(app, book, entered, today)?,
        _ => None,
    };
    pass(gate_to(&found, &entered.to)?, &|what| file.is_some() && comes_along(&entered.to, what))?;
    let ends = announced(&facts, entered, today)?;
    let ended = matches!(entered.to.as_str(), "closing" | "closed");
    if ended && file.is_none() {
        return Err(Failure::new(
            Code::Invalid,
            "Say where the whole record is to be written before the service ends.",
        ));
    }
    let decision = approved_by(app, book, entered, today)?;
    if let Some(path) = &file {
        let written = archive::export(app.reader(), book, path, now, &mut unheard)?;
        let drill = plain(json!({
            "date": today, "type": "archive", "result": "worked", "sha256": written.sha256,
            "note": format!("written before {}", entered.to), "person": person,
        }));
        records::add(app, book, Kind::Drill, drill)?;
        remember_folder(app, book, path)?;
    }
    let said: Vec<String> = found
        .requirements
        .iter()
        .map(|one| format!("{} = {}", one.id, one.status.name()))
        .collect();
    let fields = plain(json!({
        "from": found.phase, "to": entered.to, "date": today, "decision": decision,
        "statement": entered.statement, "ends": ends, "gate": said, "person": person,
    }));
    records::add(app, book, Kind::Phase, fields)
}

/// For closing: the last day, announced at least the shutdown period before.
fn announced(facts: &Facts, entered: &PhaseMove, today: Date) -> Result<Option<Date>, Failure> {
    if entered.to != "closing" {
        return Ok(entered.ends);
    }
    let days = facts.plan.as_ref().and_then(|(_, plan)| plan.shutdown_days).unwrap_or(0);
    let earliest = today.days_later(u16::try_from(days).unwrap_or(u16::MAX));
    match entered.ends {
        Some(ends) if ends >= earliest => Ok(Some(ends)),
        Some(_) => Err(Failure::new(
            Code::Invalid,
            format!(
                "The shutdown period is {days} days: the last day cannot be before {earliest}."
            ),
        )),
        None => Ok(Some(today.plus_months(NOTICE_MONTHS).unwrap_or(earliest).max(earliest))),
    }
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
fn archive_file(
    app: &App,
    book: &BookId,
    entered: &PhaseMove,
    today: Date,
) -> Result<Option<PathBuf>, Failure> {
    let folder = match &entered.archive {
        Some(path) if path.is_dir() => Some(path.clone()),
        Some(path) => return Ok(Some(path.clone())),
        None => archive_folder(app.reader(), book)?,
    };
    let beginning: String = book.to_string().chars().take(12).collect();
    let name = format!("commonhold-{beginning}-{}-{today}.zip", entered.to);
    Ok(folder.map(|folder| folder.join(name)))
}

/// The decision that approves a move. One that is on record is checked: it was passed, for this
/// phase, and is in effect; a vote that has no decision yet gets one.
fn approved_by(
    app: &mut App,
    book: &BookId,
    entered: &PhaseMove,
    today: Date,
) -> Result<Option<String>, Failure> {
    let named = entered.decision.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let proposal = match named {
        None => passed_for(app, book, &entered.to)?,
        Some(text) => match text.parse::<RecordId>() {
            Err(_) => return Ok(Some(text.to_owned())),
            Ok(id) => match app.reader().record(book, Kind::Decision, &id)? {
                None => Some(id),
                Some(row) if row.state != State::Ok => {
                    return Err(Failure::new(Code::Invalid, "That decision has no effect."));
                }
                Some(row) => {
                    let decision: Decision =
                        serde_json::from_value(Value::Object(row.fields)).unwrap_or_default();
                    let Some(proposal) = decision.proposal else {
                        in_effect(decision.effective_from, today)?;
                        return Ok(Some(text.to_owned()));
                    };
                    Some(proposal)
                }
            },
        },
    };
    let Some(proposal) = proposal else { return Ok(None) };
    let view = decisions::proposal_view(app, book, &proposal)?;
    if view.phase.as_deref().is_some_and(|phase| phase != entered.to) {
        let phase = view.phase.unwrap_or_default();
        let message = format!("That vote was about the phase {phase}, not {}.", entered.to);
        return Err(Failure::new(Code::Invalid, message));
    }
    if !view.row.passed() {
        let message = format!("“{}” has not passed.", view.row.title);
        return Err(Failure::new(Code::Invalid, message)
            .hint("A service moves when the vote is counted and passed."));
    }
    in_effect(view.outcome.effective_from, today)?;
    if let Some(there) = view.decisions.first() {
        return Ok(Some(there.id.to_string()));
    }
    let new = NewDecision { proposal: Some(proposal), ..NewDecision::default() };
    Ok(Some(decisions::decision_record(app, book, &new)?.to_string()))
}

fn in_effect(from: Option<Date>, today: Date) -> Result<(), Failure> {
    match from.filter(|from| *from > today) {
        Some(from) => Err(Failure::new(
            Code::Invalid,
            format!("The decision takes effect on {from}, not before."),
        )),
        None => Ok(()),
    }
}

/// The vote that passed for a move, where exactly one did.
fn passed_for(app: &mut App, book: &BookId, to: &str) -> Result<Option<RecordId>, Failure> {
    let about = app.reader().with(book, Kind::Proposal, "phase", to)?;
    let mut passed: Vec<RecordId> = decisions::proposal_list(app, book)?
        .into_iter()
        .filter(|row| row.passed() && about.iter().any(|one| one.id == row.id))
        .map(|row| row.id)
        .collect();
    passed.sort_unstable();
    Ok(match passed.as_slice() {
        [one] => Some(*one),
        _ => None,
    })
}

/// What must be ended before the service is closed, with its proofs; before closing, what there
/// would be to do.
pub fn closing_checklist(
    reader: &Reader,
    book: &BookId,
    today: Date,
) -> Result<Vec<ClosingItem>, Failure> {
    Ok(closing::checklist(&Facts::read(reader, book, today)?))
}

/// Proves an item of the checklist: writes down the last day of a bill or a way to give where it has
/// none or another, and the attestation with its evidence.
pub fn closing_prove(
    app: &mut App,
    book: &BookId,
    vouch: &Vouch,
    ended: Option<Date>,
) -> Result<RecordId, Failure> {
    let now = app.now();
    let today = now.date();
    let person = app.store()?.writer(book, now)?.person;
    let facts = Facts::read(app.reader(), book, today)?;
    let items = closing::checklist(&facts);
    let Some(item) = items.iter().find(|item| item.id == vouch.requirement) else {
        let message = format!("“{}” is no item of the closing checklist.", vouch.requirement);
        return Err(Failure::new(Code::NotFound, message)
            .hint("List them with: commonhold phase checklist"));
    };
    let said = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    if !vouch.not_applicable && !said(&vouch.evidence) {
        return Err(Failure::new(
            Code::Invalid,
            "Say where the proof is: an address, the SHA-256 of the confirmation, a record.",
        ));
    }
    let status = if vouch.not_applicable { "not-applicable" } else { "attested" };
    let fields = plain(json!({
        "requirement": vouch.requirement, "status": status, "statement": vouch.statement,
        "evidence": vouch.evidence, "decision": vouch.decision, "date": today, "person": person,
    }));
    let problems = records::check(app.reader(), book, Kind::Attestation, &fields)?;
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let day = ended.or(item.ended).unwrap_or(today);
    if item.ends && item.ended != Some(day) {
        let field = if item.about.kind == Kind::Channel { "closed" } else { "until" };
        let change = plain(json!({ field: day }));
        records::edit(app, book, item.about.kind, &item.about.id, change, &BTreeMap::new())?;
    }
    records::add(app, book, Kind::Attestation, fields)
}

/// Whether an id is one of the closing checklist.
pub(super) fn is_item(id: &str) -> bool {
    id.starts_with(PREFIX)
}
