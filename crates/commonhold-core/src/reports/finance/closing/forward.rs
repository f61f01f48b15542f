//! Posting forward: what came after a close goes into the open period, so that nothing changes inside
//! the closed one.

use super::contents::closed_on;
use crate::date::Date;
use crate::id::{BookId, RecordId};
use crate::json::Fields;
use crate::money::{Currency, Money};
use crate::projection::State;
use crate::record::{Judged, Posting};
use crate::records::Kind;
use crate::records::finance::close::Close;
use crate::records::finance::transaction::Transaction;
use crate::reports::finance::ledger::counting;
use crate::store::{Error, Reader};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What corrects what.
pub(super) struct Corrections {
    up: HashMap<RecordId, RecordId>,
    down: HashMap<RecordId, Vec<(RecordId, State)>>,
}

impl Corrections {
    pub(super) fn read(reader: &Reader, book: &BookId) -> Result<Self, Error> {
        let (mut up, mut down) = (HashMap::new(), HashMap::<_, Vec<_>>::new());
        for found in reader.corrections(book)? {
            up.insert(found.id, found.corrects);
            down.entry(found.corrects).or_default().push((found.id, found.state));
        }
        Ok(Self { up, down })
    }

    /// The first record above one, by way of what it corrects, that is wanted.
    pub(super) fn above(
        &self,
        id: &RecordId,
        wanted: impl Fn(&RecordId) -> bool,
    ) -> Option<RecordId> {
        let mut at = *id;
        // A circle of corrections ends after as many steps as there are corrections.
        for _ in 0..self.up.len() {
            at = *self.up.get(&at)?;
            if wanted(&at) {
                return Some(at);
            }
        }
        None
    }

    /// All corrections of a record, and theirs, by id.
    fn below(&self, id: &RecordId) -> Vec<(RecordId, State)> {
        let (mut seen, mut waiting) = (HashSet::from([*id]), vec![*id]);
        let mut found = Vec::new();
        while let Some(id) = waiting.pop() {
            for (correction, state) in self.down.get(&id).into_iter().flatten() {
                if seen.insert(*correction) {
                    found.push((*correction, *state));
                    waiting.push(*correction);
                }
            }
        }
        found.sort_unstable();
        found
    }

    /// The correction of a record that counts.
    pub(super) fn standing_below(&self, id: &RecordId) -> Option<RecordId> {
        let found = self.below(id).into_iter().find(|(_, state)| *state == State::Ok);
        found.map(|(id, _)| id)
    }
}

/// What posting forward comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Forward {
    /// Corrections to withdraw, so that the entry that was closed counts again; empty for an entry
    /// that replaces none.
    pub withdraw: Vec<RecordId>,
    /// The transaction to write in the open period.
    pub fields: Fields,
    /// What the new transaction's id is made from, so that two devices write the same one.
    pub purpose: String,
}

/// Says what is to be written to post a transaction forward to a day, or in a sentence why it cannot
/// be. A transaction that came late is corrected by one with the same lines on that day. One that
/// corrects an entry of a closed period is withdrawn, so that this entry counts again, and the
/// difference is posted on that day.
pub fn forward(
    reader: &Reader,
    book: &BookId,
    transaction: &RecordId,
    date: Date,
) -> Result<Result<Forward, String>, Error> {
    if let Some((_, from, to)) = closed_on(reader, book, date)? {
        return Ok(Err(format!(
            "{date} is in the closed period {from} to {to}; choose a day after."
        )));
    }
    let corrections = Corrections::read(reader, book)?;
    let counts = match reader.state(book, Kind::Transaction, transaction)? {
        None => return Ok(Err(format!("There is no transaction {transaction} here."))),
        Some(State::Ok) => Some(*transaction),
        Some(_) => corrections.standing_below(transaction),
    };
    let Some(counts) = counts else {
        return Ok(Err("This transaction has no effect; there is nothing to post forward.".into()));
    };
    let Some((fields, judged)) = read(reader, book, &counts)? else {
        return Ok(Err("This transaction cannot be read.".into()));
    };
    let mut inside = false;
    let mut replaced = None;
    for (_, close) in counting::<Close>(reader, book, Kind::Close)? {
        let listed: HashSet<&str> = close.transactions.iter().map(String::as_str).collect();
        let lists = |id: &RecordId| listed.contains(id.to_string().as_str());
        if lists(&counts) {
            return Ok(Err("This transaction is as it was closed; nothing is late.".into()));
        }
        replaced = replaced.or_else(|| corrections.above(&counts, lists));
        let period = close.from.zip(close.to).zip(judged.day);
        inside |= period.is_some_and(|((from, to), day)| from <= day && day <= to);
    }
    match replaced {
        Some(closed) => {
            let written = difference(reader, book, &corrections, (closed, &fields, &judged), date)?;
            Ok(written.map(|forward| Forward { purpose: format!("forward/{counts}"), ..forward }))
        }
        None if inside => Ok(Ok(moved(counts, fields, &judged, date))),
        None => Ok(Err("This transaction is in no closed period; nothing is late.".into())),
    }
}

