//! The books as files for other programs, without the archive around them: Beancount, hledger and
//! Ledger, tables with a Data Package, and one sheet for spreadsheet programs.
//!
//! All read a book through [`Source`], as the archive does, and hold at most 50,000 transactions
//! in memory. On an error what was written is of no use; the caller removes it.

use crate::archive::alone;
use commonhold_core::date::Time;
use commonhold_core::id::RecordId;
use commonhold_core::money::{Currency, Money};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Write};

pub use crate::archive::{Error, Folder, Source, Tell, months};

/// Writes the records in effect for Beancount 3: the archive's `ledger.beancount`.
pub fn beancount(
    source: &dyn Source,
    out: &mut dyn Write,
    progress: &mut Tell<'_>,
) -> Result<(), Error> {
    alone::beancount(source, out, progress)
}

/// Writes the records in effect for hledger (1.25 and later) and Ledger (3.3): the archive's
/// `ledger.journal`.
pub fn journal(
    source: &dyn Source,
    out: &mut dyn Write,
    progress: &mut Tell<'_>,
) -> Result<(), Error> {
    alone::journal(source, out, progress)
}

/// Writes a table (CSV, RFC 4180) for each kind, the postings, the long texts as Markdown, and
/// `datapackage.json` that explains every column: what lies in the archive under the same paths,
/// records of any state included. All stamps come from `written`.
pub fn tables<'a>(
    source: &'a dyn Source,
    folder: &'a mut dyn Folder,
    written: Time,
    progress: &'a mut Tell<'a>,
) -> Result<(), Error> {
    alone::all_tables(source, folder, written, progress)
}

/// Files in memory, by their paths: a [`Folder`] for what is small.
#[derive(Debug, Default)]
pub struct Files {
    /// Path and content, in the order they were written.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Write for Files {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (_, file) =
            self.files.last_mut().ok_or_else(|| io::Error::other("no file is begun"))?;
        file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Folder for Files {
    fn begin(&mut self, path: &str) -> io::Result<()> {
        self.files.push((path.to_owned(), Vec::new()));
        Ok(())
    }
}

/// How a spreadsheet program of the reader's country separates cells and decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "SheetNumbers"))]
#[serde(rename_all = "lowercase")]
pub enum Numbers {
    /// `,` between cells, `1234.50`: English, and every program that asks.
    #[default]
    Point,
    /// `;` between cells, `1234,50`: what a program set to German, French and many others expects
    /// of a file that is double-clicked; it would take `12.05` for a day in May.
    Comma,
}

/// The columns of the sheet.
pub const COLUMNS: [&str; 10] = [
    "date",
    "payee",
    "narration",
    "account",
    "fund",
    "amount",
    "currency",
    "balance",
    "state",
    "id",
];

/// Most characters of a cell; Excel knows 32,767.
const MAX_CELL: usize = 32_000;

/// Whether a spreadsheet program may take a cell that begins so for a formula; also in the wide
/// forms of East Asian keyboards.
fn begins_formula(character: char) -> bool {
    "=+-@＝＋－＠".contains(character)
}

/// A text as a cell no spreadsheet program calculates with: an apostrophe before a beginning that
/// would make it a formula. The same after what may be read as the end of a cell, since programs
/// guess the separator, and before a tab or line break at the beginning. What is too long for a
/// cell is cut, and ends in “…”.
fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at_start = true;
    let mut room = MAX_CELL;
    if text.starts_with(['\t', '\r', '\n']) {
        out.push('\'');
    }
    for character in text.chars().map(|c| if c == '\0' { '\u{fffd}' } else { c }) {
        let Some(left) = room.checked_sub(2) else {
            out.push('…');
            break;
        };
        room = left.saturating_add(1);
        if at_start && begins_formula(character) {
            room = left;
            out.push('\'');
        }
        let ends_cell = matches!(character, ',' | ';' | '\t' | '\r' | '\n' | '"');
        let invisible = character.is_whitespace() || character.is_control();
        at_start = ends_cell || (at_start && (invisible || character == '\u{feff}'));
        out.push(character);
    }
    out
}

fn number(amount: Money, numbers: Numbers) -> String {
    match numbers {
        Numbers::Point => amount.decimal(),
        Numbers::Comma => amount.decimal().replace('.', ","),
    }
}

/// Writes one CSV file for spreadsheet programs: a row for each posting of every transaction in
/// any state, by day. `balance` is what the account then holds in that currency, all funds
/// together; rows of other states than `ok` count for nothing and have none. UTF-8 with a byte
/// order mark, which tells Excel the encoding, and CRLF. Texts cannot run as formulas; numbers
/// stay numbers.
pub fn spreadsheet(
    source: &dyn Source,
    out: &mut dyn Write,
    numbers: Numbers,
    progress: &mut Tell<'_>,
) -> Result<(), Error> {
    out.write_all("\u{feff}".as_bytes())?;
    let mut out = csv::WriterBuilder::new()
        .delimiter(if numbers == Numbers::Point { b',' } else { b';' })
        .terminator(csv::Terminator::CRLF)
        .from_writer(out);
    out.write_record(COLUMNS)?;
    let mut balances: BTreeMap<(RecordId, Currency), Option<i64>> = BTreeMap::new();
    alone::each_in_order(source, progress, &mut |sheet| {
        let transaction = sheet.transaction;
        let mut cells: [String; 10] = Default::default();
        let [date, payee, narration, account, fund, amount, currency, balance, state, id] =
            &mut cells;
        *date = transaction.date.map(|day| day.to_string()).unwrap_or_default();
        *payee = safe(transaction.payee.as_deref().unwrap_or_default());
        *narration = safe(&transaction.narration);
        sheet.state.clone_into(state);
        *id = sheet.id.to_string();
        for posting in &transaction.postings {
            let money = posting.amount;
            *account = safe(&sheet.account(&posting.account));
            *fund = safe(&sheet.fund(&posting.fund));
            *amount = number(money, numbers);
            *currency = money.currency.to_string();
            balance.clear();
            if sheet.state == "ok" && transaction.date.is_some() {
                let sum = balances.entry((posting.account, money.currency)).or_insert(Some(0));
                *sum = sum.and_then(|sum| sum.checked_add(money.minor));
                *balance = sum
                    .map(|sum| number(Money::new(sum, money.currency), numbers))
                    .unwrap_or_default();
            }
            out.write_record([
                &*date,
                &*payee,
                &*narration,
                &*account,
                &*fund,
                &*amount,
                &*currency,
                &*balance,
                &*state,
                &*id,
            ])?;
        }
        if transaction.postings.is_empty() {
            out.write_record(&cells)?;
        }
        Ok(())
    })?;
    Ok(out.flush()?)
}

#[cfg(test)]
mod tests;
