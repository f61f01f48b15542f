//! `commonhold close` and `commonhold reconcile`: closing periods, and comparing with statements.

use super::{Done, record_id, today};
use crate::Context;
use clap::{Args, Subcommand};
use commonhold_app::commands::closing::{self, NewReconciliation};
use commonhold_core::reports::finance::closing::{CloseLine, CloseView};
use commonhold_core::{Date, Money};
use serde_json::json;

/// What to do about closed periods.
#[derive(Subcommand)]
pub enum Close {
    /// Show what a close of a period would hold
    Preview(Period),
    /// Close a period
    Write(Write),
    /// List all closes, who signed them, and what came later
    List,
    /// Post a late entry in the open period
    PostForward(PostForward),
}

/// A period.
#[derive(Args)]
pub struct Period {
    /// Its first day, such as 2026-06-01
    from: Date,
    /// Its last day, such as 2026-06-30
    to: Date,
}

/// A period to close.
#[derive(Args)]
pub struct Write {
    #[command(flatten)]
    period: Period,
    /// A remark
    #[arg(long)]
    note: Option<String>,
}

/// A late entry and a day.
#[derive(Args)]
pub struct PostForward {
    /// The transaction (id)
    id: String,
    /// The day to post it on [default: today]
    #[arg(long)]
    date: Option<Date>,
}

/// An account compared with its statement.
#[derive(Args)]
pub struct Reconcile {
    /// The account (id)
    account: String,
    /// What the statement says, such as "5645.97 EUR"
    #[arg(allow_hyphen_values = true)]
    balance: Money,
    /// The day at whose end it says so [default: today]
    #[arg(long)]
    date: Option<Date>,
    /// How a difference is explained
    #[arg(long)]
    note: Option<String>,
}

/// Runs the command.
pub fn run(context: &Context, command: Close) -> Done {
    match command {
        Close::Preview(period) => preview(context, &period),
        Close::Write(write) => {
            let mut app = context.app()?;
            let book = context.book(app.reader())?;
            let Period { from, to } = write.period;
            let id = closing::close_write(&mut app, &book, from, to, write.note.as_deref())?;
            context.output.line(format!("Closed {from} to {to}: {id}"));
            context.output.value(&json!({ "id": id }));
            Ok(0)
        }
        Close::List => list(context),
        Close::PostForward(wanted) => {
            let mut app = context.app()?;
            let book = context.book(app.reader())?;
            let late = record_id(&wanted.id)?;
            let date = wanted.date.unwrap_or_else(today);
            let id = closing::post_forward(&mut app, &book, &late, date)?;
            context.output.line(format!("Posted on {date}: {id}"));
            context.output.value(&json!({ "id": id }));
            Ok(0)
        }
    }
}

fn balances(context: &Context, lines: &[CloseLine]) {
    let rows: Vec<Vec<String>> =
        lines.iter().map(|l| vec![l.path.clone(), l.fund_name.clone(), l.amount.clone()]).collect();
    context.output.table(&["account", "fund", "balance"], &rows);
}

fn preview(context: &Context, period: &Period) -> Done {
    let (reader, out) = (context.reader()?, context.output);
    let book = context.book(&reader)?;
    let found = closing::close_preview(&reader, &book, period.from, period.to, today())?;
    out.line(format!("{} to {}: {} transactions", found.from, found.to, found.transactions));
    balances(context, &found.trial_balance);
    out.line(format!("SHA-256 {}", found.sha256));
    found.warnings.iter().for_each(|sentence| out.line(format!("Note: {sentence}")));
    found.problems.iter().for_each(|sentence| out.line(format!("It cannot be closed: {sentence}")));
    out.value(&found);
    Ok(u8::from(!found.problems.is_empty()))
}

fn list(context: &Context) -> Done {
    let (reader, out) = (context.reader()?, context.output);
    let book = context.book(&reader)?;
    let found = closing::close_list(&reader, &book)?;
    found.closes.iter().for_each(|close| show(context, close));
    match found.open_from {
        Some(day) => out.line(format!("Open from {day}.")),
        None => out.line("No period is closed yet."),
    }
    out.value(&found);
    let wrong =
        |close: &CloseView| !close.intact || close.late_count > 0 || !close.changed.is_empty();
    Ok(u8::from(found.closes.iter().any(wrong)))
}

fn show(context: &Context, close: &CloseView) {
    let out = context.output;
    let (from, to, count) = (close.from, close.to, close.transactions);
    out.line(format!("{from} to {to}: {count} transactions, closed by {}", close.person_name));
    out.line(format!("  {}", close.sentence));
    out.line(format!("  {} SHA-256 {}", close.id, close.sha256));
    for signature in &close.signatures {
        let why = if signature.valid { String::new() } else { format!(" ({})", signature.why) };
        out.line(format!("  {}: {}{why}", signature.name, signature.verdict));
    }
    for entry in &close.late {
        let day = entry.date.map_or_else(String::new, |day| day.to_string());
        let amounts = entry.amounts.join(", ");
        out.line(format!("  {day} {} {amounts} {}", entry.title, entry.transaction));
        out.line(format!("    {}", entry.sentence));
    }
    close.changed.iter().for_each(|sentence| out.line(format!("  {sentence}")));
}

/// Compares an account with its statement.
pub fn reconcile(context: &Context, command: Reconcile) -> Done {
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let new = NewReconciliation {
        account: record_id(&command.account)?,
        date: command.date.unwrap_or_else(today),
        statement_balance: command.balance,
        note: command.note,
    };
    let found = closing::reconcile(&mut app, &book, &new)?;
    context.output.line(&found.sentence);
    context.output.value(&found);
    Ok(u8::from(new.statement_balance.to_string() != found.ledger_balance))
}
