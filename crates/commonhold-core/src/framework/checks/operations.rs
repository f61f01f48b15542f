//! Operations: the commitments of the Open Operations Manifesto.

use super::super::Finding;
use super::super::facts::Facts;
use super::{names, some};
use crate::id::RecordId;
use crate::records::Kind;
use crate::records::governance::signature::Signature;
use crate::records::operations::incident::Incident;
use crate::reports::operations::incidents::REVIEW_DAYS;
use crate::reports::operations::runbooks::TextStanding;
use std::collections::BTreeSet;

/// Months for which a review that came too late is held against a service.
const LATE_MONTHS: i32 = 12;
/// Days within which feedback is answered.
const ANSWER_DAYS: u32 = 30;
/// Days within which a session of a community was held.
const SESSION_DAYS: u16 = 90;

/// `operations.incidents.recorded`: none was withdrawn; those that are over say when they began,
/// were noticed and ended, and have a timeline.
pub fn recorded(facts: &Facts) -> Finding {
    let found = &facts.operations;
    let incidents = &found.records.incidents;
    if incidents.is_empty() && found.withdrawn.is_empty() {
        return Finding::unmet("No incident is recorded here.");
    }
    let told: BTreeSet<RecordId> = found.records.lines.iter().map(|(_, l)| l.incident).collect();
    let gap = |id: &RecordId, one: &Incident| {
        let times = one.started.is_some() && one.detected.is_some();
        one.resolved.is_some() && !(times && told.contains(id))
    };
    let gaps: Vec<_> = incidents.iter().filter(|(id, one)| gap(id, one)).collect();
    let count = some(incidents.len(), "incident", "incidents");
    let lacking = some(gaps.len(), "one that is over lacks", "that are over lack");
    let sentence = format!(
        "{count} on record; {lacking} times or a timeline, {} withdrawn.",
        found.withdrawn.len()
    );
    let met = gaps.is_empty() && found.withdrawn.is_empty();
    let whole = incidents.iter().filter(|_| met);
    Finding::when(met, sentence)
        .with(found.withdrawn.iter().map(|(id, title)| names(Kind::Incident, *id, title)))
        .with(gaps.iter().map(|(id, one)| names(Kind::Incident, *id, &one.title)))
        .with(whole.map(|(id, one)| names(Kind::Incident, *id, &one.title)))
}

/// `operations.incidents.learned`: reviews within 14 days, of the last twelve months; no follow-up
/// overdue.
pub fn learned(facts: &Facts) -> Finding {
    let found = &facts.operations.incidents;
    if found.reviews.is_empty() {
        return Finding::unmet("No incident that is over is recorded here.");
    }
    let since = facts.at.plus_months(LATE_MONTHS.saturating_neg()).unwrap_or_default();
    let late: Vec<_> = found
        .reviews
        .iter()
        .filter(|one| one.overdue || (one.late && one.published.is_some() && since <= one.due))
        .collect();
    let published = found.reviews.iter().filter(|one| one.published.is_some());
    let overdue: Vec<_> = found.actions.iter().filter(|action| action.overdue).collect();
    let sentence = format!(
        "{}; {} not reviewed in public within {REVIEW_DAYS} days, {} overdue.",
        some(found.reviews.len(), "incident is over", "incidents are over"),
        late.len(),
        some(overdue.len(), "follow-up is", "follow-ups are"),
    );
    let met = late.is_empty() && overdue.is_empty();
    let reviewed = published.filter(|_| met).filter_map(|one| Some((one.review?, &one.title)));
    Finding::when(met, sentence)
        .with(late.iter().map(|one| names(Kind::Incident, one.incident, &one.title)))
        .with(overdue.iter().map(|one| names(Kind::Action, one.id, &one.text)))
        .with(reviewed.map(|(id, title)| names(Kind::Review, id, title)))
}

/// What may be said of a text in a finding, which is published.
fn title(text: &TextStanding) -> &str {
    if text.public { &text.title } else { "Not public" }
}

/// `operations.knowledge.shared`: a runbook for every component and alert; all public, looked at
/// within a year.
pub fn runbooks(facts: &Facts) -> Finding {
    let found = &facts.operations.knowledge;
    if found.coverage.is_empty() {
        let count = some(found.runbooks.len(), "runbook", "runbooks");
        return Finding::unmet(format!("{count} on record, and no component they could cover."));
    }
    let bare: Vec<String> = found
        .coverage
        .iter()
        .filter(|one| one.runbooks.is_empty())
        .map(|one| one.alert.clone().unwrap_or_else(|| one.component.clone()))
        .take(3)
        .collect();
    let named = if bare.is_empty() { String::new() } else { format!(" ({})", bare.join(", ")) };
    let broken: Vec<_> =
        found.runbooks.iter().filter(|one| one.unreviewed || one.expired || !one.public).collect();
    let sentence = format!(
        "{} of {} have no runbook{named}; {} not public, expired, or not looked at within a year.",
        found.uncovered,
        some(found.coverage.len(), "component or alert", "components and alerts"),
        some(broken.len(), "runbook is", "runbooks are"),
    );
    let met = bare.is_empty() && broken.is_empty();
    let whole = found.runbooks.iter().filter(|_| met);
    Finding::when(met, sentence)
        .with(broken.iter().map(|one| names(Kind::Runbook, one.id, title(one))))
        .with(whole.map(|one| names(Kind::Runbook, one.id, title(one))))
}

