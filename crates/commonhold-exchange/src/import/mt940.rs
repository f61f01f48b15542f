//! MT940, SWIFT's statement of an account, as banks really write it: with and without the frames of
//! SWIFT, several statements in a file, and the dialects of field 86.
//!
//! `:61:` is one row. `C` and `D` are money in and out, `RC` and `RD` take a credit and a debit back
//! (so `RC` is money out). The interim report MT942 is refused: its rows come again in MT940.

mod details;
mod fields;
mod line;

use super::bank::{Entry, Ledger};
use super::{Error, Reading, refuse};
use commonhold_core::Currency;
use fields::Field;
use line::Line;

/// The format's name in the window and on the command line.
pub const FORMAT: &str = "mt940";

/// Whether a text begins as a statement does: a line `:20:`, and one of an account, balance or row.
pub(super) fn is_start(text: &str) -> bool {
    let has = |tag: &str| text.lines().any(|line| line.trim_start().starts_with(tag));
    has(":20:") && [":25", ":60", ":61:", ":62"].iter().any(|tag| has(tag))
}

/// Reads a file of one or more statements.
///
/// # Errors
/// When the file holds no statement, or only interim reports.
pub fn read(bytes: &[u8]) -> Result<Reading, Error> {
    refuse::check_text(bytes)?;
    refuse::check_web_page(bytes)?;
    let text = super::rows::decode(bytes, super::csv::guess::encoding(bytes));
    let mut reader = Reader::default();
    fields::split(&text.text, &mut |field| reader.take(field))?;
    reader.finish()
}

/// A row and what belongs to it, until the next field shows that it is whole.
struct Row {
    line: u64,
    raw: String,
    parsed: Result<Line, String>,
    supplement: String,
    details: Vec<String>,
    /// Field `:NS:`, which some banks write instead of `:86:`.
    numbered: Option<String>,
}

struct Reader {
    ledger: Ledger,
    currency: Option<Currency>,
    row: Option<Row>,
    /// Which of the fields 60 and 62 the statement has had.
    opened: bool,
    closed: bool,
    interim: bool,
    /// Statements that have rows or both balances, and those that are interim reports.
    whole: u64,
    interims: u64,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            ledger: Ledger::new(FORMAT),
            currency: None,
            row: None,
            opened: false,
            closed: false,
            interim: false,
            whole: 0,
            interims: 0,
        }
    }
}

