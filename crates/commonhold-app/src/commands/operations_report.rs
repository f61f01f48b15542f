//! Operations in numbers, as the window shows them: of the last ninety days, and how things stand.

use super::count;
use crate::failure::Failure;
use commonhold_core::date::{Date, Time};
use commonhold_core::framework::facts::all;
use commonhold_core::records::operations::secret::Secret;
use commonhold_core::reports::operations::availability::{self, Uptime};
use commonhold_core::reports::operations::continuity::continuity;
use commonhold_core::reports::operations::deploys::deploys;
use commonhold_core::reports::operations::incidents::{IncidentRecords, incidents};
use commonhold_core::reports::operations::runbooks::{KnowledgeRecords, runbooks};
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Kind, RecordId};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Days after the end of an incident in which its review is due
/// (`operations.incidents.learned`).
const REVIEW_DAYS: u16 = 14;
/// Months of availability that are shown.
const MONTHS: u16 = 24;

/// Operations of a service in numbers. Spans are whole minutes, shares tenths of a per cent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct OperationsReport {
    /// The day it was made for.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// The first day its figures are about.
    #[cfg_attr(test, ts(type = "string"))]
    pub from: Date,
    /// Deploys.
    pub deploys: DeployFigures,
    /// Incidents.
    pub incidents: IncidentFigures,
    /// Components, by name.
    pub availability: Vec<ComponentAvailability>,
    /// Runbooks.
    pub runbooks: RunbookFigures,
    /// The register of what must go on: those held by fewest first.
    pub continuity: Vec<ContinuityFigures>,
    /// Secrets this device may read of.
    pub secrets: Vec<SecretFigures>,
}

/// Deploys that are no previews.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct DeployFigures {
    /// Those that ended well or badly.
    pub count: u32,
    /// Deploys a week, in tenths.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub per_week_tenths: Option<i64>,
    /// Those that failed or were rolled back.
    pub failed: u32,
    /// Their share.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub failed_tenths: Option<i64>,
    /// The share that a merged change began.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub automatic_tenths: Option<i64>,
    /// Median minutes from the oldest change to the end of the deploy.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub lead_minutes: Option<i64>,
    /// Of how many that is known.
    pub lead_of: u32,
    /// Median minutes from a failed deploy to the one that put it right.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub recovery_minutes: Option<i64>,
    /// Of how many.
    pub recovery_of: u32,
}

/// Incidents: the spans are means over those that began in the period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct IncidentFigures {
    /// All that are not over, whenever they began.
    pub open: u32,
    /// Those that began in the period.
    pub count: u32,
    /// Minutes until they were noticed.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub detect_minutes: Option<i64>,
    /// Minutes until the harm was stopped.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub mitigate_minutes: Option<i64>,
    /// Minutes until they were over.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub resolve_minutes: Option<i64>,
    /// How many of them are over.
    pub resolved: u32,
    /// Reviews that should be public by now and are not.
    pub reviews_due: Vec<ReviewOverdue>,
    /// Follow-ups that are not done.
    pub actions_open: u32,
    /// Those that are overdue.
    pub actions_overdue: u32,
}

/// A review that should be public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ReviewOverdue {
    /// The incident.
    #[cfg_attr(test, ts(type = "string"))]
    pub incident: RecordId,
    /// What it is called.
    pub title: String,
    /// The day it was due.
    #[cfg_attr(test, ts(type = "string"))]
    pub due: Date,
}

/// A component, month by month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ComponentAvailability {
    /// Its name.
    pub component: String,
    /// Months, oldest first.
    pub months: Vec<AvailabilityMonth>,
}

/// Minutes of a month. They add up to what has passed of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct AvailabilityMonth {
    /// `YYYY-MM`.
    pub month: String,
    /// Up.
    #[cfg_attr(test, ts(type = "number"))]
    pub up: i64,
    /// Slow or in part.
    #[cfg_attr(test, ts(type = "number"))]
    pub degraded: i64,
    /// Down.
    #[cfg_attr(test, ts(type = "number"))]
    pub down: i64,
    /// Announced maintenance.
    #[cfg_attr(test, ts(type = "number"))]
    pub maintenance: i64,
    /// What no record covers.
    #[cfg_attr(test, ts(type = "number"))]
    pub unknown: i64,
    /// 1 − down ÷ measured; nothing where nothing was measured.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub available_tenths: Option<i64>,
}

