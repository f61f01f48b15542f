//! Paying by itself: what a person need not do (`finance.expensing.automatic`).

use super::batch::{Prepared, file_name, lease_trouble, message_id, write_prepared};
use super::channels::{Trouble, way};
use super::gather::{Gatherer, channel_of};
use super::orders::{BatchDone, BatchOrder, RunLeft, RunReport};
use super::{Seen, lease_take, payments_prepare};
use crate::app::App;
use crate::failure::Failure;
use commonhold_core::id::BookId;
use commonhold_core::projection::State;
use commonhold_core::records::finance::account::Account;
use commonhold_core::reports::finance::payments::{Desk, ExpenseState};
use commonhold_core::{Date, Kind, RecordId};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// For how long a run takes the lease when nobody holds it, in days.
const LEASE_DAYS: u32 = 30;

/// How a run goes.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// How many days ahead bills are prepared and paid.
    pub days: u16,
    /// The account that pays; the only one with bank details without it.
    pub account: Option<RecordId>,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self { days: 14, account: None }
    }
}

impl RunReport {
    fn say(&mut self, sentence: impl Into<String>) {
        self.sentences.push(sentence.into());
    }

    fn leave(&mut self, desk: &Desk, expense: RecordId, why: String) {
        let item = desk.facts.expenses.get(&expense);
        let title = item.map(|item| item.record.narration.clone()).unwrap_or_default();
        if !self.left.iter().any(|left| left.expense == expense) {
            self.left.push(RunLeft { expense, title, why });
        }
    }
}

/// The day so many days later.
fn later(day: Date, days: u16) -> Date {
    (0..days).fold(day, |day, _| day.next())
}

/// Everything a person need not do: prepares what comes due within some days, then writes a file
/// of all that can be paid into a folder, under the lease, which is taken when nobody holds it.
/// What a person must look at is left to them and said.
pub fn payment_run(
    app: &mut App,
    book: &BookId,
    dir: &Path,
    options: &RunOptions,
) -> Result<RunReport, Failure> {
    let mut report = RunReport::default();
    let until = later(app.today(), options.days);
    let prepared = payments_prepare(app, book, until)?;
    if !prepared.added.is_empty() {
        report.say(format!("Prepared {} due until {until}.", bills(prepared.added.len())));
    }
    report.prepared = prepared.added;
    let mut seen = Seen::of(app, book)?;
    let payable = payable(&seen.desk, until, &mut report);
    if payable.is_empty() {
        report.say(format!("Nothing can be paid that is due until {until}."));
    } else if let Some(why) = take_lease(app, book, &mut seen, &mut report)? {
        // That another device pays is as it should be.
        report.needs_person |= seen.desk.leases.holder.is_none();
        report.say(format!("{} wait. {why}", bills(payable.values().map(Vec::len).sum())));
    } else {
        std::fs::create_dir_all(dir).map_err(|error| Failure::file(dir, &error))?;
        for (group, expenses) in payable {
            pay(app, book, (&group, expenses), (dir, options), &mut report)?;
        }
    }
    for alarm in Seen::of(app, book)?.desk.alarms() {
        report.needs_person = true;
        report.say(alarm);
    }
    report.needs_person |= !report.left.is_empty();
    for left in &report.left {
        report.sentences.push(format!("Left to you: {}: {}", left.title, left.why));
    }
    Ok(report)
}

fn bills(number: usize) -> String {
    if number == 1 { "1 bill".into() } else { format!("{number} bills") }
}

/// What leaves together: by channel and currency.
type Group = (String, String);

/// What can be paid that is due until a day, in groups; what a person must decide is left to them.
fn payable(desk: &Desk, until: Date, report: &mut RunReport) -> BTreeMap<Group, Vec<RecordId>> {
    let mut groups: BTreeMap<Group, Vec<RecordId>> = BTreeMap::new();
    for (id, item) in &desk.facts.expenses {
        let expense = &item.record;
        let Some(standing) = desk.expenses.get(id) else { continue };
        let due = expense.due.is_some_and(|due| due <= until);
        let waits = matches!(
            standing.state,
            ExpenseState::Proposed
                | ExpenseState::Held
                | ExpenseState::Approved
                | ExpenseState::Refused
                | ExpenseState::Cancelled
                | ExpenseState::Returned
        );
        if !due || !waits || expense.expense_type == "in-kind" {
            continue;
        }
        // What was refused or taken back is tried again by a person alone.
        if standing.state != ExpenseState::Approved || !standing.may_pay() {
            report.leave(desk, *id, desk.reason(id));
            continue;
        }
        let currency = expense.amount.map(|amount| amount.currency.to_string());
        let group = (channel_of(expense).to_owned(), currency.unwrap_or_default());
        groups.entry(group).or_default().push(*id);
    }
    groups
}

