//! `commonhold report`: numbers with their formula.

mod audit;
mod plans;

use super::{Done, today};
use crate::Context;
use clap::{Args, ValueEnum};
use commonhold_app::Failure;
use commonhold_app::commands::reports;
use commonhold_core::Date;

/// Which report, as of when.
#[derive(Args)]
pub struct Report {
    /// Which
    which: Which,
    /// As of this day, such as 2026-06-30 [default: the end of the last month with entries]
    #[arg(long, value_name = "DATE")]
    at: Option<Date>,
    /// What if: the donor who gave most gives no more
    #[arg(long)]
    lose_top_donor: bool,
    /// What if: all expenses change by so many percent
    #[arg(long, value_name = "PERCENT", default_value_t = 0, allow_negative_numbers = true)]
    price_change: i32,
    /// What if: this schedule ends (id); may be repeated
    #[arg(long, value_name = "ID")]
    drop_schedule: Vec<String>,
}

/// The reports.
#[derive(Clone, Copy, ValueEnum)]
pub enum Which {
    /// Money by fund
    Balances,
    /// Income and expense by month
    Income,
    /// How long the money lasts
    Runway,
    /// How much of the expense recurring income pays, gifts paid ahead spread over their months
    Coverage,
    /// What the money was spent on
    Efficiency,
    /// Every account of every fund
    TrialBalance,
    /// What was planned this year and what came of it
    Budget,
    /// The twelve months to come
    Forecast,
    /// How much of the income hangs on few donors
    Concentration,
    /// Runway and coverage as they would be (see the options)
    WhatIf,
    /// What is left over, and where it goes
    LeftOver,
    /// Bank statements as a chain, beside the books
    Statements,
    /// How fast entries become public
    Clock,
    /// Who pays for the service
    SelfFunded,
    /// On how few people each part of the work hangs
    Absence,
    /// Secrets to be changed since somebody who held them left
    Rotation,
}

/// Runs the command.
pub fn run(context: &Context, report: &Report) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let out = context.output;
    match report.which {
        Which::Efficiency => {
            let efficiency = reports::efficiency(&reader, &book, report.at, today())?;
            let rows: Vec<Vec<String>> = efficiency
                .rows
                .iter()
                .map(|r| {
                    vec![r.label.clone(), r.value.clone(), r.amounts.clone(), r.formula.clone()]
                })
                .collect();
            out.table(&["ratio", "value", "amounts", "formula"], &rows);
            out.value(&efficiency);
            Ok(0)
        }
        Which::Rotation => {
            let rotation = commonhold_app::commands::people::rotation(&reader, &book)?;
            let rows: Vec<Vec<String>> = rotation
                .items
                .iter()
                .map(|item| {
                    let held = if item.sole { "nobody".into() } else { item.holders.join(", ") };
                    vec![item.label.clone(), item.blast_radius.to_string(), held]
                })
                .collect();
            out.table(&["to be changed", "harm", "still held by"], &rows);
            out.line(format!(
                "{} secrets, {} of them with fewer than two holders",
                rotation.public_total, rotation.public_single_holder
            ));
            out.value(&rotation);
            Ok(u8::from(!rotation.items.is_empty()))
        }
        Which::Balances | Which::Income | Which::Runway => {
            let found = reports::overview(&reader, &book, report.at, today())?;
            overview(context, &found, report.which)
        }
        Which::TrialBalance | Which::Statements | Which::Clock | Which::Absence => {
            audit::run(context, &reader, &book, report)
        }
        _ => plans::run(context, &reader, &book, report),
    }
}

/// Prints how a number is computed, and what is not known.
fn notes(out: crate::output::Output, formula: &str, missing: &[String]) {
    if !formula.is_empty() {
        out.line(format!("  = {formula}"));
    }
    missing.iter().for_each(|missing| out.line(format!("Note: {missing}")));
}

fn overview(
    context: &Context,
    overview: &commonhold_core::reports::finance::overview::Overview,
    which: Which,
) -> Result<u8, Failure> {
    let out = context.output;
    out.line(format!("As of {}", overview.at));
    match which {
        Which::Income => {
            let rows: Vec<Vec<String>> = overview
                .months
                .iter()
                .map(|m| vec![m.month.clone(), m.income.clone(), m.expense.clone()])
                .collect();
            out.table(&["month", "income", "expense"], &rows);
            out.value(&overview.months);
        }
        Which::Runway => {
            let runway = &overview.runway;
            let months =
                runway.months.as_ref().map_or("not known yet".into(), |m| format!("{m} months"));
            out.line(format!("Without any income: {months}"));
            out.line(match (&runway.recurring_only_months, runway.covered) {
                (_, true) => "With recurring income only: covered, it pays the expenses".into(),
                (Some(months), _) => format!("With recurring income only: {months} months"),
                (None, _) => "With recurring income only: not known yet".to_owned(),
            });
            if let Some(reserve) = &runway.reserve_months {
                out.line(format!("Set aside for closing: {reserve} months"));
            }
            out.line(format!("  = {}", runway.formula));
            out.value(runway);
        }
        _ => {
            let rows: Vec<Vec<String>> = overview
                .balances
                .iter()
                .map(|f| {
                    vec![
                        f.name.clone(),
                        f.restriction.clone(),
                        f.total.clone(),
                        f.converted.clone().unwrap_or_default(),
                    ]
                })
                .collect();
            out.table(&["fund", "restriction", "balance", "converted"], &rows);
            out.line(format!("Total: {}", overview.total));
            out.value(overview);
        }
    }
    overview.missing.iter().for_each(|missing| out.line(format!("Note: {missing}")));
    Ok(0)
}
