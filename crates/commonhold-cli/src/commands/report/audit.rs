//! What an auditor looks at: trial balance, statements, the clock of publication.

use super::super::{Done, today};
use super::{Report, Which, notes};
use crate::Context;
use commonhold_app::commands::reports;
use commonhold_core::BookId;
use commonhold_core::store::Reader;

pub(super) fn run(context: &Context, reader: &Reader, book: &BookId, report: &Report) -> Done {
    match report.which {
        Which::Statements => statements(context, reader, book, report),
        Which::Clock => clock(context, reader, book, report),
        Which::Absence => absence(context, reader, book, report),
        _ => trial_balance(context, reader, book, report),
    }
}

fn trial_balance(context: &Context, reader: &Reader, book: &BookId, report: &Report) -> Done {
    let (out, found) = (context.output, reports::trial_balance(reader, book, report.at, today())?);
    let rows: Vec<Vec<String>> = found
        .rows
        .iter()
        .map(|r| vec![r.path.clone(), r.fund_name.clone(), r.debit.clone(), r.credit.clone()])
        .collect();
    out.line(format!("As of {}", found.at));
    out.table(&["account", "fund", "debit", "credit"], &rows);
    let sound = "Every currency of every fund sums to zero.";
    let wrong = "The balances do not sum to zero; please report this.";
    out.line(if found.balanced { sound } else { wrong });
    notes(out, &found.formula, &found.missing);
    out.value(&found);
    Ok(u8::from(!found.balanced))
}

fn statements(context: &Context, reader: &Reader, book: &BookId, report: &Report) -> Done {
    let (out, found) = (context.output, reports::statements(reader, book, report.at, today())?);
    for account in &found.accounts {
        out.line(format!("{}: {}", account.path, account.sentence));
        let day =
            |day: Option<commonhold_core::Date>| day.map_or_else(String::new, |d| d.to_string());
        let rows: Vec<Vec<String>> = account
            .rows
            .iter()
            .map(|r| {
                let (from, to) = (day(r.from), day(r.to));
                let (opening, closing) = (r.opening.clone(), r.closing.clone());
                vec![from, to, opening, closing, r.difference.clone(), r.finding.clone()]
            })
            .collect();
        out.table(&["from", "to", "opening", "closing", "less books", "finding"], &rows);
        for row in &account.reconciliations {
            out.line(format!("{} compared by {}: {}", row.date, row.person_name, row.sentence));
        }
    }
    notes(out, "", &found.missing);
    out.value(&found);
    Ok(u8::from(found.findings > 0))
}

fn clock(context: &Context, reader: &Reader, book: &BookId, report: &Report) -> Done {
    let (out, found) = (context.output, reports::clock(reader, book, report.at, today())?);
    out.line(format!(
        "As of {}: {} entries, {} public, {} not; {} late",
        found.at, found.entries, found.published, found.unpublished, found.breaches
    ));
    let rows: Vec<Vec<String>> = found
        .rows
        .iter()
        .map(|r| {
            let published = r.published.map_or_else(|| "not yet".to_owned(), |day| day.to_string());
            vec![r.date.to_string(), published, r.working_days.to_string(), r.title.clone()]
        })
        .collect();
    if !rows.is_empty() {
        out.table(&["day", "public", "working days", "entry"], &rows);
    }
    out.line(format!("Public in time: {}", found.share));
    notes(out, &found.formula, &found.missing);
    out.value(&found);
    Ok(u8::from(found.breaches > 0))
}

fn absence(context: &Context, reader: &Reader, book: &BookId, report: &Report) -> Done {
    let (out, found) = (context.output, reports::absence(reader, book, report.at, today())?);
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|area| {
            let factor = area.factor.map_or_else(|| "not known".to_owned(), |n| n.to_string());
            vec![area.area.clone(), factor, area.people.to_string(), area.pieces.to_string()]
        })
        .collect();
    out.table(&["area", "people who did half", "people", "pieces of work"], &rows);
    out.line("The fewest people who did at least half of it in twelve months (CHAOSS).");
    out.value(&found);
    Ok(0)
}
