//! Reports, as of a day, and what this device has.

use crate::host::{Answer, State, today};
use commonhold_app::commands::{reports, status};
use commonhold_core::reports::finance::balances::Balances;
use commonhold_core::reports::finance::budget::BudgetReport;
use commonhold_core::reports::finance::clock::Clock;
use commonhold_core::reports::finance::concentration::Concentration;
use commonhold_core::reports::finance::coverage::PrepaidCoverage;
use commonhold_core::reports::finance::efficiency::Efficiency;
use commonhold_core::reports::finance::forecast::Forecast;
use commonhold_core::reports::finance::left_over::LeftOver;
use commonhold_core::reports::finance::overview::Overview;
use commonhold_core::reports::finance::self_funded::SelfFunded;
use commonhold_core::reports::finance::statements::Statements;
use commonhold_core::reports::finance::trial_balance::TrialBalance;
use commonhold_core::reports::finance::what_if::{WhatIf, WhatIfQuestion};
use commonhold_core::reports::governance::absence::AbsenceArea;
use commonhold_core::{BookId, Date};
use tauri::command;

#[command]
pub async fn report_overview(host: State<'_>, book: BookId, at: Option<Date>) -> Answer<Overview> {
    host.read(move |reader| reports::overview(reader, &book, at, today())).await
}

#[command]
pub async fn report_balances(host: State<'_>, book: BookId, at: Option<Date>) -> Answer<Balances> {
    host.read(move |reader| reports::balances(reader, &book, at, today())).await
}

#[command]
pub async fn report_efficiency(
    host: State<'_>,
    book: BookId,
    at: Option<Date>,
) -> Answer<Efficiency> {
    host.read(move |reader| reports::efficiency(reader, &book, at, today())).await
}

#[command]
pub async fn report_absence(
    host: State<'_>,
    book: BookId,
    at: Option<Date>,
) -> Answer<Vec<AbsenceArea>> {
    host.read_beside(move |reader| reports::absence(reader, &book, at, today())).await
}

#[command]
pub async fn status(host: State<'_>, book: BookId) -> Answer<status::Status> {
    host.read(move |reader| status::status(reader, &book)).await
}

#[command]
pub async fn report_budget(
    host: State<'_>,
    book: BookId,
    at: Option<Date>,
) -> Answer<BudgetReport> {
    host.read_beside(move |reader| reports::budget(reader, &book, at, today())).await
}

#[command]
pub async fn report_forecast(host: State<'_>, book: BookId, at: Option<Date>) -> Answer<Forecast> {
    host.read_beside(move |reader| reports::forecast(reader, &book, at, today())).await
}

#[command]
pub async fn report_coverage(
    host: State<'_>,
    book: BookId,
    at: Option<Date>,
) -> Answer<PrepaidCoverage> {
    host.read_beside(move |reader| reports::coverage(reader, &book, at, today())).await
}

#[command]
pub async fn report_concentration(
    host: State<'_>,
    book: BookId,
    at: Option<Date>,
) -> Answer<Concentration> {
    host.read_beside(move |reader| reports::concentration(reader, &book, at, today())).await
}

#[command]
pub async fn report_left_over(host: State<'_>, book: BookId, at: Option<Date>) -> Answer<LeftOver> {
    host.read_beside(move |reader| reports::left_over(reader, &book, at, today())).await
}

#[command]
pub async fn report_statements(
    host: State<'_>,
    book: BookId,
    at: Option<Date>,
) -> Answer<Statements> {
    host.read_beside(move |reader| reports::statements(reader, &book, at, today())).await
}

#[command]
pub async fn report_trial_balance(
    host: State<'_>,
    book: BookId,
    at: Option<Date>,
) -> Answer<TrialBalance> {
    host.read_beside(move |reader| reports::trial_balance(reader, &book, at, today())).await
}

#[command]
pub async fn report_clock(host: State<'_>, book: BookId, at: Option<Date>) -> Answer<Clock> {
    host.read_beside(move |reader| reports::clock(reader, &book, at, today())).await
}

#[command]
pub async fn report_self_funded(
    host: State<'_>,
    book: BookId,
    at: Option<Date>,
) -> Answer<SelfFunded> {
    host.read_beside(move |reader| reports::self_funded(reader, &book, at, today())).await
}

#[command]
pub async fn report_what_if(
    host: State<'_>,
    book: BookId,
    at: Option<Date>,
    question: WhatIfQuestion,
) -> Answer<WhatIf> {
    host.read_beside(move |reader| reports::what_if(reader, &book, at, today(), &question)).await
}
