//! What is asked of payments, and what came of it.

use commonhold_core::{Date, RecordId};
use serde::{Deserialize, Serialize};

/// What preparing came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Prepared {
    /// The expenses that were added.
    #[cfg_attr(test, ts(type = "Array<string>"))]
    pub added: Vec<RecordId>,
    /// The last day that was looked at.
    pub until: String,
}

/// What is to be paid in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct BatchOrder {
    /// The account that pays.
    #[cfg_attr(test, ts(type = "string"))]
    pub account: RecordId,
    /// The expenses; all of them must be ready to be paid.
    #[cfg_attr(test, ts(type = "Array<string>"))]
    pub expenses: Vec<RecordId>,
    /// The day the bank is asked to pay; today without one.
    #[serde(default)]
    #[cfg_attr(test, ts(optional = nullable, type = "string"))]
    pub execute_on: Option<Date>,
    /// Of the bank's format: "09" (pain.001.001.09) or "03"; 09 without one.
    #[serde(default)]
    #[cfg_attr(test, ts(optional = nullable))]
    pub version: Option<String>,
}

/// One line of a payment file before it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct BatchLine {
    /// The expense.
    #[cfg_attr(test, ts(type = "string"))]
    pub expense: RecordId,
    /// Who is paid, as the file will say.
    pub payee_name: String,
    /// Enough of the IBAN to tell it: "DE89 … 3000".
    pub iban: String,
    /// How much.
    pub amount: String,
    /// What the payee will read.
    pub remittance: String,
    /// The id that travels with it.
    pub end_to_end_id: String,
}

/// A text the file cannot hold as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct TextChanged {
    /// As it is.
    pub from: String,
    /// As the file will hold it.
    pub to: String,
}

/// A payment file before it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct BatchPreview {
    /// The control sum.
    pub total: String,
    /// How many payments.
    pub count: u32,
    /// The payments.
    pub lines: Vec<BatchLine>,
    /// Texts that are changed for the bank (SEPA character set).
    pub changed: Vec<TextChanged>,
    /// What must be mended before it can be written, in sentences.
    pub problems: Vec<String>,
    /// What to look at before it is written, in sentences.
    pub warnings: Vec<String>,
    /// A name for the file.
    pub file_name: String,
    /// The format.
    pub format: String,
    /// The day the bank is asked to pay.
    pub execute_on: String,
}

/// A payment file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct BatchDone {
    /// The batch's id.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// The id of the message in the file.
    pub message_id: String,
    /// Where the file is.
    pub file: String,
    /// SHA-256 of the file.
    pub file_sha256: String,
    /// The control sum.
    pub total: String,
    /// How many payments.
    pub count: u32,
    /// The day the bank is asked to pay.
    pub execute_on: String,
    /// What is to be done now, in a sentence.
    pub sentence: String,
}

/// What became of an expense that no statement shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct NewOutcome {
    /// The expense.
    #[cfg_attr(test, ts(type = "string"))]
    pub expense: RecordId,
    /// The batch it is about; all it is in without one.
    #[serde(default)]
    #[cfg_attr(test, ts(optional = nullable, type = "string"))]
    pub batch: Option<RecordId>,
    /// sent, rejected or cancelled.
    #[cfg_attr(test, ts(type = "\"sent\" | \"rejected\" | \"cancelled\""))]
    pub result: String,
    /// The bank's reason code.
    #[serde(default)]
    #[cfg_attr(test, ts(optional = nullable))]
    pub code: Option<String>,
    /// Why.
    #[serde(default)]
    #[cfg_attr(test, ts(optional = nullable))]
    pub reason: Option<String>,
}

/// An expense a run left for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RunLeft {
    /// The expense.
    #[cfg_attr(test, ts(type = "string"))]
    pub expense: RecordId,
    /// What it is for.
    pub title: String,
    /// Why it was not paid.
    pub why: String,
}

/// What a run by itself did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RunReport {
    /// Expenses that were added for bills that come due.
    #[cfg_attr(test, ts(type = "Array<string>"))]
    pub prepared: Vec<RecordId>,
    /// The payment files that were written, one for each account that pays.
    pub batches: Vec<BatchDone>,
    /// What it left for a person.
    pub left: Vec<RunLeft>,
    /// Whether a person must do something.
    pub needs_person: bool,
    /// What it did and what is to be done, in sentences.
    pub sentences: Vec<String>,
}

/// A line of a bank's statement that turned out to pay an expense.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct MatchedLine {
    /// The transaction that was imported.
    #[cfg_attr(test, ts(type = "string"))]
    pub transaction: RecordId,
    /// The expense it pays.
    #[cfg_attr(test, ts(type = "string"))]
    pub expense: RecordId,
    /// The transaction that takes its place.
    #[cfg_attr(test, ts(type = "string"))]
    pub correction: RecordId,
}

/// What matching found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Matched {
    /// The lines that were matched.
    pub lines: Vec<MatchedLine>,
    /// How many lines turned out to be the other side of money under way between two accounts.
    pub transfers: u32,
    /// What somebody must look at now, in sentences.
    pub alarms: Vec<String>,
}
