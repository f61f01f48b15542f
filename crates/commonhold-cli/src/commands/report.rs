//! `commonhold report`: numbers with their formula.

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
    /// How much of the expense recurring income pays
    Coverage,
    /// What the money was spent on
    Efficiency,
    /// Every account of every fund
    TrialBalance,
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
        Which::TrialBalance => {
            let balances = reports::balances(&reader, &book, report.at, today())?;
            let rows: Vec<Vec<String>> = balances
                .rows
                .iter()
                .map(|r| vec![r.path.clone(), r.fund.clone(), r.amount.clone(), r.total.clone()])
                .collect();
            out.line(format!("As of {}", balances.at));
            out.table(&["account", "fund", "amount", "converted"], &rows);
            let sound = "Every currency of every fund sums to zero.";
            let wrong = "The balances do not sum to zero; please report this.";
            out.line(if balances.balanced { sound } else { wrong });
            out.value(&balances);
            Ok(u8::from(!balances.balanced))
        }
        which => overview(context, &reports::overview(&reader, &book, report.at, today())?, which),
    }
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
        Which::Coverage => {
            let coverage = &overview.coverage;
            let percent =
                coverage.percent.as_ref().map_or("not known yet".into(), |p| format!("{p} %"));
            out.line(format!("Coverage: {percent}"));
            out.line(format!("  = {}", coverage.formula));
            out.value(coverage);
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
