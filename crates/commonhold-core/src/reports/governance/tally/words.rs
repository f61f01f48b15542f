//! A rule in one sentence, with the numbers of one roll.

use crate::records::governance::rule::Rule;

/// `1 day`, `14 days`.
fn many(number: i64, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// Roles as a sentence names them.
fn roles(names: &[String], joined: &str) -> String {
    match names {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} {joined} {last}", rest.join(", ")),
    }
}

/// What it takes to pass.
fn passes(rule: &Rule) -> String {
    match rule.method.as_str() {
        "consent" => "passes when somebody consents and no objection stands".to_owned(),
        "lazy-consensus" => "passes if nobody objects by the deadline".to_owned(),
        "simple-majority" => "passes when more say yes than no".to_owned(),
        "supermajority" => format!(
            "passes when at least {}/{} of those who say yes or no say yes",
            rule.numerator.unwrap_or(1),
            rule.denominator.unwrap_or(1)
        ),
        "plurality" => "the option with most votes wins".to_owned(),
        "schulze" => match &rule.default_option {
            None => "options are ranked, and Schulze's method finds the winner".to_owned(),
            Some(default) => format!(
                "options are ranked, Schulze's method finds the winner, and it must beat {default}"
            ),
        },
        _ => "each option gets 0 to 5 points, and the one with most wins".to_owned(),
    }
}

/// The fewest people who must take part.
fn needed(rule: &Rule, roll: usize) -> Option<String> {
    let percent = rule.quorum_percent?;
    let roll = i64::try_from(roll).unwrap_or(i64::MAX);
    // The smallest whole number that is at least this part of the roll.
    let least = roll.saturating_mul(percent).saturating_add(99) / 100;
    let how = if rule.quorum_counts_abstentions {
        "abstentions count for taking part"
    } else {
        "abstentions do not count for taking part"
    };
    Some(format!("at least {least} of the {roll} ({percent} %) take part ({how})"))
}

/// The rule in one sentence, with how many are on the roll.
pub fn sentence(rule: &Rule, roll: usize) -> String {
    let mut parts = vec![format!(
        "{} on the roll ({}), one ballot each",
        if roll == 1 { "1 person is".to_owned() } else { format!("{roll} people are") },
        roles(&rule.electorate, "and")
    )];
    let least = rule.open_days_min;
    match rule.open_days_max {
        Some(most) => parts.push(format!("open for {least} to {}", many(most, "day"))),
        None => parts.push(format!("open for at least {}", many(least, "day"))),
    }
    if let Some(seconds) = rule.seconds_needed.filter(|needed| *needed > 0) {
        let who = roles(&rule.second_roles, "or");
        parts.push(format!("starts when {seconds} of {who} seconds it"));
    }
    parts.push(match needed(rule, roll) {
        Some(needed) => format!("{} and {needed}", passes(rule)),
        None => passes(rule),
    });
    parts.push(match (rule.tie.as_str(), &rule.default_option) {
        ("chair", _) => "leadership decides a tie".to_owned(),
        ("default", Some(default)) => format!("a tie stays with {default}"),
        _ => "a tie passes nothing".to_owned(),
    });
    if !rule.veto.is_empty() {
        let who = roles(&rule.veto, "or");
        parts.push(format!("{who} may veto it, and then its result is not counted"));
    }
    let delay = [(rule.effect_delay_months, "month"), (rule.effect_delay_days, "day")];
    let delay: Vec<String> = delay
        .iter()
        .filter_map(|(number, unit)| Some(many(number.filter(|n| *n > 0)?, unit)))
        .collect();
    if !delay.is_empty() {
        parts.push(format!("takes effect {} after the close", delay.join(" and ")));
    }
    parts.push(format!("ballots may arrive until {} after the close", many(rule.grace(), "hour")));
    if rule.secret {
        parts.push("ballots stay off the public page, but a teller sees them".to_owned());
    }
    if rule.hidden_until_close {
        parts.push("counts are shown after the close".to_owned());
    }
    let note = rule.note.as_ref().map(|note| format!(" {note}")).unwrap_or_default();
    format!("{}.{note}", parts.join("; "))
}
