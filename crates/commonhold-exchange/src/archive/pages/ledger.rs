//! The ledger by month: every transaction in effect, with its receipts and the expense it pays.

use super::super::book::transaction;
use super::super::html::{Cell, Page, text};
use super::super::ledger::windows_of;
use super::super::{Error, Export, each};
use super::{WINDOW, begin, put};
use commonhold_core::date::Date;
use commonhold_core::id::RecordId;
use commonhold_core::records::Kind;
use commonhold_core::records::finance::transaction::Transaction;
use std::collections::BTreeMap;

/// Most transactions on a page; one day is never split.
const MOST: u32 = 400;

/// Says which page each day is on: months, in several pages where they are long.
pub(super) fn plan(work: &mut Export<'_>) {
    let (mut month, mut part, mut held) = (String::new(), 1_u32, 0_u32);
    for (day, count) in &work.book.days {
        let this: String = day.to_string().chars().take(7).collect();
        held = held.saturating_add(*count);
        if this != month {
            (month, part, held) = (this, 1, *count);
        } else if held > MOST {
            (part, held) = (part.saturating_add(1), *count);
        }
        let name = match part {
            1 => format!("ledger-{month}"),
            part => format!("ledger-{month}-{part}"),
        };
        work.names.days.insert(*day, name);
    }
}

fn row(work: &Export<'_>, page: &mut Page, day: Date, id: RecordId, entry: &Transaction) {
    for (line, posting) in entry.postings.iter().enumerate() {
        let money = Cell::Number(posting.amount.to_string());
        let account = text(work.book.account_path(&posting.account));
        let fund = text(work.book.fund_name(&posting.fund));
        if line > 0 {
            page.row("", &[text(""), text(""), text(""), account, fund, money, text("")]);
            continue;
        }
        let mut more = work.names.receipts(&entry.documents);
        let expense = entry.expense.and_then(|expense| work.names.place(&expense));
        more.extend(expense.map(|place| (place, "who approved it".to_owned())));
        let cells = [
            text(day.to_string()),
            text(entry.payee.as_deref().unwrap_or_default()),
            text(&entry.narration),
            account,
            fund,
            money,
            Cell::Links(more),
        ];
        page.row(&format!("r-{id}"), &cells);
    }
}

fn open(work: &Export<'_>, name: &str) -> (Page, String) {
    let title = format!("Ledger {}", name.strip_prefix("ledger-").unwrap_or(name));
    let mut page = begin(work, &title);
    page.paragraph("The transactions in effect. Income is negative, expenses are positive.");
    page.from(&[
        ("../finance/transactions.csv", "transactions.csv"),
        ("../finance/postings.csv", "postings.csv"),
    ]);
    let columns = ["Day", "Who", "What for", "Account", "Fund", "#Amount", "More"];
    page.table("", &columns);
    (page, title)
}

/// Writes a page for each month.
pub(super) fn write(work: &mut Export<'_>) -> Result<(), Error> {
    let mut last: Option<(String, Page, String)> = None;
    for (from, to) in windows_of(&work.book.days, WINDOW) {
        let mut held: BTreeMap<(Date, RecordId, usize), Transaction> = BTreeMap::new();
        each(work.source, Kind::Transaction, &mut work.progress, &mut |record| {
            let id = record.id;
            if let Some((day, entry)) = transaction(record)
                && (from..=to).contains(&day)
            {
                held.insert((day, id, held.len()), entry);
            }
            Ok(())
        })?;
        for ((day, id, _), entry) in &held {
            let name = work.names.days.get(day).cloned().unwrap_or_default();
            if last.as_ref().is_none_or(|(open, ..)| *open != name) {
                end(work, last.take())?;
                let (page, title) = open(work, &name);
                last = Some((name, page, title));
            }
            if let Some((_, page, _)) = &mut last {
                row(work, page, *day, *id, entry);
            }
        }
    }
    end(work, last)
}

fn end(work: &mut Export<'_>, page: Option<(String, Page, String)>) -> Result<(), Error> {
    let Some((name, mut page, title)) = page else { return Ok(()) };
    page.end();
    put(work, &name, &title, page)
}
