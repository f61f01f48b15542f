//! What the tables of payment services and funding platforms have in common: finding the header,
//! the form of days and amounts, rows that count once, and fees beside an amount.

use super::csv::{EXPENSE, INCOME, NO_TEXT};
use super::open_collective::category::PROCESSOR_FEES;
use super::rows::{Row, Rows, Text, decode};
use super::text::{clip_chars, field, fold, tidy};
use super::{DateFormat, DecimalMark, Draft, Error, Reading, Separator, csv, day, refuse};
use commonhold_core::{Currency, Date, Money};
use std::collections::HashMap;

/// Where money is that has left one account and has not arrived in the other: a payout of a payment
/// service is one row there and one row in the bank's statement, and both go here.
pub const TRANSFERS: &str = "Assets:Transfers";
/// How many rows are looked at to find the form of days and amounts.
const LOOK_ROWS: usize = 5_000;

/// A file's text, after its bytes were seen to be a table.
pub(super) fn text(bytes: &[u8]) -> Result<Text<'_>, Error> {
    refuse::check(bytes)?;
    Ok(decode(bytes, csv::guess::encoding(bytes)))
}

/// The separator under which the first row is the header looked for.
pub(super) fn separator(text: &str, is_header: fn(&[String]) -> bool) -> Option<Separator> {
    Separator::ALL.into_iter().find(|separator| {
        let mut rows = Rows::new(text, separator.byte(), 0);
        match rows.next() {
            Ok(Some(row)) => is_header(&row.fields.iter().map(fold).collect::<Vec<_>>()),
            _ => false,
        }
    })
}

/// Takes the header into the reading; hands back its line.
pub(super) fn header(rows: &mut Rows<'_>, reading: &mut Reading) -> Result<u64, Error> {
    let row = rows.next()?.ok_or(Error::Empty)?;
    reading.columns = row.fields.iter().map(|name| name.trim().to_owned()).collect();
    Ok(row.line)
}

/// Where columns are, by their folded names.
pub(super) struct Columns(Vec<String>);

impl Columns {
    pub(super) fn new(columns: &[String]) -> Self {
        Self(columns.iter().map(|name| fold(name)).collect())
    }

    /// The column of the first known name.
    pub(super) fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.0.iter().position(|column| column == name))
    }

    /// The columns that must be there.
    ///
    /// # Errors
    /// Names the first name of each that is missing.
    pub(super) fn needed<const N: usize>(
        &self,
        line: u64,
        all: [&[&str]; N],
    ) -> Result<[usize; N], Error> {
        let found = all.map(|names| self.find(names));
        let lacking = all.iter().zip(&found).filter(|(_, at)| at.is_none());
        let missing: Vec<&str> =
            lacking.map(|(names, _)| names.first().copied().unwrap_or_default()).collect();
        if missing.is_empty() {
            Ok(found.map(Option::unwrap_or_default))
        } else {
            Err(csv::missing_columns(line, &missing, &self.0))
        }
    }
}

/// The values of some columns in the first rows, those that are not empty.
pub(super) fn look(text: &str, separator: Separator, columns: &[usize]) -> Vec<Vec<String>> {
    let mut rows = Rows::new(text, separator.byte(), 0);
    let mut values: Vec<Vec<String>> = columns.iter().map(|_| Vec::new()).collect();
    let mut first = true;
    for _ in 0..LOOK_ROWS {
        let Ok(Some(row)) = rows.next() else { break };
        if std::mem::take(&mut first) {
            continue;
        }
        for (column, values) in columns.iter().zip(&mut values) {
            let value = row.get(Some(*column));
            if !value.is_empty() && value.len() < 100 {
                values.push(value.to_owned());
            }
        }
    }
    values
}

/// The form the days of a file have, and whether that is sure. Where days fit both DD/MM and MM/DD,
/// the one in which the rows are in order is taken, as services write them; else `hint`.
pub(super) fn date_format(values: &[String], hint: Option<DateFormat>) -> (DateFormat, bool) {
    let read = |format: DateFormat| -> Vec<Date> {
        values.iter().filter_map(|value| day::parse(value, format).ok()).collect()
    };
    let counts = DateFormat::ALL.map(|format| (read(format).len(), format));
    let most = counts.iter().map(|(count, _)| *count).max().unwrap_or(0);
    let fitting = counts.iter().find(|(count, _)| *count == most && most > 0);
    let best = fitting.map_or(hint.unwrap_or_default(), |(_, format)| *format);
    let (first, second) = (read(DateFormat::DayFirst), read(DateFormat::MonthFirst));
    if best != DateFormat::DayFirst || second.len() < first.len() || first == second {
        return (best, true);
    }
    let ordered = |days: &[Date]| days.is_sorted() || days.iter().rev().is_sorted();
    match (ordered(&first), ordered(&second)) {
        (true, false) => (DateFormat::DayFirst, true),
        (false, true) => (DateFormat::MonthFirst, true),
        _ => (hint.unwrap_or(DateFormat::DayFirst), hint.is_some()),
    }
}

