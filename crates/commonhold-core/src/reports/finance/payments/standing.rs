//! Where one expense stands.

use super::approvals::{Decision, Verdict};
use super::facts::{Facts, Item};
use crate::id::RecordId;
use crate::money::Money;
use crate::records::finance::expense::Expense;
use crate::records::finance::outcome::Outcome;
use serde::Serialize;

/// Where an expense stands. Never written, always derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum ExpenseState {
    /// Needs approvals.
    Proposed,
    /// Some approve it, some reject it.
    Held,
    /// Rejected.
    Rejected,
    /// Can be paid, as far as people decide.
    Approved,
    /// In a payment file; nobody has said yet that it was handed over.
    InBatch,
    /// Handed to the bank; no statement shows it yet.
    Sent,
    /// The books show the payment.
    Paid,
    /// The books show a part of it.
    Partial,
    /// It was paid and came back.
    Returned,
    /// The bank refused it.
    Refused,
    /// Somebody took it out of a payment file and did not put it into another.
    Cancelled,
    /// Withdrawn.
    Withdrawn,
    /// Given in kind and in the books.
    Settled,
}

impl ExpenseState {
    /// The word used in JSON and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Held => "held",
            Self::Rejected => "rejected",
            Self::Approved => "approved",
            Self::InBatch => "in-batch",
            Self::Sent => "sent",
            Self::Paid => "paid",
            Self::Partial => "partial",
            Self::Returned => "returned",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
            Self::Withdrawn => "withdrawn",
            Self::Settled => "settled",
        }
    }

    /// Whether nothing is left to be done about it.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Paid | Self::Rejected | Self::Withdrawn | Self::Settled)
    }
}

/// Where one expense stands, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its state.
    pub state: ExpenseState,
    /// What people said of it.
    pub decision: Decision,
    /// Whether its schedule was approved for it.
    pub preapproved: bool,
    /// Why its schedule's approval does not reach it; nothing when it does, or when it is of none.
    pub not_preapproved: Option<String>,
    /// Whether one person alone decided, since nobody else belongs.
    pub one_person_only: bool,
    /// The batches it is in that still hold, by id.
    pub batches: Vec<RecordId>,
    /// Whether it was paid twice or may be: two batches hold it, or more was paid than once.
    pub double: bool,
    /// What left asset accounts for it, less what came back; nothing when nothing did.
    pub paid: Option<Money>,
    /// The transactions that paid it or gave it back.
    pub transactions: Vec<RecordId>,
    /// The code with which the bank refused it last.
    pub code: Option<String>,
    /// Why it cannot be paid, whatever people say; nothing when it can.
    pub obstacle: Option<String>,
}

impl Standing {
    /// Whether people decided that it may be paid.
    pub fn is_approved(&self) -> bool {
        match self.decision.verdict {
            Verdict::Approved => true,
            Verdict::Needs(_) => self.preapproved,
            Verdict::Held | Verdict::Rejected => false,
        }
    }

    /// Whether a payment file may take it: it is approved, in no file that holds, and nothing
    /// stands against it. What the bank refused or somebody took back may be tried again.
    pub fn may_pay(&self) -> bool {
        let waits = matches!(
            self.state,
            ExpenseState::Approved | ExpenseState::Refused | ExpenseState::Cancelled
        );
        waits && self.is_approved() && self.batches.is_empty() && self.obstacle.is_none()
    }

    /// How many approvals are missing.
    pub fn needs(&self) -> u32 {
        match self.decision.verdict {
            Verdict::Needs(missing) if !self.preapproved => missing,
            _ => 0,
        }
    }
}

/// What the batches and outcomes of an expense come to.
pub(super) struct Sending {
    /// Batches that still hold it.
    pub batches: Vec<RecordId>,
    pub state: Option<ExpenseState>,
    pub code: Option<String>,
}

/// Whether an outcome is about a batch: it names it, or names none and came after it.
fn concerns(outcome: &Outcome, batch: &RecordId, facts: &Facts) -> bool {
    match outcome.batch {
        Some(named) => named == *batch,
        None => facts.batches.get(batch).is_some_and(|(written, _)| written.written <= outcome.at),
    }
}

/// What became of an expense on its way to the bank. `held_by` are the batches that name it.
pub(super) fn sending(facts: &Facts, id: &RecordId, held_by: &[RecordId]) -> Sending {
    let said = facts.outcomes.get(id).map(Vec::as_slice).unwrap_or_default();
    let mut said: Vec<&(RecordId, Outcome)> = said.iter().collect();
    said.sort_by_key(|(id, outcome)| (outcome.at, *id));
    let ends = |outcome: &Outcome| matches!(outcome.result.as_str(), "rejected" | "cancelled");
    let ended = |batch: &RecordId| {
        said.iter().any(|(_, outcome)| ends(outcome) && concerns(outcome, batch, facts))
    };
    let batches: Vec<RecordId> = held_by.iter().filter(|batch| !ended(batch)).copied().collect();
    let sent = |batch: &RecordId| {
        said.iter().any(|(_, o)| o.result == "sent" && concerns(o, batch, facts))
    };
    let last = said.last().map(|(_, outcome)| outcome);
    // What was said of a batch that was withdrawn since says nothing any more.
    let withdrawn = |outcome: &Outcome| {
        let batch = outcome.batch.and_then(|batch| facts.batches.get(&batch));
        batch.is_some_and(|(_, withdrawn)| *withdrawn)
    };
    let state = if batches.iter().any(sent) {
        Some(ExpenseState::Sent)
    } else if !batches.is_empty() {
        Some(ExpenseState::InBatch)
    } else {
        last.filter(|outcome| !withdrawn(outcome)).map(|outcome| match outcome.result.as_str() {
            "rejected" => ExpenseState::Refused,
            "cancelled" => ExpenseState::Cancelled,
            _ => ExpenseState::Sent,
        })
    };
    let refused = last.filter(|outcome| outcome.result == "rejected");
    Sending { batches, state, code: refused.and_then(|outcome| outcome.code.clone()) }
}

/// What the books say of an expense.
pub(super) struct Booked {
    pub state: Option<ExpenseState>,
    pub paid: Option<Money>,
    pub double: bool,
    pub transactions: Vec<RecordId>,
}

/// What the transactions that name an expense come to. Paid in parts is not paid twice: twice is
/// when two payments together are more than the amount, or one of them is double.
pub(super) fn booked(facts: &Facts, id: &RecordId, item: &Item<Expense>) -> Booked {
    let lines = facts.paid.get(id).map(Vec::as_slice).unwrap_or_default();
    let transactions = lines.iter().map(|line| line.transaction).collect();
    let amounts: Vec<i64> = lines.iter().filter_map(|line| line.paid).collect();
    let net = amounts.iter().fold(0_i64, |sum, paid| sum.saturating_add(*paid));
    let out = amounts.iter().filter(|paid| **paid > 0).count();
    let amount = item.record.amount.map_or(0, |amount| amount.minor);
    let state = if out > 0 {
        Some(match net {
            _ if net >= amount => ExpenseState::Paid,
            _ if net > 0 => ExpenseState::Partial,
            _ => ExpenseState::Returned,
        })
    } else {
        let in_kind = item.record.expense_type == "in-kind" && !lines.is_empty();
        in_kind.then_some(ExpenseState::Settled)
    };
    let double = net >= amount.saturating_mul(2).max(1) || (out > 1 && net > amount);
    let currency = item.record.amount.map_or(facts.currency, |amount| amount.currency);
    let paid = (!amounts.is_empty()).then(|| Money::new(net, currency));
    Booked { state, paid, double, transactions }
}
