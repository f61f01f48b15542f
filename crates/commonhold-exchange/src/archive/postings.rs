//! The table of postings: the lines of every kind that has some.

use super::book::Book;
use super::months::Which;
use super::tables::{Cell, Field, Table, field, plain, postings, writer};
use super::{Error, Export, Record, each};
use commonhold_core::record::Posting;
use commonhold_core::records::Kind;
use commonhold_core::table::{Column, ColumnType};

fn posting_fields(kind: Kind) -> Vec<Field> {
    use ColumnType as T;
    let as_ = Cell::As;
    vec![
        field(kind.name(), as_(T::Id), "The record the line belongs to.", true),
        field("line", as_(T::Integer), "Its place in the record, from 1.", true),
        field("state", Cell::State, "Whether the record counts: only “ok” does.", true),
        field("account", as_(T::Id), "The account the amount goes to.", true),
        field("account_path", as_(T::Text), "The account's path in the chart.", false),
        field("amount", Cell::Decimal, "The amount; negative: it comes from there.", true),
        field("currency", as_(T::Currency), "The currency of the amount.", true),
        field("fund", as_(T::Id), "The fund it belongs to.", true),
        field("fund_name", as_(T::Text), "The fund's name.", false),
        field("memo", as_(T::Text), "A remark on this line.", false),
        field("price_amount", Cell::Decimal, "What the line was worth in another currency.", false),
        field("price_currency", as_(T::Currency), "That other currency.", false),
    ]
}

/// Writes the lines of every kind that has some; needs a book that has seen all accounts.
pub(super) fn write(work: &mut Export<'_>) -> Result<(), Error> {
    for kind in Kind::ALL.iter().copied() {
        let holds_postings = |column: &&Column| column.holds == ColumnType::Postings;
        for column in kind.info().columns.iter().filter(holds_postings) {
            let taken = work.tables.iter().any(|table| table.name == column.name);
            let name = if taken {
                format!("{}-{}", kind.name(), column.name)
            } else {
                column.name.to_owned()
            };
            let title = format!("The lines of double entry of all {}", kind.plural());
            let fields = posting_fields(kind);
            let mut table =
                Table { area: kind.area(), name, title, fields, rows: 0, unique: false };
            let path = format!("data/{}", table.path());
            work.progress.at(&path)?;
            work.bag.start(&path, true)?;
            let mut out = writer(&mut work.bag);
            out.write_record(table.fields.iter().map(|field| &field.name))?;
            if kind == Kind::Transaction
                && let Some(months) = &mut work.months
            {
                out.flush()?;
                drop(out);
                table.rows = months(Which::Postings, &mut work.bag)?;
                work.bag.end();
                work.tables.push(table);
                continue;
            }
            let book = &work.book;
            each(work.source, kind, &mut work.progress, &mut |record| {
                let mut line: u64 = 0;
                for posting in postings(&record, column).unwrap_or_default() {
                    line = line.saturating_add(1);
                    out.write_record(posting_row(book, &record, line, posting))?;
                }
                table.rows = table.rows.saturating_add(line);
                Ok(())
            })?;
            out.flush()?;
            drop(out);
            work.bag.end();
            work.tables.push(table);
        }
    }
    Ok(())
}

pub(super) fn posting_row(
    book: &Book,
    record: &Record,
    line: u64,
    posting: Posting,
) -> [String; 12] {
    let price = posting.price;
    [
        record.id.to_string(),
        line.to_string(),
        record.state.to_owned(),
        posting.account.to_string(),
        plain(book.account_path(&posting.account)),
        posting.amount.decimal(),
        posting.amount.currency.to_string(),
        posting.fund.to_string(),
        plain(book.fund_name(&posting.fund)),
        plain(posting.memo.unwrap_or_default()),
        price.map(|price| price.decimal()).unwrap_or_default(),
        price.map(|price| price.currency.to_string()).unwrap_or_default(),
    ]
}
