//! `commonhold record`: records of any kind.

use super::{Done, record_id};
use crate::Context;
use clap::{Args, Subcommand};
use commonhold_app::commands::closing;
use commonhold_app::commands::decisions::cited;
use commonhold_app::commands::records::{self, RecordView};
use commonhold_app::commands::trust;
use commonhold_app::{Code, Failure};
use commonhold_core::json::Fields;
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Kind};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Read;

/// What to do with records.
#[derive(Subcommand)]
pub enum Record {
    /// Add a record from JSON
    Add(Write),
    /// List records of a kind
    List(List),
    /// Show one record
    Show(Which),
    /// Show who wrote to a record, and when
    History(Which),
    /// Change fields of a living record from JSON
    Edit(Edit),
    /// Write a transaction that replaces another, from JSON
    Correct(Correct),
    /// Take a record out of effect, with a reason
    Withdraw(Withdraw),
    /// Destroy a private record together with its key, with a reason
    Erase(Withdraw),
    /// List the kinds of records and their fields
    Kinds,
}

/// A kind and JSON.
#[derive(Args)]
pub struct Write {
    /// The kind
    kind: Kind,
    /// The fields as JSON: a file, or - for standard input
    #[arg(long, value_name = "FILE", default_value = "-")]
    from: String,
}

/// What to list.
#[derive(Args)]
pub struct List {
    /// The kind
    kind: Kind,
    /// Only what holds these words
    #[arg(long)]
    text: Option<String>,
    /// Only what moves this account (id)
    #[arg(long)]
    account: Option<String>,
    /// Only what moves this fund (id)
    #[arg(long)]
    fund: Option<String>,
    /// Only this month, such as 2026-07
    #[arg(long)]
    month: Option<String>,
    /// Also what is withdrawn, superseded, rejected or a rival
    #[arg(long)]
    all: bool,
    /// How many at most
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// How many to leave out first
    #[arg(long, default_value_t = 0)]
    offset: u32,
}

/// One record.
#[derive(Args)]
pub struct Which {
    /// The kind
    kind: Kind,
    /// Its id
    id: String,
}

/// One record and JSON.
#[derive(Args)]
pub struct Edit {
    /// The kind
    kind: Kind,
    /// Its id
    id: String,
    /// The changed fields as JSON: a file, or - for standard input
    #[arg(long, value_name = "FILE", default_value = "-")]
    from: String,
}

/// A transaction and JSON.
#[derive(Args)]
pub struct Correct {
    /// The transaction's id
    id: String,
    /// All fields of the new transaction as JSON: a file, or - for standard input
    #[arg(long, value_name = "FILE", default_value = "-")]
    from: String,
}

/// One record and why.
#[derive(Args)]
pub struct Withdraw {
    /// The kind
    kind: Kind,
    /// Its id
    id: String,
    /// Why it is withdrawn
    #[arg(long)]
    reason: String,
}

/// Runs the command.
pub fn run(context: &Context, command: Record) -> Done {
    match command {
        Record::Add(write) => {
            let fields = read_fields(&write.from)?;
            let mut app = context.app()?;
            let book = context.book(app.reader())?;
            let day = fields.get("date").and_then(Value::as_str).map(str::to_owned);
            let id = records::add(&mut app, &book, write.kind, fields)?;
            if write.kind == Kind::Transaction {
                say_closed(context, app.reader(), &book, day.as_deref())?;
            }
            said(context, "Added", write.kind, &id.to_string())
        }
        Record::List(list) => print_list(context, list),
        Record::Show(which) => show(context, &which),
        Record::History(which) => history(context, &which),
        Record::Edit(edit) => {
            let (fields, id) = (read_fields(&edit.from)?, record_id(&edit.id)?);
            let mut app = context.app()?;
            let book = context.book(app.reader())?;
            records::edit(&mut app, &book, edit.kind, &id, fields, &BTreeMap::new())?;
            said(context, "Changed", edit.kind, &edit.id)
        }
        Record::Erase(which) => {
            let id = record_id(&which.id)?;
            let mut app = context.app()?;
            let book = context.book(app.reader())?;
            trust::erase(&mut app, &book, which.kind, &id, &which.reason)?;
            said(context, "Erased", which.kind, &which.id)
        }
        Record::Correct(correct) => {
            let (fields, id) = (read_fields(&correct.from)?, record_id(&correct.id)?);
            let mut app = context.app()?;
            let book = context.book(app.reader())?;
            let id = records::correct(&mut app, &book, &id, fields)?;
            said(context, "Corrected by", Kind::Transaction, &id.to_string())
        }
        Record::Withdraw(withdraw) => {
            let id = record_id(&withdraw.id)?;
            let mut app = context.app()?;
            let book = context.book(app.reader())?;
            records::withdraw(&mut app, &book, withdraw.kind, &id, &withdraw.reason)?;
            said(context, "Withdrew", withdraw.kind, &withdraw.id)
        }
        Record::Kinds => kinds(context),
    }
}

fn said(context: &Context, what: &str, kind: Kind, id: &str) -> Done {
    context.output.line(format!("{what} {kind} {id}."));
    context.output.value(&json!({ "kind": kind, "id": id }));
    Ok(0)
}

