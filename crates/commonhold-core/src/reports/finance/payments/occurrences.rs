//! When the bills of a schedule are due, and what each is called on every device.

use crate::date::{Date, Month};
use crate::id::{BookId, RecordId, from_purpose};
use crate::records::finance::expense::Expense;
use crate::records::finance::schedule::Schedule;

/// Most bills looked at in one call: a weekly one for more than nineteen years.
const MOST: usize = 1_000;
/// Most days a weekly schedule is walked over, about 110 years.
const MOST_DAYS: usize = 40_000;

/// The days from `from` to `to`, both included, on which bills of a schedule are due, at most
/// 1,000. Months are counted from the first day: 31 January, 28 February, 31 March.
pub fn due_dates(schedule: &Schedule, from: Date, to: Date) -> Vec<Date> {
    let Some(first) = schedule.from else {
        return Vec::new();
    };
    let last = schedule.until.map_or(to, |until| until.min(to));
    let months: u16 = match schedule.rule.as_str() {
        "monthly" => 1,
        "quarterly" => 3,
        "yearly" => 12,
        "weekly" => return weekly(first, from.max(first), last),
        _ => return Vec::new(),
    };
    let step = i32::from(months);
    let start = first.month().index();
    // The first one that can lie at or after `from`.
    let ahead = from.month().index().saturating_sub(start).max(0).div_euclid(step);
    let mut index = start.saturating_add(ahead.saturating_mul(step));
    let mut days = Vec::new();
    while days.len() < MOST {
        let day = in_month(Month::from_index(index), first.day());
        if day > last {
            break;
        }
        if day >= from.max(first) {
            days.push(day);
        }
        let next = index.saturating_add(step);
        // The calendar ends.
        if next == index || Month::from_index(next).first_day() <= day {
            break;
        }
        index = next;
    }
    days
}

/// This day of a month, or its last one.
fn in_month(month: Month, day: i8) -> Date {
    let first = month.first_day();
    Date::new(first.year(), first.month_of_year(), day).unwrap_or_else(|| month.last_day())
}

fn weekly(first: Date, from: Date, last: Date) -> Vec<Date> {
    let mut days = Vec::new();
    let mut day = first;
    for step in 0..MOST_DAYS {
        if day > last || days.len() >= MOST {
            break;
        }
        if step.is_multiple_of(7) && day >= from {
            days.push(day);
        }
        day = day.next();
    }
    days
}

/// The first day on or after another one on which a bill is due.
pub fn next_due(schedule: &Schedule, from: Date) -> Option<Date> {
    let start = from.max(schedule.from?);
    let horizon = Month::from_index(start.month().index().saturating_add(13)).last_day();
    due_dates(schedule, start, horizon).first().copied()
}

/// The id of the expense of an occurrence: the same on every device.
pub fn expense_id(book: &BookId, schedule: &RecordId, due: Date) -> RecordId {
    from_purpose(book, &format!("expense/{schedule}|{due}"))
}

/// The expense of an occurrence as every device writes it.
pub fn occurrence(id: &RecordId, schedule: &Schedule, due: Date) -> Expense {
    Expense {
        payee: schedule.payee,
        narration: schedule.narration.clone(),
        expense_type: "bill".into(),
        amount: schedule.amount,
        account: schedule.account,
        fund: schedule.fund,
        due: Some(due),
        schedule: Some(*id),
        occurrence: Some(due),
        decision: schedule.decision.clone(),
        channel: schedule.channel.clone(),
        ..Expense::default()
    }
}

/// The id that travels with a payment to the payee and back into the bank's statement (EndToEndId
/// of ISO 20022, at most 35 characters): 32 capital hexadecimal digits. An occurrence has the one
/// of its schedule and day, any other expense its own id.
pub fn end_to_end_id(id: &RecordId, expense: &Expense) -> String {
    let named = match (expense.schedule, expense.occurrence) {
        (Some(schedule), Some(due)) => of_key(&format!("{schedule}|{due}")),
        _ => *id,
    };
    named.simple().to_string().to_uppercase()
}

/// UUIDv5 (RFC 9562) in the namespace of object identifiers.
pub(super) fn of_key(key: &str) -> RecordId {
    uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, key.as_bytes())
}
