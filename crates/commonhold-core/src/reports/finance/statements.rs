//! Bank statements as a chain: one's closing balance is the next one's opening balance. And what
//! somebody compared with the books.

use crate::date::Date;
use crate::id::RecordId;
use serde::Serialize;

/// One statement in its chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct StatementRow {
    /// The statement.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// Its number or id at the bank.
    pub number: String,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// The balance before the first line; empty when it does not say.
    pub opening: String,
    /// The balance after the last line; empty when it does not say.
    pub closing: String,
    /// How many lines it has.
    #[cfg_attr(test, ts(type = "number"))]
    pub lines: i64,
    /// What the books say for its last day, in the same currency; empty when it cannot be said.
    pub ledger_balance: String,
    /// Statement less books; empty when it cannot be said.
    pub difference: String,
    /// `start`, `chained`, `gap`, `overlap`, `mismatch` or `unknown`: how it follows the one before.
    pub link: String,
    /// What that means and what to do; empty when all is well.
    pub finding: String,
}

/// What somebody compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ReconciliationRow {
    /// The reconciliation.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// The day.
    #[cfg_attr(test, ts(type = "string"))]
    pub date: Date,
    /// What the statement said.
    pub statement_balance: String,
    /// What the books said then.
    pub ledger_balance: String,
    /// Statement less books, then.
    pub difference: String,
    /// What the books say now for that day.
    pub ledger_balance_now: String,
    /// Who compared them.
    pub person_name: String,
    /// How a difference is explained.
    pub note: String,
    /// What that means.
    pub sentence: String,
}

/// The statements of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct AccountStatements {
    /// The account.
    #[cfg_attr(test, ts(type = "string"))]
    pub account: RecordId,
    /// Its path; the id when the account has not arrived yet.
    pub path: String,
    /// Whether every statement follows the one before without a finding.
    pub chained: bool,
    /// The statements, oldest first.
    pub rows: Vec<StatementRow>,
    /// What was compared, newest first.
    pub reconciliations: Vec<ReconciliationRow>,
    /// How the account stands, in a sentence.
    pub sentence: String,
}

/// All statements, by account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Statements {
    /// The day it is of.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// One entry for each account that has statements or reconciliations, by path.
    pub accounts: Vec<AccountStatements>,
    /// How many findings there are in all.
    pub findings: u32,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}
