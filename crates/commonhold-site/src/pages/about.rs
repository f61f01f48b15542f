//! The roadmap, the community, how numbers are computed, and the list of files for machines.

use super::Written;
use crate::format::{self, amount_words, money};
use crate::gather::text;
use crate::html::{Leaf, Words};
use commonhold_core::date::{Date, Time};
use maud::{Markup, html};

/// Writes them.
pub fn write(words: &Words<'_>) -> Vec<Written> {
    vec![roadmap(words), community(words), formulas(words), data(words)]
}

fn roadmap(words: &Words<'_>) -> Written {
    let (book, m) = (words.book, words.m);
    let leaf = words.leaf("roadmap.html");
    let body = html! {
        p { (m.t("roadmap.text")) }
        @if book.items.is_empty() { p { (m.t("roadmap.none")) } }
        @for status in ["doing", "planned", "idea", "done", "dropped"] {
            @let found: Vec<_> = book.items.iter().filter(|(_, item)| item.status == status).collect();
            @if !found.is_empty() {
                h2 id=(status) { (m.word("item", status)) }
                ul.plain {
                    @for (_, item) in found {
                        li {
                            strong { (item.name) }
                            @if let Some(cost) = item.cost { " · " (money(m, cost)) }
                            @if let Some(due) = item.due { " · " (format::day(m, due)) }
                            @if !item.why.is_empty() { br; (item.why) }
                            @if let Some(decision) = &item.decision { br; span.quiet { (m.t("entry.decision")) " " (super::ledger::decision_link(&leaf, decision)) } }
                        }
                    }
                }
            }
        }
    };
    let page = leaf.page(&m.t("nav.roadmap"), &body);
    (leaf.path, page)
}

fn community(words: &Words<'_>) -> Written {
    let (book, m) = (words.book, words.m);
    let leaf = words.leaf("community.html");
    let known = &book.operations;
    let body = html! {
        p { (m.t("community.text")) }
        h2 id="venues" { (m.t("community.venues")) }
        @if known.venues.is_empty() { p { (m.t("community.venues.none")) } }
        ul.plain {
            @for (_, venue) in &known.venues {
                li {
                    strong { (text(venue, "name")) } " " span.tag { (m.word("mode", text(venue, "mode"))) }
                    @if !text(venue, "address").is_empty() { br; (text(venue, "address")) }
                    @if !text(venue, "description").is_empty() { br; span.quiet { (text(venue, "description")) } }
                }
            }
        }
        h2 id="sessions" { (m.t("community.sessions")) }
        @if known.sessions.is_empty() { p { (m.t("community.sessions.none")) } }
        @else { p { a href=(leaf.root("calendar.ics")) { (m.t("community.calendar")) } } }
        ul.plain {
            @for (_, session) in known.sessions.iter().take(50) {
                li {
                    (text(session, "title")) " "
                    @if let Ok(time) = text(session, "starts").parse::<Time>() { span.quiet { (format::moment(m, time)) } }
                }
            }
        }
        h2 id="manifesto" { (m.t("community.manifesto")) }
        @if known.manifestos.is_empty() && known.signatures.is_empty() { p { (m.t("community.manifesto.none")) } }
        @for (_, manifesto) in &known.manifestos {
            p { strong { (text(manifesto, "title")) } " " (text(manifesto, "version")) br; code { "sha256:" (text(manifesto, "sha256")) } }
        }
        @if !known.signatures.is_empty() {
            h3 { (m.t("community.signatures")) }
            ul.plain {
                @for (_, signature) in &known.signatures {
                    li {
                        @match text(signature, "url") { "" => (text(signature, "organisation")), url => a href=(url) rel="external" { (text(signature, "organisation")) } }
                        " " @if let Ok(day) = text(signature, "date").parse::<Date>() { span.quiet { (format::day(m, day)) } }
                    }
                }
            }
        }
    };
    let page = leaf.page(&m.t("nav.community"), &body);
    (leaf.path, page)
}

/// The numbers that are explained, in order.
pub const FORMULAS: &[&str] = &[
    "cost",
    "runway",
    "runway-recurring",
    "coverage",
    "funds",
    "program-expense-ratio",
    "admin-overhead",
    "cost-to-raise",
    "budget",
    "forecast",
    "turnout",
    "detect",
    "resolve",
    "timely",
];

fn formulas(words: &Words<'_>) -> Written {
    let m = words.m;
    let leaf = words.leaf("formulas.html");
    let body = html! {
        p { (m.t("formulas.text")) }
        dl.list {
            @for id in FORMULAS {
                dt id=(id) { (m.t(&format!("formula.{id}"))) }
                dd { (m.t(&format!("formula.{id}.text"))) }
                @if let Some(here) = with_amounts(&leaf, id) { dd.quiet { (m.t("formula.here")) " " (here) } }
            }
        }
        h2 id="masked" { (m.t("formulas.masked")) }
        p { (m.t("formulas.masked.text")) }
    };
    let page = leaf.page(&m.t("foot.formulas"), &body);
    (leaf.path, page)
}

/// The formula with this book's amounts.
fn with_amounts(leaf: &Leaf<'_>, id: &str) -> Option<Markup> {
    let (book, m) = (leaf.book, leaf.m);
    let all = &book.money;
    let runway = &all.overview.runway;
    let months = |found: &Option<String>| {
        found
            .as_ref()
            .map_or_else(|| m.t("unknown"), |n| format!("{} {}", m.number(n), m.t("months")))
    };
    let ratio = |id: &str| {
        let row = all.efficiency.rows.iter().find(|row| row.id == id)?;
        let (part, whole) = row.amounts.split_once(" ÷ ")?;
        let value = row
            .value
            .split_once(' ')
            .map_or_else(|| m.t("unknown"), |(n, unit)| format!("{} {unit}", m.number(n)));
        Some(html! { (amount_words(m, part)) " ÷ " (amount_words(m, whole)) " = " (value) })
    };
    match id {
        "cost" => Some(
            html! { (amount_words(m, &all.money(all.cost_month).to_string())) " (" (m.count("formula.months", all.window.len())) ")" },
        ),
        "runway" => Some(
            html! { (amount_words(m, &runway.cash)) " ÷ " (amount_words(m, &runway.average_expense)) " = " (months(&runway.months)) },
        ),
        "runway-recurring" if runway.covered => Some(html! { (m.t("covered")) }),
        "runway-recurring" => Some(html! { (months(&runway.recurring_only_months)) }),
        "coverage" => {
            let percent = all.coverage.percent.as_ref()?;
            Some(html! { (m.number(percent)) " %" })
        }
        "program-expense-ratio" | "admin-overhead" | "cost-to-raise" => ratio(id),
        _ => None,
    }
}

fn data(words: &Words<'_>) -> Written {
    let m = words.m;
    let leaf = words.leaf("data.html");
    let files = crate::twins::listed(words.book);
    let body = html! {
        p { (m.t("data.text")) }
        div.wide tabindex="0" { table {
            caption { (m.t("data.caption")) }
            thead { tr { th scope="col" { (m.t("col.file")) } th scope="col" { (m.t("col.holds.what")) } } }
            tbody {
                @for (path, key) in files {
                    tr { th.path scope="row" { a href=(leaf.root(&path)) { (path) } } td.t { (m.t(key)) } }
                }
            }
        } }
    };
    let page = leaf.page(&m.t("foot.data"), &body);
    (leaf.path, page)
}
