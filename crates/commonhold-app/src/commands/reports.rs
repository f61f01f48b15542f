//! Reports, as of a day: the one given, else the end of the last month with entries.

use crate::failure::{Code, Failure};
use commonhold_core::reports::finance::balances::{self, Balances};
use commonhold_core::reports::finance::budget::BudgetReport;
use commonhold_core::reports::finance::clock::Clock;
use commonhold_core::reports::finance::concentration::Concentration;
use commonhold_core::reports::finance::conformance::FinanceConformance;
use commonhold_core::reports::finance::coverage::PrepaidCoverage;
use commonhold_core::reports::finance::efficiency::{self, Efficiency};
use commonhold_core::reports::finance::forecast::Forecast;
use commonhold_core::reports::finance::ledger::Ledger;
use commonhold_core::reports::finance::left_over::LeftOver;
use commonhold_core::reports::finance::overview::{self, Overview};
use commonhold_core::reports::finance::self_funded::SelfFunded;
use commonhold_core::reports::finance::statements::Statements;
use commonhold_core::reports::finance::trial_balance::TrialBalance;
use commonhold_core::reports::finance::what_if::{WhatIf, WhatIfQuestion};
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
    Err(later())
}

/// The twelve months to come.
pub fn forecast(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<Forecast, Failure> {
    Err(later())
}

/// Coverage, with gifts paid ahead spread over the months they are for.
pub fn coverage(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<PrepaidCoverage, Failure> {
    Err(later())
}

/// How much of the income hangs on few donors.
pub fn concentration(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<Concentration, Failure> {
    Err(later())
}

/// Runway and coverage as they would be.
pub fn what_if(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
    question: &WhatIfQuestion,
) -> Result<WhatIf, Failure> {
    Err(later())
}

/// What is left over, and where it goes.
pub fn left_over(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<LeftOver, Failure> {
    Err(later())
}

/// Bank statements as a chain, beside the books.
pub fn statements(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<Statements, Failure> {
    Err(later())
}

/// The trial balance.
pub fn trial_balance(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<TrialBalance, Failure> {
    Err(later())
}

/// How fast entries become public, as of the day given, else today.
pub fn clock(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<Clock, Failure> {
    Err(later())
}

/// Who pays for the service.
pub fn self_funded(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<SelfFunded, Failure> {
    Err(later())
}

/// What the records prove of the framework's finance requirements, as of the day given, else today.
pub fn finance_conformance(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<FinanceConformance, Failure> {
    Err(later())
}

fn later() -> Failure {
    Failure::new(Code::Unsupported, "This cannot be done yet.")
}
