//! Reports, as of a day: the one given, else the end of the last month with entries.

use crate::failure::Failure;
use commonhold_core::reports::finance::balances::{self, Balances};
use commonhold_core::reports::finance::budget::{self, BudgetReport};
use commonhold_core::reports::finance::clock::{self, Clock};
use commonhold_core::reports::finance::concentration::{self, Concentration};
use commonhold_core::reports::finance::coverage::{self, PrepaidCoverage};
use commonhold_core::reports::finance::efficiency::{self, Efficiency};
use commonhold_core::reports::finance::forecast::{self, Forecast};
use commonhold_core::reports::finance::ledger::Ledger;
use commonhold_core::reports::finance::left_over::{self, LeftOver};
use commonhold_core::reports::finance::overview::{self, Overview};
use commonhold_core::reports::finance::self_funded::{self, SelfFunded};
use commonhold_core::reports::finance::statements::{self, Statements};
use commonhold_core::reports::finance::trial_balance::{self, TrialBalance};
use commonhold_core::reports::finance::what_if::{self, WhatIf, WhatIfQuestion};
use commonhold_core::reports::governance::absence::{self, AbsenceArea};
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

/// What was planned and what came of it, from the beginning of the day's year.
pub fn budget(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<BudgetReport, Failure> {
    let _one_moment = reader.view()?;
    Ok(budget::budget(reader, book, &Ledger::read(reader, book, at, today)?)?)
}

/// The twelve months to come.
pub fn forecast(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<Forecast, Failure> {
    let _one_moment = reader.view()?;
    Ok(forecast::forecast(reader, book, &Ledger::read(reader, book, at, today)?)?)
}

/// Coverage, with gifts paid ahead spread over the months they are for.
pub fn coverage(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<PrepaidCoverage, Failure> {
    let _one_moment = reader.view()?;
    Ok(coverage::coverage(reader, book, &Ledger::read(reader, book, at, today)?)?)
}

/// How much of the income hangs on few donors.
pub fn concentration(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<Concentration, Failure> {
    let _one_moment = reader.view()?;
    Ok(concentration::concentration(reader, book, &Ledger::read(reader, book, at, today)?)?)
}

/// Runway and coverage as they would be.
pub fn what_if(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
    question: &WhatIfQuestion,
) -> Result<WhatIf, Failure> {
    let _one_moment = reader.view()?;
    Ok(what_if::what_if(reader, book, &Ledger::read(reader, book, at, today)?, question)?)
}

/// What is left over, and where it goes.
pub fn left_over(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<LeftOver, Failure> {
    let _one_moment = reader.view()?;
    Ok(left_over::left_over(reader, book, &Ledger::read(reader, book, at, today)?)?)
}

/// Bank statements as a chain, beside the books.
pub fn statements(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<Statements, Failure> {
    let _one_moment = reader.view()?;
    Ok(statements::statements(reader, book, at.unwrap_or(today))?)
}

/// The trial balance.
pub fn trial_balance(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<TrialBalance, Failure> {
    Ok(trial_balance::trial_balance(&Ledger::load(reader, book, at, today)?))
}

/// How fast entries become public, as of the day given, else today.
pub fn clock(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<Clock, Failure> {
    let _one_moment = reader.view()?;
    Ok(clock::clock(reader, book, at.unwrap_or(today))?)
}

/// Who pays for the service.
pub fn self_funded(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<SelfFunded, Failure> {
    let _one_moment = reader.view()?;
    Ok(self_funded::self_funded(reader, book, &Ledger::read(reader, book, at, today)?)?)
}

/// On how few people each part of the work hangs.
pub fn absence(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<Vec<AbsenceArea>, Failure> {
    let _one_moment = reader.view()?;
    Ok(absence::absence(reader, book, at.unwrap_or(today))?)
}
