//! Conformance: how every requirement of the version in force stands, with its evidence.

use super::facts::Facts;
use super::gates::{Gate, gate};
use super::moves::VoidMove;
use super::{Evidence, FRAMEWORKS, Framework, Requirement, Status, of};
use crate::date::Date;
use crate::records::Kind;
use serde::Serialize;

/// One requirement as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RequirementView {
    /// Its stable id.
    pub id: String,
    /// Its area.
    pub area: String,
    /// What is required.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// How it stands.
    #[cfg_attr(test, ts(type = "import(\"./RequirementStatus\").RequirementStatus"))]
    pub status: Status,
    /// What was found.
    pub sentence: String,
    /// The records it was found in.
    pub evidence: Vec<Evidence>,
    /// What to do next; empty where nothing is to be done.
    pub next: String,
    /// Whether a person can vouch for it.
    pub attestable: bool,
}

/// How many requirements of an area hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct AreaView {
    /// The area.
    pub area: String,
    /// How many hold: met, attested or not applicable.
    pub holds: u32,
    /// How many there are.
    pub of: u32,
}

/// How a service keeps the framework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Conformance {
    /// The version it is measured by.
    pub version: String,
    /// The day.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// The phase the service is in.
    pub phase: String,
    /// By area.
    pub areas: Vec<AreaView>,
    /// Every requirement, in the framework's order.
    pub requirements: Vec<RequirementView>,
    /// Moves between phases that are written down and have no effect.
    pub void_moves: Vec<VoidMove>,
    /// The gates of the phases that can come next.
    pub gates: Vec<Gate>,
    /// What a later version would ask for beyond this one: version and number of requirements.
    pub later: Vec<(String, u32)>,
}

/// The version in force: the one the profile names, else the first.
pub fn in_force(facts: &Facts) -> &'static Framework {
    static NONE: Framework = Framework { version: "v1", requirements: &[super::v1::REQUIREMENTS] };
    facts.service.framework.as_deref().and_then(of).or(FRAMEWORKS.first()).unwrap_or(&NONE)
}

/// How one requirement stands.
pub fn judge(facts: &Facts, requirement: &Requirement) -> RequirementView {
    let mut found = (requirement.check)(facts);
    if found.evidence.is_empty() {
        // Where no record proves or breaks it, it is the service that has none.
        let (id, name) = (facts.service_id, &facts.service.name);
        found.evidence.push(super::checks::names(Kind::Service, id, name));
    }
    let vouched = facts.attestation(requirement.id);
    let mut view = RequirementView {
        id: requirement.id.to_owned(),
        area: requirement.area.to_owned(),
        title: requirement.title.to_owned(),
        why: requirement.why.to_owned(),
        status: if found.met { Status::Met } else { Status::Unmet },
        sentence: found.sentence,
        evidence: found.evidence,
        next: if found.met { String::new() } else { requirement.next.to_owned() },
        attestable: requirement.attestable,
    };
    if found.met {
        return view;
    }
    let Some((id, attestation)) = vouched else { return view };
    let status = match attestation.status.as_str() {
        "not-applicable" => Status::NotApplicable,
        _ if requirement.attestable => Status::Attested,
        _ => return view,
    };
    let day = attestation.date.unwrap_or_default();
    view.status = status;
    view.sentence = format!("{} ({day})", attestation.statement);
    view.evidence.insert(0, super::checks::names(Kind::Attestation, *id, &attestation.requirement));
    view.next = String::new();
    view
}

/// Computes the conformance; by another version than the one in force where one is named.
pub fn conformance(facts: &Facts, version: Option<&str>) -> Conformance {
    let framework = version.and_then(of).unwrap_or_else(|| in_force(facts));
    let requirements: Vec<RequirementView> =
        framework.all().map(|requirement| judge(facts, requirement)).collect();
    let mut areas: Vec<AreaView> = Vec::new();
    for requirement in &requirements {
        let holds = u32::from(requirement.status.holds());
        match areas.iter_mut().find(|area| area.area == requirement.area) {
            Some(area) => {
                area.holds = area.holds.saturating_add(holds);
                area.of = area.of.saturating_add(1);
            }
            None => areas.push(AreaView { area: requirement.area.clone(), holds, of: 1 }),
        }
    }
    let later = FRAMEWORKS
        .iter()
        .map(|other| (other.version.to_owned(), other.beyond(framework).len()))
        .filter(|(_, more)| *more > 0)
        .map(|(version, more)| (version, u32::try_from(more).unwrap_or(u32::MAX)))
        .collect();
    Conformance {
        version: framework.version.to_owned(),
        at: facts.at,
        phase: facts.phase.clone(),
        void_moves: facts.void.clone(),
        areas,
        gates: gate(facts, &requirements),
        requirements,
        later,
    }
}
