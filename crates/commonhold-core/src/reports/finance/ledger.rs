//! The ledger as reports see it: kept sums with their accounts and funds, and prices to convert.

use crate::date::{Date, Month};
use crate::id::{BookId, RecordId};
use crate::money::{Currency, Money, Rate};
use crate::projection::{State, SumLine};
use crate::records::Kind;
use crate::records::finance::account::Account;
use crate::records::finance::fund::Fund;
use crate::records::finance::price::Price;
use crate::records::governance::person::Person;
use crate::store::{Error, Reader};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Longest time averages look back, in months.
const WINDOW: u16 = 12;

/// One dated rate between two currencies.
#[derive(Clone, Debug)]
struct Quote {
    date: Date,
    base: Currency,
    quote: Currency,
    text: String,
    rate: Rate,
}

/// Everything reports about money start from.
pub struct Ledger {
    /// The day the report is of.
    pub at: Date,
    /// The reporting currency.
    pub currency: Currency,
    /// The chart of accounts.
    pub accounts: BTreeMap<RecordId, Account>,
    /// The funds.
    pub funds: BTreeMap<RecordId, Fund>,
    /// Sums by account, fund, currency and month, up to the day.
    pub lines: Vec<SumLine>,
    quotes: Vec<Quote>,
}

/// An amount in the reporting currency, and what could not be converted to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// Minor units of the reporting currency.
    pub minor: i64,
    /// Currencies left out for want of a price.
    pub missing: BTreeSet<Currency>,
}

impl Ledger {
    /// Reads the ledger of a book as of a day: the one given, else the last day of the last
    /// month with entries, but never after `today`.
    pub fn load(
        reader: &Reader,
        book: &BookId,
        at: Option<Date>,
        today: Date,
    ) -> Result<Self, Error> {
        let _one_moment = reader.view()?;
        Self::read(reader, book, at, today)
    }

    /// The same, for a caller that holds one moment of the file already ([`Reader::view`]).
    pub fn read(
        reader: &Reader,
        book: &BookId,
        at: Option<Date>,
        today: Date,
    ) -> Result<Self, Error> {
        let mut lines = reader.sums(book)?;
        let last = lines.iter().map(|line| line.month).max().unwrap_or(today.month());
        let at = at.unwrap_or_else(|| last.last_day().min(today));
        lines.retain(|line| line.month <= at.month());
        for late in reader.sums_after(book, at)? {
            lines.push(SumLine { amount: late.amount.negated(), ..late });
        }
        let mut currency = Currency::EUR;
        reader.each(book, Kind::Service, &mut |row| {
            let named = row.fields.get("reporting_currency").and_then(Value::as_str);
            currency = named.and_then(|code| code.parse().ok()).unwrap_or(currency);
            false
        })?;
        let mut quotes = quotes(reader, book)?;
        quotes.retain(|quote| quote.date <= at);
        Ok(Self {
            at,
            currency,
            accounts: all(reader, book, Kind::Account)?,
            funds: all(reader, book, Kind::Fund)?,
            lines,
            quotes,
        })
    }

    /// The account's type; `asset` and the like; empty when the account has not arrived yet.
    pub fn type_of(&self, account: &RecordId) -> &str {
        self.accounts.get(account).map_or("", |account| account.account_type.as_str())
    }

    /// The fund's restriction; empty when the fund has not arrived yet.
    pub fn restriction_of(&self, fund: &RecordId) -> &str {
        self.funds.get(fund).map_or("", |fund| fund.restriction.as_str())
    }

    /// The account's path; its id when the account has not arrived yet.
    pub fn path_of(&self, account: &RecordId) -> String {
        self.accounts.get(account).map_or_else(|| account.to_string(), |a| a.path.clone())
    }

    /// The fund's name; its id when the fund has not arrived yet.
    pub fn fund_name(&self, fund: &RecordId) -> String {
        self.funds.get(fund).map_or_else(|| fund.to_string(), |f| f.name.clone())
    }

    /// The accounts of a type.
    pub fn accounts_of(&self, kind: &str) -> Vec<RecordId> {
        let of = self.accounts.iter().filter(|(_, account)| account.account_type == kind);
        of.map(|(id, _)| *id).collect()
    }

    /// What currencies were left out for want of a price, a sentence each.
    pub fn unpriced(&self, missing: &BTreeSet<Currency>) -> Vec<String> {
        let sentence = |c: &Currency| {
            format!(
                "Amounts in {c} are left out: no price of {c} in {} is recorded.",
                self.currency
            )
        };
        missing.iter().map(sentence).collect()
    }

    /// The first month with entries.
    pub fn first_month(&self) -> Option<Month> {
        self.lines.iter().map(|line| line.month).min()
    }

    /// The months averages are taken over: complete ones up to the day, at most twelve, none
    /// before the first entry. When the day is not the last of its month, that month is left out
    /// unless it is the only one.
    pub fn window(&self) -> Vec<Month> {
        let Some(first) = self.first_month() else {
            return Vec::new();
        };
        let month = self.at.month();
        let complete = self.at == month.last_day() || first >= month;
        let last = if complete { month } else { month.back(1) };
        let start = first.index().max(last.back(WINDOW.saturating_sub(1)).index());
        (start..=last.index()).map(Month::from_index).collect()
    }

