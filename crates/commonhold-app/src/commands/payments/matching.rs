//! Matching a bank's statement: a line that carries the id of a payment pays that expense.

use super::liability::{OWED, is_owed};
use super::orders::{Matched, MatchedLine};
use super::{Seen, change, checked};
use crate::app::App;
use crate::commands::imports::pair_transfers;
use crate::commands::records::acts;
use crate::commands::sample::of_purpose;
use crate::failure::Failure;
use commonhold_core::id::BookId;
use commonhold_core::projection::Row;
use commonhold_core::records::finance::expense::Expense;
use commonhold_core::records::finance::transaction::Transaction;
use commonhold_core::reports::finance::payments::{Desk, end_to_end_id};
use commonhold_core::store::Act;
use commonhold_core::{Kind, RecordId};
use serde_json::Value;
use std::collections::BTreeMap;

/// Most lines matched in one go.
const MOST: usize = 5_000;

/// Finds the lines of statements that pay expenses and enters, for each, a transaction in its
/// place that names the expense, with the account and fund of the expense where nobody has sorted
/// the line yet. Its id is made from both, so two devices that match the same line write the same.
/// A second line for the same expense is matched too: that is how a double payment shows. Call it
/// after an import; lines that are the other side of a transfer are paired by it too. Who may not keep the books changes nothing by it.
pub fn match_payments(app: &mut App, book: &BookId) -> Result<Matched, Failure> {
    let seen = Seen::of(app, book)?;
    let me = seen.me.person.unwrap_or_default();
    if !seen.desk.facts.team.approvers().contains(&me) {
        return Ok(Matched::default());
    }
    let transfers = pair_transfers(app, book)?;
    let (mut lines, mut all): (Vec<MatchedLine>, Vec<Act>) = (Vec::new(), Vec::new());
    for (row, expense) in unmatched(app, book, &seen.desk)? {
        let Some(item) = seen.desk.facts.expenses.get(&expense) else { continue };
        let Some(paying) = paying(&seen.desk, &row, &expense, &item.record) else { continue };
        let Ok(fields) = checked(Kind::Transaction, &paying) else { continue };
        let judged = (Kind::Transaction.info().judge)(&fields);
        let purpose = format!("match/{}/{expense}", row.id);
        let correction = of_purpose(book, Kind::Transaction, &purpose);
        if app.reader().state(book, Kind::Transaction, &correction)?.is_some() {
            // It was matched before, and somebody took that back: theirs stands.
            continue;
        }
        all.extend(acts(app, book, Kind::Transaction, correction, &judged, fields)?);
        lines.push(MatchedLine { transaction: row.id, expense, correction });
    }
    if !all.is_empty() {
        app.write(book, &all, change(book, Kind::Transaction, None), &mut |_| true)?;
    }
    let alarms = match all.is_empty() {
        true => seen.desk.alarms(),
        false => Seen::of(app, book)?.desk.alarms(),
    };
    Ok(Matched { lines, transfers, alarms })
}

/// Transactions that carry the id of an expense's payment and name no expense.
fn unmatched(app: &App, book: &BookId, desk: &Desk) -> Result<Vec<(Row, RecordId)>, Failure> {
    let mut ids: BTreeMap<String, RecordId> = BTreeMap::new();
    for (id, item) in &desk.facts.expenses {
        let named = end_to_end_id(id, &item.record);
        let there = ids.entry(named).or_insert(*id);
        // Two expenses of one occurrence: the one that is not withdrawn, the smaller id.
        if desk.facts.expenses.get(there).is_some_and(|other| other.withdrawn) && !item.withdrawn {
            *there = *id;
        }
    }
    let mut found = Vec::new();
    app.reader().having(book, Kind::Transaction, "end_to_end_id", &mut |row| {
        let named = row.fields.get("end_to_end_id").and_then(Value::as_str);
        let named = named.map(|text| text.trim().replace('-', "").to_uppercase());
        let expense = named.and_then(|named| ids.get(&named).copied());
        if let Some(expense) = expense.filter(|_| !row.fields.contains_key("expense")) {
            found.push((row, expense));
        }
        found.len() < MOST
    })?;
    Ok(found)
}

/// The transaction that takes the place of a line: it names the expense, and what was not sorted
/// goes to the expense's account and fund.
fn paying(desk: &Desk, row: &Row, expense: &RecordId, of: &Expense) -> Option<Transaction> {
    let fields = Value::Object(row.fields.clone());
    let mut line: Transaction = serde_json::from_value(fields).ok()?;
    let unsorted = |account: &RecordId| {
        let path = desk.facts.accounts.get(account).map_or("", String::as_str);
        path.ends_with(":Uncategorised") || path.ends_with(":Uncategorized")
    };
    // What stands in the books as owed is settled by its payment, not spent again.
    let account = match is_owed(desk, expense, of) {
        true => of_purpose(&desk.facts.book, Kind::Account, OWED),
        false => of.account,
    };
    let known =
        desk.facts.accounts.contains_key(&account) && desk.facts.funds.contains_key(&of.fund);
    if known && line.postings.iter().any(|posting| unsorted(&posting.account)) {
        let one_fund = line.postings.windows(2).all(|two| match two {
            [one, other] => one.fund == other.fund,
            _ => true,
        });
        for posting in &mut line.postings {
            if unsorted(&posting.account) {
                posting.account = account;
            }
            if one_fund {
                posting.fund = of.fund;
            }
        }
    }
    line.expense = Some(*expense);
    line.corrects = Some(row.id);
    Some(line)
}
