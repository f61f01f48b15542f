//! Product: interfaces, export, category, phases, the end.

use super::super::Finding;
use super::super::facts::Facts;
use super::{names, some};
use crate::records::Kind;

/// Days a drill counts for.
const DRILL_DAYS: u16 = 90;

/// `product.compatibility`: interfaces are listed, and none was broken since the service operates.
pub fn compatibility(facts: &Facts) -> Finding {
    let operating =
        facts.phases.iter().find(|(_, phase)| phase.to == "operating").and_then(|(_, p)| p.date);
    let broken: Vec<_> = facts
        .interfaces
        .iter()
        .filter(|(_, one)| one.broken.is_some_and(|day| operating.is_none_or(|from| day >= from)))
        .collect();
    let listed = some(facts.interfaces.len(), "interface", "interfaces");
    if facts.interfaces.is_empty() {
        return Finding::unmet("No public interface is listed.");
    }
    Finding::when(broken.is_empty(), format!("{listed} listed, {} broken.", broken.len()))
        .with(broken.iter().map(|(id, one)| names(Kind::Interface, *id, &one.name)))
}

/// `product.export`: the newest drill of the users' export worked and is not older than 90 days.
pub fn export(facts: &Facts) -> Finding {
    let newest = facts
        .drills
        .iter()
        .filter(|(_, drill)| drill.drill_type == "user-export")
        .filter(|(_, drill)| drill.date.is_some_and(|day| day <= facts.at))
        .max_by_key(|(id, drill)| (drill.date, *id));
    let Some((id, drill)) = newest else {
        return Finding::unmet("Nobody has tried the users' export.");
    };
    let day = drill.date.unwrap_or_default();
    let fresh = facts.at <= day.days_later(DRILL_DAYS);
    let how = if drill.result == "worked" { "worked" } else { "failed" };
    let age = if fresh { "" } else { ", more than 90 days ago" };
    Finding::when(fresh && drill.result == "worked", format!("The export {how} on {day}{age}."))
        .with([names(Kind::Drill, *id, &drill.drill_type)])
}

/// `product.single-focus`: a category is chosen; once it is, it is locked.
pub fn single_focus(facts: &Facts) -> Finding {
    let category = facts.service.category.trim();
    let of = names(Kind::Service, facts.service_id, &facts.service.name);
    Finding::when(
        !category.is_empty(),
        if category.is_empty() {
            "No category is chosen.".to_owned()
        } else {
            format!("The category is {category}, and cannot change.")
        },
    )
    .with([of])
}

/// `product.phases`: phase and moves are published.
pub fn phases(facts: &Facts) -> Finding {
    let moves = some(facts.phases.len(), "move", "moves");
    let shown = if facts.publications.is_empty() { "was never published" } else { "is published" };
    Finding::when(
        !facts.publications.is_empty(),
        format!("The service is {}, after {moves}; the page {shown}.", facts.phase),
    )
    .with(facts.phases.iter().map(|(id, phase)| names(Kind::Phase, *id, &phase.to)))
}

/// `product.shutdown`: both periods, and all that must be prepared.
pub fn shutdown(facts: &Facts) -> Finding {
    let Some((id, plan)) = &facts.plan else {
        return Finding::unmet("There is no shutdown plan.");
    };
    let mut lacking = Vec::new();
    for (there, what) in [
        (plan.grace_days.is_some(), "the grace period"),
        (plan.shutdown_days.is_some(), "the shutdown period"),
        (!plan.notice.trim().is_empty(), "how users are told"),
        (!plan.export.trim().is_empty(), "how users get their data"),
        (!plan.leftover.trim().is_empty(), "where left-over money goes"),
        (!plan.handover.trim().is_empty(), "what is handed over"),
    ] {
        if !there {
            lacking.push(what);
        }
    }
    let sentence = match lacking.is_empty() {
        true => "The shutdown plan is complete.".to_owned(),
        false => format!("The shutdown plan does not say: {}.", lacking.join(", ")),
    };
    Finding::when(lacking.is_empty(), sentence).with([names(Kind::Plan, *id, "Shutdown plan")])
}