/// Runbooks, beside what they should be about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RunbookFigures {
    /// How many there are.
    pub count: u32,
    /// Those whose review ran out.
    pub expired: Vec<RunbookExpired>,
    /// Alerts of components in use.
    pub alerts: u32,
    /// How many of them a runbook names.
    pub alerts_covered: u32,
    /// What no runbook is about.
    pub uncovered: Vec<RunbookGap>,
}

/// A runbook whose review ran out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RunbookExpired {
    /// The runbook.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// The day it ran out.
    #[cfg_attr(test, ts(type = "string"))]
    pub expires: Date,
}

/// A component, or one of its alerts, that no runbook is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RunbookGap {
    /// The component.
    pub component: String,
    /// The alert.
    pub alert: Option<String>,
}

/// Something that must go on when somebody leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ContinuityFigures {
    /// The item.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What it is.
    pub name: String,
    /// domain, bank, host and the like.
    #[serde(rename = "type")]
    pub sort: String,
    /// How many of those who belong hold it; two are wanted.
    pub holders: u32,
    /// The day it must be renewed.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub renewal: Option<Date>,
    /// Days until then; below zero it is past.
    pub days: Option<i32>,
}

/// A secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct SecretFigures {
    /// Its entry in the register.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What it is called.
    pub label: String,
    /// How many of those who belong hold it; two are wanted.
    pub holders: u32,
    /// The day it should be changed by.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub due: Option<Date>,
    /// Whether that is past.
    pub overdue: bool,
}

/// Those who belong, by their person records.
fn belonging(reader: &Reader, book: &BookId) -> Result<BTreeSet<RecordId>, Failure> {
    let authority = reader.authority(book)?;
    let state = authority.state();
    Ok(state.people().into_iter().filter(|person| state.is_active(*person)).collect())
}

/// Works it out as of a moment.
pub fn report(reader: &Reader, book: &BookId, now: Time) -> Result<OperationsReport, Failure> {
    let _one_moment = reader.view()?;
    let at = now.date();
    let belongs = belonging(reader, book)?;
    let found = deploys(&all(reader, book, Kind::Deploy)?, at, None);
    Ok(OperationsReport {
        at,
        from: found.from,
        incidents: incident_figures(reader, book, (found.from, at))?,
        availability: available(reader, book, now)?,
        runbooks: runbook_figures(reader, book, at)?,
        continuity: register(reader, book, &belongs, at)?,
        secrets: secrets(reader, book, &belongs, at)?,
        deploys: DeployFigures {
            count: found.total,
            per_week_tenths: found.per_week_tenths,
            failed: found.failed,
            failed_tenths: found.failure_tenths,
            automatic_tenths: found.automatic_tenths,
            lead_minutes: found.lead_time.minutes,
            lead_of: count(found.lead_time.of.len()),
            recovery_minutes: found.recovery.minutes,
            recovery_of: count(found.recovery.of.len()),
        },
    })
}

fn incident_figures(
    reader: &Reader,
    book: &BookId,
    (from, at): (Date, Date),
) -> Result<IncidentFigures, Failure> {
    let records = IncidentRecords {
        incidents: all(reader, book, Kind::Incident)?,
        lines: all(reader, book, Kind::IncidentLine)?,
        reviews: all(reader, book, Kind::Review)?,
        actions: all(reader, book, Kind::Action)?,
    };
    let ever = incidents(&records, None, at, REVIEW_DAYS);
    let lately = incidents(&records, Some(from), at, REVIEW_DAYS);
    let overdue = ever.reviews.iter().filter(|review| review.overdue);
    Ok(IncidentFigures {
        open: count(ever.incidents.iter().filter(|one| one.open).count()),
        count: count(lately.incidents.len()),
        detect_minutes: lately.detect.minutes,
        mitigate_minutes: lately.mitigate.minutes,
        resolve_minutes: lately.resolve.minutes,
        resolved: count(lately.resolve.of.len()),
        reviews_due: overdue
            .map(|review| ReviewOverdue {
                incident: review.incident,
                title: review.title.clone(),
                due: review.due,
            })
            .collect(),
        actions_open: count(ever.actions.len()),
        actions_overdue: count(ever.actions.iter().filter(|action| action.overdue).count()),
    })
}

