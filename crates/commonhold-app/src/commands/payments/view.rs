//! Payments as they are shown.

use super::types::*;
use super::{Me, Seen, approve};
use crate::app::App;
use crate::commands::count;
use crate::failure::Failure;
use commonhold_core::Kind;
use commonhold_core::id::{BookId, Device};
use commonhold_core::reports::finance::payments::{Decision, Standing, end_to_end_id};
use commonhold_core::store::Reader;
use commonhold_core::{RecordId, Time};
use serde_json::Value;

/// Most open expenses listed.
const MOST_OPEN: usize = 500;
/// Most settled ones listed, and most payment files.
const MOST_SETTLED: usize = 200;

/// All there is to pay and how it goes, as of a moment. This device is known by the log it writes;
/// where it has written nothing yet, nobody is taken to sit at it: see [`my_payments`].
pub fn payments(reader: &Reader, book: &BookId, now: Time) -> Result<Payments, Failure> {
    Ok(show(&Seen::read(reader, book, now, Me::of_reader(reader, book)?)?))
}

/// The same at a profile that is open for writing, which knows its device.
pub fn my_payments(app: &mut App, book: &BookId) -> Result<Payments, Failure> {
    let now = app.now();
    let device = app.store().ok().map(|store| store.device());
    let reader = app.reader();
    let me = match device {
        Some(device) => Me::of(reader, book, Some(device))?,
        None => Me::of_reader(reader, book)?,
    };
    Ok(show(&Seen::read(reader, book, now, me)?))
}

pub(super) fn service_name(reader: &Reader, book: &BookId) -> Result<String, Failure> {
    let mut name = String::new();
    reader.each(book, Kind::Service, &mut |row| {
        let named = row.fields.get("name").and_then(Value::as_str);
        name = named.unwrap_or_default().to_owned();
        name.is_empty()
    })?;
    Ok(name)
}

fn show(seen: &Seen) -> Payments {
    let desk = &seen.desk;
    let due = |id: &RecordId| desk.facts.expenses.get(id).and_then(|item| item.record.due);
    let all = desk.expenses.iter();
    let (mut settled, mut open): (Vec<_>, Vec<_>) =
        all.partition(|(_, standing)| standing.state.is_settled() && !standing.double);
    open.sort_by_key(|(id, _)| (due(id), **id));
    settled.sort_by_key(|(id, _)| std::cmp::Reverse((due(id), **id)));
    let (open_count, settled_count) = (count(open.len()), count(settled.len()));
    // Of too many open ones the newest are listed.
    let skip = open.len().saturating_sub(MOST_OPEN);
    let listed = open.into_iter().skip(skip).chain(settled.into_iter().take(MOST_SETTLED));
    let mut batches: Vec<BatchView> =
        desk.facts.batches.keys().filter_map(|id| batch(seen, id)).collect();
    batches.sort_by(|a, b| (&b.written, b.id).cmp(&(&a.written, a.id)));
    batches.truncate(MOST_SETTLED);
    Payments {
        expenses: listed.filter_map(|(id, standing)| expense(seen, id, standing)).collect(),
        open: open_count,
        settled: settled_count,
        schedules: desk.schedules.keys().filter_map(|id| schedule(seen, id)).collect(),
        lease: lease(seen),
        policy: policy(seen),
        batches,
        alarms: desk.alarms(),
        i_may_pay: seen.may_not_pay().is_none(),
    }
}

fn approvals(seen: &Seen, decision: &Decision) -> Vec<ApprovalView> {
    let words = decision.words.iter();
    words
        .map(|word| ApprovalView {
            id: word.id,
            person: word.person,
            name: seen.desk.facts.name(&word.person),
            verdict: if word.approves { "approve" } else { "reject" }.to_owned(),
            valid: word.void.is_none(),
            why: word.void.clone().unwrap_or_default(),
            reason: word.reason.clone().unwrap_or_default(),
        })
        .collect()
}

/// Why the person at this device may not approve something; empty when they may.
fn why_not(seen: &Seen, kind: Kind, id: &RecordId, decision: &Decision) -> String {
    let Some(me) = seen.me.person else {
        return "This device does not belong to the service, or has written nothing to it yet."
            .into();
    };
    if !seen.desk.facts.team.approvers().contains(&me) {
        return "Only leadership and treasurers approve.".into();
    }
    if let Some(why) = approve::barred(seen, kind, id, &me) {
        return why;
    }
    let mut words = decision.words.iter();
    let said = words.any(|word| word.person == me && word.void.is_none() && word.approves);
    if said { "You approved it already.".into() } else { String::new() }
}

