//! Incidents, deploys and the changelog.

use super::Written;
use crate::format;
use crate::gather::operations::Incident;
use crate::gather::{Shown, integer, list, text};
use crate::html::{Leaf, Words, markdown};
use commonhold_core::date::{Date, Time};
use commonhold_core::json::Fields;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// How many deploys one page lists.
const DEPLOYS: usize = 200;

/// Writes the list of incidents, the page of each, the deploys.
pub fn write(words: &Words<'_>) -> Vec<Written> {
    let mut pages: Vec<Written> =
        words.book.operations.incidents.iter().map(|incident| one(words, incident)).collect();
    pages.push(incidents(words));
    pages.push(deploys(words));
    pages
}

fn incidents(words: &Words<'_>) -> Written {
    let (book, m) = (words.book, words.m);
    let leaf = words.leaf("incidents.html");
    let all = &book.operations.incidents;
    let body = html! {
        p { (m.t("incidents.text")) }
        @if all.is_empty() { p { (m.t("front.happened.none")) } }
        @else {
            div.wide tabindex="0" { table {
                caption { (m.count("incidents.caption", all.len())) }
                thead { tr {
                    th scope="col" { (m.t("col.incident")) }
                    th scope="col" { (m.t("col.severity")) }
                    th scope="col" { (m.t("col.started")) }
                    th.n scope="col" { (m.t("col.detected")) }
                    th.n scope="col" { (m.t("col.resolved")) }
                    th scope="col" { (m.t("col.review")) }
                } }
                tbody {
                    @for incident in all {
                        tr {
                            th.t scope="row" { a href=(leaf.to(&format!("incidents/{}.html", incident.id))) { (text(&incident.fields, "title")) } }
                            td { (m.word("severity", text(&incident.fields, "severity"))) }
                            td { @if let Some(time) = incident.moment("started") { (format::moment(m, time)) } @else { (m.t("unknown")) } }
                            td.n { (minutes(&leaf, incident, "detected")) }
                            td.n { (minutes(&leaf, incident, "resolved")) }
                            td { (m.t(if incident.reviews.is_empty() { "no" } else { "yes" })) }
                        }
                    }
                }
            } }
            p.quiet { (m.t("incidents.note")) }
        }
    };
    let page = leaf.page(&m.t("nav.incidents"), &body);
    (leaf.path, page)
}

fn minutes(leaf: &Leaf<'_>, incident: &Incident, step: &str) -> Markup {
    let m = leaf.m;
    html! {
        @match incident.minutes(step) {
            Some(minutes) => { (format::number(m, &minutes.to_string(), "min")) }
            None => { (m.t("unknown")) }
        }
    }
}

fn one(words: &Words<'_>, incident: &Incident) -> Written {
    let m = words.m;
    let leaf = words.leaf(format!("incidents/{}.html", incident.id));
    let fields = &incident.fields;
    let components = list(fields, "components").join(", ");
    let body = html! {
        p {
            span.tag { (m.word("severity", text(fields, "severity"))) }
            @if !components.is_empty() { " " (components) }
            @if incident.moment("resolved").is_none() { " " span.tag.no { (m.t("incident.open")) } }
        }
        dl.facts {
            @for step in ["started", "detected", "mitigated", "resolved"] {
                div { dt { (m.t(&format!("incident.{step}"))) } dd { @match incident.moment(step) { Some(time) => (format::moment(m, time)), None => (m.t("unknown")) } } }
            }
        }
        @if !text(fields, "impact").is_empty() {
            h2 id="impact" { (m.t("incident.impact")) }
            @if let Some(users) = integer(fields, "users_affected") { p { (m.fill("incident.users", &[("n", &m.number(&users.to_string()))])) } }
            div.text { (markdown::render(text(fields, "impact"), 2)) }
        }
        h2 id="timeline" { (m.t("incident.timeline")) }
        @if incident.lines.is_empty() { p { (m.t("incident.timeline.none")) } }
        ol.plain {
            @for (_, line) in &incident.lines {
                li {
                    @if let Ok(time) = text(line, "at").parse::<Time>() { span.quiet { (format::moment(m, time)) } " " }
                    @if !text(line, "status").is_empty() { span.tag { (m.word("update", text(line, "status"))) } " " }
                    (text(line, "text"))
                }
            }
        }
        @for (_, review) in &incident.reviews { (review_of(&leaf, review)) }
        (actions(&leaf, &incident.actions))
    };
    let page = leaf.page(text(fields, "title"), &body);
    (leaf.path, page)
}

