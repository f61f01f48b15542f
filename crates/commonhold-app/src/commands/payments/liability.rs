//! What is owed to people until it is settled: a reimbursement, or what somebody paid out of their
//! own pocket, is an expense from the day it is approved and a liability until it is paid; what is
//! given in kind is an expense and income of the same value, and nothing is paid for it.
//!
//! The entries have ids made from the expense and from what was approved of it, so two devices
//! that post them while apart post the same.

use super::{Seen, change, checked, withdrawal};
use crate::app::App;
use crate::commands::imports::account_fields;
use crate::commands::records::acts;
use crate::commands::sample::{new_record, of_purpose};
use crate::failure::Failure;
use commonhold_core::id::BookId;
use commonhold_core::record::Posting;
use commonhold_core::records::finance::expense::Expense;
use commonhold_core::records::finance::transaction::Transaction;
use commonhold_core::reports::finance::payments::{Desk, Item};
use commonhold_core::store::Act;
use commonhold_core::{Kind, RecordId};
use std::collections::BTreeSet;

/// Where what is owed to people stands until it is paid.
pub(super) const OWED: &str = "Liabilities:Reimbursements";
/// Where the value of what is given in kind comes from.
const GIVEN: &str = "Income:InKind";
/// Most entries posted in one go; the next go does the rest.
const MOST: usize = 1_000;

/// The other side of an expense's entry; nothing for a bill, which is an expense when it is paid.
fn other_side(expense: &Expense) -> Option<&'static str> {
    match expense.expense_type.as_str() {
        "reimbursement" | "out-of-pocket" => Some(OWED),
        "in-kind" => Some(GIVEN),
        _ => None,
    }
}

fn entry_id(book: &BookId, expense: &RecordId, content: &str) -> RecordId {
    of_purpose(book, Kind::Transaction, &format!("owed/{expense}/{content}"))
}

/// Entries of an expense that move no money: what was posted as owed or given.
fn entries(desk: &Desk, expense: &RecordId) -> BTreeSet<RecordId> {
    let lines = desk.facts.paid.get(expense).map(Vec::as_slice).unwrap_or_default();
    lines.iter().filter(|line| line.paid.is_none()).map(|line| line.transaction).collect()
}

/// Whether an expense stands in the books as owed, so that its payment settles that.
pub(super) fn is_owed(desk: &Desk, expense: &RecordId, of: &Expense) -> bool {
    other_side(of) == Some(OWED) && !entries(desk, expense).is_empty()
}

/// Posts what was approved and is owed or given, and takes back what was posted of an expense that
/// was changed or withdrawn since. Who may not keep the books changes nothing by it. Returns how
/// many entries were written.
pub fn post_liabilities(app: &mut App, book: &BookId) -> Result<u32, Failure> {
    let seen = Seen::of(app, book)?;
    let me = seen.me.person.unwrap_or_default();
    if !seen.desk.facts.team.approvers().contains(&me) {
        return Ok(0);
    }
    let (mut all, mut posted): (Vec<Act>, u32) = (Vec::new(), 0);
    let mut begun: BTreeSet<&'static str> = BTreeSet::new();
    for (id, item) in &seen.desk.facts.expenses {
        let Some(path) = other_side(&item.record) else { continue };
        let known = entries(&seen.desk, id);
        let wanted = wanted(&seen.desk, book, (id, item));
        for old in known.iter().filter(|old| Some(**old) != wanted) {
            let why = "What was approved is another one now.";
            all.push(withdrawal(app, book, (Kind::Transaction, old), why)?);
            posted = posted.saturating_add(1);
        }
        let Some(wanted) = wanted.filter(|wanted| !known.contains(wanted)) else { continue };
        if app.reader().state(book, Kind::Transaction, &wanted)?.is_some() || all.len() >= MOST {
            // Somebody took it back: theirs stands.
            continue;
        }
        let account = of_purpose(book, Kind::Account, path);
        let there = app.reader().record(book, Kind::Account, &account)?.is_some();
        if !there && begun.insert(path) {
            all.extend(new_record(app, book, Kind::Account, account_fields(path))?);
        }
        let Some(entry) = entry(&seen.desk, (id, &item.record), account) else { continue };
        let fields = checked(Kind::Transaction, &entry)?;
        let judged = (Kind::Transaction.info().judge)(&fields);
        all.extend(acts(app, book, Kind::Transaction, wanted, &judged, fields)?);
        posted = posted.saturating_add(1);
    }
    if !all.is_empty() {
        app.write(book, &all, change(book, Kind::Transaction, None), &mut |_| true)?;
    }
    Ok(posted)
}

/// The entry an expense should have now; nothing where it should have none. One that was paid
/// before anything was posted is an expense by its payment, like a bill.
fn wanted(desk: &Desk, book: &BookId, (id, item): (&RecordId, &Item<Expense>)) -> Option<RecordId> {
    let standing = desk.expenses.get(id)?;
    let lines = desk.facts.paid.get(id).map(Vec::as_slice).unwrap_or_default();
    let posted = lines.iter().any(|line| line.paid.is_none());
    let paid = lines.iter().any(|line| line.paid.is_some());
    let sound = standing.is_approved() && item.conflicts.is_empty() && !item.withdrawn;
    let holds = sound && (posted || !paid);
    holds.then(|| entry_id(book, id, &item.content))
}

fn entry(
    desk: &Desk,
    (id, expense): (&RecordId, &Expense),
    account: RecordId,
) -> Option<Transaction> {
    let amount = expense.amount?;
    let line =
        |account, amount| Posting { account, amount, fund: expense.fund, memo: None, price: None };
    Some(Transaction {
        date: Some(expense.period_to.or(expense.due)?),
        payee: desk.facts.payees.get(&expense.payee).map(|payee| payee.name.clone()),
        narration: expense.narration.clone(),
        postings: vec![line(expense.account, amount), line(account, amount.negated())],
        period_from: expense.period_from,
        period_to: expense.period_to,
        decision: expense.decision.clone(),
        documents: expense.documents.clone(),
        expense: Some(*id),
        ..Transaction::default()
    })
}
