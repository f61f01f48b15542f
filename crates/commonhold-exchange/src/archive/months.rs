//! Both ledgers and the tables made of months: what the transactions of one month come to in each of
//! these files is made apart, so that whoever keeps it need not make again what did not change.
//! The ledgers hold the same bytes as when they are written in one go; the two tables of
//! transactions go by day and id here, in an archive by id.

use super::alone::observe_others;
use super::book::{Book, Place, Sum, add};
use super::ledger::{Entry, Style, write_around};
use super::tables::{self, Names};
use super::{Error, Folder, Progress, Record, Source, Tell, ledger_beancount, ledger_journal};
use super::{alone, postings};
use commonhold_core::date::{Date, Time};
use commonhold_core::id::RecordId;
use commonhold_core::money::Currency;
use commonhold_core::projection::State;
use commonhold_core::records::Kind;
use commonhold_core::records::finance::transaction::Transaction;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write;

/// The text of what makes a month's bytes: another text may make other bytes of the same records.
pub const FORM: &[&str] = &[
    include_str!("months.rs"),
    include_str!("book.rs"),
    include_str!("ledger_names.rs"),
    include_str!("ledger_beancount.rs"),
    include_str!("ledger_journal.rs"),
    include_str!("tables.rs"),
    include_str!("postings.rs"),
    include_str!("words.rs"),
];

/// What one account changed by in one fund and currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Line {
    account: RecordId,
    fund: RecordId,
    currency: Currency,
    minor: Sum,
    first: Date,
    last: Place,
}

/// What the books need to know of the transactions of one month.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sums {
    days: BTreeMap<Date, u32>,
    payees: BTreeSet<String>,
    lines: Vec<Line>,
}

impl Sums {
    /// Adds the transactions of a month, each once.
    pub fn of(entries: &[(RecordId, Transaction)]) -> Self {
        let mut sums = Self::default();
        let mut lines: BTreeMap<(RecordId, RecordId, Currency), Line> = BTreeMap::new();
        for (id, transaction) in entries {
            let Some(date) = transaction.date else { continue };
            let count = sums.days.entry(date).or_default();
            *count = count.saturating_add(1);
            sums.payees.insert(super::ledger_names::payee(transaction));
            for (number, posting) in transaction.postings.iter().enumerate() {
                let (account, fund) = (posting.account, posting.fund);
                let currency = posting.amount.currency;
                let place = (date, *id, number);
                let line = lines.entry((account, fund, currency)).or_insert(Line {
                    account,
                    fund,
                    currency,
                    minor: Some(0),
                    first: date,
                    last: place,
                });
                add(&mut line.minor, posting.amount.minor);
                line.first = line.first.min(date);
                line.last = line.last.max(place);
            }
        }
        sums.lines = lines.into_values().collect();
        sums
    }
}

impl Book {
    /// Takes a month's transactions into account, each month once.
    fn observe_month(&mut self, sums: &Sums) {
        for (day, number) in &sums.days {
            let count = self.days.entry(*day).or_default();
            *count = count.saturating_add(*number);
        }
        self.payees.extend(sums.payees.iter().cloned());
        for line in &sums.lines {
            self.currencies.insert(line.currency);
            self.funds.entry(line.fund).or_default();
            let account = self.accounts.entry(line.account).or_default();
            let sum = account.sums.entry(line.currency).or_insert(Some(0));
            merge(sum, line.minor);
            account.first = Some(account.first.map_or(line.first, |first| first.min(line.first)));
            let last = account.last.entry(line.currency).or_insert(line.last);
            *last = line.last.max(*last);
            let key = (line.fund, line.account, line.currency);
            merge(self.balances.entry(key).or_insert(Some(0)), line.minor);
        }
    }
}

fn merge(sum: &mut Sum, other: Sum) {
    match other {
        Some(minor) => add(sum, minor),
        None => *sum = None,
    }
}

/// One month's part of each file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Its entries in `ledger.beancount`.
    pub beancount: Vec<u8>,
    /// Its entries in `ledger.journal`.
    pub journal: Vec<u8>,
    /// Its rows of the table of transactions.
    pub transactions: Vec<u8>,
    /// Its rows of the table of postings.
    pub postings: Vec<u8>,
}

/// Which part of each month is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Entries in `ledger.beancount`.
    Beancount,
    /// Entries in `ledger.journal`.
    Journal,
    /// Rows of the table of transactions.
    Transactions,
    /// Rows of the table of postings.
    Postings,
}

/// Hands out the parts of all months, oldest month first: writes them, and answers how many rows
/// they hold.
pub type Hand<'a> = dyn FnMut(Which, &mut dyn Write) -> Result<u64, Error> + 'a;

/// The books of which the months are known.
pub struct Books {
    book: Book,
}

