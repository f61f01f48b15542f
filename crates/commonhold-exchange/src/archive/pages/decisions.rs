//! The register of decisions, and every vote with its ballots and counts.

use super::super::Export;
use super::super::html::{Cell, Page, short, text};
use super::{Group, Sort, field, id_in, list};
use commonhold_core::records::Kind;

/// Most ballots of a vote that are shown; the table holds all.
const MOST: usize = 2_000;

pub(super) const VOTES: Sort = Sort {
    stem: "votes",
    title: "Votes",
    intro: "Each vote with the rule it was under, what was said, every ballot, and the signed \
            counts. recount.py, which lies in the folder above, counts them again.",
    kind: Kind::Proposal,
    rest: &[
        (Kind::Ballot, "proposal"),
        (Kind::Intervention, "proposal"),
        (Kind::Tally, "proposal"),
        (Kind::Decision, "proposal"),
    ],
    from: &[
        ("../governance/proposals.csv", "proposals.csv"),
        ("../governance/ballots.csv", "ballots.csv"),
        ("../governance/interventions.csv", "interventions.csv"),
        ("../governance/tallies.csv", "tallies.csv"),
    ],
    one: vote,
};

pub(super) const DECISIONS: Sort = Sort {
    stem: "decisions",
    title: "Register of decisions",
    intro: "What was decided, from when it holds, and what carries it out.",
    kind: Kind::Decision,
    rest: &[],
    from: &[("../governance/decisions.csv", "decisions.csv")],
    one: decision,
};

fn vote(work: &Export<'_>, page: &mut Page, group: &Group) {
    for record in &group.own {
        page.heading(2, &format!("r-{}", record.id), &short(field(record, "title")));
        let roll = list(record, "roll").len();
        page.paragraph(&format!(
            "By the rule “{}”, open from {} to {}; {roll} people on the roll; proposed by {} ({}).",
            field(record, "rule"),
            field(record, "opened"),
            field(record, "closes"),
            work.names.of(id_in(record, "person")),
            record.state
        ));
        page.paragraph(&format!("To choose from: {}", list(record, "options").join(", ")));
    }
    for tally in group.each(Kind::Tally) {
        page.paragraph(&format!(
            "Counted {} by {} ({}): {} – {} Votes: {}. Ballots counted {}, late {}, not on the roll {}.",
            field(tally, "at"),
            work.names.of(id_in(tally, "person")),
            tally.state,
            field(tally, "result"),
            field(tally, "statement"),
            field(tally, "counts"),
            list(tally, "counted").len(),
            list(tally, "late").len(),
            list(tally, "ineligible").len(),
        ));
    }
    for word in group.each(Kind::Intervention) {
        let by = work.names.of(id_in(word, "person"));
        let said = format!("{} by {by}: {}", field(word, "kind"), field(word, "reason"));
        page.paragraph(&short(&said));
    }
    let all = group.each(Kind::Ballot).count();
    if all == 0 {
        page.paragraph("No ballot was cast.");
        return;
    }
    page.table(&format!("{all} ballots"), &["Voter", "#No.", "Says", "Reason", "State"]);
    for ballot in group.each(Kind::Ballot).take(MOST) {
        let ranking = list(ballot, "ranking").join(" > ");
        let said = if ranking.is_empty() { field(ballot, "choice").to_owned() } else { ranking };
        let scores = ballot.fields.get("scores").map(ToString::to_string).unwrap_or_default();
        let said = if said.is_empty() { scores } else { said };
        let number = ballot.fields.get("seq").map(ToString::to_string).unwrap_or_default();
        let cells = [
            text(work.names.of(id_in(ballot, "voter"))),
            Cell::Number(number),
            text(said),
            text(field(ballot, "reason")),
            text(ballot.state),
        ];
        page.row("", &cells);
    }
    page.end();
}

fn decision(work: &Export<'_>, page: &mut Page, group: &Group) {
    for record in &group.own {
        page.heading(2, &format!("r-{}", record.id), &short(field(record, "title")));
        let from = field(record, "effective_from");
        let from = if from.is_empty() { String::new() } else { format!(", in effect from {from}") };
        page.paragraph(&format!("Decided {}{from} ({}).", field(record, "date"), record.state));
        let mut links = Vec::new();
        let place = id_in(record, "proposal").and_then(|id| work.names.place(&id));
        links.extend(place.map(|place| (place, "the vote".to_owned(), String::new())));
        let path = format!("../governance/decisions/{}.md", record.id);
        let inner = path.strip_prefix("../").unwrap_or(&path);
        if work.bag.has(inner) {
            links.push((path, "its text".to_owned(), String::new()));
        }
        if !links.is_empty() {
            page.list(&links);
        }
        let done = list(record, "executed_by");
        if !done.is_empty() {
            page.paragraph(&format!("Carried out by: {}", done.join(", ")));
        }
    }
}
