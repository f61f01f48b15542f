//! `commonhold import`: files of other programs.

use super::{Done, record_id};
use crate::Context;
use clap::{Args, Subcommand};
use commonhold_app::commands::imports::{self, ImportOptions, NamedMapping};
use commonhold_app::commands::records;
use commonhold_app::{Code, Failure};
use commonhold_core::Kind;
use serde_json::{Value, json};
use std::path::PathBuf;

pub mod operations;
mod sort;

/// What to import, or to undo.
#[derive(Subcommand)]
pub enum Import {
    /// Any file: its format is told by what is in it
    File(Source),
    /// Bank statements and notifications of ISO 20022: camt.052, .053, .054
    Camt(Source),
    /// OFX and QFX
    Ofx(Source),
    /// SWIFT MT940
    Mt940(Source),
    /// Open Collective's transactions CSV
    OpenCollective(Source),
    /// Stripe's balance CSV
    Stripe(Source),
    /// PayPal's activity CSV
    Paypal(Source),
    /// Liberapay's exports
    Liberapay(Source),
    /// GitHub Sponsors' transactions CSV
    GithubSponsors(Source),
    /// Any CSV, with a mapping of its columns
    Csv(Source),
    /// What happened in operations: webhooks of forges, alerts, status pages, changelogs, calendars,
    /// measurements, postmortems, signatures
    Operations(operations::Operations),
    /// Show imported lines with where they could belong; without an import all that wait
    Review(Review),
    /// Say where imported lines belong: LINE=ACCOUNT, by ids or an account's path
    Assign(Assign),
    /// List the imports of this service
    List,
    /// Take an import and all it brought in out of effect
    Undo(Undo),
    /// List saved mappings
    Mappings,
    /// Save a mapping from JSON under a name
    SaveMapping(SaveMapping),
}

/// A file and how to read it.
#[derive(Args)]
pub struct Source {
    /// The file
    file: PathBuf,
    /// The account the file is about (id) [default: the format's usual one]
    #[arg(long)]
    account: Option<String>,
    /// A saved mapping
    #[arg(long, value_name = "NAME")]
    mapping: Option<String>,
    /// Which account of the file is meant, where it holds several
    #[arg(long, value_name = "IBAN")]
    file_account: Option<String>,
    /// Write givers' names into the record everybody reads, instead of sealing them away
    #[arg(long)]
    keep_names: bool,
    /// Say what would happen, without doing it
    #[arg(long)]
    dry_run: bool,
}

/// Which lines to show.
#[derive(Args)]
pub struct Review {
    /// The import's id
    import: Option<String>,
}

/// Lines and where they belong.
#[derive(Args)]
pub struct Assign {
    /// A transaction's id and an account's id or path, such as 019f…=Expenses:Program:Hosting
    #[arg(required_unless_present = "suggested", value_name = "LINE=ACCOUNT")]
    lines: Vec<String>,
    /// Take every suggestion there is for lines that wait and are not named
    #[arg(long)]
    suggested: bool,
}

/// An import and why.
#[derive(Args)]
pub struct Undo {
    /// The import's id
    id: String,
    /// Why it is undone
    #[arg(long, default_value = "undone")]
    reason: String,
}

/// A mapping and its name.
#[derive(Args)]
pub struct SaveMapping {
    /// The name
    name: String,
    /// The mapping, a JSON file
    file: PathBuf,
}

