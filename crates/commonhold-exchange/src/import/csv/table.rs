//! The beginning of a file as a table under one separator, for guessing.

use super::mapping::Separator;
use super::names;
use crate::import::rows::Rows;
use crate::import::text::fold;

/// The first rows of a file under one separator.
pub(super) struct Table {
    /// The separator.
    pub separator: Separator,
    /// Line and cells of every row that is not blank.
    pub rows: Vec<(u64, Vec<String>)>,
    /// Place of the header in `rows`.
    pub header: usize,
}

pub(super) fn look(text: &str, separator: Separator, limit: usize) -> Table {
    let mut reader = Rows::new(text, separator.byte(), 0);
    let mut rows = Vec::new();
    while rows.len() < limit
        && let Ok(Some(row)) = reader.next()
    {
        let cells = row.fields.iter().map(|cell| cell.trim().to_owned()).collect();
        if !row.is_blank() {
            rows.push((row.line, cells));
        }
    }
    let mut table = Table { separator, rows, header: 0 };
    let scores = table.rows.iter().enumerate().map(|(at, (_, cells))| (header_score(cells), at));
    // Of equal rows the first: a later one is data.
    let best = scores.max_by_key(|(score, at)| (*score, std::cmp::Reverse(*at)));
    table.header = best.map_or(0, |(_, at)| at);
    table
}

/// How many of the parts of a header a row names: day, amount, others.
fn header_score(cells: &[String]) -> usize {
    let folded: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
    let has = |list: &[&str]| usize::from(folded.iter().any(|cell| list.contains(&cell.as_str())));
    let money = has(names::AMOUNT).max(has(names::DEBIT)).max(has(names::CREDIT));
    let known = [has(names::DATE), money]
        .into_iter()
        .map(|found| found.saturating_mul(10))
        .chain([names::CURRENCY, names::PAYEE, names::NARRATION, names::REFERENCE].map(has));
    known.fold(0, usize::saturating_add)
}

/// A header cell for comparing: folded, without a unit behind it (`Amount (EUR)`, `Betrag in EUR`).
fn plain(cell: &str) -> String {
    let folded = fold(cell);
    if names::DATE.contains(&folded.as_str()) || names::REFERENCE.contains(&folded.as_str()) {
        return folded;
    }
    let without = folded.split(" (").next().unwrap_or("");
    match without.rsplit_once(" in ") {
        Some((name, unit)) if unit.chars().count() <= 3 => name.to_owned(),
        _ => without.to_owned(),
    }
}

impl Table {
    /// The header's cells.
    pub(super) fn columns(&self) -> &[String] {
        self.rows.get(self.header).map_or(&[], |(_, cells)| cells)
    }

    /// Physical lines before the header.
    pub(super) fn skip_lines(&self) -> u32 {
        let line = self.rows.get(self.header).map_or(1, |(line, _)| *line);
        u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX)
    }

    fn data(&self) -> impl Iterator<Item = &[String]> {
        self.rows.iter().skip(self.header.saturating_add(1)).map(|(_, cells)| cells.as_slice())
    }

    /// The values of a column that are not empty.
    pub(super) fn values(&self, column: &str) -> Vec<&str> {
        let Some(at) = self.columns().iter().position(|name| name == column) else {
            return Vec::new();
        };
        let cells = self.data().filter_map(|cells| cells.get(at)).map(String::as_str);
        cells.filter(|cell| !cell.is_empty()).collect()
    }

    /// Known names first, then how many rows have the header's number of columns.
    pub(super) fn score(&self) -> usize {
        let width = self.columns().len();
        let same = self.data().filter(|cells| cells.len() == width).count();
        let consistent = if width > 1 { same.saturating_mul(10) } else { 0 };
        let named = header_score(self.columns()).saturating_mul(10_000);
        named.saturating_add(consistent).saturating_add(width.min(9))
    }

    /// The column of the best known name whose values pass.
    pub(super) fn named(&self, list: &[&str], fits: impl Fn(&str) -> bool) -> Option<String> {
        let columns = self.columns();
        let found = list.iter().flat_map(|name| {
            columns.iter().filter(move |column| plain(column) == *name || fold(column) == *name)
        });
        found.into_iter().find(|column| mostly(&self.values(column), &fits)).cloned()
    }
}

/// Whether most of the values pass; no values at all do.
fn mostly(values: &[&str], fits: impl Fn(&str) -> bool) -> bool {
    let good = values.iter().filter(|value| fits(value)).count();
    good.saturating_mul(2) >= values.len()
}