impl Books {
    /// Reads what is no transaction, and takes the months' sums.
    pub fn new<'s>(
        source: &dyn Source,
        months: impl Iterator<Item = &'s Sums>,
        tell: &mut Tell<'_>,
    ) -> Result<Self, Error> {
        let mut progress = Progress { tell, done: 0, note: String::new() };
        let mut book = observe_others(source, &mut progress)?;
        for sums in months {
            book.observe_month(sums);
        }
        book.settle();
        Ok(Self { book })
    }

    /// What the parts of some days rest on beside their transactions: names of accounts and funds,
    /// and the balances that are asserted on those days.
    pub fn basis(&self, from: Date, to: Date) -> String {
        let mut out = String::new();
        let mut put = |text: std::fmt::Arguments<'_>| {
            // Writing to a text does not fail.
            let _ = out.write_fmt(text);
        };
        for (id, account) in &self.book.accounts {
            let names = (&account.path, &account.beancount, &account.journal);
            put(format_args!("{id} {names:?}\n"));
            for (currency, (day, entry, line)) in &account.last {
                if (from..=to).contains(day) {
                    let sum = account.sums.get(currency);
                    put(format_args!(" {currency} {entry} {line} {sum:?}\n"));
                }
            }
        }
        for (id, fund) in &self.book.funds {
            put(format_args!("{id} {:?}\n", (&fund.name, &fund.unique, &fund.label)));
        }
        out
    }

    /// Makes the parts of a month of its transactions, which are in the order of day and id.
    pub fn part(&self, entries: &[(RecordId, Transaction)]) -> Result<Part, Error> {
        let mut part = Part::default();
        let mut transactions = tables::writer(&mut part.transactions);
        let mut lines = tables::writer(&mut part.postings);
        let mut names = Names::default();
        for (id, transaction) in entries {
            let Some(day) = transaction.date else { continue };
            let entry = Entry { id: *id, day, transaction };
            let text = (ledger_beancount::STYLE.entry)(&self.book, &entry);
            part.beancount.extend_from_slice(text.as_bytes());
            let text = (ledger_journal::STYLE.entry)(&self.book, &entry);
            part.journal.extend_from_slice(text.as_bytes());
            let record = without_lines(*id, transaction);
            let file = names.next(*id);
            transactions.write_record(tables::row(Kind::Transaction, &record, &file))?;
            let mut number: u64 = 0;
            for posting in &transaction.postings {
                number = number.saturating_add(1);
                let row = postings::posting_row(&self.book, &record, number, posting.clone());
                lines.write_record(row)?;
            }
        }
        transactions.flush()?;
        lines.flush()?;
        drop((transactions, lines));
        Ok(part)
    }

    /// Writes the ledger for Beancount.
    pub fn beancount(
        &self,
        source: &dyn Source,
        out: &mut dyn Write,
        hand: &mut Hand<'_>,
    ) -> Result<(), Error> {
        self.ledger(source, out, (&ledger_beancount::STYLE, Which::Beancount), hand)
    }

    /// Writes the ledger for hledger and Ledger.
    pub fn journal(
        &self,
        source: &dyn Source,
        out: &mut dyn Write,
        hand: &mut Hand<'_>,
    ) -> Result<(), Error> {
        self.ledger(source, out, (&ledger_journal::STYLE, Which::Journal), hand)
    }

    fn ledger(
        &self,
        source: &dyn Source,
        out: &mut dyn Write,
        (style, which): (&Style, Which),
        hand: &mut Hand<'_>,
    ) -> Result<(), Error> {
        let mut tell = |_: u64, _: Option<u64>, _: &str| true;
        let mut progress = Progress { tell: &mut tell, done: 0, note: String::new() };
        write_around(source, &self.book, &mut progress, style, out, &mut |out, _| {
            hand(which, out).map(|_| ())
        })?;
        Ok(out.flush()?)
    }

    /// Writes the tables with their description, those of transactions from the months.
    pub fn tables<'a>(
        self,
        source: &'a dyn Source,
        folder: &'a mut dyn Folder,
        written: Time,
        hand: &'a mut Hand<'a>,
        tell: &'a mut Tell<'a>,
    ) -> Result<(), Error> {
        alone::tables_of_months(source, folder, written, (self.book, hand), tell)
    }
}

/// A transaction as the table of transactions needs it: its lines have a table of their own.
fn without_lines(id: RecordId, transaction: &Transaction) -> Record {
    let plain = Transaction {
        date: transaction.date,
        payee: transaction.payee.clone(),
        narration: transaction.narration.clone(),
        postings: Vec::new(),
        period_from: transaction.period_from,
        period_to: transaction.period_to,
        decision: transaction.decision.clone(),
        documents: transaction.documents.clone(),
        corrects: transaction.corrects,
        reverses: transaction.reverses,
        import: transaction.import,
        source: transaction.source.clone(),
        expense: transaction.expense,
        donor: transaction.donor,
        interval: transaction.interval.clone(),
        end_to_end_id: transaction.end_to_end_id.clone(),
    };
    let fields = match serde_json::to_value(plain) {
        Ok(Value::Object(fields)) => fields,
        _ => commonhold_core::json::Fields::new(),
    };
    let document = String::new();
    Record { id, state: State::Ok.name(), document, fields, problems: Vec::new() }
}
