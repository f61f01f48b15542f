//! Closing a period: its balances and entries under one hash, and what came later.

mod contents;
mod forward;
mod list;

pub use contents::{Contents, closed_on, contents, digest, periods, preview};
pub use forward::{Forward, forward};
pub use list::list;

use crate::date::Date;
use crate::id::RecordId;
use serde::Serialize;

/// One balance a close holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct CloseLine {
    /// The account's path; the id when the account has not arrived yet.
    pub path: String,
    /// The fund's name.
    pub fund_name: String,
    /// The balance: debit positive, credit negative.
    pub amount: String,
}

/// An entry that differs from what was closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct LateEntry {
    /// The transaction.
    #[cfg_attr(test, ts(type = "string"))]
    pub transaction: RecordId,
    /// `late`: it counts and the close does not list it; `correction`: the same, and it replaces one
    /// the close lists; `gone`: the close lists it and it counts no longer.
    pub what: String,
    /// What it is called.
    pub title: String,
    /// Its day.
    pub date: Option<Date>,
    /// Net change of asset accounts, one amount a currency.
    pub amounts: Vec<String>,
    /// What became of it.
    pub state: String,
    /// What happened and what to do.
    pub sentence: String,
    /// Whether `post_forward` can deal with it.
    pub can_post_forward: bool,
}

/// One person's word on a close.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct CloseSignature {
    /// The approval.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// The person.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// Their name.
    pub name: String,
    /// approve or reject.
    pub verdict: String,
    /// Whether it names this close's hash.
    pub valid: bool,
    /// Why it does not count; empty when it does.
    pub why: String,
    /// Their reason.
    pub reason: String,
}

/// What a close of a period would hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ClosePreview {
    /// First day.
    #[cfg_attr(test, ts(type = "string"))]
    pub from: Date,
    /// Last day.
    #[cfg_attr(test, ts(type = "string"))]
    pub to: Date,
    /// How many transactions it would list.
    pub transactions: u32,
    /// The balances at its end.
    pub trial_balance: Vec<CloseLine>,
    /// The hash over both lists.
    pub sha256: String,
    /// Why it cannot be written; empty when it can.
    pub problems: Vec<String>,
    /// What somebody should look at before.
    pub warnings: Vec<String>,
}

/// One close as it stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct CloseView {
    /// The close.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// First day.
    #[cfg_attr(test, ts(type = "string"))]
    pub from: Date,
    /// Last day.
    #[cfg_attr(test, ts(type = "string"))]
    pub to: Date,
    /// When it was closed (UTC).
    pub at: String,
    /// Who closed it.
    pub person_name: String,
    /// A remark.
    pub note: String,
    /// The hash over its lists.
    pub sha256: String,
    /// Whether its lists still give that hash.
    pub intact: bool,
    /// How many transactions it lists.
    pub transactions: u32,
    /// The balances it holds.
    pub trial_balance: Vec<CloseLine>,
    /// How many entries differ from it.
    pub late_count: u32,
    /// The first two hundred of them.
    pub late: Vec<LateEntry>,
    /// Balances at its end that are others now: a sentence each.
    pub changed: Vec<String>,
    /// Approvals of it.
    pub signatures: Vec<CloseSignature>,
    /// How it stands, in a sentence.
    pub sentence: String,
}

/// All closes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Closes {
    /// The closes, newest period first.
    pub closes: Vec<CloseView>,
    /// The first day no close holds; nothing while nothing is closed.
    pub open_from: Option<Date>,
}
