//! A mapping found by looking at a file: separator, encoding, header, columns, decimal mark, dates.
//!
//! What the file leaves open is taken as the more frequent, said in a warning, and `sure` is false.

use super::mapping::{CsvMapping, DateFormat, DecimalMark, Encoding, Separator};
use super::names;
use crate::import::rows::{Rows, decode};
use crate::import::text::fold;
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
    let mut guess = Guess {
        mapping,
        sure: true,
        warnings: Vec::new(),
    };
    find_columns(&mut guess, &table);
    find_date_format(&mut guess, &table);
    find_decimal(&mut guess, &table);
    find_currency(&mut guess, &table);
    Ok(guess)
}

/// By byte order mark, NUL pattern, validity as UTF-8; else Windows-1252.
fn encoding(bytes: &[u8]) -> Encoding {
    if refuse::is_utf_16le(bytes) {
        Encoding::Utf16Le
    } else if std::str::from_utf8(bytes).is_ok() || bytes.starts_with(b"\xef\xbb\xbf") {
        Encoding::Utf8
    } else {
        Encoding::Windows1252
    }
}

/// The first rows of a file under one separator.
struct Table {
    separator: Separator,
    rows: Vec<(u64, Vec<String>)>,
    /// Place of the header in `rows`.
    header: usize,
}

fn look(text: &str, separator: Separator, limit: usize) -> Table {
    let mut reader = Rows::new(text, separator.byte(), 0);
    let mut rows = Vec::new();
    while rows.len() < limit
        && let Ok(Some(row)) = reader.next()
    {
        let cells = row
            .fields
            .iter()
            .map(|cell| cell.trim().to_owned())
            .collect();
        if !row.is_blank() {
            rows.push((row.line, cells));
        }
    }
    let mut table = Table {
        separator,
        rows,
        header: 0,
    };
    let scores = table
        .rows
        .iter()
        .enumerate()
        .map(|(at, (_, cells))| (header_score(cells), at));
    // Of equal rows the first: a later one is data.
    let best = scores.max_by_key(|(score, at)| (*score, std::cmp::Reverse(*at)));
    table.header = best.map_or(0, |(_, at)| at);
    table
}

/// How many of the parts of a header a row names: day, amount, others.
fn header_score(cells: &[String]) -> usize {
    let folded: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
    let has = |list: &[&str]| usize::from(folded.iter().any(|cell| list.contains(&cell.as_str())));
    let money = has(names::AMOUNT)
        .max(has(names::DEBIT))
        .max(has(names::CREDIT));
    let known = [has(names::DATE), money]
        .into_iter()
        .map(|found| found.saturating_mul(10))
        .chain(
            [
                names::CURRENCY,
                names::PAYEE,
                names::NARRATION,
                names::REFERENCE,
            ]
            .map(has),
        );
    known.fold(0, usize::saturating_add)
}

/// A header cell for comparing: folded, without a unit behind it (`Amount (EUR)`, `Betrag in EUR`).
fn plain(cell: &str) -> String {
    let folded = fold(cell);
    if names::DATE.contains(&folded.as_str()) || names::REFERENCE.contains(&folded.as_str()) {
        return folded;
    }
    let without = folded.split(" (").next().unwrap_or("");
    match without.rsplit_once(" in ") {
        Some((name, unit)) if unit.chars().count() <= 3 => name.to_owned(),
        _ => without.to_owned(),
    }
}

impl Table {
    fn columns(&self) -> &[String] {
        self.rows.get(self.header).map_or(&[], |(_, cells)| cells)
    }

