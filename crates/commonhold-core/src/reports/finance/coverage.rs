//! Coverage with gifts paid ahead spread over the months they are for: a yearly gift pays the bills
//! of twelve months, not of the one it arrived in.

use super::ledger::Ledger;
use super::runway::{Figures, is_expense, is_recurring, is_unrestricted};
use crate::date::{Date, Month};
use crate::id::{BookId, RecordId};
use crate::money::{Currency, Money};
use crate::projection::{GiftLine, GiftQuery};
use crate::store::{Error, Reader};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// One of the months the coverage is taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct CoverageMonth {
    /// `YYYY-MM`.
    pub month: String,
    /// Recurring income received in it.
    pub received: String,
    /// Recurring income that is for it.
    pub spread: String,
    /// Expense of it.
    pub expense: String,
}

/// A gift paid ahead of which a part is for these months.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct PrepaidGift {
    /// The transaction.
    #[cfg_attr(test, ts(type = "string"))]
    pub transaction: RecordId,
    /// The day it was received.
    #[cfg_attr(test, ts(type = "string"))]
    pub date: Date,
    /// The whole gift.
    pub amount: String,
    /// First day it is for.
    #[cfg_attr(test, ts(type = "string"))]
    pub from: Date,
    /// Last day it is for.
    #[cfg_attr(test, ts(type = "string"))]
    pub to: Date,
    /// How many months that is.
    pub months: u32,
    /// What of it is for the months of this report.
    pub counted: String,
}

/// How much of the expense recurring income pays, by the months it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct PrepaidCoverage {
    /// The day it is of.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// The reporting currency.
    #[cfg_attr(test, ts(type = "string"))]
    pub currency: Currency,
    /// Percent, one decimal; nothing while no expense is known.
    pub percent: Option<String>,
    /// How it is computed, with the numbers.
    pub formula: String,
    /// The same by the month the money arrived in.
    pub received_percent: Option<String>,
    /// How that is computed.
    pub received_formula: String,
    /// The months.
    pub months: Vec<CoverageMonth>,
    /// Gifts paid ahead that are in it, at most a hundred, the largest part first.
    pub gifts: Vec<PrepaidGift>,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}

/// Longest time a gift can be spread over; what is said to be for longer counts where it arrived.
const MAX_MONTHS: u32 = 600;
/// Most gifts that are listed.
const MAX_GIFTS: usize = 100;

/// Sums by month and currency, in minor units.
type Flows = BTreeMap<(Month, Currency), i64>;

/// Recurring unrestricted income of some months, by when it arrived and by what it is for.
pub(super) struct Spread {
    received: Flows,
    spread: Flows,
    /// Yearly income that names no months.
    unnamed: Flows,
    gifts: Vec<PrepaidGift>,
    parts: Vec<i64>,
}

fn add(flows: &mut Flows, month: Month, amount: Money) {
    let sum = flows.entry((month, amount.currency)).or_default();
    *sum = sum.saturating_add(amount.minor);
}

fn total(
    ledger: &Ledger,
    flows: &Flows,
    month: Option<Month>,
    unpriced: &mut BTreeSet<Currency>,
) -> i64 {
    let mut total = 0_i64;
    for ((in_month, currency), minor) in flows {
        if month.is_some_and(|month| month != *in_month) {
            continue;
        }
        let day = in_month.last_day().min(ledger.at);
        match ledger.convert(Money::new(*minor, *currency), day) {
            Some(amount) => total = total.saturating_add(amount.minor),
            None => {
                unpriced.insert(*currency);
            }
        }
    }
    total
}

/// How many months a period lasts, counted from its first day: 15 January to 14 July is six.
fn length(from: Date, to: Date) -> Option<u32> {
    let guess = to.month().index().saturating_sub(from.month().index());
    let over = |months: i32| from.plus_months(months).is_none_or(|day| day > to);
    let months = if over(guess) { guess } else { guess.checked_add(1)? };
    u32::try_from(months.max(1)).ok().filter(|months| *months <= MAX_MONTHS)
}

impl Spread {
    /// Reads what recurs in some months following each other: everybody's, or one donor's.
    pub(super) fn read(
        reader: &Reader,
        book: &BookId,
        ledger: &Ledger,
        months: &[Month],
        donor: Option<RecordId>,
    ) -> Result<Self, Error> {
        let flows = Flows::new;
        let (gifts, parts) = (Vec::new(), Vec::new());
        let mut spread =
            Self { received: flows(), spread: flows(), unnamed: flows(), gifts, parts };
        let (Some(first), Some(last)) = (months.first(), months.last()) else {
            return Ok(spread);
        };
        if donor.is_none() {
            spread.take_accounts(ledger, months);
        }
        let accounts = ledger.accounts_of("income");
        let (from, to) = (first.first_day(), last.last_day().min(ledger.at));
        let query = GiftQuery { accounts: &accounts, from, to, donor };
        for gift in reader.gifts(book, &query)? {
            if ledger.restriction_of(&gift.fund) == "unrestricted" {
                spread.take(ledger, months, &gift, donor.is_none());
            }
        }
        Ok(spread)
    }

