//! Gates: what must hold before a service goes from its phase to another.

use super::closing;
use super::conformance::RequirementView;
use super::facts::Facts;
use crate::authority::Role;
use crate::records::product::phase::MOVES;
use serde::Serialize;

/// Requirements the gate to starting asks for.
pub const STARTING: &[&str] =
    &["product.single-focus", "governance.bylaws", "finance.shutdown.plan", "product.shutdown"];

/// What the gate to closed asks for that a move itself brings: the export that holds it.
pub const EXPORTED: &str = "The whole record was exported since closing began";

/// One thing a gate asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct GateItem {
    /// What is asked for.
    pub what: String,
    /// Whether it is there.
    pub holds: bool,
    /// The requirement it is, or the item of the closing checklist, where it is one.
    pub requirement: Option<String>,
}

/// The gate of one phase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Gate {
    /// The phase it leads to.
    pub to: String,
    /// Whether all holds.
    pub open: bool,
    /// What it asks for.
    pub items: Vec<GateItem>,
}

fn item(what: &str, holds: bool) -> GateItem {
    GateItem { what: what.to_owned(), holds, requirement: None }
}

/// The gates of the phases that can come next.
pub fn gate(facts: &Facts, requirements: &[RequirementView]) -> Vec<Gate> {
    let next = MOVES.iter().filter(|(from, _)| *from == facts.phase).map(|(_, to)| *to);
    next.map(|to| {
        let items = match to {
            "starting" => starting(facts, requirements),
            "operating" => operating(requirements),
            "closing" => closing(facts),
            _ => closed(facts, requirements),
        };
        Gate { to: to.to_owned(), open: items.iter().all(|item| item.holds), items }
    })
    .collect()
}

fn said(text: Option<&String>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

/// The five answers, a category, and what must be settled before anybody gives money.
fn starting(facts: &Facts, requirements: &[RequirementView]) -> Vec<GateItem> {
    let service = &facts.service;
    let mut items = vec![
        item("What it is about", !service.purpose.trim().is_empty()),
        item("Why it should be an open service", said(service.need.as_ref())),
        item("How it can sustain itself", said(service.sustain.as_ref())),
        item("Who it is for", said(service.audience.as_ref())),
        item("Why it could be for-profit instead", said(service.for_profit.as_ref())),
        item("A treasurer", facts.with_role(Role::Treasurer).next().is_some()),
    ];
    items.extend(of_requirements(requirements, |id| STARTING.contains(&id)));
    items
}

fn operating(requirements: &[RequirementView]) -> Vec<GateItem> {
    of_requirements(requirements, |_| true)
}

fn of_requirements(
    requirements: &[RequirementView],
    wanted: impl Fn(&str) -> bool,
) -> Vec<GateItem> {
    requirements
        .iter()
        .filter(|requirement| wanted(&requirement.id))
        .map(|requirement| GateItem {
            what: requirement.title.clone(),
            holds: requirement.status.holds(),
            requirement: Some(requirement.id.clone()),
        })
        .collect()
}

/// The announced end, not before the shutdown period.
fn closing(facts: &Facts) -> Vec<GateItem> {
    let plan = facts.plan.as_ref().map(|(_, plan)| plan);
    vec![
        item("A shutdown period", plan.is_some_and(|plan| plan.shutdown_days.is_some())),
        item("How users are told", plan.is_some_and(|plan| !plan.notice.trim().is_empty())),
        item("How users get their data", plan.is_some_and(|plan| !plan.export.trim().is_empty())),
    ]
}

/// Everything cancelled with its proof, nothing left in any fund, both exports.
fn closed(facts: &Facts, requirements: &[RequirementView]) -> Vec<GateItem> {
    let cancelled = facts
        .schedules
        .iter()
        .all(|(_, schedule, _)| schedule.until.is_some_and(|until| until <= facts.at));
    let since = facts.phases.iter().rev().find(|(_, phase)| phase.to == "closing");
    let exported = facts.drills.iter().any(|(_, drill)| {
        let after = since.is_none_or(|(_, phase)| drill.date >= phase.date);
        drill.drill_type == "archive" && drill.result == "worked" && after
    });
    let over = since.and_then(|(_, phase)| phase.ends).is_none_or(|ends| ends <= facts.at);
    let mut items = vec![
        item("Every recurring bill is cancelled", cancelled),
        item("No money is left, in no currency and no fund", closing::nothing_left(facts)),
        item("The last day has come", over),
    ];
    if facts.phase == "evaluating" {
        return items;
    }
    items.push(item(EXPORTED, exported));
    items.extend(of_requirements(requirements, |id| id == "product.export"));
    items.extend(closing::checklist(facts).into_iter().map(|one| GateItem {
        what: one.what,
        holds: one.holds,
        requirement: Some(one.id),
    }));
    items
}
