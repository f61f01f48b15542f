//! What the report of operations answers.

use commonhold_core::{Date, RecordId};
use serde::Serialize;

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