/// `operations.process.public`: processes are public, and feedback is answered within a month.
pub fn processes(facts: &Facts) -> Finding {
    let found = &facts.operations.knowledge;
    if found.processes.is_empty() {
        return Finding::unmet("No process is on record, and nobody vouched for where they are.");
    }
    let hidden: Vec<_> = found.processes.iter().filter(|one| !one.public).collect();
    let waiting: Vec<_> = found.feedback.iter().filter(|one| one.days > ANSWER_DAYS).collect();
    let sentence = format!(
        "{} on record, {} of them not public; {} for more than {ANSWER_DAYS} days.",
        some(found.processes.len(), "process", "processes"),
        hidden.len(),
        some(waiting.len(), "piece of feedback waits", "pieces of feedback wait"),
    );
    let met = hidden.is_empty() && waiting.is_empty();
    let whole = found.processes.iter().filter(|_| met);
    let since = |days: u32| format!("Waits for {}", some(days as usize, "day", "days"));
    Finding::when(met, sentence)
        .with(hidden.iter().map(|one| names(Kind::Process, one.id, title(one))))
        .with(waiting.iter().map(|one| names(Kind::Feedback, one.id, &since(one.days))))
        .with(whole.map(|one| names(Kind::Process, one.id, title(one))))
}

/// `operations.community`: a channel of each sort, and a session within 90 days.
pub fn community(facts: &Facts) -> Finding {
    let found = &facts.operations;
    if found.venues.is_empty() && found.sessions.is_empty() {
        return Finding::unmet("No community of practice is on record.");
    }
    let sort = |mode: &str| found.venues.iter().any(|(_, venue)| venue.mode == mode);
    let since = facts.at.days_earlier(SESSION_DAYS);
    let held: Vec<_> = found
        .sessions
        .iter()
        .filter(|(_, session)| {
            let day = session.starts.map(|moment| moment.date());
            session.held && day.is_some_and(|day| (since..=facts.at).contains(&day))
        })
        .collect();
    let mut lacking = Vec::new();
    for (there, what) in [
        (sort("synchronous"), "a channel where people meet at the same time"),
        (sort("asynchronous"), "one where each writes at their time"),
        (!held.is_empty(), "a session held within 90 days"),
    ] {
        if !there {
            lacking.push(what);
        }
    }
    let sentence = if lacking.is_empty() {
        let sessions = some(held.len(), "session", "sessions");
        format!("Channels of both sorts, and {sessions} held within {SESSION_DAYS} days.")
    } else {
        format!("Missing: {}.", lacking.join(", "))
    };
    Finding::when(lacking.is_empty(), sentence)
        .with(held.iter().map(|(id, session)| names(Kind::Session, *id, &session.title)))
        .with(found.venues.iter().map(|(id, venue)| names(Kind::Venue, *id, &venue.name)))
}

/// `operations.manifesto`: a signature of this service, under a text that is on record, by
/// somebody with a mandate.
pub fn manifesto(facts: &Facts) -> Finding {
    let found = &facts.operations;
    let own = |one: &Signature| {
        let is = |name: &str| one.organisation.trim().to_lowercase() == name.trim().to_lowercase();
        let host = facts.service.fiscal_host.as_deref();
        is(&facts.service.name) || host.is_some_and(|host| !host.trim().is_empty() && is(host))
    };
    let dated = |one: &Signature| one.date.is_some_and(|day| day <= facts.at);
    let Some((id, signature)) =
        found.signatures.iter().rev().find(|(_, one)| own(one) && dated(one))
    else {
        let count = some(found.signatures.len(), "signature", "signatures");
        let name = &facts.service.name;
        return Finding::unmet(format!("{count} on record, none by “{name}” or its fiscal host."));
    };
    let text = found.manifestos.iter().find(|(_, one)| one.sha256 == signature.manifesto_sha256);
    let mandated = match signature.mandate.as_deref().map(str::trim) {
        Some("declared") => true,
        Some(decision) => decision.parse().is_ok_and(|id| found.decisions.contains(&id)),
        None => false,
    };
    let signed = signature.signatory.as_deref().is_some_and(|name| !name.trim().is_empty());
    let mut lacking = Vec::new();
    for (there, what) in [
        (text.is_some(), "the text with the SHA-256 it signs"),
        (signed, "who signed"),
        (mandated, "the decision behind it, or the word “declared”"),
    ] {
        if !there {
            lacking.push(what);
        }
    }
    let day = signature.date.unwrap_or_default();
    let signs = format!("“{}” signed on {day}", signature.organisation);
    let sentence = if lacking.is_empty() {
        format!("{signs}; text, signatory and mandate are on record.")
    } else {
        format!("{signs}; missing: {}.", lacking.join(", "))
    };
    Finding::when(lacking.is_empty(), sentence)
        .with([names(Kind::Signature, *id, &signature.organisation)])
        .with(text.iter().map(|(id, one)| names(Kind::Manifesto, *id, &one.title)))
}
