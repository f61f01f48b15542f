//! The phase, the promises of the framework with what is missing, and what happens at the end.

use super::Written;
use crate::format;
use crate::html::{Leaf, Words, markdown};
use crate::messages::Language;
use commonhold_core::framework::Status;
use commonhold_core::framework::conformance::RequirementView;
use maud::{Markup, html};

/// Writes the page.
pub fn write(words: &Words<'_>) -> Written {
    let m = words.m;
    let leaf = words.leaf("framework.html");
    let body = html! {
        p { (m.fill("framework.text", &[("version", &words.book.conformance.version)])) }
        (phases(&leaf))
        (areas(&leaf))
        (requirements(&leaf))
        (end(&leaf))
        (interfaces(&leaf))
    };
    let page = leaf.page(&m.t("nav.framework"), &body);
    (leaf.path, page)
}

fn phases(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    html! {
        h2 id="phase" { (m.t("framework.phase")) }
        p { span.tag { (m.word("phase", &book.phase)) } " " (m.t(&format!("phase.text.{}", book.phase))) }
        @if !book.phases.is_empty() {
            ul.plain {
                @for (_, phase) in book.phases.iter().rev() {
                    li {
                        (m.word("phase", &phase.from)) " → " strong { (m.word("phase", &phase.to)) } " "
                        span.quiet { (format::maybe_day(m, phase.date)) }
                        @if let Some(end) = phase.ends { " · " (m.t("phase.ends")) " " (format::day(m, end)) }
                        @if let Some(decision) = &phase.decision { " · " (super::ledger::decision_link(leaf, decision)) }
                        @if !phase.statement.is_empty() { br; (phase.statement) }
                    }
                }
            }
        }
    }
}

fn areas(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    html! {
        h2 id="areas" { (m.t("framework.areas")) }
        div.wide tabindex="0" { table {
            caption { (m.t("framework.areas.caption")) }
            thead { tr { th scope="col" { (m.t("col.area")) } th.n scope="col" { (m.t("col.holds")) } } }
            tbody {
                @for area in &book.conformance.areas {
                    tr { th scope="row" { (m.word("area", &area.area)) } td.n { (m.fill("holds", &[("n", &area.holds.to_string()), ("of", &area.of.to_string())])) } }
                }
            }
        } }
    }
}

/// What is required, in the language of the page.
fn required(leaf: &Leaf<'_>, view: &RequirementView) -> Markup {
    let key = format!("requirement.{}", view.id);
    html! {
        @match leaf.m.find(&key) {
            Some(words) if leaf.m.language != Language::En => (words),
            _ => span lang="en" { (view.title) },
        }
    }
}

fn requirements(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    let (missing, kept): (Vec<_>, Vec<_>) =
        book.conformance.requirements.iter().partition(|view| view.status == Status::Unmet);
    html! {
        h2 id="missing" { (m.t("framework.missing")) }
        @if missing.is_empty() { p { (m.t("framework.missing.none")) } }
        @else { (table(leaf, &missing, "framework.missing.caption")) }
        h2 id="kept" { (m.t("framework.kept")) }
        @if kept.is_empty() { p { (m.t("framework.kept.none")) } }
        @else { (table(leaf, &kept, "framework.kept.caption")) }
    }
}

fn table(leaf: &Leaf<'_>, views: &[&RequirementView], caption: &str) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    html! {
        div.wide tabindex="0" { table {
            caption { (m.t(caption)) }
            thead { tr {
                th scope="col" { (m.t("col.requirement")) }
                th scope="col" { (m.t("col.status")) }
                th scope="col" { (m.t("col.found")) }
            } }
            tbody {
                @for view in views {
                    tr id=(view.id) {
                        th.t scope="row" { (required(leaf, view)) br; code { (view.id) } }
                        td { span class=(if view.status.holds() { "tag yes" } else { "tag no" }) { (m.word("status", view.status.name())) } }
                        td.t { span lang="en" { (book.public.sentence(&view.id, &view.sentence)) } (evidence(leaf, view)) }
                    }
                }
            }
        } }
    }
}

/// Ways to the records that prove or break it, as far as a page shows them.
fn evidence(leaf: &Leaf<'_>, view: &RequirementView) -> Markup {
    let book = leaf.book;
    let way = |kind: &str, id: &commonhold_core::RecordId| -> Option<(String, String)> {
        let page = |path: String, name: String| Some((leaf.to(&path), name));
        match kind {
            "proposal" => {
                let vote = book.votes.iter().find(|vote| vote.id == *id)?;
                page(format!("decisions/{id}.html"), vote.proposal.title.clone())
            }
            "decision" => {
                let (_, decision) = book.decisions.iter().find(|(other, _)| other == id)?;
                Some((super::decisions::way(leaf, id, decision), decision.title.clone()))
            }
            "page" => {
                let (_, found) = book.pages.iter().find(|(other, _)| other == id)?;
                page(format!("knowledge/{id}.html"), found.title.clone())
            }
            "incident" => {
                let found = book.operations.incidents.iter().find(|incident| incident.id == *id)?;
                let title = crate::gather::text(&found.fields, "title").to_owned();
                page(format!("incidents/{id}.html"), title)
            }
            "plan" => page("framework.html#end".into(), leaf.m.t("front.end")),
            "channel" => page("index.html#give".into(), leaf.m.t("give")),
            _ => None,
        }
    };
    let ways: Vec<_> = view
        .evidence
        .iter()
        .filter_map(|found| way(found.kind.name(), &found.id))
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();
    html! {
        @for (href, name) in ways { br; a href=(href) { (name) } }
    }
}

fn end(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    html! {
        h2 id="end" { (m.t("front.end")) }
        @match &book.plan {
            None => p { (m.t("front.end.none")) },
            Some(plan) => {
                @if let (Some(grace), Some(shutdown)) = (plan.grace_days, plan.shutdown_days) {
                    p { (m.fill("front.end.days", &[("grace", &grace.to_string()), ("shutdown", &shutdown.to_string())])) }
                }
                @for (key, words) in [("leftover", &plan.leftover), ("notice", &plan.notice), ("export", &plan.export), ("handover", &plan.handover)] {
                    @if !words.trim().is_empty() {
                        h3 { (m.t(&format!("plan.{key}"))) }
                        div.text { (markdown::render(words, 3)) }
                    }
                }
                @if let Some(decision) = &plan.decision { p { (m.t("entry.decision")) " " (super::ledger::decision_link(leaf, decision)) } }
            }
        }
    }
}

fn interfaces(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    html! {
        h2 id="interfaces" { (m.t("framework.interfaces")) }
        @if book.interfaces.is_empty() { p { (m.t("framework.interfaces.none")) } }
        ul.plain {
            @for (_, interface) in &book.interfaces {
                li {
                    strong { (interface.name) } " " span.quiet { (format::maybe_day(m, interface.since)) }
                    @if !interface.promise.is_empty() { br; (interface.promise) }
                    @if let Some(broken) = interface.broken { br; span.tag.no { (m.t("interface.broken")) } " " (format::day(m, broken)) }
                }
            }
        }
    }
}
