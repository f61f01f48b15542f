//! Entries by month.

use crate::Error;
use crate::gather::Book;
use crate::output::Output;
use crate::public::Entry;
use commonhold_core::date::Month;
use commonhold_exchange::archive::Folder;
use serde_json::{Value, json};
use std::io::Write;

/// Writes a month's entries, one a line; answers its line of the list.
pub fn month(
    book: &Book<'_>,
    out: &mut Output<'_>,
    month: Month,
    entries: &[Entry],
) -> Result<Value, Error> {
    let path = format!("transactions/{month}.json");
    let flow = book.money.flow(&[month]);
    let (income, expense) = (book.money.money(flow.income), book.money.money(flow.expense));
    out.begin(&format!("api/{path}"))?;
    let head = json!({
        "month": month.to_string(),
        "as_of": book.day(),
        "currency": book.money.currency(),
        "income": income,
        "expense": expense,
    });
    let head = head.to_string();
    out.write_all(head.trim_end_matches('}').as_bytes())?;
    out.write_all(b",\"transactions\":[")?;
    for (entry, place) in entries.iter().zip(0_usize..) {
        let before: &[u8] = if place == 0 { b"\n" } else { b",\n" };
        out.write_all(before)?;
        out.write_all(line(book, entry).to_string().as_bytes())?;
    }
    out.write_all(b"\n]}\n")?;
    let month = month.to_string();
    let count = entries.len();
    Ok(
        json!({ "month": month, "count": count, "income": income, "expense": expense, "file": path }),
    )
}

/// One entry: its own fields, with paths and names beside the ids of accounts and funds.
fn line(book: &Book<'_>, entry: &Entry) -> Value {
    let mut value = serde_json::to_value(&entry.transaction).unwrap_or_default();
    if let Value::Object(fields) = &mut value {
        if let Some(Value::Array(lines)) = fields.get_mut("postings") {
            for (line, posting) in lines.iter_mut().zip(&entry.transaction.postings) {
                if let Value::Object(line) = line {
                    line.insert("account_path".into(), book.money.path(&posting.account).into());
                    line.insert("fund_name".into(), book.money.fund(&posting.fund).into());
                }
            }
        }
        fields.shift_insert(0, "id".into(), entry.id.to_string().into());
    }
    value
}

/// The list of months.
pub fn list(book: &Book<'_>, out: &mut Output<'_>, months: &[Value]) -> Result<(), Error> {
    let text = json!({
        "as_of": book.day(),
        "currency": book.money.currency(),
        "shown": book.shown,
        "unpublished": book.unpublished,
        "months": months,
    });
    super::put(out, "api/transactions.json", &text)
}
