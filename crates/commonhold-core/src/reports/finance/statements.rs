//! Bank statements as a chain: one's closing balance is the next one's opening balance. And what
//! somebody compared with the books.

use super::ledger::{all, counting, people};
use crate::date::Date;
use crate::id::{BookId, RecordId};
use crate::money::{Currency, Money};
use crate::records::Kind;
use crate::records::finance::account::Account;
use crate::records::finance::reconciliation::Reconciliation;
use crate::records::finance::statement::Statement;
use crate::store::{Error, Reader};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// One statement in its chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct StatementRow {
    /// The statement.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// Its number or id at the bank.
    pub number: String,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// The balance before the first line; empty when it does not say.
    pub opening: String,
    /// The balance after the last line; empty when it does not say.
    pub closing: String,
    /// How many lines it has.
    #[cfg_attr(test, ts(type = "number"))]
    pub lines: i64,
    /// What the books say for its last day, in the same currency; empty when it cannot be said.
    pub ledger_balance: String,
    /// Statement less books; empty when it cannot be said.
    pub difference: String,
    /// `start`, `chained`, `gap`, `overlap`, `mismatch` or `unknown`: how it follows the one before.
    pub link: String,
    /// What that means and what to do; empty when all is well.
    pub finding: String,
}

/// What somebody compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ReconciliationRow {
    /// The reconciliation.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// The day.
    #[cfg_attr(test, ts(type = "string"))]
    pub date: Date,
    /// What the statement said.
    pub statement_balance: String,
    /// What the books said then.
    pub ledger_balance: String,
    /// Statement less books, then.
    pub difference: String,
    /// What the books say now for that day.
    pub ledger_balance_now: String,
    /// Who compared them.
    pub person_name: String,
    /// How a difference is explained.
    pub note: String,
    /// What that means.
    pub sentence: String,
}

/// The statements of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct AccountStatements {
    /// The account.
    #[cfg_attr(test, ts(type = "string"))]
    pub account: RecordId,
    /// Its path; the id when the account has not arrived yet.
    pub path: String,
    /// Whether every statement follows the one before without a finding.
    pub chained: bool,
    /// The statements, oldest first.
    pub rows: Vec<StatementRow>,
    /// What was compared, newest first.
    pub reconciliations: Vec<ReconciliationRow>,
    /// How the account stands, in a sentence.
    pub sentence: String,
}

/// All statements, by account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Statements {
    /// The day it is of.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// One entry for each account that has statements or reconciliations, by path.
    pub accounts: Vec<AccountStatements>,
    /// How many findings there are in all.
    pub findings: u32,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}

/// What an account held at the end of the days it changed on.
struct Held(BTreeMap<Currency, BTreeMap<Date, i64>>);

impl Held {
    fn read(
        reader: &Reader,
        book: &BookId,
        account: &RecordId,
        until: Date,
    ) -> Result<Self, Error> {
        let mut held: BTreeMap<Currency, BTreeMap<Date, i64>> = BTreeMap::new();
        let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
        for (day, amount) in reader.daily(book, account, until)? {
            let sum = sums.entry(amount.currency).or_default();
            *sum = sum.wrapping_add(amount.minor);
            held.entry(amount.currency).or_default().insert(day, *sum);
        }
        Ok(Self(held))
    }

    /// The balance at the end of a day.
    fn at(&self, currency: Currency, day: Date) -> Money {
        let of = self.0.get(&currency);
        let minor = of.and_then(|days| days.range(..=day).next_back()).map_or(0, |(_, sum)| *sum);
        Money::new(minor, currency)
    }
}

/// What the books say of an account at the end of a day, in one currency.
pub fn ledger_balance(
    reader: &Reader,
    book: &BookId,
    account: &RecordId,
    day: Date,
    currency: Currency,
) -> Result<Money, Error> {
    Ok(Held::read(reader, book, account, day)?.at(currency, day))
}

