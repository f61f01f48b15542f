//! Decisions and the votes they rest on.

use super::Written;
use crate::format;
use crate::gather::votes::VoteView;
use crate::html::{Leaf, Words, markdown};
use commonhold_core::id::RecordId;
use commonhold_core::records::governance::decision::Decision;
use commonhold_core::reports::governance::tally::{Count, Stage};
use maud::{Markup, html};

/// The way to a decision: its vote's page, else its place on the list.
pub fn way(leaf: &Leaf<'_>, id: &RecordId, decision: &Decision) -> String {
    let vote = decision.proposal.filter(|vote| leaf.book.votes.iter().any(|v| v.id == *vote));
    match vote {
        Some(vote) => leaf.to(&format!("decisions/{vote}.html")),
        None => format!("{}#d-{id}", leaf.to("decisions.html")),
    }
}

/// The name of a stage, for messages.
pub fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Irregular => "irregular",
        Stage::Retracted => "retracted",
        Stage::NeedsSeconds => "needs-seconds",
        Stage::Open => "open",
        Stage::Grace => "grace",
        Stage::ToCount => "to-count",
        Stage::Disputed => "disputed",
        Stage::Counted => "counted",
    }
}

/// Writes the list and the page of every vote.
pub fn write(words: &Words<'_>) -> Vec<Written> {
    let mut pages: Vec<Written> = words.book.votes.iter().map(|vote| one(words, vote)).collect();
    pages.push(list(words));
    pages
}

fn list(words: &Words<'_>) -> Written {
    let (book, m) = (words.book, words.m);
    let leaf = words.leaf("decisions.html");
    let open: Vec<&VoteView> = book
        .votes
        .iter()
        .filter(|vote| !matches!(vote.stage, Stage::Counted | Stage::Retracted))
        .collect();
    let body = html! {
        p { (m.t("decisions.text")) }
        h2 id="open" { (m.t("decisions.open")) }
        @if open.is_empty() { p { (m.t("decisions.open.none")) } }
        ul.plain { @for vote in open { (vote_line(&leaf, vote)) } }
        h2 id="register" { (m.t("decisions.register")) }
        @if book.decisions.is_empty() { p { (m.t("front.decided.none")) } }
        @for (id, decision) in &book.decisions { (register(&leaf, id, decision)) }
        h2 id="votes" { (m.t("decisions.votes")) }
        @if book.votes.is_empty() { p { (m.t("decisions.votes.none")) } }
        ul.plain { @for vote in &book.votes { (vote_line(&leaf, vote)) } }
    };
    let page = leaf.page(&m.t("nav.decisions"), &body);
    (leaf.path, page)
}

fn vote_line(leaf: &Leaf<'_>, vote: &VoteView) -> Markup {
    let m = leaf.m;
    html! {
        li {
            a href=(leaf.to(&format!("decisions/{}.html", vote.id))) { (vote.proposal.title) } " "
            span.tag { (m.t(&format!("stage.{}", stage(vote.stage)))) }
            @if let (Some(count), true) = (&vote.count, vote.is_final) { br; span lang="en" { (count.sentence) } }
            @if let Some(closes) = vote.proposal.closes.filter(|_| vote.stage == Stage::Open) {
                br; span.quiet { (m.t("vote.closes")) " " (format::moment(m, closes)) }
            }
        }
    }
}

fn register(leaf: &Leaf<'_>, id: &RecordId, decision: &Decision) -> Markup {
    let m = leaf.m;
    html! {
        article id=(format!("d-{id}")) {
            h3 { (decision.title) }
            p.quiet {
                @if let Some(day) = decision.date { (m.t("decision.on")) " " (format::day(m, day)) }
                @if let Some(day) = decision.effective_from { " · " (m.t("decision.effective")) " " (format::day(m, day)) }
                @if decision.proposal.is_some() { " · " a href=(way(leaf, id, decision)) { (m.t("decision.vote")) } }
            }
            div.text { (markdown::render(&decision.text, 3)) }
            @if !decision.vote_order.is_empty() {
                p { (m.t("decision.elsewhere")) " " (decision.vote_order.join(" › ")) }
            }
        }
    }
}

