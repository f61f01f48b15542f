//! `commonhold import review` and `assign`: where imported lines belong.

use super::super::{Done, record_id};
use crate::Context;
use commonhold_app::commands::imports::{self, Assignment, ReviewRow};
use commonhold_app::commands::records;
use commonhold_app::{Code, Failure};
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Kind, RecordId};
use serde_json::{Value, json};

/// Most lines shown or sorted at once.
const LINES: u32 = 500;

/// Shows lines of an import, or all that wait to be sorted.
pub fn review(context: &Context, import: Option<&str>) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let import = import.map(record_id).transpose()?;
    let review = imports::review(&reader, &book, import.as_ref(), 0, LINES)?;
    let rows: Vec<Vec<String>> = review.rows.iter().map(cells).collect();
    context.output.table(&["line", "date", "amount", "payee", "what for", "account", ""], &rows);
    let open = review.rows.iter().filter(|row| row.open).count();
    context.output.line(format!("{} lines, {open} of them shown wait to be sorted.", review.total));
    context.output.value(&review);
    Ok(0)
}

fn cells(row: &ReviewRow) -> Vec<String> {
    let could = row.suggestion.as_ref().map(|s| format!("could be {} ({}×)", s.path, s.times));
    vec![
        row.transaction.to_string(),
        row.date.map(|day| day.to_string()).unwrap_or_default(),
        row.amount.clone(),
        row.payee.clone().unwrap_or_default(),
        row.narration.clone(),
        row.account_path.clone(),
        could.unwrap_or_default(),
    ]
}

/// Sorts lines.
pub fn assign(context: &Context, lines: &[String], suggested: bool) -> Done {
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let mut all = Vec::new();
    for line in lines {
        let (transaction, account) = line.split_once('=').ok_or_else(|| {
            Failure::new(Code::Invalid, format!("“{line}” is not of the form LINE=ACCOUNT."))
        })?;
        let transaction = record_id(transaction)?;
        let account = account_id(app.reader(), &book, account)?;
        all.push(Assignment { transaction, account, ..Assignment::default() });
    }
    if suggested {
        for row in imports::review(app.reader(), &book, None, 0, LINES)?.rows {
            let named = all.iter().any(|line| line.transaction == row.transaction);
            if let (false, Some(could)) = (named, row.suggestion) {
                let (transaction, account) = (row.transaction, could.account);
                all.push(Assignment { transaction, account, ..Assignment::default() });
            }
        }
    }
    let sorted = imports::assign(&mut app, &book, &all)?;
    context.output.line(format!("Sorted {sorted} lines."));
    context.output.value(&json!({ "sorted": sorted }));
    Ok(0)
}

/// An account by its id or path.
fn account_id(reader: &Reader, book: &BookId, named: &str) -> Result<RecordId, Failure> {
    if let Ok(id) = named.parse() {
        return Ok(id);
    }
    let query = records::Query { limit: LINES, ..Default::default() };
    let page = records::list(reader, book, Kind::Account, &query)?;
    let path =
        |row: &&records::RecordRow| row.fields.get("path").and_then(Value::as_str) == Some(named);
    page.rows.iter().find(path).map(|row| row.id).ok_or_else(|| {
        Failure::new(Code::NotFound, format!("There is no account “{named}”."))
            .hint("See: commonhold record list account")
    })
}
