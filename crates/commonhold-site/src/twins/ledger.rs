//! Entries by month.

use crate::Error;
use crate::gather::Book;
use crate::months::Shown;
use crate::output::Output;
use crate::public::Entry;
use commonhold_core::date::Month;
use commonhold_exchange::archive::Folder;
use serde_json::{Value, json};
use std::io::Write;

/// A month's entries, one a line.
pub fn lines(book: &Book<'_>, entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::new();
    for (entry, place) in entries.iter().zip(0_usize..) {
        out.extend_from_slice(if place == 0 { b"\n" } else { b",\n" });
        out.extend_from_slice(line(book, entry).to_string().as_bytes());
    }
    out
}

/// Writes a month; answers its line of the list.
pub fn month(
    book: &Book<'_>,
    out: &mut Output<'_>,
    month: Month,
    shown: &Shown,
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
    out.write_all(&shown.lines)?;
    out.write_all(b"\n]}\n")?;
    let (month, count) = (month.to_string(), shown.count);
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
