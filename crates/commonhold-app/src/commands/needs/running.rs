//! What running the service needs: incidents, their reviews and follow-ups, texts that ran out,
//! secrets and renewals that are due, scenarios that have come about.

use super::NeedsYou;
use crate::commands::{count, framework};
use crate::failure::Failure;
use commonhold_core::framework::facts::all;
use commonhold_core::records::knowledge::process::Process;
use commonhold_core::records::knowledge::runbook::Runbook;
use commonhold_core::records::product::scenario::Scenario;
use commonhold_core::reports::operations::continuity::continuity;
use commonhold_core::reports::operations::incidents::{
    IncidentRecords, Incidents, REVIEW_DAYS, incidents,
};
use commonhold_core::reports::operations::rotation::{holding, rotation};
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date, Kind};
use serde_json::json;

/// The metric of scenarios that watch how long the money lasts.
const RUNWAY: &str = "runway-months";

/// Incidents as they stand on a day.
pub(super) fn read(reader: &Reader, book: &BookId, today: Date) -> Result<Incidents, Failure> {
    let records = IncidentRecords {
        incidents: all(reader, book, Kind::Incident)?,
        lines: Vec::new(),
        reviews: all(reader, book, Kind::Review)?,
        actions: all(reader, book, Kind::Action)?,
    };
    Ok(incidents(&records, None, today, REVIEW_DAYS))
}

/// Incidents that are not over, the worst first. What is kept back is not named: alerts leave this
/// computer.
pub(super) fn open_incidents(needs: &mut NeedsYou, found: &Incidents) {
    let mut open: Vec<_> = found.incidents.iter().filter(|one| one.open).collect();
    open.sort_by_key(|one| (&one.severity, one.started, one.id));
    for one in open {
        let (id, severity) = (one.id.to_string(), one.severity.to_uppercase());
        let route = format!("operations/incidents/{id}");
        match one.embargoed {
            true => {
                needs.add("incident-kept-back", &id, json!({ "severity": severity }), route);
            }
            false => {
                let args = json!({ "title": one.title, "severity": severity });
                needs.add("incident-open", &id, args, route);
            }
        }
        if let Some(item) = needs.items.last_mut() {
            item.since = one.started.map(|moment| moment.to_string());
        }
    }
}

/// Reviews, follow-ups and embargoes whose day has passed.
pub(super) fn learning(needs: &mut NeedsYou, found: &Incidents) {
    for review in found.reviews.iter().filter(|review| review.overdue) {
        let id = review.incident.to_string();
        let args = json!({ "title": review.title, "date": review.due });
        needs.add("review-overdue", &id, args, format!("operations/incidents/{id}"));
    }
    for action in found.actions.iter().filter(|action| action.overdue) {
        let id = action.id.to_string();
        let args = json!({ "text": action.text, "date": action.due });
        needs.add("action-overdue", &id, args, format!("operations/actions/{id}"));
    }
    for id in &found.embargo_expired {
        let title = found.incidents.iter().find(|one| one.id == *id).map(|one| &one.title);
        let route = format!("operations/incidents/{id}");
        needs.add("embargo-ended", &id.to_string(), json!({ "title": title }), route);
    }
}

/// Texts that may be relied on no longer, renewals within thirty days or past, and secrets that are
/// to be changed every so many days. Of secrets only their number is told.
pub(super) fn upkeep(
    needs: &mut NeedsYou,
    reader: &Reader,
    book: &BookId,
    today: Date,
) -> Result<(), Failure> {
    let runbooks = all::<Runbook>(reader, book, Kind::Runbook)?;
    let texts = runbooks.into_iter().map(|(id, one)| (Kind::Runbook, id, one.title, one.expires));
    let processes = all::<Process>(reader, book, Kind::Process)?;
    let texts = texts
        .chain(processes.into_iter().map(|(id, one)| (Kind::Process, id, one.title, one.expires)));
    let past = |day: Option<Date>| day.filter(|day| *day < today);
    let mut texts: Vec<_> =
        texts.filter_map(|(kind, id, title, day)| Some((past(day)?, kind, id, title))).collect();
    texts.sort_by_key(|(day, _, id, _)| (*day, *id));
    for (day, kind, id, title) in texts {
        let args = json!({ "title": title, "date": day });
        let route = format!("{}/{}/{id}", kind.area(), kind.plural());
        let what = if kind == Kind::Runbook { "runbook-expired" } else { "process-expired" };
        needs.add(what, &id.to_string(), args, route);
    }
    let belongs = holding(reader, book)?;
    let register = continuity(&all(reader, book, Kind::Continuity)?, &belongs, today);
    for item in register.items.iter().filter(|item| item.due) {
        let id = item.id.to_string();
        let args = json!({ "name": item.name, "date": item.renewal });
        needs.add("renewal", &id, args, format!("operations/continuities/{id}"));
    }
    let due = rotation(reader, book, None)?.timed.iter().filter(|(day, _)| *day < today).count();
    needs.some("secrets-due", u64::from(count(due)), "operations/secrets");
    Ok(())
}

/// Scenarios whose numbers were beyond their limit for as long as they say. The one that watches
/// how long the money lasts is the alarm of the runway.
pub(super) fn scenarios(
    needs: &mut NeedsYou,
    reader: &Reader,
    book: &BookId,
    today: Date,
) -> Result<(), Failure> {
    let known = all::<Scenario>(reader, book, Kind::Scenario)?;
    let fires = framework::scenario_list(reader, book, None, today)?;
    for view in fires.into_iter().filter(|view| view.fires) {
        let id = view.id.to_string();
        let scenario = known.iter().find(|(id, _)| *id == view.id).map(|(_, known)| known);
        let alarm = scenario.filter(|one| one.metric == RUNWAY && one.comparison == "below");
        match (alarm, view.values.last()) {
            (Some(alarm), Some((_, months))) => {
                let args = json!({ "title": view.name, "months": months, "limit": alarm.limit });
                needs.add("runway", &id, args, "finance/reports");
            }
            _ => {
                let args = json!({ "title": view.name });
                needs.add("scenario", &id, args, "framework/scenarios");
            }
        }
    }
    Ok(())
}
