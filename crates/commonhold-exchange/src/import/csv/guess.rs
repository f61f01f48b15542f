//! A mapping found by looking at a file: separator, encoding, header, columns, decimal mark, dates.
//!
//! What the file leaves open is taken as the more frequent, said in a warning, and `sure` is false.

use super::mapping::{CsvMapping, DateFormat, DecimalMark, Encoding, Separator};
use super::names;
use super::table::{Table, look};
use crate::import::rows::decode;
use crate::import::{Error, day, refuse};
use std::collections::BTreeMap;

/// How many rows are looked at.
const LOOK_ROWS: usize = 5_000;
/// How many rows are looked at to find the header and the separator.
const HEAD_ROWS: usize = 200;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The mapping; `date` is empty when no column looks like days.
    pub mapping: CsvMapping,
    /// Whether nothing is left open.
    pub sure: bool,
    /// What is left open, and what was taken from an unusual place.
    pub warnings: Vec<String>,
}

impl Guess {
    fn open(&mut self, sentence: &str) {
        self.sure = false;
        self.warnings.push(sentence.to_owned());
    }
}

/// Guesses how a CSV file is to be read.
///
/// # Errors
/// When the file is no table of text, see [`Error`].
pub fn guess(bytes: &[u8]) -> Result<Guess, Error> {
    refuse::check(bytes)?;
    let encoding = encoding(bytes);
    let text = decode(bytes, encoding);
    let mut best: Option<(usize, Table)> = None;
    for separator in Separator::ALL {
        let table = look(&text.text, separator, HEAD_ROWS);
        let score = table.score();
        if best.as_ref().is_none_or(|(highest, _)| score > *highest) {
            best = Some((score, table));
        }
    }
    let (_, head) = best.ok_or(Error::Empty)?;
    let table = look(&text.text, head.separator, LOOK_ROWS);
    let mapping = CsvMapping {
        separator: table.separator,
        encoding,
        skip_lines: table.skip_lines(),
        ..CsvMapping::default()
    };
    let mut guess = Guess { mapping, sure: true, warnings: Vec::new() };
    find_columns(&mut guess, &table);
    find_date_format(&mut guess, &table);
    find_decimal(&mut guess, &table);
    find_currency(&mut guess, &table);
    Ok(guess)
}

/// By byte order mark, NUL pattern, validity as UTF-8; else Windows-1252.
pub(in crate::import) fn encoding(bytes: &[u8]) -> Encoding {
    if refuse::is_utf_16le(bytes) {
        Encoding::Utf16Le
    } else if std::str::from_utf8(bytes).is_ok() || bytes.starts_with(b"\xef\xbb\xbf") {
        Encoding::Utf8
    } else {
        Encoding::Windows1252
    }
}

fn is_day(text: &str) -> bool {
    DateFormat::ALL.iter().any(|format| day::parse(text, *format).is_ok())
}

/// Whether a text has digits and otherwise only what stands in amounts.
fn is_number(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    text.contains(|c: char| c.is_ascii_digit()) && letters <= 3 && !is_day(text)
}

fn find_columns(guess: &mut Guess, table: &Table) {
    let any = |_: &str| true;
    let by_value = || {
        table.columns().iter().find(|c| {
            let values = table.values(c);
            !values.is_empty() && values.iter().all(|v| is_day(v))
        })
    };
    let date = table.named(names::DATE, is_day).or_else(|| by_value().cloned());
    guess.mapping.date = date.unwrap_or_default();
    let debit = table.named(names::DEBIT, is_number);
    let credit = table.named(names::CREDIT, is_number);
    guess.mapping.amount = table.named(names::AMOUNT, is_number);
    if guess.mapping.amount.is_none() && debit.is_some() && credit.is_some() {
        (guess.mapping.debit, guess.mapping.credit) = (debit, credit);
    }
    guess.mapping.currency = table.named(names::CURRENCY, |v| v.chars().count() <= 3);
    guess.mapping.payee = table.named(names::PAYEE, any);
    guess.mapping.narration = table.named(names::NARRATION, any);
    guess.mapping.reference = table.named(names::REFERENCE, any);
    if guess.mapping.date.is_empty() {
        guess.open("No column of days was recognised; choose it.");
    }
    if guess.mapping.amount.is_none() && guess.mapping.debit.is_none() {
        guess.open(
            "No column of amounts was recognised; choose it, or one for money going out and one \
             for money coming in.",
        );
    }
}

