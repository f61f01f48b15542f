//! Any CSV file of a bank or payment service, read by a mapping of its columns.
//!
//! A row's identity is a multiset key: SHA-256 over what the row says and the how-manieth such
//! row of the file it is. Two statements that overlap give the same identities to the same rows
//! when both hold whole days; two equal payments on one day stay two.

pub mod guess;
pub mod mapping;
mod names;
mod table;

use super::identity::{Seen, digest};
use super::number;
use super::rows::{Row, Rows, decode, read_all};
use super::text::{clip_chars, end_to_end, field, fold};
use super::{Draft, Error, Reading, day, refuse};
use commonhold_core::{Currency, Date, Money};
use mapping::CsvMapping;

/// The format's name in the window and on the command line.
pub const FORMAT: &str = "csv";

/// Where income goes that no rule knows.
pub const INCOME: &str = "Income:Uncategorised";
/// Where expense goes that no rule knows.
pub const EXPENSE: &str = "Expenses:Uncategorised";
/// What stands where a row has no text at all.
pub(super) const NO_TEXT: &str = "No description";

/// Reads a CSV file by a mapping, or by the one [`guess::guess`] finds.
///
/// # Errors
/// When the file is no table, or the mapping names a column the header does not have, or leaves
/// amount or currency open. A guess that leaves something open is no error: then all rows that
/// need it are listed as not understood and the warnings say what to choose.
pub fn read(bytes: &[u8], mapping: Option<&CsvMapping>) -> Result<Reading, Error> {
    refuse::check(bytes)?;
    let mut reading = Reading::new(FORMAT);
    let mapping = match mapping {
        Some(mapping) => {
            check(mapping)?;
            mapping.clone()
        }
        None => {
            let found = guess::guess(bytes)?;
            reading.guessed = Some(found.mapping.clone());
            reading.sure = found.sure;
            reading.warnings = found.warnings;
            found.mapping
        }
    };
    let text = decode(bytes, mapping.encoding);
    let mut rows = Rows::new(&text.text, mapping.separator.byte(), mapping.skip_lines);
    let line = header(&mut rows, &mut reading)?;
    let plan = Plan::new(&mapping, &reading.columns, line)?;
    let mut seen = Seen::default();
    read_all(&mut rows, text.damaged, &mut reading, |row| plan.draft(row, &mut seen))?;
    finish(&mapping, &mut reading);
    Ok(reading)
}

/// Takes the header into the reading; hands back its line.
fn header(rows: &mut Rows<'_>, reading: &mut Reading) -> Result<u64, Error> {
    let row = rows.next()?.ok_or(Error::Empty)?;
    reading.columns = row.fields.iter().map(|name| name.trim().to_owned()).collect();
    Ok(row.line)
}

/// What a person's own mapping must say.
fn check(mapping: &CsvMapping) -> Result<(), Error> {
    if mapping.date.is_empty() {
        return Err(Error::Mapping("The mapping names no column for the day; choose one."));
    }
    if mapping.amount.is_none() && mapping.debit.is_none() && mapping.credit.is_none() {
        return Err(Error::Mapping("The mapping names no column for the amount; choose one."));
    }
    match &mapping.fixed_currency {
        None if mapping.currency.is_none() => Err(Error::Mapping(
            "The mapping names no currency; choose a column for it or one currency for all rows.",
        )),
        Some(code) if code.parse::<Currency>().is_err() => Err(Error::Mapping(
            "The mapping's currency is not a code of three capital letters; write it like EUR.",
        )),
        _ => Ok(()),
    }
}

fn finish(mapping: &CsvMapping, reading: &mut Reading) {
    let used = [
        Some(&mapping.date),
        mapping.amount.as_ref(),
        mapping.debit.as_ref(),
        mapping.credit.as_ref(),
        mapping.currency.as_ref(),
        mapping.payee.as_ref(),
        mapping.narration.as_ref(),
        mapping.reference.as_ref(),
    ];
    for name in used.into_iter().flatten() {
        if reading.columns.iter().filter(|column| *column == name).count() > 1 {
            reading.warnings.push(format!(
                "The header names the column “{name}” more than once; the first one is used."
            ));
        }
    }
    if reading.rows == 0 {
        reading.warnings.push("The file has a header and no rows.".into());
    }
}

/// The mapping with columns by their place.
struct Plan<'m> {
    mapping: &'m CsvMapping,
    fixed: Option<Currency>,
    date: Option<usize>,
    amount: Option<usize>,
    debit: Option<usize>,
    credit: Option<usize>,
    currency: Option<usize>,
    payee: Option<usize>,
    narration: Option<usize>,
    reference: Option<usize>,
    /// Whether the column `reference` holds end-to-end ids.
    end_to_end: bool,
}

