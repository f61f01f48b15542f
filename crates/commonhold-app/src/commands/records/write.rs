//! Writing records: checked first, then as edits of their documents.

use super::{Names, find, whole};
use crate::app::App;
use crate::commands::decisions::cited;
use crate::commands::framework;
use crate::events::Change;
use crate::failure::{Code, Failure};
use commonhold_core::document::{Edit, Key};
use commonhold_core::id::BookId;
use commonhold_core::json::Fields;
use commonhold_core::problem::Problem;
use commonhold_core::projection::{Row, State, author_problem};
use commonhold_core::record::{Form, HIDDEN, Judged};
use commonhold_core::store::{Act, Planned, Reader};
use commonhold_core::table::ColumnType;
use commonhold_core::{Kind, RecordId};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What is wrong with fields, without writing anything: the kind's own rules, and that what they
/// name is there.
pub fn check(
    reader: &Reader,
    book: &BookId,
    kind: Kind,
    fields: &Fields,
) -> Result<Vec<Problem>, Failure> {
    let judged = (kind.info().judge)(fields);
    let mut problems = judged.problems.clone();
    for name in fields.keys().filter(|name| kind.info().column(name).is_none()) {
        problems.push(Problem::new(name, format!("A {kind} has no field “{name}”.")));
    }
    if kind == Kind::SealedValue && fields.get("value").is_some_and(|value| value == HIDDEN) {
        problems.push(Problem::new("value", "These dots only stand for the value; write it out."));
    }
    problems.extend(cited::problems(reader, book, fields));
    if problems.is_empty() && !judged.postings.is_empty() {
        let names = Names::read(reader, book)?;
        let day = judged.day.map(|day| day.to_string()).unwrap_or_default();
        for posting in &judged.postings {
            check_posting(&names, posting, &day, &mut problems);
        }
    }
    Ok(problems)
}

fn check_posting(
    names: &Names,
    posting: &commonhold_core::record::Posting,
    day: &str,
    problems: &mut Vec<Problem>,
) {
    let mut say = |message: String| problems.push(Problem::new("postings", message));
    if !names.funds.contains_key(&posting.fund) {
        say("A line names a fund that is not in this service; choose one of its funds.".into());
    }
    let Some(account) = names.accounts.get(&posting.account) else {
        return say(
            "A line names an account that is not in this service; choose one of its accounts."
                .into(),
        );
    };
    if account.currency.is_some_and(|currency| currency != posting.amount.currency) {
        let only = account.currency.map(|c| c.to_string()).unwrap_or_default();
        say(format!("{} holds {only} only, not {}.", account.path, posting.amount.currency));
    }
    if account.closed.is_some_and(|closed| closed.to_string().as_str() < day) {
        say(format!("{} was closed before this day.", account.path));
    }
}

/// Adds a record and returns its id.
pub fn add(app: &mut App, book: &BookId, kind: Kind, fields: Fields) -> Result<RecordId, Failure> {
    app.store()?;
    let problems = check(app.reader(), book, kind, &fields)?;
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    if kind == Kind::Phase {
        framework::guard(app.reader(), book, &fields)?;
    }
    let judged = (kind.info().judge)(&fields);
    check_author(app, book, kind, &judged)?;
    let fresh = app.fresh_id()?;
    let id = kind.info().id(book, &judged, fresh);
    let there = app.reader().record(book, kind, &id)?;
    if let Some(there) = there.filter(|there| !there.is_nobodys()) {
        return Err(Failure::new(Code::Exists, format!("“{}” is there already.", judged.title))
            .hint("Open it to change it.")
            .detail(there.id));
    }
    let acts = acts(app, book, kind, id, &judged, fields)?;
    app.write(book, &acts, local(book, kind, Some(id)), &mut |_| true)?;
    Ok(id)
}

/// Whether this device's person may write such a record: asked before it is written, since others
/// would reject it.
pub(crate) fn check_author(
    app: &mut App,
    book: &BookId,
    kind: Kind,
    judged: &Judged,
) -> Result<(), Failure> {
    let now = app.now();
    let writer = app.store()?.writer(book, now)?;
    match author_problem(kind.info(), &writer, judged) {
        None => Ok(()),
        Some(problem) => Err(Failure::new(Code::NotAllowed, problem.message)
            .hint("Ask somebody with that role, or ask leadership for it.")),
    }
}

/// The edits that write a whole new record.
pub(crate) fn acts(
    app: &App,
    book: &BookId,
    kind: Kind,
    id: RecordId,
    judged: &Judged,
    fields: Fields,
) -> Result<Vec<Act>, Failure> {
    acts_among(app, book, (kind, id), judged, fields, &mut Planned::default())
}

/// The same where many are written at once; `planned` knows those before.
pub(crate) fn acts_among(
    app: &App,
    book: &BookId,
    (kind, id): (Kind, RecordId),
    judged: &Judged,
    fields: Fields,
    planned: &mut Planned,
) -> Result<Vec<Act>, Failure> {
    let info = kind.info();
    let home = judged.home.clone().unwrap_or(commonhold_core::record::Home::Charter);
    let document = app.reader().document_for(book, kind, &id, &home, planned)?;
    let key = Key { kind: kind.name().to_owned(), id };
    let mut fields: Fields = fields.into_iter().filter(|(_, value)| !value.is_null()).collect();
    if info.form == Form::Entry {
        fields.insert("v".into(), Value::from(1));
        return Ok(vec![Act { document, edit: Edit::Entry(key, fields) }]);
    }
    let mut acts = Vec::new();
    for column in info.columns.iter().filter(|column| column.holds == ColumnType::LongText) {
        let text = match fields.remove(column.name) {
            Some(Value::String(text)) => text,
            _ => String::new(),
        };
        let (key, field) = (key.clone(), column.name.to_owned());
        acts.push(Act {
            document: document.clone(),
            edit: Edit::Text { key, field, base: None, text },
        });
    }
    acts.insert(0, Act { document, edit: Edit::Fields(key, fields) });
    Ok(acts)
}

