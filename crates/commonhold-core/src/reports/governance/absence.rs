//! On how few people each part of the work hangs (contributor absence factor, as CHAOSS defines it:
//! the fewest people who did at least half of it).

use crate::date::{Date, Time};
use crate::id::{BookId, RecordId};
use crate::projection::{Row, State};
use crate::records::Kind;
use crate::store::{Error, Reader};
use serde::Serialize;
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What counts as a piece of work, by area: kinds, and the field that names who did it.
const AREAS: &[(&str, &[(Kind, &str)])] = &[
    (
        "money",
        &[
            (Kind::Approval, "person"),
            (Kind::Batch, "person"),
            (Kind::Outcome, "person"),
            (Kind::Reconciliation, "person"),
            (Kind::Close, "person"),
            (Kind::Publication, "person"),
        ],
    ),
    ("decisions", &[(Kind::Tally, "person"), (Kind::Intervention, "person")]),
    ("secrets", &[(Kind::Secret, "holders")]),
    ("deploys", &[(Kind::Deploy, "person")]),
    ("incidents", &[(Kind::IncidentLine, "person"), (Kind::Review, "person")]),
    (
        "knowledge",
        &[(Kind::RunbookRun, "person"), (Kind::Runbook, "owner"), (Kind::Process, "owner")],
    ),
    ("contributions", &[(Kind::Contribution, "person")]),
];

/// Fields that say when something was done, in the order they are looked for.
const WHEN: &[&str] = &["date", "at", "started", "ended", "counted", "held"];

/// How an area's work is spread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct AbsenceArea {
    /// money, decisions, secrets, deploys, incidents, knowledge, contributions.
    pub area: String,
    /// The fewest people who did at least half of it; nothing where nothing names who did it.
    pub factor: Option<u32>,
    /// How many people did any of it.
    pub people: u32,
    /// How many pieces of work there are; secrets: how many times one is held.
    pub pieces: u32,
    /// Those few, by their person records.
    #[cfg_attr(test, ts(type = "string[]"))]
    pub few: Vec<RecordId>,
}

/// The fewest people who did at least half: how many and who, of equals the smaller id.
pub fn few(work: &BTreeMap<RecordId, u32>) -> Vec<RecordId> {
    let mut most: Vec<(Reverse<u32>, RecordId)> =
        work.iter().map(|(person, pieces)| (Reverse(*pieces), *person)).collect();
    most.sort_unstable();
    let total: u64 = work.values().map(|pieces| u64::from(*pieces)).sum();
    let (mut done, mut few) = (0_u64, Vec::new());
    for (Reverse(pieces), person) in most {
        if total == 0 || done.saturating_mul(2) >= total {
            break;
        }
        done = done.saturating_add(u64::from(pieces));
        few.push(person);
    }
    few
}

/// Works it out over the twelve months that end with a day. What stands without a day, such as who
/// holds a secret or owns a runbook, counts as it stands.
pub fn absence(reader: &Reader, book: &BookId, at: Date) -> Result<Vec<AbsenceArea>, Error> {
    let from = at.year_before();
    let mut areas = Vec::new();
    for (area, sources) in AREAS {
        let mut work: BTreeMap<RecordId, u32> = BTreeMap::new();
        for (kind, field) in *sources {
            reader.each(book, *kind, &mut |row| {
                let lately = day(&row).is_none_or(|day| from <= day && day <= at);
                if row.state == State::Ok && lately {
                    for person in people(&row, field) {
                        let pieces = work.entry(person).or_default();
                        *pieces = pieces.saturating_add(1);
                    }
                }
                true
            })?;
        }
        let few = few(&work);
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        areas.push(AbsenceArea {
            area: (*area).to_owned(),
            factor: Some(count(few.len())).filter(|factor| *factor > 0),
            people: count(work.len()),
            pieces: work.values().fold(0, |sum, pieces| sum.saturating_add(*pieces)),
            few,
        });
    }
    Ok(areas)
}

/// The day something was done, where it says.
fn day(row: &Row) -> Option<Date> {
    let text = WHEN.iter().find_map(|field| row.fields.get(*field)?.as_str())?;
    text.parse().ok().or_else(|| text.parse::<Time>().ok().map(|moment| moment.date()))
}

/// Whom a field names: one person or several.
fn people(row: &Row, field: &str) -> Vec<RecordId> {
    let read = |value: &Value| value.as_str()?.parse::<RecordId>().ok();
    match row.fields.get(field) {
        Some(Value::Array(several)) => several.iter().filter_map(read).collect(),
        Some(one) => read(one).into_iter().filter(|id| !id.is_nil()).collect(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(pieces: &[u32]) -> usize {
        let work = pieces
            .iter()
            .enumerate()
            .map(|(n, pieces)| (RecordId::from_u128(u128::try_from(n).unwrap() + 1), *pieces));
        few(&work.collect()).len()
    }

    #[test]
    fn the_fewest_who_did_at_least_half() {
        // The example CHAOSS gives: 1000, 202, 90, 33, 332, 343, 42, 433 contributions.
        assert_eq!(spread(&[1000, 202, 90, 33, 332, 343, 42, 433]), 2);
        assert_eq!(spread(&[]), 0);
        assert_eq!(spread(&[0, 0]), 0);
        assert_eq!(spread(&[7]), 1);
        assert_eq!(spread(&[5, 5]), 1, "exactly half is half");
        assert_eq!(spread(&[1, 1, 1, 1, 1]), 3);
        assert_eq!(spread(&[u32::MAX, u32::MAX, u32::MAX]), 2);
    }
}
