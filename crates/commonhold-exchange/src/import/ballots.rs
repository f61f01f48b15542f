//! Ballots of votes held elsewhere, counted again by Schulze's method.
//!
//! **BLT** (Hill, Wichmann and Woodall; OpaVote, OpenSTV and others): candidates and seats, then
//! ballots by the numbers of candidates, each ended by 0, then names. `=` ranks equally, a minus
//! sign names who withdrew, `#` begins a remark.
//!
//! **CIVS** (Condorcet Internet Voting Service): a table with the names in its first row and in
//! each further row the rank every one of them got, `-` for no opinion, `3X` in front of what three
//! people said alike; or lines such as `Ann > Ben = Cleo`.

mod blt;
mod civs;
#[cfg(test)]
mod tests;

use super::Encoding;
use super::rows::decode;
use super::text::{clip, tidy};
use commonhold_core::id::hex;
use commonhold_core::reports::governance::tally::schulze::{self, Ranks};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use thiserror::Error;

/// Largest file of ballots, in bytes.
pub const MAX_FILE_BYTES: usize = 16 * 1024 * 1024;
/// Most candidates.
pub const MAX_CANDIDATES: usize = 200;
/// Most comparisons a count may take: ballots that differ times candidates squared.
const MAX_COMPARISONS: usize = 400_000_000;
/// Longest name, in bytes.
const MAX_NAME: usize = 300;
/// Most lines listed as not understood.
const MAX_LISTED: usize = 100;

/// A vote held elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Election {
    /// `blt` or `civs`.
    pub format: &'static str,
    /// What the file calls it.
    pub title: Option<String>,
    /// Names, in the file's order.
    pub candidates: Vec<String>,
    /// Names of those who withdrew; they are left out of the count.
    pub withdrawn: Vec<String>,
    /// How many seats, where the file says so.
    pub seats: Option<u32>,
    /// The ballots: how many people said the same, and the rank of each candidate.
    pub ballots: Vec<Ranks>,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// Lines that could not be read, as sentences; the first hundred.
    pub not_understood: Vec<String>,
}

/// Why a file of ballots cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// No bytes, or nothing but blank lines.
    #[error("The file is empty; export the ballots again and choose the new file.")]
    Empty,
    /// Too many bytes, candidates or ballots.
    #[error(
        "The file is too large: at most 16 MiB, 200 candidates, and as many ballots as can be \
         counted in seconds."
    )]
    TooLarge,
    /// Neither BLT nor CIVS; the text says what is missing.
    #[error("This is no file of ballots: {0}.")]
    NotBallots(String),
}

/// What is gathered while reading.
#[derive(Default)]
struct Gathered {
    title: Option<String>,
    candidates: Vec<String>,
    withdrawn: Vec<usize>,
    seats: Option<u32>,
    ballots: BTreeMap<Vec<Option<u32>>, u64>,
    not_understood: Vec<String>,
}

impl Gathered {
    /// Notes a line that cannot be read.
    fn refuse(&mut self, line: usize, why: &str) {
        if self.not_understood.len() < MAX_LISTED {
            self.not_understood.push(format!("Line {line}: {why}."));
        }
    }

    /// Takes ballots in; an error when counting them would take too long.
    fn add(&mut self, ranks: Vec<Option<u32>>, weight: u64) -> Result<(), Error> {
        let count = self.ballots.entry(ranks).or_default();
        *count = count.saturating_add(weight);
        let n = self.candidates.len().max(1);
        let work = self.ballots.len().saturating_mul(n).saturating_mul(n);
        if work > MAX_COMPARISONS { Err(Error::TooLarge) } else { Ok(()) }
    }
}

/// A name as it is kept.
fn name(text: &str) -> String {
    clip(&tidy(text), MAX_NAME)
}

/// Reads a file of ballots; which format it is in is seen from its beginning.
///
/// # Errors
/// When it is neither, or too large. One wrong line never is an error: it is listed.
pub fn read(bytes: &[u8]) -> Result<Election, Error> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(Error::TooLarge);
    }
    let text = decode(bytes, Encoding::Utf8).text;
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let first = first.ok_or(Error::Empty)?;
    let numbers = first.split('#').next().unwrap_or_default().split_whitespace();
    let is_blt = numbers.clone().count() >= 2 && numbers.take(2).all(|n| n.parse::<u32>().is_ok());
    let (format, found) =
        if is_blt { ("blt", blt::read(&text)?) } else { ("civs", civs::read(&text, first)?) };
    if found.candidates.len() < 2 {
        return Err(Error::NotBallots("it names fewer than two candidates".into()));
    }
    let named = |place: &usize| found.candidates.get(*place).cloned();
    Ok(Election {
        format,
        title: found.title,
        withdrawn: found.withdrawn.iter().filter_map(named).collect(),
        seats: found.seats,
        ballots: found.ballots.into_iter().map(|(ranks, weight)| (weight, ranks)).collect(),
        candidates: found.candidates,
        sha256: hex(&Sha256::digest(bytes)),
        not_understood: found.not_understood,
    })
}

impl Election {
    /// How many ballots.
    pub fn count(&self) -> u64 {
        self.ballots.iter().fold(0, |sum, (weight, _)| sum.saturating_add(*weight))
    }

    /// The names in the order Schulze's method gives, the best first; equals joined by “ = ”.
    /// Those who withdrew are left out.
    pub fn order(&self) -> Vec<String> {
        let stands: Vec<usize> = (0..self.candidates.len())
            .filter(|place| {
                self.candidates.get(*place).is_some_and(|name| !self.withdrawn.contains(name))
            })
            .collect();
        let keep = |ranks: &Vec<Option<u32>>| -> Vec<Option<u32>> {
            stands.iter().map(|place| ranks.get(*place).copied().flatten()).collect()
        };
        let ballots: Vec<Ranks> =
            self.ballots.iter().map(|(weight, ranks)| (*weight, keep(ranks))).collect();
        let name = |place: &usize| {
            stands.get(*place).and_then(|place| self.candidates.get(*place)).cloned()
        };
        let order = schulze::order(stands.len(), &ballots);
        order
            .iter()
            .map(|equal| equal.iter().filter_map(name).collect::<Vec<_>>().join(" = "))
            .collect()
    }
}