fn available(
    reader: &Reader,
    book: &BookId,
    now: Time,
) -> Result<Vec<ComponentAvailability>, Failure> {
    let records = all(reader, book, Kind::Availability)?;
    let measured: Vec<String> = availability::measured(&records).into_iter().collect();
    let to = now.date().month();
    let span = (to.back(MONTHS.saturating_sub(1)), to);
    let mut found: BTreeMap<String, Vec<AvailabilityMonth>> = BTreeMap::new();
    for month in availability::availability(&records, &measured, span, now) {
        let months = found.entry(month.component.clone()).or_default();
        let known = month.measured_tenths.is_some_and(|tenths| tenths > 0);
        // What was never measured before is not told as unknown.
        if known || !months.is_empty() {
            months.push(in_minutes(month));
        }
    }
    Ok(found
        .into_iter()
        .map(|(component, months)| ComponentAvailability { component, months })
        .collect())
}

/// A month in whole minutes that add up: what is left over by rounding down is unknown.
fn in_minutes(month: Uptime) -> AvailabilityMonth {
    let minutes = |seconds: i64| seconds.div_euclid(60);
    let parts = [month.up, month.degraded, month.down, month.maintenance];
    let seconds = parts.iter().fold(month.unknown, |sum, part| sum.saturating_add(*part));
    let known = parts.iter().fold(0_i64, |sum, part| sum.saturating_add(minutes(*part)));
    AvailabilityMonth {
        up: minutes(month.up),
        degraded: minutes(month.degraded),
        down: minutes(month.down),
        maintenance: minutes(month.maintenance),
        unknown: minutes(seconds).saturating_sub(known),
        available_tenths: month.uptime_thousandths.map(|thousandths| thousandths.div_euclid(100)),
        month: month.month,
    }
}

fn runbook_figures(reader: &Reader, book: &BookId, at: Date) -> Result<RunbookFigures, Failure> {
    let records = KnowledgeRecords {
        components: all(reader, book, Kind::Component)?,
        runbooks: all(reader, book, Kind::Runbook)?,
        runs: all(reader, book, Kind::RunbookRun)?,
        processes: all(reader, book, Kind::Process)?,
        feedback: all(reader, book, Kind::Feedback)?,
    };
    let found = runbooks(&records, at);
    let alerts = || found.coverage.iter().filter(|one| one.alert.is_some());
    let expired = records.runbooks.iter().filter_map(|(id, one)| {
        let expires = one.expires.filter(|day| *day < at)?;
        Some(RunbookExpired { id: *id, title: one.title.clone(), expires })
    });
    Ok(RunbookFigures {
        count: count(records.runbooks.len()),
        expired: expired.collect(),
        alerts: count(alerts().count()),
        alerts_covered: count(alerts().filter(|one| !one.runbooks.is_empty()).count()),
        uncovered: found
            .coverage
            .iter()
            .filter(|one| one.runbooks.is_empty())
            .map(|one| RunbookGap { component: one.component.clone(), alert: one.alert.clone() })
            .collect(),
    })
}

fn register(
    reader: &Reader,
    book: &BookId,
    belongs: &BTreeSet<RecordId>,
    at: Date,
) -> Result<Vec<ContinuityFigures>, Failure> {
    let found = continuity(&all(reader, book, Kind::Continuity)?, belongs, at);
    let line = |item: commonhold_core::reports::operations::continuity::ContinuityLine| {
        ContinuityFigures {
            id: item.id,
            name: item.name,
            sort: item.sort,
            holders: count(item.holders.len()),
            renewal: item.renewal,
            days: item.renewal.map(|day| day.days_since(at)),
        }
    };
    Ok(found.items.into_iter().map(line).collect())
}

fn secrets(
    reader: &Reader,
    book: &BookId,
    belongs: &BTreeSet<RecordId>,
    at: Date,
) -> Result<Vec<SecretFigures>, Failure> {
    let records: Vec<(RecordId, Secret)> = all(reader, book, Kind::Secret)?;
    let line = |(id, secret): (RecordId, Secret)| {
        let holders: BTreeSet<RecordId> =
            secret.holders.iter().copied().filter(|person| belongs.contains(person)).collect();
        let every = secret.rotate_every.and_then(|days| u16::try_from(days).ok());
        let due = every.map(|days| secret.rotated.map_or(at, |day| day.days_later(days)));
        SecretFigures {
            id,
            label: secret.label,
            holders: count(holders.len()),
            due,
            overdue: due.is_some_and(|day| day < at),
        }
    };
    Ok(records.into_iter().map(line).collect())
}
