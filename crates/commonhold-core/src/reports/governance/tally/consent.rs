//! Consent: no unresolved paramount objection; to stand aside is allowed. Lazy consensus: it
//! passes if nobody objects by the deadline, also when nobody says anything.

use super::count::{Asked, Finding, Verdict, votes_for};
use crate::records::governance::ballot::Ballot;

/// Looks for objections, by ballot or beside it: `objections` are those that stand.
pub(super) fn count(asked: &Asked<'_>, ballots: &[&Ballot], objections: usize) -> Finding {
    let counts = votes_for(asked, ballots);
    let of = |option: &str| counts.iter().find(|c| c.option == option).map_or(0, |c| c.votes);
    let lazy = asked.rule.method == "lazy-consensus";
    let beside = i64::try_from(objections).unwrap_or(i64::MAX);
    let against = of("object").saturating_add(beside);
    let (result, why) = match against {
        0 if lazy => (Verdict::Passed, "nobody objected".to_owned()),
        0 if of("consent") == 0 => (Verdict::NotPassed, "nobody consented".to_owned()),
        0 => {
            let (consent, aside) = (of("consent"), of("stand-aside"));
            (Verdict::Passed, format!("{consent} consent, {aside} stand aside, no objection"))
        }
        1 => (Verdict::NotPassed, "1 objection stands".to_owned()),
        many => (Verdict::NotPassed, format!("{many} objections stand")),
    };
    let winner = (result == Verdict::Passed).then(|| "consent".to_owned());
    Finding { counts, result, winner, order: Vec::new(), why }
}
