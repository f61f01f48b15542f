//! The same numbers for machines.

pub mod books;
mod declared;
mod feeds;
mod flows;
mod json;
pub mod ledger;
mod meta;
mod schemas;
mod texts;

use crate::Error;
use crate::gather::Book;
use crate::months::Months;
use crate::output::Output;
use commonhold_exchange::export::ledger::months::Books;

/// The files the page of data names, with the key of what they hold.
pub fn listed(book: &Book<'_>) -> Vec<(String, &'static str)> {
    let mut files: Vec<(String, &'static str)> = [
        ("api/service.json", "file.service"),
        ("api/money.json", "file.money"),
        ("api/accounts.json", "file.accounts"),
        ("api/funds.json", "file.funds"),
        ("api/transactions.json", "file.transactions"),
        ("api/income/month.json", "file.income"),
        ("api/expenses/month.json", "file.expenses"),
        ("api/decisions.json", "file.decisions"),
        ("api/people.json", "file.people"),
        ("api/incidents.json", "file.incidents"),
        ("api/deploys.json", "file.deploys"),
        ("api/conformance.json", "file.conformance"),
        ("api/schemas/transactions.schema.json", "file.schemas"),
        ("tables/datapackage.json", "file.datapackage"),
        ("ledger.beancount", "file.beancount"),
        ("ledger.journal", "file.journal"),
        ("feeds/money.atom", "file.feeds"),
        ("feeds/decisions.atom", "file.feeds"),
        ("feeds/incidents.atom", "file.feeds"),
        ("feeds/deploys.atom", "file.feeds"),
        ("metrics.txt", "file.metrics"),
        ("service.jsonld", "file.jsonld"),
        ("calendar.ics", "file.calendar"),
    ]
    .map(|(path, key)| (path.to_owned(), key))
    .to_vec();
    files.extend(meta::listed(book));
    files
}

/// Writes them.
pub fn write(
    book: &Book<'_>,
    (open, ledgers): (&books::Open<'_>, Books),
    months: &mut Months<'_>,
    out: &mut Output<'_>,
) -> Result<(), Error> {
    json::write(book, out)?;
    flows::write(book, out)?;
    schemas::write(out)?;
    books::write(book, (open, ledgers), months, out)?;
    feeds::write(book, out)?;
    texts::write(book, out)?;
    meta::write(book, out)
}

/// JSON as all twins write it: indented, with a line break at its end.
fn put(out: &mut Output<'_>, path: &str, value: &serde_json::Value) -> Result<(), Error> {
    out.whole(path, format!("{value:#}\n").as_bytes())
}
