//! Plans: budget, forecast, coverage, donors, what if, what is left over.

use super::super::{Done, record_id, today};
use super::{Report, Which, notes};
use crate::Context;
use commonhold_app::Failure;
use commonhold_app::commands::reports;
use commonhold_core::BookId;
use commonhold_core::reports::finance::efficiency::Ratio;
use commonhold_core::reports::finance::what_if::{Outlook, WhatIfQuestion};
use commonhold_core::store::Reader;

pub(super) fn run(context: &Context, reader: &Reader, book: &BookId, report: &Report) -> Done {
    match report.which {
        Which::Budget => budget(context, reader, book, report),
        Which::Forecast => forecast(context, reader, book, report),
        Which::Concentration => concentration(context, reader, book, report),
        Which::WhatIf => what_if(context, reader, book, report),
        Which::LeftOver => left_over(context, reader, book, report),
        Which::SelfFunded => self_funded(context, reader, book, report),
        _ => coverage(context, reader, book, report),
    }
}

fn known(number: Option<&String>, unit: &str) -> String {
    number.map_or_else(|| "not known yet".to_owned(), |number| format!("{number} {unit}"))
}

fn budget(context: &Context, reader: &Reader, book: &BookId, report: &Report) -> Done {
    let (out, found) = (context.output, reports::budget(reader, book, report.at, today())?);
    let cells = |l: &commonhold_core::reports::finance::budget::BudgetLine| {
        vec![
            l.path.clone(),
            l.fund_name.clone(),
            l.planned.clone(),
            l.actual.clone(),
            l.difference.clone(),
            l.sentence.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = found.lines.iter().map(cells).collect();
    out.line(format!("From {} to {}", found.from, found.to));
    out.table(&["account", "fund", "planned", "posted", "difference", "meaning"], &rows);
    notes(out, &found.formula, &found.missing);
    out.value(&found);
    Ok(0)
}

fn forecast(context: &Context, reader: &Reader, book: &BookId, report: &Report) -> Done {
    let (out, found) = (context.output, reports::forecast(reader, book, report.at, today())?);
    out.line(format!(
        "As of {}: {} unrestricted, {} in all",
        found.at, found.cash, found.total_cash
    ));
    let cells = |m: &commonhold_core::reports::finance::forecast::ForecastMonth| {
        let (income, expense) = (m.income.clone(), m.expense.clone());
        vec![m.month.clone(), income, expense, m.cash.clone(), m.total_cash.clone()]
    };
    let rows: Vec<Vec<String>> = found.months.iter().map(cells).collect();
    out.table(&["month", "comes in", "goes out", "unrestricted", "all money"], &rows);
    out.line(match &found.first_below_zero {
        Some(month) => format!("Unrestricted money is below zero from {month}."),
        None => "Unrestricted money stays above zero.".to_owned(),
    });
    found.short.iter().for_each(|sentence| out.line(sentence));
    notes(out, &found.formula, &found.missing);
    out.value(&found);
    Ok(0)
}

fn ratios(context: &Context, rows: &[Ratio]) {
    let cells =
        |r: &Ratio| vec![r.label.clone(), r.value.clone(), r.amounts.clone(), r.formula.clone()];
    let rows: Vec<Vec<String>> = rows.iter().map(cells).collect();
    context.output.table(&["share", "value", "amounts", "formula"], &rows);
}

fn concentration(context: &Context, reader: &Reader, book: &BookId, report: &Report) -> Done {
    let (out, found) = (context.output, reports::concentration(reader, book, report.at, today())?);
    out.line(format!("From {} to {}: {} income", found.from, found.at, found.income));
    ratios(context, &found.rows);
    let donors = found.donors.iter();
    let rows: Vec<Vec<String>> = donors
        .map(|d| vec![d.name.clone(), d.donor_type.clone(), d.amount.clone(), d.share.clone()])
        .collect();
    out.table(&["donor", "type", "amount", "share"], &rows);
    notes(out, "", &found.missing);
    out.value(&found);
    Ok(0)
}

fn what_if(context: &Context, reader: &Reader, book: &BookId, report: &Report) -> Done {
    let drop_schedules =
        report.drop_schedule.iter().map(|id| record_id(id)).collect::<Result<_, Failure>>()?;
    let question = WhatIfQuestion {
        lose_top_donor: report.lose_top_donor,
        price_change_percent: report.price_change,
        drop_schedules,
    };
    let out = context.output;
    let found = reports::what_if(reader, book, report.at, today(), &question)?;
    out.line(format!("As of {}", found.at));
    found.supposed.iter().for_each(|sentence| out.line(sentence));
    let column = |outlook: &Outlook| {
        let recurring = match (&outlook.runway.recurring_only_months, outlook.runway.covered) {
            (_, true) => "covered".to_owned(),
            (months, _) => known(months.as_ref(), "months"),
        };
        [
            known(outlook.runway.months.as_ref(), "months"),
            recurring,
            known(outlook.coverage.percent.as_ref(), "%"),
            outlook.runway.average_expense.clone(),
        ]
    };
    let names = ["runway", "runway, recurring income only", "coverage", "average monthly expense"];
    let both = column(&found.before).into_iter().zip(column(&found.after));
    let rows: Vec<Vec<String>> =
        names.iter().zip(both).map(|(name, (a, b))| vec![(*name).to_owned(), a, b]).collect();
    out.table(&["", "before", "after"], &rows);
    notes(out, &found.after.runway.formula, &[]);
    notes(out, &found.after.coverage.formula, &found.missing);
    out.value(&found);
    Ok(0)
}

fn left_over(context: &Context, reader: &Reader, book: &BookId, report: &Report) -> Done {
    let (out, found) = (context.output, reports::left_over(reader, book, report.at, today())?);
    let steps = found.steps.iter();
    let rows: Vec<Vec<String>> =
        steps.map(|s| vec![s.label.clone(), s.amount.clone(), s.formula.clone()]).collect();
    out.line(format!("As of {}", found.at));
    out.line(format!("Left over: {}", found.left_over.as_deref().unwrap_or("not known yet")));
    if !rows.is_empty() {
        out.table(&["for", "amount", "formula"], &rows);
    }
    if !found.proposal.is_empty() {
        out.line(&found.proposal);
    }
    notes(out, &found.formula, &found.missing);
    out.value(&found);
    Ok(0)
}

fn self_funded(context: &Context, reader: &Reader, book: &BookId, report: &Report) -> Done {
    let (out, found) = (context.output, reports::self_funded(reader, book, report.at, today())?);
    let rows: Vec<Vec<String>> = found
        .sources
        .iter()
        .map(|s| {
            vec![s.donor_type.clone(), s.donors.to_string(), s.amount.clone(), s.share.clone()]
        })
        .collect();
    out.table(&["source", "donors", "amount", "share"], &rows);
    out.line(&found.sentence);
    notes(out, &found.formula, &found.missing);
    out.value(&found);
    Ok(u8::from(found.met == Some(false)))
}

fn coverage(context: &Context, reader: &Reader, book: &BookId, report: &Report) -> Done {
    let (out, found) = (context.output, reports::coverage(reader, book, report.at, today())?);
    out.line(format!("As of {}", found.at));
    let rows: Vec<Vec<String>> = found
        .months
        .iter()
        .map(|m| vec![m.month.clone(), m.received.clone(), m.spread.clone(), m.expense.clone()])
        .collect();
    out.table(&["month", "received in it", "for it", "expense"], &rows);
    out.line(format!("Coverage: {}", known(found.percent.as_ref(), "%")));
    notes(out, &found.formula, &[]);
    out.line(format!("By when it arrived: {}", known(found.received_percent.as_ref(), "%")));
    notes(out, &found.received_formula, &found.missing);
    out.value(&found);
    Ok(0)
}
