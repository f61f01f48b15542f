//! Closing periods, comparing accounts with their statements, and what comes after a close.

use crate::app::App;
use crate::failure::{Code, Failure};
use commonhold_core::reports::finance::closing::{ClosePreview, Closes};
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date, Money, RecordId};
use serde::{Deserialize, Serialize};

/// What somebody read on a statement.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct NewReconciliation {
    /// The account.
    #[cfg_attr(test, ts(type = "string"))]
    pub account: RecordId,
    /// The day at whose end the statement has this balance.
    #[cfg_attr(test, ts(type = "string"))]
    pub date: Date,
    /// What the statement says.
    #[cfg_attr(test, ts(type = "string"))]
    pub statement_balance: Money,
    /// How a difference is explained.
    #[serde(default)]
    #[cfg_attr(test, ts(optional = nullable))]
    pub note: Option<String>,
}

/// What came of comparing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Reconciled {
    /// The reconciliation written.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What the books say.
    pub ledger_balance: String,
    /// Statement less books.
    pub difference: String,
    /// What that means.
    pub sentence: String,
}

/// Compares an account with its statement and writes down what both say.
pub fn reconcile(
    _app: &mut App,
    _book: &BookId,
    _new: &NewReconciliation,
) -> Result<Reconciled, Failure> {
    Err(later())
}

/// What a close of a period would hold, and what speaks against it.
pub fn close_preview(
    _reader: &Reader,
    _book: &BookId,
    _from: Date,
    _to: Date,
    _today: Date,
) -> Result<ClosePreview, Failure> {
    Err(later())
}

/// Closes a period.
pub fn close_write(
    _app: &mut App,
    _book: &BookId,
    _from: Date,
    _to: Date,
    _note: Option<&str>,
) -> Result<RecordId, Failure> {
    Err(later())
}

/// All closes with what came later, newest period first.
pub fn close_list(_reader: &Reader, _book: &BookId) -> Result<Closes, Failure> {
    Err(later())
}

/// Posts a late entry in the open period.
pub fn post_forward(
    _app: &mut App,
    _book: &BookId,
    _transaction: &RecordId,
    _date: Date,
) -> Result<RecordId, Failure> {
    Err(later())
}

fn later() -> Failure {
    Failure::new(Code::Unsupported, "This cannot be done yet.")
}
