//! How incidents went and what was learned from them (`operations.incidents.recorded`,
//! `operations.incidents.learned`): mean times to notice, mitigate and resolve, each counted from
//! the start of the incident; reviews and follow-ups that are due; embargoes that have ended.

use super::{Minutes, count, minutes_between};
use crate::date::{Date, Time};
use crate::id::RecordId;
use crate::records::operations::action::Action;
use crate::records::operations::incident::Incident;
use crate::records::operations::incident_line::IncidentLine;
use crate::records::operations::review::Review;
use crate::reports::Records;
use serde::Serialize;
use std::collections::BTreeMap;

/// Days after an incident is over within which its review is published, unless said otherwise
/// (`operations.incidents.learned`).
pub const REVIEW_DAYS: u16 = 14;

/// One incident with its times, in minutes from its start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct IncidentTimes {
    /// The incident.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// sev1 to sev4.
    pub severity: String,
    /// When it began, or was noticed where that is not known.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub started: Option<Time>,
    /// Minutes until it was noticed.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub detect: Option<i64>,
    /// Minutes until users no longer felt it.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub mitigate: Option<i64>,
    /// Minutes until it was over.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub resolve: Option<i64>,
    /// Whether it is not over.
    pub open: bool,
    /// Whether it is kept back on the day.
    pub embargoed: bool,
    /// How many lines its timeline has.
    pub lines: u32,
}

/// The review of an incident that is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ReviewDue {
    /// The incident.
    #[cfg_attr(test, ts(type = "string"))]
    pub incident: RecordId,
    /// What it is called.
    pub title: String,
    /// The last day its review is in time.
    #[cfg_attr(test, ts(type = "string"))]
    pub due: Date,
    /// The review: the one published first, or else any that is being written.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub review: Option<RecordId>,
    /// The day it was published.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub published: Option<Date>,
    /// Whether it is not published though the day has passed.
    pub overdue: bool,
    /// Whether it was published, or will be, after that day.
    pub late: bool,
}

/// A follow-up that is not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct OpenAction {
    /// The follow-up.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What is to be done.
    pub text: String,
    /// Who sees to it.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub owner: Option<RecordId>,
    /// The day it is to be done by.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub due: Option<Date>,
    /// Whether that day has passed.
    pub overdue: bool,
}

/// The incidents of some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Incidents {
    /// The day.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// The incidents, newest first.
    pub incidents: Vec<IncidentTimes>,
    /// Mean time to detect (MTTD): noticed − began.
    pub detect: Minutes,
    /// Mean time to mitigate (MTTM): mitigated − began.
    pub mitigate: Minutes,
    /// Mean time to resolve (MTTR): over − began.
    pub resolve: Minutes,
    /// Reviews of incidents that are over, those due first.
    pub reviews: Vec<ReviewDue>,
    /// Follow-ups that are not done, those due first; without a day at the end.
    pub actions: Vec<OpenAction>,
    /// Incidents whose embargo has ended, and which still say they are kept back.
    #[cfg_attr(test, ts(type = "string[]"))]
    pub embargo_expired: Vec<RecordId>,
}

/// The records incidents are worked out from.
#[derive(Clone, Debug, Default)]
pub struct IncidentRecords {
    /// Incidents.
    pub incidents: Records<Incident>,
    /// Their lines.
    pub lines: Records<IncidentLine>,
    /// Their reviews.
    pub reviews: Records<Review>,
    /// What follows from them.
    pub actions: Records<Action>,
}

