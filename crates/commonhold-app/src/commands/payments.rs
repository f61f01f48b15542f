//! Payments: what is to be paid, who approves it, files for the bank, what became of them.

mod types;

pub use types::*;

use crate::app::App;
use crate::failure::{Code, Failure};
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date, Kind, RecordId, Time};
use std::path::Path;

fn later<T>() -> Result<T, Failure> {
    Err(Failure::new(Code::Unsupported, "This is not there yet."))
}

/// All there is to pay, and how it goes.
pub fn payments(_: &Reader, _: &BookId, _: Time) -> Result<Payments, Failure> {
    later()
}

/// Approves or rejects an expense, a schedule or a close as it stands now.
pub fn expense_approve(
    _: &mut App,
    _: &BookId,
    _: Kind,
    _: &RecordId,
    _verdict: &str,
    _reason: &str,
) -> Result<RecordId, Failure> {
    later()
}

/// Adds the expenses of bills that come due until a day.
pub fn payments_prepare(_: &mut App, _: &BookId, _until: Date) -> Result<Prepared, Failure> {
    later()
}

/// Lets this device write payment files for some days.
pub fn lease_take(
    _: &mut App,
    _: &BookId,
    _days: u32,
    _reason: &str,
) -> Result<LeaseView, Failure> {
    later()
}

/// Gives the lease of this device back.
pub fn lease_end(_: &mut App, _: &BookId) -> Result<LeaseView, Failure> {
    later()
}

/// A payment file before it is written.
pub fn batch_preview(
    _: &Reader,
    _: &BookId,
    _now: Time,
    _: &BatchOrder,
) -> Result<BatchPreview, Failure> {
    later()
}

/// Writes a payment file and remembers it.
pub fn batch_write(
    _: &mut App,
    _: &BookId,
    _: &BatchOrder,
    _: &Path,
) -> Result<BatchDone, Failure> {
    later()
}

/// Takes a payment file out of effect: it was not and will not be handed to the bank.
pub fn batch_withdraw(
    _: &mut App,
    _: &BookId,
    _id: &RecordId,
    _reason: &str,
) -> Result<(), Failure> {
    later()
}

/// Says what became of an expense that no statement shows.
pub fn outcome_add(_: &mut App, _: &BookId, _: &NewOutcome) -> Result<RecordId, Failure> {
    later()
}

/// Everything a person need not do: prepares what comes due, writes a file of all that can be
/// paid.
pub fn payment_run(_: &mut App, _: &BookId, _dir: &Path, _days: u32) -> Result<RunReport, Failure> {
    later()
}

/// Finds the lines of statements that pay expenses; call it after an import.
pub fn match_payments(_: &mut App, _: &BookId) -> Result<Matched, Failure> {
    later()
}
