//! Payments: where every expense stands, derived from what was written about it.

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
