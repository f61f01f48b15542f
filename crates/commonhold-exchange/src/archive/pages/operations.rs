//! Incidents with what happened, and deploys.

use super::super::Export;
use super::super::html::{Page, short, text};
use super::{Group, Sort, field, id_in};
use commonhold_core::records::Kind;

pub(super) const INCIDENTS: Sort = Sort {
    stem: "incidents",
    title: "Incidents",
    intro: "What went wrong, in the order it was written down, with reviews and what follows.",
    kind: Kind::Incident,
    rest: &[(Kind::IncidentLine, "incident"), (Kind::Review, "incident"), (Kind::Action, "about")],
    from: &[
        ("../operations/incidents.csv", "incidents.csv"),
        ("../operations/incident-lines.csv", "incident-lines.csv"),
        ("../operations/reviews.csv", "reviews.csv"),
        ("../operations/actions.csv", "actions.csv"),
    ],
    one: incident,
};

pub(super) const DEPLOYS: Sort = Sort {
    stem: "deploys",
    title: "Deploys",
    intro: "What was put into operation, when and by whom.",
    kind: Kind::Deploy,
    rest: &[(Kind::Change, "deploy")],
    from: &[
        ("../operations/deploys.csv", "deploys.csv"),
        ("../operations/changes.csv", "changes.csv"),
    ],
    one: deploy,
};

fn incident(work: &Export<'_>, page: &mut Page, group: &Group) {
    for record in &group.own {
        let title = format!("{}: {}", field(record, "severity"), field(record, "title"));
        page.heading(2, &format!("r-{}", record.id), &short(&title));
        let mut times = String::new();
        for name in ["started", "detected", "acknowledged", "mitigated", "resolved"] {
            if !field(record, name).is_empty() {
                times.push_str(&format!("{name} {}; ", field(record, name)));
            }
        }
        page.paragraph(&format!("{times}{} ({})", field(record, "visibility"), record.state));
    }
    let mut lines: Vec<_> = group.each(Kind::IncidentLine).collect();
    lines.sort_by_key(|line| (field(line, "at"), line.id));
    if !lines.is_empty() {
        page.table("", &["When (UTC)", "Who", "What", "Says", "State"]);
        for line in lines {
            let who = id_in(line, "person").map(|id| work.names.of(Some(id)));
            let cells = [
                text(field(line, "at")),
                text(who.unwrap_or_default()),
                text(field(line, "type")),
                text(field(line, "text")),
                text(line.state),
            ];
            page.row("", &cells);
        }
        page.end();
    }
    for review in group.each(Kind::Review) {
        let factors = super::list(review, "contributing_factors").join("; ");
        page.paragraph(&short(&format!("Review: {factors}")));
    }
    for action in group.each(Kind::Action) {
        let done = field(action, "done");
        let done = if done.is_empty() { "not done" } else { done };
        page.paragraph(&short(&format!("To do: {} ({done})", field(action, "text"))));
    }
}

fn deploy(work: &Export<'_>, page: &mut Page, group: &Group) {
    for record in &group.own {
        let title = format!("{} to {}", field(record, "started"), field(record, "environment"));
        page.heading(3, &format!("r-{}", record.id), &short(&title));
        let who = id_in(record, "person").map(|id| format!(" by {}", work.names.of(Some(id))));
        page.paragraph(&short(&format!(
            "{} {}: {}{} ({})",
            field(record, "repository"),
            field(record, "commit"),
            field(record, "result"),
            who.unwrap_or_default(),
            record.state
        )));
    }
    for change in group.each(Kind::Change) {
        let said = format!("{}: {}", field(change, "category"), field(change, "text"));
        page.paragraph(&short(&said));
    }
}
