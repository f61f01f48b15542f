//! Import: a file of somebody else's format becomes drafts of transactions and a report.
//!
//! Pure functions: bytes in, drafts out. Nothing here knows a book, a clock, a file or the network,
//! and nothing is ever dropped: every data row is a draft or is listed as not understood.

pub mod ballots;
mod bank;
pub mod camt;
pub mod csv;
mod day;
mod detect;
pub mod ecosystems;
pub mod github_sponsors;
mod identity;
pub mod liberapay;
pub mod mt940;
mod number;
pub mod ofx;
pub mod open_collective;
pub mod operations;
pub mod paypal;
mod platform;
mod refuse;
mod rows;
pub mod stripe;
#[cfg(test)]
mod tests;
mod text;
mod xml;

use commonhold_core::{Date, Money};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use csv::mapping::{CsvMapping, DateFormat, DecimalMark, Encoding, Separator};
pub use detect::detect;
pub use platform::TRANSFERS;

/// The formats [`read`] knows, by the name the window and the command line use.
pub const FORMATS: &[&str] = &[
    open_collective::FORMAT,
    csv::FORMAT,
    camt::FORMAT,
    ofx::FORMAT,
    mt940::FORMAT,
    stripe::FORMAT,
    paypal::FORMAT,
    liberapay::FORMAT,
    github_sponsors::FORMAT,
];

/// Largest file that is read, in bytes.
pub const MAX_FILE_BYTES: usize = 256 * 1024 * 1024;
/// Most data rows of one file.
pub const MAX_ROWS: u64 = 2_000_000;
/// Longest single field, in bytes.
pub const MAX_FIELD_BYTES: usize = 1024 * 1024;
/// Most columns of one file.
pub const MAX_COLUMNS: usize = 1_000;
/// How many raw rows a [`Reading`] carries for the preview.
pub const SAMPLE_ROWS: usize = 8;

/// One row of the file as a transaction that is not written yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Line of the file the row begins on, from 1.
    pub line: u64,
    /// The day it happened; in UTC where the source gives a moment.
    pub date: Date,
    /// The other party, on one line, at most 10,000 bytes.
    pub payee: Option<String>,
    /// What it was for, on one line, at most 10,000 bytes; never empty.
    pub narration: String,
    /// The change of the account the file is about: positive is money coming in.
    pub amount: Money,
    /// The other sides: account path and amount. `amount` and these sum to zero per currency.
    pub legs: Vec<(String, Money)>,
    /// The row's identity at its source, the same in every export that holds the row. It knows
    /// nothing of our account: whoever compares identities does it within one account.
    pub identity: String,
    /// For the field `source` of the transaction: the format, and the id there where there is one.
    /// What is made of the row's own words is none: nobody can look it up, and it would be half of
    /// what an imported transaction weighs.
    pub source: String,
    /// First day of the billed period, where the source says it.
    pub period_from: Option<Date>,
    /// Last day of the billed period, where the source says it.
    pub period_to: Option<Date>,
    /// What the payer gave the payment to be known by on both sides (ISO 20022 `EndToEndId`, MT940
    /// `EREF`), at most 35 characters; nothing where the bank writes `NOTPROVIDED`.
    pub end_to_end_id: Option<String>,
    /// The id the bank or service itself gave the row (`AcctSvcrRef`, `FITID`, a transaction id).
    pub bank_ref: Option<String>,
    /// IBAN or number of the other side's account. Private: never written into a public record.
    pub counterparty_account: Option<String>,
    /// Which of [`Reading::statements`] the row stands in.
    pub statement: Option<usize>,
    /// How often a donation is given, where a funding platform says it: `one-time`, `monthly` or
    /// `yearly`.
    pub interval: Option<&'static str>,
    /// Whether the source says the row is a donation.
    pub donation: bool,
}

impl Draft {
    /// A draft of which nothing is known but day and amount; it has no legs, text or identity yet.
    fn new(line: u64, date: Date, amount: Money) -> Self {
        Self {
            line,
            date,
            payee: None,
            narration: String::new(),
            amount,
            legs: Vec::new(),
            identity: String::new(),
            source: String::new(),
            period_from: None,
            period_to: None,
            end_to_end_id: None,
            bank_ref: None,
            counterparty_account: None,
            statement: None,
            interval: None,
            donation: false,
        }
    }
}

/// One statement of a file: an account over some days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatementInfo {
    /// IBAN or number of the account, as in the file.
    pub account: Option<String>,
    /// The statement's number or id at the bank.
    pub number: Option<String>,
    /// First day, where the file says it.
    pub from: Option<Date>,
    /// Last day, where the file says it.
    pub to: Option<Date>,
    /// Balance before the first row.
    pub opening: Option<Money>,
    /// Balance after the last booked row.
    pub closing: Option<Money>,
    /// Rows of this statement, understood or not.
    pub rows: u64,
}

