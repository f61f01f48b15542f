//! The framework: how the service keeps it, vouching, moving between phases and versions.

mod ending;
mod phases;
mod scenarios;

pub use ending::{ArchiveDue, archive_due, archive_folder, choose_archive_folder, phase_archive};
pub(in crate::commands) use phases::guard;
pub use phases::{PhaseEntered, PhaseMove, closing_checklist, closing_prove, phase_enter};
pub(crate) use scenarios::{may_fire, scenario_write};
pub use scenarios::{open_vote, scenario_list, scenario_watch};

use super::decisions::cited::cite;
use super::records;
use crate::app::App;
use crate::failure::{Code, Failure};
use commonhold_core::framework::conformance::{self, Conformance};
use commonhold_core::framework::facts::Facts;
use commonhold_core::framework::{self, FRAMEWORKS};
use commonhold_core::json::Fields;
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date, Kind, RecordId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

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
    /// For an item of the closing checklist that ends, a bill or a way to give: its last day. Nothing:
    /// the one on record, else today.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub ended: Option<Date>,
}

/// Vouches for a requirement, in the name of the person at this device.
pub fn attest(app: &mut App, book: &BookId, vouch: &Vouch) -> Result<RecordId, Failure> {
    if phases::is_item(&vouch.requirement) {
        return closing_prove(app, book, vouch);
    }
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
    let named = vouch.decision.as_deref();
    let decision = named.map(|text| cite(app.reader(), book, text)).transpose()?;
    let fields = plain(json!({
        "requirement": vouch.requirement, "status": status, "statement": vouch.statement,
        "evidence": vouch.evidence, "decision": decision, "date": now.date(),
        "until": vouch.until, "person": person,
    }));
    records::add(app, book, Kind::Attestation, fields)
}

fn plain(value: Value) -> Fields {
    let fields = value.as_object().cloned().unwrap_or_default();
    fields.into_iter().filter(|(_, value)| !value.is_null()).collect()
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
    let decision = cite(app.reader(), book, decision)?;
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
