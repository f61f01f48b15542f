//! Bylaws, minutes, runbooks and processes.

use super::Written;
use crate::format;
use crate::gather::{Shown, list, text};
use crate::html::{Leaf, Words, markdown};
use commonhold_core::date::Date;
use commonhold_core::id::RecordId;
use commonhold_core::json::Fields;
use maud::{Markup, html};

/// Writes the list and the page of every text.
pub fn write(words: &Words<'_>) -> Vec<Written> {
    let (book, m) = (words.book, words.m);
    let leaf = words.leaf("knowledge.html");
    let mut pages = Vec::new();
    let known = &book.operations;
    let body = html! {
        p { (m.t("knowledge.text")) }
        h2 id="bylaws" { (m.t("knowledge.bylaws")) }
        (texts(&leaf, &["bylaws"], "knowledge.bylaws.none"))
        h2 id="minutes" { (m.t("knowledge.minutes")) }
        (texts(&leaf, &["minutes"], "knowledge.minutes.none"))
        h2 id="runbooks" { (m.t("knowledge.runbooks")) }
        (records(&leaf, &known.runbooks, "knowledge.runbooks.none"))
        h2 id="processes" { (m.t("knowledge.processes")) }
        (records(&leaf, &known.processes, "knowledge.processes.none"))
        @if !known.commons.is_empty() {
            h2 id="commons" { (m.t("knowledge.commons")) }
            ul.plain { @for (_, item) in &known.commons { li {
                @match text(item, "url") { "" => (text(item, "title")), url => a href=(url) rel="external" { (text(item, "title")) } }
                " – " (text(item, "source")) " " span.quiet { (text(item, "licence")) " " (text(item, "attribution")) }
            } } }
        }
    };
    pages.push((leaf.path.clone(), leaf.page(&m.t("nav.knowledge"), &body)));
    for (id, page) in &book.pages {
        let leaf = words.leaf(format!("knowledge/{id}.html"));
        let body = html! {
            p.quiet { (m.word("page", &page.kind)) }
            div.text { (markdown::render(&page.body, 1)) }
        };
        let page = leaf.page(&page.title, &body);
        pages.push((leaf.path, page));
    }
    for (id, fields) in known.runbooks.iter().chain(&known.processes) {
        pages.push(one(words, id, fields));
    }
    pages
}

fn texts(leaf: &Leaf<'_>, kinds: &[&str], none: &str) -> Markup {
    let found: Vec<_> =
        leaf.book.pages.iter().filter(|(_, page)| kinds.contains(&page.kind.as_str())).collect();
    html! {
        @if found.is_empty() { p { (leaf.m.t(none)) } }
        ul.plain { @for (id, page) in found { li { a href=(leaf.to(&format!("knowledge/{id}.html"))) { (page.title) } } } }
    }
}

fn dated(leaf: &Leaf<'_>, fields: &Fields) -> Markup {
    let m = leaf.m;
    html! {
        @if let Ok(day) = text(fields, "reviewed").parse::<Date>() { (m.t("knowledge.reviewed")) " " (format::day(m, day)) }
        @if let Ok(day) = text(fields, "expires").parse::<Date>() {
            " · " (m.t("knowledge.expires")) " " (format::day(m, day))
            @if day < leaf.book.day() { " " span.tag.no { (m.t("knowledge.expired")) } }
        }
    }
}

fn records(leaf: &Leaf<'_>, found: &Shown<Fields>, none: &str) -> Markup {
    html! {
        @if found.is_empty() { p { (leaf.m.t(none)) } }
        ul.plain {
            @for (id, fields) in found {
                li {
                    a href=(leaf.to(&format!("knowledge/{id}.html"))) { (text(fields, "title")) }
                    @let about = list(fields, "components").join(", ");
                    @if !about.is_empty() { " – " (about) }
                    br; span.quiet { (dated(leaf, fields)) }
                }
            }
        }
    }
}

fn one(words: &Words<'_>, id: &RecordId, fields: &Fields) -> Written {
    let m = words.m;
    let leaf = words.leaf(format!("knowledge/{id}.html"));
    let name = id.to_string();
    let said: Vec<_> =
        words.book.operations.feedback.iter().filter(|(_, f)| text(f, "about") == name).collect();
    let body = html! {
        p.quiet { (dated(&leaf, fields)) }
        @for part in ["symptom", "purpose", "inputs", "prerequisites"] {
            @if !text(fields, part).is_empty() { h2 { (m.t(&format!("runbook.{part}"))) } p { (text(fields, part)) } }
        }
        div.text { (markdown::render(text(fields, "body"), 1)) }
        @for part in ["outputs", "escalation"] {
            @if !text(fields, part).is_empty() { h2 { (m.t(&format!("runbook.{part}"))) } p { (text(fields, part)) } }
        }
        @if !text(fields, "adopted_from").is_empty() {
            p.quiet { (m.t("knowledge.adopted")) " " (text(fields, "adopted_from")) " " (text(fields, "licence")) }
        }
        @if !said.is_empty() {
            h2 id="feedback" { (m.t("knowledge.feedback")) }
            ul.plain { @for (_, word) in said { li {
                (text(word, "text")) " " span.tag { (m.word("feedback", text(word, "state"))) }
                @if !text(word, "answer").is_empty() { br; (text(word, "answer")) }
            } } }
        }
    };
    let page = leaf.page(text(fields, "title"), &body);
    (leaf.path, page)
}
