//! Yes or no. Simple majority: more yes than no. Supermajority: yes is at least a share of those
//! who say yes or no. Abstentions are outside the base.

use super::count::{Asked, Finding, Verdict, votes_for};
use crate::records::governance::ballot::Ballot;
use std::cmp::Ordering;

/// Counts yes and no.
pub(super) fn count(asked: &Asked<'_>, ballots: &[&Ballot]) -> Finding {
    let counts = votes_for(asked, ballots);
    let of = |option: &str| counts.iter().find(|c| c.option == option).map_or(0, |c| c.votes);
    let (yes, no) = (of("yes"), of("no"));
    let sign = match yes.cmp(&no) {
        Ordering::Greater => ">",
        Ordering::Equal => "=",
        Ordering::Less => "<",
    };
    let plain = format!("{yes} yes {sign} {no} no");
    let share = (asked.rule.numerator.unwrap_or(1), asked.rule.denominator.unwrap_or(1));
    let (result, why) = match (asked.rule.method.as_str(), yes.cmp(&no)) {
        ("supermajority", _) => supermajority(yes, no, share),
        (_, Ordering::Greater) => (Verdict::Passed, plain),
        (_, Ordering::Equal) => return asked.tie(counts, &plain),
        (_, Ordering::Less) => (Verdict::NotPassed, plain),
    };
    let winner = (result == Verdict::Passed).then(|| "yes".to_owned());
    Finding { counts, result, winner, order: Vec::new(), why }
}

fn supermajority(yes: i64, no: i64, (n, d): (i64, i64)) -> (Verdict, String) {
    let base = yes.saturating_add(no);
    let enough = yes > 0 && yes.saturating_mul(d) >= base.saturating_mul(n);
    let sign = if enough { "≥" } else { "<" };
    let result = if enough { Verdict::Passed } else { Verdict::NotPassed };
    (result, format!("{yes} yes of {base} yes or no {sign} {n}/{d}"))
}