    /// What the kept sums say: accounts tell how often income comes.
    fn take_accounts(&mut self, ledger: &Ledger, months: &[Month]) {
        for line in ledger.lines.iter().filter(|line| months.contains(&line.month)) {
            if is_recurring(ledger, line) && is_unrestricted(ledger, line) {
                let amount = line.amount.negated();
                add(&mut self.received, line.month, amount);
                add(&mut self.spread, line.month, amount);
                let recurrence =
                    ledger.accounts.get(&line.account).and_then(|a| a.recurrence.as_deref());
                if recurrence == Some("yearly") {
                    add(&mut self.unnamed, line.month, amount);
                }
            }
        }
    }

    /// One gift that says more than its account. `counted` when the account's sum holds it already.
    fn take(&mut self, ledger: &Ledger, months: &[Month], gift: &GiftLine, counted: bool) {
        let of_account = ledger.accounts.get(&gift.account).and_then(|a| a.recurrence.as_deref());
        let interval = gift.interval.as_deref().or(of_account);
        let recurs = |interval: Option<&str>| matches!(interval, Some("monthly" | "yearly"));
        let (amount, month) = (gift.amount.negated(), gift.date.month());
        let here = months.contains(&month);
        if counted && here && recurs(of_account) {
            add(&mut self.received, month, amount.negated());
            add(&mut self.spread, month, amount.negated());
            if of_account == Some("yearly") {
                add(&mut self.unnamed, month, amount.negated());
            }
        }
        if !recurs(interval) {
            return;
        }
        if here {
            add(&mut self.received, month, amount);
        }
        let length = gift.period.and_then(|(from, to)| length(from, to));
        let (Some((from, to)), Some(length)) = (gift.period, length) else {
            if here {
                add(&mut self.spread, month, amount);
                if interval == Some("yearly") {
                    add(&mut self.unnamed, month, amount);
                }
            }
            return;
        };
        let mut part = 0_i64;
        for month in months {
            let distance = month.index().saturating_sub(from.month().index());
            let Some(index) = u32::try_from(distance).ok().filter(|index| *index < length) else {
                continue;
            };
            let of_month = amount.part(length, index);
            add(&mut self.spread, *month, of_month);
            part = part.saturating_add(of_month.minor);
        }
        if length > 1 && part != 0 {
            self.parts.push(part.saturating_abs());
            self.gifts.push(PrepaidGift {
                transaction: gift.id,
                date: gift.date,
                amount: amount.to_string(),
                from,
                to,
                months: length,
                counted: Money::new(part, amount.currency).to_string(),
            });
        }
    }

    /// Recurring income that is for these months, in the reporting currency.
    pub(super) fn earned(&self, ledger: &Ledger, unpriced: &mut BTreeSet<Currency>) -> i64 {
        total(ledger, &self.spread, None, unpriced)
    }

    /// The gifts with the largest parts.
    fn largest(self) -> Vec<PrepaidGift> {
        let mut gifts: Vec<(i64, PrepaidGift)> = self.parts.into_iter().zip(self.gifts).collect();
        gifts.sort_by_key(|(part, gift)| (Reverse(*part), gift.date, gift.transaction));
        gifts.truncate(MAX_GIFTS);
        gifts.into_iter().map(|(_, gift)| gift).collect()
    }
}

/// Computes the coverage of the last three months, by what money is for and by when it arrived.
pub fn coverage(reader: &Reader, book: &BookId, ledger: &Ledger) -> Result<PrepaidCoverage, Error> {
    let three = ledger.last_three();
    let spread = Spread::read(reader, book, ledger, &three, None)?;
    let mut unpriced = BTreeSet::new();
    let figures = Figures { earned: spread.earned(ledger, &mut unpriced), ..Figures::of(ledger) };
    let received = total(ledger, &spread.received, None, &mut unpriced);
    let by_arrival = Figures { earned: received, ..figures };
    let money = |minor: i64| ledger.money(minor).to_string();
    let mut month = |month: &Month| CoverageMonth {
        month: month.to_string(),
        received: money(total(ledger, &spread.received, Some(*month), &mut unpriced)),
        spread: money(total(ledger, &spread.spread, Some(*month), &mut unpriced)),
        expense: money(
            ledger.flow(std::slice::from_ref(month), |line| is_expense(ledger, line)).minor,
        ),
    };
    let months: Vec<CoverageMonth> = three.iter().map(&mut month).collect();
    let unnamed = total(ledger, &spread.unnamed, None, &mut unpriced);
    let mut missing = ledger.unpriced(&unpriced);
    if unnamed != 0 {
        missing.push(format!(
            "{} of yearly gifts name no months they are for; they count in the month they arrived.",
            money(unnamed)
        ));
    }
    if figures.spent <= 0 {
        missing.push("No expense of unrestricted money is known in these months.".to_owned());
    }
    Ok(PrepaidCoverage {
        at: ledger.at,
        currency: ledger.currency,
        percent: figures.covered_percent(),
        formula: format!(
            "recurring income that is for the last {} months {} ÷ their expense {}, unrestricted \
             money only",
            figures.recent,
            money(figures.earned),
            money(figures.spent)
        ),
        received_percent: by_arrival.covered_percent(),
        received_formula: by_arrival.coverage(ledger).formula,
        months,
        gifts: spread.largest(),
        missing,
    })
}
