//! `commonhold books`: the books as files for other programs.

use super::Done;
use crate::Context;
use clap::{Args, ValueEnum};
use commonhold_app::clock::{System, World};
use commonhold_app::commands::books::{self, BooksFormat};
use std::path::PathBuf;

/// What to write, and where.
#[derive(Args)]
pub struct Books {
    /// For which program
    format: Format,
    /// The file, or for tables the folder; it must not be there yet
    path: PathBuf,
}

/// For which program.
#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Beancount 3
    Beancount,
    /// hledger and Ledger
    Journal,
    /// A folder of CSV tables with a Data Package
    Tables,
    /// One sheet for a spreadsheet program, with decimal points
    Sheet,
    /// The same with decimal commas
    SheetComma,
}

/// Runs the command.
pub fn run(context: &Context, command: &Books) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let format = match command.format {
        Format::Beancount => BooksFormat::Beancount,
        Format::Journal => BooksFormat::Journal,
        Format::Tables => BooksFormat::Tables,
        Format::Sheet => BooksFormat::Sheet,
        Format::SheetComma => BooksFormat::SheetComma,
    };
    let mut progress = context.output.progress();
    let done = books::export(&reader, &book, format, &command.path, System.now(), &mut progress)?;
    context.output.line(format!("Wrote {}.", done.path));
    context.output.value(&done);
    Ok(0)
}
