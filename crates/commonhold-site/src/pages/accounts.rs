//! Each account: what it changed by month by month.

use super::Written;
use super::front::month_link;
use crate::format::{account_label, money};
use crate::html::Words;
use commonhold_core::date::Month;
use commonhold_core::id::RecordId;
use commonhold_core::money::{Currency, Money};
use maud::html;
use std::collections::BTreeMap;

/// Writes the page of every account: what it changed by in each month, with the ways to the entries.
pub fn write(words: &Words<'_>) -> Vec<Written> {
    let book = words.book;
    let ledger = &book.money.ledger;
    let mut by_account: BTreeMap<RecordId, BTreeMap<(Month, Currency), i64>> =
        book.money.accounts.keys().map(|id| (*id, BTreeMap::new())).collect();
    for line in &ledger.lines {
        let sum = by_account
            .entry(line.account)
            .or_default()
            .entry((line.month, line.amount.currency))
            .or_default();
        *sum = sum.saturating_add(line.amount.minor);
    }
    by_account.into_iter().map(|(account, months)| one_account(words, &account, &months)).collect()
}

fn one_account(
    words: &Words<'_>,
    account: &RecordId,
    months: &BTreeMap<(Month, Currency), i64>,
) -> Written {
    let (book, m) = (words.book, words.m);
    let leaf = words.leaf(format!("money/account-{account}.html"));
    let kind = book.money.ledger.type_of(account);
    // What comes in is shown positive, as people say it.
    let turned = matches!(kind, "income" | "liability" | "equity");
    let side = |minor: i64| if turned { minor.saturating_neg() } else { minor };
    let mut totals: BTreeMap<Currency, i64> = BTreeMap::new();
    for ((_, currency), minor) in months {
        let total = totals.entry(*currency).or_default();
        *total = total.saturating_add(side(*minor));
    }
    let body = html! {
        p { (m.word("type", kind)) " · " a href=(leaf.to("money.html")) { (m.t("nav.money")) } }
        div.wide tabindex="0" { table {
            caption { (m.t("account.caption")) }
            thead { tr {
                th scope="col" { (m.t("col.month.name")) }
                th.n scope="col" { (m.t("col.change")) }
            } }
            tbody {
                @for ((month, currency), minor) in months.iter().rev() {
                    @if *minor != 0 {
                        tr {
                            th scope="row" { (month_link(&leaf, *month)) }
                            td.n { (money(m, Money::new(side(*minor), *currency))) }
                        }
                    }
                }
                @for (currency, minor) in &totals {
                    tr.sum { th scope="row" { (m.t("total")) } td.n { (money(m, Money::new(*minor, *currency))) } }
                }
            }
        } }
        p.quiet { (m.t(if turned { "account.turned" } else { "account.straight" })) }
    };
    let page = leaf.page(&account_label(&book.money.path(account)), &body);
    (leaf.path, page)
}
