//! The checklist of closing: what must be ended before a service is closed, made from its records
//! and so the same on every device, with a proof for each item (story of the money that runs out in
//! good order; gate closing → closed of the framework).

use super::facts::Facts;
use super::{Evidence, checks};
use crate::date::Date;
use crate::id::RecordId;
use crate::money::Currency;
use crate::records::Kind;
use serde::Serialize;
use std::collections::BTreeMap;

/// What ids of items begin with; an attestation that names one is its proof.
pub const PREFIX: &str = "closed.";

/// One item of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ClosingItem {
    /// Its stable id, such as `closed.schedule.` and the record's id.
    pub id: String,
    /// What must be so.
    pub what: String,
    /// The record it was made from.
    pub about: Evidence,
    /// For what comes again and again: its last day, where it has one.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub ended: Option<Date>,
    /// Whether it must have a last day to be done: bills and ways to give.
    pub ends: bool,
    /// The proof: an attestation with its evidence.
    pub proof: Option<Evidence>,
    /// What the proof says and where it can be looked at.
    pub sentence: String,
    /// Whether it is done: it has ended, and that is proved.
    pub holds: bool,
}

/// The id of an item made from a record.
pub fn item_id(kind: Kind, id: &RecordId) -> String {
    format!("{PREFIX}{kind}.{id}")
}

/// An item, with its proof looked up.
fn item(facts: &Facts, id: String, what: String, about: Evidence) -> ClosingItem {
    let found = facts.attestation(&id);
    let proof = found.map(|(at, one)| checks::names(Kind::Attestation, *at, &one.requirement));
    let sentence = match found {
        Some((_, one)) => {
            let day = one.date.unwrap_or_default();
            match &one.evidence {
                Some(evidence) => format!("{} ({day}): {evidence}", one.statement),
                None => format!("{} ({day})", one.statement),
            }
        }
        None => "Nothing proves it yet.".to_owned(),
    };
    let holds = proof.is_some();
    ClosingItem { id, what, about, ended: None, ends: false, proof, sentence, holds }
}

/// An item that must have ended too.
fn ending(facts: &Facts, ended: Option<Date>, mut item: ClosingItem) -> ClosingItem {
    let over = ended.is_some_and(|day| day <= facts.at);
    item.holds &= over;
    item.ends = true;
    item.ended = ended;
    if item.proof.is_some() && !over {
        let when = ended.map_or_else(|| "has no last day".into(), |day| format!("ends on {day}"));
        item.sentence = format!("{} It {when}.", item.sentence);
    }
    item
}

/// The checklist: every bill and every way to give that was open when closing began, everything the
/// service hangs on, and what the shutdown plan promises. Before closing it says what there would be
/// to do.
pub fn checklist(facts: &Facts) -> Vec<ClosingItem> {
    let since = facts.phases.iter().rev().find(|(_, phase)| phase.to == "closing");
    let since = since.and_then(|(_, phase)| phase.date).unwrap_or(facts.at);
    let mut items = Vec::new();
    let running = facts.schedules.iter().map(|(id, schedule, _)| (id, schedule));
    let bills = running.chain(facts.ended.iter().map(|(id, schedule)| (id, schedule)));
    for (id, bill) in bills.filter(|(_, bill)| bill.until.is_none_or(|until| until >= since)) {
        let about = checks::names(Kind::Schedule, *id, &bill.narration);
        let what = format!("“{}” is cancelled", bill.narration);
        let one = item(facts, item_id(Kind::Schedule, id), what, about);
        items.push(ending(facts, bill.until, one));
    }
    for (id, channel) in &facts.channels {
        if channel.closed.is_some_and(|closed| closed < since) {
            continue;
        }
        let about = checks::names(Kind::Channel, *id, &channel.name);
        let what = format!("Gifts through “{}” are cancelled", channel.name);
        let one = item(facts, item_id(Kind::Channel, id), what, about);
        items.push(ending(facts, channel.closed, one));
    }
    for (id, thing) in &facts.continuities {
        let about = checks::names(Kind::Continuity, *id, &thing.name);
        let what = format!("“{}” is handed over, given back or parked", thing.name);
        items.push(item(facts, item_id(Kind::Continuity, id), what, about));
    }
    if let Some((id, _)) = &facts.plan {
        for (part, what) in [
            ("notice", "Users were told of the end"),
            ("leftover", "What was left went where the shutdown plan says"),
        ] {
            let about = checks::names(Kind::Plan, *id, "Shutdown plan");
            items.push(item(facts, format!("{PREFIX}plan.{part}"), what.to_owned(), about));
        }
    }
    items.sort_by(|a, b| (a.about.kind, a.id.as_str()).cmp(&(b.about.kind, b.id.as_str())));
    items
}

/// Whether every account that holds or owes money is empty, in every fund and currency: what one
/// fund lacks does not make up for what another still has, nor a debt for cash.
pub fn nothing_left(facts: &Facts) -> bool {
    let mut sums: BTreeMap<(RecordId, RecordId, Currency), i64> = BTreeMap::new();
    let ledger = &facts.ledger;
    for line in &ledger.lines {
        if matches!(ledger.type_of(&line.account), "asset" | "liability") {
            let key = (line.account, line.fund, line.amount.currency);
            let sum = sums.entry(key).or_default();
            *sum = sum.saturating_add(line.amount.minor);
        }
    }
    sums.values().all(|sum| *sum == 0)
}
