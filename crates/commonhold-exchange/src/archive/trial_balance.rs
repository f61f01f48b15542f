//! The trial balance: what each fund holds on each account, in every currency, from the
//! transactions in effect. `recompute.py`, which lies beside it, comes to it from the postings.

use super::book::{Book, Sum};
use super::tables::{Cell, Field, Table, field, plain, writer};
use super::{Error, Export};
use commonhold_core::id::RecordId;
use commonhold_core::money::{Currency, Money};
use commonhold_core::table::ColumnType as T;

/// Where it lies, below the payload.
pub(super) const PATH: &str = "finance/trial-balance.csv";

fn fields() -> Vec<Field> {
    let as_ = Cell::As;
    vec![
        field("fund", as_(T::Id), "The fund.", true),
        field("fund_name", as_(T::Text), "The fund's name.", false),
        field("account", as_(T::Id), "The account.", true),
        field("account_path", as_(T::Text), "The account's path in the chart.", false),
        field("account_type", as_(T::Text), "asset, liability, equity, income or expense.", false),
        field("currency", as_(T::Currency), "The currency of the amount.", true),
        field(
            "amount",
            Cell::Decimal,
            "The sum of the postings in effect; income is negative. Empty: too large to be added.",
            false,
        ),
    ]
}

/// One row of it.
pub(super) fn row(
    book: &Book,
    (fund, account, currency): &(RecordId, RecordId, Currency),
    sum: Sum,
) -> [String; 7] {
    let holds = book.accounts.get(account).map(|account| account.holds.clone());
    [
        fund.to_string(),
        plain(book.fund_name(fund)),
        account.to_string(),
        plain(book.account_path(account)),
        plain(holds.unwrap_or_default()),
        currency.to_string(),
        sum.map(|minor| Money::new(minor, *currency).decimal()).unwrap_or_default(),
    ]
}

/// Writes the table; the book must have seen all records.
pub(super) fn write(work: &mut Export<'_>) -> Result<(), Error> {
    let mut table = Table {
        area: "finance",
        name: "trial-balance".into(),
        title: "What each fund holds on each account".into(),
        fields: fields(),
        rows: 0,
        unique: false,
    };
    let path = format!("data/{PATH}");
    work.progress.at(&path)?;
    work.bag.start(&path, true)?;
    let mut out = writer(&mut work.bag);
    out.write_record(table.fields.iter().map(|field| &field.name))?;
    for (key, sum) in &work.book.balances {
        out.write_record(row(&work.book, key, *sum))?;
        table.rows = table.rows.saturating_add(1);
    }
    out.flush()?;
    drop(out);
    work.bag.end();
    work.tables.push(table);
    Ok(())
}
