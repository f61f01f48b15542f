//! What ties those on a roll to others: shown beside their ballots (`governance.paid-work`).

use crate::failure::Failure;
use commonhold_core::id::BookId;
use commonhold_core::projection::{Row, State};
use commonhold_core::records::finance::expense::Expense;
use commonhold_core::records::finance::schedule::Schedule;
use commonhold_core::records::governance::disclosure::Disclosure;
use commonhold_core::records::governance::interest::Interest;
use commonhold_core::store::Reader;
use commonhold_core::{Date, Kind, RecordId};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;

/// Most payments named beside a ballot.
const MAX_PAID: usize = 5;

/// A record as its kind's type; empty where it cannot be read.
pub(super) fn read<T: DeserializeOwned + Default>(row: &Row) -> T {
    serde_json::from_value(Value::Object(row.fields.clone())).unwrap_or_default()
}

/// What ties people to others, by person: what they declared, and what the service pays them.
pub(super) struct Ties {
    /// What they declared, as sentences.
    pub interests: BTreeMap<RecordId, Vec<String>>,
    /// What the service pays them, as sentences.
    pub paid: BTreeMap<RecordId, Vec<String>>,
}

impl Ties {
    /// Reads what held on a day, and what was paid in the year before.
    pub fn read(reader: &Reader, book: &BookId, day: Date) -> Result<Self, Failure> {
        let mut ties = Self { interests: BTreeMap::new(), paid: BTreeMap::new() };
        reader.each(book, Kind::Interest, &mut |row| {
            let interest: Interest = read(&row);
            let current = interest.from.is_none_or(|from| from <= day)
                && interest.until.is_none_or(|until| until >= day);
            if row.state == State::Ok && current {
                let line = format!("{}: {}", interest.kind, interest.subject);
                ties.interests.entry(interest.person).or_default().push(line);
            }
            true
        })?;
        reader.each(book, Kind::Disclosure, &mut |row| {
            let work: Disclosure = read(&row);
            let current = work.from.is_none_or(|from| from <= day)
                && work.until.is_none_or(|until| until >= day);
            if row.state == State::Ok && current {
                let amount = work.amount.map(|amount| amount.to_string()).unwrap_or_default();
                let line = format!("{amount} ({}) from {} for {}", work.per, work.payer, work.work);
                ties.paid.entry(work.person).or_default().push(line);
            }
            true
        })?;
        let mut payees: Vec<(RecordId, RecordId)> = Vec::new();
        reader.each(book, Kind::Payee, &mut |row| {
            let person = row.fields.get("person").and_then(Value::as_str);
            if let Some(person) = person.and_then(|id| id.parse().ok()) {
                payees.push((row.id, person));
            }
            true
        })?;
        for (payee, person) in payees {
            ties.paid_to(reader, book, (payee, person), day)?;
        }
        Ok(ties)
    }

    fn paid_to(
        &mut self,
        reader: &Reader,
        book: &BookId,
        (payee, person): (RecordId, RecordId),
        day: Date,
    ) -> Result<(), Failure> {
        let mut lines = Vec::new();
        let payee = payee.to_string();
        for row in reader.with(book, Kind::Schedule, "payee", &payee)? {
            let schedule: Schedule = read(&row);
            let current = schedule.from.is_none_or(|from| from <= day)
                && schedule.until.is_none_or(|until| until >= day);
            if let Some(amount) = schedule.amount.filter(|_| current && row.state == State::Ok) {
                lines.push(format!("{amount} {} for {}", schedule.rule, schedule.narration));
            }
        }
        let year_before = day.plus(-12, 0);
        for row in reader.with(book, Kind::Expense, "payee", &payee)? {
            let expense: Expense = read(&row);
            let recent = expense.due.is_some_and(|due| year_before <= due && due <= day);
            let single = expense.schedule.is_none() && row.state == State::Ok;
            if let Some(amount) = expense.amount.filter(|_| recent && single) {
                let due = expense.due.map(|due| due.to_string()).unwrap_or_default();
                lines.push(format!("{amount} for {} ({due})", expense.narration));
            }
        }
        let all = self.paid.entry(person).or_default();
        let more = lines.len().saturating_sub(MAX_PAID);
        all.extend(lines.into_iter().take(MAX_PAID));
        if more > 0 {
            all.push(format!("and {more} more"));
        }
        Ok(())
    }
}
