//! Mean times of incidents, as people quote them: MTTD, MTTM and MTTR, each from the start of an
//! incident. An incident that was withdrawn does not count, and is counted once more beside, so that
//! taking one out of effect never makes the numbers better unseen.

use crate::commands::count;
use crate::failure::Failure;
use commonhold_core::framework::facts::all;
use commonhold_core::projection::State;
use commonhold_core::records::operations::incident::Incident;
use commonhold_core::reports::Records;
use commonhold_core::reports::operations::incidents::{IncidentRecords, REVIEW_DAYS, incidents};
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date, Kind};
use serde::Serialize;
use serde_json::Value;

/// Means over a set of incidents, in whole minutes; nothing where no incident of it has the times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Means {
    /// How many incidents the set has.
    pub incidents: u32,
    /// How many of them are over.
    pub resolved: u32,
    /// Mean minutes until they were noticed (MTTD).
    pub mttd_minutes: Option<i64>,
    /// Mean minutes until users no longer felt them (MTTM).
    pub mttm_minutes: Option<i64>,
    /// Mean minutes until they were over (MTTR).
    pub mttr_minutes: Option<i64>,
}

/// The means of some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IncidentMeans {
    /// The first day on which an incident counts; nothing: all count.
    pub from: Option<Date>,
    /// The last.
    pub at: Date,
    /// Over the incidents that count.
    #[serde(flatten)]
    pub means: Means,
    /// How many were withdrawn.
    pub withdrawn: u32,
    /// The same over those and the ones that were withdrawn.
    pub with_withdrawn: Means,
}

/// Works them out for the incidents that began on a day or later, up to another.
pub fn means(
    reader: &Reader,
    book: &BookId,
    from: Option<Date>,
    at: Date,
) -> Result<IncidentMeans, Failure> {
    let _one_moment = reader.view()?;
    let counting: Records<Incident> = all(reader, book, Kind::Incident)?;
    let mut withdrawn: Records<Incident> = Vec::new();
    reader.each(book, Kind::Incident, &mut |row| {
        if row.state == State::Withdrawn
            && let Ok(incident) = serde_json::from_value(Value::Object(row.fields))
        {
            withdrawn.push((row.id, incident));
        }
        true
    })?;
    let of = |incidents: Records<Incident>| over(incidents, from, at);
    let taken = of(withdrawn.clone()).incidents;
    let both = counting.iter().cloned().chain(withdrawn).collect();
    let (means, with_withdrawn) = (of(counting), of(both));
    Ok(IncidentMeans { from, at, means, withdrawn: taken, with_withdrawn })
}

fn over(set: Records<Incident>, from: Option<Date>, at: Date) -> Means {
    let records = IncidentRecords { incidents: set, ..IncidentRecords::default() };
    let found = incidents(&records, from, at, REVIEW_DAYS);
    Means {
        incidents: count(found.incidents.len()),
        resolved: count(found.resolve.of.len()),
        mttd_minutes: found.detect.minutes,
        mttm_minutes: found.mitigate.minutes,
        mttr_minutes: found.resolve.minutes,
    }
}