fn read(reader: &Reader, book: &BookId, id: &RecordId) -> Result<Option<(Fields, Judged)>, Error> {
    let row = reader.record(book, Kind::Transaction, id)?;
    Ok(row.map(|row| {
        let judged = (Kind::Transaction.info().judge)(&row.fields);
        (row.fields, judged)
    }))
}

fn narration(of: Option<Date>, title: &str) -> Value {
    let of = of.map_or_else(String::new, |day| day.to_string());
    Value::String(format!("Prior-period adjustment of {of}: {title}"))
}

/// The same entry on another day, in place of the late one.
fn moved(id: RecordId, mut fields: Fields, judged: &Judged, date: Date) -> Forward {
    let said = fields.get("narration").and_then(Value::as_str).unwrap_or_default();
    let said = if said.is_empty() { judged.title.clone() } else { said.to_owned() };
    fields.insert("narration".into(), narration(judged.day, &said));
    fields.insert("date".into(), Value::String(date.to_string()));
    fields.insert("corrects".into(), Value::String(id.to_string()));
    Forward { withdraw: Vec::new(), fields, purpose: format!("forward/{id}") }
}

/// What a correction changed of an entry of a closed period, on another day.
fn difference(
    reader: &Reader,
    book: &BookId,
    corrections: &Corrections,
    (closed, fields, judged): (RecordId, &Fields, &Judged),
    date: Date,
) -> Result<Result<Forward, String>, Error> {
    let Some((_, before)) = read(reader, book, &closed)? else {
        return Ok(Err("The entry it corrects is not here; exchange with the others.".into()));
    };
    if reader.state(book, Kind::Transaction, &closed)? == Some(State::Withdrawn) {
        return Ok(Err("The entry it corrects is withdrawn; close the period again.".into()));
    }
    let mut sums: BTreeMap<(RecordId, RecordId, Currency), i64> = BTreeMap::new();
    let mut add = |posting: &Posting, minor: i64| {
        let sum = sums.entry((posting.account, posting.fund, posting.amount.currency)).or_default();
        *sum = sum.saturating_add(minor);
    };
    judged.postings.iter().for_each(|p| add(p, p.amount.minor));
    before.postings.iter().for_each(|p| add(p, p.amount.minor.saturating_neg()));
    let postings: Vec<Posting> = sums
        .into_iter()
        .filter(|(_, minor)| *minor != 0)
        .map(|((account, fund, currency), minor)| Posting {
            account,
            amount: Money::new(minor, currency),
            fund,
            memo: None,
            price: None,
        })
        .collect();
    if postings.is_empty() {
        let sentence = "This correction changes no amount; withdraw it, and say what it says in the \
                        open period.";
        return Ok(Err(sentence.to_owned()));
    }
    let wanted = Transaction { date: Some(date), postings, ..Transaction::default() };
    let Ok(Value::Object(mut new)) = serde_json::to_value(wanted) else {
        return Ok(Err("This transaction cannot be written.".into()));
    };
    new.retain(|_, value| !value.is_null());
    for kept in ["payee", "decision", "documents", "period_from", "period_to", "donor"] {
        if let Some(value) = fields.get(kept) {
            new.insert(kept.to_owned(), value.clone());
        }
    }
    new.insert("narration".into(), narration(before.day, &judged.title));
    // A correction above the one that counts, or a rival of it, would count in its place.
    let withdraw = corrections
        .below(&closed)
        .into_iter()
        .filter(|(_, state)| matches!(state, State::Ok | State::Superseded | State::Rival))
        .map(|(id, _)| id)
        .collect();
    Ok(Ok(Forward { withdraw, fields: new, purpose: String::new() }))
}
