//! What the service hangs on: which items fewer than two people hold, and which must be renewed.

use super::count;
use crate::date::Date;
use crate::id::RecordId;
use crate::records::operations::continuity::Continuity;
use crate::reports::Records;
use serde::Serialize;
use std::collections::BTreeSet;

/// How many people should hold each item at least.
pub const HOLDERS: usize = 2;
/// Days before a renewal from which it is said.
pub const NOTICE_DAYS: u16 = 30;

/// An item as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ContinuityLine {
    /// The item.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What it is.
    pub name: String,
    /// domain, bank, host and the like.
    pub sort: String,
    /// Those of its holders who belong, each once.
    #[cfg_attr(test, ts(type = "string[]"))]
    pub holders: Vec<RecordId>,
    /// Whether these are fewer than two.
    pub short: bool,
    /// The day it must be renewed.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub renewal: Option<Date>,
    /// Whether that is within 30 days, or past.
    pub due: bool,
    /// Whether that is past.
    pub overdue: bool,
    /// Whether nobody wrote down how it is handed over.
    pub no_handover: bool,
}

/// How the register stands on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ContinuityReport {
    /// The day.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// The items: those held by fewest first, then by renewal, then by name.
    pub items: Vec<ContinuityLine>,
    /// How many are held by fewer than two who belong.
    pub short: u32,
    /// How many must be renewed within 30 days, or should have been.
    pub due: u32,
}

/// Works it out on a day; `belongs` are the people who belong to the service.
pub fn continuity(
    records: &Records<Continuity>,
    belongs: &BTreeSet<RecordId>,
    at: Date,
) -> ContinuityReport {
    let notice = at.days_later(NOTICE_DAYS);
    let mut items: Vec<ContinuityLine> = records
        .iter()
        .map(|(id, item)| {
            let holders: BTreeSet<RecordId> =
                item.holders.iter().copied().filter(|person| belongs.contains(person)).collect();
            ContinuityLine {
                id: *id,
                name: item.name.clone(),
                sort: item.continuity_type.clone(),
                short: holders.len() < HOLDERS,
                holders: holders.into_iter().collect(),
                renewal: item.renewal,
                due: item.renewal.is_some_and(|day| day <= notice),
                overdue: item.renewal.is_some_and(|day| day < at),
                no_handover: item.handover.as_deref().unwrap_or_default().trim().is_empty(),
            }
        })
        .collect();
    items.sort_by(|a, b| {
        let key = |one: &ContinuityLine| {
            let held = one.holders.len().min(HOLDERS);
            (held, one.renewal.is_none(), one.renewal, one.name.clone(), one.id)
        };
        key(a).cmp(&key(b))
    });
    ContinuityReport {
        at,
        short: count(items.iter().filter(|one| one.short).count()),
        due: count(items.iter().filter(|one| one.due).count()),
        items,
    }
}