fn one(words: &Words<'_>, vote: &VoteView) -> Written {
    let m = words.m;
    let leaf = words.leaf(format!("decisions/{}.html", vote.id));
    let proposal = &vote.proposal;
    let body = html! {
        p {
            span.tag { (m.t(&format!("stage.{}", stage(vote.stage)))) } " "
            (m.t("vote.by")) " " (leaf.person(&proposal.person))
            @if let Some(opened) = proposal.opened { " · " (m.t("vote.opened")) " " (format::moment(m, opened)) }
            @if let Some(closes) = proposal.closes { " · " (m.t("vote.closes")) " " (format::moment(m, closes)) }
        }
        div.text { (markdown::render(&proposal.text, 1)) }
        h2 id="rule" { (m.t("vote.rule")) }
        p lang="en" { (vote.rule) }
        h2 id="result" { (m.t("vote.result")) }
        (result(&leaf, vote))
        (ballots(&leaf, vote))
        (said(&leaf, vote))
        @if !vote.decisions.is_empty() {
            h2 id="decided" { (m.t("vote.decided")) }
            @for (id, decision) in &vote.decisions {
                article id=(format!("d-{id}")) {
                    h3 { (decision.title) }
                    @if let Some(day) = decision.effective_from { p.quiet { (m.t("decision.effective")) " " (format::day(m, day)) } }
                    div.text { (markdown::render(&decision.text, 3)) }
                }
            }
        }
    };
    let page = leaf.page(&proposal.title, &body);
    (leaf.path, page)
}

fn result(leaf: &Leaf<'_>, vote: &VoteView) -> Markup {
    let m = leaf.m;
    html! {
        @match &vote.count {
            None => p { (m.t("vote.hidden")) },
            Some(count) => {
                @if !vote.is_final { p.quiet { (m.t("vote.provisional")) } }
                p.lead lang="en" { (count.sentence) }
                (counts(leaf, count))
            }
        }
        @if let Some(day) = vote.effective_from { p { (m.t("decision.effective")) " " (format::day(m, day)) } }
        @if vote.late.0 > 0 {
            p { (m.count(if vote.late.1 { "vote.late.would" } else { "vote.late" }, vote.late.0)) }
        }
    }
}

fn counts(leaf: &Leaf<'_>, count: &Count) -> Markup {
    let m = leaf.m;
    html! {
        div.wide tabindex="0" { table {
            caption { (m.fill("vote.turnout", &[("cast", &count.cast.to_string()), ("roll", &count.roll.to_string()), ("percent", &m.number(&count.turnout))])) }
            thead { tr { th scope="col" { (m.t("col.option")) } th.n scope="col" { (m.t("col.votes")) } } }
            tbody {
                @for option in &count.counts {
                    tr { th scope="row" { (m.word("choice", &option.option)) } td.n { (option.votes) } }
                }
            }
        } }
    }
}

fn ballots(leaf: &Leaf<'_>, vote: &VoteView) -> Markup {
    let m = leaf.m;
    html! {
        h2 id="ballots" { (m.t("vote.ballots")) }
        @match &vote.ballots {
            None => p { (m.t("vote.ballots.hidden")) },
            Some(ballots) if ballots.is_empty() => p { (m.t("vote.ballots.none")) },
            Some(ballots) => div.wide tabindex="0" { table {
                caption { (m.count("vote.ballots.caption", ballots.len())) }
                thead { tr {
                    th scope="col" { (m.t("col.voter")) }
                    th scope="col" { (m.t("col.choice")) }
                    th scope="col" { (m.t("col.reason")) }
                    th scope="col" { (m.t("col.counted")) }
                } }
                tbody {
                    @for ballot in ballots {
                        tr {
                            th scope="row" { (leaf.person(&ballot.voter)) (ties(leaf, &ballot.voter)) }
                            td { (m.word("choice", &ballot.choice)) }
                            td.t { (ballot.reason.as_deref().unwrap_or_default()) }
                            td { (m.t(if ballot.counted { "yes" } else { "no" })) }
                        }
                    }
                }
            } },
        }
    }
}

/// What ties a voter to others, beside their ballot (`governance.paid-work`).
fn ties(leaf: &Leaf<'_>, voter: &RecordId) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    let person = book.people.shown.iter().find(|person| person.id == *voter);
    html! {
        @if let Some(person) = person {
            @for work in &person.paid { br; span.quiet { (m.t("paid")) ": " (work.work) } }
            @for interest in &person.interests { br; span.quiet { (m.word("interest", &interest.kind)) ": " (interest.subject) } }
        }
    }
}

fn said(leaf: &Leaf<'_>, vote: &VoteView) -> Markup {
    let m = leaf.m;
    html! {
        @if !vote.words.is_empty() {
            h2 id="said" { (m.t("vote.said")) }
            ul {
                @for (_, word) in &vote.words {
                    li {
                        (leaf.person(&word.person)) ": " (m.word("word", &word.kind))
                        @if let Some(reason) = &word.reason { " – " (reason) }
                    }
                }
            }
        }
    }
}