/// Takes the lease when nobody holds it; answers why nothing can be written, if so.
fn take_lease(
    app: &mut App,
    book: &BookId,
    seen: &mut Seen,
    report: &mut RunReport,
) -> Result<Option<String>, Failure> {
    if seen.may_not_pay().is_none() && seen.desk.leases.holder.is_none() {
        let lease = lease_take(app, book, LEASE_DAYS, "")?;
        report.say(format!("This device writes payment files until {}.", lease.until));
        *seen = Seen::of(app, book)?;
    }
    Ok(lease_trouble(seen))
}

/// The account that pays: the one named, or the only asset account with bank details.
fn paying_account(
    app: &App,
    book: &BookId,
    named: Option<RecordId>,
) -> Result<Result<RecordId, String>, Failure> {
    if let Some(account) = named {
        return Ok(Ok(account));
    }
    let mut found: Vec<(RecordId, String)> = Vec::new();
    app.reader().each(book, Kind::Account, &mut |row| {
        let account: Option<Account> = (row.state == State::Ok)
            .then(|| serde_json::from_value(Value::Object(row.fields)).ok())
            .flatten();
        let pays = account
            .filter(|a| a.account_type == "asset" && a.contact.is_some() && a.closed.is_none());
        found.extend(pays.map(|account| (row.id, account.path)));
        true
    })?;
    Ok(match found.as_slice() {
        [(one, _)] => Ok(*one),
        [] => Err("No account names a contact with its bank details; add one to the account that \
                   pays."
            .into()),
        many => {
            let paths: Vec<&str> = many.iter().map(|(_, path)| path.as_str()).collect();
            Err(format!("Several accounts can pay ({}); name one.", paths.join(", ")))
        }
    })
}

/// Writes the file of one group. A payment that something stands against is left out and said.
fn pay(
    app: &mut App,
    book: &BookId,
    ((channel, _), mut expenses): (&Group, Vec<RecordId>),
    (dir, options): (&Path, &RunOptions),
    report: &mut RunReport,
) -> Result<(), Failure> {
    let account = match paying_account(app, book, options.account)? {
        Ok(account) => account,
        Err(why) => {
            stop(report, why);
            return Ok(());
        }
    };
    let seen = Seen::of(app, book)?;
    let id = app.fresh_id()?;
    let name = message_id(&id);
    loop {
        if expenses.is_empty() {
            return Ok(());
        }
        let today = seen.desk.facts.now.date();
        // Not before it must be, and none of it late.
        let due = expenses.iter().filter_map(|id| seen.desk.facts.expenses.get(id)?.record.due);
        let execute_on = due.min().map_or(today, |first| first.max(today));
        let wanted = BatchOrder { account, expenses, execute_on: Some(execute_on), version: None };
        let way = match way(app.reader(), channel) {
            Ok(way) => way,
            Err(why) => {
                stop(report, why.to_string());
                return Ok(());
            }
        };
        let gatherer = Gatherer { reader: app.reader(), book, seen: &seen };
        let gathered = gatherer.gather(&wanted, &name)?;
        let mut troubles = gathered.troubles.clone();
        // By itself nothing goes to bank details that were changed since the approval.
        troubles.extend(gathered.warnings.iter().cloned());
        if troubles.is_empty() {
            match way.prepare(&gathered.order) {
                Err(wrong) => troubles = wrong,
                Ok(ready) => {
                    let path = dir.join(file_name(today, &name, way.extension()));
                    let prepared = Prepared { id, wanted: &wanted, gathered, ready, way };
                    let done = write_prepared(app, book, &seen, prepared, &path)?;
                    written(report, done);
                    return Ok(());
                }
            }
        }
        expenses = match without(&seen.desk, wanted.expenses, troubles, report) {
            Ok(rest) => rest,
            Err(why) => {
                stop(report, why);
                return Ok(());
            }
        };
    }
}

fn stop(report: &mut RunReport, why: String) {
    report.needs_person = true;
    report.say(why);
}

fn written(report: &mut RunReport, done: BatchDone) {
    let payments = if done.count == 1 { "payment" } else { "payments" };
    report.say(format!(
        "Wrote {} with {} {payments}, {} in all (SHA-256 {}). {}",
        done.file, done.count, done.total, done.file_sha256, done.sentence
    ));
    report.batches.push(done);
}

/// The expenses nothing stands against; an error where something stands against all of them.
fn without(
    desk: &Desk,
    expenses: Vec<RecordId>,
    troubles: Vec<Trouble>,
    report: &mut RunReport,
) -> Result<Vec<RecordId>, String> {
    let mut out = BTreeSet::new();
    for (expense, why) in troubles {
        let Some(expense) = expense else { return Err(why) };
        report.leave(desk, expense, why);
        out.insert(expense);
    }
    Ok(expenses.into_iter().filter(|id| !out.contains(id)).collect())
}
