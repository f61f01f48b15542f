//! `commonhold export`, `verify`, `restore`.

use super::Done;
use crate::Context;
use clap::Args;
use commonhold_app::clock::{System, World};
use commonhold_app::commands::archive;
use std::path::PathBuf;

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