fn review_of(leaf: &Leaf<'_>, review: &Fields) -> Markup {
    let m = leaf.m;
    let factors = list(review, "contributing_factors");
    html! {
        h2 { (m.t("incident.review")) }
        @if let Ok(day) = text(review, "published").parse::<Date>() { p.quiet { (m.t("incident.published")) " " (format::day(m, day)) } }
        div.text { (markdown::render(text(review, "summary"), 2)) }
        @if !factors.is_empty() {
            h3 { (m.t("review.factors")) }
            ul { @for factor in factors { li { (factor) } } }
        }
        @for part in ["trigger", "went_well", "went_poorly", "lucky"] {
            @if !text(review, part).is_empty() { h3 { (m.t(&format!("review.{part}"))) } p { (text(review, part)) } }
        }
    }
}

fn actions(leaf: &Leaf<'_>, actions: &Shown<Fields>) -> Markup {
    let m = leaf.m;
    html! {
        @if !actions.is_empty() {
            h2 id="actions" { (m.t("incident.actions")) }
            ul.plain {
                @for (_, action) in actions {
                    li {
                        (text(action, "text")) " "
                        @match text(action, "done").parse::<Date>() {
                            Ok(day) => { span.tag.yes { (m.t("action.done")) } " " (format::day(m, day)) }
                            Err(_) => { span.tag { (m.t("action.open")) } @if let Ok(due) = text(action, "due").parse::<Date>() { " " (m.t("action.due")) " " (format::day(m, due)) } }
                        }
                    }
                }
            }
        }
    }
}

fn deploys(words: &Words<'_>) -> Written {
    let (book, m) = (words.book, words.m);
    let leaf = words.leaf("deploys.html");
    let all = &book.operations.deploys;
    let more = all.len().saturating_sub(DEPLOYS);
    let body = html! {
        p { (m.t("deploys.text")) }
        @if all.is_empty() { p { (m.t("deploys.none")) } }
        @else {
            div.wide tabindex="0" { table {
                caption { (m.count("deploys.caption", all.len())) }
                thead { tr {
                    th scope="col" { (m.t("col.started")) }
                    th scope="col" { (m.t("col.result")) }
                    th scope="col" { (m.t("col.what")) }
                    th scope="col" { (m.t("col.environment")) }
                    th scope="col" { (m.t("col.commit")) }
                    th scope="col" { (m.t("col.trigger")) }
                } }
                tbody { @for (id, deploy) in all.iter().take(DEPLOYS) { (deploy_row(&leaf, &id.to_string(), deploy)) } }
            } }
            @if more > 0 { p { (m.count("deploys.more", more)) " " a href=(leaf.root("api/deploys.json")) { "JSON" } } }
        }
        (changelog(&leaf))
    };
    let page = leaf.page(&m.t("nav.deploys"), &body);
    (leaf.path, page)
}

fn deploy_row(leaf: &Leaf<'_>, id: &str, deploy: &Fields) -> Markup {
    let m = leaf.m;
    let result = text(deploy, "result");
    let commit: String = text(deploy, "commit").chars().take(10).collect();
    html! {
        tr id=(format!("deploy-{id}")) {
            td { @if let Ok(time) = text(deploy, "started").parse::<Time>() { (format::moment(m, time)) } }
            td { span class=(if result == "succeeded" { "tag yes" } else { "tag no" }) { (m.word("result", result)) } }
            td.t { (text(deploy, "changelog")) }
            td { (text(deploy, "environment")) }
            td { code { (commit) } }
            td { (m.word("trigger", text(deploy, "trigger"))) }
        }
    }
}

/// Lines of the changelog by version: what is not released first, then by the newest line.
pub fn by_version(changes: &Shown<Fields>) -> Vec<(String, Vec<&Fields>)> {
    let mut order: Vec<(String, Vec<&Fields>)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (_, change) in changes {
        let version = text(change, "version").to_owned();
        let place = *places.entry(version.clone()).or_insert_with(|| {
            order.push((version, Vec::new()));
            order.len().saturating_sub(1)
        });
        if let Some((_, lines)) = order.get_mut(place) {
            lines.push(change);
        }
    }
    order.sort_by_key(|(version, _)| !version.is_empty());
    order
}

fn changelog(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    html! {
        h2 id="changelog" { (m.t("changelog")) }
        @if book.operations.changes.is_empty() { p { (m.t("changelog.none")) } }
        @for (version, lines) in by_version(&book.operations.changes) {
            h3 { @if version.is_empty() { (m.t("changelog.unreleased")) } @else { (version) } }
            ul {
                @for line in lines {
                    li {
                        span.tag { (m.word("category", text(line, "category"))) } " " (text(line, "text"))
                        @if line.get("breaking").and_then(serde_json::Value::as_bool).unwrap_or(false) { " " span.tag.no { (m.t("changelog.breaking")) } }
                        @if let Ok(day) = text(line, "date").parse::<Date>() { " " span.quiet { (format::day(m, day)) } }
                    }
                }
            }
        }
    }
}