/// What a difference between a statement and the books means.
pub fn meaning(statement: Money, books: Money, day: Date) -> String {
    let off = Money::new(statement.minor.saturating_sub(books.minor), statement.currency);
    match off.minor {
        0 => format!("The statement and the books agree on {day}: {statement}."),
        1.. => format!(
            "The statement has {off} more than the books on {day}: look for money that came in and \
             is not posted, or went out twice in the books."
        ),
        _ => format!(
            "The statement has {} less than the books on {day}: look for money that went out and is \
             not posted, or came in twice in the books.",
            off.negated()
        ),
    }
}

/// How a statement follows the one before: a word, and a sentence where something is to be done.
fn follows(before: &Statement, next: &Statement) -> (&'static str, String) {
    let (Some(ended), Some(begins)) = (before.to, next.from) else {
        return ("unknown", "It does not say which days it is of.".to_owned());
    };
    if begins <= ended {
        let last = next.to.map_or(ended, |to| to.min(ended));
        let same = before.from == next.from && before.to == next.to;
        let what = if same && before.opening == next.opening && before.closing == next.closing {
            format!("Overlap: this is the statement of {begins} to {last} once more.")
        } else {
            format!("Overlap: {begins} to {last} are in the statement before, too.")
        };
        return ("overlap", format!("{what} Lines that are in both count once."));
    }
    let (Some(closing), Some(opening)) = (before.closing, next.opening) else {
        let sentence = "It cannot be checked: a balance is missing at its beginning or at the end \
                        of the one before.";
        return ("unknown", sentence.to_owned());
    };
    if closing == opening {
        return ("chained", String::new());
    }
    let off = (closing.currency == opening.currency)
        .then(|| Money::new(opening.minor.saturating_sub(closing.minor), opening.currency));
    let off = off.map_or_else(String::new, |off| format!(", {off} apart"));
    if begins > ended.next() {
        let (first, last) = (ended.next(), begins.plus_days(-1).unwrap_or(begins));
        let sentence = format!(
            "Gap: nothing of {first} to {last} is here, and the balance changed from {closing} to \
             {opening}{off}. Import the statement of these days."
        );
        return ("gap", sentence);
    }
    let sentence = format!(
        "Mismatch: the one before ends with {closing}, this one begins with {opening}{off}. One of \
         them is incomplete or of another account; import it again."
    );
    ("mismatch", sentence)
}

fn text(amount: Option<Money>) -> String {
    amount.map_or_else(String::new, |amount| amount.to_string())
}

/// One account's statements, in order, with how each follows the one before it.
fn chain(mut statements: Vec<(RecordId, Statement)>, held: &Held) -> Vec<StatementRow> {
    statements.sort_by(|(a, x), (b, y)| {
        (x.from, x.to, &x.number, x.position, a).cmp(&(y.from, y.to, &y.number, y.position, b))
    });
    let mut before: Option<&Statement> = None;
    let mut rows = Vec::new();
    for (id, statement) in &statements {
        let (link, finding) =
            before.map_or(("start", String::new()), |before| follows(before, statement));
        let books =
            statement.closing.zip(statement.to).map(|(money, to)| held.at(money.currency, to));
        let off = statement.closing.zip(books);
        let off = off.map(|(a, b)| Money::new(a.minor.saturating_sub(b.minor), a.currency));
        rows.push(StatementRow {
            id: *id,
            number: statement.number.clone(),
            from: statement.from,
            to: statement.to,
            opening: text(statement.opening),
            closing: text(statement.closing),
            lines: statement.lines,
            ledger_balance: text(books),
            difference: text(off),
            link: link.to_owned(),
            finding,
        });
        // The chain goes on from whatever reaches furthest.
        before = before.filter(|before| before.to > statement.to).or(Some(statement));
    }
    rows
}

