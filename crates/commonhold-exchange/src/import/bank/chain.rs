//! Whether what a statement says adds up, and whether statements follow on each other.

use super::{Item, plain};
use crate::import::StatementInfo;
use commonhold_core::Money;

/// Turns the sign of reversed entries where the balances say so, and tells what does not add up.
///
/// ISO 20022 says that an entry marked as a reversal is written with the direction it was booked
/// in; some banks write that of the entry taken back instead. The balances decide.
pub(super) fn settle_signs(info: &StatementInfo, items: &mut [Item]) -> Vec<String> {
    let all_known = items.iter().all(|item| match item {
        Item::Booked(_) => true,
        Item::Refused(.., booked) => !booked,
    });
    let in_doubt = items
        .iter()
        .filter(|item| matches!(item, Item::Booked(entry) if entry.sign_in_doubt))
        .count();
    let change = match (info.opening, info.closing) {
        (Some(opening), Some(closing)) if all_known => closing.checked_add(opening.negated()),
        _ => None,
    };
    let Some(change) = change else {
        return if in_doubt == 0 {
            Vec::new()
        } else {
            vec![format!(
                "{} holds entries marked as reversals ({in_doubt}) and its balances cannot tell \
                 their sign; compare them with the bank's own page.",
                name(info)
            )]
        };
    };
    let zero = Money::new(0, change.currency);
    let sum = |turned: bool| {
        items.iter().try_fold(zero, |sum, item| match item {
            Item::Booked(entry) if turned && entry.sign_in_doubt => {
                sum.checked_add(entry.amount.negated())
            }
            Item::Booked(entry) => sum.checked_add(entry.amount),
            Item::Refused(..) => Some(sum),
        })
    };
    let (written, turned) = (sum(false), sum(true));
    if written == Some(change) {
        return Vec::new();
    }
    if in_doubt > 0 && turned == Some(change) {
        for item in items {
            if let Item::Booked(entry) = item
                && entry.sign_in_doubt
            {
                entry.amount = entry.amount.negated();
            }
        }
        return vec![format!(
            "{} marks entries as reversals ({in_doubt}) with the sign of what they take back; they \
             are read with the other sign, since only so its balances add up.",
            name(info)
        )];
    }
    let found =
        written.map_or_else(|| "cannot be added up".to_owned(), |sum| format!("give {sum}"));
    vec![format!(
        "The entries of {} {found} and its balances differ by {change}; entries may be missing.",
        inside(&name(info))
    )]
}

/// Gaps and overlaps between the statements of each account.
pub(super) fn check(statements: &[StatementInfo]) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut order: Vec<(String, &StatementInfo)> = statements
        .iter()
        .map(|info| (plain(info.account.as_deref().unwrap_or_default()), info))
        .collect();
    // Some banks write the newest first; equal ones stay as they are.
    order.sort_by(|a, b| (&a.0, a.1.to.or(a.1.from)).cmp(&(&b.0, b.1.to.or(b.1.from))));
    for pair in order.windows(2) {
        let [(account, before), (other, after)] = pair else { continue };
        if account != other {
            continue;
        }
        let names = format!("{} and {}", name(before), inside(&name(after)));
        if let (Some(closing), Some(opening)) = (before.closing, after.opening)
            && closing != opening
        {
            sentences.push(format!(
                "{names} do not follow on each other: the first ends with {closing}, the second \
                 begins with {opening}; a statement may be missing between them or be there twice."
            ));
        } else if let (Some(to), Some(from)) = (before.to, after.from)
            && from < to
        {
            sentences.push(format!(
                "{names} overlap: the first ends on {to}, the second begins on {from}; compare \
                 their rows."
            ));
        }
    }
    sentences
}

/// A statement by its number, account and first day.
fn name(info: &StatementInfo) -> String {
    let account = info.account.as_deref().map(|a| format!(" of {a}")).unwrap_or_default();
    let day = info.from.or(info.to).map(|day| format!(" from {day}")).unwrap_or_default();
    match &info.number {
        Some(number) => format!("Statement {number}{account}{day}"),
        None if day.is_empty() => format!("A statement{account}"),
        None => format!("The statement{account}{day}"),
    }
}

/// A name inside a sentence.
fn inside(name: &str) -> String {
    name.replacen("Statement", "statement", 1)
        .replacen("The s", "the s", 1)
        .replacen("A s", "a s", 1)
}
