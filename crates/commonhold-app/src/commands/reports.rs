//! Reports, as of a day.

use crate::failure::Failure;
use commonhold_core::reports::finance::balances::{self, Balances};
use commonhold_core::reports::finance::efficiency::{self, Efficiency};
use commonhold_core::reports::finance::ledger::Ledger;
use commonhold_core::reports::finance::overview::{self, Overview};
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date};

/// Balance by fund, income and expense by month, runway, coverage.
pub fn overview(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<Overview, Failure> {
    Ok(overview::overview(&Ledger::load(reader, book, at, today)?))
}

/// Every account's balance of every fund.
pub fn balances(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<Balances, Failure> {
    Ok(balances::balances(&Ledger::load(reader, book, at, today)?))
}

/// What the money was spent on, as ratios.
pub fn efficiency(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<Efficiency, Failure> {
    Ok(efficiency::efficiency(&Ledger::load(reader, book, at, today)?))
}