/// Works it out on a day, for the incidents that began on a day or later (all of them where none
/// is named; those without a start always count). Reviews are due so many days after the end.
pub fn incidents(
    records: &IncidentRecords,
    from: Option<Date>,
    at: Date,
    review_days: u16,
) -> Incidents {
    let mut lines: BTreeMap<RecordId, usize> = BTreeMap::new();
    for (_, line) in &records.lines {
        let number = lines.entry(line.incident).or_default();
        *number = number.saturating_add(1);
    }
    let began = |incident: &Incident| incident.started.or(incident.detected);
    let wanted: Vec<&(RecordId, Incident)> = records
        .incidents
        .iter()
        .filter(|(_, incident)| {
            let day = began(incident).map(|moment| moment.date());
            day.is_none_or(|day| from.is_none_or(|from| from <= day) && day <= at)
        })
        .collect();
    let mut found: Vec<IncidentTimes> = wanted
        .iter()
        .map(|(id, incident)| times(*id, incident, lines.get(id).copied().unwrap_or(0), at))
        .collect();
    found.sort_by_key(|one| std::cmp::Reverse((one.started, one.id)));
    let mean = |of: fn(&IncidentTimes) -> Option<i64>| {
        Minutes::mean(found.iter().filter_map(|one| Some((one.id, of(one)?))).collect())
    };
    let expired = wanted.iter().filter(|(_, incident)| {
        incident.visibility == "embargoed" && incident.embargo_until.is_some_and(|day| day < at)
    });
    Incidents {
        at,
        detect: mean(|one| one.detect),
        mitigate: mean(|one| one.mitigate),
        resolve: mean(|one| one.resolve),
        reviews: reviews(&wanted, &records.reviews, at, review_days),
        actions: actions(&records.actions, at),
        embargo_expired: expired.map(|(id, _)| *id).collect(),
        incidents: found,
    }
}

fn times(id: RecordId, incident: &Incident, lines: usize, at: Date) -> IncidentTimes {
    let since = |moment: Option<Time>| minutes_between(incident.started?, moment?);
    IncidentTimes {
        id,
        title: incident.title.clone(),
        severity: incident.severity.clone(),
        started: incident.started.or(incident.detected),
        detect: since(incident.detected),
        mitigate: since(incident.mitigated),
        resolve: since(incident.resolved),
        open: incident.resolved.is_none(),
        embargoed: is_embargoed(incident, at),
        lines: count(lines),
    }
}

/// Whether an incident is kept back on a day.
pub fn is_embargoed(incident: &Incident, at: Date) -> bool {
    incident.visibility == "embargoed" && incident.embargo_until.is_none_or(|until| at <= until)
}

/// The reviews of incidents that are over; while an embargo holds nothing is due.
fn reviews(
    incidents: &[&(RecordId, Incident)],
    reviews: &Records<Review>,
    at: Date,
    days: u16,
) -> Vec<ReviewDue> {
    let mut best: BTreeMap<RecordId, (bool, Date, RecordId)> = BTreeMap::new();
    for (id, review) in reviews {
        let published = review.published.filter(|day| *day <= at);
        let key = (published.is_none(), published.unwrap_or_default(), *id);
        best.entry(review.incident).and_modify(|known| *known = (*known).min(key)).or_insert(key);
    }
    let mut found: Vec<ReviewDue> = incidents
        .iter()
        .filter_map(|(id, incident)| {
            let over = incident.resolved?.date();
            let embargo = incident.embargo_until.filter(|_| incident.visibility == "embargoed");
            let due = embargo.map_or(over, |until| over.max(until)).days_later(days);
            let known = best.get(id).copied();
            let published = known.filter(|(open, ..)| !open).map(|(_, day, _)| day);
            Some(ReviewDue {
                incident: *id,
                title: incident.title.clone(),
                due,
                review: known.map(|(.., review)| review),
                published,
                overdue: published.is_none() && due < at,
                late: published.unwrap_or(at) > due,
            })
        })
        .collect();
    found.sort_by_key(|one| (!one.overdue, one.published.is_some(), one.due, one.incident));
    found
}

fn actions(actions: &Records<Action>, at: Date) -> Vec<OpenAction> {
    let open = actions.iter().filter(|(_, action)| action.done.is_none_or(|day| at < day));
    let mut found: Vec<OpenAction> = open
        .map(|(id, action)| OpenAction {
            id: *id,
            text: action.text.clone(),
            owner: action.owner,
            due: action.due,
            overdue: action.due.is_some_and(|due| due < at),
        })
        .collect();
    found.sort_by_key(|one| (one.due.is_none(), one.due, one.id));
    found
}

/// The lines of one incident in the order of time (UTC); of one moment in the order of their ids.
pub fn timeline(lines: &Records<IncidentLine>, incident: RecordId) -> Records<IncidentLine> {
    let mut found: Records<IncidentLine> =
        lines.iter().filter(|(_, line)| line.incident == incident).cloned().collect();
    found.sort_by_key(|(id, line)| (line.at, *id));
    found
}
