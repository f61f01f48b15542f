//! Names and texts as the ledger programs accept them. What they cannot express is replaced; the
//! tables and `records/` hold the originals, and the ledgers name each record's id.

use super::book::{Account, Book};
use super::words::one_line;
use commonhold_core::id::RecordId;
use commonhold_core::records::finance::account::{Account as Record, ROOTS, TYPES};
use commonhold_core::records::finance::transaction::Transaction;
use std::collections::BTreeSet;

/// A description for hledger and Ledger: one line, without what has a meaning there.
pub(super) fn phrase(text: &str) -> String {
    let text = one_line(text).replace(';', ",").replace('|', "/");
    match text.chars().next() {
        None => text,
        Some(first) if first.is_ascii_punctuation() => format!("- {text}"),
        Some(_) => text,
    }
}

/// A remark in a comment of hledger and Ledger: brackets would be read as dates, and so would
/// what follows the word “date:”.
pub(super) fn remark(text: &str) -> String {
    let text = one_line(text).replace('[', "(").replace(']', ")");
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character == ':' {
            let tail: String = out.chars().rev().take(5).collect();
            let tail = tail.to_ascii_lowercase();
            if tail.starts_with("etad") || tail.starts_with("2etad") {
                out.push(' ');
            }
        }
        out.push(character);
    }
    out
}

/// The payee of a transaction as hledger reads it; the narration when it names nobody.
pub(super) fn payee(transaction: &Transaction) -> String {
    let named = phrase(transaction.payee.as_deref().unwrap_or_default());
    let named = if named.is_empty() { phrase(&transaction.narration) } else { named };
    if named.is_empty() { "Unnamed".into() } else { named }
}

/// A part of an account's name in Beancount: a capital or digit, then letters, digits, hyphens.
fn beancount_part(part: &str) -> String {
    let mut out: String = one_line(part)
        .chars()
        .map(|c| if c.is_alphabetic() || c.is_ascii_digit() { c } else { '-' })
        .collect();
    while out.starts_with('-') {
        out.remove(0);
    }
    let first = out.chars().next();
    match first {
        None => "X".into(),
        Some(c) if c.is_uppercase() || c.is_ascii_digit() => out,
        Some(c) => {
            let capital: String = c.to_uppercase().collect();
            if capital.chars().all(char::is_uppercase) {
                out.replacen(c, &capital, 1)
            } else {
                format!("X{out}")
            }
        }
    }
}

/// A part of an account's name in hledger and Ledger: letters, digits, single spaces and a few
/// signs.
fn journal_part(part: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || " -_.&'+/".contains(c);
    let out: String = one_line(part).chars().map(|c| if kept(c) { c } else { '-' }).collect();
    let out = one_line(&out);
    if out.starts_with(|c: char| c.is_alphanumeric()) { out } else { format!("x{out}") }
}

/// A name built of an account's path; the root fits its type even when the path is unreadable.
fn name_of(id: &RecordId, account: &Account, part: fn(&str) -> String) -> String {
    let parts: Vec<&str> = account.path.split(':').collect();
    if let [root, rest @ ..] = parts.as_slice()
        && !rest.is_empty()
        && Record::type_of(root).is_some()
    {
        let rest: Vec<String> = rest.iter().map(|text| part(text)).collect();
        return format!("{root}:{}", rest.join(":"));
    }
    let known = TYPES.iter().zip(ROOTS).find(|(kind, _)| **kind == account.holds);
    let root = known.map_or("Equity", |(_, root)| root);
    format!("{root}:Unknown:{}", part(&id.to_string()))
}

/// A name nobody else has.
fn unique(name: String, id: &RecordId, taken: &mut BTreeSet<String>) -> String {
    let short: String = id.to_string().chars().rev().take(8).collect();
    let short: String = short.chars().rev().collect();
    let candidates = [name.clone(), format!("{name}-{short}"), format!("{name}-{id}")];
    let free = candidates.into_iter().find(|candidate| !taken.contains(candidate));
    let name = free.unwrap_or(name);
    taken.insert(name.clone());
    name
}

/// Names all accounts the ledgers need, those in effect first, and labels all funds.
pub(super) fn assign(book: &mut Book) {
    let (mut beancount, mut journal) = (BTreeSet::new(), BTreeSet::new());
    for in_effect in [true, false] {
        for (id, account) in &mut book.accounts {
            if account.ok == in_effect && (account.ok || account.first.is_some()) {
                let name = name_of(id, account, beancount_part);
                account.beancount = unique(name, id, &mut beancount);
                let name = name_of(id, account, journal_part);
                account.journal = unique(name, id, &mut journal);
            }
        }
    }
    let (mut names, mut labels) = (BTreeSet::new(), BTreeSet::new());
    for (id, fund) in &mut book.funds {
        let name = if fund.name.is_empty() { format!("Fund {id}") } else { fund.name.clone() };
        fund.unique = unique(name, id, &mut names);
        let label = one_line(&remark(&fund.name).replace(',', " "));
        let label = if label.is_empty() { format!("Fund {id}") } else { label };
        fund.label = unique(label, id, &mut labels);
    }
}
