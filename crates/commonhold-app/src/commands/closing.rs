//! Closing periods, comparing accounts with their statements, and what comes after a close.

use super::records::{acts, add, check_author, find};
use crate::app::App;
use crate::events::Change;
use crate::failure::{Code, Failure};
use commonhold_core::id::from_purpose;
use commonhold_core::json::Fields;
use commonhold_core::reports::finance::closing::{self, ClosePreview, Closes};
use commonhold_core::reports::finance::statements::{ledger_balance, meaning};
use commonhold_core::store::{Act, Reader};
use commonhold_core::{BookId, Date, Kind, Money, RecordId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What somebody read on a statement.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct NewReconciliation {
    /// The account.
    #[cfg_attr(test, ts(type = "string"))]
    pub account: RecordId,
    /// The day at whose end the statement has this balance.
    #[cfg_attr(test, ts(type = "string"))]
    pub date: Date,
    /// What the statement says.
    #[cfg_attr(test, ts(type = "string"))]
    pub statement_balance: Money,
    /// How a difference is explained.
    #[serde(default)]
    #[cfg_attr(test, ts(optional = nullable))]
    pub note: Option<String>,
}

/// What came of comparing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Reconciled {
    /// The reconciliation written.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What the books say.
    pub ledger_balance: String,
    /// Statement less books.
    pub difference: String,
    /// What that means.
    pub sentence: String,
}

fn object(value: Value) -> Fields {
    let fields = value.as_object().cloned().unwrap_or_default();
    fields.into_iter().filter(|(_, value)| !value.is_null()).collect()
}

/// The person at this device.
fn person(app: &mut App, book: &BookId) -> Result<RecordId, Failure> {
    let now = app.now();
    Ok(app.store()?.writer(book, now)?.person)
}

/// Compares an account with its statement and writes down what both say. A difference is written
/// down too: it is for people to find.
pub fn reconcile(
    app: &mut App,
    book: &BookId,
    new: &NewReconciliation,
) -> Result<Reconciled, Failure> {
    let person = person(app, book)?;
    let (reader, statement) = (app.reader(), new.statement_balance);
    find(reader, book, Kind::Account, &new.account)?;
    let books = ledger_balance(reader, book, &new.account, new.date, statement.currency)?;
    let note = new.note.as_deref().filter(|note| !note.trim().is_empty());
    let fields = json!({"account": new.account, "date": new.date, "statement_balance": statement,
        "ledger_balance": books, "person": person, "note": note});
    let id = add(app, book, Kind::Reconciliation, object(fields))?;
    let off = Money::new(statement.minor.saturating_sub(books.minor), statement.currency);
    Ok(Reconciled {
        id,
        ledger_balance: books.to_string(),
        difference: off.to_string(),
        sentence: meaning(statement, books, new.date),
    })
}

/// What a close of a period would hold, and what speaks against it.
pub fn close_preview(
    reader: &Reader,
    book: &BookId,
    from: Date,
    to: Date,
    today: Date,
) -> Result<ClosePreview, Failure> {
    let _one_moment = reader.view()?;
    Ok(closing::preview(reader, book, from, to, today)?)
}

/// Closes a period. Approvals of the close, which name its hash, are its signatures.
pub fn close_write(
    app: &mut App,
    book: &BookId,
    from: Date,
    to: Date,
    note: Option<&str>,
) -> Result<RecordId, Failure> {
    let (person, now) = (person(app, book)?, app.now());
    let preview = close_preview(app.reader(), book, from, to, now.date())?;
    if !preview.problems.is_empty() {
        return Err(Failure::new(Code::Invalid, preview.problems.join(" ")));
    }
    let contents = closing::contents(app.reader(), book, from, to)?;
    // What is named by its number keeps it.
    app.store()?.show(book)?;
    let heads: Vec<String> =
        app.reader().logs(book)?.iter().map(|log| format!("{} {}", log.id, log.last)).collect();
    let note = note.filter(|note| !note.trim().is_empty());
    let fields = json!({"from": from, "to": to, "trial_balance": contents.trial_balance,
        "transactions": contents.transactions, "sha256": contents.sha256, "heads": heads,
        "person": person, "at": now, "note": note});
    add(app, book, Kind::Close, object(fields))
}

/// All closes with what came later, newest period first.
pub fn close_list(reader: &Reader, book: &BookId) -> Result<Closes, Failure> {
    let _one_moment = reader.view()?;
    Ok(closing::list(reader, book)?)
}

/// A closed period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ClosedPeriod {
    /// First day.
    #[cfg_attr(test, ts(type = "string"))]
    pub from: Date,
    /// Last day.
    #[cfg_attr(test, ts(type = "string"))]
    pub to: Date,
}

/// The closed period a day lies in. An entry of such a day is listed as late.
pub fn closed_on(
    reader: &Reader,
    book: &BookId,
    day: Date,
) -> Result<Option<ClosedPeriod>, Failure> {
    let found = closing::closed_on(reader, book, day)?;
    Ok(found.map(|(_, from, to)| ClosedPeriod { from, to }))
}

/// How many of some days lie in closed periods.
pub fn late(
    reader: &Reader,
    book: &BookId,
    days: impl Iterator<Item = Date>,
) -> Result<usize, Failure> {
    let periods = closing::periods(reader, book)?;
    let closed = |day: &Date| periods.iter().any(|(_, from, to)| from <= day && day <= to);
    Ok(days.filter(closed).count())
}

/// Posts a late entry in the open period, so that nothing changes inside the closed one. One that
/// replaces an entry of the closed period is withdrawn, and the difference is posted. Returns the new
/// transaction's id, which is the same on every device that does this.
pub fn post_forward(
    app: &mut App,
    book: &BookId,
    transaction: &RecordId,
    date: Date,
) -> Result<RecordId, Failure> {
    app.store()?;
    let forward = closing::forward(app.reader(), book, transaction, date)?
        .map_err(|sentence| Failure::new(Code::Invalid, sentence))?;
    let kind = Kind::Transaction;
    let problems = super::records::check(app.reader(), book, kind, &forward.fields)?;
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let judged = (kind.info().judge)(&forward.fields);
    check_author(app, book, kind, &judged)?;
    let id = from_purpose(book, &format!("{}/{}", kind.name(), forward.purpose));
    if app.reader().state(book, kind, &id)?.is_some() {
        return Err(Failure::new(Code::Exists, "This was posted forward already.").detail(id));
    }
    let mut all: Vec<Act> = acts(app, book, kind, id, &judged, forward.fields)?;
    let reason = format!("Posted forward to {date}, since its period is closed");
    for target in forward.withdraw {
        let fields = object(json!({"kind": kind, "target": target, "reason": reason}));
        let judged = (Kind::Withdrawal.info().judge)(&fields);
        let fresh = app.fresh_id()?;
        all.extend(acts(app, book, Kind::Withdrawal, fresh, &judged, fields)?);
    }
    let change = Change { book: *book, kind: "*".into(), id: None, source: "local".into() };
    app.write(book, &all, change, &mut |_| true)?;
    Ok(id)
}
