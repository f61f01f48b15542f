//! The review tray: imported lines and where they could belong, learned from what was sorted before.

use super::super::count;
use super::super::sample::of_purpose;
use super::transfers;
use crate::failure::Failure;
use commonhold_core::id::BookId;
use commonhold_core::projection::{Row, State};
use commonhold_core::record::Posting;
use commonhold_core::records::finance::account::Account;
use commonhold_core::records::finance::transaction::Transaction;
use commonhold_core::store::Reader;
use commonhold_core::{Date, Kind, Money, RecordId};
use commonhold_exchange::import::csv;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// Days within which the same amount may be the same payment.
const NEAR: u16 = 3;
/// Most rows of one answer.
const MAX_ROWS: u32 = 500;

/// Where a line could belong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Suggestion {
    /// The account.
    #[cfg_attr(test, ts(type = "string"))]
    pub account: RecordId,
    /// Its path.
    pub path: String,
    /// How many earlier lines of this payee went there.
    pub times: u32,
    /// The day of the last of them.
    pub last: String,
}

/// One imported line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ReviewRow {
    /// The transaction.
    #[cfg_attr(test, ts(type = "string"))]
    pub transaction: RecordId,
    /// The transaction it corrects, if it was sorted already.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub corrects: Option<RecordId>,
    /// The import it came in with.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub import: Option<RecordId>,
    /// The day.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub date: Option<Date>,
    /// The other party.
    pub payee: Option<String>,
    /// What for.
    pub narration: String,
    /// The change of the account it is about.
    pub amount: String,
    /// The account on the other side; empty where there are several.
    pub account: String,
    /// Its path; all paths where there are several.
    pub account_path: String,
    /// The fund; empty where there are several.
    pub fund: String,
    /// Whether it still is to be sorted.
    pub open: bool,
    /// Where it could belong.
    pub suggestion: Option<Suggestion>,
    /// The other side of it, where it may be the arrival of money that left another account.
    pub transfer: Option<Named>,
    /// The expense it pays, if it is matched.
    pub expense: Option<Named>,
    /// A transaction of the same account, amount and nearly the same day that it may repeat.
    pub duplicate_of: Option<Named>,
}

/// A record by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Named {
    /// Its id.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What it is called.
    pub title: String,
}

/// A part of the lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ImportReview {
    /// The lines asked for, oldest first.
    pub rows: Vec<ReviewRow>,
    /// How many there are in all.
    pub total: u32,
}

/// Accounts as sorting needs them.
pub(super) struct Chart(BTreeMap<RecordId, Account>);

impl Chart {
    /// Reads the chart of accounts.
    pub(super) fn read(reader: &Reader, book: &BookId) -> Result<Self, Failure> {
        let mut found = BTreeMap::new();
        reader.each(book, Kind::Account, &mut |row| {
            if row.state == State::Ok
                && let Ok(account) = serde_json::from_value(Value::Object(row.fields))
            {
                found.insert(row.id, account);
            }
            true
        })?;
        Ok(Self(found))
    }

    /// The account of an id.
    pub(super) fn get(&self, id: &RecordId) -> Option<&Account> {
        self.0.get(id)
    }

    /// Whether money is in it, rather than that it came from or went there.
    pub(super) fn holds_money(&self, id: &RecordId) -> bool {
        let kind = self.get(id).map(|account| account.account_type.as_str());
        matches!(kind, Some("asset" | "liability"))
    }

    /// Whether it is where lines wait to be sorted.
    pub(super) fn is_waiting_room(&self, id: &RecordId) -> bool {
        self.get(id).is_some_and(|account| [csv::INCOME, csv::EXPENSE].contains(&&*account.path))
    }

    fn path(&self, id: &RecordId) -> String {
        self.get(id).map(|account| account.path.clone()).unwrap_or_default()
    }
}

