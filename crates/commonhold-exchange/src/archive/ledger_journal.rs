//! `finance/ledger.journal`, one text for hledger (1.25 and later) and Ledger (3.3).
//!
//! The last entry of each account and currency asserts the balance (`=`), which in both programs
//! holds after that posting and without sub-accounts. Account comments stand on the next line
//! (Ledger takes one on the same line as part of the name), tags and payees are declared.

use super::book::Book;
use super::ledger::{Entry, Rate, Style, clamp};
use super::ledger_names::{payee, phrase, remark};
use super::words::one_line;
use commonhold_core::money::{Currency, Money};

pub(super) const STYLE: Style =
    Style { path: "data/finance/ledger.journal", head, price, entry, foot };

/// Tags the entries use; Ledger wants them declared.
const TAGS: &[&str] = &[
    "id", "type", "fund", "memo", "worth", "day", "period", "decision", "source", "corrects",
    "reverses", "import",
];

/// How a commodity is written. hledger wants a decimal mark also where there are no decimals, and
/// Ledger reads that only with the sign in front.
fn format_of(currency: Currency) -> String {
    match currency.decimals() {
        0 => format!("{currency} 1000."),
        decimals => format!("1000.{} {currency}", "0".repeat(usize::from(decimals))),
    }
}

fn head(book: &Book) -> String {
    let name = one_line(&book.name);
    let mut out =
        format!("; {name}: the entries in effect, made from the same records as the tables\n");
    for currency in &book.currencies {
        out.push_str(&format!("commodity {currency}\n    format {}\n", format_of(*currency)));
    }
    for account in book.accounts.values().filter(|account| !account.journal.is_empty()) {
        let letter = match account.journal.split(':').next() {
            Some("Assets") => "A",
            Some("Liabilities") => "L",
            Some("Income") => "R",
            Some("Expenses") => "X",
            _ => "E",
        };
        out.push_str(&format!("account {}\n    ; type: {letter}\n", account.journal));
    }
    for tag in TAGS {
        out.push_str(&format!("tag {tag}\n"));
    }
    for payee in &book.payees {
        out.push_str(&format!("payee {payee}\n"));
    }
    out
}

fn price(rate: &Rate<'_>) -> String {
    format!("P {} {} {} {}\n", rate.day, rate.base, rate.rate, rate.quote)
}

fn tag(out: &mut String, name: &str, value: &str) {
    let value = remark(value);
    if !value.is_empty() {
        out.push_str(&format!("    ; {name}: {value}\n"));
    }
}

fn entry(book: &Book, entry: &Entry<'_>) -> String {
    let transaction = entry.transaction;
    let narration = phrase(&transaction.narration);
    let named = transaction.payee.as_deref().is_some_and(|payee| !phrase(payee).is_empty());
    let mut out = format!("\n{} * {}", clamp(entry.day), payee(transaction));
    if named && !narration.is_empty() {
        out.push_str(&format!(" | {narration}"));
    }
    out.push('\n');
    tag(&mut out, "id", &entry.id.to_string());
    if clamp(entry.day) != entry.day {
        tag(&mut out, "day", &entry.day.to_string());
    }
    if let (Some(from), Some(to)) = (transaction.period_from, transaction.period_to) {
        tag(&mut out, "period", &format!("{from} to {to}"));
    }
    let ids = [
        ("corrects", transaction.corrects),
        ("reverses", transaction.reverses),
        ("import", transaction.import),
    ];
    for (name, id) in ids {
        tag(&mut out, name, &id.map(|id| id.to_string()).unwrap_or_default());
    }
    for (name, text) in [("decision", &transaction.decision), ("source", &transaction.source)] {
        tag(&mut out, name, text.as_deref().unwrap_or_default());
    }
    for (line, posting) in transaction.postings.iter().enumerate() {
        let (currency, amount) = (posting.amount.currency, posting.amount);
        let account = book.accounts.get(&posting.account);
        let name = account.map_or("Equity:Unknown", |account| &account.journal);
        out.push_str(&format!("    {name}  {amount}"));
        let place = Some((entry.day, entry.id, line));
        let last = account.filter(|account| account.last.get(&currency).copied() == place);
        if let Some(minor) = last.and_then(|account| *account.sums.get(&currency)?) {
            out.push_str(&format!(" = {}", Money::new(minor, currency)));
        }
        let fund = book.funds.get(&posting.fund).map_or("", |fund| &fund.label);
        out.push_str(&format!("  ; fund: {fund}\n"));
        tag(&mut out, "memo", posting.memo.as_deref().unwrap_or_default());
        tag(&mut out, "worth", &posting.price.map(|price| price.to_string()).unwrap_or_default());
    }
    out
}

fn foot(book: &Book) -> String {
    if book.last_day().is_none() {
        return String::new();
    }
    let mut out = String::from("\n; What each fund holds:\n");
    for ((fund, currency), sum) in book.fund_sums() {
        if let Some(minor) = sum {
            let name = book.funds.get(&fund).map_or("", |fund| &fund.label);
            out.push_str(&format!("; {name}  {}\n", Money::new(minor, currency)));
        }
    }
    out
}
