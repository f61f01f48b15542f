//! GitHub Sponsors' export of transactions.
//!
//! The account is what GitHub owes the service. Only settled rows count. A sponsor who is not
//! public is never named.

use super::open_collective::category::{ONE_TIME, RECURRING};
use super::platform::{self, Columns, Ids};
use super::rows::{Row, Rows, read_all};
use super::text::{clip, field, fold};
use super::{DateFormat, DecimalMark, Draft, Error, Reading, day, number};
use commonhold_core::Currency;

/// The format's name in the window and on the command line.
pub const FORMAT: &str = "github-sponsors";

const ID: &[&str] = &["transaction id"];
const DATE: &[&str] = &["transaction date"];
const AMOUNT: &[&str] = &["processed amount"];
const STATUS: &[&str] = &["status"];

/// Whether a header, folded, is that of a sponsors' export.
pub(super) fn is_header(columns: &[String]) -> bool {
    let has = |name: &str| columns.iter().any(|column| column == name);
    has("sponsor handle") && has("processed amount")
}

/// Reads an export of transactions.
///
/// # Errors
/// When the file is no table or lacks a column that is needed.
pub fn read(bytes: &[u8]) -> Result<Reading, Error> {
    let text = platform::text(bytes)?;
    let separator = platform::separator(&text.text, is_header).unwrap_or_default();
    let mut rows = Rows::new(&text.text, separator.byte(), 0);
    let mut reading = Reading::new(FORMAT);
    let line = platform::header(&mut rows, &mut reading)?;
    let columns = Columns::new(&reading.columns);
    let [id, date, amount, status] = columns.needed(line, [ID, DATE, AMOUNT, STATUS])?;
    // GitHub charges in US dollars (its help pages: “Processed Amount” is in USD).
    let plan = Plan {
        id,
        date,
        amount,
        status,
        handle: columns.find(&["sponsor handle"]),
        name: columns.find(&["sponsor profile name"]),
        public: columns.find(&["is public?"]),
        yearly: columns.find(&["is yearly?"]),
        tier: columns.find(&["tier name"]),
        dollar: "USD".parse().map_err(Error::Unusable)?,
    };
    let mut ids = Ids::default();
    read_all(&mut rows, text.damaged, &mut reading, |row| plan.draft(row, &mut ids))?;
    if reading.rows == 0 {
        reading.warnings.push("The file has a header and no rows.".into());
    }
    Ok(reading)
}

struct Plan {
    id: usize,
    date: usize,
    amount: usize,
    status: usize,
    handle: Option<usize>,
    name: Option<usize>,
    public: Option<usize>,
    yearly: Option<usize>,
    tier: Option<usize>,
    dollar: Currency,
}

impl Plan {
    fn draft(&self, row: &Row<'_>, ids: &mut Ids) -> Result<Draft, String> {
        let status = row.get(Some(self.status));
        if fold(status) != "settled" {
            let status = clip(status, 40);
            return Err(format!("The row's status is “{status}”, not settled: no money came."));
        }
        let date = day::parse(row.get(Some(self.date)), DateFormat::Iso)?;
        let amount = number::parse(row.get(Some(self.amount)), DecimalMark::Dot, self.dollar)?;
        let id = row.get(Some(self.id));
        if id.is_empty() {
            return Err("The row has no transaction id.".into());
        }
        let once = fold(row.get(self.tier)).contains("one time")
            || fold(row.get(self.tier)).contains("one-time");
        let interval = match (once, says_yes(row.get(self.yearly))) {
            (true, _) => "one-time",
            (false, true) => "yearly",
            (false, false) => "monthly",
        };
        let public = says_yes(row.get(self.public));
        let label = platform::labelled(FORMAT, id, row, &[self.tier]);
        ids.once(&label.identity, row.line)?;
        let account = if once { ONE_TIME } else { RECURRING };
        let name = field(row.get(self.name)).or_else(|| field(row.get(self.handle)));
        Ok(label.onto(Draft {
            payee: name.filter(|_| public),
            legs: vec![(account.to_owned(), amount.negated())],
            donation: amount.minor > 0,
            interval: Some(interval),
            ..Draft::new(row.line, date, amount)
        }))
    }
}

fn says_yes(text: &str) -> bool {
    ["true", "yes", "1"].contains(&fold(text).as_str())
}

#[cfg(test)]
mod tests;
