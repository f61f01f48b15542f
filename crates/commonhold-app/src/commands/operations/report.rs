//! Operations in numbers, as the window shows them: of the last ninety days, and how things stand.

mod types;

pub use types::*;

use crate::commands::count;
use crate::failure::Failure;
use commonhold_core::date::{Date, Time};
use commonhold_core::framework::facts::all;
use commonhold_core::records::operations::secret::Secret;
use commonhold_core::reports::operations::availability::{self, Uptime};
use commonhold_core::reports::operations::continuity::continuity;
use commonhold_core::reports::operations::deploys::deploys;
use commonhold_core::reports::operations::incidents::{IncidentRecords, REVIEW_DAYS, incidents};
use commonhold_core::reports::operations::rotation::holding;
use commonhold_core::reports::operations::runbooks::{KnowledgeRecords, runbooks};
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Kind, RecordId};
use std::collections::{BTreeMap, BTreeSet};

/// Months of availability that are shown.
const MONTHS: u16 = 24;

/// Works it out as of a moment.
pub fn report(reader: &Reader, book: &BookId, now: Time) -> Result<OperationsReport, Failure> {
    let _one_moment = reader.view()?;
    let at = now.date();
    let belongs = holding(reader, book)?;
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