/// A payee as habits know it: without case, spaces and numbers, which change from bill to bill.
fn plain(payee: &str) -> String {
    let letters = |c: char| if c.is_alphabetic() { c } else { ' ' };
    let words: String = payee.chars().map(letters).flat_map(char::to_lowercase).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What was learned from lines sorted before.
struct Habits(HashMap<(String, bool), Suggestion>);

impl Habits {
    fn read(reader: &Reader, book: &BookId, chart: &Chart) -> Result<Self, Failure> {
        let mut times: BTreeMap<(String, bool, RecordId), (u64, String)> = BTreeMap::new();
        for habit in reader.habits(book)? {
            let Some(account) = chart.get(&habit.account) else { continue };
            let income = account.account_type == "income";
            let sorted = income || account.account_type == "expense";
            if !sorted || account.closed.is_some() || chart.is_waiting_room(&habit.account) {
                continue;
            }
            let seen = times.entry((plain(&habit.payee), income, habit.account)).or_default();
            seen.0 = seen.0.saturating_add(habit.times);
            if habit.last > seen.1 {
                seen.1 = habit.last;
            }
        }
        let mut best: HashMap<(String, bool), Suggestion> = HashMap::new();
        for ((payee, income, account), (n, last)) in times {
            let new = Suggestion { account, path: chart.path(&account), times: count(n), last };
            let key = (payee, income);
            let better =
                best.get(&key).is_none_or(|old| (new.times, &new.last) > (old.times, &old.last));
            if better && !key.0.is_empty() {
                best.insert(key, new);
            }
        }
        Ok(Self(best))
    }

    fn of(&self, payee: Option<&str>, income: bool) -> Option<Suggestion> {
        self.0.get(&(plain(payee?), income)).cloned()
    }
}

/// The lines of an import that count; without one, all lines that still are to be sorted.
pub fn review(
    reader: &Reader,
    book: &BookId,
    import: Option<&RecordId>,
    offset: u32,
    limit: u32,
) -> Result<ImportReview, Failure> {
    let limit = limit.min(MAX_ROWS);
    let chart = Chart::read(reader, book)?;
    let (total, rows) = match import {
        Some(import) => reader.imported(book, import, offset, limit)?,
        None => waiting(reader, book, offset, limit)?,
    };
    let habits = Habits::read(reader, book, &chart)?;
    let under = transfers::account(book);
    let mut rows: Vec<ReviewRow> =
        rows.into_iter().filter_map(|row| review_row(&chart, &habits, under, row)).collect();
    for row in &mut rows {
        if let Some(expense) = &mut row.expense
            && let Some(found) = reader.record(book, Kind::Expense, &expense.id)?
        {
            expense.title = text(&found, "narration");
        }
    }
    mark_transfers(reader, book, &chart, &mut rows)?;
    if let Some(import) = import {
        mark_repeated(reader, book, import, &mut rows)?;
    }
    Ok(ImportReview { rows, total: count(total) })
}

/// Lines in the waiting rooms, newest first.
fn waiting(
    reader: &Reader,
    book: &BookId,
    offset: u32,
    limit: u32,
) -> Result<(u64, Vec<Row>), Failure> {
    let (mut total, mut rows, mut skip) = (0_u64, Vec::new(), u64::from(offset));
    for path in [csv::EXPENSE, csv::INCOME] {
        let left = u64::from(limit).saturating_sub(u64::try_from(rows.len()).unwrap_or(0));
        let query = commonhold_core::projection::Query {
            offset: count(skip),
            limit: count(left).max(1),
            account: Some(of_purpose(book, Kind::Account, path)),
            ..Default::default()
        };
        let page = reader.list(book, Kind::Transaction, &query)?;
        total = total.saturating_add(page.total);
        skip = skip.saturating_sub(page.total);
        rows.extend(page.rows.into_iter().take(usize::try_from(left).unwrap_or(0)));
    }
    Ok((total, rows))
}

/// A line, with the account money under way is in counted as its other side.
fn review_row(chart: &Chart, habits: &Habits, under: RecordId, row: Row) -> Option<ReviewRow> {
    let id = row.id;
    let transaction: Transaction = serde_json::from_value(Value::Object(row.fields)).ok()?;
    let own = |posting: &&Posting| chart.holds_money(&posting.account) && posting.account != under;
    let (own, other): (Vec<&Posting>, Vec<&Posting>) = transaction.postings.iter().partition(own);
    let amount = own.iter().map(|posting| posting.amount).reduce(plus)?;
    let open = other.iter().any(|posting| chart.is_waiting_room(&posting.account));
    let paths: Vec<String> = other.iter().map(|posting| chart.path(&posting.account)).collect();
    let single = if let [one] = other.as_slice() { Some(*one) } else { None };
    let suggestion = habits.of(transaction.payee.as_deref(), amount.minor > 0);
    let funds: std::collections::BTreeSet<RecordId> =
        transaction.postings.iter().map(|posting| posting.fund).collect();
    let fund = if funds.len() == 1 { funds.first() } else { None };
    Some(ReviewRow {
        transaction: id,
        corrects: transaction.corrects,
        import: transaction.import,
        date: transaction.date,
        payee: transaction.payee,
        narration: transaction.narration,
        amount: amount.to_string(),
        account: single.map(|posting| posting.account.to_string()).unwrap_or_default(),
        account_path: paths.join(", "),
        fund: fund.map(ToString::to_string).unwrap_or_default(),
        open,
        suggestion: suggestion.filter(|_| open),
        expense: transaction.expense.map(|id| Named { id, title: String::new() }),
        transfer: None,
        duplicate_of: None,
    })
}

/// Names the other side of open lines that may be the arrival of money under way.
fn mark_transfers(
    reader: &Reader,
    book: &BookId,
    chart: &Chart,
    rows: &mut [ReviewRow],
) -> Result<(), Failure> {
    if !rows.iter().any(|row| row.open) {
        return Ok(());
    }
    let account = transfers::account(book);
    for arrival in transfers::arrivals(reader, book, chart)? {
        let Some(row) = rows.iter_mut().find(|row| row.transaction == arrival.line) else {
            continue;
        };
        let last = arrival.other.date.to_string();
        row.suggestion = Some(Suggestion { account, path: chart.path(&account), times: 1, last });
        row.transfer = Some(Named { id: arrival.other.transaction, title: arrival.other.title });
    }
    Ok(())
}

fn text(row: &Row, field: &str) -> String {
    row.fields.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Marks open lines that another import, or somebody by hand, may have brought already: the same
/// amount in the same account within three days.
fn mark_repeated(
    reader: &Reader,
    book: &BookId,
    import: &RecordId,
    rows: &mut [ReviewRow],
) -> Result<(), Failure> {
    let account = reader
        .record(book, Kind::Import, import)?
        .and_then(|row| text(&row, "account").parse::<RecordId>().ok());
    let days = || rows.iter().filter_map(|row| row.date);
    let (Some(account), Some(first), Some(last)) = (account, days().min(), days().max()) else {
        return Ok(());
    };
    let lines =
        reader.lines_between(book, &account, first.days_earlier(NEAR), last.days_later(NEAR))?;
    for row in rows.iter_mut().filter(|row| row.open) {
        let (Some(day), Ok(amount)) = (row.date, row.amount.parse::<Money>()) else { continue };
        let (from, to) = (day.days_earlier(NEAR), day.days_later(NEAR));
        let same = lines.iter().find(|line| {
            line.import.as_ref() != Some(import)
                && (line.minor, line.currency.as_str())
                    == (amount.minor, amount.currency.to_string().as_str())
                && (from..=to).contains(&line.date)
        });
        row.duplicate_of =
            same.map(|line| Named { id: line.transaction, title: line.title.clone() });
    }
    Ok(())
}

fn plus(a: Money, b: Money) -> Money {
    a.checked_add(b).unwrap_or(a)
}