/// An entry of a closed period is allowed, but nobody should find that out later.
fn say_closed(
    context: &Context,
    reader: &Reader,
    book: &BookId,
    day: Option<&str>,
) -> Result<(), Failure> {
    let Some(day) = day.and_then(|day| day.parse().ok()) else {
        return Ok(());
    };
    if let Some(period) = closing::closed_on(reader, book, day)? {
        context.output.line(format!(
            "{} to {} is closed; the entry is listed there as late (commonhold close list).",
            period.from, period.to
        ));
    }
    Ok(())
}

/// Reads the fields of a record; at most 16 MiB.
pub fn read_fields(from: &str) -> Result<Fields, Failure> {
    const LIMIT: u64 = 16 << 20;
    let mut text = String::new();
    let read = if from == "-" {
        std::io::stdin().lock().take(LIMIT).read_to_string(&mut text)
    } else {
        let path = std::path::Path::new(from);
        let file = std::fs::File::open(path).map_err(|error| Failure::file(path, &error))?;
        file.take(LIMIT).read_to_string(&mut text)
    };
    read.map_err(|error| {
        Failure::new(Code::Invalid, format!("{from} is not text in UTF-8.")).detail(error)
    })?;
    match serde_json::from_str(&text) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Failure::new(Code::Invalid, format!("{from} holds no JSON object."))),
        Err(error) => Err(Failure::new(Code::Invalid, format!("{from} is not JSON: {error}."))),
    }
}

fn print_list(context: &Context, list: List) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let id = |text: Option<String>| text.map(|text| record_id(&text)).transpose();
    let query = records::Query {
        offset: list.offset,
        limit: list.limit,
        text: list.text,
        account: id(list.account)?,
        fund: id(list.fund)?,
        month: list.month,
        include_ineffective: list.all,
    };
    let page = records::list(&reader, &book, list.kind, &query)?;
    let rows: Vec<Vec<String>> = page
        .rows
        .iter()
        .map(|row| {
            let date = row.fields.get("date").and_then(Value::as_str).unwrap_or_default();
            let amounts = row.summary.as_ref().map_or(String::new(), |s| s.amounts.join(", "));
            vec![
                date.to_owned(),
                amounts,
                row.title.clone(),
                row.state.name().to_owned(),
                row.id.to_string(),
            ]
        })
        .collect();
    context.output.table(&["date", "amount", "title", "state", "id"], &rows);
    if u32::try_from(rows.len()).is_ok_and(|shown| shown < page.total) {
        context.output.line(format!(
            "{} of {}; use --offset and --limit for more.",
            rows.len(),
            page.total
        ));
    }
    context.output.value(&page);
    Ok(0)
}

fn view(context: &Context, which: &Which) -> Result<RecordView, Failure> {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let mut view = records::get(&reader, &book, which.kind, &record_id(&which.id)?)?;
    // `secret get` alone prints the value of a secret.
    if which.kind == Kind::SealedValue {
        records::hide(which.kind, &mut view.row.fields);
        view.conflict_values.clear();
    }
    Ok(view)
}

/// Prints fields, one a line.
pub fn print_fields(context: &Context, fields: &Fields) {
    let rows: Vec<Vec<String>> = fields
        .iter()
        .map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            vec![name.clone(), text]
        })
        .collect();
    context.output.table(&["field", "value"], &rows);
}

fn show(context: &Context, which: &Which) -> Done {
    let view = view(context, which)?;
    context.output.line(format!("{} ({})", view.row.title, view.row.state.name()));
    print_fields(context, &view.row.fields);
    for name in view.row.fields.iter().filter(|(name, value)| cited::is_unlinked(name, value)) {
        context.output.line(format!("not linked: {} names no decision of this book", name.0));
    }
    for problem in &view.row.problems {
        context.output.line(format!("wrong: {}", problem.message));
    }
    for conflict in &view.conflict_values {
        let values: Vec<String> = conflict.values.iter().map(Value::to_string).collect();
        context.output.line(format!(
            "written differently while apart: {}: {}",
            conflict.field,
            values.join(" | ")
        ));
    }
    for withdrawal in &view.withdrawals {
        context.output.line(format!("withdrawn: {}", withdrawal.reason));
    }
    context.output.value(&view);
    Ok(0)
}

fn history(context: &Context, which: &Which) -> Done {
    let view = view(context, which)?;
    let rows: Vec<Vec<String>> = view
        .history
        .iter()
        .map(|step| {
            let device = if step.own { "this device".into() } else { step.label.clone() };
            vec![
                step.time.clone(),
                step.person.clone().unwrap_or_else(|| "?".into()),
                format!("{device} ({})", step.device),
                step.standing.to_owned(),
                step.object.chars().take(12).collect(),
            ]
        })
        .collect();
    let header = ["time (as its device says)", "who", "device", "standing", "object"];
    context.output.table(&header, &rows);
    context.output.value(&view.history);
    Ok(0)
}

fn kinds(context: &Context) -> Done {
    let mut all = Vec::new();
    for kind in Kind::ALL {
        context.output.line(format!("{kind}"));
        for column in kind.info().columns {
            context.output.line(format!("  {:<20} {}", column.name, column.help));
        }
        let fields: Vec<Value> =
            kind.info().columns.iter().map(|c| json!({"name": c.name, "help": c.help})).collect();
        all.push(json!({"kind": kind, "fields": fields}));
    }
    context.output.value(&all);
    Ok(0)
}