impl<'m> Plan<'m> {
    fn new(mapping: &'m CsvMapping, columns: &[String], line: u64) -> Result<Self, Error> {
        let mut missing: Vec<&str> = Vec::new();
        let mut place = |name: Option<&'m String>| {
            let name = name.filter(|name| !name.is_empty())?;
            let found = columns.iter().position(|column| column == name.trim());
            if found.is_none() {
                missing.push(name);
            }
            found
        };
        let plan = Self {
            mapping,
            fixed: mapping.fixed_currency.as_deref().and_then(|code| code.parse().ok()),
            date: place(Some(&mapping.date)),
            amount: place(mapping.amount.as_ref()),
            debit: place(mapping.debit.as_ref()),
            credit: place(mapping.credit.as_ref()),
            currency: place(mapping.currency.as_ref()),
            payee: place(mapping.payee.as_ref()),
            narration: place(mapping.narration.as_ref()),
            reference: place(mapping.reference.as_ref()),
            end_to_end: mapping
                .reference
                .as_deref()
                .is_some_and(|n| fold(n).contains("end-to-end")),
        };
        if missing.is_empty() { Ok(plan) } else { Err(missing_columns(line, &missing, columns)) }
    }

    fn draft(&self, row: &Row<'_>, seen: &mut Seen) -> Result<Draft, String> {
        if self.date.is_none() {
            return Err("No column for the day is chosen; choose one.".into());
        }
        let date = day::parse(row.get(self.date), self.mapping.date_format)?;
        let currency = self.currency_of(row)?;
        let amount = self.amount_of(row, currency)?;
        let payee = field(row.get(self.payee));
        let narration = field(row.get(self.narration));
        let identity = self.identity(row, date, amount, seen);
        let other = if amount.minor > 0 { INCOME } else { EXPENSE };
        let of_bank = field(row.get(self.reference)).map(|text| clip_chars(&text, 100));
        let (end_to_end_id, bank_ref) =
            if self.end_to_end { (end_to_end(of_bank), None) } else { (None, of_bank) };
        Ok(Draft {
            end_to_end_id,
            bank_ref,
            narration: narration
                .or_else(|| field(row.get(self.reference)))
                .or_else(|| payee.clone())
                .unwrap_or_else(|| NO_TEXT.to_owned()),
            payee,
            legs: vec![(other.to_owned(), amount.negated())],
            source: FORMAT.to_owned(),
            identity,
            ..Draft::new(row.line, date, amount)
        })
    }

    fn currency_of(&self, row: &Row<'_>) -> Result<Currency, String> {
        let cell = row.get(self.currency);
        match (cell, self.fixed) {
            ("", Some(fixed)) => Ok(fixed),
            ("", None) => {
                Err("The row has no currency; choose a column or one for all rows.".into())
            }
            ("€", _) => Ok(Currency::EUR),
            ("£", _) => "GBP".parse(),
            (cell, _) => cell.to_ascii_uppercase().parse(),
        }
    }

    fn amount_of(&self, row: &Row<'_>, currency: Currency) -> Result<Money, String> {
        let parse = |text: &str| number::parse(text, self.mapping.decimal, currency);
        if self.amount.is_some() {
            return match row.get(self.amount) {
                "" => Err("The row has no amount.".into()),
                text => parse(text),
            };
        }
        let of = |text: &str| {
            if text.is_empty() { Ok(None) } else { parse(text).map(Some) }
        };
        let debit = of(row.get(self.debit))?;
        let credit = of(row.get(self.credit))?;
        match (debit, credit) {
            (Some(debit), credit) if debit.minor != 0 && credit.is_none_or(|c| c.minor == 0) => {
                Ok(if debit.minor > 0 { debit.negated() } else { debit })
            }
            (debit, Some(credit)) if debit.is_none_or(|d| d.minor == 0) => {
                if credit.minor < 0 {
                    return Err("The column of money coming in holds a negative amount.".into());
                }
                Ok(credit)
            }
            (Some(debit), None) => Ok(debit),
            (None, None) => Err("The row has no amount.".into()),
            _ => Err("The row has money going out and coming in; it must be one of them.".into()),
        }
    }

    /// `csv:<64 hexadecimal digits>#<occurrence in this file>`.
    fn identity(&self, row: &Row<'_>, date: Date, amount: Money, seen: &mut Seen) -> String {
        let texts = [self.payee, self.narration, self.reference].map(|at| fold(row.get(at)));
        let (date, minor) = (date.to_string(), amount.minor.to_string());
        let mut parts = vec![date.as_str(), &minor, amount.currency.code()];
        parts.extend(texts.iter().map(String::as_str));
        seen.next(digest(FORMAT, &parts))
    }
}

/// The error that names the columns missing and those found.
pub(super) fn missing_columns(line: u64, missing: &[&str], columns: &[String]) -> Error {
    let quoted = |name: &str| format!("“{}”", super::text::clip(name, 60));
    let missing: Vec<String> = missing.iter().map(|name| quoted(name)).collect();
    let mut found: Vec<String> = columns.iter().take(60).map(|name| quoted(name)).collect();
    if columns.len() > found.len() {
        found.push("…".into());
    }
    Error::MissingColumns { line, missing: missing.join(", "), found: found.join(", ") }
}

#[cfg(test)]
mod tests;
