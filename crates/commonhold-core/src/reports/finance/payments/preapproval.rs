//! What the approval of a schedule reaches: bills that are what was approved, within its limits.

use super::approvals::{Decision, Verdict};
use super::desk::ScheduleStanding;
use super::facts::{Facts, Item};
use super::occurrences::{due_dates, expense_id};
use crate::date::Date;
use crate::id::RecordId;
use crate::money::Money;
use crate::records::finance::expense::Expense;
use crate::records::finance::schedule::Schedule;
use std::collections::BTreeMap;

/// What the bills of schedules come to within calendar years, minor units.
pub(super) struct YearSums {
    /// Up to and with each bill, in the order they are due.
    up_to: BTreeMap<RecordId, i64>,
    whole: BTreeMap<(RecordId, i16), i64>,
}

impl YearSums {
    /// Adds up the bills that were not withdrawn, by the day their schedule says, ids between
    /// bills of one day.
    pub fn of(facts: &Facts) -> Self {
        let mut bills = Vec::new();
        for (id, item) in facts.expenses.iter().filter(|(_, item)| !item.withdrawn) {
            let expense = &item.record;
            if let (Some(schedule), Some(due), Some(amount)) =
                (expense.schedule, expense.occurrence, expense.amount)
            {
                bills.push((schedule, due, *id, amount.minor));
            }
        }
        bills.sort_unstable();
        let (mut up_to, mut whole) = (BTreeMap::new(), BTreeMap::new());
        for (schedule, due, id, minor) in bills {
            let sum: &mut i64 = whole.entry((schedule, due.year())).or_default();
            *sum = sum.saturating_add(minor);
            up_to.insert(id, *sum);
        }
        Self { up_to, whole }
    }

    pub fn of_year(&self, schedule: &RecordId, year: i16) -> i64 {
        self.whole.get(&(*schedule, year)).copied().unwrap_or(0)
    }
}

type Known<'a> = Option<(&'a Item<Schedule>, &'a ScheduleStanding)>;

/// Whether the approval of its schedule reaches a bill; else why not.
pub(super) fn reaches(
    facts: &Facts,
    (id, item): (&RecordId, &Item<Expense>),
    (schedule_id, known): (&RecordId, Known<'_>),
    sums: &YearSums,
) -> Result<(), String> {
    let Some((schedule, standing)) = known else {
        return Err("Its schedule was withdrawn, or is not here.".into());
    };
    let (bill, plan) = (&item.record, &schedule.record);
    match standing.decision.verdict {
        Verdict::Approved => {}
        Verdict::Held => {
            return Err("Its schedule is held: some approve it, some reject it.".into());
        }
        _ => return Err("Its schedule is not approved.".into()),
    }
    if !schedule.conflicts.is_empty() {
        return Err("Two people wrote another schedule while apart; choose one first.".into());
    }
    let (Some(due), Some(amount), Some(agreed)) = (bill.occurrence, bill.amount, plan.amount)
    else {
        return Err("The bill or its schedule names no day or no amount.".into());
    };
    // One bill for each day the schedule has, under the one name it has everywhere.
    if *id != expense_id(&facts.book, schedule_id, due) || due_dates(plan, due, due).is_empty() {
        return Err(format!("Its schedule has no bill of its own for {due}."));
    }
    if plan.expires.is_some_and(|expires| due > expires) {
        return Err("The approval of its schedule has expired.".into());
    }
    let same = (bill.payee, bill.account, bill.fund) == (plan.payee, plan.account, plan.fund)
        && amount.currency == agreed.currency;
    if !same {
        return Err("Its payee, account, fund or currency is not that of its schedule.".into());
    }
    if plan.amount_is == "fixed" && amount != agreed {
        return Err(format!("Its schedule says {agreed}, not {amount}."));
    }
    if plan.amount_is != "fixed" && bill.reference.is_none() && bill.documents.is_empty() {
        return Err("Its amount is open: enter what the bill says, and its number.".into());
    }
    let most = plan.limit_per_occurrence.unwrap_or(agreed);
    let within =
        |limit: Money, minor: i64| limit.currency == amount.currency && minor <= limit.minor;
    if !within(most, amount.minor) {
        return Err(format!("It is more than the {most} that were approved for each bill."));
    }
    let so_far = sums.up_to.get(id).copied().unwrap_or(amount.minor);
    match plan.limit_per_year.filter(|limit| !within(*limit, so_far)) {
        Some(limit) => Err(format!("With it the year costs more than the {limit} approved.")),
        None => Ok(()),
    }
}

/// What to look at in a schedule.
pub(super) fn warnings(
    item: &Item<Schedule>,
    decision: &Decision,
    (next_due, spent): (Option<Date>, Money),
    (today, payee_known): (Date, bool),
) -> Vec<String> {
    let schedule = &item.record;
    let mut warnings = Vec::new();
    if decision.verdict != Verdict::Approved {
        warnings.push("It is not approved, so each of its bills needs approvals.".to_owned());
    }
    if let Some(field) = item.conflicts.first() {
        warnings.push(format!("Two people wrote another {field} while apart; choose one."));
    }
    if !payee_known {
        warnings.push("Its payee is not in this service.".to_owned());
    }
    match (schedule.expires, next_due) {
        (Some(expires), _) if expires < today => {
            warnings.push(format!("Its approval expired on {expires}."));
        }
        (Some(expires), Some(next)) if next > expires => {
            warnings.push(format!("Its approval expires on {expires}, before the next bill."));
        }
        _ => {}
    }
    if next_due.is_none() {
        warnings.push("No more bills come from it.".to_owned());
    }
    if let (Some(limit), Some(amount)) = (schedule.limit_per_year, schedule.amount)
        && next_due.is_some_and(|next| next.year() == today.year())
        && spent.minor.saturating_add(amount.minor) > limit.minor
    {
        warnings.push(format!(
            "{spent} of the {limit} approved for the year is used; the next bill needs approvals."
        ));
    }
    warnings
}
