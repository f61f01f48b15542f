//! The framework: how the service keeps it, vouching, moving between phases and versions.

use super::archive;
use super::records;
use crate::app::App;
use crate::events::unheard;
use crate::failure::{Code, Failure};
use commonhold_core::framework::conformance::{self, Conformance};
use commonhold_core::framework::facts::{Facts, all};
use commonhold_core::framework::scenarios::{self, ScenarioView};
use commonhold_core::framework::{self, FRAMEWORKS};
use commonhold_core::json::Fields;
use commonhold_core::projection::State;
use commonhold_core::records::product::scenario::Scenario;
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date, Kind, RecordId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How the service keeps the version in force, or another one that is named.
pub fn conformance(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    version: Option<&str>,
    today: Date,
) -> Result<Conformance, Failure> {
    if let Some(unknown) = version.filter(|version| framework::of(version).is_none()) {
        let known: Vec<&str> = FRAMEWORKS.iter().map(|one| one.version).collect();
        return Err(Failure::new(
            Code::Invalid,
            format!(
                "There is no version “{unknown}” of the framework; there are: {}.",
                known.join(", ")
            ),
        ));
    }
    let facts = Facts::read(reader, book, at.unwrap_or(today))?;
    Ok(conformance::conformance(&facts, version))
}

/// How many requirements held at the end of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ConformanceMonth {
    /// The last day of the month; of the present one, today.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// How many held.
    pub holds: u32,
    /// How many there are.
    pub of: u32,
    /// Those that did not, by id.
    pub unmet: Vec<String>,
}

/// Most months of history.
const MONTHS: u16 = 60;

/// How the service kept the version now in force at the end of each of the last months, oldest
/// first, as far as its records of today tell: what was written down later with an earlier day
/// counts for the earlier day.
pub fn history(
    reader: &Reader,
    book: &BookId,
    months: u16,
    today: Date,
) -> Result<Vec<ConformanceMonth>, Failure> {
    let _one_moment = reader.view()?;
    let mut found = Vec::new();
    for back in (0..months.clamp(1, MONTHS)).rev() {
        let at = today.month().back(back).last_day().min(today);
        let facts = Facts::read(reader, book, at)?;
        let now = conformance::conformance(&facts, None);
        let unmet = now.requirements.iter().filter(|one| !one.status.holds());
        let unmet: Vec<String> = unmet.map(|one| one.id.clone()).collect();
        let of = super::count(now.requirements.len());
        found.push(ConformanceMonth {
            at,
            holds: of.saturating_sub(super::count(unmet.len())),
            of,
            unmet,
        });
    }
    Ok(found)
}

/// What somebody vouches for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Vouch {
    /// The requirement.
    pub requirement: String,
    /// Whether it is said not to apply; that needs a decision.
    pub not_applicable: bool,
    /// Why.
    pub statement: String,
    /// Where somebody can look.
    pub evidence: Option<String>,
    /// The decision that says so.
    pub decision: Option<String>,
    /// The day it must be said again.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub until: Option<Date>,
}

/// Vouches for a requirement, in the name of the person at this device.
pub fn attest(app: &mut App, book: &BookId, vouch: &Vouch) -> Result<RecordId, Failure> {
    let known = FRAMEWORKS.iter().flat_map(|one| one.all());
    let Some(requirement) = known.into_iter().find(|one| one.id == vouch.requirement) else {
        let message = format!("“{}” is no requirement of the framework.", vouch.requirement);
        return Err(Failure::new(Code::NotFound, message).hint("See: commonhold check"));
    };
    let by_decision = vouch.decision.as_deref().is_some_and(|text| !text.trim().is_empty());
    if !vouch.not_applicable && !requirement.attestable && !by_decision {
        return Err(Failure::new(
            Code::Invalid,
            "This is proved by records, not by somebody's word.",
        )
        .hint(requirement.next));
    }
    let now = app.now();
    let person = app.store()?.writer(book, now)?.person;
    let status = if vouch.not_applicable { "not-applicable" } else { "attested" };
    let fields = plain(json!({
        "requirement": vouch.requirement, "status": status, "statement": vouch.statement,
        "evidence": vouch.evidence, "decision": vouch.decision, "date": now.date(),
        "until": vouch.until, "person": person,
    }));
    records::add(app, book, Kind::Attestation, fields)
}

fn plain(value: Value) -> Fields {
    let fields = value.as_object().cloned().unwrap_or_default();
    fields.into_iter().filter(|(_, value)| !value.is_null()).collect()
}

/// A move to another phase.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct PhaseMove {
    /// The phase it leads to.
    pub to: String,
    /// What the public is told.
    pub statement: String,
    /// The decision that approved it.
    pub decision: Option<String>,
    /// For closing: the last day of the service.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub ends: Option<Date>,
    /// Where the whole record is written to; needed for closing and closed.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub archive: Option<PathBuf>,
}

