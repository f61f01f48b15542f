//! The BLT format, word by word: a line's end matters only where it ends a ballot.

use super::{Error, Gathered, MAX_CANDIDATES, name};
use commonhold_core::reports::governance::tally::schulze::Ranks;
use std::iter::Peekable;

/// One word of the file, with its line.
#[derive(Debug, PartialEq)]
enum Word<'t> {
    Plain(usize, &'t str),
    Quoted(&'t str),
    End,
}

/// Splits a line into words; a quoted text is one.
fn words(number: usize, line: &str) -> Vec<Word<'_>> {
    let (mut found, mut rest) = (Vec::new(), line.trim_start());
    while !rest.is_empty() && !rest.starts_with('#') {
        let (word, after) = match rest.strip_prefix('"') {
            Some(inside) => {
                let (text, after) = inside.split_once('"').unwrap_or((inside, ""));
                (Word::Quoted(text), after)
            }
            None => {
                let (text, after) =
                    rest.split_once(|c: char| c.is_whitespace()).unwrap_or((rest, ""));
                (Word::Plain(number, text), after)
            }
        };
        found.push(word);
        rest = after.trim_start();
    }
    found.push(Word::End);
    found
}

/// The next word as a number.
fn number<'t>(all: &mut impl Iterator<Item = Word<'t>>) -> Option<usize> {
    match all.find(|word| *word != Word::End)? {
        Word::Plain(_, word) => word.parse().ok(),
        Word::Quoted(_) | Word::End => None,
    }
}

/// Reads the whole text.
pub(super) fn read(text: &str) -> Result<Gathered, Error> {
    let lines = text.lines().zip(1_usize..);
    let mut all = lines.flat_map(|(line, number)| words(number, line)).peekable();
    let mut found = Gathered::default();
    let missing = || Error::NotBallots("it does not begin with candidates and seats".into());
    let n = number(&mut all).ok_or_else(missing)?;
    found.seats = number(&mut all).and_then(|seats| u32::try_from(seats).ok());
    if n > MAX_CANDIDATES {
        return Err(Error::TooLarge);
    }
    // Names come last; until then candidates are numbers.
    found.candidates = (1..=n).map(|number| number.to_string()).collect();
    ballots(&mut all, &mut found)?;
    let mut names = all.filter_map(|word| match word {
        Word::Plain(_, text) | Word::Quoted(text) => Some(name(text)),
        Word::End => None,
    });
    let mut unnamed = 0_usize;
    for candidate in &mut found.candidates {
        match names.next().filter(|name| !name.is_empty()) {
            Some(name) => *candidate = name,
            None => unnamed = unnamed.saturating_add(1),
        }
    }
    found.title = names.next();
    let mut distinct = found.candidates.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if unnamed > 0 || distinct.len() != found.candidates.len() {
        return Err(Error::NotBallots(
            "it does not end with a name of its own for each candidate".into(),
        ));
    }
    Ok(found)
}

fn ballots<'t>(
    all: &mut Peekable<impl Iterator<Item = Word<'t>>>,
    found: &mut Gathered,
) -> Result<(), Error> {
    while let Some(word) = all.next() {
        let (line, word) = match word {
            Word::End => continue,
            Word::Quoted(_) => break,
            Word::Plain(line, word) => (line, word),
        };
        if let Some(candidate) = word.strip_prefix('-') {
            match candidate.parse::<usize>().ok().and_then(|number| number.checked_sub(1)) {
                Some(place) if place < found.candidates.len() => found.withdrawn.push(place),
                _ => found.refuse(line, "somebody withdrew whom there is not"),
            }
            continue;
        }
        // Some programs put an id of the ballot in front.
        if word.starts_with('(') {
            continue;
        }
        if word == "0" {
            return Ok(());
        }
        let weight = word.parse::<u64>().ok().filter(|weight| *weight <= 1_000_000_000);
        let mut choices = Vec::new();
        while let Some(Word::Plain(_, choice)) =
            all.next_if(|word| !matches!(word, Word::End | Word::Quoted(_)))
        {
            if choice == "0" {
                break;
            }
            choices.push(choice);
        }
        match (weight, ranks(found.candidates.len(), &choices)) {
            (Some(weight), Some((_, ranks))) => found.add(ranks, weight)?,
            _ => found.refuse(line, "it is not a number of ballots and an order of candidates"),
        }
    }
    Err(Error::NotBallots("no 0 ends its ballots".into()))
}

/// The ranks an order gives; who is not in it comes last.
fn ranks(n: usize, choices: &[&str]) -> Option<Ranks> {
    let last = u32::try_from(n).ok()?;
    let mut ranks = vec![Some(last); n];
    let mut named = vec![false; n];
    for (choice, rank) in choices.iter().zip(0_u32..) {
        // A rank that was left out.
        if *choice == "-" {
            continue;
        }
        for candidate in choice.split('=') {
            let place = candidate.parse::<usize>().ok()?.checked_sub(1)?;
            let seen = named.get_mut(place)?;
            if std::mem::replace(seen, true) {
                return None;
            }
            *ranks.get_mut(place)? = Some(rank.min(last.saturating_sub(1)));
        }
    }
    Some((1, ranks))
}