/// The sentence for a file whose days are open to doubt.
pub(super) const DAYS_OPEN: &str = "The days fit both DD/MM/YYYY and MM/DD/YYYY; DD/MM/YYYY is \
    shown. If that is wrong, read the file as CSV and choose the form there.";

/// The mark before the cents: what stands before the last one or two digits of most amounts.
pub(super) fn decimal_mark(values: &[String], usual: DecimalMark) -> DecimalMark {
    let (mut comma, mut dot) = (0_usize, 0_usize);
    for value in values {
        let digits: Vec<char> =
            value.chars().filter(|c| c.is_ascii_digit() || matches!(c, ',' | '.')).collect();
        match digits.iter().rev().take(3).find(|c| !c.is_ascii_digit()) {
            Some(',') => comma = comma.saturating_add(1),
            Some('.') => dot = dot.saturating_add(1),
            _ => {}
        }
    }
    match comma.cmp(&dot) {
        std::cmp::Ordering::Greater => DecimalMark::Comma,
        std::cmp::Ordering::Less => DecimalMark::Dot,
        std::cmp::Ordering::Equal => usual,
    }
}

/// Rows by the id the service gave them, which counts once in a file.
#[derive(Default)]
pub(super) struct Ids(HashMap<String, u64>);

impl Ids {
    /// Takes an id, or says which line had it.
    pub(super) fn once(&mut self, identity: &str, line: u64) -> Result<(), String> {
        match self.0.get(identity) {
            Some(before) => Err(format!(
                "The row repeats line {before}, which has the same id; it counts once."
            )),
            None => {
                self.0.insert(identity.to_owned(), line);
                Ok(())
            }
        }
    }
}

/// A currency code in any case.
pub(super) fn currency(text: &str) -> Result<Currency, String> {
    if text.is_empty() {
        return Err("The row has no currency.".into());
    }
    text.to_ascii_uppercase().parse()
}

/// The legs of a change of the service's balance: the gross amount on an account, and what the
/// service kept. `fee` is positive where it kept something.
pub(super) fn with_fee(
    account: &str,
    gross: Money,
    fee: Money,
    net: Money,
) -> Result<Vec<(String, Money)>, String> {
    if fee.negated().checked_add(gross) != Some(net) {
        return Err("Gross amount, fee and net amount of the row do not add up.".into());
    }
    let mut legs = vec![(account.to_owned(), gross.negated())];
    if fee.minor != 0 {
        legs.push((PROCESSOR_FEES.to_owned(), fee));
    }
    if gross.minor == 0 && fee.minor != 0 {
        legs.remove(0);
    }
    Ok(legs)
}

/// Where money goes that no rule knows.
pub(super) fn uncategorised(amount: Money) -> &'static str {
    if amount.minor > 0 { INCOME } else { EXPENSE }
}

/// Whether a text speaks of a donation.
pub(super) fn says_donation(text: &str) -> bool {
    let text = fold(text);
    ["donation", "donate", "spende"].iter().any(|word| text.contains(word))
}

/// Whether a text speaks of something given again and again.
pub(super) fn says_recurring(text: &str) -> bool {
    let text = fold(text);
    let words =
        ["subscription", "recurring", "monthly", "yearly", "abonnement", "monatlich", "jährlich"];
    words.iter().any(|word| text.contains(word))
}

/// The interval a text names.
pub(super) fn interval(text: &str) -> Option<&'static str> {
    let text = fold(text);
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["monthly", "monatlich", "/ month"]) {
        Some("monthly")
    } else if has(&["yearly", "annual", "jährlich", "/ year"]) {
        Some("yearly")
    } else {
        None
    }
}

/// Text and ids of a row that a service numbered.
pub(super) fn labelled(format: &str, id: &str, row: &Row<'_>, texts: &[Option<usize>]) -> Label {
    let id = clip_chars(&tidy(id), 100);
    let text = texts.iter().find_map(|at| field(row.get(*at)));
    Label { identity: format!("{format}:{id}"), id, text }
}

/// What [`labelled`] found.
pub(super) struct Label {
    pub identity: String,
    pub id: String,
    pub text: Option<String>,
}

impl Label {
    /// Puts text and ids into a draft.
    pub(super) fn onto(self, draft: Draft) -> Draft {
        Draft {
            narration: self
                .text
                .or_else(|| draft.payee.clone())
                .unwrap_or_else(|| NO_TEXT.to_owned()),
            source: self.identity.clone(),
            identity: self.identity,
            bank_ref: (!self.id.is_empty()).then_some(self.id),
            ..draft
        }
    }
}

#[cfg(test)]
mod tests;
