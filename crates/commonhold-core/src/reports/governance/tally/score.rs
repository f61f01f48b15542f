//! Score: each ballot gives every option 0 to 5 points; the option with most points wins.

use super::count::{Asked, Finding, votes_for};
use super::plurality::most;
use crate::records::governance::ballot::Ballot;

/// Most points an option can get from one ballot.
pub const MAX_POINTS: i64 = 5;

/// The points of a ballot; nothing when they are not one for each option, 0 to 5.
pub(super) fn points(asked: &Asked<'_>, ballot: &Ballot) -> Option<Vec<i64>> {
    let read = |text: &String| {
        let points = text.parse::<i64>().ok()?;
        (points.to_string() == *text && (0..=MAX_POINTS).contains(&points)).then_some(points)
    };
    let points = ballot.scores.iter().map(read).collect::<Option<Vec<i64>>>()?;
    (points.len() == asked.options.len()).then_some(points)
}

/// Adds the points.
pub(super) fn count(asked: &Asked<'_>, ballots: &[&Ballot]) -> Finding {
    let mut sums: Vec<(String, i64)> =
        asked.options.iter().map(|option| (option.clone(), 0)).collect();
    for points in ballots.iter().filter_map(|ballot| points(asked, ballot)) {
        for ((_, sum), points) in sums.iter_mut().zip(points) {
            *sum = sum.saturating_add(points);
        }
    }
    let mut counts = votes_for(asked, ballots);
    for (count, (_, sum)) in counts.iter_mut().zip(&sums) {
        count.votes = *sum;
    }
    most(asked, counts, sums, "points")
}
