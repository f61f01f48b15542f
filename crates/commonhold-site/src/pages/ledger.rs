//! The entries, month by month.

use super::Written;
use crate::format::{self, account_label, money};
use crate::gather::Book;
use crate::html::{Leaf, Words};
use crate::public::Entry;
use commonhold_core::date::Month;
use commonhold_core::money::{Currency, Money};
use maud::{Markup, PreEscaped, html};
use std::collections::{BTreeMap, BTreeSet};

/// Most entries of one page.
pub const PAGE: usize = 500;

/// What an entry did to the money: for each currency what came in (positive) or went out; where
/// both are equal, what was moved, and `moved` says so.
pub struct Effect {
    /// One amount a currency.
    pub amounts: Vec<Money>,
    /// Whether money only changed its place.
    pub moved: bool,
}

/// Works out what an entry did.
pub fn effect(book: &Book<'_>, entry: &Entry) -> Effect {
    let (mut net, mut gross): (BTreeMap<Currency, i64>, BTreeMap<Currency, i64>) =
        Default::default();
    for line in &entry.transaction.postings {
        let amount = line.amount;
        if amount.minor > 0 {
            let sum = gross.entry(amount.currency).or_default();
            *sum = sum.saturating_add(amount.minor);
        }
        if matches!(book.money.ledger.type_of(&line.account), "asset" | "liability") {
            let sum = net.entry(amount.currency).or_default();
            *sum = sum.saturating_add(amount.minor);
        }
    }
    net.retain(|_, minor| *minor != 0);
    let moved = net.is_empty();
    let from = if moved { gross } else { net };
    Effect { amounts: from.into_iter().map(|(c, minor)| Money::new(minor, c)).collect(), moved }
}

/// How many pages a month has.
pub fn pages(count: usize) -> usize {
    count.div_ceil(PAGE).max(1)
}

/// The path of a part of a month, from 0.
pub fn path(month: Month, part: usize) -> String {
    if part == 0 {
        format!("money/{month}.html")
    } else {
        format!("money/{month}-{}.html", part.saturating_add(1))
    }
}

/// What an entry is called; a gift without a name is called a gift.
pub fn title(words: &Words<'_>, entry: &Entry) -> String {
    let transaction = &entry.transaction;
    let payee = transaction.payee.as_deref().unwrap_or_default();
    match (payee, transaction.narration.as_str()) {
        ("", "") => words.m.t("entry.gift"),
        (payee, "") => payee.to_owned(),
        ("", narration) => narration.to_owned(),
        (payee, narration) => format!("{payee}: {narration}"),
    }
}

/// The accounts an entry is about: what it was for, else where money was moved.
fn accounts(leaf: &Leaf<'_>, entry: &Entry) -> Markup {
    let book = leaf.book;
    let about = |line: &&commonhold_core::record::Posting| {
        matches!(book.money.ledger.type_of(&line.account), "income" | "expense")
    };
    let lines = &entry.transaction.postings;
    let mut found: BTreeSet<_> = lines.iter().filter(about).map(|line| line.account).collect();
    if found.is_empty() {
        found = lines.iter().map(|line| line.account).collect();
    }
    html! {
        @for (account, place) in found.iter().zip(0_usize..) {
            @if place > 0 { br; }
            a href=(leaf.to(&format!("money/account-{account}.html"))) { (account_label(&book.money.path(account))) }
        }
    }
}

fn row(words: &Words<'_>, leaf: &Leaf<'_>, entry: &Entry) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    let transaction = &entry.transaction;
    let done = effect(book, entry);
    let funds: BTreeSet<_> = transaction.postings.iter().map(|line| line.fund).collect();
    html! {
        tr id=(format!("t-{}", entry.id)) {
            td { time datetime=[transaction.date.map(|day| day.to_string())] {
                @if let Some(day) = transaction.date { (day.day()) }
            } }
            td.t {
                (title(words, entry))
                @if let (Some(from), Some(to)) = (transaction.period_from, transaction.period_to) {
                    br; span.quiet { (m.t("entry.period")) " " (format::day(m, from)) " – " (format::day(m, to)) }
                }
                @if let Some(interval) = &transaction.interval { br; span.quiet { (m.word("interval", interval)) } }
                @if let Some(other) = transaction.corrects.or(transaction.reverses) {
                    br; span.quiet { (m.t(if transaction.corrects.is_some() { "entry.corrects" } else { "entry.reverses" })) " " code { (short_id(&other.to_string())) } }
                }
                @if let Some(decision) = &transaction.decision {
                    br; span.quiet { (m.t("entry.decision")) " " (decision_link(leaf, decision)) }
                }
            }
            td {
                (accounts(leaf, entry)) br;
                span.quiet { (funds.iter().map(|fund| book.money.fund(fund)).collect::<Vec<_>>().join(", ")) }
            }
            td.n {
                @for (sum, place) in done.amounts.iter().zip(0_usize..) {
                    @if place > 0 { br; }
                    @if done.moved { span.quiet { "⇄ " } }
                    (money(m, *sum))
                }
            }
        }
    }
}

