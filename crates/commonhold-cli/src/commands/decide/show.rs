//! How a vote is printed.

use crate::Context;
use commonhold_app::commands::decisions::{ProposalView, Voter};
use commonhold_core::reports::governance::tally::{Stage, TallyStanding};

/// A stage in a word or two.
pub fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Irregular => "irregular",
        Stage::Retracted => "taken back",
        Stage::NeedsSeconds => "to be seconded",
        Stage::Open => "open",
        Stage::Grace => "closed, ballots may arrive",
        Stage::ToCount => "to be counted",
        Stage::Disputed => "counts differ",
        Stage::Counted => "counted",
    }
}

/// Prints a whole vote.
pub fn show(context: &Context, view: &ProposalView) {
    let out = context.output;
    out.line(format!("{} ({})", view.row.title, view.row.id));
    let closes = view.row.closes.map(|closes| closes.to_string()).unwrap_or_default();
    out.line(format!(
        "Proposed by {}; {}; closes {closes}",
        view.proposer_name,
        stage(view.row.stage)
    ));
    out.line(&view.rule_sentence);
    if !view.text.is_empty() {
        out.line(format!("\n{}", view.text.trim_end()));
    }
    for conflict in &view.conflicts {
        out.line(format!("Conflict of interest: {conflict}"));
    }
    let row = |voter: &Voter| {
        let ballot = voter.ballot.as_ref();
        let choice = match ballot {
            None => String::new(),
            Some(ballot) => ballot.choice.clone().unwrap_or_else(|| "(voted)".into()),
        };
        let ties: Vec<String> = voter.interests.iter().chain(&voter.paid).cloned().collect();
        let reason = ballot.and_then(|ballot| ballot.reason.clone()).unwrap_or_default();
        vec![voter.name.clone(), choice, reason, ties.join("; ")]
    };
    out.line("");
    let rows: Vec<Vec<String>> = view.voters.iter().map(row).collect();
    out.table(&["on the roll", "ballot", "why", "interests and paid work"], &rows);
    for word in &view.words {
        let reason = word.reason.clone().unwrap_or_default();
        let fault = word.fault.as_ref().map(|why| format!(" (does not count: {why})"));
        out.line(format!("{}: {} {reason}{}", word.name, word.kind, fault.unwrap_or_default()));
    }
    out.line("");
    result(context, view);
    for decision in &view.decisions {
        out.line(format!("Decision: {} ({})", decision.title, decision.id));
    }
    for done in &view.executed_by {
        out.line(format!("Carried out by: {} {} ({})", done.kind, done.title, done.id));
    }
    if view.mine.vote_missing {
        out.line("Your vote is missing.");
    }
    out.value(view);
}

/// Prints what a vote comes to.
pub fn result(context: &Context, view: &ProposalView) {
    let (out, outcome) = (context.output, &view.outcome);
    match (&view.row.sentence, outcome.is_final) {
        (None, _) => out.line(format!("{} have voted; counts are hidden.", outcome.count.cast)),
        (Some(sentence), true) => out.line(sentence),
        (Some(sentence), false) => out.line(format!("As it stands, not counted: {sentence}")),
    }
    if let Some(day) = outcome.effective_from {
        out.line(format!("Takes effect on {day}."));
    }
    for tally in &outcome.tallies {
        let standing = match tally.standing {
            TallyStanding::Holds => "holds",
            TallyStanding::Waits => "names ballots that have not arrived here",
            TallyStanding::Differs => "does not come out again from what is here",
            TallyStanding::Early => "was made too early",
            TallyStanding::NoEffect => "has no effect",
        };
        out.line(format!("Count {} {standing}: {}", tally.sha256, tally.statement));
    }
    if let Some(late) = &view.late_sentence {
        out.line(late);
    }
    for ballot in &outcome.ineligible {
        out.line(format!("May not count: ballot {}: {}", ballot.ballot, ballot.why));
    }
    for remark in &view.remarks {
        out.line(format!("Mind: {remark}"));
    }
    if outcome.recount_due {
        out.line("A re-count is asked for.");
    }
}