    /// The last three months of the window.
    pub fn last_three(&self) -> Vec<Month> {
        let window = self.window();
        let skip = window.len().saturating_sub(3);
        window.into_iter().skip(skip).collect()
    }

    /// The price that holds on a day, as (text, rate, day); the latest one not after it, either
    /// way round is used as written only: base to quote.
    pub fn rate(&self, base: Currency, on: Date) -> Option<(String, Rate, Date)> {
        self.quotes
            .iter()
            .filter(|q| q.base == base && q.quote == self.currency && q.date <= on)
            .max_by_key(|q| q.date)
            .map(|q| (q.text.clone(), q.rate, q.date))
    }

    /// Converts one amount as of a day; nothing without a price.
    pub fn convert(&self, amount: Money, on: Date) -> Option<Money> {
        if amount.currency == self.currency || amount.minor == 0 {
            return Some(Money::new(amount.minor, self.currency));
        }
        let (_, rate, _) = self.rate(amount.currency, on)?;
        amount.convert(&rate, self.currency)
    }

    /// What stands in accounts on the day: amounts summed by currency, then converted at the
    /// day's price.
    pub fn stock(&self, wanted: impl Fn(&SumLine) -> bool) -> Total {
        self.total(self.by_currency(wanted).into_iter().map(|amount| (amount, self.at)))
    }

    /// What flowed in some months: each month converted at the price of its last day.
    pub fn flow(&self, months: &[Month], wanted: impl Fn(&SumLine) -> bool) -> Total {
        let mut total = Total::default();
        for month in months {
            let amounts = self.by_currency(|line| line.month == *month && wanted(line));
            let day = month.last_day().min(self.at);
            let part = self.total(amounts.into_iter().map(|amount| (amount, day)));
            total.minor = total.minor.saturating_add(part.minor);
            total.missing.extend(part.missing);
        }
        total
    }

    /// Sums of chosen lines, one for each currency, without zeros.
    pub fn by_currency(&self, wanted: impl Fn(&SumLine) -> bool) -> Vec<Money> {
        let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
        for line in self.lines.iter().filter(|line| wanted(line)) {
            let sum = sums.entry(line.amount.currency).or_default();
            *sum = sum.saturating_add(line.amount.minor);
        }
        sums.into_iter().filter(|(_, m)| *m != 0).map(|(c, m)| Money::new(m, c)).collect()
    }

    fn total(&self, amounts: impl Iterator<Item = (Money, Date)>) -> Total {
        let mut total = Total::default();
        for (amount, day) in amounts {
            match self.convert(amount, day) {
                Some(converted) => total.minor = total.minor.saturating_add(converted.minor),
                None => {
                    total.missing.insert(amount.currency);
                }
            }
        }
        total
    }

    /// An amount of the reporting currency.
    pub fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }
}

/// All records of a living kind, by id, withdrawn ones too: money stays in an account or fund that
/// somebody took off the list.
pub(super) fn all<R: DeserializeOwned>(
    reader: &Reader,
    book: &BookId,
    kind: Kind,
) -> Result<BTreeMap<RecordId, R>, Error> {
    let mut found = BTreeMap::new();
    reader.each(book, kind, &mut |row| {
        if let Ok(record) = serde_json::from_value(Value::Object(row.fields)) {
            found.insert(row.id, record);
        }
        true
    })?;
    Ok(found)
}

/// The records of a kind that count, by id.
pub(super) fn counting<R: DeserializeOwned>(
    reader: &Reader,
    book: &BookId,
    kind: Kind,
) -> Result<Vec<(RecordId, R)>, Error> {
    let mut found = Vec::new();
    reader.each(book, kind, &mut |row| {
        let record = (row.state == State::Ok).then(|| Value::Object(row.fields));
        found.extend(record.and_then(|r| Some((row.id, serde_json::from_value(r).ok()?))));
        true
    })?;
    Ok(found)
}

/// What people are called, by the id of their record.
pub(super) fn people(reader: &Reader, book: &BookId) -> Result<BTreeMap<RecordId, String>, Error> {
    let people: BTreeMap<RecordId, Person> = all(reader, book, Kind::Person)?;
    Ok(people.into_iter().map(|(id, person)| (id, person.public_name)).collect())
}

fn quotes(reader: &Reader, book: &BookId) -> Result<Vec<Quote>, Error> {
    let mut found = Vec::new();
    reader.each(book, Kind::Price, &mut |row| {
        let price: Option<Price> = (row.state == State::Ok)
            .then(|| serde_json::from_value(Value::Object(row.fields)).ok())
            .flatten();
        if let Some(Price { date: Some(date), base: Some(base), quote: Some(quote), rate, .. }) =
            price
            && let Ok(parsed) = rate.parse()
        {
            found.push(Quote { date, base, quote, text: rate, rate: parsed });
        }
        true
    })?;
    Ok(found)
}
