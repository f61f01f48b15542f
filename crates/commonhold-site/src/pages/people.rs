//! Who belongs, what they do, who pays them.

use super::Written;
use crate::format::{self, money};
use crate::gather::people::PersonView;
use crate::html::{Leaf, Words};
use commonhold_core::records::governance::disclosure::Disclosure;
use maud::{Markup, html};

/// Writes the page.
pub fn write(words: &Words<'_>) -> Written {
    let (book, m) = (words.book, words.m);
    let leaf = words.leaf("people.html");
    let people = &book.people;
    let body = html! {
        p { (m.t("people.text")) }
        @if people.shown.is_empty() { p { (m.t("people.none")) } }
        @else {
            div.wide tabindex="0" { table {
                caption { (m.t("people.caption")) }
                thead { tr {
                    th scope="col" { (m.t("col.name")) }
                    th scope="col" { (m.t("col.roles")) }
                    th scope="col" { (m.t("col.since")) }
                    th scope="col" { (m.t("col.ties")) }
                } }
                tbody { @for person in &people.shown { (row(&leaf, person)) } }
            } }
        }
        @if people.hidden > 0 { p { (m.count("people.hidden", people.hidden)) } }
        h2 id="paid" { (m.t("people.paid")) }
        p { (m.t("people.paid.text")) }
        @let paid: Vec<_> = people.shown.iter().flat_map(|p| p.paid.iter().map(|work| (&p.id, work))).chain(people.past.iter().map(|(id, work)| (id, work))).collect();
        @if paid.is_empty() { p { (m.t("people.paid.none")) } }
        @else {
            div.wide tabindex="0" { table {
                caption { (m.t("people.paid.caption")) }
                thead { tr {
                    th scope="col" { (m.t("col.name")) }
                    th scope="col" { (m.t("col.work")) }
                    th scope="col" { (m.t("col.payer")) }
                    th scope="col" { (m.t("col.time")) }
                    th.n scope="col" { (m.t("col.amount")) }
                } }
                tbody { @for (person, work) in paid { (paid_row(&leaf, person, work)) } }
            } }
        }
    };
    let page = leaf.page(&m.t("nav.people"), &body);
    (leaf.path, page)
}

fn row(leaf: &Leaf<'_>, person: &PersonView) -> Markup {
    let m = leaf.m;
    html! {
        tr id=(format!("p-{}", person.id)) {
            th scope="row" { (leaf.person_words(&person.id)) @if !person.paid.is_empty() { " " span.tag { (m.t("paid")) } } }
            td { (person.roles.iter().map(|role| m.word("role", role)).collect::<Vec<_>>().join(", ")) }
            td { (format::maybe_day(m, person.since)) }
            td {
                @for interest in &person.interests {
                    (m.word("interest", &interest.kind)) ": " (interest.subject)
                    @if let Some(note) = &interest.note { " (" (note) ")" }
                    br;
                }
            }
        }
    }
}

fn paid_row(leaf: &Leaf<'_>, person: &commonhold_core::RecordId, work: &Disclosure) -> Markup {
    let m = leaf.m;
    html! {
        tr {
            th scope="row" { (leaf.person(person)) }
            td.t { (work.work) @if let Some(expected) = &work.expectation { br; span.quiet { (expected) } } }
            td { (work.payer) }
            td { (format::maybe_day(m, work.from)) " – " @if let Some(until) = work.until { (format::day(m, until)) } }
            td.n { @if let Some(sum) = work.amount { (money(m, sum)) br; span.quiet { (m.word("per", &work.per)) } } }
        }
    }
}