fn compared(
    mut found: Vec<(RecordId, Reconciliation)>,
    held: &Held,
    names: &BTreeMap<RecordId, String>,
) -> Vec<ReconciliationRow> {
    found.sort_by_key(|(id, reconciliation)| (Reverse(reconciliation.date), Reverse(*id)));
    let mut rows = Vec::new();
    for (id, reconciliation) in found {
        let (Some(date), Some(statement), Some(books)) =
            (reconciliation.date, reconciliation.statement_balance, reconciliation.ledger_balance)
        else {
            continue;
        };
        let now = held.at(statement.currency, date);
        let mut sentence = meaning(statement, now, date);
        if now != books {
            sentence = format!(
                "The books said {books} when this was compared and say {now} now. {sentence}"
            );
        }
        let off = statement.minor.saturating_sub(books.minor);
        rows.push(ReconciliationRow {
            id,
            date,
            statement_balance: statement.to_string(),
            ledger_balance: books.to_string(),
            difference: Money::new(off, statement.currency).to_string(),
            ledger_balance_now: now.to_string(),
            person_name: names.get(&reconciliation.person).cloned().unwrap_or_default(),
            note: reconciliation.note.unwrap_or_default(),
            sentence,
        });
    }
    rows
}

/// How an account stands: the last statement beside the books, and whether somebody compared them.
fn summary(rows: &[StatementRow], reconciliations: &[ReconciliationRow]) -> String {
    let last = rows.iter().max_by_key(|row| row.to);
    let findings = rows.iter().filter(|row| !row.finding.is_empty()).count();
    let mut sentences = Vec::new();
    if findings > 0 {
        sentences.push(format!("{findings} statements do not follow the one before."));
    }
    let known = last.and_then(|row| {
        let (closing, books) = (row.closing.parse().ok()?, row.ledger_balance.parse().ok()?);
        Some(meaning(closing, books, row.to?))
    });
    sentences.extend(known);
    sentences.push(match reconciliations.first() {
        Some(newest) => format!("Last compared for {}.", newest.date),
        None => "Nobody has compared it with the books yet.".to_owned(),
    });
    sentences.join(" ")
}

/// Computes the chains of statements of all accounts, up to a day.
pub fn statements(reader: &Reader, book: &BookId, at: Date) -> Result<Statements, Error> {
    let accounts: BTreeMap<RecordId, Account> = all(reader, book, Kind::Account)?;
    let names = people(reader, book)?;
    let mut statements: BTreeMap<RecordId, Vec<(RecordId, Statement)>> = BTreeMap::new();
    let mut reconciliations: BTreeMap<RecordId, Vec<(RecordId, Reconciliation)>> = BTreeMap::new();
    for (id, statement) in counting::<Statement>(reader, book, Kind::Statement)? {
        if statement.to.or(statement.from).is_none_or(|day| day <= at) {
            statements.entry(statement.account).or_default().push((id, statement));
        }
    }
    for (id, found) in counting::<Reconciliation>(reader, book, Kind::Reconciliation)? {
        if found.date.is_some_and(|day| day <= at) {
            reconciliations.entry(found.account).or_default().push((id, found));
        }
    }
    let ids: BTreeSet<RecordId> =
        statements.keys().chain(reconciliations.keys()).copied().collect();
    let mut found = Vec::new();
    for account in ids {
        let held = Held::read(reader, book, &account, at)?;
        let rows = chain(statements.remove(&account).unwrap_or_default(), &held);
        let compared =
            compared(reconciliations.remove(&account).unwrap_or_default(), &held, &names);
        let path = accounts.get(&account).map(|account| account.path.clone());
        found.push(AccountStatements {
            account,
            path: path.unwrap_or_else(|| account.to_string()),
            chained: rows.iter().all(|row| row.finding.is_empty()),
            sentence: summary(&rows, &compared),
            rows,
            reconciliations: compared,
        });
    }
    found.sort_by(|a, b| (&a.path, a.account).cmp(&(&b.path, b.account)));
    let findings = found.iter().flat_map(|a| &a.rows).filter(|row| !row.finding.is_empty()).count();
    let mut missing = Vec::new();
    if found.is_empty() {
        missing.push("No statement was imported and nothing was compared yet.".to_owned());
    }
    let findings = u32::try_from(findings).unwrap_or(u32::MAX);
    Ok(Statements { at, accounts: found, findings, missing })
}
