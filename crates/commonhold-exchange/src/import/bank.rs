//! What the formats of banks have in common: statements of accounts, entries in them, identities,
//! and whether balances and statements follow on each other.

mod chain;

use super::csv::{EXPENSE, INCOME, NO_TEXT};
use super::identity::{Seen, digest, squash};
use super::rows::SHOWN;
use super::text::{clip, clip_chars, end_to_end, field, tidy};
use super::{Draft, Error, MAX_ROWS, NotUnderstood, Reading, StatementInfo};
use commonhold_core::{Date, Money};
use std::collections::HashMap;

/// Most statements of one file.
const MAX_STATEMENTS: usize = 100_000;
/// Most warnings about single rows and statements.
const MAX_WARNINGS: usize = 20;
/// Longest account and number of a statement, in characters.
const MAX_NAME: usize = 70;

/// A booked entry of a statement, texts as in the file.
pub(super) struct Entry {
    pub line: u64,
    pub date: Date,
    pub amount: Money,
    pub payee: Option<String>,
    pub text: Option<String>,
    pub end_to_end_id: Option<String>,
    pub bank_ref: Option<String>,
    pub counterparty_account: Option<String>,
    /// Whether it takes an earlier entry back: then money coming in is an expense less.
    pub reversal: bool,
    /// Whether banks disagree about the sign such an entry is written with.
    pub sign_in_doubt: bool,
}

impl Entry {
    pub(super) fn new(line: u64, date: Date, amount: Money) -> Self {
        Self {
            line,
            date,
            amount,
            payee: None,
            text: None,
            end_to_end_id: None,
            bank_ref: None,
            counterparty_account: None,
            reversal: false,
            sign_in_doubt: false,
        }
    }
}

enum Item {
    Booked(Entry),
    /// Line, text, reason, and whether the account's balance holds it.
    Refused(u64, String, String, bool),
}

/// A statement while its entries are read.
struct Open {
    line: u64,
    items: Vec<Item>,
}

/// Account, number, days and balances of a statement.
type Head = (String, Option<String>, [Option<Date>; 2], [Option<Money>; 2]);

/// What of a statement is the same in every copy of it.
#[derive(PartialEq, Eq, Hash)]
struct Sameness {
    info: Head,
    /// Digest of the entries' keys, and how many there are.
    entries: (String, usize),
}

/// Statements and entries on their way into a [`Reading`].
pub(super) struct Ledger {
    pub reading: Reading,
    open: Option<Open>,
    seen: Seen,
    /// Where a row with a reference of the bank stands: statement and line.
    references: HashMap<String, (usize, u64)>,
    whole: HashMap<Sameness, u64>,
    unsaid: usize,
}

impl Ledger {
    pub(super) fn new(format: &'static str) -> Self {
        Self {
            reading: Reading::new(format),
            open: None,
            seen: Seen::default(),
            references: HashMap::new(),
            whole: HashMap::new(),
            unsaid: 0,
        }
    }

    /// Begins a statement; ends the one before.
    pub(super) fn begin(&mut self, line: u64) -> Result<(), Error> {
        self.end();
        if self.reading.statements.len() >= MAX_STATEMENTS {
            return Err(Error::Unusable(
                "The file holds more than 100,000 statements; export a shorter period.".into(),
            ));
        }
        self.reading.statements.push(StatementInfo::default());
        self.open = Some(Open { line, items: Vec::new() });
        Ok(())
    }

    /// Whether a statement is begun and not ended.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Whether the statement has entries so far.
    pub(super) fn has_entries(&self) -> bool {
        self.open.as_ref().is_some_and(|open| !open.items.is_empty())
    }

    /// The statement begun and not ended.
    pub(super) fn info(&mut self) -> Option<&mut StatementInfo> {
        self.open.as_ref()?;
        self.reading.statements.last_mut()
    }

    /// Sets the account of the statement, tidied.
    pub(super) fn set_account(&mut self, account: &str) {
        let account = clip_chars(&tidy(account), MAX_NAME);
        if let Some(info) = self.info()
            && !account.is_empty()
        {
            info.account = Some(account);
        }
    }

    /// Sets the number of the statement, tidied.
    pub(super) fn set_number(&mut self, number: &str) {
        let number = clip_chars(&tidy(number), MAX_NAME);
        if let Some(info) = self.info()
            && !number.is_empty()
        {
            info.number = Some(number);
        }
    }

    /// Takes a booked entry.
    pub(super) fn book(&mut self, entry: Entry) -> Result<(), Error> {
        let line = entry.line;
        self.push(line, Item::Booked(entry))
    }

    /// Lists an entry that is not understood; `booked` says whether the balances hold it.
    pub(super) fn refuse(
        &mut self,
        line: u64,
        text: &str,
        reason: String,
        booked: bool,
    ) -> Result<(), Error> {
        self.push(line, Item::Refused(line, clip(&tidy(&clip(text, 2000)), SHOWN), reason, booked))
    }

    fn push(&mut self, line: u64, item: Item) -> Result<(), Error> {
        if self.open.is_none() {
            self.begin(line)?;
        }
        self.reading.rows = self.reading.rows.saturating_add(1);
        if self.reading.rows > MAX_ROWS {
            return Err(Error::TooManyRows);
        }
        if let Some(info) = self.info() {
            info.rows = info.rows.saturating_add(1);
        }
        if let Some(open) = &mut self.open {
            open.items.push(item);
        }
        Ok(())
    }

    /// Warns, at most [`MAX_WARNINGS`] times.
    pub(super) fn warn(&mut self, sentence: String) {
        if self.reading.warnings.len() < MAX_WARNINGS {
            self.reading.warnings.push(sentence);
        } else {
            self.unsaid = self.unsaid.saturating_add(1);
        }
    }

