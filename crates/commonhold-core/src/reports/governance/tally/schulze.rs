//! Schulze's method: an option beats another when more ballots rank it higher; a path of such wins
//! is as strong as its weakest link (winning votes); an option goes before another when its
//! strongest path there is stronger than the strongest path back. (M. Schulze, “A new monotonic,
//! clone-independent, reversal symmetric, and Condorcet-consistent single-winner election method”.)
//!
//! An option that does not beat the default option directly falls out first.

use super::count::{Asked, Finding, Verdict, votes_for};
use crate::records::governance::ballot::Ballot;

/// How many ballots, and the rank of each option in them: lower is better, equals are equal;
/// nothing where the ballot says nothing of an option, which then takes part in no comparison.
pub type Ranks = (u64, Vec<Option<u32>>);

/// A square of numbers.
struct Square {
    n: usize,
    cells: Vec<u64>,
}

impl Square {
    fn new(n: usize) -> Self {
        Self { n, cells: vec![0; n.saturating_mul(n)] }
    }

    fn place(&self, row: usize, column: usize) -> usize {
        row.saturating_mul(self.n).saturating_add(column)
    }

    fn get(&self, row: usize, column: usize) -> u64 {
        self.cells.get(self.place(row, column)).copied().unwrap_or(0)
    }

    fn set(&mut self, row: usize, column: usize, value: u64) {
        let place = self.place(row, column);
        if let Some(cell) = self.cells.get_mut(place) {
            *cell = value;
        }
    }
}

/// How many ballots rank each option above each other.
fn preferences(n: usize, ballots: &[Ranks]) -> Square {
    let mut wins = Square::new(n);
    for (weight, ranks) in ballots {
        for (one, rank) in ranks.iter().enumerate().take(n) {
            for (other, than) in ranks.iter().enumerate().take(n) {
                if let (Some(rank), Some(than)) = (rank, than)
                    && rank < than
                {
                    wins.set(one, other, wins.get(one, other).saturating_add(*weight));
                }
            }
        }
    }
    wins
}

/// The strength of the strongest path from each option to each other.
fn paths(wins: &Square, among: &[usize]) -> Square {
    let mut paths = Square::new(wins.n);
    for &one in among {
        for &other in among {
            let (for_it, against) = (wins.get(one, other), wins.get(other, one));
            paths.set(one, other, if for_it > against { for_it } else { 0 });
        }
    }
    for &over in among {
        for &one in among {
            for &other in among {
                let way = paths.get(one, over).min(paths.get(over, other));
                if one != other && way > paths.get(one, other) {
                    paths.set(one, other, way);
                }
            }
        }
    }
    paths
}

/// The options in order, the best first; those nothing decides between stand together.
pub fn order(n: usize, ballots: &[Ranks]) -> Vec<Vec<usize>> {
    let wins = preferences(n, ballots);
    ordered(&wins, (0..n).collect())
}

fn ordered(wins: &Square, mut left: Vec<usize>) -> Vec<Vec<usize>> {
    let paths = paths(wins, &left);
    let mut order = Vec::new();
    while !left.is_empty() {
        let beaten = |option: usize| {
            left.iter().any(|other| paths.get(*other, option) > paths.get(option, *other))
        };
        let best: Vec<usize> = left.iter().copied().filter(|option| !beaten(*option)).collect();
        // The relation has no circles, so somebody is always unbeaten.
        let best = if best.is_empty() { left.clone() } else { best };
        left.retain(|option| !best.contains(option));
        order.push(best);
    }
    order
}

/// The ranks a ballot gives; options it does not name come last, together.
fn ranks(asked: &Asked<'_>, ballot: &Ballot) -> Ranks {
    let last = u32::try_from(asked.options.len()).unwrap_or(u32::MAX);
    let rank = |option: &String| {
        let place = ballot.ranking.iter().position(|ranked| ranked == option);
        Some(place.and_then(|place| u32::try_from(place).ok()).unwrap_or(last))
    };
    (1, asked.options.iter().map(rank).collect())
}

/// Ranks the options.
pub(super) fn count(asked: &Asked<'_>, ballots: &[&Ballot]) -> Finding {
    let n = asked.options.len();
    let ranked: Vec<Ranks> = ballots
        .iter()
        .filter(|ballot| !ballot.ranking.is_empty())
        .map(|ballot| ranks(asked, ballot))
        .collect();
    let wins = preferences(n, &ranked);
    let name = |option: &usize| asked.options.get(*option).cloned().unwrap_or_default();
    let named = |order: &[Vec<usize>]| -> Vec<Vec<String>> {
        order.iter().map(|equal| equal.iter().map(name).collect()).collect()
    };
    let order = ordered(&wins, (0..n).collect());
    let shown = named(&order);
    let default = asked.rule.default_option.as_ref();
    let default = default.and_then(|d| asked.options.iter().position(|option| option == d));
    let stand = |option: &usize| {
        default.is_none_or(|d| *option != d && wins.get(*option, d) > wins.get(d, *option))
    };
    let first = ordered(&wins, (0..n).filter(stand).collect()).into_iter().next();
    let first = named(&[first.unwrap_or_default()]).pop().unwrap_or_default();
    let line: Vec<String> = shown.iter().map(|equal| equal.join(" = ")).collect();
    let why = format!("order {}", line.join(" > "));
    // First places, for whoever wants a number beside the order.
    let counts = votes_for(asked, ballots);
    match first.as_slice() {
        _ if ranked.is_empty() => {
            let why = "nobody ranked the options".to_owned();
            Finding { counts, result: Verdict::NotPassed, winner: None, order: shown, why }
        }
        [] => {
            let default = asked.rule.default_option.clone().unwrap_or_default();
            let why = format!("no option beats {default}; {why}");
            Finding { counts, result: Verdict::NotPassed, winner: None, order: shown, why }
        }
        [winner] => {
            let winner = Some(winner.clone());
            Finding { counts, result: Verdict::Passed, winner, order: shown, why }
        }
        _ => {
            let mut found = asked.tie(counts, &why);
            found.order = shown;
            found
        }
    }
}