/// Runs the command.
pub fn run(context: &Context, command: Import) -> Done {
    match command {
        Import::File(source) => take_in(context, imports::AUTO, &source),
        Import::Camt(source) => take_in(context, "camt", &source),
        Import::Ofx(source) => take_in(context, "ofx", &source),
        Import::Mt940(source) => take_in(context, "mt940", &source),
        Import::OpenCollective(source) => take_in(context, "open-collective", &source),
        Import::Stripe(source) => take_in(context, "stripe", &source),
        Import::Paypal(source) => take_in(context, "paypal", &source),
        Import::Liberapay(source) => take_in(context, "liberapay", &source),
        Import::GithubSponsors(source) => take_in(context, "github-sponsors", &source),
        Import::Csv(source) => take_in(context, "csv", &source),
        Import::Operations(wanted) => operations::take_in(context, &wanted),
        Import::Review(which) => sort::review(context, which.import.as_deref()),
        Import::Assign(assign) => sort::assign(context, &assign.lines, assign.suggested),
        Import::List => list(context),
        Import::Undo(undo) => {
            let id = record_id(&undo.id)?;
            let mut app = context.app()?;
            let book = context.book(app.reader())?;
            let withdrawn = imports::undo(&mut app, &book, &id, &undo.reason)?;
            context.output.line(format!("Took {withdrawn} transactions out of effect."));
            context.output.value(&json!({ "withdrawn": withdrawn }));
            Ok(0)
        }
        Import::Mappings => {
            let mappings = imports::mapping_list(&context.reader()?)?;
            let rows: Vec<Vec<String>> = mappings.iter().map(|m| vec![m.name.clone()]).collect();
            context.output.table(&["mapping"], &rows);
            context.output.value(&mappings);
            Ok(0)
        }
        Import::SaveMapping(save) => {
            let bytes = std::fs::read(&save.file).map_err(|e| Failure::file(&save.file, &e))?;
            let mapping = serde_json::from_slice(&bytes).map_err(|error| {
                Failure::new(
                    Code::Invalid,
                    format!("{} is no mapping: {error}.", save.file.display()),
                )
            })?;
            let named = NamedMapping { name: save.name, mapping };
            imports::mapping_save(&mut context.app()?, &named)?;
            context.output.line(format!("Saved the mapping “{}”.", named.name));
            Ok(0)
        }
    }
}

fn take_in(context: &Context, format: &str, source: &Source) -> Done {
    let options = ImportOptions {
        account: source.account.as_deref().map(record_id).transpose()?,
        mapping: None,
        mapping_name: source.mapping.clone(),
        file_account: source.file_account.clone(),
        keep_names: source.keep_names,
    };
    if source.dry_run {
        return preview(context, format, source, &options);
    }
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let plan = imports::plan(app.reader(), &book, format, &source.file, &options)?;
    warn(context, &plan.preview());
    let done = imports::carry_out(&mut app, &book, &plan, &mut context.output.progress())?;
    context.output.line(format!(
        "Added {} transactions; {} were in the book already; {} rows were not understood.",
        done.added, done.duplicates, done.not_understood
    ));
    if done.transfers > 0 {
        context
            .output
            .line(format!("{} lines were matched as transfers between accounts.", done.transfers));
    }
    done.notes.iter().for_each(|note| context.output.line(format!("Note: {note}")));
    if !done.import.is_empty() {
        context.output.line(format!("Undo with: commonhold import undo {}", done.import));
    }
    context.output.value(&done);
    Ok(u8::from(done.not_understood > 0))
}

fn warn(context: &Context, preview: &imports::ImportPreview) {
    for warning in &preview.warnings {
        context.output.line(format!("Note: {warning}"));
    }
    for row in &preview.not_understood {
        context.output.line(format!("Line {} was not understood: {}", row.line, row.reason));
    }
}

fn preview(context: &Context, format: &str, source: &Source, options: &ImportOptions) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let preview = imports::preview(&reader, &book, format, &source.file, options)?;
    let rows: Vec<Vec<String>> = preview
        .rows
        .iter()
        .map(|row| {
            let known = if row.duplicate { "known" } else { "new" };
            let what = row.payee.clone().unwrap_or_default();
            vec![
                row.line.to_string(),
                row.date.to_string(),
                row.amount.clone(),
                known.into(),
                row.category.clone(),
                what,
                row.narration.clone(),
            ]
        })
        .collect();
    context.output.table(&["line", "date", "amount", "", "category", "payee", "what for"], &rows);
    warn(context, &preview);
    context.output.line(format!(
        "{} rows: {} new, {} in the book already, {} not understood. Nothing was written.",
        preview.total,
        preview.new,
        preview.duplicates,
        preview.not_understood.len()
    ));
    context.output.value(&preview);
    Ok(u8::from(!preview.not_understood.is_empty()))
}

fn list(context: &Context) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let query = records::Query { limit: 500, include_ineffective: true, ..Default::default() };
    let page = records::list(&reader, &book, Kind::Import, &query)?;
    let rows: Vec<Vec<String>> = page
        .rows
        .iter()
        .map(|row| {
            let number = row.fields.get("count").and_then(Value::as_i64).unwrap_or(0);
            vec![row.title.clone(), number.to_string(), row.state.name().into(), row.id.to_string()]
        })
        .collect();
    context.output.table(&["file", "transactions", "state", "id"], &rows);
    context.output.value(&page);
    Ok(0)
}