impl Reader {
    fn take(&mut self, field: &Field<'_>) -> Result<(), Error> {
        match field.tag {
            "86" => {
                if let Some(row) = &mut self.row {
                    row.details.push(field.text());
                }
                return Ok(());
            }
            "NS" => {
                if let Some(row) = &mut self.row {
                    row.numbered = Some(field.lines.join("\n"));
                }
                return Ok(());
            }
            _ => self.finish_row()?,
        }
        let first = field.lines.first().copied().unwrap_or_default().trim();
        match field.tag {
            "20" => self.begin(field.line)?,
            "25" | "25P" => {
                if self.closed || !self.ledger.is_open() {
                    self.begin(field.line)?;
                }
                if self.ledger.has_entries() {
                    self.ledger.warn(format!(
                        "A second account stands inside a statement, in line {}; it is not read.",
                        field.line
                    ));
                } else {
                    self.ledger.set_account(first);
                }
            }
            "28" | "28C" => self.ledger.set_number(first),
            "60F" | "60M" => self.opening(first, field.line)?,
            "62F" | "62M" => self.closing(first, field.line),
            "34F" | "13D" | "90C" | "90D" => self.interim = true,
            "61" => {
                if !self.ledger.is_open() || self.closed {
                    self.begin(field.line)?;
                }
                self.row = Some(row(field));
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, line: u64) -> Result<(), Error> {
        self.finish_statement();
        self.ledger.begin(line)
    }

    fn opening(&mut self, text: &str, line: u64) -> Result<(), Error> {
        if self.opened || !self.ledger.is_open() {
            self.begin(line)?;
        }
        match line::balance(text, None) {
            Ok((day, amount)) => {
                self.opened = true;
                self.currency = Some(amount.currency);
                if let Some(info) = self.ledger.info() {
                    info.opening = Some(amount);
                    info.from = Some(day);
                }
            }
            Err(reason) => self.ledger.warn(format!("The balance in line {line}: {reason}")),
        }
        Ok(())
    }

    fn closing(&mut self, text: &str, line: u64) {
        match line::balance(text, self.currency) {
            Ok((day, amount)) => {
                self.closed = true;
                if let Some(info) = self.ledger.info() {
                    info.closing = Some(amount);
                    info.to = Some(day);
                }
            }
            Err(reason) => {
                self.closed = true;
                self.ledger.warn(format!("The balance in line {line}: {reason}"));
            }
        }
    }

    fn finish_row(&mut self) -> Result<(), Error> {
        let Some(row) = self.row.take() else { return Ok(()) };
        match self.entry(&row) {
            Ok(entry) => self.ledger.book(entry),
            Err((reason, booked)) => self.ledger.refuse(row.line, &row.raw, reason, booked),
        }
    }

    fn entry(&self, row: &Row) -> Result<Entry, (String, bool)> {
        if self.interim {
            return Err((
                "The row stands in an interim report (MT942); import the statement of the day."
                    .into(),
                false,
            ));
        }
        let line = row.parsed.as_ref().map_err(|reason| (reason.clone(), true))?;
        if line.expected {
            let reason = "The entry is expected (mark E), not booked yet.";
            return Err((reason.into(), false));
        }
        let currency = self.currency.ok_or_else(|| {
            ("No opening balance (:60F:) before the row says which currency it is in.".into(), true)
        })?;
        let amount = super::number::exact(&line.amount, currency).map_err(|why| (why, true))?;
        let amount = if line.negative { amount.negated() } else { amount };
        let found = match &row.numbered {
            Some(numbered) if row.details.is_empty() => details::numbered(numbered),
            _ => details::read(&row.details),
        };
        let supplement = (!row.supplement.trim().is_empty()).then(|| row.supplement.clone());
        let own_reference = line.reference.as_deref().filter(|_| !line.names_end_to_end());
        Ok(Entry {
            payee: found.payee,
            text: found.text.or(supplement),
            end_to_end_id: found.end_to_end_id,
            bank_ref: line.bank_reference.clone().or(own_reference.map(str::to_owned)),
            counterparty_account: found.account,
            reversal: line.reversal,
            ..Entry::new(row.line, line.date, amount)
        })
    }

    fn finish_statement(&mut self) {
        let rows = self.ledger.has_entries();
        if self.interim {
            self.interims = self.interims.saturating_add(1);
        } else if self.ledger.is_open() && (rows || (self.opened && self.closed)) {
            self.whole = self.whole.saturating_add(1);
            if self.opened && !self.closed {
                self.ledger.warn(
                    "A statement has no closing balance (:62F:); the file may be cut off.".into(),
                );
            }
        }
        self.ledger.end();
        (self.opened, self.closed, self.interim) = (false, false, false);
        self.currency = None;
    }

    fn finish(mut self) -> Result<Reading, Error> {
        self.finish_row()?;
        self.finish_statement();
        if self.whole == 0 && self.interims > 0 {
            return Err(Error::Unusable(
                "This is an interim report (MT942), whose rows may change and come again; import \
                 the statement (MT940) of the day."
                    .into(),
            ));
        }
        if self.whole == 0 {
            return Err(Error::Unusable(
                "The file holds no statement of the kind MT940: no rows (:61:) and no pair of \
                 balances (:60F:, :62F:); choose another format or export it again."
                    .into(),
            ));
        }
        Ok(self.ledger.finish())
    }
}

fn row(field: &Field<'_>) -> Row {
    let first = field.lines.first().copied().unwrap_or_default();
    let rest = field.lines.get(1..).unwrap_or_default();
    // A line that was cut in the middle of what it must hold is joined again.
    let (parsed, used) = match line::parse(first) {
        Ok(parsed) => (Ok(parsed), 0),
        Err(reason) => match rest.first().map(|next| line::parse(&format!("{first}{next}"))) {
            Some(Ok(parsed)) => (Ok(parsed), 1),
            _ => (Err(reason), 0),
        },
    };
    let mut supplement = parsed.as_ref().map(|line| line.rest.clone()).unwrap_or_default();
    for more in rest.iter().skip(used).filter(|more| more.trim() != ":") {
        supplement.push(' ');
        supplement.push_str(more);
    }
    Row {
        line: field.line,
        raw: field.lines.join(" "),
        parsed,
        supplement,
        details: Vec::new(),
        numbered: None,
    }
}

#[cfg(test)]
mod tests;
