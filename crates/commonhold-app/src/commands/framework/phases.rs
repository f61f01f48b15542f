//! Moving between phases: the gate, the decision behind a move, the archive it writes, and the
//! checklist of closing with its proofs.

use super::{Vouch, ending, plain};
use crate::app::App;
use crate::commands::decisions::cited::{Cited, cite, cited};
use crate::commands::decisions::{self, NewDecision, unlinked};
use crate::commands::records;
use crate::failure::{Code, Failure};
use commonhold_core::framework::closing::{self, ClosingItem, PREFIX};
use commonhold_core::framework::conformance::{self, Conformance};
use commonhold_core::framework::facts::Facts;
use commonhold_core::framework::gates::{EXPORTED, Gate};
use commonhold_core::framework::moves;
use commonhold_core::json::Fields;
use commonhold_core::projection::State;
use commonhold_core::records::governance::decision::Decision;
use commonhold_core::records::product::phase::Phase;
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date, Kind, RecordId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

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
    /// The decision that approved it: the id of a decision or proposal on record. Nothing: the vote
    /// that passed for this move, where there is one; the end of a service that closes needs none.
    pub decision: Option<String>,
    /// For closing: the last day of the service; nothing: six months from today, or the shutdown
    /// period where that is longer.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub ends: Option<Date>,
    /// Where the whole record is written to with the move, for closing and closed: a file, or a
    /// folder that is remembered; nothing: the folder remembered.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub archive: Option<PathBuf>,
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

/// Refuses a move that would have no effect, however it is written.
pub(in crate::commands) fn guard(
    reader: &Reader,
    book: &BookId,
    fields: &Fields,
) -> Result<(), Failure> {
    let phase: Phase = serde_json::from_value(Value::Object(fields.clone())).map_err(|error| {
        Failure::new(Code::Invalid, format!("This move cannot be read: {error}."))
    })?;
    match moves::fault(reader, book, &phase)? {
        None => Ok(()),
        Some(why) => {
            Err(Failure::new(Code::Invalid, format!("This move would have no effect: {why}")).hint(
                "See what is missing with: commonhold phase show; commonhold phase checklist",
            ))
        }
    }
}

/// What came of a move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct PhaseEntered {
    /// The move.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// For closing and closed: the archive of the whole record, which holds the move.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub archive: Option<PathBuf>,
    /// Why it could not be written, if so: the move stands, and the archive is asked for until it is
    /// there.
    pub problem: Option<String>,
}

/// Moves the service to another phase, if the gate is open. What the gate said is written down
/// with it; for closing and closed the whole record is exported right after, so that it holds the
/// move.
pub fn phase_enter(
    app: &mut App,
    book: &BookId,
    entered: &PhaseMove,
) -> Result<PhaseEntered, Failure> {
    let now = app.now();
    let today = now.date();
    let person = app.store()?.writer(book, now)?.person;
    let facts = Facts::read(app.reader(), book, today)?;
    let found = conformance::conformance(&facts, None);
    let ended = ending::ends(&entered.to);
    let file = match ended {
        true => ending::file(app.reader(), book, entered.archive.as_deref(), &entered.to, today)?,
        false => None,
    };
    pass(gate_to(&found, &entered.to)?, &|what| file.is_some() && ended && what == EXPORTED)?;
    let ends = announced(&facts, entered, today)?;
    if ended && file.is_none() {
        return Err(Failure::new(
            Code::Invalid,
            "Say where the whole record is to be written when the service ends.",
        ));
    }
    let decision = approved_by(app, book, entered, (&found.phase, today))?;
    let said: Vec<String> = found
        .requirements
        .iter()
        .map(|one| format!("{} = {}", one.id, one.status.name()))
        .collect();
    let fields = plain(json!({
        "from": found.phase, "to": entered.to, "date": today, "decision": decision,
        "statement": entered.statement, "ends": ends, "gate": said, "person": person,
    }));
    let id = records::add(app, book, Kind::Phase, fields)?;
    let Some(path) = file else {
        return Ok(PhaseEntered { id, archive: None, problem: None });
    };
    Ok(match ending::write(app, book, (&id, &entered.to), &path) {
        Ok(()) => PhaseEntered { id, archive: Some(path), problem: None },
        Err(why) => PhaseEntered { id, archive: None, problem: Some(why.message) },
    })
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

/// The decision that approves a move. One that is on record is checked: it was passed, for this
/// phase, and is in effect; a vote that has no decision yet gets one.
fn approved_by(
    app: &mut App,
    book: &BookId,
    entered: &PhaseMove,
    (from, today): (&str, Date),
) -> Result<Option<String>, Failure> {
    let named = entered.decision.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let proposal = match named {
        None => passed_for(app, book, &entered.to)?,
        Some(text) => match cited(app.reader(), book, text)? {
            Cited::Words => return Err(unlinked(text)),
            Cited::Proposal(id) => Some(id),
            Cited::Decision(id) => {
                let row = records::find(app.reader(), book, Kind::Decision, &id)?;
                if row.state != State::Ok {
                    return Err(Failure::new(Code::Invalid, "That decision has no effect."));
                }
                let decision: Decision =
                    serde_json::from_value(Value::Object(row.fields)).unwrap_or_default();
                let Some(proposal) = decision.proposal else {
                    in_effect(decision.effective_from, today)?;
                    return Ok(Some(id.to_string()));
                };
                Some(proposal)
            }
        },
    };
    let Some(proposal) = proposal else {
        // The end carries out the decision to close.
        return if from == "closing" { Ok(None) } else { Err(no_decision(&entered.to)) };
    };
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

fn no_decision(to: &str) -> Failure {
    Failure::new(Code::Invalid, format!("Say which decision moves the service to {to}."))
        .hint("List them with: commonhold record list decision; record one with: commonhold decision record")
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
pub fn closing_prove(app: &mut App, book: &BookId, vouch: &Vouch) -> Result<RecordId, Failure> {
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
    let named = vouch.decision.as_deref();
    let decision = named.map(|text| cite(app.reader(), book, text)).transpose()?;
    let fields = plain(json!({
        "requirement": vouch.requirement, "status": status, "statement": vouch.statement,
        "evidence": vouch.evidence, "decision": decision, "date": today, "person": person,
    }));
    let problems = records::check(app.reader(), book, Kind::Attestation, &fields)?;
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let day = vouch.ended.or(item.ended).unwrap_or(today);
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
