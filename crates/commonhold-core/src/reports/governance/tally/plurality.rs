//! The option with most votes. Two that share the first place are a tie.

use super::count::{Asked, Finding, Verdict, votes_for};
use crate::records::governance::ballot::Ballot;

/// Counts votes for each option.
pub(super) fn count(asked: &Asked<'_>, ballots: &[&Ballot]) -> Finding {
    let counts = votes_for(asked, ballots);
    let options: Vec<(String, i64)> =
        counts.iter().filter(|c| !c.is_abstain()).map(|c| (c.option.clone(), c.votes)).collect();
    most(asked, counts, options, "votes")
}

/// The option with most of something.
pub(super) fn most(
    asked: &Asked<'_>,
    counts: Vec<super::count::OptionCount>,
    mut options: Vec<(String, i64)>,
    what: &str,
) -> Finding {
    // Options stay in the proposal's order where they are equal.
    options.sort_by_key(|(_, votes)| std::cmp::Reverse(*votes));
    let best = options.first().map_or(0, |(_, votes)| *votes);
    let mut order: Vec<Vec<String>> = Vec::new();
    let mut last = None;
    for (option, votes) in &options {
        match order.last_mut() {
            Some(same) if last == Some(*votes) => same.push(option.clone()),
            _ => order.push(vec![option.clone()]),
        }
        last = Some(*votes);
    }
    let first = order.first().cloned().unwrap_or_default();
    let rest: Vec<String> =
        options.iter().skip(1).map(|(option, votes)| format!("{option} {votes}")).collect();
    let rest = if rest.is_empty() { String::new() } else { format!(" ({})", rest.join(", ")) };
    match first.as_slice() {
        _ if best == 0 => {
            let why = "nobody chose an option".to_owned();
            Finding { counts, result: Verdict::NotPassed, winner: None, order, why }
        }
        [winner] if Some(winner) == asked.rule.default_option.as_ref() => {
            let why = format!("the default option {winner} has {best} {what}{rest}");
            Finding { counts, result: Verdict::NotPassed, winner: None, order, why }
        }
        [winner] => {
            let why = format!("{winner} with {best} {what}{rest}");
            let winner = Some(winner.clone());
            Finding { counts, result: Verdict::Passed, winner, order, why }
        }
        tied => {
            let tied: Vec<&str> = tied.iter().map(String::as_str).collect();
            let why = format!("{} have {best} {what} each", tied.join(" and "));
            let mut found = asked.tie(counts, &why);
            found.order = order;
            found
        }
    }
}
