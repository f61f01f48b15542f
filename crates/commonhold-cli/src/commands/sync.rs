//! `commonhold sync`, `remote`, `status`: other devices.

use super::Done;
use crate::Context;
use clap::Args;
use commonhold_app::commands::{status as app_status, sync};
use commonhold_app::{Code, Failure};
use std::path::PathBuf;

/// With what to exchange.
#[derive(Args)]
pub struct Sync {
    /// A folder both devices reach; may be repeated [default: the folders used before]
    #[arg(long = "with", value_name = "FOLDER")]
    with: Vec<PathBuf>,
}

/// Folders used so far.
#[derive(Args)]
pub struct Remote {
    /// What to do
    #[arg(value_parser = ["list"], default_value = "list")]
    _action: String,
}

/// Runs `sync`.
pub fn run(context: &Context, command: &Sync) -> Done {
    let mut app = context.app()?;
    let book = context.service.as_ref().map(|_| context.book(app.reader())).transpose()?;
    let mut folders = command.with.clone();
    if folders.is_empty() {
        folders = sync::remotes(app.reader())?.iter().map(|r| PathBuf::from(&r.path)).collect();
    }
    if folders.is_empty() {
        return Err(Failure::new(Code::Invalid, "There is no folder to sync with yet.")
            .hint("Name one: commonhold sync --with FOLDER."));
    }
    let mut reports = Vec::new();
    for folder in folders {
        let report = sync::sync_folder(&mut app, book, &folder, &mut context.output.progress())?;
        print(context, &report);
        reports.push(report);
    }
    context.output.value(&reports);
    let wrong = reports.iter().flat_map(|r| &r.books).any(|b| !b.refused.is_empty());
    Ok(u8::from(wrong))
}

fn print(context: &Context, report: &sync::SyncReport) {
    let out = context.output;
    for book in &report.books {
        out.line(format!("{}: handed over {}, took in {}.", book.name, book.sent, book.received));
        if book.waiting > 0 {
            out.line(format!("  {} wait for something that has not arrived yet.", book.waiting));
        }
        for refused in &book.refused {
            out.line(format!("  Not accepted: {}: {}", refused.file, refused.reason));
        }
        for file in &book.ignored {
            out.line(format!("  Left alone, it is not a whole file of ours: {file}"));
        }
    }
    if report.others > 0 {
        out.line(format!(
            "The folder also holds {} you can join only with an invitation.",
            if report.others == 1 {
                "a service".to_owned()
            } else {
                format!("{} services", report.others)
            }
        ));
    }
}

/// Runs `remote list`.
pub fn remotes(context: &Context) -> Done {
    let remotes = sync::remotes(&context.reader()?)?;
    let rows: Vec<Vec<String>> =
        remotes.iter().map(|r| vec![r.path.clone(), r.last.clone().unwrap_or_default()]).collect();
    context.output.table(&["folder", "last used"], &rows);
    context.output.value(&remotes);
    Ok(0)
}

/// Runs `status`.
pub fn status(context: &Context) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let status = app_status::status(&reader, &book)?;
    let out = context.output;
    out.line(format!("Fingerprint {} (equal on devices with equal records)", status.fingerprint));
    out.line(format!(
        "{} objects, {} of them written here; {} documents",
        status.objects, status.own_objects, status.documents
    ));
    let rows: Vec<Vec<String>> = status
        .devices
        .iter()
        .map(|d| {
            let who = if d.own { format!("{} (this one)", d.short) } else { d.short.clone() };
            vec![who, d.objects.to_string(), d.last.clone().unwrap_or_default()]
        })
        .collect();
    out.table(&["device", "objects", "newest from"], &rows);
    for rejected in &status.rejected {
        out.line(format!("Not taken in: {} ({})", rejected.reason, rejected.document));
    }
    out.value(&status);
    Ok(u8::from(!status.rejected.is_empty()))
}