fn short_id(id: &str) -> String {
    id.chars().take(8).collect()
}

/// A decision named in a record: by its id a link, any other text as it is.
pub fn decision_link(leaf: &Leaf<'_>, named: &str) -> Markup {
    let book = leaf.book;
    let decided = book.decisions.iter().find(|(id, _)| id.to_string() == named);
    let vote = book.votes.iter().find(|vote| vote.id.to_string() == named);
    html! {
        @match (decided, vote) {
            (Some((id, decision)), _) => a href=(super::decisions::way(leaf, id, decision)) { (decision.title) },
            (None, Some(vote)) => a href=(leaf.to(&format!("decisions/{}.html", vote.id))) { (vote.proposal.title) },
            _ => (named),
        }
    }
}

/// The rows of a part of a month, on whichever of its pages they stand.
pub fn rows(words: &Words<'_>, leaf: &Leaf<'_>, entries: &[Entry]) -> String {
    html! { @for entry in entries { (row(words, leaf, entry)) } }.into_string()
}

/// Writes the pages of a month around the rows of their tables.
pub fn write(words: &Words<'_>, month: Month, count: usize, rows: &[String]) -> Vec<Written> {
    let parts = rows.iter().zip(0_usize..);
    parts
        .map(|(rows, place)| {
            let leaf = words.leaf(path(month, place));
            let page = one(&leaf, (month, count), rows, place);
            (leaf.path, page)
        })
        .collect()
}

fn one(leaf: &Leaf<'_>, (month, entries): (Month, usize), rows: &str, place: usize) -> String {
    let count = pages(entries);
    let here = entries.saturating_sub(place.saturating_mul(PAGE)).min(PAGE);
    let (book, m) = (leaf.book, leaf.m);
    let flow = book.money.flow(&[month]);
    let named = format::month_words(m, month);
    let number = place.saturating_add(1).to_string();
    let title = if count > 1 {
        m.fill(
            "ledger.title.part",
            &[("month", &named), ("n", &number), ("of", &count.to_string())],
        )
    } else {
        m.fill("ledger.title", &[("month", &named)])
    };
    let near =
        |wanted: Month| book.months.iter().any(|(other, _)| *other == wanted).then_some(wanted);
    let body = html! {
        p {
            (m.t("income")) " " (money(m, book.money.money(flow.income))) " · "
            (m.t("expense")) " " (money(m, book.money.money(flow.expense)))
        }
        p {
            @if let Some(before) = near(month.back(1)) { a href=(leaf.to(&path(before, 0))) rel="prev" { "‹ " (format::month_words(m, before)) } " · " }
            a href=(leaf.to("money.html")) { (m.t("ledger.all")) }
            @if let Some(after) = near(Month::from_index(month.index().saturating_add(1))) { " · " a href=(leaf.to(&path(after, 0))) rel="next" { (format::month_words(m, after)) " ›" } }
            " · " a href=(leaf.root(&format!("api/transactions/{month}.json"))) { "JSON" }
        }
        @if count > 1 {
            p {
                (m.t("ledger.parts"))
                @for other in 0..count {
                    " " @if other == place { strong { (other.saturating_add(1)) } } @else { a href=(leaf.to(&path(month, other))) { (other.saturating_add(1)) } }
                }
            }
        }
        div.wide tabindex="0" { table {
            caption { (m.count("ledger.caption", here)) }
            thead { tr {
                th scope="col" { (m.t("col.day")) }
                th scope="col" { (m.t("col.what")) }
                th scope="col" { (m.t("col.account")) ", " (m.t("col.fund")) }
                th.n scope="col" { (m.t("col.amount")) }
            } }
            tbody { (PreEscaped(rows)) }
        } }
        p.quiet { (m.t("ledger.note")) }
    };
    leaf.page(&title, &body)
}
