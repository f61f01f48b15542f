//! The heads of a file's statements, by which balances chain.

use super::super::sample::of_purpose;
use super::plan::Plan;
use crate::app::App;
use crate::commands::records::acts;
use crate::failure::Failure;
use commonhold_core::id::BookId;
use commonhold_core::store::Act;
use commonhold_core::{Kind, RecordId};
use serde_json::json;

/// The edits that write down the statements of the account an import is about. Two devices that
/// import one file write the same.
pub(super) fn acts_of(
    app: &App,
    book: &BookId,
    plan: &Plan,
    import: &RecordId,
) -> Result<Vec<Act>, Failure> {
    let mut all = Vec::new();
    for (position, statement) in plan.reading.statements.iter().enumerate() {
        let ours = match (&plan.file_account, &statement.account) {
            (Some(wanted), Some(account)) => wanted == account,
            (None, _) => true,
            _ => false,
        };
        if !ours || (statement.opening.is_none() && statement.closing.is_none()) {
            continue;
        }
        let position = i64::try_from(position).unwrap_or(0);
        let fields = json!({
            "account": plan.account, "import": import, "number": statement.number,
            "from": statement.from, "to": statement.to, "opening": statement.opening,
            "closing": statement.closing, "lines": i64::try_from(statement.rows).unwrap_or(0),
            "file_sha256": plan.sha256, "position": position,
        });
        let fields = fields.as_object().cloned().unwrap_or_default();
        let fields = fields.into_iter().filter(|(_, value)| !value.is_null()).collect();
        let judged = (Kind::Statement.info().judge)(&fields);
        let purpose = judged.purpose.clone().unwrap_or_default();
        // An undone import can be done again: its statements are written under the next number.
        for again in 0..1000 {
            let named = if again == 0 { purpose.clone() } else { format!("{purpose}/{again}") };
            let id = of_purpose(book, Kind::Statement, &named);
            if app.reader().state(book, Kind::Statement, &id)?.is_none() {
                all.extend(acts(app, book, Kind::Statement, id, &judged, fields)?);
                break;
            }
        }
    }
    Ok(all)
}
