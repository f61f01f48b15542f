//! `commonhold pay`: what is to be paid, approvals, the lease, payment files, runs by themselves.

mod show;

use super::{Done, record_id, today};
use crate::Context;
use clap::{Args, Subcommand, ValueEnum};
use commonhold_app::commands::payments::{self, BatchOrder, NewOutcome, RunOptions};
use commonhold_app::commands::records::{self, Query};
use commonhold_app::{App, Code, Failure};
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date, Kind, RecordId};
use serde_json::json;
use std::path::PathBuf;

/// What to do with payments.
#[derive(Subcommand)]
pub enum Pay {
    /// List what is to be paid, and what somebody must look at
    List,
    /// Show an expense with its approvals
    Show {
        /// The expense's id
        id: String,
    },
    /// Add the expenses of bills that come due
    Prepare {
        /// Until this day [default: in 14 days]
        #[arg(long, value_name = "DATE")]
        until: Option<Date>,
    },
    /// Approve an expense, a schedule or a close as it stands
    Approve(Approve),
    /// Show, take or end the lease: who writes payment files
    Lease(Lease),
    /// Write a payment file
    Batch(Batch),
    /// Take a payment file out of effect that was not handed over
    Withdraw {
        /// The payment file's id
        id: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Say what became of a payment that no statement shows
    Outcome(Outcome),
    /// Prepare what comes due and write a file of all that can be paid
    Run(Run),
    /// Find payments in the statements taken in
    Match,
    /// The program of this computer that payments are handed to
    #[command(subcommand)]
    Command(Program),
    /// Show the rules of payments
    Rules,
}

/// What is approved.
#[derive(Args)]
pub struct Approve {
    /// Its id
    id: String,
    /// Reject it instead
    #[arg(long)]
    reject: bool,
    /// Why
    #[arg(long, default_value = "")]
    reason: String,
}

/// What to do with the lease.
#[derive(Args)]
pub struct Lease {
    /// What; shows it when nothing is said
    what: Option<LeaseWhat>,
    /// For how many days it is taken
    #[arg(long, default_value_t = 30)]
    days: u32,
    /// Why it is taken over or ended
    #[arg(long, default_value = "")]
    reason: String,
}

/// Take or end.
#[derive(Clone, Copy, ValueEnum)]
pub enum LeaseWhat {
    /// Let this device write payment files
    Take,
    /// Give it back
    End,
}

/// A payment file.
#[derive(Args)]
pub struct Batch {
    /// The account that pays, by path or id
    #[arg(long)]
    account: String,
    /// The file to write; only shows what it would hold without one
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The day the bank is asked to pay [default: today]
    #[arg(long, value_name = "DATE")]
    execute_on: Option<Date>,
    /// Of the bank's format: 09 (pain.001.001.09) or 03
    #[arg(long, default_value = "09")]
    version: String,
    /// Ids of expenses [default: all that can be paid by a bank]
    ids: Vec<String>,
}

/// What became of an expense.
#[derive(Args)]
pub struct Outcome {
    /// The expense's id
    id: String,
    /// What
    result: OutcomeResult,
    /// The payment file it is about
    #[arg(long)]
    batch: Option<String>,
    /// The bank's reason code
    #[arg(long)]
    code: Option<String>,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

/// What can become of an expense.
#[derive(Clone, Copy, ValueEnum)]
pub enum OutcomeResult {
    /// Handed to the bank
    Sent,
    /// Refused by the bank
    Rejected,
    /// Taken back
    Cancelled,
}

/// A run by itself.
#[derive(Args)]
pub struct Run {
    /// The folder payment files are written into
    #[arg(long)]
    dir: PathBuf,
    /// How many days ahead
    #[arg(long, default_value_t = 14)]
    days: u16,
    /// The account that pays, by path or id [default: the only one with bank details]
    #[arg(long)]
    account: Option<String>,
}

/// The program payments of the channel “command” are handed to.
#[derive(Subcommand)]
pub enum Program {
    /// Show it
    Show,
    /// Set it; it reads one payment as JSON on its standard input
    Set {
        /// The program's whole path, then its arguments
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        parts: Vec<String>,
    },
    /// Take it away
    Clear,
}

/// Runs the command.
pub fn run(context: &Context, command: Pay) -> Done {
    match command {
        Pay::List => {
            let reader = context.reader()?;
            let book = context.book(&reader)?;
            show::list(context, &payments::payments(&reader, &book, super::now())?)
        }
        Pay::Show { id } => {
            let reader = context.reader()?;
            let book = context.book(&reader)?;
            let all = payments::payments(&reader, &book, super::now())?;
            show::one(context, &all, &record_id(&id)?)
        }
        Pay::Rules => {
            let reader = context.reader()?;
            let book = context.book(&reader)?;
            let policy = payments::payments(&reader, &book, super::now())?.policy;
            context.output.line(&policy.sentence);
            if policy.is_default {
                context.output.line("These are the built-in rules; add a policy to set others.");
            }
            context.output.value(&policy);
            Ok(0)
        }
        Pay::Command(program) => command_of(context, program),
        writing => {
            let mut app = context.app()?;
            let book = context.book(app.reader())?;
            write(context, &mut app, &book, writing)
        }
    }
}

fn write(context: &Context, app: &mut App, book: &BookId, command: Pay) -> Done {
    let out = context.output;
    match command {
        Pay::Prepare { until } => {
            let until = until.unwrap_or_else(|| (0..14).fold(today(), |day, _| day.next()));
            let prepared = payments::payments_prepare(app, book, until)?;
            out.line(format!("Prepared {} due until {until}.", prepared.added.len()));
            out.value(&prepared);
        }
        Pay::Approve(approve) => {
            let id = record_id(&approve.id)?;
            let kind = kind_of(app.reader(), book, &id)?;
            let verdict = if approve.reject { "reject" } else { "approve" };
            let word = payments::expense_approve(app, book, kind, &id, verdict, &approve.reason)?;
            let done = if approve.reject { "Rejected" } else { "Approved" };
            out.line(format!("{done} the {kind} as it stands."));
            out.value(&json!({ "kind": Kind::Approval, "id": word }));
        }
        Pay::Lease(lease) => return lease_of(context, app, book, &lease),
        Pay::Batch(batch) => return write_batch(context, app, book, batch),
        Pay::Withdraw { id, reason } => {
            payments::batch_withdraw(app, book, &record_id(&id)?, &reason)?;
            out.line("Withdrew the payment file; what it held can be paid again.");
            out.value(&json!({ "withdrawn": id }));
        }
        Pay::Outcome(outcome) => return outcome_of(context, app, book, outcome),
        Pay::Run(run) => {
            let account = run.account.as_deref();
            let account = account.map(|name| account_of(app.reader(), book, name)).transpose()?;
            let options = RunOptions { days: run.days, account };
            let report = payments::payment_run(app, book, &run.dir, &options)?;
            report.sentences.iter().for_each(|sentence| out.line(sentence));
            out.value(&report);
            return Ok(u8::from(report.needs_person));
        }
        Pay::Match => {
            let matched = payments::match_payments(app, book)?;
            out.line(format!("Found {} payments in statements.", matched.lines.len()));
            matched.alarms.iter().for_each(|alarm| out.line(alarm));
            out.value(&matched);
            return Ok(u8::from(!matched.alarms.is_empty()));
        }
        Pay::List | Pay::Show { .. } | Pay::Rules | Pay::Command(_) => {}
    }
    Ok(0)
}

fn lease_of(context: &Context, app: &mut App, book: &BookId, lease: &Lease) -> Done {
    let view = match lease.what {
        None => payments::my_payments(app, book)?.lease,
        Some(LeaseWhat::Take) => payments::lease_take(app, book, lease.days, &lease.reason)?,
        Some(LeaseWhat::End) => payments::lease_end(app, book, &lease.reason)?,
    };
    show::lease(context, &view);
    Ok(u8::from(!view.rivals.is_empty()))
}

fn outcome_of(context: &Context, app: &mut App, book: &BookId, outcome: Outcome) -> Done {
    let result = outcome.result.to_possible_value();
    let new = NewOutcome {
        expense: record_id(&outcome.id)?,
        batch: outcome.batch.as_deref().map(record_id).transpose()?,
        result: result.map(|value| value.get_name().to_owned()).unwrap_or_default(),
        code: outcome.code,
        reason: outcome.reason,
    };
    let id = payments::outcome_add(app, book, &new)?;
    context.output.line(format!("Noted: {}.", new.result));
    context.output.value(&json!({ "kind": Kind::Outcome, "id": id }));
    Ok(0)
}

fn write_batch(context: &Context, app: &mut App, book: &BookId, batch: Batch) -> Done {
    let account = account_of(app.reader(), book, &batch.account)?;
    let expenses: Result<Vec<RecordId>, Failure> =
        batch.ids.iter().map(|id| record_id(id)).collect();
    let mut expenses = expenses?;
    if expenses.is_empty() {
        let all = payments::my_payments(app, book)?.expenses;
        let ready = all.iter().filter(|expense| expense.may_pay && expense.channel == "bank");
        expenses = ready.map(|expense| expense.id).collect();
    }
    let (execute_on, version) = (batch.execute_on, Some(batch.version));
    let order = BatchOrder { account, expenses, execute_on, version };
    let Some(path) = batch.out else {
        let preview = payments::batch_preview(app.reader(), book, super::now(), &order)?;
        return show::preview(context, &preview);
    };
    let done = payments::batch_write(app, book, &order, &path)?;
    let out = context.output;
    out.line(format!("{} payments, {} in all.", done.count, done.total));
    out.line(format!("SHA-256 {}", done.file_sha256));
    out.line(&done.sentence);
    out.value(&done);
    Ok(0)
}

fn command_of(context: &Context, program: Program) -> Done {
    let parts = match program {
        Program::Show => payments::pay_command(&context.reader()?)?.unwrap_or_default(),
        Program::Clear => {
            payments::pay_command_set(&mut context.app()?, &[])?;
            Vec::new()
        }
        Program::Set { parts } => {
            payments::pay_command_set(&mut context.app()?, &parts)?;
            parts
        }
    };
    context.output.line(match parts.is_empty() {
        true => "This computer has no payment command.".to_owned(),
        false => parts.join(" "),
    });
    context.output.value(&json!({ "command": parts }));
    Ok(0)
}

/// The kind of what is approved.
fn kind_of(reader: &Reader, book: &BookId, id: &RecordId) -> Result<Kind, Failure> {
    for kind in [Kind::Expense, Kind::Schedule, Kind::Close] {
        if reader.state(book, kind, id)?.is_some() {
            return Ok(kind);
        }
    }
    Err(Failure::new(
        Code::NotFound,
        format!("There is no expense, schedule or close with the id {id}."),
    )
    .hint("List them with: commonhold pay list."))
}

/// An account by its path or id.
fn account_of(reader: &Reader, book: &BookId, named: &str) -> Result<RecordId, Failure> {
    let query = Query { limit: 500, text: Some(named.to_owned()), ..Query::default() };
    if let Ok(id) = named.parse::<RecordId>() {
        return Ok(id);
    }
    let rows = records::list(reader, book, Kind::Account, &query)?.rows;
    let found = rows.iter().find(|row| row.title == named);
    found.map(|row| row.id).ok_or_else(|| {
        Failure::new(Code::NotFound, format!("There is no account “{named}”."))
            .hint("List the accounts with: commonhold record list account.")
    })
}
