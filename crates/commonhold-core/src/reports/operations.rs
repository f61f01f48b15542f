//! Reports of the area operations: pure functions of the records that count and a day or moment.
//! Percentages are whole numbers of tenths of a per cent (uptime: thousandths), spans of time whole
//! minutes; where nothing can be computed there is nothing, never a zero.

pub mod availability;
pub mod continuity;
pub mod deploys;
pub mod incidents;
pub mod rotation;
pub mod runbooks;
#[cfg(test)]
mod tests;

use crate::date::Time;
use crate::id::RecordId;
use crate::money::divide_half_even;
use serde::Serialize;

/// A number of minutes worked out of several records, with those it was worked out of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Minutes {
    /// The number; nothing where no record says enough.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub minutes: Option<i64>,
    /// The records it comes from, in the order of their ids.
    #[cfg_attr(test, ts(type = "string[]"))]
    pub of: Vec<RecordId>,
}

impl Minutes {
    /// The mean: sum ÷ number, half to even.
    pub(crate) fn mean(spans: Vec<(RecordId, i64)>) -> Self {
        let sum: i128 = spans.iter().map(|(_, minutes)| i128::from(*minutes)).sum();
        Self::over(spans, |spans| divide_half_even(sum, i128::try_from(spans.len()).ok()?))
    }

    /// The median: the middle one, or the mean of the two in the middle.
    pub(crate) fn median(spans: Vec<(RecordId, i64)>) -> Self {
        Self::over(spans, |spans| {
            let mut sorted: Vec<i64> = spans.iter().map(|(_, minutes)| *minutes).collect();
            sorted.sort_unstable();
            let low = sorted.get(sorted.len().checked_sub(1)?.div_euclid(2))?;
            let high = sorted.get(sorted.len().div_euclid(2))?;
            divide_half_even(i128::from(*low).saturating_add(i128::from(*high)), 2)
        })
    }

    fn over(
        mut spans: Vec<(RecordId, i64)>,
        of: impl Fn(&[(RecordId, i64)]) -> Option<i128>,
    ) -> Self {
        spans.sort_unstable();
        let minutes = if spans.is_empty() { None } else { of(&spans) };
        let minutes = minutes.and_then(|minutes| i64::try_from(minutes).ok());
        Self { minutes, of: spans.into_iter().map(|(id, _)| id).collect() }
    }
}

/// Whole minutes from one moment to a later one; nothing when it is earlier.
pub(crate) fn minutes_between(from: Time, to: Time) -> Option<i64> {
    to.0.checked_sub(from.0).filter(|span| *span >= 0).map(|span| span.div_euclid(60_000))
}

/// `part ÷ whole` in so many parts (1,000 for tenths of a per cent), half to even; nothing when
/// there is no whole.
pub(crate) fn share(part: i64, whole: i64, parts: i64) -> Option<i64> {
    let scaled = i128::from(part).checked_mul(i128::from(parts))?;
    let value = divide_half_even(scaled, i128::from(whole)).filter(|_| whole > 0)?;
    i64::try_from(value).ok()
}

/// A number of things as the window gets it.
pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