    /// Ends the statement: its entries become drafts, unless it is a copy of an earlier one.
    pub(super) fn end(&mut self) {
        let Some(mut open) = self.open.take() else { return };
        let Some(at) = self.reading.statements.len().checked_sub(1) else { return };
        let info = self.reading.statements.get(at).cloned().unwrap_or_default();
        for sentence in chain::settle_signs(&info, &mut open.items) {
            self.warn(sentence);
        }
        let account = plain(info.account.as_deref().unwrap_or_default());
        let keys = open.items.iter().map(|item| match item {
            Item::Booked(entry) => key(self.reading.format, &account, entry),
            Item::Refused(..) => String::new(),
        });
        let keys: Vec<String> = keys.collect();
        let same = Sameness {
            info: (
                account,
                info.number.clone(),
                [info.from, info.to],
                [info.opening, info.closing],
            ),
            entries: (
                digest("entries", &keys.iter().map(String::as_str).collect::<Vec<_>>()),
                keys.len(),
            ),
        };
        let known = info.number.is_some() || (info.opening.is_some() && info.closing.is_some());
        let copy = if known && !keys.is_empty() { self.whole.get(&same).copied() } else { None };
        self.whole.entry(same).or_insert(open.line);
        for (item, key) in open.items.into_iter().zip(keys) {
            match item {
                Item::Refused(line, text, reason, _) => {
                    self.reading.not_understood.push(NotUnderstood { line, text, reason });
                }
                Item::Booked(entry) => self.settle(entry, key, at, copy),
            }
        }
    }

    /// Makes a draft of an entry, or lists it where the file holds it already.
    fn settle(&mut self, entry: Entry, key: String, at: usize, copy: Option<u64>) {
        let before = self.references.get(&key).filter(|(other, _)| *other != at).copied();
        let repeats = match (copy, before) {
            (Some(line), _) => Some(format!(
                "The file holds this statement twice, first from line {line} on; it counts once."
            )),
            (None, Some((_, line))) => Some(format!(
                "The row repeats line {line} of another statement, with the same reference of the \
                 bank; it counts once."
            )),
            (None, None) => None,
        };
        if let Some(reason) = repeats {
            let payee = entry.payee.as_deref().unwrap_or_default();
            let text = clip(&tidy(&format!("{} {} {payee}", entry.date, entry.amount)), SHOWN);
            let line = entry.line;
            self.reading.not_understood.push(NotUnderstood { line, text, reason });
            return;
        }
        if reference(&entry).is_some() {
            self.references.insert(key.clone(), (at, entry.line));
        }
        let identity = self.seen.next(key);
        let format = self.reading.format;
        self.reading.drafts.push(draft(entry, (format, identity), at));
    }

    /// The reading, with what the statements say about each other.
    pub(super) fn finish(mut self) -> Reading {
        self.end();
        for sentence in chain::check(&self.reading.statements) {
            self.warn(sentence);
        }
        if self.unsaid > 0 {
            self.reading.warnings.push(format!("There are {} more such remarks.", self.unsaid));
        }
        // Repeated rows are listed at the end of their statement; the report goes by line.
        self.reading.not_understood.sort_by_key(|row| row.line);
        self.reading
    }
}

fn draft(entry: Entry, (format, identity): (&str, String), at: usize) -> Draft {
    let comes_in = (entry.amount.minor > 0) != entry.reversal;
    let other = if comes_in && entry.amount.minor != 0 { INCOME } else { EXPENSE };
    let payee = entry.payee.as_deref().and_then(field);
    let short = |text: &Option<String>, max| {
        text.as_deref().map(|text| clip_chars(&tidy(text), max)).filter(|text| !text.is_empty())
    };
    Draft {
        narration: entry
            .text
            .as_deref()
            .and_then(field)
            .or_else(|| payee.clone())
            .unwrap_or_else(|| NO_TEXT.to_owned()),
        payee,
        legs: vec![(other.to_owned(), entry.amount.negated())],
        source: format.to_owned(),
        identity,
        bank_ref: short(&entry.bank_ref, 100),
        counterparty_account: short(&entry.counterparty_account, MAX_NAME),
        end_to_end_id: end_to_end(entry.end_to_end_id),
        statement: Some(at),
        ..Draft::new(entry.line, entry.date, entry.amount)
    }
}

/// An account as it is compared: letters and digits, capitals.
pub(super) fn plain(account: &str) -> String {
    account.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// The bank's own reference, where it is one.
fn reference(entry: &Entry) -> Option<String> {
    let found = squash(entry.bank_ref.as_deref()?);
    let none = ["", "nonref", "notprovided", "none", "0"];
    (!none.contains(&found.as_str())).then_some(found)
}

/// What a row is known by: account, day, amount and end-to-end id, with the bank's reference, or,
/// where there is none, with the texts.
fn key(format: &str, account: &str, entry: &Entry) -> String {
    let (date, minor) = (entry.date.to_string(), entry.amount.minor.to_string());
    let end_to_end = squash(&end_to_end(entry.end_to_end_id.clone()).unwrap_or_default());
    let text = |text: &Option<String>| squash(text.as_deref().unwrap_or_default());
    let rest = match reference(entry) {
        Some(reference) => ["reference".to_owned(), reference, String::new()],
        None => ["text".to_owned(), text(&entry.payee), text(&entry.text)],
    };
    let currency = entry.amount.currency;
    let mut parts = vec![account, &date, &minor, currency.code(), &end_to_end];
    parts.extend(rest.iter().map(String::as_str));
    digest(format, &parts)
}

#[cfg(test)]
mod tests;