    fn skip_lines(&self) -> u32 {
        let line = self.rows.get(self.header).map_or(1, |(line, _)| *line);
        u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX)
    }

    fn data(&self) -> impl Iterator<Item = &[String]> {
        self.rows
            .iter()
            .skip(self.header.saturating_add(1))
            .map(|(_, cells)| cells.as_slice())
    }

    /// The values of a column that are not empty.
    fn values(&self, column: &str) -> Vec<&str> {
        let Some(at) = self.columns().iter().position(|name| name == column) else {
            return Vec::new();
        };
        let cells = self
            .data()
            .filter_map(|cells| cells.get(at))
            .map(String::as_str);
        cells.filter(|cell| !cell.is_empty()).collect()
    }

    /// Known names first, then how many rows have the header's number of columns.
    fn score(&self) -> usize {
        let width = self.columns().len();
        let same = self.data().filter(|cells| cells.len() == width).count();
        let consistent = if width > 1 {
            same.saturating_mul(10)
        } else {
            0
        };
        let named = header_score(self.columns()).saturating_mul(10_000);
        named
            .saturating_add(consistent)
            .saturating_add(width.min(9))
    }

    /// The column of the best known name whose values pass.
    fn named(&self, list: &[&str], fits: impl Fn(&str) -> bool) -> Option<String> {
        let columns = self.columns();
        let found = list.iter().flat_map(|name| {
            columns
                .iter()
                .filter(move |column| plain(column) == *name || fold(column) == *name)
        });
        found
            .into_iter()
            .find(|column| mostly(&self.values(column), &fits))
            .cloned()
    }
}

/// Whether most of the values pass; no values at all do.
fn mostly(values: &[&str], fits: impl Fn(&str) -> bool) -> bool {
    let good = values.iter().filter(|value| fits(value)).count();
    good.saturating_mul(2) >= values.len()
}

fn is_day(text: &str) -> bool {
    DateFormat::ALL
        .iter()
        .any(|format| day::parse(text, *format).is_ok())
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
    let date = table
        .named(names::DATE, is_day)
        .or_else(|| by_value().cloned());
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
        guess.open("No column of amounts was recognised; choose it, or one for money going out and one for money coming in.");
    }
}

fn find_date_format(guess: &mut Guess, table: &Table) {
    let values = table.values(&guess.mapping.date);
    let fits = |format: DateFormat| {
        values
            .iter()
            .filter(|value| day::parse(value, format).is_ok())
            .count()
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
    if tie
        && values
            .iter()
            .any(|v| day::parse(v, first) != day::parse(v, second))
    {
        guess.open(
            "The days fit both DD/MM/YYYY and MM/DD/YYYY; DD/MM/YYYY is shown, choose the right one.",
        );
    }
}

fn find_decimal(guess: &mut Guess, table: &Table) {
    let columns = [
        &guess.mapping.amount,
        &guess.mapping.debit,
        &guess.mapping.credit,
    ];
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
    guess.mapping.decimal = if comma > dot || by_separator {
        DecimalMark::Comma
    } else {
        DecimalMark::Dot
    };
    if comma == dot && (open || comma > 0) {
        guess.open("It cannot be told from the amounts whether “,” or “.” stands before the cents; choose it.");
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
    let kept: String = value
        .chars()
        .filter(|c| c.is_ascii_digit() || matches!(c, ',' | '.'))
        .collect();
    let Some((before, behind)) = kept.rsplit_once([',', '.']) else {
        return Mark::None;
    };
    let last = if kept.as_bytes().get(before.len()) == Some(&b',') {
        ','
    } else {
        '.'
    };
    let other = if last == ',' { '.' } else { ',' };
    let this = if last == ',' {
        DecimalMark::Comma
    } else {
        DecimalMark::Dot
    };
    let that = if last == ',' {
        DecimalMark::Dot
    } else {
        DecimalMark::Comma
    };
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
    let amount = guess
        .mapping
        .amount
        .clone()
        .or(guess.mapping.debit.clone())
        .unwrap_or_default();
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    let preamble = table
        .rows
        .iter()
        .take(table.header)
        .flat_map(|(_, cells)| cells.iter());
    let cells = preamble
        .map(String::as_str)
        .chain([amount.as_str()])
        .chain(table.values(&amount));
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
                "No column names the currency; {code} is taken for all rows, since the file mentions it."
            ));
        }
        _ => guess.open("The file does not say which currency the amounts are in; choose it."),
    }
}
