//! What a close holds, and what speaks against writing it.

use super::{CloseLine, ClosePreview};
use crate::date::Date;
use crate::id::{BookId, RecordId, hex};
use crate::projection::State;
use crate::records::Kind;
use crate::records::finance::close::Close;
use crate::reports::finance::ledger::{Ledger, counting};
use crate::reports::finance::statements::statements;
use crate::reports::finance::trial_balance::{Stand, stand};
use crate::store::{Error, Reader};
use sha2::{Digest, Sha256};

/// Most transactions one close may list: it is one record, and every device reads it whole.
const MAX_LISTED: usize = 200_000;

/// What a close of a period holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The balances at its end: account, fund and amount, separated by tabs, sorted.
    pub trial_balance: Vec<String>,
    /// The transactions of the period that count, by id, sorted.
    pub transactions: Vec<String>,
    /// The hash over both lists.
    pub sha256: String,
}

/// Balances as a close lists them.
pub(super) fn lines(stand: &Stand) -> Vec<String> {
    let line = |((account, fund, currency), minor): (&(RecordId, RecordId, _), &i64)| {
        format!("{account}\t{fund}\t{}", crate::money::Money::new(*minor, *currency))
    };
    let mut lines: Vec<String> = stand.iter().map(line).collect();
    lines.sort_unstable();
    lines
}

/// SHA-256 over both lists of a close (`docs/FORMAT.md`): every balance on a line of its own, an
/// empty line, every transaction on a line of its own, in UTF-8 with line feeds.
pub fn digest(trial_balance: &[String], transactions: &[String]) -> String {
    let mut hasher = Sha256::new();
    for line in trial_balance {
        hasher.update(line.as_bytes());
        hasher.update(b"\n");
    }
    hasher.update(b"\n");
    for id in transactions {
        hasher.update(id.as_bytes());
        hasher.update(b"\n");
    }
    hex(&hasher.finalize())
}

/// Reads what a close of a period holds now.
pub fn contents(reader: &Reader, book: &BookId, from: Date, to: Date) -> Result<Contents, Error> {
    let ledger = Ledger::read(reader, book, Some(to), to)?;
    read(reader, book, from, &ledger)
}

fn read(reader: &Reader, book: &BookId, from: Date, ledger: &Ledger) -> Result<Contents, Error> {
    let trial_balance = lines(&stand(ledger));
    let entries = reader.entries(book, from, ledger.at)?;
    let transactions: Vec<String> = entries.iter().map(|entry| entry.id.to_string()).collect();
    let sha256 = digest(&trial_balance, &transactions);
    Ok(Contents { trial_balance, transactions, sha256 })
}

/// The close that holds a day, with its period; the first by its id where several do.
pub fn closed_on(
    reader: &Reader,
    book: &BookId,
    day: Date,
) -> Result<Option<(RecordId, Date, Date)>, Error> {
    Ok(periods(reader, book)?.into_iter().find(|(_, from, to)| *from <= day && day <= *to))
}

/// The closed periods: the close of each, its first and its last day.
pub fn periods(reader: &Reader, book: &BookId) -> Result<Vec<(RecordId, Date, Date)>, Error> {
    let closes = counting::<Close>(reader, book, Kind::Close)?;
    let period =
        |(id, close): (_, Close)| close.from.zip(close.to).map(|(from, to)| (id, from, to));
    Ok(closes.into_iter().filter_map(period).collect())
}

/// A line of a close with names instead of ids.
pub(super) fn named(ledger: &Ledger, line: &str) -> CloseLine {
    let mut parts = line.split('\t');
    let (account, fund) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let path = account.parse().map(|id| ledger.path_of(&id));
    let name = fund.parse().map(|id| ledger.fund_name(&id));
    CloseLine {
        path: path.unwrap_or_else(|_| account.to_owned()),
        fund_name: name.unwrap_or_else(|_| fund.to_owned()),
        amount: parts.next().unwrap_or_default().to_owned(),
    }
}

/// What a close of a period would hold, and what speaks against it.
pub fn preview(
    reader: &Reader,
    book: &BookId,
    from: Date,
    to: Date,
    today: Date,
) -> Result<ClosePreview, Error> {
    let ledger = Ledger::read(reader, book, Some(to), to)?;
    let contents = read(reader, book, from, &ledger)?;
    let (mut problems, mut warnings) = (Vec::new(), Vec::new());
    if to < from {
        problems.push("The period ends before it begins.".to_owned());
    }
    if to >= today {
        problems.push(format!("The period is not over; it can be closed after {to}."));
    }
    if contents.transactions.len() > MAX_LISTED {
        problems.push(format!(
            "The period holds {} transactions; close shorter periods, of at most {MAX_LISTED}.",
            contents.transactions.len()
        ));
    }
    if contents.transactions.is_empty() {
        warnings.push("No transaction of this period counts.".to_owned());
    }
    beside(reader, book, (from, to), &mut problems, &mut warnings)?;
    for (state, count) in reader.set_aside(book, from, to)? {
        if matches!(state, State::Rejected | State::Flagged | State::Rival) {
            warnings.push(format!(
                "{count} transactions of this period are {} and do not count; look at them first.",
                state.name()
            ));
        }
    }
    for account in statements(reader, book, to)?.accounts {
        let unclear = account.rows.iter().filter(|row| row.to.is_some_and(|day| day >= from));
        for row in unclear.filter(|row| !row.finding.is_empty()) {
            warnings.push(format!("{}: {}", account.path, row.finding));
        }
    }
    Ok(ClosePreview {
        from,
        to,
        transactions: u32::try_from(contents.transactions.len()).unwrap_or(u32::MAX),
        trial_balance: contents.trial_balance.iter().map(|line| named(&ledger, line)).collect(),
        sha256: contents.sha256,
        problems,
        warnings,
    })
}

/// Looks at the other closes: overlaps, and days left out between.
fn beside(
    reader: &Reader,
    book: &BookId,
    (from, to): (Date, Date),
    problems: &mut Vec<String>,
    warnings: &mut Vec<String>,
) -> Result<(), Error> {
    let mut before: Option<Date> = None;
    for (_, close) in counting::<Close>(reader, book, Kind::Close)? {
        let (Some(begins), Some(ends)) = (close.from, close.to) else {
            continue;
        };
        if (begins, ends) == (from, to) {
            warnings.push("This period is closed already; both closes stay.".to_owned());
        } else if begins <= to && from <= ends {
            problems.push(format!("{begins} to {ends} is closed already and overlaps with it."));
        }
        before = before.max(Some(ends).filter(|ends| *ends < from));
    }
    if let Some(first) = before.map(|ends| ends.next()).filter(|first| *first < from) {
        let last = from.plus_days(-1).unwrap_or(from);
        warnings.push(format!("{first} to {last}, before it, is not closed."));
    }
    Ok(())
}
