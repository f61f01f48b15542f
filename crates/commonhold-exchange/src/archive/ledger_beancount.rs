//! `finance/ledger.beancount`, for Beancount 3 (language reference: “Beancount Language Syntax”).
//!
//! A `balance` directive holds at the beginning of its day and covers sub-accounts, so it is
//! written for the day after the last entry with the sum of the whole branch. What a line was
//! worth elsewhere is metadata: as a price it would unbalance entries that balance per currency.

use super::book::{Account, Book, Sum};
use super::ledger::{Entry, Rate, Style, clamp};
use commonhold_core::date::Date;
use commonhold_core::id::RecordId;
use commonhold_core::money::{Currency, Money};
use std::collections::BTreeMap;

pub(super) const STYLE: Style =
    Style { path: "data/finance/ledger.beancount", head, price, entry, foot };

/// A string literal.
fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(2));
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn fund(book: &Book, id: &RecordId) -> String {
    quote(book.funds.get(id).map_or("", |fund| &fund.unique))
}

fn opened(book: &Book, account: &Account) -> Date {
    let day = account.opened.into_iter().chain(account.first).min();
    clamp(day.or_else(|| book.first_day()).unwrap_or_default())
}

/// The day to close on: only when nothing happened after it.
fn closed(book: &Book, account: &Account) -> Option<Date> {
    let closed = clamp(account.closed?);
    let last = account.last.values().map(|(day, ..)| clamp(*day)).max();
    (account.ok && last.is_none_or(|last| last <= closed) && opened(book, account) < closed)
        .then_some(closed)
}

fn head(book: &Book) -> String {
    let mut out =
        String::from(";; The entries in effect, made from the same records as the tables.\n");
    out.push_str(&format!("option \"title\" {}\n", quote(&book.name)));
    if let Some(currency) = book.currency {
        out.push_str(&format!("option \"operating_currency\" \"{currency}\"\n"));
    }
    let first = clamp(book.first_day().unwrap_or_default());
    for currency in &book.currencies {
        out.push_str(&format!("{first} commodity {currency}\n"));
    }
    for (id, account) in &book.accounts {
        if account.beancount.is_empty() {
            continue;
        }
        let fits = |only: &Currency| account.sums.keys().all(|used| used == only);
        let only = account.currency.filter(fits).map_or_else(String::new, |c| format!(" {c}"));
        out.push_str(&format!("{} open {}{only}\n", opened(book, account), account.beancount));
        out.push_str(&format!("  id: \"{id}\"\n"));
        if account.path != account.beancount && !account.path.is_empty() {
            out.push_str(&format!("  path: {}\n", quote(&account.path)));
        }
        if let Some(day) = closed(book, account) {
            out.push_str(&format!("{day} close {}\n", account.beancount));
        }
    }
    out
}

fn price(rate: &Rate<'_>) -> String {
    format!("{} price {} {} {}\n", rate.day, rate.base, rate.rate, rate.quote)
}

fn entry(book: &Book, entry: &Entry<'_>) -> String {
    let transaction = entry.transaction;
    let mut out = format!("\n{} *", clamp(entry.day));
    if let Some(payee) = &transaction.payee {
        out.push_str(&format!(" {}", quote(payee)));
    }
    out.push_str(&format!(" {}\n  id: \"{}\"\n", quote(&transaction.narration), entry.id));
    if clamp(entry.day) != entry.day {
        out.push_str(&format!("  day: \"{}\"\n", entry.day));
    }
    let days = [("period_from", transaction.period_from), ("period_to", transaction.period_to)];
    for (key, day) in days {
        if let Some(day) = day {
            out.push_str(&format!("  {key}: \"{day}\"\n"));
        }
    }
    let ids = [
        ("corrects", transaction.corrects),
        ("reverses", transaction.reverses),
        ("import", transaction.import),
    ];
    for (key, id) in ids {
        if let Some(id) = id {
            out.push_str(&format!("  {key}: \"{id}\"\n"));
        }
    }
    for (key, text) in [("decision", &transaction.decision), ("source", &transaction.source)] {
        if let Some(text) = text {
            out.push_str(&format!("  {key}: {}\n", quote(text)));
        }
    }
    for posting in &transaction.postings {
        let account = book.accounts.get(&posting.account);
        let account = account.map_or("Equity:Unknown", |account| &account.beancount);
        out.push_str(&format!("  {account}  {}\n", posting.amount));
        out.push_str(&format!("    fund: {}\n", fund(book, &posting.fund)));
        if let Some(memo) = &posting.memo {
            out.push_str(&format!("    memo: {}\n", quote(memo)));
        }
        if let Some(price) = posting.price {
            out.push_str(&format!("    worth: {price}\n"));
        }
    }
    out
}

fn foot(book: &Book) -> String {
    let Some(last) = book.last_day().map(clamp) else {
        return String::new();
    };
    let mut out = String::from("\n;; What each fund holds.\n");
    for ((fund, currency), sum) in book.fund_sums() {
        if let Some(minor) = sum {
            let name = self::fund(book, &fund);
            let money = Money::new(minor, currency);
            out.push_str(&format!("{last} custom \"fund-balance\" {name} {money}\n"));
        }
    }
    out.push_str("\n;; What each account holds at the beginning of the next day.\n");
    let mut by_name: BTreeMap<&str, &Account> = BTreeMap::new();
    by_name.extend(book.accounts.values().map(|account| (account.beancount.as_str(), account)));
    for account in book.accounts.values() {
        let holds_money = matches!(account.holds.as_str(), "asset" | "liability");
        if !holds_money || account.beancount.is_empty() || closed(book, account).is_some() {
            continue;
        }
        for currency in account.sums.keys() {
            if let Some(minor) = branch(&by_name, account, *currency) {
                let money = Money::new(minor, *currency);
                out.push_str(&format!("{} balance {}  {money}\n", last.next(), account.beancount));
            }
        }
    }
    out
}

/// The sum of an account and all below it.
fn branch(by_name: &BTreeMap<&str, &Account>, account: &Account, currency: Currency) -> Sum {
    // ";" is the character after ":".
    let (from, to) = (format!("{}:", account.beancount), format!("{};", account.beancount));
    let below = by_name.range(from.as_str()..to.as_str()).map(|(_, account)| *account);
    let mut total: i64 = 0;
    for account in below.chain([account]) {
        let own = account.sums.get(&currency).copied().unwrap_or(Some(0))?;
        total = total.checked_add(own)?;
    }
    Some(total)
}
