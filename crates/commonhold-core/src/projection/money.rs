//! Questions about money that the kept sums cannot answer: they look at single entries.

use super::State;
use crate::date::{Date, Month};
use crate::id::RecordId;
use crate::money::{Currency, Money};
use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};

/// An entry that moves money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: RecordId,
    /// Its day.
    pub date: Date,
}

/// An entry that corrects another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The correction.
    pub id: RecordId,
    /// What it corrects.
    pub corrects: RecordId,
    /// What became of the correction.
    pub state: State,
}

/// What one giver moved in one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DonorLine {
    /// The giver; nothing where none is named.
    pub donor: Option<RecordId>,
    /// The month.
    pub month: Month,
    /// The sum of the lines.
    pub amount: Money,
}

/// A line of an entry that names how often it comes or the days it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GiftLine {
    /// The entry.
    pub id: RecordId,
    /// Its day.
    pub date: Date,
    /// How often it comes, if it says.
    pub interval: Option<String>,
    /// The days it is for, if it says.
    pub period: Option<(Date, Date)>,
    /// The account.
    pub account: RecordId,
    /// The fund.
    pub fund: RecordId,
    /// The amount.
    pub amount: Money,
}

/// Which lines of gifts are asked for.
#[derive(Clone, Copy, Debug)]
pub struct GiftQuery<'a> {
    /// The accounts they move.
    pub accounts: &'a [RecordId],
    /// First day: later entries, and earlier ones that are for later days.
    pub from: Date,
    /// Last day of an entry.
    pub to: Date,
    /// One giver's, whether or not they say more; else everybody's that say how often they come or
    /// what days they are for.
    pub donor: Option<RecordId>,
}

fn id(found: &SqlRow<'_>, index: usize) -> rusqlite::Result<RecordId> {
    let bytes = found.get_ref(index)?.as_blob_or_null()?;
    Ok(bytes.and_then(|bytes| RecordId::from_slice(bytes).ok()).unwrap_or_default())
}

fn date(found: &SqlRow<'_>, index: usize) -> rusqlite::Result<Option<Date>> {
    Ok(found.get_ref(index)?.as_str_or_null()?.and_then(|text| text.parse().ok()))
}

fn money(found: &SqlRow<'_>, currency: usize, minor: usize) -> rusqlite::Result<Money> {
    let code = found.get_ref(currency)?.as_str_or_null()?.and_then(|code| code.parse().ok());
    Ok(Money::new(found.get(minor)?, code.unwrap_or(Currency::EUR)))
}