fn expense(seen: &Seen, id: &RecordId, standing: &Standing) -> Option<ExpenseView> {
    let facts = &seen.desk.facts;
    let expense = &facts.expenses.get(id)?.record;
    let why_not = why_not(seen, Kind::Expense, id, &standing.decision);
    let text = |text: Option<String>| text.unwrap_or_default();
    Some(ExpenseView {
        id: *id,
        title: expense.narration.clone(),
        payee: expense.payee,
        payee_name: text(facts.payees.get(&expense.payee).map(|payee| payee.name.clone())),
        amount: text(expense.amount.map(|amount| amount.to_string())),
        fund_name: text(facts.funds.get(&expense.fund).map(|fund| fund.name.clone())),
        account_path: text(facts.accounts.get(&expense.account).cloned()),
        due: text(expense.due.map(|due| due.to_string())),
        state: standing.state,
        needs: standing.needs(),
        reason: seen.desk.reason(id),
        may_pay: standing.may_pay(),
        approvals: approvals(seen, &standing.decision),
        i_may_approve: why_not.is_empty(),
        why_not,
        end_to_end_id: end_to_end_id(id, expense),
        batches: standing.batches.iter().filter_map(|batch| in_batch(seen, batch)).collect(),
        paid: text(standing.paid.map(|paid| paid.to_string())),
        schedule: expense.schedule,
        occurrence: expense.occurrence.map(|day| day.to_string()),
        double: standing.double,
        one_person_only: standing.one_person_only,
        preapproved: standing.preapproved,
        channel: super::gather::channel_of(expense).to_owned(),
        content: facts.expenses.get(id)?.content.clone(),
    })
}

fn short(device: &str) -> String {
    device.parse::<Device>().map(|device| device.short()).unwrap_or_default()
}

fn in_batch(seen: &Seen, id: &RecordId) -> Option<InBatch> {
    let (batch, _) = seen.desk.facts.batches.get(id)?;
    Some(InBatch {
        id: *id,
        file_sha256: batch.file_sha256.clone(),
        written: batch.written.map(|written| written.to_string()).unwrap_or_default(),
        person_name: seen.desk.facts.name(&batch.person),
        device: short(&batch.device),
    })
}

fn batch(seen: &Seen, id: &RecordId) -> Option<BatchView> {
    let (batch, withdrawn) = seen.desk.facts.batches.get(id)?;
    Some(BatchView {
        id: *id,
        message_id: batch.message_id.clone(),
        total: batch.total.map(|total| total.to_string()).unwrap_or_default(),
        count: count(batch.expenses.len()),
        written: batch.written.map(|written| written.to_string()).unwrap_or_default(),
        person_name: seen.desk.facts.name(&batch.person),
        file_sha256: batch.file_sha256.clone(),
        execute_on: batch.execute_on.map(|day| day.to_string()),
        withdrawn: *withdrawn,
        format: batch.format.clone(),
        channel: batch.channel.clone(),
        expenses: batch.expenses.clone(),
    })
}

fn schedule(seen: &Seen, id: &RecordId) -> Option<ScheduleView> {
    use commonhold_core::reports::finance::payments::Verdict;
    let facts = &seen.desk.facts;
    let (schedule, standing) = (&facts.schedules.get(id)?.record, seen.desk.schedules.get(id)?);
    let why_not = why_not(seen, Kind::Schedule, id, &standing.decision);
    let payee = facts.payees.get(&schedule.payee).map(|payee| payee.name.clone());
    Some(ScheduleView {
        id: *id,
        title: schedule.narration.clone(),
        payee_name: payee.unwrap_or_default(),
        amount: schedule.amount.map(|amount| amount.to_string()).unwrap_or_default(),
        rule: schedule.rule.clone(),
        next_due: standing.next_due.map(|day| day.to_string()),
        approved: standing.approved,
        needs: match standing.decision.verdict {
            Verdict::Needs(missing) => missing,
            _ => 0,
        },
        expires: schedule.expires.map(|day| day.to_string()),
        year_spent: standing.year_spent.to_string(),
        approvals: approvals(seen, &standing.decision),
        warnings: standing.warnings.clone(),
        i_may_approve: why_not.is_empty(),
        why_not,
        content: facts.schedules.get(id)?.content.clone(),
    })
}

pub(super) fn lease(seen: &Seen) -> LeaseView {
    let desk = &seen.desk;
    let why_not = seen.may_not_pay().unwrap_or_default();
    let i_may_take = why_not.is_empty();
    let until = |until: Option<Time>| until.map(|until| until.to_string()).unwrap_or_default();
    let rivals = desk.leases.rivals.iter().map(|(_, rival)| {
        let (name, device) = (desk.facts.name(&rival.person), short(&rival.device));
        format!("{name} took the lease too, on device {device}, until {}.", until(rival.until))
    });
    let rivals = rivals.collect();
    match &desk.leases.holder {
        None => LeaseView { rivals, i_may_take, why_not, ..LeaseView::default() },
        Some((id, lease)) => LeaseView {
            id: Some(*id),
            holder: Some(lease.person),
            holder_name: desk.facts.name(&lease.person),
            device: short(&lease.device),
            mine: seen.holds_lease().is_some(),
            until: until(lease.until),
            rivals,
            i_may_take,
            why_not,
        },
    }
}

fn policy(seen: &Seen) -> PolicyView {
    let rules = &seen.desk.rules;
    PolicyView {
        sentence: rules.sentence(),
        one_up_to: rules.one_up_to.to_string(),
        two_up_to: rules.two_up_to.map(|amount| amount.to_string()),
        payer: rules.payer.name().to_owned(),
        is_default: rules.is_default,
    }
}