fn find_date_format(guess: &mut Guess, table: &Table) {
    let values = table.values(&guess.mapping.date);
    let fits = |format: DateFormat| {
        values.iter().filter(|value| day::parse(value, format).is_ok()).count()
    };
    let mut best = (0, DateFormat::Iso);
    for format in DateFormat::ALL {
        let count = fits(format);
        if count > best.0 {
            best = (count, format);
        }
    }
    guess.mapping.date_format = best.1;
    let (first, second) = (DateFormat::DayFirst, DateFormat::MonthFirst);
    let tie = best.0 > 0 && best.1 == first && fits(second) == best.0;
    if tie && values.iter().any(|v| day::parse(v, first) != day::parse(v, second)) {
        guess.open(
            "The days fit both DD/MM/YYYY and MM/DD/YYYY; DD/MM/YYYY is shown, \
             choose the right one.",
        );
    }
}

fn find_decimal(guess: &mut Guess, table: &Table) {
    let columns = [&guess.mapping.amount, &guess.mapping.debit, &guess.mapping.credit];
    let names: Vec<String> = columns.into_iter().flatten().cloned().collect();
    let (mut comma, mut dot, mut open) = (0_usize, 0_usize, false);
    for value in names.iter().flat_map(|name| table.values(name)) {
        match mark_of(value) {
            Mark::Known(DecimalMark::Comma) => comma = comma.saturating_add(1),
            Mark::Known(DecimalMark::Dot) => dot = dot.saturating_add(1),
            Mark::Open => open = true,
            Mark::None => {}
        }
    }
    let semicolons = table.separator == Separator::Semicolon;
    let by_separator = comma == dot && semicolons;
    guess.mapping.decimal =
        if comma > dot || by_separator { DecimalMark::Comma } else { DecimalMark::Dot };
    if comma == dot && (open || comma > 0) {
        guess.open(
            "It cannot be told from the amounts whether “,” or “.” stands before the cents; \
             choose it.",
        );
    }
}

enum Mark {
    Known(DecimalMark),
    /// One separator before three digits: cents or thousands.
    Open,
    None,
}

/// What one amount says about the decimal mark.
fn mark_of(value: &str) -> Mark {
    let kept: String =
        value.chars().filter(|c| c.is_ascii_digit() || matches!(c, ',' | '.')).collect();
    let Some((before, behind)) = kept.rsplit_once([',', '.']) else {
        return Mark::None;
    };
    let last = if kept.as_bytes().get(before.len()) == Some(&b',') { ',' } else { '.' };
    let other = if last == ',' { '.' } else { ',' };
    let this = if last == ',' { DecimalMark::Comma } else { DecimalMark::Dot };
    let that = if last == ',' { DecimalMark::Dot } else { DecimalMark::Comma };
    if before.contains(last) {
        Mark::Known(that)
    } else if before.contains(other) || behind.len() != 3 || before.len() > 3 || before == "0" {
        Mark::Known(this)
    } else {
        Mark::Open
    }
}

fn find_currency(guess: &mut Guess, table: &Table) {
    if let Some(column) = &guess.mapping.currency
        && !table.values(column).is_empty()
    {
        return;
    }
    let amount = guess.mapping.amount.clone().or(guess.mapping.debit.clone()).unwrap_or_default();
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    let preamble = table.rows.iter().take(table.header).flat_map(|(_, cells)| cells.iter());
    let cells = preamble.map(String::as_str).chain([amount.as_str()]).chain(table.values(&amount));
    for cell in cells {
        let words = cell.split(|c: char| !c.is_alphabetic() && c != '€' && c != '£');
        for word in words.map(|w| {
            if w == "€" {
                "EUR"
            } else if w == "£" {
                "GBP"
            } else {
                w
            }
        }) {
            if let Some(code) = names::CURRENCIES.iter().find(|code| **code == word) {
                let count = found.entry(code).or_default();
                *count = count.saturating_add(1);
            }
        }
    }
    let mut codes = found.keys();
    match (codes.next(), codes.next()) {
        (Some(code), None) => {
            guess.mapping.fixed_currency = Some((*code).to_owned());
            guess.warnings.push(format!(
                "No column names the currency; {code} is taken for all rows, since the file \
                 mentions it."
            ));
        }
        _ => guess.open("The file does not say which currency the amounts are in; choose it."),
    }
}