/// A row that is not a draft, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct NotUnderstood {
    /// Line of the file the row begins on, from 1.
    #[cfg_attr(test, ts(type = "number"))]
    pub line: u64,
    /// The beginning of the row as it stands in the file.
    pub text: String,
    /// One sentence: what is wrong and what to do.
    pub reason: String,
}

/// What was found in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// One of [`FORMATS`].
    pub format: &'static str,
    /// The header as found.
    pub columns: Vec<String>,
    /// The first [`SAMPLE_ROWS`] data rows, raw; very long cells are cut.
    pub sample: Vec<Vec<String>>,
    /// The mapping found by itself; only for `csv` read without one.
    pub guessed: Option<CsvMapping>,
    /// Whether the guess left nothing open. When it did, a person has to confirm the mapping
    /// before the drafts may be posted; the warnings say what is open.
    pub sure: bool,
    /// Data rows in the file: always as many as `drafts` and `not_understood` together.
    pub rows: u64,
    /// The statements of the file, where its format has such; in the file's order.
    pub statements: Vec<StatementInfo>,
    /// The rows understood: Open Collective's by day, oldest first; else in the file's order.
    pub drafts: Vec<Draft>,
    /// The rows not understood, in the file's order.
    pub not_understood: Vec<NotUnderstood>,
    /// Sentences about the file as a whole.
    pub warnings: Vec<String>,
}

impl Reading {
    fn new(format: &'static str) -> Self {
        Self {
            format,
            columns: Vec::new(),
            sample: Vec::new(),
            guessed: None,
            sure: true,
            rows: 0,
            statements: Vec::new(),
            drafts: Vec::new(),
            not_understood: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The accounts the file's statements are of, each once, in the file's order. Rows of another
    /// account than the one imported into must not be posted.
    pub fn accounts(&self) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        for account in self.statements.iter().filter_map(|of| of.account.as_deref()) {
            if !found.contains(&account) {
                found.push(account);
            }
        }
        found
    }
}

/// Why a file cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// Not one of [`FORMATS`].
    #[error(
        "The format “{0}” cannot be imported; choose one of: {list}.",
        list = FORMATS.join(", ")
    )]
    UnknownFormat(String),
    /// No bytes, or nothing but blank lines.
    #[error("The file is empty; export it again and choose the new file.")]
    Empty,
    /// More than [`MAX_FILE_BYTES`].
    #[error("The file is larger than 256 MiB; export a shorter period and import it in parts.")]
    TooLarge,
    /// Another kind of file; the text names it and says what to do.
    #[error("{0}")]
    OtherFile(&'static str),
    /// A file of the format that cannot be used; the text says where, what and what to do.
    #[error("{0}")]
    Unusable(String),
    /// More than [`MAX_ROWS`].
    #[error(
        "The file has more than 2,000,000 rows; export a shorter period and import it in parts."
    )]
    TooManyRows,
    /// More than [`MAX_COLUMNS`].
    #[error("Line {line} has more than 1,000 columns; check which separator the file uses.")]
    TooManyColumns {
        /// Line of the row, from 1.
        line: u64,
    },
    /// A field of more than [`MAX_FIELD_BYTES`].
    #[error(
        "Line {line} holds a field longer than 1 MiB; look there for a quotation mark that is \
         never closed, or export the file again."
    )]
    FieldTooLong {
        /// Line of the row, from 1.
        line: u64,
    },
    /// Columns that are needed are not in the header.
    #[error("The header in line {line} has no column {missing}; it has these columns: {found}.")]
    MissingColumns {
        /// Line of the header, from 1.
        line: u64,
        /// The names missing.
        missing: String,
        /// The names found.
        found: String,
    },
    /// The mapping leaves something needed open.
    #[error("{0}")]
    Mapping(&'static str),
    /// A JSON document that is not what it should be; the text says where and what to do.
    #[error("{0}")]
    Json(String),
}

/// Reads a file.
///
/// `mapping` is for `csv` only; without one the mapping is guessed and handed back.
///
/// # Errors
/// An [`Error`] when the file as a whole cannot be read; one wrong row never is an error.
pub fn read(format: &str, bytes: &[u8], mapping: Option<&CsvMapping>) -> Result<Reading, Error> {
    match format {
        open_collective::FORMAT => open_collective::read(bytes),
        csv::FORMAT => csv::read(bytes, mapping),
        camt::FORMAT => camt::read(bytes),
        ofx::FORMAT => ofx::read(bytes),
        mt940::FORMAT => mt940::read(bytes),
        stripe::FORMAT => stripe::read(bytes),
        paypal::FORMAT => paypal::read(bytes),
        liberapay::FORMAT => liberapay::read(bytes),
        github_sponsors::FORMAT => github_sponsors::read(bytes),
        other => Err(Error::UnknownFormat(text::clip(&text::tidy(other), 60))),
    }
}

/// Whether a draft's amount and legs sum to zero in its currency, and hold no other currency.
fn balances(amount: Money, legs: &[(String, Money)]) -> bool {
    let sum = legs.iter().try_fold(amount, |sum, (_, leg)| sum.checked_add(*leg));
    sum.is_some_and(|sum| sum.minor == 0)
}
