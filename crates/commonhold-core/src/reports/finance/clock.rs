//! The clock of publication: every entry is public within one working day
//! (`finance.history.timely`).

use crate::date::Date;
use crate::id::RecordId;
use serde::Serialize;

/// An entry that was published late, or is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ClockLine {
    /// The transaction.
    #[cfg_attr(test, ts(type = "string"))]
    pub transaction: RecordId,
    /// What it is called.
    pub title: String,
    /// Its day.
    #[cfg_attr(test, ts(type = "string"))]
    pub date: Date,
    /// The day the public saw it first; nothing while it has not.
    pub published: Option<Date>,
    /// Working days from the one to the other, or to the day of this report.
    pub working_days: u32,
}

/// How fast entries become public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Clock {
    /// The day it is of.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// How many entries there are up to that day.
    pub entries: u32,
    /// How many of them are public.
    pub published: u32,
    /// How many are not.
    pub unpublished: u32,
    /// How many were public within one working day.
    pub in_time: u32,
    /// How many were not, or are not public and should be.
    pub breaches: u32,
    /// Share of the entries that were due and were public in time, with the unit; empty while none
    /// was due.
    pub share: String,
    /// The day of the last publication.
    pub last_publication: Option<Date>,
    /// The newest breaches, at most two hundred.
    pub rows: Vec<ClockLine>,
    /// How it is computed, with the numbers.
    pub formula: String,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}
