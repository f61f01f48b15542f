//! What an import is told and what it answers.

use commonhold_core::{Date, RecordId};
use commonhold_exchange::import::{CsvMapping, NotUnderstood};
use serde::{Deserialize, Serialize};

/// How to read a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct ImportOptions {
    /// The asset account the file is about; the format's usual one when absent.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub account: Option<RecordId>,
    /// How the columns are to be read.
    #[cfg_attr(test, ts(type = "import(\"./CsvMapping\").CsvMapping | null"))]
    pub mapping: Option<CsvMapping>,
    /// A saved mapping to use when none is given.
    pub mapping_name: Option<String>,
    /// Which account of the file is meant, where it holds several.
    pub file_account: Option<String>,
    /// Whether names of givers are written into the record everybody reads. Otherwise incoming
    /// money is from a donor with a pseudonym, and the name lies in a sealed contact.
    pub keep_names: bool,
}

/// One row as it will be posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ImportRow {
    /// Line of the file.
    pub line: u32,
    /// The day.
    #[cfg_attr(test, ts(type = "string"))]
    pub date: Date,
    /// The other party.
    pub payee: Option<String>,
    /// What for.
    pub narration: String,
    /// The change of the account.
    pub amount: String,
    /// The other side.
    pub category: String,
    /// Whether it is in the book already.
    pub duplicate: bool,
}

/// What an import would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ImportPreview {
    /// The format it is read as.
    pub format: String,
    /// The file's name.
    pub file_name: String,
    /// Its SHA-256.
    pub file_sha256: String,
    /// The header as found.
    pub columns: Vec<String>,
    /// The mapping found by itself, if none was given.
    #[cfg_attr(test, ts(type = "import(\"./CsvMapping\").CsvMapping | null"))]
    pub guessed: Option<CsvMapping>,
    /// Whether the guess leaves nothing open; if it does, the mapping must be confirmed.
    pub sure: bool,
    /// The first rows, raw.
    pub sample: Vec<Vec<String>>,
    /// The first rows, as they will be posted.
    pub rows: Vec<ImportRow>,
    /// Rows understood.
    pub total: u32,
    /// Rows that are new.
    pub new: u32,
    /// Rows that are in the book already.
    pub duplicates: u32,
    /// Rows not understood.
    #[cfg_attr(test, ts(type = "Array<{ line: number, text: string, reason: string }>"))]
    pub not_understood: Vec<NotUnderstood>,
    /// First day.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub from: Option<Date>,
    /// Last day.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub to: Option<Date>,
    /// What all rows sum to, one amount a currency.
    pub sums: Vec<String>,
    /// What to look at.
    pub warnings: Vec<String>,
    /// The accounts the file holds, as it names them.
    pub accounts: Vec<String>,
    /// Whether names of givers will be sealed away.
    pub hides_names: bool,
}

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ImportDone {
    /// The import's id; empty when nothing was new.
    pub import: String,
    /// Transactions added.
    pub added: u32,
    /// Rows that were in the book already.
    pub duplicates: u32,
    /// Rows not understood.
    pub not_understood: u32,
    /// Lines that pay an expense, told by the id of the payment.
    pub matched: u32,
    /// Lines that are the other side of a transfer between two accounts, those of earlier imports
    /// included.
    pub transfers: u32,
    /// What a person should know of it, in sentences: what failed afterwards, what looks wrong.
    pub notes: Vec<String>,
}

/// A saved mapping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct NamedMapping {
    /// Its name.
    pub name: String,
    /// The mapping.
    #[cfg_attr(test, ts(type = "import(\"./CsvMapping\").CsvMapping"))]
    pub mapping: CsvMapping,
}