/// Moves the service to another phase, if the gate is open. What the gate said is written down
/// with it; for closing and closed the whole record is exported first.
pub fn phase_enter(app: &mut App, book: &BookId, entered: &PhaseMove) -> Result<RecordId, Failure> {
    let now = app.now();
    let today = now.date();
    let person = app.store()?.writer(book, now)?.person;
    let facts = Facts::read(app.reader(), book, today)?;
    let found = conformance::conformance(&facts, None);
    let Some(gate) = found.gates.iter().find(|gate| gate.to == entered.to) else {
        let ways: Vec<&str> = found.gates.iter().map(|gate| gate.to.as_str()).collect();
        let ways = if ways.is_empty() { "nowhere".into() } else { ways.join(" or ") };
        return Err(Failure::new(
            Code::Invalid,
            format!("From {} a service goes to {ways}.", found.phase),
        ));
    };
    let ends = matches!(entered.to.as_str(), "closing" | "closed");
    let exports =
        |what: &str| ends && entered.archive.is_some() && what.starts_with("The whole record");
    let lacking: Vec<&str> = gate
        .items
        .iter()
        .filter(|item| !item.holds && !exports(&item.what))
        .map(|item| item.what.as_str())
        .collect();
    if !lacking.is_empty() {
        return Err(Failure::new(
            Code::Invalid,
            format!("The gate to {} is not open. Missing: {}.", entered.to, lacking.join("; ")),
        )
        .hint("See what to do next with: commonhold check"));
    }
    announced(&facts, entered, today)?;
    if ends {
        let Some(path) = &entered.archive else {
            return Err(Failure::new(
                Code::Invalid,
                "Say where the whole record is to be written before the service ends.",
            ));
        };
        let written = archive::export(app.reader(), book, path, now, &mut unheard)?;
        let drill = plain(json!({
            "date": today, "type": "archive", "result": "worked", "sha256": written.sha256,
            "note": format!("written before {}", entered.to), "person": person,
        }));
        records::add(app, book, Kind::Drill, drill)?;
    }
    let said: Vec<String> = found
        .requirements
        .iter()
        .map(|one| format!("{} = {}", one.id, one.status.name()))
        .collect();
    let fields = plain(json!({
        "from": found.phase, "to": entered.to, "date": today, "decision": entered.decision,
        "statement": entered.statement, "ends": entered.ends, "gate": said, "person": person,
    }));
    records::add(app, book, Kind::Phase, fields)
}

/// For closing: the last day is announced at least the shutdown period before.
fn announced(facts: &Facts, entered: &PhaseMove, today: Date) -> Result<(), Failure> {
    if entered.to != "closing" {
        return Ok(());
    }
    let days = facts.plan.as_ref().and_then(|(_, plan)| plan.shutdown_days).unwrap_or(0);
    let earliest = today.days_later(u16::try_from(days).unwrap_or(u16::MAX));
    match entered.ends {
        Some(ends) if ends >= earliest => Ok(()),
        Some(_) => Err(Failure::new(
            Code::Invalid,
            format!(
                "The shutdown period is {days} days: the last day cannot be before {earliest}."
            ),
        )),
        None => Err(Failure::new(Code::Invalid, "Say the last day of the service.")),
    }
}

/// Takes a later version of the framework into force: the same on every device, and nothing of
/// before is touched.
pub fn migrate(app: &mut App, book: &BookId, to: &str, decision: &str) -> Result<(), Failure> {
    if framework::of(to).is_none() {
        return Err(Failure::new(
            Code::Invalid,
            format!("There is no version “{to}” of the framework."),
        ));
    }
    if decision.trim().is_empty() {
        return Err(Failure::new(
            Code::Invalid,
            "The version changes only by a decision: say which (governance.migration).",
        ));
    }
    let today = app.now().date();
    let facts = Facts::read(app.reader(), book, today)?;
    let now = conformance::in_force(&facts).version;
    let place = |version: &str| FRAMEWORKS.iter().position(|one| one.version == version);
    if facts.service.framework.is_some() && place(to) <= place(now) {
        return Err(Failure::new(
            Code::Invalid,
            format!("Version {now} is in force; only a later one can follow it."),
        ));
    }
    let fields = plain(json!({"framework": to, "framework_decision": decision}));
    records::edit(app, book, Kind::Service, &facts.service_id, fields, &BTreeMap::new())
}

/// How every scenario stands on a day.
pub fn scenario_list(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<Vec<ScenarioView>, Failure> {
    let at = at.unwrap_or(today);
    let known = all::<Scenario>(reader, book, Kind::Scenario)?;
    let authority = reader.authority(book)?;
    let people = |metric: &str, day: Date| {
        let state = authority.state();
        let with = |name: &str| {
            let holds =
                |person: &RecordId| state.roles(*person, day).iter().any(|r| r.name() == name);
            state.people().into_iter().filter(|p| state.is_active(*p) && holds(p)).count()
        };
        let number = match metric {
            "members" => with("member"),
            "contributors" => with("contributor"),
            _ => reader.given(book, day.month().back(11).first_day(), day).ok()?.len(),
        };
        i64::try_from(number).ok()
    };
    Ok(scenarios::scenarios(reader, book, &known, at, &people)?)
}

/// Writes down the scenarios that fire and are not written down yet. Returns how many those were.
pub fn scenario_watch(app: &mut App, book: &BookId) -> Result<u32, Failure> {
    app.store()?;
    let today = app.now().date();
    let mut written = 0_u32;
    for view in scenario_list(app.reader(), book, None, today)?.into_iter().filter(|v| v.fires) {
        let month = view.values.last().map(|(month, _)| month.clone()).unwrap_or_default();
        // One run fires once, however long it lasts.
        if already(app.reader(), book, &view)? {
            continue;
        }
        let values: Vec<String> =
            view.values.iter().map(|(month, value)| format!("{month} {value}")).collect();
        let fields = plain(json!({
            "scenario": view.id, "month": month, "values": values, "then": view.then,
        }));
        records::add(app, book, Kind::Firing, fields)?;
        written = written.saturating_add(1);
    }
    Ok(written)
}

/// Whether this run of a scenario was written down: a firing in one of its months, or in the month
/// before it where the run went on.
fn already(reader: &Reader, book: &BookId, view: &ScenarioView) -> Result<bool, Failure> {
    let mut found = false;
    reader.each(book, Kind::Firing, &mut |row| {
        let text = |name: &str| row.fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let this = text("scenario") == view.id.to_string() && row.state == State::Ok;
        found |= this && view.values.iter().any(|(month, _)| month == text("month"));
        !found
    })?;
    Ok(found)
}