fn local(book: &BookId, kind: Kind, id: Option<RecordId>) -> Change {
    let id = id.map(|id| id.to_string());
    Change { book: *book, kind: kind.name().to_owned(), id, source: "local".into() }
}

/// Changes fields of a living record. `base` holds, for long texts, the text the edit began from,
/// so that what others wrote meanwhile stays.
pub fn edit(
    app: &mut App,
    book: &BookId,
    kind: Kind,
    id: &RecordId,
    fields: Fields,
    base: &BTreeMap<String, String>,
) -> Result<(), Failure> {
    app.store()?;
    if kind.info().form == Form::Entry {
        return Err(Failure::new(
            Code::Invalid,
            format!("A {kind} is never changed once it is written."),
        )
        .hint("Correct it by a new one, or withdraw it with a reason."));
    }
    let row = whole(app.reader(), book, kind, find(app.reader(), book, kind, id)?)?;
    if let Some(name) = fields.keys().find(|name| kind.info().column(name).is_none()) {
        let message = format!("A {kind} has no field “{name}”.");
        return Err(Failure::invalid(vec![Problem::new(name, message)]));
    }
    let mut wanted = row.fields.clone();
    wanted.extend(fields.clone());
    wanted.retain(|_, value| !value.is_null());
    let known: Fields =
        wanted.into_iter().filter(|(name, _)| kind.info().column(name).is_some()).collect();
    let mut problems = check(app.reader(), book, kind, &known)?;
    // What stood there before may stay.
    let kept = |problem: &Problem| {
        cited::FIELDS.contains(&problem.field.as_str()) && !fields.contains_key(&problem.field)
    };
    problems.retain(|problem| !kept(problem));
    problems.extend(locked(kind, &row, &fields));
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let key = Key { kind: kind.name().to_owned(), id: *id };
    let (mut plain, mut edits) = (Fields::new(), Vec::new());
    for (name, value) in fields {
        match (kind.info().column(&name).map(|c| c.holds), value) {
            (Some(ColumnType::LongText), value) => edits.push(Edit::Text {
                key: key.clone(),
                base: base.get(&name).cloned(),
                field: name,
                text: value.as_str().unwrap_or_default().to_owned(),
            }),
            (Some(_), value) => {
                plain.insert(name, value);
            }
            (None, _) => {}
        }
    }
    edits.push(Edit::Fields(key, plain));
    let acts: Vec<Act> =
        edits.into_iter().map(|edit| Act { document: row.document.clone(), edit }).collect();
    app.write(book, &acts, local(book, kind, Some(*id)), &mut |_| true)
}

/// Fields that cannot be changed once they are chosen.
fn locked(kind: Kind, row: &Row, fields: &Fields) -> Option<Problem> {
    let chosen = |name: &str| row.fields.get(name).filter(|old| old.as_str() != Some(""));
    let moved = fields.get("phase").zip(chosen("phase")).is_some_and(|(new, old)| new != old);
    if kind == Kind::Service && moved && row.conflicts.is_empty() {
        let message = "The phase is changed by entering another one, not here (product.phases).";
        return Some(Problem::new("phase", message));
    }
    let (old, new) = (row.fields.get("category")?, fields.get("category")?);
    let chosen = old.as_str().is_some_and(|text| !text.is_empty());
    (kind == Kind::Service && chosen && old != new && row.conflicts.is_empty()).then(|| {
        Problem::new(
            "category",
            "The product category cannot be changed once it is chosen (product.single-focus).",
        )
    })
}

/// Takes a record out of effect, with a reason. Returns the withdrawal's id.
pub fn withdraw(
    app: &mut App,
    book: &BookId,
    kind: Kind,
    id: &RecordId,
    reason: &str,
) -> Result<RecordId, Failure> {
    let row = find(app.reader(), book, kind, id)?;
    if row.state == State::Withdrawn {
        return Err(Failure::new(Code::Exists, format!("This {kind} is withdrawn already.")));
    }
    if matches!(row.state, State::Superseded | State::Rival) {
        let state = row.state.name();
        return Err(Failure::new(
            Code::Invalid,
            format!("This {kind} is {state} and has no effect."),
        )
        .hint("Withdraw the correction that counts instead."));
    }
    let fields = json!({"kind": kind, "target": id, "reason": reason});
    let withdrawal =
        add(app, book, Kind::Withdrawal, fields.as_object().cloned().unwrap_or_default())?;
    app.tell(local(book, kind, Some(*id)));
    Ok(withdrawal)
}

/// Writes a transaction that replaces another. Returns its id.
pub fn correct(
    app: &mut App,
    book: &BookId,
    id: &RecordId,
    mut fields: Fields,
) -> Result<RecordId, Failure> {
    let row = find(app.reader(), book, Kind::Transaction, id)?;
    if row.state != State::Ok {
        let state = row.state.name();
        return Err(Failure::new(
            Code::Invalid,
            format!("This transaction is {state} and has no effect."),
        )
        .hint("Correct the one that counts instead."));
    }
    fields.insert("corrects".into(), Value::String(id.to_string()));
    for kept in ["import", "source"] {
        if let (None, Some(value)) = (fields.get(kept), row.fields.get(kept)) {
            fields.insert(kept.into(), value.clone());
        }
    }
    add(app, book, Kind::Transaction, fields)
}
