//! `commonhold export`, `verify`, `restore`, and archives that are written by themselves.

use super::Done;
use crate::Context;
use clap::{Args, Subcommand};
use commonhold_app::clock::{System, World};
use commonhold_app::commands::archive;
use std::path::{Path, PathBuf};

/// Where to write.
#[derive(Args)]
pub struct Export {
    /// The archive, such as harbor.zip
    file: PathBuf,
}

/// What to judge.
#[derive(Args)]
pub struct Verify {
    /// The archive
    file: PathBuf,
}

/// What to take in.
#[derive(Args)]
pub struct Restore {
    /// The archive
    file: PathBuf,
}

/// Archives that are written by themselves.
#[derive(Subcommand)]
pub enum Archive {
    /// Say where archives are written, and how many are kept; without a folder, say what was said
    Plan {
        /// The folder
        #[arg(long)]
        dir: Option<PathBuf>,
        /// How many are kept
        #[arg(long, default_value_t = archive::KEEP)]
        keep: u32,
    },
    /// Write today's archive, unless nothing is new, and take away the oldest beyond the number
    Run {
        /// The folder, if not the plan's
        #[arg(long)]
        dir: Option<PathBuf>,
        /// How many are kept, if not as the plan says
        #[arg(long, requires = "dir")]
        keep: Option<u32>,
    },
    /// Restore the newest archive into a profile that goes again, compare, and record the drill
    Drill {
        /// Another archive
        file: Option<PathBuf>,
        /// Do not record the drill
        #[arg(long)]
        no_record: bool,
    },
}

/// Runs `archive`.
pub fn archive(context: &Context, command: &Archive) -> Done {
    match command {
        Archive::Plan { dir, keep } => plan(context, dir.as_deref(), *keep),
        Archive::Run { dir, keep } => write(context, dir.as_deref(), *keep),
        Archive::Drill { file, no_record } => drill(context, file.as_deref(), !no_record),
    }
}

fn plan(context: &Context, dir: Option<&Path>, keep: u32) -> Done {
    if let Some(dir) = dir {
        let mut app = context.app()?;
        let book = context.book(app.reader())?;
        archive::set_plan(&mut app, &book, dir, keep)?;
    }
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let state = archive::state(&reader, &book)?;
    let plan = &state.plan;
    if let Some(trouble) = &state.trouble {
        context.output.line(format!("The last run did not work: {trouble}"));
    }
    match plan {
        Some(plan) => context.output.line(format!(
            "Archives go to {}; {} are kept. To write one: commonhold archive run",
            plan.folder.display(),
            plan.keep
        )),
        None => context.output.line("Nobody said where archives of this service are written."),
    }
    context.output.value(&state);
    Ok(u8::from(plan.is_none()))
}

fn write(context: &Context, dir: Option<&Path>, keep: Option<u32>) -> Done {
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let wanted = match dir {
        Some(dir) => {
            let known = archive::plan(app.reader(), &book)?.map(|plan| plan.keep);
            let keep = keep.or(known).unwrap_or(archive::KEEP);
            Some(archive::ArchivePlan { folder: dir.to_owned(), keep })
        }
        None => None,
    };
    let now = app.now();
    let done = archive::run(&mut app, &book, wanted, now, &mut context.output.progress())?;
    match &done.written {
        Some(written) => context.output.line(format!(
            "Wrote {}: {} records, {} bytes, SHA-256 {}.",
            written.path, written.records, written.bytes, written.sha256
        )),
        None => context.output.line(format!("Nothing is new since {}.", done.newest)),
    }
    for removed in &done.removed {
        context.output.line(format!("Took away {removed}."));
    }
    context.output.value(&done);
    Ok(0)
}

fn drill(context: &Context, file: Option<&Path>, record: bool) -> Done {
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let found = archive::drill(&mut app, &book, file, record, &mut context.output.progress())?;
    for problem in &found.problems {
        context.output.line(format!("Wrong: {problem}"));
    }
    let same = match found.went_on {
        0 => format!("{} logs and {} sums are the same as here", found.logs, found.sums),
        more => format!("{} logs are the same up to there; {more} went on since", found.logs),
    };
    context.output.line(format!(
        "Restored {}, written {}: {} records; {}.",
        found.file,
        found.written,
        found.records,
        if found.ok { same.as_str() } else { "NOT as it must be" }
    ));
    context.output.value(&found);
    Ok(u8::from(!found.ok))
}

/// Runs `export`.
pub fn export(context: &Context, command: &Export) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let mut progress = context.output.progress();
    let done = archive::export(&reader, &book, &command.file, System.now(), &mut progress)?;
    context.output.line(format!(
        "Wrote {}: {} records in {} files, {} bytes, SHA-256 {}.",
        done.path, done.records, done.files, done.bytes, done.sha256
    ));
    context.output.value(&done);
    Ok(0)
}

/// Runs `verify`.
pub fn verify(context: &Context, command: &Verify) -> Done {
    let found = archive::verify(&command.file, &mut context.output.progress())?;
    for problem in &found.problems {
        context.output.line(format!("Wrong: {problem}"));
    }
    context.output.line(format!(
        "{}: {} records, {} documents, {} objects signed by {} devices, written {}: {}.",
        found.name,
        found.records,
        found.documents,
        found.objects,
        found.signers,
        found.written,
        if found.ok { "complete and unchanged" } else { "DAMAGED" }
    ));
    context.output.value(&found);
    Ok(u8::from(!found.ok))
}

/// Runs `restore`.
pub fn restore(context: &Context, command: &Restore) -> Done {
    let mut app = context.app()?;
    let restored = archive::restore(&mut app, &command.file, &mut context.output.progress())?;
    context.output.line(format!("Restored {} from {} objects.", restored.name, restored.objects));
    if restored.attachments > 0 {
        context.output.line(format!("{} attachments came with it.", restored.attachments));
    }
    context.output.value(&restored);
    Ok(0)
}