/// The numbers some ids have inside this database, for a list in SQL.
fn keys(db: &Connection, ids: &[RecordId]) -> rusqlite::Result<String> {
    let mut statement = db.prepare_cached("SELECT n FROM key WHERE id = ?1")?;
    let mut found: Vec<i64> = Vec::new();
    for id in ids {
        found.extend(statement.query_row([id.as_bytes()], |row| row.get::<_, i64>(0)).optional()?);
    }
    found.sort_unstable();
    Ok(found.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
}

/// What an account held at the end of each day it changed on: the sum of each day, in each
/// currency, up to a day; oldest first.
pub fn daily(
    db: &Connection,
    book: i64,
    account: &RecordId,
    until: Date,
) -> rusqlite::Result<Vec<(Date, Money)>> {
    let mut statement = db.prepare_cached(
        "SELECT t.date, currency, sum(minor) FROM posting JOIN transactions t ON t.n = posting.n
         WHERE account = (SELECT n FROM key WHERE id = ?2) AND t.book = ?1 AND t.state = 0
           AND t.date <= ?3
         GROUP BY 1, 2 ORDER BY 1, 2",
    )?;
    let rows = statement
        .query_map(params![book, account.as_bytes(), until.to_string()], |found| {
            Ok((date(found, 0)?.unwrap_or_default(), money(found, 1, 2)?))
        })?;
    rows.collect()
}

/// What every account changed by on each of some days, in each currency, by day.
pub fn daily_between(
    db: &Connection,
    book: i64,
    from: Date,
    to: Date,
) -> rusqlite::Result<Vec<(Date, RecordId, Money)>> {
    let mut statement = db.prepare_cached(
        "SELECT t.date, currency, sum(minor), key.id
         FROM transactions t JOIN posting ON posting.n = t.n JOIN key ON key.n = posting.account
         WHERE t.book = ?1 AND t.state = 0 AND t.date BETWEEN ?2 AND ?3
         GROUP BY t.date, posting.account, currency ORDER BY t.date, key.id, currency",
    )?;
    let rows = statement.query_map(params![book, from.to_string(), to.to_string()], |found| {
        Ok((date(found, 0)?.unwrap_or_default(), id(found, 3)?, money(found, 1, 2)?))
    })?;
    rows.collect()
}

/// The entries of some days that count, by day; those of one day in no certain order.
pub fn entries(db: &Connection, book: i64, from: Date, to: Date) -> rusqlite::Result<Vec<Entry>> {
    let mut statement = db.prepare_cached(
        "SELECT record.id, t.date FROM transactions t JOIN record ON record.n = t.n
         WHERE t.book = ?1 AND t.state = 0 AND t.date BETWEEN ?2 AND ?3
         ORDER BY t.date",
    )?;
    // Many lie on one day: it is read once.
    let mut last: Option<(String, Date)> = None;
    let rows = statement.query_map(params![book, from.to_string(), to.to_string()], |found| {
        let text = found.get_ref(1)?.as_str_or_null()?.unwrap_or_default();
        let date = match &last {
            Some((same, date)) if same == text => *date,
            _ => {
                let date = text.parse().unwrap_or_default();
                last = Some((text.to_owned(), date));
                date
            }
        };
        Ok(Entry { id: id(found, 0)?, date })
    })?;
    rows.collect()
}

/// How many entries of some days there are in each state that does not count.
pub fn set_aside(
    db: &Connection,
    book: i64,
    from: Date,
    to: Date,
) -> rusqlite::Result<Vec<(State, u32)>> {
    let mut statement = db.prepare_cached(
        "SELECT state, count(*) FROM transactions
         WHERE book = ?1 AND state <> 0 AND date BETWEEN ?2 AND ?3 GROUP BY 1 ORDER BY 1",
    )?;
    let rows = statement.query_map(params![book, from.to_string(), to.to_string()], |found| {
        Ok((State::from_code(found.get(0)?), found.get(1)?))
    })?;
    rows.collect()
}

/// Every sound entry that corrects another, whether it counts or not, by id.
pub fn corrections(db: &Connection, book: i64) -> rusqlite::Result<Vec<Correction>> {
    let mut statement = db.prepare_cached(
        "SELECT record.id, t.corrects, t.state FROM link INDEXED BY link_correction
         JOIN transactions t ON t.n = link.n JOIN record ON record.n = t.n
         WHERE link.relation = 2 AND t.book = ?1 AND t.corrects IS NOT NULL",
    )?;
    let rows = statement.query_map([book], |found| {
        let state = State::from_code(found.get(2)?);
        Ok(Correction { id: id(found, 0)?, corrects: id(found, 1)?, state })
    })?;
    let mut found = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    found.retain(|correction| !matches!(correction.state, State::Rejected | State::Flagged));
    found.sort_unstable_by_key(|correction| correction.id);
    Ok(found)
}

/// What each giver moved on some accounts on some days, by month.
pub fn by_donor(
    db: &Connection,
    book: i64,
    accounts: &[RecordId],
    from: Date,
    to: Date,
) -> rusqlite::Result<Vec<DonorLine>> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT donor, substr(t.date, 1, 7), currency, sum(minor) FROM transactions t
         JOIN posting ON posting.n = t.n
         WHERE t.book = ?1 AND t.state = 0 AND t.date BETWEEN ?2 AND ?3 AND account IN ({})
         GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        keys(db, accounts)?
    ))?;
    let rows = statement.query_map(params![book, from.to_string(), to.to_string()], |found| {
        let donor = id(found, 0)?;
        let month = found.get_ref(1)?.as_str_or_null()?.and_then(|text| text.parse().ok());
        Ok(DonorLine {
            donor: (!donor.is_nil()).then_some(donor),
            month: month.unwrap_or_else(|| to.month()),
            amount: money(found, 2, 3)?,
        })
    })?;
    rows.collect()
}

/// The lines of gifts that say more of themselves than their account does, or of one giver.
pub fn gifts(db: &Connection, book: i64, query: &GiftQuery<'_>) -> rusqlite::Result<Vec<GiftLine>> {
    let wanted = match query.donor {
        Some(_) => "t.donor = ?4",
        None => "(interval IS NOT NULL OR period_to IS NOT NULL) AND ?4 IS NULL",
    };
    let mut statement = db.prepare_cached(&format!(
        "SELECT record.id, t.date, interval, period_from, period_to, a.id, f.id, currency, minor
         FROM transactions t JOIN posting ON posting.n = t.n JOIN record ON record.n = t.n
         JOIN key a ON a.n = account JOIN key f ON f.n = fund
         WHERE t.book = ?1 AND t.state = 0 AND t.date <= ?3 AND {wanted}
           AND (t.date >= ?2 OR (period_to >= ?2 AND period_from <= ?3))
           AND account IN ({})
         ORDER BY record.id, line",
        keys(db, query.accounts)?
    ))?;
    let donor = query.donor.map(|id| id.as_bytes().to_vec());
    let values = params![book, query.from.to_string(), query.to.to_string(), donor];
    let rows = statement.query_map(values, |found| {
        Ok(GiftLine {
            id: id(found, 0)?,
            date: date(found, 1)?.unwrap_or_default(),
            interval: found.get(2)?,
            period: date(found, 3)?.zip(date(found, 4)?),
            account: id(found, 5)?,
            fund: id(found, 6)?,
            amount: money(found, 7, 8)?,
        })
    })?;
    rows.collect()
}

/// What was moved on some accounts by entries that name an expense, up to a day: by expense and
/// currency.
pub fn by_expense(
    db: &Connection,
    book: i64,
    accounts: &[RecordId],
    until: Date,
) -> rusqlite::Result<Vec<(RecordId, Money)>> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT t.expense, currency, sum(minor) FROM transactions t
         JOIN posting ON posting.n = t.n
         WHERE t.book = ?1 AND t.state = 0 AND t.expense IS NOT NULL AND t.date <= ?2
           AND account IN ({})
         GROUP BY 1, 2 ORDER BY 1, 2",
        keys(db, accounts)?
    ))?;
    let rows = statement.query_map(params![book, until.to_string()], |found| {
        Ok((id(found, 0)?, money(found, 1, 2)?))
    })?;
    rows.collect()
}
