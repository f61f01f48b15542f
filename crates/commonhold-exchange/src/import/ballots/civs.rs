//! The formats of CIVS: a table of ranks, or lines of names in order.

use super::{Error, Gathered, MAX_CANDIDATES, name};
use csv::ReaderBuilder;

/// How a ballot says that it has no opinion on somebody.
const NO_OPINION: &[&str] = &["-", "", "no opinion"];

/// Reads the whole text; `first` is its first line that says something.
pub(super) fn read(text: &str, first: &str) -> Result<Gathered, Error> {
    if first.contains('>') { orders(text) } else { table(text) }
}

/// Takes `3X` off the front: how many people said the same.
fn weight(text: &str) -> (u64, &str) {
    let digits =
        text.len().saturating_sub(text.trim_start_matches(|c: char| c.is_ascii_digit()).len());
    let (number, rest) = text.split_at_checked(digits).unwrap_or(("", text));
    let rest = rest.trim_start();
    match (number.parse::<u64>(), rest.strip_prefix(['x', 'X'])) {
        (Ok(number), Some(rest)) if (1..=1_000_000_000).contains(&number) => {
            (number, rest.trim_start())
        }
        _ => (1, text),
    }
}

fn table(text: &str) -> Result<Gathered, Error> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut found = Gathered::default();
    for record in reader.records() {
        let record = record.map_err(|error| Error::NotBallots(format!("{error}")))?;
        let line = record.position().map_or(0, csv::Position::line);
        let line = usize::try_from(line).unwrap_or(usize::MAX);
        if record.iter().all(str::is_empty) {
            continue;
        }
        if found.candidates.is_empty() {
            found.candidates = record.iter().map(name).collect();
            header(&found.candidates)?;
            continue;
        }
        let (weight, first) = weight(record.get(0).unwrap_or_default());
        let cells = std::iter::once(first).chain(record.iter().skip(1));
        let ranks: Option<Vec<Option<u32>>> = cells.map(rank).collect();
        match ranks.filter(|ranks| ranks.len() == found.candidates.len()) {
            Some(ranks) => found.add(ranks, weight)?,
            None => found.refuse(line, "it does not give each candidate a rank"),
        }
    }
    Ok(found)
}

/// One cell: a rank from 1, or no opinion.
fn rank(cell: &str) -> Option<Option<u32>> {
    if NO_OPINION.contains(&cell.to_lowercase().as_str()) {
        return Some(None);
    }
    cell.parse::<u32>().ok().filter(|rank| *rank > 0).map(Some)
}

fn header(names: &[String]) -> Result<(), Error> {
    if names.len() > MAX_CANDIDATES {
        return Err(Error::TooLarge);
    }
    let mut distinct: Vec<&String> = names.iter().collect();
    distinct.sort_unstable();
    distinct.dedup();
    let numbers = names.iter().all(|name| rank(name).is_some());
    if numbers || distinct.len() != names.len() || names.iter().any(String::is_empty) {
        let what = "its first row must give each candidate a name of its own";
        return Err(Error::NotBallots(what.into()));
    }
    Ok(())
}

fn orders(text: &str) -> Result<Gathered, Error> {
    let mut found = Gathered::default();
    let mut lines: Vec<(u64, Vec<Vec<String>>)> = Vec::new();
    for (line, number) in text.lines().zip(1_usize..) {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let (weight, order) = weight(line);
        let order: Vec<Vec<String>> =
            order.split('>').map(|equal| equal.split('=').map(name).collect()).collect();
        let mut named: Vec<&String> = order.iter().flatten().collect();
        named.sort_unstable();
        let all = named.len();
        named.dedup();
        if all != named.len() || named.iter().any(|name| name.is_empty()) {
            found.refuse(number, "it does not name candidates in order, each once");
            continue;
        }
        for name in order.iter().flatten() {
            if !found.candidates.contains(name) {
                found.candidates.push(name.clone());
            }
        }
        if found.candidates.len() > MAX_CANDIDATES {
            return Err(Error::TooLarge);
        }
        lines.push((weight, order));
    }
    // The same names in the same order, whichever line named them first.
    found.candidates.sort();
    let last = u32::try_from(found.candidates.len()).unwrap_or(u32::MAX);
    for (weight, order) in lines {
        let rank = |name: &String| {
            let place = order.iter().position(|equal| equal.contains(name));
            Some(place.and_then(|place| u32::try_from(place).ok()).unwrap_or(last))
        };
        let ranks = found.candidates.iter().map(rank).collect();
        found.add(ranks, weight)?;
    }
    Ok(found)
}
